"""How messages leave: pace, what a refusal means, finding what was posted already."""

from __future__ import annotations

from http.client import IncompleteRead
from typing import Any
from urllib.error import URLError

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.slack.posting import LATE_SECONDS, LOOK_BACK, UNREACHED, Pace, find_posted, metadata, trouble_of


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


class Pages(WebClient):
    """A thread and a channel of many messages, given out as Slack does: page by page, threads oldest first."""

    def __init__(self, keys: list[str]) -> None:
        super().__init__()
        self._messages = [{"ts": f"{number}.0", "metadata": metadata(key)} for number, key in enumerate(keys)]

    def conversations_replies(self, *, limit: int, cursor: str = "0", **_more: Any) -> Any:
        return self._page(self._messages, limit, int(cursor))

    def conversations_history(self, *, limit: int, cursor: str = "0", **_more: Any) -> Any:
        return self._page(self._messages[::-1], limit, int(cursor))

    def _page(self, messages: list[dict[str, Any]], limit: int, start: int) -> dict[str, Any]:
        rest = start + limit < len(messages)
        return {"messages": messages[start:start + limit],
                "response_metadata": {"next_cursor": str(start + limit) if rest else ""}}


def test_a_message_is_found_in_a_thread_that_is_longer_than_one_page() -> None:
    """What may have arrived last is on the last page."""
    keys = [f"n-{number}" for number in range(2 * LOOK_BACK + 5)]
    client = Pages(keys)
    for thread in ("1.0", ""):
        assert find_posted(client, "C1", thread, keys[-1]) == f"{len(keys) - 1}.0"
        assert find_posted(client, "C1", thread, keys[0]) == "0.0"
        assert find_posted(client, "C1", thread, "other") is None
