"""What came in from Slack: written down before it is acknowledged, kept until it is done."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from bot.desk.columns import moment, stamp, to_json
from bot.desk.owed import Owed
from bot.desk.store import Row, Store
from bot.watching import work

TRIES = 10
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=1), timedelta(minutes=5)
_KEPT = timedelta(days=7)
_HELD = timedelta(seconds=30)
"""Longer than any listener works: who has not ended a held item by then has failed at it."""


@dataclass(frozen=True, slots=True)
class InboxItem:
    """One thing to do: an event, a click, a command, a submission."""

    id: int
    key: str
    kind: str
    payload: Mapping[str, Any]
    attempts: int
    """Tries that failed before this one."""
    reference: str
    """The number that stands in every log line about it, and in what is said to people about it."""
    received_at: datetime


class Inbox:
    """Each key once. Items of one conversation are done one at a time, others beside each other."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._owed = Owed()
        self.added = threading.Event()
        """Set whenever there may be something to claim; whoever waits for it clears it."""

    def record(self, key: str, kind: str, payload: Mapping[str, Any], conversation: str, now: datetime, *,
               held: bool = False) -> int | None:
        """Write an item down; None if its key is known already. Committed on return, so acknowledge after it.

        A `held` item is being done by its recorder: `claim_next` gives it out only if there is no `done` within half a
        minute, or the process dies before. An empty `conversation` is in nobody's way.
        """
        with self._store.transaction():
            rows = self._store.write(
                "INSERT INTO inbox (key, kind, payload, conversation, state, attempts, due_at, received_at, reference)"
                " VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?) ON CONFLICT (key) DO NOTHING RETURNING id",
                (key, kind, to_json(payload), conversation, "held" if held else "new", stamp(now), stamp(now),
                 work.reference() or work.new_reference()))
            self._store.after_commit(self.added.set)
        return int(rows[0]["id"]) if rows else None

    def claim_next(self, now: datetime) -> InboxItem | None:
        """Take the oldest item that is due and whose conversation nobody is working on; None if there is none."""
        self._owed.settle()
        moments = {"now": stamp(now), "held_since": stamp(now - _HELD)}
        if self._store.row(_NEXT, moments) is None:
            return None  # most looks find nothing: these need no write lock
        rows = self._store.write(_CLAIM_NEXT, moments)
        return _item(rows[0]) if rows else None

    def done(self, item_id: int, now: datetime) -> None:
        """Finished. The payload goes; the key stays for a week, so that a late repetition is still known."""
        self._owed.write(partial(self._end, item_id, "done", now))

    def retry(self, item_id: int, now: datetime, error_name: str) -> bool:
        """It failed: try again after a wait of 1 s, doubling up to 5 min. False: that was the tenth time, given up.

        `error_name` is the name of the error's class: no text that a user wrote.
        """
        return self._owed.write(partial(self._retry, item_id, now, error_name))

    def _retry(self, item_id: int, now: datetime, error_name: str) -> bool:
        with self._store.transaction():
            row = self._store.write("UPDATE inbox SET attempts = attempts + 1, error = ? WHERE id = ?"
                                    " RETURNING attempts", (error_name, item_id))[0]
            attempts = int(row["attempts"])
            again = attempts < TRIES
            wait = min(_FIRST_WAIT * 2 ** (attempts - 1), _LONGEST_WAIT)
            self._store.write("UPDATE inbox SET state = ?, due_at = ? WHERE id = ?",
                              ("new" if again else "failed", stamp(now + wait), item_id))
        return again

    def release(self, item_id: int, due: datetime) -> None:
        """Its recorder does not do a held item after all: it is given out from then on."""
        with self._store.transaction():
            self._store.write("UPDATE inbox SET state = 'new', due_at = ? WHERE id = ? AND state = 'held'",
                              (stamp(due), item_id))
            self._store.after_commit(self.added.set)

    def take_up(self, now: datetime) -> int:
        """At start, before anybody claims: what a killed process left half done is to be done. Returns how many."""
        return len(self._store.write("UPDATE inbox SET state = 'new', due_at = ? WHERE state IN ('working', 'held')"
                                     " RETURNING id", (stamp(now),)))

    def pending(self) -> int:
        """How many items are not done yet."""
        row = self._store.row("SELECT count(*) AS n FROM inbox WHERE state IN ('new', 'working', 'held')")
        return int(row["n"]) if row else 0

    def oldest_waiting(self) -> datetime | None:
        """When the oldest item that is not done yet came in; None if there is none."""
        row = self._store.row("SELECT min(received_at) AS at FROM inbox WHERE state IN ('new', 'working', 'held')")
        return moment(row["at"]) if row and row["at"] else None

    def purge(self, now: datetime) -> int:
        """Remove what ended more than a week ago. Returns how many."""
        return len(self._store.write("DELETE FROM inbox WHERE state IN ('done', 'failed') AND due_at < ? RETURNING id",
                                     (stamp(now - _KEPT),)))

    def _end(self, item_id: int, state: str, now: datetime) -> None:
        self._store.write("UPDATE inbox SET state = ?, payload = '{}', due_at = ? WHERE id = ?",
                          (state, stamp(now), item_id))


# Things that are due are usually few, so an index on (state, due_at) finds them at once.
_NEXT = """SELECT id FROM inbox AS item
    WHERE (state = 'new' AND due_at <= :now OR state = 'held' AND due_at <= :held_since)
    AND (conversation = '' OR NOT EXISTS (
        SELECT 1 FROM inbox AS other WHERE other.state = 'working' AND other.conversation = item.conversation))
    ORDER BY id LIMIT 1"""
_CLAIM_NEXT = f"UPDATE inbox SET state = 'working' WHERE id = ({_NEXT}) RETURNING *"  # noqa: S608


def _item(row: Row) -> InboxItem:
    return InboxItem(row["id"], row["key"], row["kind"], json.loads(row["payload"]), row["attempts"],
                     row["reference"] or work.new_reference(), moment(row["received_at"]))
