"""The database: all or nothing, patient with other writers, safe to open from many sides."""

from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.desk.lessons import Lessons
from bot.desk.migrations import migrations
from bot.desk.store import Store
from bot.errors import StoreBusy
from tests.bot.desk.desk_fakes import broken_off


def keys(store: Store) -> list[str]:
    return [row["key"] for row in store.rows("SELECT key FROM done_once ORDER BY key")]


def put(store: Store, key: str) -> None:
    store.write("INSERT INTO done_once VALUES (?, '')", (key,))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "desk.sqlite", patience=0.2)


def test_an_exception_undoes_the_whole_transaction(store: Store) -> None:
    with broken_off(store):
        put(store, "a")
        with store.transaction():
            put(store, "b")
    assert keys(store) == []


def test_an_inner_transaction_can_fail_alone(store: Store) -> None:
    with store.transaction():
        put(store, "a")
        with broken_off(store):
            put(store, "b")
    assert keys(store) == ["a"]


def test_calls_after_the_commit_see_it_committed_and_are_dropped_by_a_rollback(store: Store) -> None:
    seen: list[list[str]] = []
    with store.transaction():
        put(store, "a")
        with store.transaction():
            store.after_commit(lambda: seen.append(ThreadPoolExecutor(1).submit(keys, store).result()))
        assert seen == []
    assert seen == [["a"]]
    with broken_off(store):
        store.after_commit(lambda: seen.append([]))
    assert len(seen) == 1
    with pytest.raises(RuntimeError):
        store.after_commit(lambda: None)


def test_a_transaction_that_reads_first_is_not_refused_its_write(store: Store) -> None:
    """A deferred transaction would fail at once with `database is locked` here."""
    started, errors = threading.Barrier(2), list[Exception]()

    def count_up() -> None:
        started.wait()
        try:
            for _ in range(30):
                with store.transaction():
                    count = len(keys(store))
                    put(store, f"{count:04d}")
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=count_up) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert keys(store) == [f"{n:04d}" for n in range(60)]


def test_in_a_crowd_of_writers_nobody_starves(tmp_path: Path) -> None:
    """SQLite's own waiting lets one of them poll in vain until its patience ends."""
    store = Store(tmp_path / "desk.sqlite", patience=1)
    errors = list[Exception]()

    def write_often(name: str) -> None:
        try:
            for n in range(25):
                put(store, f"{name}-{n:02d}")
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=write_often, args=(f"{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(keys(store)) == 200


def test_a_thread_that_does_not_end_its_transaction_is_told_to_the_others(store: Store) -> None:
    with store.transaction(), ThreadPoolExecutor(1) as pool, pytest.raises(StoreBusy):
        pool.submit(put, store, "a").result()


def test_another_writer_that_does_not_end_is_told_and_nothing_is_lost(store: Store) -> None:
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreBusy):
        put(store, "a")
    assert keys(store) == [], "reading needs no lock"
    other.execute("ROLLBACK")
    put(store, "a")
    assert keys(store) == ["a"]


def test_what_is_committed_is_there_after_opening_again(store: Store) -> None:
    put(store, "a")
    store.close()
    again = Store(store.path)
    assert keys(again) == ["a"]
    settings = {name: again.db.execute(f"PRAGMA {name}").fetchone()[0]
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


def test_many_may_open_a_new_file_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        stores = list(pool.map(lambda _: Store(tmp_path / "new" / "desk.sqlite"), range(8)))
    put(stores[0], "a")
    assert all(keys(store) == ["a"] for store in stores)
