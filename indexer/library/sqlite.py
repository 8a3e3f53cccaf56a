"""Generations as folders: `CURRENT` names the one that is published.

    index/CURRENT                     g000007
    index/g000007/passages.sqlite     documents, passages, full-text index, vectors
    index/g000007/vectors.faiss       derived from the vectors
    index/g000007/about.json          number, model, counts, calibration
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from indexer.errors import IndexBusy, IndexDamaged, IndexMissing, IndexNotWritten, IndexOutdated
from indexer.library import About
from indexer.library.reading import PASSAGES, SqliteGeneration
from indexer.library.schema import FORMAT
from indexer.library.writing import SqliteDraft

KEPT = 3
"""Generations on the disk, the published one among them."""

_DRAFT = ".building"


class SqliteLibrary:
    """The generations below a data folder."""

    def __init__(self, data: Path) -> None:
        self._root = data / "index"

    def current(self) -> int:
        """The number of the published generation; 0 if there is none."""
        try:
            return _number((self._root / "CURRENT").read_text().strip())
        except FileNotFoundError:
            return 0
        except (OSError, ValueError) as error:
            raise IndexDamaged(f"{self._root / 'CURRENT'} names no generation.") from error

    def open(self) -> SqliteGeneration:
        """The published generation. Raises IndexMissing, IndexDamaged."""
        number = self.current()
        if number == 0:
            raise IndexMissing(f"There is no index in {self._root.parent} yet.")
        folder = self._root / _name(number)
        return SqliteGeneration(folder, _about(folder))

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Keeps other writers out, and clears away what killed ones left. Raises IndexBusy."""
        lock = FileLock(self._root / "lock", timeout=0)
        try:
            self._root.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except Timeout:
            raise IndexBusy(f"Another run is indexing into {self._root.parent}.") from None
        except OSError as error:
            raise IndexNotWritten() from error
        try:
            self._discard_drafts()
            yield
        finally:
            lock.release()

    @contextmanager
    def draft(self, *, empty: bool = False) -> Iterator[SqliteDraft]:
        """A copy of the published generation to change, or an empty one; thrown away unless it is published."""
        folder = self._root / f"{_DRAFT}-{os.getpid()}"
        number = 0 if empty else self.current()
        try:
            folder.mkdir()
            if number:
                shutil.copyfile(self._root / _name(number) / PASSAGES, folder / PASSAGES)
            draft = SqliteDraft(folder, self._publish)
        except OSError as error:
            self._discard_drafts()
            raise IndexNotWritten() from error
        try:
            yield draft
        finally:
            draft.close()
            self._discard_drafts()

    def next_number(self) -> int:
        """What the next generation will be called; a number is never given twice."""
        return max(self._numbers(), default=0) + 1

    def _publish(self, folder: Path, about: About) -> None:
        target = self._root / _name(about.number)
        try:
            described = {"format": FORMAT, **asdict(about), "built_at": about.built_at.isoformat()}
            _write_through(folder / "about.json", json.dumps(described, indent=1))
            folder.rename(target)
            _sync_folder(self._root)
            _write_through(self._root / "CURRENT.new", target.name + "\n")
            (self._root / "CURRENT.new").replace(self._root / "CURRENT")
            _sync_folder(self._root)
        except OSError as error:
            if self.current() != about.number:
                shutil.rmtree(target, ignore_errors=True)
            raise IndexNotWritten() from error
        self._discard_old()

    def _discard_old(self) -> None:
        current = self.current()
        for number in sorted((n for n in self._numbers() if n != current), reverse=True)[KEPT - 1 :]:
            shutil.rmtree(self._root / _name(number), ignore_errors=True)

    def _discard_drafts(self) -> None:
        for folder in self._root.glob(f"{_DRAFT}-*"):
            shutil.rmtree(folder, ignore_errors=True)

    def _numbers(self) -> Iterator[int]:
        for folder in self._root.glob("g*"):
            with suppress(ValueError):
                yield _number(folder.name)


def _about(folder: Path) -> About:
    try:
        described = json.loads((folder / "about.json").read_text())
        if described.pop("format") != FORMAT:
            raise IndexOutdated(f"The index in {folder} was made by another version of Floorwalker.")
        return About(**{**described, "built_at": datetime.fromisoformat(described["built_at"])})
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexDamaged(f"The index in {folder} cannot be read.") from error


def _name(number: int) -> str:
    return f"g{number:06}"


def _number(name: str) -> int:
    if not name.startswith("g"):
        raise ValueError(name)
    return int(name[1:])


def _write_through(path: Path, text: str) -> None:
    with path.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":  # elsewhere a folder cannot be flushed
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
