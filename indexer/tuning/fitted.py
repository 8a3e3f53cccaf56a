"""The fitted model in the data folder, and which model a data folder uses: the one place that decides it.

    model/CURRENT           m000002
    model/m000002/          a sentence-transformers model, with fitted.json beside: what it was made from
"""

from __future__ import annotations

import json
import logging
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from filelock import FileLock, Timeout

from indexer.errors import FloorwalkerError
from indexer.tuning.judging import Drift

ABOUT = "fitted.json"
_CURRENT = "CURRENT"
_DRAFT = ".fitting"

_log = logging.getLogger(__name__)


class TuningBusy(FloorwalkerError):
    """Another run is fitting the model of this data folder."""

    hint = "Wait until it has ended; nothing was changed."


class ModelNotWritten(FloorwalkerError):
    """The fitted model could not be written; the one in use stays as it is."""

    hint = "Check the free space and the access rights of the data folder."


class Savable(Protocol):
    """A model that can be written into a folder."""

    def save(self, path: str, /, *, create_model_card: bool) -> None: ...


class FittedModels:
    """The fitted models below a data folder; at most one is in use."""

    def __init__(self, data: Path) -> None:
        self._root = data / "model"

    @staticmethod
    def drift(folder: Path) -> Drift:
        """How surer a fitted model is of what it has learnt than of other questions; nothing if that is not known."""
        try:
            return Drift(**json.loads((folder / ABOUT).read_text())["drift"])
        except (OSError, ValueError, KeyError, TypeError):
            return Drift()

    def folder(self, base: str) -> Path | None:
        """The fitted model in use, if it was made from this very base; warns of one that was made from another."""
        try:
            folder = self._root / (self._root / _CURRENT).read_text().strip()
            about = json.loads((folder / ABOUT).read_text())
            made_from = about["base"]
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError):
            _log.warning("The fitted model in %s cannot be read and is not used. "
                         "Run `floorwalker tune` again, or `floorwalker tune --undo`.", self._root)
            return None
        if made_from != base:
            _log.warning("The fitted model was made from %r and is not used with %r. "
                         "Run `floorwalker tune` to fit the model now set.", made_from, base)
            return None
        return folder

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Keeps other writers out, and clears away what killed ones left. Raises TuningBusy, ModelNotWritten."""
        lock = FileLock(self._root / "lock", timeout=0)
        try:
            self._root.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except Timeout:
            raise TuningBusy() from None
        except OSError as error:
            raise ModelNotWritten() from error
        try:
            self._discard_all_but(self._name())
            yield
        finally:
            lock.release()

    def keep(self, model: Savable, about: Mapping[str, Any]) -> None:
        """Use this model from now on, all at once; to be called inside `writing()`. Raises ModelNotWritten."""
        draft = self._root / f"{_DRAFT}-{os.getpid()}"
        name = self._next_name()
        try:
            draft.mkdir()
            model.save(str(draft), create_model_card=False)
            (draft / ABOUT).write_text(json.dumps(about, indent=1), encoding="utf-8")
            for file in draft.rglob("*"):
                _sync(file)
            draft.rename(self._root / name)
            _point(self._root / _CURRENT, name)
        except (OSError, RuntimeError) as error:  # safetensors has errors of its own
            raise ModelNotWritten() from error

    def undo(self) -> bool:
        """Use the base again. Returns whether there was a fitted model; to be called inside `writing()`."""
        try:
            (self._root / _CURRENT).unlink()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise ModelNotWritten("The fitted model could not be taken back.") from error
        self._discard_all_but("")
        return True

    def _name(self) -> str:
        try:
            return (self._root / _CURRENT).read_text().strip()
        except (OSError, ValueError):
            return ""

    def _next_name(self) -> str:
        taken = [int(folder.name[1:]) for folder in self._root.glob("m*") if folder.name[1:].isdecimal()]
        return f"m{max(taken, default=0) + 1:06}"

    def _discard_all_but(self, name: str) -> None:
        for folder in (*self._root.glob("m*"), *self._root.glob(f"{_DRAFT}-*")):
            if folder.name != name:
                shutil.rmtree(folder, ignore_errors=True)


def _point(path: Path, name: str) -> None:
    new = path.with_suffix(".new")
    new.write_text(name + "\n")
    _sync(new)
    _sync(path.parent)
    new.replace(path)
    _sync(path.parent)


def _sync(path: Path) -> None:
    """Flush a file or, where that is possible, a folder."""
    if path.is_dir() and os.name != "posix":
        return
    handle = os.open(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
