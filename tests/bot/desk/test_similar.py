"""Resolved tickets that are like one, and the reply that is suggested."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.answering.answerer import Answerer
from bot.answering.types import Answer, Quote
from bot.desk.desk import Desk
from bot.desk.marks import DELETED
from bot.desk.similar import AT_ONCE, Similar, SimilarTicket
from bot.desk.surroundings import suggested
from bot.desk.types import Ticket
from indexer.types import Hit
from tests.bot.desk.desk_fakes import ANA, MIA, POLICY, TOM, House
from tests.fakes import ToyEmbedder

WHEN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HIT = Hit("a.md", "Badges", "training", "Doors", "doors", "Hold it **flat**.", "https://example.com/a", 0.4)
TRIED = Answer("How?", "handover", 0.6, "", (), (HIT,), 1)


def ticket(number: int, question: str, resolution: str | None = None) -> Ticket:
    state = "resolved" if resolution else "new"
    return Ticket(number, state, "handed_over", question, MIA, "D0MIA", "1.1", "C1", "2.2", None, None, resolution,
                  WHEN, WHEN)


def test_the_most_like_come_first_and_what_is_unlike_does_not_come() -> None:
    past = [ticket(n, question, f"Do {n}.") for n, question in enumerate([
        "The parking ticket machine is broken", "badge door", "badge door opens never", "badge door lobby",
        "My badge opens no door"])]
    found = Similar(ToyEmbedder().embed, lambda: past).to(ticket(9, "My badge opens no door"))
    assert found[0].ticket.number == 4
    assert found[0].likeness == pytest.approx(1)
    assert len(found) == 4
    assert 0 not in [one.ticket.number for one in found]
    assert sorted((one.likeness for one in found), reverse=True) == [one.likeness for one in found]


def test_one_resolution_is_shown_once_and_a_ticket_is_not_like_itself() -> None:
    past = [ticket(9, "badge door", "Ask."), ticket(8, "badge door", "Ask. "), ticket(7, "badge door", "Ask.")]
    found = Similar(ToyEmbedder().embed, lambda: past).to(ticket(9, "badge door"))
    assert [one.ticket.number for one in found] == [8]


@pytest.mark.parametrize("question", ["", "  ", DELETED])
def test_a_question_without_words_is_like_nothing(question: str) -> None:
    assert Similar(ToyEmbedder().embed, lambda: [ticket(1, DELETED, "Ask.")]).to(ticket(9, question)) == ()


def test_a_text_is_embedded_once_and_forgotten_when_nobody_asks_for_it() -> None:
    embedder, past = ToyEmbedder(), [ticket(n, f"badge {n}", f"Do {n}.") for n in range(AT_ONCE + 9)]
    similar = Similar(embedder.embed, lambda: past)
    for _ in range(3):
        similar.to(ticket(99, "badge"))
        similar.to(ticket(98, "door"))
    assert len(embedder.embedded) == len(past) + 2
    del past[1:]
    similar.to(ticket(99, "badge"))
    assert len(similar._vectors) == 2


def test_after_a_start_no_card_waits_until_all_tickets_are_known() -> None:
    embedder, past = ToyEmbedder(), [ticket(n, f"badge {n}", f"Do {n}.") for n in range(AT_ONCE + 9)]
    past[-1] = ticket(300, "My badge opens no door", "Ask.")
    similar, asked = Similar(embedder.embed, lambda: past), ticket(999, "My badge opens no door at all")
    assert 300 not in [one.ticket.number for one in similar.to(asked)]
    assert len(embedder.embedded) == AT_ONCE
    assert similar.to(asked)[0].ticket.number == 300


def test_what_helped_with_nearly_the_same_question_is_suggested_before_a_passage() -> None:
    like = SimilarTicket(ticket(3, "badge door", "Ask at the gate."), 0.75)
    first = suggested(TRIED, [like])
    assert first is not None
    assert (first.text, first.source, first.markdown) == ("Ask at the gate.", "FW-3", False)
    second = suggested(TRIED, [replace(like, likeness=0.6)])
    assert second is not None
    assert (second.text, second.source, second.url) == ("Hold it **flat**.", "Badges › Doors", "https://example.com/a")


@pytest.mark.parametrize("tried", [
    None, replace(TRIED, hits=()), replace(TRIED, verdict="clarify"), replace(TRIED, confidence=0.45),
    replace(TRIED, language="de"), replace(TRIED, verdict="answer"), replace(TRIED, hits=(replace(HIT, text=""),)),
    replace(TRIED, verdict="answer", confidence=0.95, quotes=(Quote("a.md", "Badges", "", "Hold it.", None),)),
])
def test_nothing_is_suggested_that_the_asker_has_seen_or_that_is_far_off(tried: Answer | None) -> None:
    assert suggested(tried, ()) is None


def test_the_surroundings_of_a_ticket(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.people.sites[MIA], house.people.roles[MIA] = "Hull", "warehouse"
    first, second = house.open_ticket(MIA, "My badge is dead"), house.open_ticket(TOM, "My badge is dead, too")
    desk, now = house.desk, house.clock.now
    desk.tag(first.number, ANA, ["Badge", "hull"], now)
    desk.relate(first.number, ANA, second.number, now)
    desk.duplicate(second.number, ANA, first.number, now)
    around = desk.surroundings(first.number)
    assert (around.site, around.role, around.tags) == ("Hull", "warehouse", ("badge", "hull"))
    assert [one.number for one in around.related] == [one.number for one in around.duplicates] == [second.number]
    desk.resolve(first.number, ANA, "Here is a new one.", False, now)
    assert [one.number for one in house.desk._office.tickets.resolved_lately()] == [first.number]


def like_all_resolved(house: House) -> Desk:
    """A desk to which every resolved ticket is very like every other one, the newest first."""
    def find(one: Ticket) -> tuple[SimilarTicket, ...]:
        past = house.desk._office.tickets.resolved_lately()
        return tuple(SimilarTicket(other, 0.9) for other in past if other.number != one.number)

    return Desk(house.store, Answerer(house.library.find).answer, house.people, POLICY, find_similar=find)


def test_a_card_shows_no_more_than_three_similar_tickets(tmp_path: Path) -> None:
    house = House(tmp_path)
    for number in range(1, 6):
        house.desk.resolve(house.open_ticket(TOM, "Doors").number, ANA, f"Do {number}.", False, house.clock.now)
    open_one = house.open_ticket(MIA)
    around = like_all_resolved(house).surroundings(open_one.number)
    assert [one.ticket.number for one in around.similar] == [5, 4, 3]


def test_the_reply_that_has_just_failed_is_not_offered_again(tmp_path: Path) -> None:
    """FW-3 was a duplicate of FW-2, which became one of FW-1: its asker got the resolution of FW-1."""
    house = House(tmp_path)
    first, second, third = (house.open_ticket(user, "My badge is dead") for user in (TOM, MIA, MIA))
    helped = house.open_ticket(TOM, "My badge is dead")
    desk, now = house.desk, house.clock.now
    desk.resolve(helped.number, ANA, "Warm it.", False, now)
    desk.duplicate(third.number, ANA, second.number, now)
    desk.duplicate(second.number, ANA, first.number, now)
    desk.resolve(first.number, ANA, "Hold it longer.", False, now)
    house.in_asker_thread(desk.ticket(third.number), MIA, "That does not help")
    assert desk.ticket(third.number).state == "new"
    around = like_all_resolved(house).surroundings(third.number)
    assert [one.ticket.number for one in around.similar] == [helped.number]
    assert around.suggestion is not None
    assert around.suggestion.text == "Warm it."


def test_nor_is_another_tickets_resolution_with_the_words_that_failed(tmp_path: Path) -> None:
    house = House(tmp_path)
    mine, other = house.open_ticket(MIA, "My badge is dead"), house.open_ticket(TOM, "My badge is dead")
    for number, reply in ((other.number, "Hold it longer."), (mine.number, "Hold it longer. ")):
        house.desk.resolve(number, ANA, reply, False, house.clock.forward(seconds=1))
    house.in_asker_thread(mine, MIA, "That does not help")
    around = like_all_resolved(house).surroundings(mine.number)
    assert (around.similar, around.suggestion) == ((), None)
    fresh = house.open_ticket("U0ZOE", "My badge is dead")
    assert like_all_resolved(house).surroundings(fresh.number).suggestion is not None, "others may be helped by it"


def test_a_reply_by_form_goes_to_the_asker_and_is_noted_for_the_coaches(tmp_path: Path) -> None:
    house = House(tmp_path)
    ticket = house.open_ticket()
    for _ in range(2):
        house.desk.reply(ticket.number, ANA, "Hold it flat.", house.clock.forward(seconds=1), key="form:1")
    sent = [(notice.kind, notice.channel, notice.content.get("text")) for notice in house.postman.deliver()]
    assert sent.count(("replied", ticket.asker_channel, "Hold it flat.")) == 1
    assert sent.count(("noted_in_thread", ticket.card_channel, "replied: Hold it flat.")) == 1
    after = house.desk.ticket(ticket.number)
    assert (after.state, after.owner) == ("claimed", ANA)
