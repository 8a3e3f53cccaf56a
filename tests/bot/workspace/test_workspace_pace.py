"""Slack's rate limits, on a clock that is moved."""

from __future__ import annotations

import pytest

from bot.workspace.pace import Pace


class Seconds:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Seconds:
    return Seconds()


def test_a_channel_takes_a_short_burst_and_then_one_message_a_second(clock: Seconds) -> None:
    pace = Pace(clock)
    waits = [pace.seconds_to_wait("chat.postMessage", "special", "C1") for _ in range(7)]
    assert waits == [0, 0, 0, 0, 0, 1, 1]
    assert pace.seconds_to_wait("chat.postMessage", "special", "C2") == 0
    clock.now += 1.0
    assert [pace.seconds_to_wait("chat.postMessage", "special", "C1") for _ in range(2)] == [0, 1]
    clock.now += 60.0
    assert [pace.seconds_to_wait("chat.postMessage", "special", "C1") for _ in range(6)] == [0, 0, 0, 0, 0, 1]


@pytest.mark.parametrize(("tier", "calls"), [("1", 1), ("2", 20), ("3", 50), ("4", 100)])
def test_a_tier_is_so_many_calls_a_minute_for_each_method(clock: Seconds, tier: str, calls: int) -> None:
    pace = Pace(clock)
    assert [pace.seconds_to_wait("one", tier) for _ in range(calls)] == [0] * calls
    wait = pace.seconds_to_wait("one", tier)
    assert 60 / calls <= wait < 60 / calls + 1
    assert pace.seconds_to_wait("another", tier) == 0
    clock.now += wait
    assert pace.seconds_to_wait("one", tier) == 0


def test_who_waits_as_told_is_let_in(clock: Seconds) -> None:
    pace, sent = Pace(clock), 0
    while sent < 40:
        wait = pace.seconds_to_wait("chat.postMessage", "special", "C1")
        clock.now += wait
        sent += wait == 0
    assert 34 <= clock.now - 100.0 <= 36


def test_without_a_clock_there_are_no_limits() -> None:
    pace = Pace(None)
    assert not any(pace.seconds_to_wait("chat.postMessage", "special", "C1") for _ in range(1000))
