"""How a message leaves: what it carries so that it can be found again, how fast, and what a refusal means."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackRequestError

UNREACHED = (SlackApiError, SlackRequestError, OSError, HTTPException, ValueError)
"""What a call to Slack raises when it was refused, or when nobody can say whether it arrived: resets, time-outs,
answers that break off or are no JSON."""

EVENT_TYPE = "floorwalker_message"
LATE_SECONDS = 30.0
"""After a time-out the message may still be on its way: looked for any sooner, it would be missed and sent twice."""
LOOK_BACK, PAGES = 100, 10
"""How many messages are fetched at once, and how often, to find one that may have arrived."""

GONE = frozenset({"user_disabled", "user_not_found", "user_not_visible"})
"""Errors that tell of a person to whom nobody can write any more."""
FINAL = frozenset({
    "channel_not_found", "is_archived", "not_in_channel", "user_not_found", "user_disabled", "user_not_in_channel",
    "message_not_found", "thread_not_found", "cannot_reply_to_message", "cant_update_message", "cant_delete_message",
    "edit_window_closed", "messages_tab_disabled", "restricted_action", "invalid_blocks", "invalid_arguments",
    "msg_too_long", "msg_blocks_too_long", "no_text", "used_url", "expired_url",
})
"""Errors that no repetition cures. Everything else is tried again; a scope that is missing, too: an admin adds it."""


def metadata(key: str) -> dict[str, Any]:
    """What each posted message carries."""
    return {"event_type": EVENT_TYPE, "event_payload": {"key": key}}


def find_posted(client: WebClient, channel: str, thread_ts: str, key: str) -> str | None:
    """The time stamp of the message that carries this key, if Slack has it among the latest thousand."""
    cursor = ""
    for _ in range(PAGES):
        window: dict[str, Any] = {"channel": channel, "limit": LOOK_BACK, "include_all_metadata": True}
        if cursor:
            window["cursor"] = cursor
        # Slack gives threads oldest first: what was sent last is on the last page.
        page = (client.conversations_replies(ts=thread_ts, **window) if thread_ts
                else client.conversations_history(**window))
        found = next((str(message["ts"]) for message in page["messages"] if _carries(message, key)), None)
        cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
        if found or not cursor:
            return found
    return None


def _carries(message: Mapping[str, Any], key: str) -> bool:
    carried = message.get("metadata") or {}
    return carried.get("event_type") == EVENT_TYPE and (carried.get("event_payload") or {}).get("key") == key


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a failed call means for the message."""

    reason: str
    final: bool
    """Trying again is useless."""
    doubtful: bool
    """It may have arrived all the same."""
    wait_seconds: float | None
    """How long Slack told us to wait."""


def trouble_of(error: Exception) -> Trouble:
    """Judge what a call to Slack raised."""
    if not isinstance(error, SlackApiError):
        timed_out = isinstance(error, TimeoutError) or isinstance(getattr(error, "reason", None), TimeoutError)
        wait = LATE_SECONDS if timed_out else None
        return Trouble(type(error).__name__, final=False, doubtful=True, wait_seconds=wait)
    response = error.response
    status = getattr(response, "status_code", 200)
    code = str(response.get("error", "")) if not isinstance(response.data, bytes) else ""
    if status == 429 or code in {"ratelimited", "rate_limited"}:
        wait = float(response.headers.get("Retry-After", response.headers.get("retry-after", 1)))
        return Trouble("ratelimited", final=False, doubtful=False, wait_seconds=wait)
    if status >= 500:
        return Trouble(f"http_{status}", final=False, doubtful=True, wait_seconds=None)
    return Trouble(code or f"http_{status}", final=code in FINAL, doubtful=False, wait_seconds=None)


class Pace:
    """At most one message a second for each channel, after a short burst, as Slack allows."""

    def __init__(self, burst: int = 3, clock: Callable[[], float] = time.monotonic) -> None:
        self._burst, self._clock = burst, clock
        self._lock = threading.Lock()
        self._free_at: dict[str, float] = {}

    def wait_seconds(self, channel: str) -> float:
        """Take the next place in this channel; returns how long until it comes."""
        with self._lock:
            now = self._clock()
            start = max(self._free_at.get(channel, 0.0), now - self._burst)
            self._free_at[channel] = start + 1.0
            return max(0.0, start + 1.0 - now)

    def close(self, channel: str, seconds: float) -> None:
        """Slack said how long this channel must rest."""
        with self._lock:
            self._free_at[channel] = self._clock() + seconds
