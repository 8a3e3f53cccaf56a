"""Once a day, and again soon after a failure."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.jobs.housekeeping import Regular
from tests.fakes import Clock


def test_at_the_first_look_and_then_once_a_day() -> None:
    clock, done = Clock(), []
    daily = Regular(done.append, clock)
    for hours in (0, 1, 22, 1, 1, 23):
        clock.forward(hours=hours)
        assert daily() is False
    assert [(moment - done[0]).days for moment in done] == [0, 1, 2]


def test_after_a_failure_the_next_look_tries_again() -> None:
    tries: list[datetime] = []

    def fail_once(now: datetime) -> None:
        tries.append(now)
        if len(tries) == 1:
            raise InterruptedError

    daily = Regular(fail_once, Clock())
    with pytest.raises(InterruptedError):
        daily()
    daily()
    daily()
    assert len(tries) == 2
