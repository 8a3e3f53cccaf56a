"""What was approved becomes an FAQ file, also when the process dies in between."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.desk.teaching import Teaching
from tests.bot.desk.desk_fakes import ANA, BEN, MIA, House, broken_off

ANSWER = "1. Hold the badge *above* the reader.\n2. Wait: it takes 5 seconds.   \n\n```\n# not a comment\n```"


def lessons(folder: Path) -> list[list[dict[str, Any]]]:
    return [yaml.safe_load(path.read_text("utf-8")) for path in sorted(folder.glob("*.yaml"))]


def teach(house: House, number: int, answer: str, *, coach: str = ANA) -> None:
    """Resolve a ticket and have it approved; nobody else is a coach of the desk here."""
    house.desk.resolve(number, coach, answer, True, house.clock.forward(minutes=1))
    house.desk.approve_lesson(number, coach, house.clock.forward(minutes=1))


def index(house: House) -> None:
    """An index run takes in what is there."""
    house.desk.lessons_taken_in(house.teaching.untaken(), house.clock.now)


@pytest.fixture
def taught(tmp_path: Path) -> Path:
    return tmp_path / "taught"


def test_a_resolution_becomes_a_readable_faq_file(house: House, taught: Path) -> None:
    house.open_ticket(MIA, "Türen: why is my badge “dead”?")
    teach(house, 1, ANSWER)
    assert lessons(taught) == [[{
        "id": "fw-1", "question": "Türen: why is my badge “dead”?", "answer": ANSWER.replace("   ", "")}]]
    text = (taught / "fw-1.yaml").read_text("utf-8")
    assert "Türen" in text
    assert "    1. Hold the badge *above* the reader.\n" in text, "a text of several lines stands there as it is"
    assert house.taught == [1]


def test_a_draft_is_in_no_file(house: House, taught: Path) -> None:
    house.open_ticket()
    house.desk.resolve(1, ANA, ANSWER, True, house.clock.now)
    assert not taught.exists()
    assert house.taught == []


def test_taught_anew_the_old_entry_stands_until_the_new_one_is_approved(house: House, taught: Path) -> None:
    ticket = house.open_ticket()
    teach(house, 1, "Old")
    house.in_asker_thread(ticket, MIA, "That is wrong")
    house.desk.resolve(1, BEN, "New", True, house.clock.forward(minutes=1))
    assert [[entry["answer"] for entry in file] for file in lessons(taught)] == [["Old"]]
    house.desk.approve_lesson(1, BEN, house.clock.now)
    assert [[entry["answer"] for entry in file] for file in lessons(taught)] == [["New"]]


def test_what_could_not_be_written_is_written_at_the_next_start(house: House, taught: Path) -> None:
    house.open_ticket()
    taught.write_text("a file where the folder should be")
    teach(house, 1, ANSWER)
    assert house.desk.lesson(1).state == "approved", "the decision stands all the same"
    assert house.taught == []
    taught.unlink()
    house.desk.start(house.clock.now)
    assert len(lessons(taught)) == 1
    assert house.taught == [1]
    index(house)
    house.desk.start(house.clock.now)
    assert house.taught == [1], "nothing is missing any more"


def test_a_file_that_no_index_took_in_is_told_of_at_the_next_start(house: House) -> None:
    assert house.teaching.untaken() == ()
    house.open_ticket()
    teach(house, 1, ANSWER)
    for starts in (2, 3):  # killed before the index was published, twice
        house.desk.start(house.clock.now)
        assert len(house.taught) == starts
    index(house)
    assert house.teaching.untaken() == ()
    house.desk.start(house.clock.now)
    assert len(house.taught) == 3


def test_an_index_confirms_only_what_it_can_have_seen(house: House) -> None:
    """Taught, or taught anew, while the run is under way: the run confirms the rest."""
    ticket = house.open_ticket()
    house.open_ticket(MIA, "My chair is broken")
    house.open_ticket(MIA, "My lamp is broken")
    teach(house, 1, "Old")
    teach(house, 2, "Shake it")
    seen = house.teaching.untaken()
    house.in_asker_thread(ticket, MIA, "That is wrong")
    teach(house, 1, "New", coach=BEN)
    teach(house, 3, "Pull the cord", coach=BEN)
    house.desk.lessons_taken_in(seen, house.clock.now)
    assert sorted(lesson.ticket for lesson in house.teaching.untaken()) == [1, 3]


def test_what_was_taken_in_and_is_taught_anew_is_untaken(house: House) -> None:
    ticket = house.open_ticket()
    teach(house, 1, "Old")
    index(house)
    house.in_asker_thread(ticket, MIA, "That is wrong")
    teach(house, 1, "New", coach=BEN)
    assert [lesson.answer for lesson in house.teaching.untaken()] == ["New"]


def test_a_crash_between_commit_and_file_is_made_good(house: House, taught: Path) -> None:
    house.open_ticket()
    house.desk.resolve(1, ANA, ANSWER, True, house.clock.now)
    house.desk._office.lessons.decide(house.desk.lesson(1), "approved", ANA, house.clock.now)
    assert Teaching(house.store, taught, lambda: None).write_missing(house.clock.now) == 1
    assert [path.name for path in taught.iterdir()] == ["fw-1.yaml"]


def test_a_rolled_back_approval_teaches_nothing(house: House, taught: Path) -> None:
    house.open_ticket()
    house.desk.resolve(1, ANA, ANSWER, True, house.clock.now)
    with broken_off(house.store):
        house.desk.approve_lesson(1, ANA, house.clock.now)
    assert not taught.exists()
    assert house.desk.lesson(1).state == "draft"


def test_taken_back_the_file_goes(house: House, taught: Path) -> None:
    house.open_ticket()
    teach(house, 1, ANSWER)
    house.desk.withdraw_lesson(1, BEN, house.clock.now)
    assert lessons(taught) == []
    assert house.taught == [1, 1], "the index has to follow"
    index(house)
    assert house.teaching.untaken() == ()


def test_a_question_is_added_to_an_entry_and_taken_out_again(house: House, taught: Path) -> None:
    house.open_ticket(MIA, "My badge is dead")
    teach(house, 1, ANSWER)
    house.open_ticket(MIA, "My card does not open the gate")
    house.desk.resolve(2, ANA, "As in FW-1", True, house.clock.now)
    house.desk.approve_lesson(2, ANA, house.clock.now, extend=1)
    [[entry]] = lessons(taught)
    assert (entry["question"], entry["also_asked"]) == ("My badge is dead", ["My card does not open the gate"])
    house.desk.withdraw_lesson(2, ANA, house.clock.now)
    [[entry]] = lessons(taught)
    assert "also_asked" not in entry


def test_with_an_entry_go_the_questions_that_were_added_to_it(house: House, taught: Path) -> None:
    house.open_ticket(MIA, "My badge is dead")
    teach(house, 1, ANSWER)
    house.open_ticket(MIA, "My card does not open the gate")
    house.desk.resolve(2, ANA, "As in FW-1", True, house.clock.now)
    house.desk.approve_lesson(2, ANA, house.clock.now, extend=1)
    house.desk.withdraw_lesson(1, ANA, house.clock.now)
    assert lessons(taught) == []
    assert house.desk.lesson(2).state == "withdrawn"


def test_what_somebody_changed_in_the_file_by_hand_is_kept(house: House, taught: Path) -> None:
    house.open_ticket(MIA, "My badge is dead")
    teach(house, 1, "Old words")
    path = taught / "fw-1.yaml"
    path.write_text("- id: fw-1\n  question: My badge is dead\n  also_asked: [Badge broken]\n  answer: By hand\n"
                    "  audience: warehouse\n", encoding="utf-8")
    house.open_ticket(MIA, "My card does not open the gate")
    house.desk.resolve(2, ANA, "As in FW-1", True, house.clock.now)
    house.desk.approve_lesson(2, ANA, house.clock.now, extend=1)
    assert lessons(taught) == [[{
        "id": "fw-1", "question": "My badge is dead", "answer": "By hand", "audience": "warehouse",
        "also_asked": ["Badge broken", "My card does not open the gate"]}]]


def test_taught_anew_as_a_part_of_another_entry_its_own_file_goes(house: House, taught: Path) -> None:
    house.open_ticket(MIA, "My badge is dead")
    ticket = house.open_ticket(MIA, "My card does not open the gate")
    teach(house, 1, ANSWER)
    teach(house, 2, "Something else")
    house.in_asker_thread(ticket, MIA, "That is wrong")
    house.desk.resolve(2, ANA, "As in FW-1", True, house.clock.now)
    house.desk.approve_lesson(2, ANA, house.clock.now, extend=1)
    [[entry]] = lessons(taught)
    assert (entry["id"], entry["also_asked"]) == ("fw-1", ["My card does not open the gate"])
