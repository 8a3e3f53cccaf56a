"""Trigger ids: proof that a person did something just now. Three seconds, one view each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.workspace.errors import SlackError
from bot.workspace.identifiers import secret

LIFETIME = timedelta(seconds=3)
REMEMBERED = timedelta(minutes=10)


@dataclass(slots=True)
class Trigger:
    """Who did something when, and in which modal (if it was in one)."""

    user: str
    view_id: str | None
    issued: datetime
    used: bool = False


class Triggers:
    """All trigger ids of the last minutes."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._triggers: dict[str, Trigger] = {}

    def issue(self, user: str, view_id: str | None = None) -> str:
        """A new one, for a payload that goes out now."""
        now = self._now()
        self._triggers = {key: trigger for key, trigger in self._triggers.items() if now - trigger.issued < REMEMBERED}
        key = f"{int(now.timestamp() * 1000)}.{secret(12)}"
        self._triggers[key] = Trigger(user, view_id, now)
        return key

    def look(self, trigger_id: str) -> Trigger:
        """The trigger, if a view may be opened with it; it is not spent yet.

        Raises:
            SlackError: unknown, too old or used before.
        """
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self._now() - trigger.issued > LIFETIME:
            raise SlackError("expired_trigger_id")
        return trigger
