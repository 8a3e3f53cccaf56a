"""The desk's database file: one connection per thread, and transactions that take the write lock first."""

from __future__ import annotations

import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from bot.desk.migrations import migrations
from bot.errors import FloorwalkerError, StoreBusy

Row = dict[str, Any]
Values = dict[str, Any] | tuple[Any, ...]
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_UNWRITABLE = {
    sqlite3.SQLITE_FULL: "the disk is full", sqlite3.SQLITE_IOERR: "the disk is full or cannot be read",
    sqlite3.SQLITE_CANTOPEN: "the file cannot be opened", sqlite3.SQLITE_READONLY: "the file may only be read",
}


class StoreNotOpened(FloorwalkerError):
    """The desk's database cannot be opened."""

    hint = "Check the free space and the access rights of the data folder, then start again; nothing is lost."


class Store:
    """`DATA/desk.sqlite`. Safe to use from any thread; brings an older file up to date when it is opened."""

    def __init__(self, path: Path, *, patience: float = 10.0) -> None:
        """`patience`: seconds to wait for another writer before `StoreBusy`. Raises StoreNotOpened, too."""
        self.path = path
        self._patience = patience
        self._local = threading.local()
        self._writing = threading.Lock()
        self._opened: weakref.WeakSet[Database] = weakref.WeakSet()
        with _trouble_is_told(path), _busy_is_told():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._bring_up_to_date()

    @property
    def db(self) -> Database:
        """This thread's connection."""
        db: Database | None = getattr(self._local, "db", None)
        if db is None:
            db = self._local.db = self._connect()
        return db

    @contextmanager
    def transaction(self) -> Iterator[Database]:
        """All or nothing. Inside another one it joins that one. Raises `StoreBusy` when another writer does not end."""
        db = self.db
        if db.conn.in_transaction:
            with db.atomic():
                yield db
            return
        calls: list[Callable[[], object]] = []
        self._local.after_commit = calls
        with self._my_turn(), _busy_is_told(), db.atomic():
            # A transaction that reads first cannot be upgraded once somebody else has written in between:
            # this statement changes nothing, but takes the write lock at once.
            db.execute("DELETE FROM done_once WHERE 0")
            yield db
        for call in calls:
            call()

    def after_commit(self, call: Callable[[], object]) -> None:
        """Call this when the transaction that this thread is in has been committed; never when it was rolled back."""
        if not self.db.conn.in_transaction:
            raise RuntimeError("after_commit belongs inside a transaction")
        self._local.after_commit.append(call)

    def rows(self, sql: str, values: Values = ()) -> list[Row]:
        """What a SELECT finds."""
        return _as_rows(self.db.execute(sql, values))

    def row(self, sql: str, values: Values = ()) -> Row | None:
        """The first row that a SELECT finds."""
        found = self.rows(sql, values)
        return found[0] if found else None

    def write(self, sql: str, values: Values = ()) -> list[Row]:
        """Run INSERT, UPDATE or DELETE … RETURNING, in the transaction that is open or else in one of its own."""
        with self.transaction() as db:
            return _as_rows(db.execute(sql, values))

    def close(self) -> None:
        """Close the connections of all threads."""
        for db in list(self._opened):
            db.conn.close()
        self._local = threading.local()

    def trouble(self, patience: float) -> str:
        """Why nothing can be written now, as SQLite's name of the error; empty if something can. Changes nothing.

        `patience`: seconds to wait for another writer.
        """
        try:
            connection = sqlite3.connect(f"{self.path.absolute().as_uri()}?mode=rw", uri=True, timeout=patience,
                                         isolation_level=None)
            with closing(connection):
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("ROLLBACK")
        except sqlite3.Error as error:
            return str(getattr(error, "sqlite_errorname", type(error).__name__))
        return ""

    @contextmanager
    def _my_turn(self) -> Iterator[None]:
        """One thread at a time. SQLite's own waiting polls, and under a steady stream of writers one may starve."""
        if not self._writing.acquire(timeout=self._patience):
            raise StoreBusy
        try:
            yield
        finally:
            self._writing.release()

    def _bring_up_to_date(self) -> None:
        db = self.db
        if not migrations.pending(db):
            return
        # A table that is built anew is dropped in between; what refers to it is checked at the end instead.
        db.execute("PRAGMA foreign_keys = OFF")
        with db.atomic():
            db.execute("PRAGMA user_version = 0")  # takes the write lock: two processes may open a new file at once
            migrations.apply(db)
            if db.execute("PRAGMA foreign_key_check").fetchone():
                raise sqlite3.IntegrityError("a migration left rows that refer to nothing")
        db.execute("PRAGMA foreign_keys = ON")

    def _connect(self) -> Database:
        connection = sqlite3.connect(self.path, timeout=self._patience, check_same_thread=False)
        db = Database(connection)
        db.enable_wal()
        db.execute("PRAGMA foreign_keys = ON")
        # What was acknowledged to Slack must survive a power cut, too: NORMAL would lose the last commits.
        db.execute("PRAGMA synchronous = FULL")
        # What is deleted must not stay readable in the file.
        db.execute("PRAGMA secure_delete = ON").fetchall()
        self._opened.add(db)
        return db


def _as_rows(cursor: sqlite3.Cursor) -> list[Row]:
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]


@contextmanager
def _trouble_is_told(path: Path) -> Iterator[None]:
    """What keeps a database from being opened, as a sentence with its place; another fault of SQLite stays as it is."""
    try:
        yield
    except sqlite3.OperationalError as error:
        reason = _UNWRITABLE.get(error.sqlite_errorcode & 0xFF)
        if reason is None:
            raise
        raise StoreNotOpened(f"The desk's database {path} cannot be opened: {reason}.") from error
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise StoreNotOpened(f"The desk's database {path} cannot be opened: {reason}.") from error


@contextmanager
def _busy_is_told() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF in _BUSY:
            raise StoreBusy from error
        raise
