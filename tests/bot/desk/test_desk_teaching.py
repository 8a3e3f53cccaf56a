"""What a coach teaches becomes an FAQ file, also when the process dies in between."""

from __future__ import annotations

from pathlib import Path

import yaml

from bot.desk.teaching import Teaching
from tests.bot.desk.desk_fakes import ANA, BEN, MIA, House, broken_off

ANSWER = "1. Hold the badge *above* the reader.\n2. Wait: it takes 5 seconds.   \n\n```\n# not a comment\n```"


def lessons(folder: Path) -> list[list[dict[str, str]]]:
    return [yaml.safe_load(path.read_text("utf-8")) for path in sorted(folder.iterdir())]


def test_a_resolution_becomes_a_readable_faq_file(house: House, tmp_path: Path) -> None:
    house.open_ticket(MIA, "Türen: why is my badge “dead”?")
    house.desk.resolve(1, ANA, ANSWER, True, house.clock.now)
    path = tmp_path / "taught" / "fw-1.yaml"
    assert lessons(tmp_path / "taught") == [[{
        "id": "fw-1", "question": "Türen: why is my badge “dead”?", "answer": ANSWER.replace("   ", "")}]]
    text = path.read_text("utf-8")
    assert "Türen" in text
    assert "    1. Hold the badge *above* the reader.\n" in text, "a text of several lines stands there as it is"
    assert house.taught == [1]


def test_without_the_box_nothing_is_taught(house: House, tmp_path: Path) -> None:
    house.open_ticket()
    house.desk.resolve(1, ANA, ANSWER, False, house.clock.now)
    assert not (tmp_path / "taught").exists()
    assert house.taught == []


def test_resolved_anew_it_is_taught_anew(house: House, tmp_path: Path) -> None:
    ticket = house.open_ticket()
    house.desk.resolve(1, ANA, "Old", True, house.clock.now)
    house.in_asker_thread(ticket, MIA, "That is wrong")
    house.desk.resolve(1, BEN, "New", True, house.clock.forward(minutes=1))
    assert [[entry["answer"] for entry in file] for file in lessons(tmp_path / "taught")] == [["New"]]


def test_what_could_not_be_written_is_written_at_the_next_start(house: House, tmp_path: Path) -> None:
    house.open_ticket()
    (tmp_path / "taught").write_text("a file where the folder should be")
    ticket = house.desk.resolve(1, ANA, ANSWER, True, house.clock.now)
    assert ticket.state == "resolved", "the asker has the resolution all the same"
    assert house.taught == []
    (tmp_path / "taught").unlink()
    house.desk.start(house.clock.now)
    assert len(lessons(tmp_path / "taught")) == 1
    assert house.taught == [1]
    house.teaching.taken_in(house.teaching.untaken(), house.clock.now)
    house.desk.start(house.clock.now)
    assert house.taught == [1], "nothing is missing any more"


def test_a_file_that_no_index_took_in_is_told_of_at_the_next_start(house: House) -> None:
    assert house.teaching.untaken() == ()
    house.open_ticket()
    house.desk.resolve(1, ANA, ANSWER, True, house.clock.now)
    for starts in (2, 3):  # killed before the index was published, twice
        house.desk.start(house.clock.now)
        assert len(house.taught) == starts
    house.teaching.taken_in(house.teaching.untaken(), house.clock.now)
    assert house.teaching.untaken() == ()
    house.desk.start(house.clock.now)
    assert len(house.taught) == 3


def test_an_index_confirms_only_what_it_can_have_seen(house: House) -> None:
    """Taught, or taught anew, while the run is under way: the run confirms the rest."""
    ticket = house.open_ticket()
    house.open_ticket(MIA, "My chair is broken")
    house.open_ticket(MIA, "My lamp is broken")
    house.desk.resolve(1, ANA, "Old", True, house.clock.now)
    house.desk.resolve(2, ANA, "Shake it", True, house.clock.now)
    seen = house.teaching.untaken()
    house.in_asker_thread(ticket, MIA, "That is wrong")
    house.desk.resolve(1, BEN, "New", True, house.clock.forward(minutes=1))
    house.desk.resolve(3, BEN, "Pull the cord", True, house.clock.now)
    house.teaching.taken_in(seen, house.clock.now)
    assert sorted(lesson.ticket for lesson in house.teaching.untaken()) == [1, 3]


def test_what_was_taken_in_and_is_taught_anew_is_untaken(house: House) -> None:
    ticket = house.open_ticket()
    house.desk.resolve(1, ANA, "Old", True, house.clock.now)
    house.teaching.taken_in(house.teaching.untaken(), house.clock.now)
    house.in_asker_thread(ticket, MIA, "That is wrong")
    house.desk.resolve(1, BEN, "New", True, house.clock.forward(minutes=1))
    assert [lesson.answer for lesson in house.teaching.untaken()] == ["New"]


def test_a_crash_between_commit_and_file_is_made_good(house: House, tmp_path: Path) -> None:
    house.open_ticket()
    ticket = house.desk.ticket(1)
    house.desk._office.lessons.keep(ticket, ANSWER, ANA, house.clock.now)
    assert Teaching(house.store, tmp_path / "taught", lambda: None).write_missing(house.clock.now) == 1
    assert [path.name for path in (tmp_path / "taught").iterdir()] == ["fw-1.yaml"]


def test_a_rolled_back_resolution_teaches_nothing(house: House, tmp_path: Path) -> None:
    house.open_ticket()
    with broken_off(house.store):
        house.desk.resolve(1, ANA, ANSWER, True, house.clock.now)
    assert not (tmp_path / "taught").exists()
    assert house.desk.ticket(1).state == "new"


def test_a_deleted_question_is_not_taught(house: House, tmp_path: Path) -> None:
    message = house.say(MIA, "My badge is broken", direct=True)
    house.desk.deleted(message.channel, message.ts, house.clock.now)
    house.desk.resolve(1, ANA, ANSWER, True, house.clock.now)
    assert not (tmp_path / "taught").exists()
