"""Events: messages, mentions, edits, deletions, the Home tab."""

from __future__ import annotations

import re
from typing import Any

from slack_bolt import App

from bot.desk.types import Message
from bot.slack import payloads
from bot.slack.front import Front


def register(app: App, front: Front) -> None:
    @app.event(re.compile(".*"))
    def keep_event(body: dict[str, Any]) -> None:
        event = payloads.event(body, front.identity.user)
        if event is None or _is_small_talk(event):
            return
        if isinstance(event, payloads.Deleted):
            # At once: in its turn it would come after the question that it takes back.
            front.desk.deleted(event.channel, event.ts, front.now())
        elif front.keep("event", body) is not None:
            front.wake()


def _is_small_talk(event: payloads.Event) -> bool:
    """People among themselves: a top-level channel message that does not mention the bot can be nothing of ours."""
    return isinstance(event, Message) and not (event.direct or event.mentioned or event.thread_ts)
