"""The desk's database copied while it is written to, checked, and made ready to go on after a restore."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.desk.columns import moment
from bot.desk.outbox import Outbox
from bot.desk.reading import DeskDamaged, NoDesk, applied, known, reading
from bot.desk.store import Store
from bot.errors import FloorwalkerError


class BackupFailed(FloorwalkerError):
    """The backup could not be written."""

    hint = "Nothing was left behind; earlier backups are as they were."


class BackupUnusable(FloorwalkerError):
    """This file is no backup that can be restored."""

    hint = "Nothing was changed. Try an older backup."


@dataclass(frozen=True, slots=True)
class Contents:
    """What a database holds."""

    counts: Mapping[str, int]
    """Rows by table."""
    migrations: tuple[str, ...]
    """What made it the shape that it has."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was done to a restored database before a bot may go on with it."""

    next_number: int
    """Of the next ticket."""
    previous_known: bool
    """The database that it replaces could be read: no number that was given in it is given again."""
    doubtful: int
    """Messages that were waiting, and may have been sent since: they are looked for in Slack first."""
    settled: int
    """Messages and events that were waiting, and of which the replaced database knows the end."""


def copy(source: Path, target: Path) -> Contents:
    """Write the database as it stands at this moment into a new file. Writers go on meanwhile.

    Raises:
        NoDesk, DeskDamaged: there is nothing to copy.
        BackupFailed: it could not be written, or what was written is not what was read.
    """
    with reading(source) as connection:
        contents = _contents(connection)  # begins the look that the copy is made in, too
        try:
            with closing(sqlite3.connect(target, isolation_level=None)) as written:
                connection.backup(written)
                written.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it
        except sqlite3.Error as error:
            why = "the disk is full" if error.sqlite_errorcode == sqlite3.SQLITE_FULL else error.sqlite_errorname
            raise BackupFailed(f"The database could not be copied ({why}).") from error
    try:
        copied = examine(target)
    except DeskDamaged as error:
        raise BackupFailed(f"The copy of the database is not sound: {error.message}") from error
    if copied != contents:
        raise BackupFailed("The copy of the database does not hold what the database holds.")
    return contents


def examine(path: Path) -> Contents:
    """What a database file holds. Raises `DeskDamaged` if it is not sound in itself, `NoDesk` if there is none."""
    with reading(path) as connection:
        wrong = [row[0] for row in connection.execute("PRAGMA integrity_check(3)") if row[0] != "ok"]
        lost = connection.execute("PRAGMA foreign_key_check").fetchall()
        if wrong or lost:
            raise DeskDamaged(f"{path.name} is damaged: " + (
                "its pages do not fit together." if wrong else f"{len(lost)} rows refer to rows that are gone."))
        return _contents(connection)


def newer_than_us(migrations: Iterable[str]) -> tuple[str, ...]:
    """Of these migrations those that this version does not know."""
    return tuple(name for name in migrations if name not in known())


def prepare(restored: Path, previous: Path, now: datetime, at_least: int = 1) -> Prepared:
    """Bring a restored database up to date, and make sure that nothing is numbered or said twice because of it.

    `previous`: the database that it replaces, which has perhaps gone on since. `at_least`: the next ticket's number.
    """
    went_on = _Previous.read(previous)
    store = Store(restored)
    try:
        with store.transaction():
            store.write("UPDATE outbox SET state = 'pending', doubtful = 1 WHERE state IN ('pending', 'sending')")
            # The index may be another one: what was taught is compared with it when the bot starts.
            store.write("UPDATE lessons SET taken_in_at = NULL")
            settled = _settle_outbox(store, went_on, now) + _settle_inbox(store, went_on)
            last = max(_last_number(store), went_on.last_number if went_on else 0, at_least - 1)
            _give_no_number_up_to(store, last)
            waiting = store.row("SELECT count(*) AS n FROM outbox WHERE state = 'pending'")
    finally:
        store.close()
    return Prepared(last + 1, went_on is not None, waiting["n"] if waiting else 0, settled)


@dataclass(frozen=True, slots=True)
class _Previous:
    """How the replaced database has gone on."""

    last_number: int
    sent: Mapping[str, tuple[str, str | None, str | None, str | None]]
    """Notices that ended, by key: state, when, time stamp, reason."""
    done: frozenset[str]
    """Keys of inbox items that ended."""

    @classmethod
    def read(cls, path: Path) -> _Previous | None:
        """None if it is not there or cannot be read."""
        try:
            with reading(path) as connection:
                last = connection.execute(_LAST_NUMBER).fetchone()[0]
                sent = {row["key"]: tuple(row)[1:] for row in connection.execute(
                    "SELECT key, state, sent_at, ts, reason FROM outbox WHERE state IN ('sent', 'given_up')")}
                done = connection.execute("SELECT key FROM inbox WHERE state IN ('done', 'failed')").fetchall()
        except (NoDesk, DeskDamaged):
            return None
        return cls(last, sent, frozenset(row["key"] for row in done))


_LAST_NUMBER = """SELECT max(coalesce((SELECT max(number) FROM tickets), 0),
    coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'tickets'), 0)) AS number"""


def _last_number(store: Store) -> int:
    row = store.row(_LAST_NUMBER)
    return int(row["number"]) if row else 0


def _give_no_number_up_to(store: Store, last: int) -> None:
    if not store.write("UPDATE sqlite_sequence SET seq = ? WHERE name = 'tickets' RETURNING seq", (last,)):
        store.write("INSERT INTO sqlite_sequence (name, seq) VALUES ('tickets', ?)", (last,))


def _settle_outbox(store: Store, went_on: _Previous | None, now: datetime) -> int:
    """Nobody needs to look for a message of which we know what became of it."""
    settled = 0
    outbox = Outbox(store)
    for row in store.rows("SELECT id, key FROM outbox WHERE state = 'pending'") if went_on else ():
        ended = went_on.sent.get(row["key"]) if went_on else None
        if ended is None:
            continue
        state, at, ts, reason = ended
        when = moment(at) if at else now
        if state == "sent":
            outbox.sent(row["id"], when, ts)
        else:
            outbox.give_up(row["id"], when, reason or "")
        settled += 1
    return settled


def _settle_inbox(store: Store, went_on: _Previous | None) -> int:
    """What was answered since must not be answered again."""
    settled = 0
    for row in store.rows("SELECT id, key FROM inbox WHERE state NOT IN ('done', 'failed')") if went_on else ():
        if went_on and row["key"] in went_on.done:
            store.write("UPDATE inbox SET state = 'done', payload = '{}' WHERE id = ?", (row["id"],))
            settled += 1
    return settled


def _contents(connection: sqlite3.Connection) -> Contents:
    names = [row[0] for row in connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")]
    counts = {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608
    return Contents(counts, applied(connection))
