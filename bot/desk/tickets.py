"""Tickets and their history. A ticket changes only together with a line of its history."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from bot.desk.columns import moment, stamp, to_json
from bot.desk.lifecycle import OPEN, Standing, advance, steps_for
from bot.desk.marks import WORDLESS
from bot.desk.store import Row, Store
from bot.desk.types import HistoryEntry, Origin, Priority, State, Step, Ticket
from bot.errors import UnknownTicket

NOWHERE = ("", "")

_LATEST, _LATEST_OF_AREA = 400, 100
_CHANGING = {"state", "owner", "changed_at", "priority", "area", "assigned", "reason", "duplicate_of", "snoozed_until",
             "resolution"}
_WAKING: tuple[Step, ...] = ("claimed", "released", "passed_on", "taken_over", "asked_back", "asker_replied",
                             "coach_replied", "resumed", "woken", "moved", "resolved", "dismissed", "merged",
                             "reopened")
"""What happens to a ticket by these ends its being snoozed."""


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
    area: str = ""
    priority: Priority = "normal"
    assigned: str | None = None
    reporter: str = ""
    """Who brought it, if that is not the asker."""
    author: str = ""
    """Who wrote the words, if that is not who brought them."""
    tags: tuple[str, ...] = ()


class Tickets:
    """The tables of tickets and history. What changes something belongs into the step's transaction."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def open_new(self, new: NewTicket, now: datetime) -> Ticket:
        """The next number is given, never one that was given before."""
        row = self._store.write(
            "INSERT INTO tickets (key, state, origin, question, files, asker, asker_channel, asker_thread,"
            " source_channel, source_ts, card_channel, answer_id, area, priority, assigned, opened_at, changed_at)"
            " VALUES (?, 'new', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *",
            (new.key, new.origin, new.question, to_json([dict(file) for file in new.files]), new.asker,
             new.asker_channel, new.asker_thread, *new.source, new.card_channel, new.answer_id, new.area,
             new.priority, new.assigned, stamp(now), stamp(now)))[0]
        self._note(row["number"], "opened", new.reporter or new.asker, now, new.author, new.source)
        self.tag(row["number"], new.tags)
        return _ticket(row)

    def step(self, ticket: Ticket, step: Step, actor: str, now: datetime, text: str = "",
             source: tuple[str, str] = NOWHERE, *, whom: str = "", **also: Any) -> Ticket:
        """Take one step by the rules of the life cycle.

        `source`: the message by which it was taken, if any. `whom`: the coach to whom the ticket is passed on.
        `also`: columns that change with this step (`priority`, `area`, `reason`, …).
        """
        standing = advance(Standing(ticket.state, ticket.owner), step, actor, whom)
        self._note(ticket.number, step, actor, now, text, source)
        if step in _WAKING and not (ticket.state == "parked" and step in ("asker_replied", "coach_replied")):
            also = {"snoozed_until": None, **also}
        if standing.owner:
            also = {"assigned": None, **also}
        if step == "reopened":
            also = {"reason": None, "duplicate_of": None, **also}
        columns = {"state": standing.state, "owner": standing.owner, "changed_at": stamp(now), **also}
        assert not columns.keys() - _CHANGING, "a step changes known columns only"
        return self._set(ticket.number, ", ".join(f"{name} = ?" for name in columns), *columns.values())

    def step_by_coach(self, ticket: Ticket, step: Step, coach: str, now: datetime, text: str = "",
                      source: tuple[str, str] = NOWHERE, **also: Any) -> Ticket:
        """As `step`; on an unclaimed ticket it begins with claiming it where the life cycle says so."""
        first, *more = steps_for(Standing(ticket.state, ticket.owner), step)
        if more:
            ticket = self.step(ticket, first, coach, now)
        return self.step(ticket, step, coach, now, text, source, **also)

    def tag(self, number: int, tags: Iterable[str]) -> None:
        """These are its tags from now on."""
        self._store.write("DELETE FROM ticket_tags WHERE ticket = ?", (number,))
        for tag in tags:
            self._store.write("INSERT OR IGNORE INTO ticket_tags (ticket, tag) VALUES (?, ?)", (number, tag))

    def relate(self, number: int, other: int) -> None:
        """Each is named on the other's card."""
        for pair in ((number, other), (other, number)):
            self._store.write("INSERT OR IGNORE INTO related_tickets (ticket, other) VALUES (?, ?)", pair)

    def tags(self, number: int) -> tuple[str, ...]:
        """In the order of the alphabet."""
        rows = self._store.rows("SELECT tag FROM ticket_tags WHERE ticket = ? ORDER BY tag", (number,))
        return tuple(str(row["tag"]) for row in rows)

    def related(self, number: int) -> tuple[int, ...]:
        """Numbers of related tickets, lowest first."""
        rows = self._store.rows("SELECT other FROM related_tickets WHERE ticket = ? ORDER BY other", (number,))
        return tuple(int(row["other"]) for row in rows)

    def move_card(self, ticket: Ticket, channel: str) -> Ticket:
        """Its next card goes to another channel; what coaches write under the former one still counts."""
        if ticket.card_ts is not None:
            self._store.write("INSERT OR IGNORE INTO former_cards (channel, ts, ticket) VALUES (?, ?, ?)",
                              (ticket.card_channel, ticket.card_ts, ticket.number))
        return self._set(ticket.number, "card_channel = ?, card_ts = NULL", channel)

    def bring_card_back(self, ticket: Ticket, channel: str) -> Ticket:
        """Its card goes where it belongs: one that stood there earlier is its card again."""
        moved = self.move_card(ticket, channel)
        found = self._store.write(
            "DELETE FROM former_cards WHERE channel = ? AND ts = (SELECT max(ts) FROM former_cards"
            " WHERE channel = ? AND ticket = ?) RETURNING ts", (channel, channel, ticket.number))
        return self._set(ticket.number, "card_ts = ?", found[0]["ts"]) if found else moved

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

    def recount(self, channel: str, ts: str, step: Literal["noted", "coach_replied"]) -> None:
        """What a coach has written counts as a note, or as a reply, and did from its beginning."""
        self._store.write("UPDATE history SET step = ? WHERE source_channel = ? AND source_ts = ?"
                          " AND step IN ('noted', 'coach_replied')", (step, channel, ts))

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

    def by_source(self, channel: str, ts: str) -> Ticket | None:
        """The newest ticket that was opened with this message."""
        return _first(self._where("source_channel = ? AND source_ts = ? ORDER BY number DESC", channel, ts))

    def by_card(self, channel: str, card_ts: str) -> Ticket | None:
        """The ticket with this card, or with a former card that stands there; of a merged one that in which it goes
        on."""
        former = "number = (SELECT ticket FROM former_cards WHERE channel = ? AND ts = ?)"
        return self._going_on(_first(self._where("card_channel = ? AND card_ts = ?", channel, card_ts))
                              or _first(self._where(former, channel, card_ts)))

    def point_to(self, number: int, other: int) -> None:
        """It is the duplicate of another ticket from now on."""
        self._set(number, "duplicate_of = ?", other)

    def duplicates_of(self, number: int) -> list[Ticket]:
        """Tickets that ended as duplicates of this one, or were merged into it."""
        return self._where("duplicate_of = ? ORDER BY number", number)

    def in_thread(self, channel: str, thread: str, user: str) -> Ticket | None:
        """The ticket whose asker's thread this is: open ones first, then this user's, then the newest. Of a merged one
        that in which it goes on."""
        ticket = _first(self._where("asker_channel = ? AND asker_thread = ? ORDER BY state IN (?, ?, ?, ?) DESC,"
                                    " asker = ? DESC, number DESC", channel, thread, *OPEN, user))
        return self._going_on(ticket)

    def of_asker(self, user: str) -> list[Ticket]:
        """What this person asked, newest first."""
        return self._where("asker = ? ORDER BY number DESC", user)

    def open(self) -> list[Ticket]:
        """Those that have not ended, oldest first."""
        return self._where("state IN (?, ?, ?, ?) ORDER BY number", *OPEN)

    def open_tagged(self, tag: str) -> list[Ticket]:
        """Those with this tag that have not ended and whose question is still there, newest first."""
        return self._where("state IN (?, ?, ?, ?) AND question NOT IN ('', ?, ?) AND number IN"
                           " (SELECT ticket FROM ticket_tags WHERE tag = ?) ORDER BY number DESC",
                           *OPEN, *WORDLESS, tag)

    def last_step(self) -> int:
        """The number of the latest line of any history."""
        row = self._store.row("SELECT max(id) AS id FROM history")
        return int(row["id"] or 0) if row else 0

    def latest_questions(self) -> dict[str, list[str]]:
        """Of each area's latest tickets that a coach took where they were: what is asked there, newest first."""
        rows = self._store.rows(
            "SELECT area, question FROM (SELECT area, question, number, row_number() OVER (PARTITION BY area"
            " ORDER BY number DESC) AS place FROM tickets WHERE owner IS NOT NULL AND question NOT IN (?, ?))"
            " WHERE place <= ? ORDER BY number DESC", (*WORDLESS, _LATEST_OF_AREA))
        questions: dict[str, list[str]] = {}
        for row in rows:
            questions.setdefault(row["area"], []).append(row["question"])
        return questions

    def oldest_open(self) -> dict[State, datetime]:
        """When the oldest one of each state that is not an end was opened."""
        rows = self._store.rows("SELECT state, min(opened_at) AS at FROM tickets WHERE state IN (?, ?, ?, ?)"
                                " GROUP BY state", OPEN)
        return {row["state"]: moment(row["at"]) for row in rows}

    def resolved_before(self, moment: datetime) -> list[Ticket]:
        """Resolved ones with which nothing has happened since."""
        return self._where("state = 'resolved' AND changed_at < ? ORDER BY number", stamp(moment))

    def resolved_lately(self) -> list[Ticket]:
        """The latest tickets that ended with a resolution, newest first; not those whose question was taken back."""
        return self._where("resolution IS NOT NULL AND resolution <> '' AND state IN ('resolved', 'closed')"
                           " AND question NOT IN ('', ?, ?) ORDER BY number DESC LIMIT ?", *WORDLESS, _LATEST)

    def history(self, number: int) -> list[HistoryEntry]:
        """Oldest first."""
        rows = self._store.rows("SELECT * FROM history WHERE ticket = ? ORDER BY id", (number,))
        return [_entry(row) for row in rows]

    def counts(self) -> dict[State, int]:
        """How many there are in each state."""
        counts: dict[State, int] = dict.fromkeys(get_args(State), 0)
        for row in self._store.rows("SELECT state, count(*) AS n FROM tickets GROUP BY state"):
            counts[row["state"]] = row["n"]
        return counts

    def _going_on(self, ticket: Ticket | None) -> Ticket | None:
        """A merged ticket goes on in another one."""
        while ticket is not None and ticket.reason == "merged" and ticket.duplicate_of is not None:
            ticket = self.get(ticket.duplicate_of)
        return ticket

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
        opened_at=moment(row["opened_at"]), changed_at=moment(row["changed_at"]), files=tuple(json.loads(row["files"])),
        priority=row["priority"], area=row["area"], assigned=row["assigned"], reason=row["reason"],
        duplicate_of=row["duplicate_of"],
        snoozed_until=moment(row["snoozed_until"]) if row["snoozed_until"] else None)
