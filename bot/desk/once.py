"""Steps that must happen once, whatever is repeated."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.desk.columns import stamp
from bot.desk.store import Store

_KEPT = timedelta(days=30)


def gone(channel: str, ts: str) -> str:
    """The key of a message's deletion."""
    return f"deleted:{channel}:{ts}"


class Once:
    """Keys of steps that were done. The key and the step are committed together, so a race has one winner."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def first(self, key: str, now: datetime) -> bool:
        """Take the key. False if it is taken: the step was done. Belongs into the step's transaction."""
        return bool(self._store.write("INSERT INTO done_once (key, at) VALUES (?, ?) ON CONFLICT (key) DO NOTHING"
                                      " RETURNING key", (key, stamp(now))))

    def known(self, key: str) -> bool:
        """Whether it is taken already: spares a search, decides nothing."""
        return self._store.row("SELECT 1 AS yes FROM done_once WHERE key = ?", (key,)) is not None

    def purge(self, now: datetime) -> None:
        """Forget keys of more than a month ago: nobody repeats these."""
        self._store.write("DELETE FROM done_once WHERE at < ?", (stamp(now - _KEPT),))
