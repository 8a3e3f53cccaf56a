"""Edits that come before the message that they change: after a reconnect, Slack's order is not to be relied on."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.desk.columns import stamp
from bot.desk.store import Store

_KEPT = timedelta(hours=1)


class EarlyEdits:
    """What messages read by now that the desk has not received yet."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def keep(self, channel: str, ts: str, text: str, now: datetime) -> None:
        """The latest words of a message that is not known. Belongs into the step's transaction."""
        self._store.write("INSERT INTO early_edits (channel, ts, text, at) VALUES (?, ?, ?, ?)"
                          " ON CONFLICT (channel, ts) DO UPDATE SET text = excluded.text, at = excluded.at",
                          (channel, ts, text, stamp(now)))

    def text(self, channel: str, ts: str) -> str | None:
        """The words of a message as they were edited before it came; None if they were not."""
        row = self._store.row("SELECT text FROM early_edits WHERE channel = ? AND ts = ?", (channel, ts))
        return str(row["text"]) if row else None

    def drop(self, channel: str, ts: str) -> None:
        """The message was received, or is gone."""
        self._store.write("DELETE FROM early_edits WHERE channel = ? AND ts = ?", (channel, ts))

    def purge(self, now: datetime) -> None:
        """Forget those whose message never came: it was none of the desk's."""
        self._store.write("DELETE FROM early_edits WHERE at < ?", (stamp(now - _KEPT),))
