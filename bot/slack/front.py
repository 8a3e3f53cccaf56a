"""The front desk: takes in what Slack sends, at most once, before Slack is told that it arrived."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from slack_sdk import WebClient

from bot.desk.desk import Desk
from bot.desk.inbox import Inbox
from bot.desk.types import People
from bot.slack import keys
from bot.slack.admin import AdminDesk
from bot.slack.connection import Identity
from bot.slack.pane import Pane
from bot.slack.ways import Ways
from bot.watching.metrics import Metrics

Kind = Literal["event", "click", "submission", "command", "shortcut"]


@dataclass(frozen=True, slots=True)
class Front:
    """What the listeners share."""

    inbox: Inbox
    desk: Desk
    people: People
    admin: AdminDesk
    client: WebClient
    identity: Identity
    now: Callable[[], datetime]
    wake: Callable[[], None]
    """Tells the workers that there is something to do."""
    metrics: Metrics = field(default_factory=Metrics)
    ways: Ways = field(default_factory=Ways)
    pane: Pane | None = None
    """Absent where there is nobody to look at it."""

    def keep(self, kind: Kind, body: Mapping[str, Any], *, held: bool = False) -> int | None:
        """Write down what came. None: it is known already, there is nothing to do.

        `held` is for what the listener itself finishes; the workers take it up only after a restart.
        """
        return self.inbox.record(
            keys.key_of(body), kind, dict(body), keys.conversation_of(body), self.now(), held=held
        )
