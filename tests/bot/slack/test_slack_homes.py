"""Home tabs are drawn anew while somebody looks and something has changed, and else Slack is left alone."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.errors import FloorwalkerError
from bot.slack.admin import AdminDesk
from bot.slack.homes import LOOKED_AT, MOST_AT_ONCE, Homes
from indexer.types import Failure, Report
from tests.bot.desk.desk_fakes import ANA, MIA, TOM, House

EVE = "U0EVE"


class Slack:
    def __init__(self) -> None:
        self.shown: list[tuple[str, str]] = []
        self.away = False

    def views_publish(self, user_id: str, view: dict[str, Any]) -> None:
        if self.away:
            raise OSError("away")
        self.shown.append((user_id, str(view)))


class Reindexing:
    """Runs on until it is told to end."""

    def start(self, progress: Any, ended: Any) -> bool:
        self.progress, self.ended = progress, ended
        return True


class Bed:
    def __init__(self, folder: Path) -> None:
        self.house, self.slack, self.run = House(folder), Slack(), Reindexing()
        self.admin = AdminDesk(self.slack, self.run, lambda: {"Model": "toy"}, now=self.house.clock)  # type: ignore[arg-type]
        front: Any = SimpleNamespace(
            desk=self.house.desk, people=self.house.people, admin=self.admin, client=self.slack, now=self.house.clock,
            identity=SimpleNamespace(url="https://tarnbrook.slack.com/"))
        self.homes = Homes(front)

    def look(self, **later: float) -> list[str]:
        """Whose tabs are drawn at the next look."""
        before = len(self.slack.shown)
        self.homes.look(self.house.clock.forward(**(later or {"seconds": 2})))
        return [user for user, _ in self.slack.shown[before:]]


@pytest.fixture
def bed(tmp_path: Path) -> Bed:
    return Bed(tmp_path)


def test_nothing_is_sent_while_nothing_changes(bed: Bed) -> None:
    bed.homes.opened(MIA)
    bed.homes.opened(EVE)
    assert [user for user, _ in bed.slack.shown] == [MIA, EVE]
    assert [bed.look() for _ in range(5)] == [[]] * 5
    assert bed.look(minutes=2) == []


def test_who_looks_sees_what_concerns_them_and_others_are_left_alone(bed: Bed) -> None:
    bed.house.people.coaches_of[""] = (ANA,)
    for user in (MIA, TOM, ANA):
        bed.homes.opened(user)
    ticket = bed.house.open_ticket(MIA)
    assert sorted(bed.look()) == [ANA, MIA]
    bed.house.desk.claim(ticket.number, ANA, bed.house.clock.now)
    assert sorted(bed.look()) == [ANA, MIA]
    assert f"<@{ANA}> looks after it" in dict(bed.slack.shown)[MIA]
    assert "https://tarnbrook.slack.com/archives/D-U0MIA/p" in dict(bed.slack.shown)[MIA]


def test_who_opened_it_long_ago_is_not_looking_any_more(bed: Bed) -> None:
    bed.homes.opened(MIA)
    bed.house.clock.forward(seconds=LOOKED_AT.total_seconds())
    bed.house.open_ticket(MIA)
    assert bed.look() == []


def test_what_slack_did_not_take_is_shown_at_the_next_look(bed: Bed) -> None:
    bed.homes.opened(MIA)
    bed.house.open_ticket(MIA)
    bed.slack.away = True
    assert bed.look() == []
    bed.slack.away = False
    assert bed.look() == [MIA]


def test_a_crowd_is_served_bit_by_bit(bed: Bed) -> None:
    users = [f"U{number:03}" for number in range(MOST_AT_ONCE + 5)]
    for user in users:
        bed.homes.opened(user)
    ticket = bed.house.open_ticket(MIA)
    bed.house.desk.tag(ticket.number, ANA, ["known issue"], bed.house.clock.now)
    first, second = bed.look(), bed.look()
    assert (len(first), len(second)) == (MOST_AT_ONCE, 5)
    assert sorted(first + second) == users


def test_a_run_is_followed_to_its_end_by_admins_only(bed: Bed) -> None:
    bed.homes.opened(EVE)
    bed.homes.opened(MIA)
    assert bed.admin.reindex_at_home()
    assert bed.look() == [EVE]
    bed.run.progress("embedding", 3, 9)
    bed.run.progress("embedding", 4, 9)
    assert bed.look() == [EVE]
    assert "embedding 4 of 9" in bed.slack.shown[-1][1]
    bed.run.ended(Report(4, 9, 1, 0, 0, 3, (), 1, 0.5, 2, ("+a.md",)), None)
    assert bed.look() == [EVE]
    assert "`a.md` added" in bed.slack.shown[-1][1]


def test_a_run_that_fails_says_why_in_a_sentence(bed: Bed) -> None:
    bed.homes.opened(EVE)
    bed.admin.reindex_at_home()
    bed.run.ended(None, FloorwalkerError("The folder is gone.", hint="Put it back."))
    bed.look()
    assert "Reindexing failed. The folder is gone. Put it back." in bed.slack.shown[-1][1]


def test_a_run_that_learns_anew_what_answers_are_worth_has_not_changed_nothing(bed: Bed) -> None:
    bed.homes.opened(EVE)
    for stages, told in ((("reading",), "nothing had changed"), (("reading", "calibrating"), "worked out anew")):
        bed.admin.reindex_at_home()
        for stage in stages:
            bed.run.progress(stage, 1, 1)
        bed.run.ended(Report(4, 9, 0, 0, 0, 4, (), 0, 0.5, 2, ()), None)
        bed.look()
        assert told in bed.slack.shown[-1][1]


def test_after_a_restart_the_last_runs_failures_are_still_there(bed: Bed) -> None:
    failures = (Failure("training/bad.md", "not UTF-8"),)
    again = AdminDesk(bed.slack, bed.run, lambda: {"Model": "toy"}, failures=lambda: failures, now=bed.house.clock)  # type: ignore[arg-type]
    assert again.part().failures == failures
    assert again.part().last is None
