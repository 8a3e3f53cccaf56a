"""What the desk's database says at the end. Only read, and only to understand what is seen in the workspace."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NO_LESSONS = frozenset({"tickets", "history", "outbox", "inbox", "answers", "links", "done_once"})
"""Tables in which a resolution stands whether it is taught or not."""


@dataclass(frozen=True, slots=True)
class Books:
    """A reading of `desk.sqlite`."""

    kinds: Mapping[str, str]
    """Key of each outgoing message -> what it is."""
    unsent: Sequence[str]
    """Outgoing messages that are not sent: `kind key state reason`."""
    undone: Sequence[str]
    """Incoming items that are not done."""
    tickets: Mapping[str, str]
    """`FW-1` -> its question."""
    relayed: Sequence[tuple[str, str, str]]
    """Source time stamp, channel and time stamp of each copy, in the order in which the desk took them."""
    taught: str
    """All that is kept of what coaches teach, as one text."""


def read(file: Path) -> Books:
    """Read it all at once."""
    with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=30)) as db:
        db.row_factory = sqlite3.Row
        db.execute("BEGIN")
        sent = {row["key"]: row["kind"] for row in db.execute("SELECT key, kind FROM outbox")}
        unsent = [" ".join(map(str, tuple(row))) for row in db.execute(
            "SELECT kind, key, state, coalesce(reason, '') FROM outbox WHERE state != 'sent'"
            " AND coalesce(reason, '') != 'thread_gone' AND user = ''")]
        undone = [" ".join(map(str, tuple(row))) for row in db.execute(
            "SELECT kind, key, state, coalesce(error, '') FROM inbox WHERE state != 'done'")]
        tickets = {f"FW-{row['number']}": row["question"] for row in db.execute("SELECT number, question FROM tickets")}
        relayed = [tuple(row) for row in db.execute(
            "SELECT source_ts, copy_channel, copy_ts FROM links WHERE copy_ts IS NOT NULL ORDER BY id")]
        return Books(sent, unsent, undone, tickets, relayed, _taught(db))


def _taught(db: sqlite3.Connection) -> str:
    tables = [row["name"] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    kept: list[Any] = []
    for table in tables:
        if table not in NO_LESSONS and not table.startswith(("sqlite_", "_")):
            kept += [tuple(row) for row in db.execute(f'SELECT * FROM "{table}"')]  # noqa: S608
    return str(kept)
