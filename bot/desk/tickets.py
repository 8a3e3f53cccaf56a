"""Tickets and their history. A ticket changes only together with a line of its history."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.desk.columns import moment, stamp, to_json
from bot.desk.lifecycle import OPEN, Standing, advance, steps_for
from bot.desk.store import Row, Store
from bot.desk.types import HistoryEntry, Origin, State, Step, Ticket
from bot.errors import UnknownTicket

NOWHERE = ("", "")
DELETED = "(deleted by its author)"
"""Stands for the question of a ticket whose asker deleted the message."""


@dataclass(frozen=True, slots=True)
class NewTicket:
    """What a ticket begins with."""

    key: str
    origin: Origin
    question: str
    asker: str
    asker_channel: str
    asker_thread: str | None
    card_channel: str
    source: tuple[str, str] = NOWHERE
    """Channel and time stamp of the message that asked, where there is one."""
    answer_id: int | None = None
    files: tuple[Mapping[str, Any], ...] = ()


class Tickets:
    """The tables of tickets and history. What changes something belongs into the step's transaction."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def open_new(self, new: NewTicket, now: datetime) -> Ticket:
        """The next number is given, never one that was given before."""
        row = self._store.write(
            "INSERT INTO tickets (key, state, origin, question, files, asker, asker_channel, asker_thread,"
            " source_channel, source_ts, card_channel, answer_id, opened_at, changed_at)"
            " VALUES (?, 'new', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *",
            (new.key, new.origin, new.question, to_json([dict(file) for file in new.files]), new.asker,
             new.asker_channel, new.asker_thread, *new.source, new.card_channel, new.answer_id, stamp(now),
             stamp(now)))[0]
        self._note(row["number"], "opened", new.asker, now, "", new.source)
        return _ticket(row)

    def step(self, ticket: Ticket, step: Step, actor: str, now: datetime, text: str = "",
             source: tuple[str, str] = NOWHERE) -> Ticket:
        """Take one step by the rules of the life cycle. `source`: the message by which it was taken, if any."""
        standing = advance(Standing(ticket.state, ticket.owner), step, actor)
        self._note(ticket.number, step, actor, now, text, source)
        return self._set(ticket.number, "state = ?, owner = ?, changed_at = ?",
                         standing.state, standing.owner, stamp(now))

    def step_by_coach(self, ticket: Ticket, step: Step, coach: str, now: datetime, text: str = "",
                      source: tuple[str, str] = NOWHERE) -> Ticket:
        """As `step`; on an unclaimed ticket it begins with claiming it where the life cycle says so."""
        first, *more = steps_for(Standing(ticket.state, ticket.owner), step)
        if more:
            ticket = self.step(ticket, first, coach, now)
        return self.step(ticket, step, coach, now, text, source)

    def set_resolution(self, number: int, resolution: str) -> Ticket:
        """What the asker was told in the end."""
        return self._set(number, "resolution = ?", resolution)

    def rewrite_question(self, channel: str, ts: str, text: str, *, files: bool = True) -> list[Ticket]:
        """The message that asked reads otherwise now (`files=False`: its files are gone, too). Returns whom it hit."""
        rows = self._store.write(
            "UPDATE tickets SET question = ?, files = CASE WHEN ? THEN files ELSE '[]' END"
            " WHERE source_channel = ? AND source_ts = ? AND question <> ? RETURNING *",
            (text, files, channel, ts, text))
        return [_ticket(row) for row in rows]

    def rewrite_history(self, channel: str, ts: str, text: str) -> bool:
        """A message that is told of in a history reads otherwise now. False if it reads as before, or is in none."""
        return bool(self._store.write("UPDATE history SET text = ? WHERE source_channel = ? AND source_ts = ?"
                                      " AND step <> 'opened' AND text <> ? RETURNING id", (text, channel, ts, text)))

    def told_of(self, channel: str, ts: str) -> HistoryEntry | None:
        """Where a history tells of a message."""
        row = self._store.row("SELECT * FROM history WHERE source_channel = ? AND source_ts = ? AND step <> 'opened'",
                              (channel, ts))
        return _entry(row) if row else None

    def untie_history(self, channel: str, ts: str) -> None:
        """What a history tells of this message stays as a line without words: another line is about to have them."""
        self._store.write("UPDATE history SET text = '', source_channel = '', source_ts = ''"
                          " WHERE source_channel = ? AND source_ts = ? AND step <> 'opened'", (channel, ts))

    def move_asker(self, number: int, channel: str) -> Ticket:
        """The asker's thread is gone: the next one begins in this channel."""
        return self._set(number, "asker_channel = ?, asker_thread = NULL", channel)

    def get(self, number: int) -> Ticket:
        """Raises `UnknownTicket`."""
        found = self._where("number = ?", number)
        if not found:
            raise UnknownTicket(f"There is no ticket FW-{number}.")
        return found[0]

    def by_key(self, key: str) -> Ticket | None:
        """The ticket that was opened with this key."""
        return _first(self._where("key = ?", key))

    def by_card(self, channel: str, card_ts: str) -> Ticket | None:
        """The ticket with this card."""
        return _first(self._where("card_channel = ? AND card_ts = ?", channel, card_ts))

    def in_thread(self, channel: str, thread: str, user: str) -> Ticket | None:
        """The ticket whose asker's thread this is: open ones first, then this user's, then the newest."""
        return _first(self._where("asker_channel = ? AND asker_thread = ? ORDER BY state IN (?, ?, ?) DESC,"
                                  " asker = ? DESC, number DESC", channel, thread, *OPEN, user))

    def of_asker(self, user: str) -> list[Ticket]:
        """What this person asked, newest first."""
        return self._where("asker = ? ORDER BY number DESC", user)

    def open(self) -> list[Ticket]:
        """New, claimed and waiting ones, oldest first."""
        return self._where("state IN (?, ?, ?) ORDER BY number", *OPEN)

    def history(self, number: int) -> list[HistoryEntry]:
        """Oldest first."""
        rows = self._store.rows("SELECT * FROM history WHERE ticket = ? ORDER BY id", (number,))
        return [_entry(row) for row in rows]

    def counts(self) -> dict[State, int]:
        """How many there are in each state."""
        counts: dict[State, int] = {"new": 0, "claimed": 0, "waiting": 0, "resolved": 0, "closed": 0}
        for row in self._store.rows("SELECT state, count(*) AS n FROM tickets GROUP BY state"):
            counts[row["state"]] = row["n"]
        return counts

    def _where(self, condition: str, *values: Any) -> list[Ticket]:
        return [_ticket(row) for row in self._store.rows(f"SELECT * FROM tickets WHERE {condition}", values)]  # noqa: S608

    def _set(self, number: int, change: str, *values: Any) -> Ticket:
        sql = f"UPDATE tickets SET {change} WHERE number = ? RETURNING *"  # noqa: S608
        return _ticket(self._store.write(sql, (*values, number))[0])

    def _note(self, number: int, step: Step, actor: str, now: datetime, text: str, source: tuple[str, str]) -> None:
        self._store.write("INSERT INTO history (ticket, step, actor, at, text, source_channel, source_ts)"
                          " VALUES (?, ?, ?, ?, ?, ?, ?)", (number, step, actor, stamp(now), text, *source))


def _first(tickets: list[Ticket]) -> Ticket | None:
    return tickets[0] if tickets else None


def _entry(row: Row) -> HistoryEntry:
    return HistoryEntry(row["ticket"], row["step"], row["actor"], moment(row["at"]), row["text"])


def _ticket(row: Row) -> Ticket:
    return Ticket(
        number=row["number"], state=row["state"], origin=row["origin"], question=row["question"], asker=row["asker"],
        asker_channel=row["asker_channel"], asker_thread=row["asker_thread"], card_channel=row["card_channel"],
        card_ts=row["card_ts"], owner=row["owner"], answer_id=row["answer_id"], resolution=row["resolution"],
        opened_at=moment(row["opened_at"]), changed_at=moment(row["changed_at"]), files=tuple(json.loads(row["files"])))
