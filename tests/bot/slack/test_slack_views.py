"""Each view at its shortest and longest: Slack's own rules must hold for whatever people and documents bring."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.small_talk import Talk
from bot.answering.types import Answer, Choice, Quote
from bot.desk.similar import SimilarTicket
from bot.desk.surroundings import Suggestion, Surroundings
from bot.desk.types import HistoryEntry, State, Step, Ticket
from bot.slack.views import answers, cards, history, modals, notices, sorting
from bot.slack.views.languages import _SENTENCES
from bot.slack.views.parts import View
from bot.workspace.block_kit import blocks_problems, view_problems
from indexer.types import Hit

WHEN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LONGEST_UPDATE = 4000

nasty = st.text(alphabet=st.one_of(
    st.characters(blacklist_categories=("Cs",)), st.sampled_from("<>&|*_~`\n#-1. \u202e🙂")), max_size=300)
LONG = ["x" * 40_000, "word " * 8_000, "```\n" + "a\n" * 3000]
texts = st.one_of(nasty, st.sampled_from(["", " ", "<!channel>", *LONG]))
urls = st.one_of(st.none(), st.just("https://intranet.example/" + "p" * 300), st.just("javascript:alert(1)"))


def ticket(text: str, state: str = "new", owner: str | None = None) -> Ticket:
    return Ticket(
        number=12, state=state, origin="handed_over", question=text,  # type: ignore[arg-type]
        asker="U0MIA", asker_channel="D0MIA", asker_thread="1.1", card_channel="C0COACHES", card_ts="2.2", owner=owner,
        answer_id=1, resolution=text or None, opened_at=WHEN, changed_at=WHEN)


def answer(text: str, url: str | None) -> Answer:
    quote = Quote("a.md", text, text, text, url)
    hit = Hit("a.md", text, "training", text, "", text, url, 0.5)
    return Answer(text, "answer", 0.5, text, (quote, replace(quote, document="b.md"), quote), (hit,) * 10, 1)


def offering(text: str, url: str | None) -> Answer:
    """“Which of these?”, also where two look alike."""
    found = answer(text, url)
    choice = Choice(text, found.quotes[0])
    return replace(found, verdict="clarify", quotes=(), choices=(choice, choice, Choice("Receipts", found.quotes[0])))


def accepted(view: View) -> None:
    assert not blocks_problems(view.blocks, "message"), blocks_problems(view.blocks, "message")[:3]
    assert len(view.text) <= LONGEST_UPDATE
    for forbidden in ("<!channel>", "<!here>", "<javascript"):
        assert forbidden not in str(view.blocks)
        assert forbidden not in view.text


@settings(deadline=None)  # on a busy machine the longest texts take a while
@given(texts, urls)
def test_what_the_asker_sees(text: str, url: str | None) -> None:
    found = answer(text, url)
    for view in (
        answers.answer(7, found), answers.answer(7, found, shareable=True), answers.shared(found, "U0MIA"),
        answers.settled(found, "helped", None), answers.settled(found, "passed_on", ticket(text)),
        answers.handed_over(ticket(text), found.hits), answers.passed_on(ticket(text)),
        answers.thread_opener(ticket(text)),
        answers.handed_over(ticket(text), found.hits, "de"), answers.ticket_pointer(ticket(text), "xx"),
        answers.passed_on(ticket(text), after_choices=True), answers.passed_on(ticket(text), reporter="U0ANA"),
        answers.ticket_pointer(ticket(text), reporter="U0ANA"),
        notices.open_again(ticket(text), ""), notices.open_again(ticket(text, "claimed", "U0ANA"), "U0BEN"),
        answers.choices(7, offering(text, url)), answers.settled(offering(text, url), "passed_on", ticket(text)),
        answers.ticket_pointer(ticket(text)), answers.clarify("empty"), answers.clarify("only_file"),
        notices.resolved(ticket(text), text, "U0ANA"), notices.asked_back(ticket(text), text, "U0ANA"),
        notices.relayed(text, "U0ANA", [{"name": text, "url": url or ""}]), notices.noted(text, "U0ANA"),
    ):
        accepted(view)


OWNED: tuple[State, ...] = ("claimed", "waiting", "parked")
TEXTLESS: dict[Step, str] = {"snoozed": WHEN.isoformat(), "assigned": "U0BEN", "passed_on": "U0BEN", "merged": "FW-3"}
"""Steps whose texts the desk itself writes."""


def around(text: str, url: str | None) -> Surroundings:
    """As much as there can be around a ticket."""
    others = (ticket(text),) * 30
    like = SimilarTicket(ticket(text, "resolved"), 0.9)
    return Surroundings(text, text, ("t" * 30,) * 10, others, others, (like, like, like),
                        Suggestion(text, text, url or "", markdown=True))


def whole_history(text: str) -> list[HistoryEntry]:
    return [HistoryEntry(12, step, actor, WHEN, TEXTLESS.get(step, text))
            for step in get_args(Step) for actor in ("U0ANA", "")]


@settings(deadline=None)
@given(texts, urls, st.sampled_from(get_args(State)))
def test_the_card_in_each_state(text: str, url: str | None, state: State) -> None:
    owner = "U0ANA" if state in OWNED else None
    due = dict.fromkeys(cards.DUE, WHEN)
    full = replace(ticket(text, state, owner), files=({"name": text, "url": url or ""},) * 12, area=text,
                   priority="urgent", assigned="U0BEN", snoozed_until=WHEN, reason="duplicate", duplicate_of=3)
    view = cards.card(full, answer(text, url), whole_history(text), text, around(text, url), due)
    accepted(view)
    shown = str(view.blocks)
    assert ("'Claim'" in shown) == (state == "new")
    assert ("'Resolve'" in shown) == ("'Ask back'" in shown) == (state in ("new", *OWNED))
    assert "'History'" in shown
    assert view.blocks[-1]["type"] == "actions", "the buttons are never cut off"
    accepted(cards.card(replace(full, origin="still_stuck"), answer(text, url), [], text, around(text, url), due))
    accepted(cards.card(ticket(text, state), None, []))
    accepted(cards.card(ticket(text, state), replace(answer(text, url), language="de"), [], after=text))
    accepted(cards.card(ticket(text, state), offering(text, url), []))
    accepted(cards.left(full, "U0ANA"))
    accepted(notices.not_needed(ticket(text, state), "U0MIA"))


@settings(deadline=None)
@given(texts)
def test_what_has_happened(text: str) -> None:
    for entry in whole_history(text):
        accepted(notices.said("\n".join(history.history_lines([entry]))))
        assert len(history.last_step([entry])) < 400
    for view in (
        notices.passed_to(ticket(text, "claimed", "U0BEN"), "U0ANA"), notices.parked(ticket(text), text, "U0ANA"),
        notices.duplicate(ticket(text), 3, merged=True), notices.duplicate(ticket(text), 3, merged=False),
        notices.noted(text, "U0ANA", "U0BEN"), notices.noted(text, "", "U0BEN"),
    ):
        accepted(view)


@pytest.mark.parametrize(("state", "where"), [("new", "Ask back"), ("resolved", "Tags")])
def test_a_question_too_long_for_its_card_is_whole_in_the_form_that_the_card_names(state: State, where: str) -> None:
    long = ticket("\n".join(f"Step {number}: it beeps & stops." for number in range(1200)), state)
    assert f"form of *{where}*" in str(cards.card(long, None, []).blocks)
    drawn = modals.ask_back(long) if state == "new" else sorting.sort(long, (), ())
    whole = "\n".join(block["text"]["text"] for block in drawn["blocks"] if block["type"] == "section")
    assert whole == long.question.replace("&", "&amp;")
    assert "form of" not in str(cards.card(ticket("Short", state), None, []).blocks)
    assert "whole question" not in str(modals.ask_back(ticket("Short", state)))


def test_a_card_shows_what_a_coach_decides_by() -> None:
    like = replace(ticket("My badge does not open the door", "resolved"), number=3, resolution="Ask at the gate.")
    view = cards.card(
        replace(ticket("My badge is dead"), assigned="U0BEN", priority="high", area="Sites"), None,
        [HistoryEntry(12, "assigned", "", WHEN, "U0BEN")], "",
        Surroundings("Hull", "warehouse", ("badge",), (replace(like, number=5),), (), (SimilarTicket(like, 0.8),),
                     Suggestion("Ask at the gate.", "FW-3")), {"first_response": WHEN, "resolution": None})
    shown = str(view.blocks)
    for part in ("asked: <@U0BEN>", "🔺 High", "Sites", "warehouse, Hull", "*FW-3* My badge does not open the door",
                 "→ Ask at the gate.", "*Suggested reply* · from FW-3", "🏷️ badge", "Related: *FW-5* (resolved)",
                 "⏱️ First answer due <!date^1772442000^"):
        assert part in shown
    assert "To be resolved by" not in shown
    assert "<@U0BEN>" in view.text, "a notification names who is asked"


def test_the_menu_fits_what_can_be_done() -> None:
    def entries(state: State) -> list[str]:
        owner = "U0ANA" if state in OWNED else None
        menu = cards.card(ticket("?", state, owner), None, []).blocks[-1]["elements"][-1]
        return [option["text"]["text"] for option in menu["options"]]

    assert entries("new") == [cards.SORT, cards.PASS, cards.SAME, cards.WAIT, cards.NOT_A_REQUEST]
    assert cards.GO_ON in entries("parked")
    assert cards.WAIT not in entries("parked")
    assert entries("closed") == [cards.OPEN_AGAIN, "Tags", "Related ticket"]
    snoozed = cards.card(replace(ticket("?"), snoozed_until=WHEN), None, []).blocks[-1]["elements"][-1]
    assert cards.GO_ON in [option["text"]["text"] for option in snoozed["options"]]


def test_the_desk_itself_has_no_mention() -> None:
    entry = HistoryEntry(12, "escalated", "", WHEN, "first_response:lead")
    assert "The desk told those who" in history.history_lines([entry])[0]
    assert "lead" not in history.history_lines([entry])[0]
    assert "asked <@U0BEN> to take it" in history.history_lines([HistoryEntry(12, "assigned", "", WHEN, "U0BEN")])[0]


@settings(deadline=None)
@given(texts)
def test_forms(text: str) -> None:
    for state in get_args(State):
        asked = replace(ticket(text, state, "U0ANA" if state in OWNED else None), area=text, number=10**9)
        for modal in (
            modals.ask_back(asked), modals.resolve(asked), modals.reply(asked, text),
            sorting.sort(asked, [f"{n}. {text}" for n in range(120)], [text] * 10), sorting.sort(asked, [], []),
            sorting.pass_on(asked, "U0ANA"), sorting.pass_on(asked, "U0BEN"), sorting.same(asked, [asked] * 7),
            sorting.same(asked, []), sorting.wait(asked, WHEN, UTC),
        ):
            assert not view_problems(modal), view_problems(modal)[:3]


def test_the_time_to_wait_is_the_coachs_own_morning() -> None:
    friday = datetime(2026, 3, 27, 22, 30, 40, tzinfo=UTC)  # in Berlin the clocks go forward on Sunday
    choices = {label: at.astimezone(UTC).isoformat() for label, at in sorting.until(friday, ZoneInfo("Europe/Berlin"))}
    assert choices == {
        "In 1 hour": "2026-03-27T23:30:00+00:00", "In 3 hours": "2026-03-28T01:30:00+00:00",
        "Tomorrow morning": "2026-03-28T08:00:00+00:00", "Monday morning": "2026-03-30T07:00:00+00:00"}


def test_small_talk_is_short() -> None:
    for talk in get_args(Talk):
        for here, named in (("", []), ("FW-1", [("FW-1", "Why?")]), ("", [("FW-1", "Why?"), ("FW-2", "And how?")])):
            view = notices.small_talk(talk, here, named)
            accepted(view)
            assert len(view.text) < 250


def test_never_mind_names_each_open_ticket_by_a_piece_of_its_question() -> None:
    tickets = [("FW-9", "My badge\ndoes not open <!channel> " + "the printer " * 90),
               *((f"FW-{number}", f"Question {number}") for number in range(8, 1, -1))]
    view = notices.small_talk("settled", "", tickets)
    accepted(view)
    named = [line for line in view.text.splitlines() if line.startswith("•")]
    assert [line.split("*")[1] for line in named] == ["FW-9", "FW-8", "FW-7", "FW-6", "FW-5"]
    assert "“My badge does not open &lt;!channel&gt; the printer" in named[0]
    assert named[0].endswith("…”")
    assert named[1].endswith("“Question 8”")
    assert "3 more" in view.text


def test_a_long_candidate_stands_in_full_above_its_button() -> None:
    long = "Travel and expenses › How do I hand in a receipt for a trip abroad that was paid in another currency?"
    quote = Quote("a.md", "A", "", "Text", None)
    offered = (Choice(long, quote), Choice("Receipts", quote))
    view = answers.choices(7, Answer("q", "clarify", 0.4, "", (), (), 1, offered))
    kinds = [block["type"] for block in view.blocks]
    assert kinds == ["section", "context", "actions", "actions", "actions"]
    assert view.blocks[1]["elements"][0]["text"] == long.replace(">", "&gt;")
    labels = [block["elements"][0]["text"]["text"] for block in view.blocks if block["type"] == "actions"]
    assert len(labels[0]) == 75
    assert labels[1:] == ["Receipts", "None of these"]


@pytest.mark.parametrize("language", sorted(_SENTENCES))
def test_a_foreign_question_is_answered_in_both_languages(language: str) -> None:
    text = answers.handed_over(ticket("?"), (), language).text
    assert text.count("*FW-12*") == 2
    assert "I can't read this language" in text
