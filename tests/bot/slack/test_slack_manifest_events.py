"""Each event that the manifest subscribes to is read by the bot, and each that the bot reads is subscribed to."""

from __future__ import annotations

import ast
import inspect
from typing import Any

import pytest

from bot.slack import payloads
from bot.slack.manifest import EVENTS
from bot.slack.shapes import is_sound

BOT = "U0BOT"
EARLIER = {"assistant_thread_started"}
"""Of apps that were made with the older `assistant_view`; a new app cannot be made so any more."""
SAID = {"type": "message", "user": "U0MIA", "text": "Why?", "ts": "1700000000.000100"}
SAMPLES: dict[str, dict[str, Any]] = {
    "app_mention": SAID | {"type": "app_mention", "channel": "C0GOLIVE", "text": f"<@{BOT}> Why?"},
    "message.im": SAID | {"channel": "D0MIA", "channel_type": "im"},
    "message.channels": SAID | {"channel": "C0GOLIVE", "channel_type": "channel"},
    "message.groups": SAID | {"channel": "G0SECRET", "channel_type": "group"},
    "reaction_added": {"type": "reaction_added", "user": "U0MIA", "reaction": "eyes",
                       "item": {"type": "message", "channel": "C0GOLIVE", "ts": "1700000000.000100"}},
    "app_home_opened": {"type": "app_home_opened", "user": "U0MIA", "channel": "D0MIA", "tab": "home"},
    "assistant_thread_started": {"type": "assistant_thread_started", "assistant_thread": {
        "user_id": "U0MIA", "channel_id": "D0MIA", "thread_ts": "1700000000.000100"}},
}


def types_in(code: str) -> set[str]:
    """The event types that are named in the cases of a `match` on the type."""
    return {node.value.value for case in ast.walk(ast.parse(code)) if isinstance(case, ast.match_case)
            for node in ast.walk(case.pattern)
            if isinstance(node, ast.MatchValue) and isinstance(node.value, ast.Constant)}


def subscribed() -> set[str]:
    """The types in which the subscribed events come."""
    return {event.partition(".")[0] for event in EVENTS}


@pytest.mark.parametrize("event", [*EVENTS, *EARLIER])
def test_what_is_subscribed_is_read(event: str) -> None:
    body = {"type": "event_callback", "team_id": "T0OURS", "event_id": "Ev1", "event": SAMPLES[event]}
    assert is_sound(body)
    assert payloads.event(body, BOT) is not None


def test_what_is_read_is_subscribed() -> None:
    read = types_in(inspect.getsource(payloads.event))
    assert read - EARLIER == subscribed()


def test_types_are_found_in_every_case() -> None:
    code = "match kind:\n  case 'a' | 'b':\n    pass\n  case 'c' if other:\n    pass\n  case _:\n    pass"
    assert types_in(code) == {"a", "b", "c"}


def test_an_event_that_nobody_reads_would_be_noticed() -> None:
    body = {"type": "event_callback", "team_id": "T0OURS", "event_id": "Ev1", "event": {"type": "app_context_changed"}}
    assert payloads.event(body, BOT) is None
