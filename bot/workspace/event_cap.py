"""How many events an app is told in an hour. Beyond that Slack says, once a minute, that there were more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.workspace import cast
from bot.workspace.records import Json

EVENTS_AN_HOUR = 30_000
MINUTES = 60


class EventCap:
    """Counts events by the minute."""

    def __init__(self, now: Callable[[], datetime], most: int = EVENTS_AN_HOUR) -> None:
        self._now = now
        self._most = most
        self._counts: dict[int, int] = {}
        self._told = 0
        """The last minute in which the app was told that it is held back."""

    def admit(self) -> bool:
        """Whether one more event may be delivered now; it is counted if so."""
        minute = self._minute()
        self._counts = {at: count for at, count in self._counts.items() if at > minute - MINUTES}
        if sum(self._counts.values()) >= self._most:
            return False
        self._counts[minute] = self._counts.get(minute, 0) + 1
        return True

    def notice(self) -> Json | None:
        """What the app is told when an event is held back; None if it was told in this minute."""
        minute = self._minute()
        if minute == self._told:
            return None
        self._told = minute
        return {"token": "local", "type": "app_rate_limited", "team_id": cast.TEAM_ID,
                "minute_rate_limited": minute * 60, "api_app_id": cast.APP_ID}

    def _minute(self) -> int:
        return int(self._now().timestamp() // 60)
