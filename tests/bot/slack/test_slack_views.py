"""Each view at its shortest and longest: Slack's own rules must hold for whatever people and documents bring."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.small_talk import Talk
from bot.answering.types import Answer, Choice, Quote
from bot.desk.types import HistoryEntry, Ticket
from bot.slack.views import answers, cards, home, modals, notices
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
        answers.answer(7, found),
        answers.settled(found, "helped", None), answers.settled(found, "passed_on", ticket(text)),
        answers.handed_over(ticket(text), found.hits), answers.passed_on(ticket(text)),
        answers.thread_opener(ticket(text)),
        answers.handed_over(ticket(text), found.hits, "de"), answers.ticket_pointer(ticket(text), "xx"),
        answers.passed_on(ticket(text), after_choices=True),
        answers.choices(7, offering(text, url)), answers.settled(offering(text, url), "passed_on", ticket(text)),
        answers.ticket_pointer(ticket(text)), answers.clarify("empty"), answers.clarify("only_file"),
        notices.resolved(ticket(text), text, "U0ANA"), notices.asked_back(ticket(text), text, "U0ANA"),
        notices.relayed(text, "U0ANA", [{"name": text, "url": url or ""}]), notices.noted(text, "U0ANA"),
    ):
        accepted(view)


@given(texts, urls, st.sampled_from(["new", "claimed", "waiting", "resolved", "closed"]))
def test_the_card_in_each_state(text: str, url: str | None, state: str) -> None:
    history = [HistoryEntry(12, "opened", "U0MIA", WHEN, text), HistoryEntry(12, "asked_back", "U0ANA", WHEN, text)]
    owner = None if state == "new" else "U0ANA"
    view = cards.card(ticket(text, state, owner), answer(text, url), history)
    accepted(view)
    shown = str(view.blocks)
    assert ("'Claim'" in shown) == (state == "new")
    assert ("'Resolve'" in shown) == (state in {"new", "claimed", "waiting"})
    accepted(cards.card(ticket(text, state), None, []))
    accepted(cards.card(ticket(text, state), replace(answer(text, url), language="de"), [], after=text))
    accepted(cards.card(ticket(text, state), offering(text, url), []))
    accepted(notices.not_needed(ticket(text, state), "U0MIA"))
    assert len(cards.history_lines(history)) == 2


@given(texts)
def test_forms_and_home(text: str) -> None:
    for modal in (modals.ask_back(ticket(text)), modals.resolve(ticket(text))):
        assert not view_problems(modal), view_problems(modal)[:3]
    tickets = [ticket(text), ticket(text, "claimed", "U0ANA")] * 8
    for view in (
        home.home(mine=[], open_tickets=None, me="U0ANA", health=None),
        home.home(mine=tickets, open_tickets=tickets, me="U0ANA", health="• Index: *generation 3*"),
    ):
        assert not view_problems(view), view_problems(view)[:3]


def test_small_talk_is_short() -> None:
    for talk in get_args(Talk):
        for here, named in (("", []), ("FW-1", ["FW-1"]), ("", ["FW-1", "FW-2"])):
            view = notices.small_talk(talk, here, named)
            accepted(view)
            assert len(view.text) < 250


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
