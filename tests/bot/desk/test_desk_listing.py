"""Tickets are found by what they are, beside a running bot, and nothing is changed by looking."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from bot.desk.listing import COLUMNS, Wanted, find, show
from bot.desk.migrations import migrations
from bot.desk.reading import DeskDamaged, NoDesk, OlderDesk
from bot.errors import UnknownTicket
from tests.bot.desk.desk_fakes import ANA, BEN, MIA, TOM, House


@pytest.fixture
def desk(house: House) -> House:
    """FW-1 open, Ana's, urgent and tagged; FW-2 resolved by Ben after an hour; FW-3 new."""
    house.open_ticket(MIA, "The Scanner = broken")
    house.desk.claim(1, ANA, house.clock.now)
    house.desk.prioritise(1, ANA, "urgent", house.clock.now)
    house.desk.tag(1, ANA, ["bay 4", "Scanner"], house.clock.now)
    house.clock.forward(days=1)
    house.open_ticket(TOM, "No badge")
    house.clock.forward(minutes=20)
    house.desk.ask_back(2, BEN, "Which door?", house.clock.now)
    house.clock.forward(minutes=40)
    house.desk.resolve(2, BEN, "A new badge is in the post.", False, house.clock.now)
    house.desk.relate(2, BEN, 1, house.clock.now)
    house.clock.forward(days=1)
    house.open_ticket(TOM, "Where is the canteen?")
    return house


def numbers(house: House, **wanted: Any) -> list[str]:
    return [row["ticket"] for row in find(house.store.path.parent, Wanted(**wanted))]


@pytest.mark.parametrize(("wanted", "found"), [
    ({}, ["FW-3", "FW-2", "FW-1"]),
    ({"order": "oldest"}, ["FW-1", "FW-2", "FW-3"]),
    ({"order": "priority"}, ["FW-1", "FW-2", "FW-3"]),
    ({"order": "changed", "limit": 1}, ["FW-3"]),
    ({"states": ("open",)}, ["FW-3", "FW-1"]),
    ({"states": ("resolved", "new")}, ["FW-3", "FW-2"]),
    ({"priorities": ("urgent",)}, ["FW-1"]),
    ({"owner": ANA}, ["FW-1"]),
    ({"owner": "none"}, ["FW-3"]),
    ({"asker": TOM, "states": ("open",)}, ["FW-3"]),
    ({"since": datetime(2026, 3, 3, tzinfo=UTC)}, ["FW-3", "FW-2"]),
    ({"until": datetime(2026, 3, 4, tzinfo=UTC)}, ["FW-2", "FW-1"]),
    ({"tags": ("SCANNER", "bay 4")}, ["FW-1"]),
    ({"tags": ("scanner", "bay 5")}, []),
    ({"text": "scanner"}, ["FW-1"]),
    ({"text": "in THE post"}, ["FW-2"]),
    ({"text": "100%_"}, []),
    ({"areas": ("finance",)}, []),
    ({"areas": ("",)}, ["FW-3", "FW-2", "FW-1"]),
])
def test_each_filter(desk: House, wanted: dict[str, Any], found: list[str]) -> None:
    assert numbers(desk, **wanted) == found


def test_times_and_minutes_are_those_of_the_history(desk: House) -> None:
    [row] = find(desk.store.path.parent, Wanted(states=("resolved",)))
    assert tuple(row) == COLUMNS
    assert row["opened_at"] == "2026-03-03T09:00:02Z"
    assert (row["minutes_to_first_response"], row["minutes_to_resolution"]) == (20, 60)
    assert (row["ended_because"], row["resolution"]) == ("answered", "A new badge is in the post.")
    [unanswered] = find(desk.store.path.parent, Wanted(states=("new",)))
    assert unanswered["first_response_at"] is unanswered["resolved_at"] is unanswered["minutes_to_resolution"] is None


def test_a_reopened_ticket_has_not_ended(desk: House) -> None:
    ticket = desk.desk.ticket(2)
    desk.in_asker_thread(ticket, TOM, "It is still broken")
    [row] = find(desk.store.path.parent, Wanted(asker=TOM, text="badge"))
    assert (row["state"], row["resolved_at"], row["times_reopened"]) == ("claimed", None, 1)


def test_one_ticket_with_its_history_and_its_kin(desk: House) -> None:
    told = show(desk.store.path.parent, 2)
    assert [(line["who"], line["what"]) for line in told.history] == [
        (TOM, "opened"), (BEN, "claimed"), (BEN, "asked_back"), (BEN, "resolved"), (BEN, "related")]
    assert told.history[2]["words"] == "Which door?"
    assert told.related == ["FW-1"]
    assert told.found == ["training/expenses.md"]
    with pytest.raises(UnknownTicket, match="FW-9"):
        show(desk.store.path.parent, 9)


def test_looking_waits_for_nobody_and_sees_what_is_committed(desk: House) -> None:
    folder = desk.store.path.parent
    with desk.store.transaction():
        desk.store.write("UPDATE tickets SET question = 'in the making'")
        assert "No badge" in str(find(folder, Wanted()))
    assert "No badge" not in str(find(folder, Wanted()))


def test_what_is_no_desk_is_said_and_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(NoDesk):
        find(tmp_path, Wanted())
    assert not list(tmp_path.iterdir())
    (tmp_path / "desk.sqlite").write_bytes(b"no database at all" * 100)
    with pytest.raises(DeskDamaged):
        find(tmp_path, Wanted())


def test_a_desk_of_an_older_version_is_said(tmp_path: Path) -> None:
    db = Database(tmp_path / "desk.sqlite")
    migrations.apply(db, stop_before="readable")
    db.conn.close()
    with pytest.raises(OlderDesk):
        find(tmp_path, Wanted())


@pytest.mark.parametrize(("view", "columns"), [
    ("tickets_overview", {"ticket": "FW-2", "owner": BEN}),
    ("ticket_history", {"ticket": "FW-2", "who": BEN, "what": "asked_back", "words": "Which door?"}),
    ("questions_and_verdicts", {"asker": TOM, "verdict": "handover", "ticket": "FW-2", "question": "No badge"}),
    ("coaches_load", {"coach": ANA, "at_work": 1, "ended": 0, "switched": "off duty"}),
    ("messages_waiting", {"kind": "whisper", "channel": "C0GENERAL", "waiting_since": "2026-03-04T10:00:03Z"}),
    ("taught_entries", {"ticket": "FW-1", "answer": "Press twice."}),
])
def test_each_view_tells_a_story_in_readable_words(desk: House, view: str, columns: dict[str, Any]) -> None:
    desk.desk.switch_duty(ANA, False, desk.clock.now)
    desk.desk.resolve(1, ANA, "Press twice.", True, desk.clock.now)
    desk.store.write("UPDATE tickets SET state = 'claimed' WHERE number = 1")
    desk.postman.deliver()
    desk.desk.whisper("C0GENERAL", MIA, "Psst", desk.clock.now)
    rows = desk.store.rows(f"SELECT * FROM {view}")  # noqa: S608
    assert any(columns.items() <= row.items() for row in rows), rows
