"""What a restore takes back unasked: tickets that came after the backup, and that people were forgotten."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from bot.desk.reading import DeskDamaged, NoDesk, reading

_PSEUDONYM = re.compile(r"forgotten-\d+")
_SIGNED = (("tickets", "number", "asker"), ("answers", "id", "asker"), ("history", "id", "actor"),
           ("tickets", "number", "owner"))
"""Where a person's id stands: table, the key of its rows, column."""


@dataclass(frozen=True, slots=True)
class Lost:
    """A ticket that the backup does not know."""

    ticket: str
    state: str
    question: str


@dataclass(frozen=True, slots=True)
class Returned:
    """Somebody who was forgotten after the backup was made."""

    forgotten_at: str
    """ISO 8601, UTC."""
    user: str
    """Their id, as the backup still has it; empty if it cannot be told whether the backup has anything of theirs."""


@dataclass(frozen=True, slots=True)
class Since:
    """What has happened between a backup and the database that it replaces."""

    lost: tuple[Lost, ...] = ()
    """Oldest first."""
    went_on: tuple[str, ...] = ()
    """Tickets of the backup with which something has happened since."""
    returned: tuple[Returned, ...] = ()


def between(backup: Path, replaced: Path) -> Since:
    """Compare two databases of one desk. Of what cannot be read, or is too old to be compared, nothing is told."""
    try:
        with reading(backup) as old, reading(replaced) as new:
            return Since(_lost(old, new), _went_on(old, new), _returned(old, new))
    except (NoDesk, DeskDamaged):
        return Since()


def _lost(old: sqlite3.Connection, new: sqlite3.Connection) -> tuple[Lost, ...]:
    known = {row[0] for row in old.execute("SELECT number FROM tickets")}
    return tuple(Lost(f"FW-{row[0]}", row[1], row[2])
                 for row in new.execute("SELECT number, state, question FROM tickets ORDER BY number")
                 if row[0] not in known)


def _went_on(old: sqlite3.Connection, new: sqlite3.Connection) -> tuple[str, ...]:
    lines = "SELECT ticket, count(*) FROM history GROUP BY ticket ORDER BY ticket"
    before = {row[0]: row[1] for row in old.execute(lines)}
    return tuple(f"FW-{row[0]}" for row in new.execute(lines) if row[0] in before and row[1] > before[row[0]])


def _returned(old: sqlite3.Connection, new: sqlite3.Connection) -> tuple[Returned, ...]:
    if not (_counts_forgotten(old) and _counts_forgotten(new)):
        return ()
    before = {row[0] for row in old.execute("SELECT number FROM forgotten")}
    since = [row for row in new.execute("SELECT number, at FROM forgotten ORDER BY number") if row[0] not in before]
    told = ((row[1], _named_in(old, new, f"forgotten-{row[0]}")) for row in since)
    return tuple(Returned(at, user or "") for at, user in told if user is not None)


def _named_in(old: sqlite3.Connection, new: sqlite3.Connection, pseudonym: str) -> str | None:
    """Who it is, by the rows that both have; None if all that is known of them came after the backup."""
    is_known = False
    for table, key, column in _SIGNED:
        rows = new.execute(f"SELECT {key} FROM {table} WHERE {column} = ? ORDER BY {key}", (pseudonym,))  # noqa: S608
        for row in rows.fetchall():
            is_known = True
            then = old.execute(f"SELECT {column} FROM {table} WHERE {key} = ?", (row[0],)).fetchone()  # noqa: S608
            if then is not None and then[0] and not _PSEUDONYM.fullmatch(then[0]):
                return str(then[0])
    return None if is_known else ""


def _counts_forgotten(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'forgotten'").fetchone() is not None
