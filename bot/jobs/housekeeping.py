"""What is done again and again: looking at the clock, and once a day removing what is no longer needed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

DAY = timedelta(days=1)


class Regular:
    """A step for a worker: calls `do(now)` at its first look and then as often as it says."""

    def __init__(self, do: Callable[[datetime], None], now: Callable[[], datetime], *, every: timedelta = DAY) -> None:
        self._do, self._now, self._every = do, now, every
        self._due: datetime | None = None

    def __call__(self) -> bool:
        """Returns False: there is never a next one waiting. If `do` fails, the next look tries again."""
        now = self._now()
        if self._due is None or now >= self._due:
            self._do(now)
            self._due = now + self._every
        return False
