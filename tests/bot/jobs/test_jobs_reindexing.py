"""One run at a time; what was taught meanwhile is taken in right after, and again where that failed."""

from __future__ import annotations

import threading
from collections.abc import Callable

from bot.errors import FloorwalkerError
from bot.jobs.apart import Progress
from bot.jobs.reindexing import Reindexing, Wish
from indexer.types import Report

REPORT = Report(0, 0, 0, 0, 0, 0, (), 0, 0.0, 1)
PATIENCE = 10


class Library:
    """Notes each run, and waits inside it until it is let go."""

    def __init__(self, *refusals: Exception) -> None:
        self.runs: list[bool] = []
        self.began, self.go = threading.Semaphore(0), threading.Semaphore(0)
        self._refusals = list(refusals)

    def reindex(self, _progress: Progress, wish: Wish) -> Report:
        self.runs.append(wish.only_taught)
        self.began.release()
        assert self.go.acquire(timeout=PATIENCE)
        if self._refusals:
            raise self._refusals.pop(0)
        return REPORT

    def wait_for_a_run(self) -> None:
        assert self.began.acquire(timeout=PATIENCE)


def quiet(_stage: str, _done: int, _total: int) -> None:
    pass


def ending(into: list[str], ended: threading.Event) -> Callable[[Report | None, FloorwalkerError | None], None]:
    def told(report: Report | None, error: FloorwalkerError | None) -> None:
        into.append(error.sentence if error else str(report and report.generation))
        ended.set()

    return told


def test_what_is_taught_is_taken_in_by_a_short_run() -> None:
    library = Library()
    reindexing = Reindexing(library.reindex)
    reindexing.soon()
    library.wait_for_a_run()
    library.go.release()
    reindexing.wait(PATIENCE)
    assert library.runs == [True]
    assert not reindexing.running


def test_what_is_taught_during_a_run_is_taken_in_right_after_it() -> None:
    library, told, ended = Library(), [], threading.Event()
    reindexing = Reindexing(library.reindex)
    assert reindexing.start(quiet, ending(told, ended))
    library.wait_for_a_run()
    assert not reindexing.start(quiet, ending(told, ended)), "one at a time"
    reindexing.soon()
    reindexing.soon()
    library.go.release(2)
    library.wait_for_a_run()
    reindexing.wait(PATIENCE)
    assert library.runs == [False, True]
    assert told == ["1"]


def test_where_it_fails_it_is_tried_again() -> None:
    library = Library(FloorwalkerError("Another run is indexing."), RuntimeError("a bug"))
    reindexing = Reindexing(library.reindex, first_wait=0.0)
    library.go.release(3)
    reindexing.soon()
    for _ in range(3):
        library.wait_for_a_run()
    assert library.runs == [True, True, True]


def test_an_admins_run_that_fails_is_told_and_not_repeated() -> None:
    library, told, ended = Library(RuntimeError("a bug")), [], threading.Event()
    reindexing = Reindexing(library.reindex, first_wait=0.0)
    library.go.release()
    reindexing.start(quiet, ending(told, ended))
    assert ended.wait(PATIENCE)
    reindexing.wait(PATIENCE)
    assert (len(told), library.runs) == (1, [False])
    assert "a bug" not in told[0]
