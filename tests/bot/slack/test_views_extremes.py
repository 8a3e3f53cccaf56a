"""Every view there is, at its shortest and longest and with the nastiest texts: Slack takes it, and it calls nobody."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeAlias, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.small_talk import Talk
from bot.desk.lessons import Lesson, LessonState, Near
from bot.desk.types import State
from bot.slack import views
from bot.slack.mrkdwn import shorten_mrkdwn
from bot.slack.views import (
    answers,
    cards,
    clockwork,
    history,
    home,
    home_admin,
    home_coach,
    modals,
    notices,
    parts,
    problems,
    reviews,
    sorting,
)
from bot.slack.views.home import AskerPart
from bot.slack.views.home_admin import AdminPart, LastRun, Running
from bot.slack.views.home_coach import CoachPart, Placed
from bot.slack.views.languages import NAMES
from bot.slack.views.parts import Block, View
from bot.workspace.block_kit import blocks_problems, view_problems
from indexer.types import Failure, Report
from tests.bot.slack.test_slack_views import OWNED, WHEN, answer, around, offering, ticket, whole_history

Drawn: TypeAlias = View | Block | list[Block] | list[str] | str
Draw: TypeAlias = Callable[[str], Iterator[Drawn]]

LONGEST_TEXT, MOST_BYTES = 4000, 250_000
"""Of `chat.update`, and of a modal or Home."""
CALLS = ("!channel", "!here", "!everyone", "!subteam^S0COACHES", "!date^1^{date}|x")
"""What would call people, or look like ours, if a text from outside got it through."""
OURS = re.compile(r"<@[UW][A-Z0-9]+>|<#C[A-Z0-9]+>|<!date\^[0-9]+\^\{date_short_pretty\}, \{time\}\|[^<>]*>"
                  r"|<(https?://|mailto:)[^<>|]*\|[^<>]*>")
"""References that a view itself may make; what people may, who may name one another, but neither groups
nor everybody; and what documents may: links with a label."""
URL = "https://intranet.example/a?b=1&c=<2>"
KINDS = ("one", "whole")

nasty = st.text(alphabet=st.one_of(
    st.characters(blacklist_categories=("Cs",)),
    st.sampled_from("<>&|*_~`\n#-1. \u202e\u200b\u2066\u200f\ufeff🙂👩‍👩‍👧‍👦")), max_size=200)
calls = st.builds(lambda before, call, after: f"{before}<{call}>{after}", nasty, st.sampled_from(CALLS), nasty)
marked = st.builds(lambda mark, text: f"{mark}{text}{mark}", st.sampled_from(
    ["```", "`", "*", "\n", "&lt;", "&amp;lt;", "|", "[x](", "# ", "> ", "<", "![", "| a | b |\n|---|---|\n|"]), calls)
LONG = ("x" * 40_000, "word " * 8_000, "😀" * 40_000, "<!channel>" * 4_000, "\u202eמה " * 10_000, "a\n" * 20_000,
        "&" * 40_000, "```\n" + "<!here>\n" * 5_000, "\u200b" * 40_000,
        "| a | b |\n|---|---|\n" + "| <!channel> | x |\n" * 900)
EMPTY = ("", " ", "\n\t \n", "\u200b", "\u202e", "\x00", "\u00a0", ">", "```", "*", "<", "<!channel>")
texts = st.one_of(nasty, calls, marked, st.sampled_from(EMPTY))


# ---- what is drawn with a text --------------------------------------------------------------------------------------

def _tickets(draw: Callable[[Any], Drawn]) -> Draw:
    """For views of a ticket."""
    def drawn(text: str) -> Iterator[Drawn]:
        for one in _full_tickets(text):
            yield draw(one)
    return drawn


def _full_tickets(text: str) -> Iterator[Any]:
    for state in get_args(State):
        owner = "U0ANA" if state in OWNED else None
        yield ticket(text, state, owner)
        yield replace(ticket(text, state, owner), area=text, number=10**9, assigned="U0BEN", priority="urgent",
                      files=({"name": text, "url": text}, {"name": text, "url": URL}) * 6)


def _always(draw: Callable[[str], Drawn]) -> Draw:
    def drawn(text: str) -> Iterator[Drawn]:
        yield draw(text)
    return drawn


def _cards(text: str) -> Iterator[Drawn]:
    due = dict.fromkeys(cards.DUE, WHEN)
    for one in _full_tickets(text):
        yield cards.card(one, None, [])
        for url in (None, URL, text):
            yield cards.card(one, answer(text, url), whole_history(text), text, around(text, url), due, WHEN)
        yield cards.card(one, offering(text, URL), whole_history(text), after=text)
        yield cards.card(replace(one, origin="still_stuck"), replace(answer(text, None), language="de"), [])


def _lessons(text: str) -> Iterator[Lesson]:
    near = (Near(text, URL, None, text), Near(text, "", 7, text), Near(text or "x", text, 8, text))
    for state in get_args(LessonState):
        yield Lesson(12, text, text, "U0ANA", WHEN, state, 3, near, "U0BEN", "U0BEN", True, "U0BEN", WHEN, text)


def _reviews(text: str) -> Iterator[Drawn]:
    for lesson in _lessons(text):
        for one in (ticket(text), ticket(text, "resolved")):
            yield reviews.review(lesson, one, restricted=True)


def _report(text: str, many: int) -> Report:
    return Report(documents=9, passages=90, added=many, changed=0, removed=0, unchanged=9, embedded=1, seconds=1.25,
                  failed=tuple(Failure(text, text) for _ in range(many)), generation=4,
                  changes=tuple(f"+{text}{number}" for number in range(many)))


def _coach(text: str) -> CoachPart:
    placed = [Placed(one, url, WHEN) for one in _full_tickets(text) for url in (URL, "", text)]
    return CoachPart("U0ANA", placed, placed, placed, placed, True)


def _admins(text: str) -> Iterator[AdminPart]:
    facts = dict.fromkeys([f"Fact {number}" for number in range(12)], text)
    for running in (None, Running(), Running(text, 10**9, 10**9)):
        yield AdminPart(facts, [text] * 20, running, LastRun(WHEN, _report(text, 40)))
    yield AdminPart({"Model": text}, [text], None, LastRun(WHEN, None, text))
    yield AdminPart()


def _homes(text: str) -> Iterator[Drawn]:
    placed = [Placed(one, url) for one in _full_tickets(text) for url in (URL, "")]
    for asker in (AskerPart(), AskerPart(placed, [text] * 20, [text] * 20)):
        for coach in (None, CoachPart("U0ANA"), _coach(text)):
            for admin in (None, *_admins(text)):
                yield home.home(asker, coach, admin)


def _pointers(text: str) -> Iterator[Drawn]:
    for one in (ticket(text), replace(ticket(text), origin="requested"), replace(ticket(text), origin="still_stuck")):
        for language in ("", "xx", *NAMES):
            yield answers.ticket_pointer(one, language)
        yield answers.ticket_pointer(one, "", "U0ANA")


def _settled(text: str) -> Iterator[Drawn]:
    for found in (answer(text, URL), answer(text, text), offering(text, None)):
        for outcome in ("helped", "passed_on"):
            yield answers.settled(found, outcome, ticket(text))


def _small_talk(text: str) -> Iterator[Drawn]:
    for talk in get_args(Talk):
        for here, named in (("", []), ("FW-1", [("FW-1", text)]), ("", [("FW-1", text)] * 9)):
            yield notices.small_talk(talk, here, named)


def _help(_text: str) -> Iterator[Drawn]:
    for coach in (True, False):
        for admin in (True, False):
            yield notices.help_text(coach=coach, admin=admin)


def _whole_history(text: str) -> Iterator[Drawn]:
    entries = whole_history(text)
    yield "\n".join(history.history_lines(entries))
    yield from (history.last_step([entry]) for entry in entries)
    yield from (history.handed_over_by([entry]) for entry in entries)


FILES = ({"name": "", "url": ""}, {"name": "photo", "url": URL})
BUILDERS: Mapping[str, Draw] = {
    "answers.answer": lambda text: (
        answers.answer(7, answer(text, url), shareable=share, with_files=share)
        for url, share in ((None, True), (URL, False), (text, True))),
    "answers.files_passed_on": _always(lambda text: answers.files_passed_on(answers.passed_on(ticket(text)))),
    "answers.shared": _always(lambda text: answers.shared(answer(text, URL), "U0MIA")),
    "answers.choices": lambda text: (answers.choices(7, offering(text, url)) for url in (None, URL)),
    "answers.settled": _settled,
    "answers.handed_over": lambda text: (
        answers.handed_over(ticket(text), answer(text, url).hits, language)
        for url in (None, URL, text) for language in ("", "de")),
    "answers.passed_on": lambda text: (answers.passed_on(ticket(text), after_choices=after, reporter=reporter)
                                       for after in (True, False) for reporter in ("", "U0ANA")),
    "answers.thread_opener": lambda text: (
        answers.thread_opener(ticket(text), reporter) for reporter in ("", "U0ANA")),
    "answers.ticket_pointer": _pointers,
    "answers.clarify": lambda _text: (answers.clarify(reason) for reason in ("empty", "only_file")),
    "answers.source_of": lambda text: (
        answers.source_of(quote) for url in (None, URL, text) for quote in answer(text, url).quotes),
    "answers.links_to": lambda text: (answers.links_to(answer(text, url).hits) for url in (None, URL, text)),
    "cards.card": _cards,
    "cards.left": _tickets(lambda one: cards.left(one, "U0ANA")),
    "clockwork.reminder": _tickets(
        lambda one: clockwork.reminder(one, "first_response", "area", ["U0ANA", "U0BEN"], WHEN)),
    "clockwork.escalation": _tickets(lambda one: clockwork.escalation(one, "resolution", ["U0ANA"], WHEN)),
    "clockwork.with_opening": _always(lambda text: clockwork.with_opening(answers.passed_on(ticket(text)), WHEN)),
    "clockwork.digest": lambda text: (clockwork.digest(groups) for groups in (
        {}, {kind: [(one, WHEN) for one in _full_tickets(text)] * 5 for kind in clockwork.KINDS})),
    "history.history_lines": _whole_history,
    "history.handed_over_by": _whole_history,
    "history.last_step": _whole_history,
    "home.home": _homes,
    "home.ask_form": _always(lambda _text: home.ask_form()),
    "home.looking": _always(lambda _text: home.looking()),
    "home.in_modal": lambda text: (home.in_modal(view) for view in (
        answers.answer(7, answer(text, URL)), answers.choices(7, offering(text, URL)), notices.noted(text, ""),
        answers.ticket_pointer(ticket(text)), answers.settled(answer(text, None), "passed_on", ticket(text)))),
    "home.ticket_lines": lambda text: (
        home.ticket_lines(tickets) for tickets in ([], list(_full_tickets(text)) * 3)),
    "home_admin.for_an_admin": lambda text: (home_admin.for_an_admin(admin) for admin in _admins(text)),
    "home_admin.running_text": lambda text: (
        home_admin.running_text(running) for running in (Running(), Running(text, 1, 2))),
    "home_admin.report_text": lambda text: (home_admin.report_text(_report(text, many)) for many in (0, 1, 40)),
    "home_admin.ended_text": lambda text: (home_admin.ended_text(last) for last in (
        LastRun(WHEN, _report(text, 40)), LastRun(WHEN, None, text))),
    "home_coach.for_a_coach": lambda text: (
        home_coach.for_a_coach(coach) for coach in (CoachPart("U0ANA"), _coach(text))),
    "modals.ask_back": _tickets(lambda one: modals.ask_back(one)),
    "modals.reply": lambda text: (modals.reply(one, text) for one in _full_tickets(text)),
    "modals.resolve": _tickets(lambda one: modals.resolve(one)),
    "modals.form": _tickets(lambda one: modals.form("x", "A title that is longer than Slack's", "Save", one)),
    "notices.said": _always(lambda _text: notices.said("Ours.")),
    "notices.claimed": lambda text: (notices.claimed(ticket(text, "claimed", "U0ANA")) for _ in KINDS),
    "notices.released": _tickets(lambda one: notices.released(one)),
    "notices.asked_back": _always(lambda text: notices.asked_back(ticket(text), text, "U0ANA")),
    "notices.passed_to": _always(lambda text: notices.passed_to(ticket(text, "claimed", "U0BEN"), "U0ANA")),
    "notices.parked": _always(lambda text: notices.parked(ticket(text), text, "U0ANA")),
    "notices.resumed": _tickets(lambda one: notices.resumed(one, "U0ANA")),
    "notices.duplicate": lambda text: (
        notices.duplicate(ticket(text), 3, merged=merged) for merged in (True, False)),
    "notices.relayed": lambda text: (notices.relayed(text, "U0ANA", files) for files in (
        (), FILES, ({"name": text, "url": text}, {"name": text, "url": URL}) * 10)),
    "notices.removed": _always(lambda _text: notices.removed("U0ANA")),
    "notices.resolved": _always(lambda text: notices.resolved(ticket(text), text, "U0ANA")),
    "notices.dismissed": _tickets(lambda one: notices.dismissed(one, "U0ANA")),
    "notices.reopened": _tickets(lambda one: notices.reopened(one)),
    "notices.open_again": lambda text: (
        notices.open_again(one, author) for one in _full_tickets(text) for author in ("", "U0ANA")),
    "notices.not_needed": _tickets(lambda one: notices.not_needed(one, "U0MIA")),
    "notices.small_talk": _small_talk,
    "notices.noted": lambda text: (
        notices.noted(text if author or text.strip() else "!", author, whom)
        for author in ("", "U0ANA") for whom in ("", "U0BEN")),
    "notices.help_text": _help,
    "problems.report_form": lambda _text: (problems.report_form(where) for where in ("", "C0GOLIVE https://x/" * 90)),
    "reviews.review": _reviews,
    "reviews.replaced": _tickets(lambda one: reviews.replaced(one)),
    "reviews.taught": _always(lambda _text: reviews.taught()),
    "reviews.untaught": _always(lambda _text: reviews.untaught()),
    "reviews.edit": lambda text: (reviews.edit(lesson) for lesson in _lessons(text)),
    "reviews.reject": lambda text: (reviews.reject(lesson) for lesson in _lessons(text)),
    "sorting.sort": lambda text: (
        sorting.sort(one, areas, tags) for one in _full_tickets(text)
        for areas, tags in (([], []), ([f"{n}. {text[:60]}" for n in range(120)], [text] * 10))),
    "sorting.pass_on": lambda text: (
        sorting.pass_on(one, coach) for one in _full_tickets(text) for coach in ("U0ANA", "U0BEN")),
    "sorting.same": lambda text: (
        sorting.same(one, others) for one in _full_tickets(text) for others in ([], [ticket(text)] * 9)),
    "sorting.wait": lambda text: (sorting.wait(one, WHEN, WHEN.tzinfo or typing.cast(Any, None))
                                  for one in _full_tickets(text)),
}
"""How each view is drawn with a text in every place that somebody outside fills."""
NOT_DRAWN = {"reviews.seen", "sorting.area_value", "sorting.until", "languages.in_their_language", "languages.name_of"}
"""Not shown by itself: values of buttons, and words that other views are made of."""


# ---- what must hold -------------------------------------------------------------------------------------------------

def builders() -> set[str]:
    """Every public function in the room of views that makes something to be shown; `parts` are what they make it of."""
    found = set()
    for module in pkgutil.iter_modules(views.__path__):
        room = importlib.import_module(f"{views.__name__}.{module.name}")
        if room is not parts:
            found |= {f"{module.name}.{name}" for name, made in vars(room).items()
                      if callable(made) and getattr(made, "__module__", "") == room.__name__
                      and not isinstance(made, type) and not name.startswith("_")}
    return found


def strings(node: Any) -> Iterator[str]:
    """Every text in mrkdwn; plain text calls nobody."""
    if isinstance(node, dict):
        if node.get("type") == "mrkdwn":
            yield node["text"]
        yield from (text for value in node.values() for text in strings(value))
    elif isinstance(node, list):
        yield from (text for value in node for text in strings(value))


def harmless(mrkdwn: str, name: str) -> None:
    rest = OURS.sub("", mrkdwn)
    assert "<" not in rest, f"{name}: {rest[max(0, rest.index('<') - 60):][:160]!r}"


def accepted(drawn: Drawn, name: str) -> None:
    """Slack takes it, and nothing in it was made by the text."""
    if isinstance(drawn, str | list) and not (isinstance(drawn, list) and drawn and isinstance(drawn[0], dict)):
        text = "\n".join(drawn) if isinstance(drawn, list) else drawn
        drawn = notices.said(text if text.strip() else "…")
    if isinstance(drawn, list):  # a part of the Home tab
        drawn = {"type": "home", "blocks": parts.within_bytes(drawn, home.MOST_BYTES)}
    if isinstance(drawn, dict):
        assert not view_problems(drawn), f"{name}: {view_problems(drawn)[:3]}"
        assert len(json.dumps(drawn).encode()) <= MOST_BYTES, name
        shown = drawn["blocks"]
    else:
        view = typing.cast(View, drawn)
        assert not blocks_problems(view.blocks, "message"), f"{name}: {blocks_problems(view.blocks, 'message')[:3]}"
        assert len(view.text) <= LONGEST_TEXT, name
        assert view.text.strip(), f"{name} says nothing"
        assert view.blocks, f"{name} shows nothing"
        harmless(view.text, name)
        shown = view.blocks
    for text in strings(shown):
        harmless(text, name)


def test_no_view_is_left_out() -> None:
    assert builders() - NOT_DRAWN == set(BUILDERS)


@pytest.mark.parametrize("name", sorted(BUILDERS))
@settings(deadline=None, max_examples=10, database=None, derandomize=True)
@given(text=texts)
def test_slack_takes_it_and_nobody_is_called(name: str, text: str) -> None:
    for drawn in BUILDERS[name](text):
        accepted(drawn, name)


@pytest.mark.parametrize("name", sorted(BUILDERS))
def test_slack_takes_it_at_its_longest_and_shortest(name: str) -> None:
    for text in (*EMPTY, *LONG):
        for drawn in BUILDERS[name](text):
            accepted(drawn, name)


@pytest.mark.parametrize("call", CALLS)
def test_a_text_that_got_through_would_be_seen(call: str) -> None:
    with pytest.raises(AssertionError):
        accepted(View(f"<{call}>", notices.said("x").blocks), "a view")
    with pytest.raises(AssertionError):
        accepted(notices.said(f"You <{call}> there"), "a view")


def test_what_slack_refuses_would_be_seen() -> None:
    for view in (View("x", [{"type": "section", "text": {"type": "mrkdwn", "text": ""}}]), View("x" * 4001), View("")):
        with pytest.raises(AssertionError):
            accepted(view, "a view")
    with pytest.raises(AssertionError):
        accepted({"type": "modal", "blocks": []}, "a form")


def test_mrkdwn_is_shortened_at_no_half_of_anything() -> None:
    for limit in range(8, 40):
        cut = shorten_mrkdwn("See <https://intranet.example/x|this &amp; that> &lt;b&gt;, ask <@U0ANA>", limit)
        assert len(cut) <= limit
        assert cut.endswith("…")
        assert cut.count("<") == cut.count(">")
        assert not re.search(r"&[a-z]*…", cut), cut
    assert shorten_mrkdwn("short &amp; whole", 17) == "short &amp; whole"


def test_what_is_too_large_loses_its_last_texts_and_no_buttons() -> None:
    blocks = [*parts.sections("a" * 2800), *parts.sections("b" * 2800), parts.context("source"),
              parts.actions("x", parts.button("Go", "go", "1"))]
    cut = parts.within_bytes(blocks, 4000)
    assert [block["type"] for block in cut] == ["section", "context", "context", "actions"]
    assert cut[1] == parts.context(parts.MORE)
    assert len(json.dumps(cut)) <= 4000
    assert parts.within_bytes(blocks, 10_000) is blocks
