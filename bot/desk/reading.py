"""Looking into the desk's database without being able to change it, while the bot runs or not."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bot.desk.migrations import migrations
from bot.errors import FloorwalkerError

DATABASE = "desk.sqlite"
PATIENCE_SECONDS = 10.0


class NoDesk(FloorwalkerError):
    """There is no desk in this data folder."""

    hint = "`floorwalker serve` and `floorwalker demo` make one; --data names another folder."


class DeskDamaged(FloorwalkerError):
    """The desk's database cannot be read."""

    hint = "`floorwalker restore` goes back to a backup; what is there now is kept beside it."


class OlderDesk(FloorwalkerError):
    """The desk's database was written by an older version of Floorwalker."""

    hint = "Start the bot once; that brings it up to date."


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that sees the database as it stands at the first statement, whatever is written meanwhile.

    Raises:
        NoDesk: there is no such file.
        DeskDamaged: it is no database, or one that cannot be read.
    """
    if not path.is_file():
        raise NoDesk(f"There is no desk in {path.parent}.")
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=PATIENCE_SECONDS,
                                     isolation_level=None)
        with closing(connection):
            connection.row_factory = sqlite3.Row
            connection.execute("BEGIN")
            yield connection
    except sqlite3.DatabaseError as error:
        raise DeskDamaged(f"{path} cannot be read ({_name(error)}).") from error


def applied(connection: sqlite3.Connection) -> tuple[str, ...]:
    """The migrations that made this database what it is."""
    return tuple(row[0] for row in connection.execute(
        "SELECT name FROM _sqlite_migrations WHERE migration_set = ? ORDER BY id", (migrations.name,)))


def known() -> tuple[str, ...]:
    """The migrations that this version knows."""
    return tuple(one.name for one in migrations._migrations)


def _name(error: sqlite3.Error) -> str:
    return str(getattr(error, "sqlite_errorname", type(error).__name__))
