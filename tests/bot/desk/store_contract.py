"""What every store of the desk must hold to. A store's test derives from `StoreContract` and opens its own kind.

Written against the three words that the desk uses, `transaction`, `write` and `rows`, and the table `done_once`.
"""

from __future__ import annotations

import inspect
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from bot.desk.store import Store
from bot.errors import StoreBusy
from tests.bot.desk.desk_fakes import broken_off

ROOT = Path(__file__).resolve().parents[3]


def keys(store: Store) -> list[str]:
    return [row["key"] for row in store.rows("SELECT key FROM done_once ORDER BY key")]


def put(store: Store, key: str) -> None:
    store.write("INSERT INTO done_once VALUES (?, '')", (key,))


def count_up(store: Store, times: int) -> None:
    """Each turn reads how many there are, and writes the next one."""
    for _ in range(times):
        with store.transaction():
            put(store, f"{len(keys(store)):04d}")


class StoreContract(ABC):
    """All or nothing, patient with other writers, and nothing lost that was committed."""

    @staticmethod
    @abstractmethod
    def open(folder: Path, patience: float) -> Store:
        """Open the store of this folder, a new one if there is none. `patience`: seconds to wait for a writer."""

    @abstractmethod
    def blocked(self, folder: Path) -> AbstractContextManager[None]:
        """Something outside this process's stores writes, and does not end."""

    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[Store]:
        store = self.open(tmp_path, 0.2)
        yield store
        store.close()

    def script(self, body: str) -> str:
        """A program that opens the store of the folder that it is told of."""
        kind = type(self)
        module = ".".join(Path(inspect.getfile(kind)).relative_to(ROOT).with_suffix("").parts)
        return (f"import sys; from pathlib import Path\nfrom {module} import {kind.__name__}\n"
                f"from tests.bot.desk.store_contract import count_up, put\n"
                f"store = {kind.__name__}.open(Path(sys.argv[1]), 20)\n{body}")

    def process(self, body: str, folder: Path) -> subprocess.Popen[str]:
        return subprocess.Popen([sys.executable, "-c", self.script(body), str(folder)], cwd=ROOT, text=True,
                                stdout=subprocess.PIPE, stdin=subprocess.PIPE)

    def test_an_exception_undoes_the_whole_transaction(self, store: Store) -> None:
        with broken_off(store):
            put(store, "a")
            with store.transaction():
                put(store, "b")
        assert keys(store) == []

    def test_an_inner_transaction_can_fail_alone(self, store: Store) -> None:
        with store.transaction():
            put(store, "a")
            with broken_off(store):
                put(store, "b")
            put(store, "c")
        assert keys(store) == ["a", "c"]

    def test_a_write_that_is_refused_leaves_the_others_of_its_transaction_to_be_decided(self, store: Store) -> None:
        with store.transaction():
            put(store, "a")
            with pytest.raises(Exception, match="UNIQUE"):
                put(store, "a")
            put(store, "b")
        assert keys(store) == ["a", "b"]

    def test_nobody_sees_what_is_not_committed(self, store: Store) -> None:
        with store.transaction(), ThreadPoolExecutor(1) as pool:
            put(store, "a")
            assert pool.submit(keys, store).result() == []
        assert keys(store) == ["a"]

    def test_calls_after_the_commit_see_it_committed_and_are_dropped_by_a_rollback(self, store: Store) -> None:
        seen: list[list[str]] = []
        with store.transaction():
            put(store, "a")
            with store.transaction():
                store.after_commit(lambda: seen.append(ThreadPoolExecutor(1).submit(keys, store).result()))
            assert seen == []
        assert seen == [["a"]]
        with broken_off(store):
            store.after_commit(lambda: seen.append([]))
        put(store, "b")
        assert len(seen) == 1, "nor by the next transaction"
        with pytest.raises(RuntimeError):
            store.after_commit(lambda: None)

    def test_a_transaction_that_reads_first_is_not_refused_its_write(self, tmp_path: Path) -> None:
        store = self.open(tmp_path, 10)
        with ThreadPoolExecutor(2) as pool:
            for done in [pool.submit(count_up, store, 30) for _ in range(2)]:
                done.result()
        assert keys(store) == [f"{n:04d}" for n in range(60)]

    def test_in_a_crowd_of_writers_nobody_starves(self, tmp_path: Path) -> None:
        store = self.open(tmp_path, 1)

        def write_often(name: int) -> None:
            for n in range(25):
                put(store, f"{name}-{n:02d}")

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(write_often, range(8)))
        assert len(keys(store)) == 200

    def test_a_thread_that_does_not_end_its_transaction_is_told_to_the_others(self, store: Store) -> None:
        with store.transaction(), ThreadPoolExecutor(1) as pool, pytest.raises(StoreBusy):
            pool.submit(put, store, "a").result()

    def test_another_writer_that_does_not_end_is_told_and_nothing_is_lost(self, store: Store, tmp_path: Path) -> None:
        with self.blocked(tmp_path):
            with pytest.raises(StoreBusy):
                put(store, "a")
            with pytest.raises(StoreBusy), store.transaction():
                put(store, "b")
            assert keys(store) == [], "reading needs no lock"
        put(store, "a")
        assert keys(store) == ["a"]

    def test_two_processes_write_without_losing_anything_of_each_other(self, tmp_path: Path) -> None:
        store = self.open(tmp_path, 20)
        other = self.process("print('ready', flush=True); sys.stdin.readline(); count_up(store, 60)", tmp_path)
        assert other.stdout is not None
        assert other.stdin is not None
        other.stdout.readline()
        print("go", file=other.stdin, flush=True)
        count_up(store, 60)
        assert other.wait(60) == 0
        assert keys(store) == [f"{n:04d}" for n in range(120)]

    def test_what_was_committed_survives_a_kill_and_what_was_not_is_gone_whole(self, tmp_path: Path) -> None:
        body = """
for n in range(100_000):
    with store.transaction():
        put(store, f"{n:06d} first")
        put(store, f"{n:06d} second")
    print(n, flush=True)
"""
        writer = self.process(body, tmp_path)
        assert writer.stdout is not None
        told = [int(writer.stdout.readline()) for _ in range(40)]
        writer.kill()
        told += [int(line) for line in writer.stdout if line.endswith("\n")]
        writer.wait()
        there = keys(self.open(tmp_path, 5))
        assert len(there) in (2 * len(told), 2 * len(told) + 2), "committed, but not told yet"
        assert there == [f"{n:06d} {half}" for n in range(len(there) // 2) for half in ("first", "second")]

    def test_what_is_committed_is_there_after_opening_again(self, store: Store, tmp_path: Path) -> None:
        put(store, "a")
        store.close()
        assert keys(self.open(tmp_path, 1)) == ["a"]

    def test_many_may_open_a_new_one_at_once(self, tmp_path: Path) -> None:
        with ThreadPoolExecutor(8) as pool:
            stores = list(pool.map(lambda _: self.open(tmp_path / "new", 10), range(8)))
        put(stores[0], "a")
        assert all(keys(store) == ["a"] for store in stores)
