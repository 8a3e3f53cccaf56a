"""After a review: the ticket is open again, a coach has edited, an entry is taken back."""

from __future__ import annotations

import pytest

from bot.desk import reviewing
from bot.desk.areas import Area
from bot.desk.policy import DeskPolicy
from bot.desk.types import Notice
from bot.errors import IllegalStep, NotAllowed
from tests.bot.desk.desk_fakes import ANA, BEN, COACHES, MIA, TOM, FakePeople, House
from tests.bot.desk.test_desk_reviewing import QUESTION, draft, index


@pytest.fixture
def two(house: House) -> House:
    """Both coaches look after the desk."""
    house.people.coaches_of = {"": (ANA, BEN)}
    return house


# ---- open again ----------------------------------------------------------------------------------------------------


def reopen(house: House) -> None:
    house.in_asker_thread(house.desk.ticket(1), MIA, "That does not help")
    house.postman.deliver()


def hook(house: House) -> list[Notice]:
    """What follows when the ticket is reopened."""
    reviewing.reopened(house.desk._office, 1, house.clock.now)
    return [notice for notice in house.postman.deliver() if notice.kind in ("review_changed", "noted_in_thread")]


def test_what_the_asker_has_rejected_is_not_approved(two: House) -> None:
    draft(two)
    reopen(two)
    before = two.everything()
    with pytest.raises(IllegalStep, match="open again") as refused:
        two.desk.approve_lesson(1, BEN, two.clock.now)
    assert refused.value.hint == "Resolve it anew, or reject this draft."
    assert two.everything() == before
    assert two.desk.reject_lesson(1, BEN, "", two.clock.now).state == "rejected"


def test_resolved_anew_it_can_be_approved(two: House) -> None:
    draft(two)
    reopen(two)
    two.desk.resolve(1, ANA, "Hold it upside down", True, two.clock.forward(minutes=1))
    assert two.desk.approve_lesson(1, BEN, two.clock.now).answer == "Hold it upside down"


def test_a_ticket_that_is_open_again_has_its_review_drawn_anew(two: House) -> None:
    draft(two)
    reopen(two)
    assert [(notice.kind, notice.ticket) for notice in hook(two)] == [("review_changed", 1)]


def test_coaches_hear_that_an_entry_of_a_ticket_that_is_open_again_is_in_the_faq(two: House) -> None:
    ticket = two.open_ticket()
    two.desk.resolve(1, ANA, "Hold it longer", True, two.clock.now)
    two.desk.approve_lesson(1, BEN, two.clock.now)
    reopen(two)
    [told] = hook(two)
    assert (told.kind, told.thread, told.content["author"]) == ("noted_in_thread", ticket.card_ts, MIA)
    assert "in the FAQ: take it back" in told.content["text"]


def test_nothing_follows_where_nothing_was_taught_or_it_was_taken_back(two: House) -> None:
    two.open_ticket()
    two.desk.resolve(1, ANA, "Hold it longer", False, two.clock.now)
    reopen(two)
    assert hook(two) == []
    two.desk.resolve(1, ANA, "Hold it longer", True, two.clock.now)
    two.desk.approve_lesson(1, BEN, two.clock.now)
    two.desk.withdraw_lesson(1, BEN, two.clock.now)
    reopen(two)
    assert hook(two) == []


# ---- who may approve -----------------------------------------------------------------------------------------------

ZOE, IDA = "U0ZOE", "U0IDA"


class ManyCoaches(FakePeople):
    """Zoe and Ida are coaches, too."""

    def is_coach(self, user: str) -> bool:
        return super().is_coach(user) or user in (ZOE, IDA)


@pytest.fixture
def many(house: House) -> House:
    """Ana alone looks after the area `doors`, Ben and Zoe after the desk."""
    house.people = ManyCoaches(coaches_of={"doors": (ANA,), "": (BEN, ZOE)})
    policy = DeskPolicy(COACHES, (Area("doors", "Doors", COACHES),))
    house.run_by(policy, lambda _question: "doors")
    return house


def test_who_edited_it_last_does_not_approve_their_own_words(many: House) -> None:
    draft(many)
    many.desk.edit_lesson(1, BEN, QUESTION, "Hold it upside down", many.clock.now)
    for coach in (ANA, BEN):
        with pytest.raises(NotAllowed, match="Another coach"):
            many.desk.approve_lesson(1, coach, many.clock.now)
    assert many.desk.approve_lesson(1, ZOE, many.clock.now).decided_by == ZOE


def test_of_two_coaches_the_reviewer_edits_and_approves_and_never_the_author(two: House) -> None:
    draft(two)
    two.desk.edit_lesson(1, BEN, QUESTION, "Hold it upside down", two.clock.now)
    assert two.desk.lesson(1).reviewer == BEN
    with pytest.raises(NotAllowed, match="Another coach"):
        two.desk.approve_lesson(1, ANA, two.clock.now)
    assert two.desk.approve_lesson(1, BEN, two.clock.now).state == "approved"


def test_a_reviewer_who_edits_hands_it_on_to_somebody_else(many: House) -> None:
    draft(many)
    first = many.desk.lesson(1).reviewer
    assert first in (BEN, ZOE)
    many.desk.edit_lesson(1, first, QUESTION, "Hold it upside down", many.clock.now)
    assert many.desk.lesson(1).reviewer == ({BEN, ZOE} - {first}).pop()


def test_a_coach_alone_in_their_area_is_looked_over_by_one_of_the_desk(many: House) -> None:
    draft(many)
    assert many.desk.ticket(1).area == "doors"
    reviewer = many.desk.lesson(1).reviewer
    assert reviewer in (BEN, ZOE)
    with pytest.raises(NotAllowed):
        many.desk.approve_lesson(1, ANA, many.clock.now)
    assert many.desk.approve_lesson(1, reviewer, many.clock.now).decided_by == reviewer


def test_where_the_area_has_another_coach_that_one_is_asked(many: House) -> None:
    many.people.coaches_of["doors"] = (ANA, IDA)
    draft(many)
    assert many.desk.lesson(1).reviewer == IDA


# ---- what the FAQ says, and who hears of it ------------------------------------------------------------------------


def test_an_added_question_has_the_answer_of_its_entry(two: House) -> None:
    draft(two)
    draft(two, "My card is refused")
    two.desk.edit_lesson(2, BEN, "My card is refused", "Other words", two.clock.now)
    two.desk.approve_lesson(1, BEN, two.clock.now)
    assert two.desk.approve_lesson(2, BEN, two.clock.now, extend=1).entry_answer == "Hold it longer"
    assert two.desk.lesson(1).entry_answer == ""


def test_what_is_decided_keeps_no_copy_of_what_was_like_it(two: House) -> None:
    draft(two)
    draft(two, "Why does my badge not open the printer")
    assert two.desk.lesson(2).near
    assert two.desk.reject_lesson(2, BEN, "", two.clock.now).near == ()


def untaught(house: House) -> list[tuple[str, str]]:
    return [(notice.channel, notice.thread) for notice in house.postman.deliver() if notice.kind == "untaught"]


def test_who_was_told_hears_that_it_is_taken_back_and_nobody_else(two: House) -> None:
    """Tom's first ticket was a duplicate when they were told, and is no more; his second became one later."""
    first, same = two.open_ticket(), two.open_ticket(TOM, "The printer does not know my badge")
    two.desk.duplicate(same.number, ANA, first.number, two.clock.now)
    two.desk.resolve(1, ANA, "Hold it longer", True, two.clock.now)
    two.desk.approve_lesson(1, BEN, two.clock.now)
    index(two)
    two.in_asker_thread(same, TOM, "That does not help")
    two.in_asker_thread(first, MIA, "That does not help")
    later = two.open_ticket(TOM, "My badge is refused")
    two.desk.duplicate(later.number, ANA, first.number, two.clock.now)
    two.postman.deliver()
    two.desk.purge(two.clock.forward(days=400))
    two.desk.withdraw_lesson(1, BEN, two.clock.now)
    assert untaught(two) == [(first.asker_channel, first.asker_thread), (same.asker_channel, same.asker_thread)]


def test_who_was_not_told_hears_nothing_when_it_is_taken_back(two: House) -> None:
    draft(two)
    two.desk.approve_lesson(1, BEN, two.clock.now)
    two.desk.withdraw_lesson(1, BEN, two.clock.now)
    assert untaught(two) == []


def test_with_an_entry_those_are_told_whose_question_was_added(two: House) -> None:
    draft(two)
    two.desk.approve_lesson(1, BEN, two.clock.now)
    added = two.open_ticket(TOM, "My card is refused")
    two.desk.resolve(2, ANA, "As in FW-1", True, two.clock.now)
    two.desk.approve_lesson(2, BEN, two.clock.now, extend=1)
    index(two)
    two.postman.deliver()
    two.desk.withdraw_lesson(2, BEN, two.clock.now)
    assert untaught(two) == [(added.asker_channel, added.asker_thread)], "the entry itself stays"


def test_taught_again_after_it_was_taken_back_they_are_told_again(two: House) -> None:
    draft(two)
    two.desk.approve_lesson(1, BEN, two.clock.now)
    index(two)
    two.desk.withdraw_lesson(1, BEN, two.clock.now)
    reopen(two)
    two.desk.resolve(1, ANA, "Hold it upside down", True, two.clock.forward(minutes=1))
    two.desk.approve_lesson(1, BEN, two.clock.now)
    index(two)
    assert "taught" in two.postman.kinds()
    two.desk.withdraw_lesson(1, BEN, two.clock.now)
    assert len(untaught(two)) == 1
