"""Workers end when they are told to: with the unit that they hold, or with all that is due."""

from __future__ import annotations

import threading

import pytest

from bot.jobs.workers import Workers


class Line:
    """Units of work; the first one takes until it is let go."""

    def __init__(self, units: int) -> None:
        self.left = units
        self.begun, self.let_go = threading.Event(), threading.Event()

    def step(self) -> bool:
        if not self.left:
            return False
        self.begun.set()
        self.let_go.wait(10)
        self.left -= 1
        return True


@pytest.mark.parametrize(("finish", "left"), [(0.0, 2), (10.0, 0)])
def test_they_finish_what_they_hold_and_if_told_so_all_that_is_due(finish: float, left: int) -> None:
    line = Line(3)
    workers = Workers("test", line.step, threading.Event(), 1)
    workers.start()
    assert line.begun.wait(10)
    assert workers.alive
    assert not workers.stop(0.01, finish=finish), "one is still busy"
    line.let_go.set()
    workers._threads[0].join(10)
    assert (line.left, workers.alive) == (left, False)
    assert workers.stop(0.01)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_worker_that_has_died_is_seen() -> None:
    def dies() -> bool:
        raise SystemExit  # nothing less gets through

    workers = Workers("test", dies, threading.Event(), 1)
    workers.start()
    workers._threads[0].join(10)
    assert not workers.alive
