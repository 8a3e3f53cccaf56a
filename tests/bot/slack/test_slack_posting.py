"""How messages leave: pace, what a refusal means, finding what was posted already."""

from __future__ import annotations

from http.client import IncompleteRead
from typing import Any
from urllib.error import URLError

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.slack.posting import LATE_SECONDS, UNREACHED, Pace, trouble_of


def refused(status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> SlackApiError:
    response = SlackResponse(client=None, http_verb="POST", api_url="x", req_args={}, data=body, headers=headers or {},
                             status_code=status)
    return SlackApiError("refused", response)


def test_pace_lets_a_burst_through_and_then_one_a_second() -> None:
    time = [100.0]
    pace = Pace(burst=3, clock=lambda: time[0])
    assert [pace.wait_seconds("C1") for _ in range(5)] == [0, 0, 0, 1, 2]
    assert pace.wait_seconds("C2") == 0
    time[0] += 60
    assert [pace.wait_seconds("C1") for _ in range(4)] == [0, 0, 0, 1]


def test_a_closed_channel_rests_as_long_as_slack_said() -> None:
    time = [100.0]
    pace = Pace(clock=lambda: time[0])
    pace.close("C1", 30)
    assert pace.wait_seconds("C1") >= 30


@pytest.mark.parametrize(("error", "final", "doubtful", "wait"), [
    (refused(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "7"}), False, False, 7),
    (refused(500, {"ok": False}), False, True, None),
    (refused(200, {"ok": False, "error": "internal_error"}), False, False, None),
    (refused(200, {"ok": False, "error": "is_archived"}), True, False, None),
    (ConnectionResetError(), False, True, None),
    (TimeoutError(), False, True, LATE_SECONDS),
    (URLError(TimeoutError()), False, True, LATE_SECONDS),
    (IncompleteRead(b""), False, True, None),
])
def test_what_trouble_means(error: Exception, final: bool, doubtful: bool, wait: float | None) -> None:
    assert isinstance(error, UNREACHED)
    trouble = trouble_of(error)
    assert (trouble.final, trouble.doubtful, trouble.wait_seconds) == (final, doubtful, wait)
