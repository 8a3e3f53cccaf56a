"""The workspace's state on disk: one JSON file, never half, and a journal of what changed since it was written."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
from collections.abc import Iterable
from pathlib import Path

from bot.workspace.journal import Journal
from bot.workspace.kept import Key, UnknownFormat, from_json, pieces, value_of
from bot.workspace.state import State, fresh_state

logger = logging.getLogger(__name__)

FOLD_BYTES = 512 * 1024
"""A journal longer than this, and longer than the state file, is folded into it."""
PIECES_AT_ONCE = 50
"""How much is made into JSON before it is somebody else's turn: about a millisecond's worth."""


class StateUnreadable(Exception):
    """The state file is not one that this workspace wrote."""


def read(path: Path) -> State | None:
    """The saved state with all that the journal adds; None if there is none yet.

    Raises:
        StateUnreadable: there is a file, but it cannot be used.
    """
    saved = _read_file(path)
    state = saved or fresh_state()
    try:
        journalled = Journal(path).replay(state)
    except (OSError, LookupError, TypeError, ValueError) as error:
        raise StateUnreadable(f"The journal of {path} does not fit: {type(error).__name__}.") from error
    return state if saved or journalled else None


def _read_file(path: Path) -> State | None:
    try:
        saved = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise StateUnreadable(f"{path} is not readable JSON.") from error
    if not isinstance(saved, dict):
        raise StateUnreadable(f"{path} does not hold a workspace.")
    try:
        return from_json(saved)
    except UnknownFormat as error:
        raise StateUnreadable(str(error)) from error
    except (LookupError, TypeError, ValueError) as error:
        raise StateUnreadable(f"Something in it does not fit: {type(error).__name__}.") from error


def write(path: Path, parts: Iterable[str]) -> int:
    """Replace the file in one step; only the owner may read it, for the tokens are in it. Returns its size."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")  # always the same: what a killed process left is written over
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.writelines(parts)
        file.flush()
        os.fsync(file.fileno())
        size = os.fstat(file.fileno()).st_size
    part.replace(path)
    return size


class Saver:
    """Keeps changes in the journal before anybody is told of them, and folds them into the state file now and then."""

    def __init__(self, state: State, path: Path | None, *, delay: float = 0.3, fold_bytes: int = FOLD_BYTES) -> None:
        self._state = state
        self._path = path
        self._journal = Journal(path) if path else None
        self._delay = delay
        self._fold_bytes = fold_bytes
        self._touched: dict[Key, None] = {}
        self._flush_soon = False
        self._journal_size = self._file_size = 0
        self._full = asyncio.Event()
        self.still = asyncio.Lock()
        """Held while the state file is written in the background; who exchanges the whole state waits for it."""

    def changed(self, keys: Iterable[Key]) -> None:
        """Something must be kept. It is on disk before the loop's next turn, or at `flush`, whichever comes first."""
        if self._journal is None:
            return
        self._touched.update(dict.fromkeys(keys))
        if self._touched and not self._flush_soon:
            # before the tasks that are started later: the app hears of nothing that a kill could undo
            self._flush_soon = True
            asyncio.get_running_loop().call_soon(self._flush_in_turn)

    def flush(self) -> None:
        """Write down what has changed.

        Raises:
            OSError: it could not be written; the next flush tries again.
        """
        if self._journal is None or not self._touched:
            return
        changes = [(key, value_of(self._state, key)) for key in self._touched]
        self._journal_size += self._journal.append(changes, self._state.last_ts)
        self._touched.clear()
        if self._journal_size > max(self._fold_bytes, self._file_size):
            self._full.set()

    def begin(self) -> None:
        """A state file with everything so far, secrets included, for the journal to build on."""
        self._fold_at_once()

    async def run(self) -> None:
        """Fold the journal in whenever it has grown long, until cancelled."""
        while self._path:
            await self._full.wait()
            await asyncio.sleep(self._delay)
            self._full.clear()
            try:
                async with self.still:
                    await self._fold(self._path)
            except OSError as error:
                # a full disk must not end the workspace: the next change tries again
                logger.error("The workspace's state could not be saved: %s", error)

    def finish(self) -> None:
        """The last word, at the end. What is said after it still goes to the journal."""
        self._fold_at_once()

    async def _fold(self, path: Path) -> None:
        """Write the state file without holding up the loop: what changes meanwhile is in the journal's new page."""
        assert self._journal is not None
        self.flush()
        self._journal.turn_page()
        self._journal_size = 0
        parts = []
        for number, part in enumerate(pieces(self._state), 1):
            parts.append(part)
            if number % PIECES_AT_ONCE == 0:
                await asyncio.sleep(0)
        writing = asyncio.create_task(asyncio.to_thread(write, path, parts))
        try:
            self._file_size = await asyncio.shield(writing)
        except asyncio.CancelledError:
            # the thread cannot be stopped, and must not overtake what `finish` writes
            with contextlib.suppress(OSError):
                await writing
            raise
        self._journal.forget_old()

    def _fold_at_once(self) -> None:
        if self._path is None or self._journal is None:
            return
        try:
            self._file_size = write(self._path, pieces(self._state))
            self._journal.forget_all()
        except OSError as error:
            logger.error("The workspace's state could not be saved: %s", error)
            return
        self._touched.clear()
        self._journal_size = 0

    def _flush_in_turn(self) -> None:
        self._flush_soon = False
        try:
            self.flush()
        except OSError as error:
            logger.error("A change in the workspace could not be saved: %s", error)
