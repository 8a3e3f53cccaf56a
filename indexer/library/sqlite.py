"""Generations as folders: `CURRENT` names the one that is published.

    index/CURRENT                     g000007
    index/g000007/passages.sqlite     documents, passages, full-text index, vectors
    index/g000007/vectors.faiss       derived from the vectors
    index/g000007/about.json          number, model, counts, calibration, and how large the other files are
    index/g000006/undone              somebody went back from this one
    index/g000008/held.json           the golden questions were against this one
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from indexer.errors import (
    IndexBusy,
    IndexDamaged,
    IndexIncomplete,
    IndexMissing,
    IndexNotWritten,
    IndexOfAnotherModel,
    IndexOutdated,
    NothingToUndo,
)
from indexer.library import About, GenerationState, KeptGeneration
from indexer.library.reading import PASSAGES, SqliteGeneration
from indexer.library.schema import FORMAT
from indexer.library.writing import SqliteDraft

KEPT = 3
"""Generations on the disk, the published one among them, without one that is held back."""

_DRAFT = ".building"
_ABOUT, _UNDONE, _HELD = "about.json", "undone", "held.json"


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
        return _open(self._folder(number))

    def generations(self) -> list[KeptGeneration]:
        """What is on the disk, newest first. Raises IndexDamaged where nobody can tell which one is published."""
        current = self.current()
        return [self._kept(number, current) for number in sorted(self._numbers(), reverse=True)]

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
            self._mark_unpublished()
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
                shutil.copyfile(self._folder(number) / PASSAGES, folder / PASSAGES)
            draft = SqliteDraft(folder, self._publish, self._folder(number) if number else None)
        except (OSError, sqlite3.OperationalError) as error:
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

    def undo(self, fingerprint: str) -> tuple[int, int]:
        """Publish the generation before the published one again. Returns both numbers.

        Raises NothingToUndo, IndexOfAnotherModel, IndexNotWritten; the published one then stays.
        """
        current = self.current()
        for earlier in (one for one in self.generations() if one.state == "kept" and one.number < current):
            with suppress(IndexDamaged):
                self._check(earlier.number, fingerprint)
                with _told_if_not_written():
                    _write_through(self._folder(current) / _UNDONE, "")
                    self._point_to(earlier.number)
                for number in self._held():  # it was made from the one that is given up
                    shutil.rmtree(self._folder(number), ignore_errors=True)
                return current, earlier.number
        raise NothingToUndo

    def held(self) -> tuple[SqliteGeneration, Mapping[str, Any]] | None:
        """The generation that is held back, and why; None if none is, or if it cannot be read."""
        for number in self._held():
            with suppress(IndexDamaged, OSError, ValueError):
                why = json.loads((self._folder(number) / _HELD).read_text())
                return _open(self._folder(number)), why
        return None

    def release(self) -> int:
        """Publish what is held back. Returns its number; 0 if nothing is. Raises IndexNotWritten."""
        number = next(iter(self._held()), 0)
        if number:
            with _told_if_not_written():
                self._point_to(number)
                (self._folder(number) / _HELD).unlink()
            self._discard_old()
        return number

    def _check(self, number: int, fingerprint: str) -> None:
        """That a generation can be used with a model."""
        generation = _open(self._folder(number))
        about = generation.about
        generation.close()
        if about.fingerprint != fingerprint:
            raise IndexOfAnotherModel(
                f"Generation {number} was made with the model {about.model!r}, which is not the one in use.",
                hint="Set that model again under [model], or take back what was fitted (`floorwalker tune --undo`); "
                     "nothing was changed.")

    def _kept(self, number: int, current: int) -> KeptGeneration:
        folder = self._folder(number)
        state: GenerationState = (
            "published" if number == current else "undone" if (folder / _UNDONE).exists()
            else "held back" if (folder / _HELD).exists() else "kept")
        try:
            about = _about(folder)
        except IndexDamaged:
            return KeptGeneration(number, state, 0, 0, "", None)
        return KeptGeneration(number, state, about.documents, about.passages, about.model, about.built_at)

    def _publish(self, folder: Path, about: About, held: Mapping[str, Any] | None) -> None:
        target = self._folder(about.number)
        try:
            if held is not None:
                _write_through(folder / _HELD, json.dumps(held))
            sizes = {file.name: file.stat().st_size for file in folder.iterdir() if file.name != _HELD}
            described = {"format": FORMAT, **asdict(about), "built_at": about.built_at.isoformat(), "files": sizes}
            _write_through(folder / _ABOUT, json.dumps(described, indent=1))
            folder.rename(target)
            _sync_folder(self._root)
            if held is None:
                self._point_to(about.number)
        except OSError as error:
            if self.current() != about.number:
                shutil.rmtree(target, ignore_errors=True)
            raise IndexNotWritten() from error
        self._discard_old()

    def _point_to(self, number: int) -> None:
        _write_through(self._root / "CURRENT.new", _name(number) + "\n")
        (self._root / "CURRENT.new").replace(self._root / "CURRENT")
        _sync_folder(self._root)

    def _discard_old(self) -> None:
        """Also what is held back, unless it is newer than what is published."""
        current = self.current()
        held = self._held()
        others = [number for number in self._numbers() if number != current and number not in held]
        others.sort(key=lambda number: ((self._folder(number) / _UNDONE).exists(), -number))
        for number in [*others[KEPT - 1 :], *(one for one in held if one < current), *held[1:]]:
            shutil.rmtree(self._folder(number), ignore_errors=True)

    def _held(self) -> list[int]:
        """Newest first."""
        current = self._current_if_known()
        held = (number for number in self._numbers() if (self._folder(number) / _HELD).exists())
        return sorted((number for number in held if number != current), reverse=True)

    def _mark_unpublished(self) -> None:
        """A run that was killed just before it published may have left a whole generation: not one to go back to."""
        current = self._current_if_known()
        for number in self._numbers() if current else ():
            folder = self._folder(number)
            if number > current and not (folder / _HELD).exists():
                with suppress(OSError):
                    (folder / _UNDONE).touch()

    def _current_if_known(self) -> int:
        try:
            return self.current()
        except IndexDamaged:
            return 0

    def _discard_drafts(self) -> None:
        for folder in self._root.glob(f"{_DRAFT}-*"):
            shutil.rmtree(folder, ignore_errors=True)

    def _folder(self, number: int) -> Path:
        return self._root / _name(number)

    def _numbers(self) -> Iterator[int]:
        for folder in self._root.glob("g*"):
            with suppress(ValueError):
                yield _number(folder.name)


def _open(folder: Path) -> SqliteGeneration:
    return SqliteGeneration(folder, _about(folder))


def _about(folder: Path) -> About:
    try:
        described = json.loads((folder / _ABOUT).read_text())
        if described.pop("format") != FORMAT:
            raise IndexOutdated(f"The index in {folder} was made by another version of Floorwalker.")
        for name, size in described.pop("files").items():
            if not (folder / name).exists() or (folder / name).stat().st_size != size:
                raise IndexIncomplete(f"The index in {folder} is not complete: {name} is not as it was written.")
        return About(**{**described, "built_at": datetime.fromisoformat(described["built_at"])})
    except FileNotFoundError as error:
        raise IndexIncomplete(f"The index in {folder} is not complete: there is no {_ABOUT}.") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexDamaged(f"The index in {folder} cannot be read.") from error


def _name(number: int) -> str:
    return f"g{number:06}"


def _number(name: str) -> int:
    if not name.startswith("g"):
        raise ValueError(name)
    return int(name[1:])


@contextmanager
def _told_if_not_written() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise IndexNotWritten() from error


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
