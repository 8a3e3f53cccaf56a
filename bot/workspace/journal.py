"""A file of changes beside the state file: a JSON line for each, on disk before anybody is told that it is done.

A killed process loses nothing that was handed to the operating system, so there is no fsync here.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.workspace.kept import Key, put_back
from bot.workspace.records import Json
from bot.workspace.state import State

logger = logging.getLogger(__name__)


class Journal:
    """The changes since the state file was written. Opened for each line, so there is nothing to close."""

    def __init__(self, state_file: Path) -> None:
        self._current = state_file.with_name(f"{state_file.name}.journal")
        self._old = state_file.with_name(f"{state_file.name}.journal.old")

    def append(self, changes: list[tuple[Key, Any]], last_ts: int) -> int:
        """Add a line; returns its length. All of it, or nothing.

        Raises:
            OSError: the disk is full, for instance.
        """
        # the line break comes first: half a line, left by a kill, must not spoil the next one
        line = ("\n" + json.dumps({"last_ts": last_ts, "changes": changes}) + "\n").encode()
        file = os.open(self._current, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            before = os.fstat(file).st_size
            try:
                _write(file, line)
            except OSError:
                os.ftruncate(file, before)
                raise
        finally:
            os.close(file)
        return len(line)

    def turn_page(self) -> None:
        """Begin a new file; the old one is kept until the state file holds what is in it."""
        # an old one that is still there was never folded in: both stay until that succeeds
        if self._current.exists() and not self._old.exists():
            self._current.rename(self._old)

    def forget_old(self) -> None:
        """The state file holds everything up to the last turn of the page."""
        self._old.unlink(missing_ok=True)

    def forget_all(self) -> None:
        """The state file holds everything."""
        # the old one first: it must never be read on top of what came after it
        self.forget_old()
        self._current.unlink(missing_ok=True)

    def replay(self, state: State) -> bool:
        """Carry out what is written here on the state as it was saved; returns whether there was anything.

        Raises:
            KeyError, TypeError, ValueError: something in it does not fit.
        """
        found = False
        for line in self._lines():
            found = True
            for key, value in line["changes"]:
                put_back(state, tuple(key), value)
            state.last_ts = max(state.last_ts, int(line["last_ts"]))
        return found

    def _lines(self) -> Iterator[Json]:
        for file in (self._old, self._current):
            if not file.exists():
                continue
            for raw in file.read_bytes().split(b"\n"):
                try:
                    line = json.loads(raw) if raw else None
                except ValueError:
                    logger.warning("Half a line in %s is left out: nobody was told that it was done", file.name)
                    continue
                if isinstance(line, dict):
                    yield line


def _write(file: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(file, view) :]
