"""The database: it holds to the contract of every store, and to what is SQLite's own."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from bot.desk.lessons import Lessons
from bot.desk.migrations import migrations
from bot.desk.store import Store, StoreNotOpened
from tests.bot.desk.store_contract import StoreContract


class TestSqliteStore(StoreContract):
    """SQLite refuses at once what a deferred transaction writes late, and its own waiting lets a writer starve."""

    @staticmethod
    def open(folder: Path, patience: float) -> Store:
        return Store(folder / "desk.sqlite", patience=patience)

    @contextmanager
    def blocked(self, folder: Path) -> Iterator[None]:
        with closing(sqlite3.connect(folder / "desk.sqlite", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield


def test_a_power_cut_loses_nothing_and_references_are_held(tmp_path: Path) -> None:
    store = Store(tmp_path / "desk.sqlite")
    settings = {name: store.db.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("journal_mode", "foreign_keys", "synchronous")}
    assert settings == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2}


def test_an_older_file_is_brought_up_to_date_and_keeps_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "desk.sqlite"
    old = Database(path)
    migrations.apply(old, stop_before="lessons_taken_in")
    old.execute("INSERT INTO tickets (number, state, origin, question, files, asker, asker_channel, source_channel,"
                " source_ts, card_channel, opened_at, changed_at) VALUES (1, 'resolved', 'requested', '', '', '', '',"
                " '', '', '', '', '')")
    old.execute("INSERT INTO lessons VALUES (1, 'q', 'a', 'U0ANA', '2026-03-02T09:00:00+00:00', '2026-03-02')")
    old.conn.commit()
    old.conn.close()
    [lesson] = Lessons(Store(path)).untaken()
    assert lesson.question == "q", "nobody knows whether an index holds it"


def test_a_full_disk_is_told_with_the_place_and_the_cure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "desk.sqlite"
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=_OnSmallDisk))
    with pytest.raises(StoreNotOpened) as raised:
        Store(path)
    assert raised.value.message == f"The desk's database {path} cannot be opened: the disk is full."
    assert "free space" in raised.value.hint


class _OnSmallDisk(sqlite3.Connection):
    """A database that may not grow beyond three pages: SQLite's own answer to that is that of a full disk."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.execute("PRAGMA max_page_count = 3")


def test_a_place_that_cannot_be_written_is_told_as_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "desk.sqlite").mkdir()
    (tmp_path / "file").write_text("x")
    for path in (tmp_path / "desk.sqlite", tmp_path / "file" / "desk.sqlite"):
        with pytest.raises(StoreNotOpened, match=f"{path} cannot be opened: "):
            Store(path)
