"""Tickets for a terminal or a spreadsheet: found by what they are, read beside a running bot."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from bot.desk.lifecycle import OPEN
from bot.desk.reading import DATABASE, OlderDesk, applied, known, reading
from bot.errors import UnknownTicket

Row = dict[str, Any]
Order = Literal["newest", "oldest", "changed", "priority"]
NOBODY = "none"
"""As an owner: tickets that have none."""

COLUMNS = ("ticket", "state", "priority", "area", "asker", "owner", "question", "resolution", "ended_because",
           "same_as", "tags", "origin", "opened_at", "first_response_at", "resolved_at", "minutes_to_first_response",
           "minutes_to_resolution", "last_change_at", "times_reopened", "times_escalated")
"""What is told of a ticket. Moments are UTC (`2026-03-02T09:00:00Z`), minutes those of the clock on the wall."""

_COLUMNS = ", ".join(COLUMNS)
_ORDERS: dict[Order, str] = {
    "newest": "number DESC", "oldest": "number", "changed": "last_change_at DESC, number DESC",
    "priority": "CASE priority WHEN 'urgent' THEN 0 WHEN 'high' THEN 1 WHEN 'normal' THEN 2 ELSE 3 END, number",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which tickets. What is empty is not asked for; of several states, areas, … one must fit; of tags, each."""

    states: tuple[str, ...] = ()
    """`open` stands for all that have not ended."""
    areas: tuple[str, ...] = ()
    """Letter case does not count."""
    priorities: tuple[str, ...] = ()
    owner: str = ""
    """A coach's id, or `none`."""
    asker: str = ""
    since: datetime | None = None
    until: datetime | None = None
    """Opened from `since` on and before `until`."""
    tags: tuple[str, ...] = ()
    text: str = ""
    """Words that stand one after the other in the question or the resolution; letter case does not count."""
    order: Order = "newest"
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """Everything about one ticket."""

    ticket: Row
    history: list[Row]
    """`at`, `who`, `what`, `words`; oldest first."""
    related: list[str]
    duplicates: list[str]
    found: list[str]
    """Documents that the bot had found, best first."""


def find(data: Path, wanted: Wanted) -> list[Row]:
    """The tickets that fit. Raises `NoDesk`, `DeskDamaged`, `OlderDesk`."""
    asked = _Conditions(wanted)
    limit = "" if wanted.limit is None else f" LIMIT {int(wanted.limit)}"
    sql = f"SELECT {_COLUMNS} FROM tickets_overview{asked.sql} ORDER BY {_ORDERS[wanted.order]}{limit}"  # noqa: S608
    with _books(data) as connection:
        return _rows(connection, sql, asked.values)


def show(data: Path, number: int) -> Told:
    """One ticket. Raises `UnknownTicket`, and as `find` does."""
    one = (number,)
    with _books(data) as connection:
        tickets = _rows(connection, f"SELECT {_COLUMNS} FROM tickets_overview WHERE number = ?", one)  # noqa: S608
        if not tickets:
            raise UnknownTicket(f"There is no ticket FW-{number}.")
        return Told(tickets[0],
                    _rows(connection, "SELECT at, who, what, words FROM ticket_history WHERE number = ?", one),
                    _names(connection, "SELECT other FROM related_tickets WHERE ticket = ? ORDER BY other", one),
                    _names(connection, "SELECT number FROM tickets WHERE duplicate_of = ? ORDER BY number", one),
                    [row["document"] for row in _rows(connection, _FOUND, one)])


_FOUND = """SELECT DISTINCT json_extract(hit.value, '$.document_id') AS document
    FROM tickets JOIN answers ON answers.id = tickets.answer_id, json_each(answers.hits) AS hit
    WHERE tickets.number = ? ORDER BY hit.key LIMIT 5"""


@contextmanager
def _books(data: Path) -> Iterator[sqlite3.Connection]:
    with reading(data / DATABASE) as connection:
        if set(known()) - set(applied(connection)):
            raise OlderDesk
        connection.create_function("folded", 1, lambda text: str(text or "").casefold(), deterministic=True)
        yield connection


class _Conditions:
    """What is asked for, as SQL; what is empty asks for nothing."""

    def __init__(self, wanted: Wanted) -> None:
        self._parts: list[str] = []
        self.values: list[Any] = []
        self._among("state", [state for one in wanted.states for state in (OPEN if one == "open" else (one,))])
        self._among("folded(area)", [area.casefold() for area in wanted.areas])
        self._among("priority", wanted.priorities)
        if wanted.owner == NOBODY:
            self._parts.append("owner IS NULL")
        else:
            self._add("owner = ?", wanted.owner)
        self._add("asker = ?", wanted.asker)
        self._add("opened_at >= ?", _iso(wanted.since))
        self._add("opened_at < ?", _iso(wanted.until))
        for tag in wanted.tags:
            self._add("number IN (SELECT ticket FROM ticket_tags WHERE folded(tag) = ?)", tag.casefold())
        self._add("instr(folded(question) || char(10) || folded(resolution), ?)", wanted.text.casefold())

    @property
    def sql(self) -> str:
        return f" WHERE {' AND '.join(self._parts)}" if self._parts else ""

    def _add(self, condition: str, value: str) -> None:
        if value:
            self._parts.append(condition)
            self.values.append(value)

    def _among(self, column: str, options: Sequence[str]) -> None:
        if options:
            self._parts.append(f"{column} IN ({', '.join('?' for _ in options)})")
            self.values += options


def _iso(moment: datetime | None) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else ""


def _rows(connection: sqlite3.Connection, sql: str, values: Sequence[Any]) -> list[Row]:
    return [dict(row) for row in connection.execute(sql, values)]


def _names(connection: sqlite3.Connection, sql: str, values: Sequence[Any]) -> list[str]:
    return [f"FW-{row[0]}" for row in connection.execute(sql, values)]
