"""Drafts for the FAQ: who may decide, what each hears of it, and what happens once only."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.desk.lessons import Near
from bot.desk.marks import NO_LONGER_KEPT
from bot.desk.reviewing import AlreadyDecided
from bot.errors import IllegalStep, NotAllowed
from indexer.types import Findings, Hit, Viewer
from tests.bot.desk.desk_fakes import ANA, BEN, COACHES, MIA, TOM, House

QUESTION = "My badge does not open the printer"


@pytest.fixture
def two(house: House) -> House:
    """Both coaches look after the desk."""
    house.people.coaches_of = {"": (ANA, BEN)}
    return house


def draft(house: House, question: str = QUESTION) -> None:
    """A ticket that Ana resolved with *Add to the FAQ*; all is delivered."""
    number = house.open_ticket(MIA, question).number
    house.desk.resolve(number, ANA, "Hold it longer", True, house.clock.now)
    house.postman.deliver()


def index(house: House) -> None:
    house.desk.lessons_taken_in(house.teaching.untaken(), house.clock.now)


def test_a_draft_waits_in_the_cards_thread_for_another_coach(two: House) -> None:
    ticket = two.open_ticket()
    two.desk.resolve(1, ANA, "Hold it longer", True, two.clock.now)
    [notice] = [notice for notice in two.postman.deliver() if notice.kind == "review"]
    assert (notice.channel, notice.thread) == (COACHES, ticket.card_ts)
    lesson = two.desk.lesson(1)
    assert (lesson.state, lesson.question, lesson.answer, lesson.author, lesson.reviewer) == (
        "draft", QUESTION, "Hold it longer", ANA, BEN)
    assert lesson.message_channel == COACHES
    assert lesson.message_ts == next(ts for sent, ts in two.postman.sent if sent.kind == "review")


def test_without_the_box_there_is_no_draft(two: House) -> None:
    two.open_ticket()
    two.desk.resolve(1, ANA, "Hold it longer", False, two.clock.now)
    assert "review" not in two.postman.kinds()
    with pytest.raises(IllegalStep):
        two.desk.lesson(1)


def test_the_author_cannot_approve_where_there_is_another_coach(two: House) -> None:
    draft(two)
    before = two.everything()
    with pytest.raises(NotAllowed, match="Another coach"):
        two.desk.approve_lesson(1, ANA, two.clock.now)
    assert two.everything() == before
    assert two.desk.approve_lesson(1, BEN, two.clock.now).decided_by == BEN


def test_a_coach_alone_may_approve_their_own(house: House) -> None:
    house.people.coaches_of = {"": (ANA,)}
    draft(house)
    assert house.desk.lesson(1).reviewer is None
    assert house.desk.approve_lesson(1, ANA, house.clock.now).state == "approved"


def test_only_coaches_decide(two: House) -> None:
    draft(two)
    for decide in (lambda: two.desk.approve_lesson(1, TOM, two.clock.now),
                   lambda: two.desk.edit_lesson(1, TOM, "a", "b", two.clock.now),
                   lambda: two.desk.reject_lesson(1, TOM, "", two.clock.now),
                   lambda: two.desk.withdraw_lesson(1, TOM, two.clock.now)):
        with pytest.raises(NotAllowed):
            decide()


def test_who_is_late_hears_who_decided(two: House) -> None:
    draft(two)
    two.desk.approve_lesson(1, BEN, two.clock.now)
    with pytest.raises(AlreadyDecided, match="approved already") as late:
        two.desk.reject_lesson(1, ANA, "", two.clock.now)
    assert late.value.by == BEN


def test_a_step_with_a_known_key_is_done_once(two: House) -> None:
    draft(two)
    for _ in range(2):
        two.desk.approve_lesson(1, BEN, two.clock.now, key="click:1")
    assert two.postman.kinds().count("review_changed") == 1


def test_nobody_approves_what_they_have_not_seen(two: House) -> None:
    draft(two)
    seen = two.desk.lesson(1).version
    two.desk.edit_lesson(1, ANA, QUESTION, "Hold it for five seconds", two.clock.now)
    with pytest.raises(IllegalStep, match="changed a moment ago"):
        two.desk.approve_lesson(1, BEN, two.clock.now, version=seen)
    assert two.desk.approve_lesson(1, BEN, two.clock.now, version=two.desk.lesson(1).version).state == "approved"


def test_everybody_who_asked_is_told_once_when_the_index_has_it(two: House) -> None:
    """Tom's ticket is a duplicate; Mia's second one was merged, so she hears it in the first one's thread."""
    first = two.open_ticket()
    same = two.open_ticket(TOM, "The printer does not know my badge")
    merged = two.open_ticket(MIA, "And my badge again")
    two.desk.duplicate(same.number, ANA, first.number, two.clock.now)
    two.desk.merge(merged.number, ANA, first.number, two.clock.now)
    two.desk.resolve(1, ANA, "Hold it longer", True, two.clock.now)
    two.desk.approve_lesson(1, BEN, two.clock.now)
    assert "taught" not in two.postman.kinds(), "no index has it yet"
    for _ in range(2):
        index(two)
    told = [notice for notice in two.postman.deliver() if notice.kind == "taught"]
    assert [(notice.channel, notice.thread) for notice in told] == [
        (first.asker_channel, first.asker_thread), (same.asker_channel, same.asker_thread)]


def test_taught_anew_nobody_is_told_again(two: House) -> None:
    draft(two)
    two.desk.approve_lesson(1, BEN, two.clock.now)
    index(two)
    two.postman.deliver()
    two.in_asker_thread(two.desk.ticket(1), MIA, "That does not help")
    two.desk.resolve(1, ANA, "Hold it upside down", True, two.clock.forward(minutes=1))
    two.postman.deliver()
    two.desk.approve_lesson(1, BEN, two.clock.now)
    index(two)
    assert "taught" not in two.postman.kinds()


def test_a_newer_draft_replaces_the_review_of_the_older_one(two: House) -> None:
    draft(two)
    old = two.desk.lesson(1).message_ts
    two.in_asker_thread(two.desk.ticket(1), MIA, "That does not help")
    two.postman.deliver()
    two.desk.resolve(1, ANA, "Hold it upside down", True, two.clock.forward(minutes=1))
    changed, posted = [notice for notice in two.postman.deliver() if notice.kind.startswith("review")]
    assert (changed.kind, changed.content["former"]["ts"], posted.kind) == ("review_changed", old, "review")
    assert two.desk.lesson(1).message_ts not in (None, old)


def test_a_rejected_draft_says_why_and_stays_out(two: House) -> None:
    draft(two)
    lesson = two.desk.reject_lesson(1, ANA, " Only true this week ", two.clock.now)
    assert (lesson.state, lesson.reason) == ("rejected", "Only true this week")
    assert two.taught == []
    with pytest.raises(IllegalStep, match="not in the FAQ"):
        two.desk.withdraw_lesson(1, ANA, two.clock.now)


def test_what_was_taken_back_is_told_to_no_asker(two: House) -> None:
    draft(two)
    two.desk.approve_lesson(1, BEN, two.clock.now)
    two.desk.withdraw_lesson(1, ANA, two.clock.now)
    index(two)
    assert "taught" not in two.postman.kinds()
    assert two.desk.lesson(1).taken_in_at == two.clock.now
    with pytest.raises(AlreadyDecided):
        two.desk.withdraw_lesson(1, BEN, two.clock.now)


def test_a_draft_follows_the_askers_edit_until_a_coach_words_it_anew(two: House) -> None:
    message = two.say(MIA, QUESTION, direct=True)
    two.desk.resolve(1, ANA, "Hold it longer", True, two.clock.now)
    two.desk.edited(message.channel, message.ts, "My badge does not open printer 3", two.clock.now)
    assert two.desk.lesson(1).question == "My badge does not open printer 3"
    two.desk.edit_lesson(1, BEN, "Why is my badge refused?", "Hold it longer", two.clock.now)
    two.desk.edited(message.channel, message.ts, "My badge does not open printer 4", two.clock.now)
    assert two.desk.lesson(1).question == "Why is my badge refused?"


def test_an_approved_entry_does_not_follow(two: House) -> None:
    message = two.say(MIA, QUESTION, direct=True)
    two.desk.resolve(1, ANA, "Hold it longer", True, two.clock.now)
    two.desk.approve_lesson(1, BEN, two.clock.now)
    two.desk.edited(message.channel, message.ts, "<!channel> nonsense", two.clock.now)
    assert two.desk.lesson(1).question == QUESTION


def test_a_draft_whose_question_is_deleted_is_dropped_with_its_words(two: House) -> None:
    message = two.say(MIA, QUESTION, direct=True)
    two.desk.resolve(1, ANA, "Hold it longer", True, two.clock.now)
    two.desk.deleted(message.channel, message.ts, two.clock.now)
    lesson = two.desk.lesson(1)
    assert (lesson.state, lesson.decided_by) == ("rejected", "")
    assert QUESTION not in lesson.question
    with pytest.raises(AlreadyDecided):
        two.desk.approve_lesson(1, BEN, two.clock.now)


def test_coaches_hear_that_the_question_of_an_entry_was_deleted(two: House) -> None:
    message = two.say(MIA, QUESTION, direct=True)
    two.desk.resolve(1, ANA, "Hold it longer", True, two.clock.now)
    two.desk.approve_lesson(1, BEN, two.clock.now)
    two.postman.deliver()
    for _ in range(2):
        two.desk.deleted(message.channel, message.ts, two.clock.now)
    told = [notice for notice in two.postman.deliver() if notice.kind == "noted_in_thread"]
    assert [("take the entry back" in notice.content["text"], notice.content["author"]) for notice in told] == [
        (True, MIA)]


def test_a_deleted_question_is_not_taught(two: House) -> None:
    message = two.say(MIA, QUESTION, direct=True)
    two.desk.deleted(message.channel, message.ts, two.clock.now)
    two.desk.resolve(1, ANA, "Hold it longer", True, two.clock.now)
    assert "review" not in two.postman.kinds()


def test_nothing_empty_is_approved(two: House) -> None:
    message = two.say(MIA, QUESTION, direct=True)
    two.desk.resolve(1, ANA, "Hold it longer", True, two.clock.now)
    with pytest.raises(IllegalStep, match="missing"):
        two.desk.edit_lesson(1, BEN, "  ", "b", two.clock.now)
    two.desk.edited(message.channel, message.ts, "", two.clock.now)
    with pytest.raises(IllegalStep, match="missing"):
        two.desk.approve_lesson(1, BEN, two.clock.now)


def entry(document: str, question: str, score: float) -> Hit:
    return Hit(document, question, "faq", "", "", "An answer", "https://example.com/faq", score, question)


def test_what_the_faq_has_already_is_shown_and_only_what_was_taught_can_be_extended(two: House) -> None:
    draft(two)
    two.desk.approve_lesson(1, BEN, two.clock.now)

    def find(question: str, _viewer: Viewer) -> Findings:
        hits = (entry("taught/fw-1.yaml#fw-1", QUESTION, 0.8), entry("faq/badge.yaml#lost", "Badge lost?", 0.7),
                entry("faq/far.yaml#far", "Far away", 0.2),
                replace(entry("training/badge.md", "", 0.9), kind="training"))
        return Findings(question, "handover", 0.1, hits, 1)

    desk = two.desk_with(find)
    number = two.open_ticket(TOM, "The badge is refused at the printer").number
    desk.resolve(number, ANA, "As in FW-1", True, two.clock.now)
    assert desk.lesson(number).near == (Near(QUESTION, "https://example.com/faq", 1, "An answer"),
                                        Near("Badge lost?", "https://example.com/faq", None, "An answer"))


def test_a_draft_on_its_way_is_near_its_twin(two: House) -> None:
    draft(two)
    draft(two, "Why does my badge not open the printer")
    assert [(near.lesson, near.answer) for near in two.desk.lesson(2).near] == [(1, "Hold it longer")]


def test_only_an_approved_entry_of_its_own_can_be_extended(two: House) -> None:
    for question in (QUESTION, "My card is refused", "My key is refused"):
        draft(two, question)
    with pytest.raises(IllegalStep, match="still waits"):
        two.desk.approve_lesson(2, BEN, two.clock.now, extend=1)
    two.desk.approve_lesson(1, BEN, two.clock.now)
    two.desk.approve_lesson(2, BEN, two.clock.now, extend=1)
    with pytest.raises(IllegalStep, match="no entry of the FAQ"):
        two.desk.approve_lesson(3, BEN, two.clock.now, extend=2)


def test_a_question_whose_words_are_no_longer_kept_is_not_taught(two: House) -> None:
    two.open_ticket()
    two.store.write("UPDATE tickets SET question = ?", (NO_LONGER_KEPT,))
    two.desk.resolve(1, ANA, "Hold it longer", True, two.clock.now)
    assert "review" not in two.postman.kinds()
