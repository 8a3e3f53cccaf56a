"""Which message is whose copy: what lets edits and deletions follow from one thread to the other."""

from __future__ import annotations

from bot.desk.store import Row, Store
from bot.desk.types import Link, Ticket


class Links:
    """The table of relayed messages."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, ticket: Ticket, source: tuple[str, str], author: str, copy_channel: str) -> int:
        """Note that a message (`source`: channel and time stamp) is being relayed. Returns the link's id."""
        return int(self._store.write(
            "INSERT INTO links (ticket, source_channel, source_ts, author, copy_channel) VALUES (?, ?, ?, ?, ?)"
            " RETURNING id", (ticket.number, *source, author, copy_channel))[0]["id"])

    def get(self, link_id: int) -> Link:
        """Raises KeyError if there is none."""
        row = self._store.row("SELECT * FROM links WHERE id = ?", (link_id,))
        if row is None:
            raise KeyError(link_id)
        return _link(row)

    def by_source(self, channel: str, ts: str) -> Link | None:
        """The link of an original."""
        row = self._store.row("SELECT * FROM links WHERE source_channel = ? AND source_ts = ?", (channel, ts))
        return _link(row) if row else None

    def remove(self, link_id: int) -> None:
        """Its copy was never sent: the original counts as not relayed."""
        self._store.write("DELETE FROM links WHERE id = ?", (link_id,))

    def author(self, link_id: int) -> str:
        """Who wrote the original."""
        row = self._store.row("SELECT author FROM links WHERE id = ?", (link_id,))
        return str(row["author"]) if row else ""


def _link(row: Row) -> Link:
    return Link(row["id"], row["ticket"], row["source_channel"], row["source_ts"], row["copy_channel"], row["copy_ts"])
