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
        if event is None or not _concerns_us(front, event):
            return
        if isinstance(event, payloads.Deleted):
            # At once: in its turn it would come after the question that it takes back.
            front.desk.deleted(event.channel, event.ts, front.now())
        elif front.keep("event", body) is not None:
            front.wake()


def _concerns_us(front: Front, event: payloads.Event) -> bool:
    """False for what people say and mark among themselves: that is not even written down."""
    match event:
        case Message():
            return front.desk.may_concern(event)
        case payloads.Reacted(emoji):
            return front.ways.meaning(emoji) is not None
        case _:
            return True
