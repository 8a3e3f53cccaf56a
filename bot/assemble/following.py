"""`floorwalker index --watch`: an index run whenever a document on this machine has changed."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Protocol

from bot.errors import FloorwalkerError
from indexer.reading import TAUGHT
from indexer.sources import Source
from indexer.sources.address import local_path

LOOK_SECONDS, SETTLED_SECONDS = 1.0, 1.0
"""How often to look, and for how long nothing more must change before a run begins."""
MOST_TIME = 0.05
"""The share of the time that looking may take, however many files there are."""

Seen = frozenset[tuple[str, int, int]]


class Run(Protocol):
    """An index run."""

    def __call__(self, *, again: bool) -> object:
        """`again`: it was run before; only what lies on this machine is looked at. Raises FloorwalkerError."""
        ...


def follow(sources: Sequence[Source], data: Path, run: Run, say: Callable[[str], None],
           sleep: Callable[[float], None] = time.sleep, rounds: int | None = None) -> None:
    """Run once, and again after each change, until interrupted. A run that fails is told, and the next change tried.

    `rounds`: end after so many looks.
    """
    roots = [local_path(source.location) for source in sources if not source.is_remote] + [data / TAUGHT]
    seen = look(roots, data)
    run(again=False)
    say("Watching for changes; Ctrl-C ends it.")
    for _ in range(rounds) if rounds is not None else count():
        began = time.perf_counter()
        now = look(roots, data)
        took = time.perf_counter() - began
        if now != seen:
            seen = _settled(roots, data, now, sleep)
            _told(run, say)
        sleep(max(LOOK_SECONDS, took / MOST_TIME))


def _settled(roots: Sequence[Path], data: Path, seen: Seen, sleep: Callable[[float], None]) -> Seen:
    """What is there when nothing more changes: an editor or a copy may be at work."""
    while True:
        sleep(SETTLED_SECONDS)
        now = look(roots, data)
        if now == seen:
            return now
        seen = now


def _told(run: Run, say: Callable[[str], None]) -> None:
    try:
        run(again=True)
    except FloorwalkerError as error:
        say(f"{error.sentence} Still watching.")


def look(roots: Sequence[Path], data: Path) -> Seen:
    """Path, time of change and size of every file; nothing is read."""
    return frozenset(entry for root in roots for entry in _files(root, data))


def _files(root: Path, data: Path) -> Iterator[tuple[str, int, int]]:
    if root.is_file():
        yield from _stat(str(root))
        return
    own = data.resolve()
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".") and Path(folder, name).resolve() != own]
        for name in names:
            if not name.startswith("."):
                yield from _stat(os.path.join(folder, name))  # noqa: PTH118 (a Path for each of many files is slow)


def _stat(path: str) -> Iterator[tuple[str, int, int]]:
    try:
        told = os.stat(path)  # noqa: PTH116
    except OSError:
        return  # it went in this very moment
    yield path, told.st_mtime_ns, told.st_size
