"""The clock of the sources: what is due is begun, once, after failures and restarts, too."""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import FloorwalkerError
from bot.jobs.apart import Progress
from bot.jobs.reindexing import Reindexing, Wish
from bot.jobs.schedule import SOON, Schedule
from indexer.types import Gated, Report
from tests.fakes import Clock

PATIENCE = 10
EVERY = {"wiki": timedelta(hours=1), "handbook": timedelta(days=1)}


class Bot:
    """A data folder with its schedule; runs end at once."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.clock = folder, Clock()
        self.built_at = self.clock.now
        self.runs: list[frozenset[str] | None] = []
        self.fails: FloorwalkerError | None = None
        self.gated: Gated | None = None
        self.restart()

    def restart(self) -> None:
        self.reindexing = Reindexing(self.run)
        self.schedule = Schedule(EVERY, self.folder / "schedule.json", self.reindexing, lambda: self.built_at)

    def run(self, _progress: Progress, wish: Wish) -> Report:
        self.runs.append(wish.refresh)
        self.schedule.ran(wish.refresh, self.clock.now, self.fails.sentence if self.fails else "")
        if self.fails:
            raise self.fails
        return Report(0, 0, 0, 0, 0, 0, (), 0, 0.0, 1, gated=self.gated)

    def look(self) -> list[frozenset[str] | None]:
        """What has been run so far."""
        self.schedule.look(self.clock.now)
        self.reindexing.wait(PATIENCE)
        return self.runs


@pytest.fixture
def bot(tmp_path: Path) -> Bot:
    return Bot(tmp_path)


def test_only_what_is_due_is_fetched(bot: Bot) -> None:
    assert bot.look() == []
    bot.clock.forward(minutes=59)
    assert bot.look() == []
    bot.clock.forward(minutes=1)
    assert bot.look() == [{"wiki"}]
    assert bot.look() == [{"wiki"}]
    bot.clock.forward(hours=23)
    assert bot.look()[1:] == [{"wiki", "handbook"}]


def test_a_restart_neither_forgets_nor_repeats(bot: Bot) -> None:
    bot.clock.forward(hours=1)
    bot.look()
    bot.restart()
    assert bot.look() == [{"wiki"}]
    bot.clock.forward(hours=1)
    bot.restart()
    assert bot.look() == [{"wiki"}, {"wiki"}]


def test_a_failure_is_told_and_tried_again_sooner(bot: Bot) -> None:
    bot.clock.forward(hours=1)
    bot.fails = FloorwalkerError("The wiki cannot be reached.")
    bot.look()
    assert "wiki" in bot.schedule.troubles()[0]
    assert "The wiki cannot be reached." in bot.schedule.troubles()[0]
    assert bot.look() == [{"wiki"}]
    bot.clock.forward(seconds=SOON.total_seconds())
    bot.fails = None
    assert bot.look() == [{"wiki"}, {"wiki"}]
    assert bot.schedule.troubles() == []


def test_what_an_admin_runs_counts(bot: Bot) -> None:
    bot.clock.forward(hours=1)
    bot.schedule.ran(None, bot.clock.now)
    assert bot.look() == []


def test_a_run_that_is_under_way_is_waited_for(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    bot.clock.forward(hours=1)
    with monkeypatch.context() as busy:
        busy.setattr(bot.reindexing, "start", lambda *_: False)
        assert bot.look() == []
    assert bot.look() == [{"wiki"}]


def test_last_and_next_are_told_and_logged(bot: Bot, caplog: pytest.LogCaptureFixture) -> None:
    bot.clock.forward(hours=1)
    with caplog.at_level(logging.INFO, "bot.jobs.schedule"):
        bot.look()
    assert "wiki began" in caplog.text
    assert "wiki ended: 0 added" in caplog.text
    assert bot.schedule.told() == ("wiki: last 02 Mar, 10:00, next 02 Mar, 11:00 UTC; "
                                   "handbook: next 03 Mar, 09:00 UTC")


def test_golden_questions_that_got_worse_are_logged(bot: Bot, caplog: pytest.LogCaptureFixture) -> None:
    bot.gated = Gated(20, ("Who approves?",), 0, held_back=True)
    bot.clock.forward(hours=1)
    bot.look()
    assert "1 of 20 golden questions got worse; it was not published" in caplog.text


@pytest.mark.parametrize("content", ["", "[]", '{"wiki": 1}', '{"wiki": {"at": "soon"}}', '{"wiki": {}}'])
def test_a_broken_file_stops_nothing(bot: Bot, content: str) -> None:
    (bot.folder / "schedule.json").write_text(content)
    bot.restart()
    bot.clock.forward(hours=1)
    assert bot.look() == [{"wiki"}]
