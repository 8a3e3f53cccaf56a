"""What is to be said in Slack: written with the change that it tells of, sent in order, never twice."""

from __future__ import annotations

import json
import threading
import uuid
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from bot.desk.columns import moment, stamp, to_json
from bot.desk.owed import Owed
from bot.desk.store import Row, Store
from bot.desk.types import Notice, Outgoing, Ticket
from bot.watching import work

_KEPT = timedelta(days=7)


class Outbox:
    """Per channel strictly in order: while its oldest notice waits or is being sent, the later ones wait."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._owed = Owed()
        self.added = threading.Event()
        """Set whenever there may be something to claim; whoever waits for it clears it."""

    def add(self, notice: Notice, now: datetime) -> str:
        """Put a notice in, within the transaction that is open (or in one of its own). Returns its key.

        A card is drawn from the ticket when it is sent; so a change to a card that has not been sent is not added,
        and the key of the waiting notice is returned.
        """
        with self._store.transaction():
            waiting = self._unsent_card(notice)
            if waiting:
                return waiting
            key = f"n-{uuid.uuid4()}"
            self._store.write(
                "INSERT INTO outbox (key, kind, channel, thread, user, ticket, content, respond_url, state, attempts,"
                " doubtful, due_at, added_at, reference, caused_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'pending', 0, 0, ?, ?, ?, ?)",
                (key, notice.kind, notice.channel, notice.thread, notice.user, notice.ticket,
                 to_json(dict(notice.content)), notice.respond_url, stamp(now), stamp(now), *_cause()))
            self._store.after_commit(self.added.set)
        return key

    def claim_next(self, now: datetime) -> Outgoing | None:
        """Take the oldest notice that is due and first in its channel; None if there is none.

        The threads `asker` and `card` are given as time stamps, or as "" (top level) where the message that should
        have opened the thread could not be sent. A changed card that was never posted comes as a new `card`.
        """
        self._owed.settle()
        if self._store.row(_NEXT, {"now": stamp(now)}) is None:
            return None  # most looks find nothing: these need no write lock
        rows = self._store.write(_CLAIM_NEXT, {"now": stamp(now)})
        return self._outgoing(rows[0]) if rows else None

    def sent(self, notice_id: int, now: datetime, ts: str | None) -> None:
        """It is in Slack, as `ts` (None where there is no time stamp). Also notes which message is now what:
        the ticket's card, the asker's thread, the answer, the copy of a relayed message."""
        self._owed.write(partial(self._sent, notice_id, now, ts))

    def _sent(self, notice_id: int, now: datetime, ts: str | None) -> None:
        with self._store.transaction():
            row = self._store.write(
                "UPDATE outbox SET state = 'sent', sent_at = ?, ts = ? WHERE id = ? RETURNING *",
                (stamp(now), ts, notice_id))[0]
            if ts is not None:
                self._write_back(row, ts)
            # The text has arrived; here it would only outlive a deletion.
            self._store.write("UPDATE outbox SET content = '{}' WHERE id = ?", (notice_id,))
            self._store.after_commit(self.added.set)

    def retry(self, notice_id: int, now: datetime, wait: timedelta, doubtful: bool) -> None:
        """It could not be sent now. `doubtful`: it may have arrived all the same; once doubtful, always doubtful."""
        self._owed.write(partial(
            self._store.write, "UPDATE outbox SET state = 'pending', attempts = attempts + 1, due_at = ?,"
            " doubtful = max(doubtful, ?) WHERE id = ?", (stamp(now + wait), int(doubtful), notice_id)))

    def give_up(self, notice_id: int, now: datetime, reason: str) -> None:
        """It can never be sent (`reason`: Slack's error code or a sentence). The channel's next one is free to go."""
        self._owed.write(partial(self._give_up, notice_id, now, reason))

    def _give_up(self, notice_id: int, now: datetime, reason: str) -> None:
        with self._store.transaction():
            self._store.write("UPDATE outbox SET state = 'given_up', sent_at = ?, reason = ? WHERE id = ?",
                              (stamp(now), reason, notice_id))
            self._store.after_commit(self.added.set)

    def withdraw(self, link: int) -> bool:
        """Take back the copy of a relayed message that nobody has begun to send. False: too late, or not there."""
        with self._store.transaction():
            withdrawn = self._store.write(
                "DELETE FROM outbox WHERE kind = 'relayed' AND state = 'pending' AND attempts = 0 AND doubtful = 0"
                " AND json_extract(content, '$.link') = ? RETURNING id", (link,))
            if withdrawn:  # its edits wait behind it, so they are not sent either
                self._store.write("DELETE FROM outbox WHERE state = 'pending' AND kind IN ('relay_edited',"
                                  " 'relay_deleted') AND json_extract(content, '$.link') = ?", (link,))
        return bool(withdrawn)

    def redirect(self, ticket: Ticket, channel: str, now: datetime) -> None:
        """The asker's thread of a ticket (as it was) is gone: what has not arrived there goes to this channel, in
        its order and behind what waits there already. That includes what was being sent when this was found out."""
        with self._store.transaction():
            # That the question is with the coaches, the new thread's first message tells.
            self._store.write(
                "UPDATE outbox SET state = 'given_up', sent_at = ?, reason = 'thread_gone' WHERE ticket = ?"
                " AND channel = ? AND thread = ? AND kind IN ('handed_over', 'passed_on')"
                " AND state IN ('pending', 'sending')",
                (stamp(now), ticket.number, ticket.asker_channel, ticket.asker_thread))
            for row in self._store.rows(_TO_ASKER, {"ticket": ticket.number}):
                self._store.write("UPDATE outbox SET id = (SELECT max(id) + 1 FROM outbox), channel = ?,"
                                  " state = 'pending', attempts = 0, doubtful = 0, due_at = ? WHERE id = ?",
                                  (channel, stamp(now), row["id"]))
                if row["kind"] == "relayed":
                    self._store.write("UPDATE links SET copy_channel = ? WHERE id = ?", (channel, row["link"]))
            self._store.after_commit(self.added.set)

    def drop_cards(self, ticket: Ticket, *, gone: bool = False) -> None:
        """What would draw its card where it stands (as it was) is left out: it is about to be posted elsewhere.

        One that may have arrived already stays, and is found again, unless the old place is `gone`.
        """
        self._store.write("UPDATE outbox SET state = 'given_up', sent_at = due_at, reason = 'card_moved'"  # noqa: S608
                          " WHERE ticket = ? AND channel = ? AND kind IN ('card', 'card_changed', 'card_left')"
                          f" AND {_movable(gone)}", (ticket.number, ticket.card_channel))

    def redirect_card(self, ticket: Ticket, channel: str, now: datetime, *, gone: bool = False) -> None:
        """What is for the thread of its former card goes behind the new one, which waits in this channel already.

        `gone`: nothing can be posted in the old place any more, not even what is being sent now.
        """
        with self._store.transaction():
            for row in self._store.rows("SELECT id FROM outbox WHERE ticket = ? AND thread = 'card'"  # noqa: S608
                                        f" AND {_movable(gone)} ORDER BY id", (ticket.number,)):
                self._store.write("UPDATE outbox SET id = (SELECT max(id) + 1 FROM outbox), channel = ?, due_at = ?,"
                                  " state = 'pending', attempts = 0, doubtful = 0 WHERE id = ?",
                                  (channel, stamp(now), row["id"]))
            self._store.write("UPDATE links SET copy_channel = ? WHERE ticket = ? AND copy_channel = ?"
                              " AND copy_ts IS NULL", (channel, ticket.number, ticket.card_channel))
            self._store.after_commit(self.added.set)

    def opening_thread(self, channel: str) -> bool:
        """Whether a card or a thread's first message may be in this channel already without our knowing its ts."""
        return self._store.row(
            "SELECT 1 AS yes FROM outbox WHERE channel = ? AND kind IN ('card', 'card_changed', 'thread_opener')"
            " AND (state = 'sending' OR state = 'pending' AND doubtful = 1)", (channel,)) is not None

    def take_up(self, now: datetime) -> int:
        """At start, before anybody claims: what was being sent when the process died may have arrived or not."""
        return len(self._store.write("UPDATE outbox SET state = 'pending', doubtful = 1, due_at = ?"
                                     " WHERE state = 'sending' RETURNING id", (stamp(now),)))

    def pending(self) -> int:
        """How many notices are not in Slack yet."""
        row = self._store.row("SELECT count(*) AS n FROM outbox WHERE state IN ('pending', 'sending')")
        return int(row["n"]) if row else 0

    def oldest_waiting(self) -> datetime | None:
        """When the oldest notice that is not in Slack yet was put in; None if there is none."""
        row = self._store.row("SELECT min(added_at) AS at FROM outbox WHERE state IN ('pending', 'sending')")
        return moment(row["at"]) if row and row["at"] else None

    def purge(self, now: datetime) -> int:
        """Remove what was sent or given up more than a week ago. Returns how many."""
        return len(self._store.write("DELETE FROM outbox WHERE state IN ('sent', 'given_up') AND sent_at < ?"
                                     " RETURNING id", (stamp(now - _KEPT),)))

    def _unsent_card(self, notice: Notice) -> str | None:
        if notice.kind != "card_changed":
            return None
        # A doubtful card may be in Slack already, as it was then; only a change that follows it is sure to be drawn.
        row = self._store.row("SELECT key FROM outbox WHERE ticket = ? AND state = 'pending'"
                              " AND (kind = 'card_changed' OR kind = 'card' AND doubtful = 0)", (notice.ticket,))
        return str(row["key"]) if row else None

    def _outgoing(self, row: Row) -> Outgoing:
        notice = Notice(row["kind"], row["channel"], row["thread"], row["user"], row["ticket"],
                        json.loads(row["content"]), row["respond_url"])
        if notice.ticket is not None:
            notice = self._placed(notice)
        caused_at = moment(row["caused_at"]) if row["caused_at"] else None
        return Outgoing(row["id"], row["key"], notice, row["attempts"], bool(row["doubtful"]), row["reference"],
                        caused_at)

    def _placed(self, notice: Notice) -> Notice:
        ticket = self._store.row("SELECT asker_thread, card_ts FROM tickets WHERE number = ?", (notice.ticket,)) or {}
        if notice.kind == "card_changed" and not ticket.get("card_ts"):
            return replace(notice, kind="card")
        column = {"asker": "asker_thread", "card": "card_ts"}.get(notice.thread)
        return replace(notice, thread=ticket.get(column) or "") if column else notice

    def _former_card(self, row: Row, ts: str) -> None:
        """The ticket moved to another channel while its card was being posted in this one."""
        self._store.write("INSERT OR IGNORE INTO former_cards (channel, ts, ticket)"
                          " SELECT ?, ?, number FROM tickets WHERE number = ? AND card_channel <> ?",
                          (row["channel"], ts, row["ticket"], row["channel"]))

    def _write_back(self, row: Row, ts: str) -> None:
        content = json.loads(row["content"])
        match row["kind"]:
            case "card" | "card_changed":
                if not self._store.write("UPDATE tickets SET card_ts = ? WHERE number = ? AND card_channel = ?"
                                         " AND card_ts IS NULL RETURNING number", (ts, row["ticket"], row["channel"])):
                    self._former_card(row, ts)
            case "thread_opener":
                self._store.write("UPDATE tickets SET asker_thread = ? WHERE number = ?", (ts, row["ticket"]))
            case "answer" | "choices" | "handed_over":
                self._store.write("UPDATE answers SET message_channel = ?, message_ts = ? WHERE id = ?",
                                  (row["channel"], ts, content.get("answer")))
            case "review":
                self._store.write("UPDATE lessons SET message_channel = ?, message_ts = ? WHERE ticket = ?",
                                  (row["channel"], ts, row["ticket"]))
            case "relayed":
                self._store.write("UPDATE links SET copy_ts = ? WHERE id = ?", (ts, content.get("link")))


def _cause() -> tuple[str, str | None]:
    """The number of the work that a notice follows from, and when that came in."""
    doing = work.current()
    if doing is None:
        return work.new_reference(), None
    return doing.reference, stamp(doing.since) if doing.since else None


def _movable(gone: bool) -> str:
    return "state IN ('pending', 'sending')" if gone else "state = 'pending' AND doubtful = 0"


# Edits of a copy name no thread: they belong to the copy that waits before them.
_TO_ASKER = """SELECT id, kind, json_extract(content, '$.link') AS link FROM outbox AS one
    WHERE ticket = :ticket AND state IN ('pending', 'sending') AND (thread = 'asker'
    OR kind IN ('relay_edited', 'relay_deleted') AND EXISTS (
        SELECT 1 FROM outbox AS copy WHERE copy.ticket = :ticket AND copy.state IN ('pending', 'sending')
        AND copy.kind = 'relayed' AND copy.thread = 'asker'
        AND json_extract(copy.content, '$.link') = json_extract(one.content, '$.link')))
    ORDER BY id"""
_NEXT = """SELECT id FROM outbox AS head WHERE state = 'pending' AND due_at <= :now AND NOT EXISTS (
    SELECT 1 FROM outbox AS earlier WHERE earlier.state IN ('pending', 'sending')
    AND earlier.channel = head.channel AND earlier.id < head.id) ORDER BY id LIMIT 1"""
_CLAIM_NEXT = f"UPDATE outbox SET state = 'sending' WHERE id = ({_NEXT}) RETURNING *"  # noqa: S608
