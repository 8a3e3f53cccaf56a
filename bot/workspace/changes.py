"""What happens in the workspace, told to every open page, and the log of what app and workspace said to each other."""

from __future__ import annotations

import asyncio
import itertools
from collections import deque
from collections.abc import Callable, Iterable
from datetime import datetime

from bot.workspace.kept import Key, keys_told
from bot.workspace.records import Json

LOG_LENGTH = 500
QUEUE_LENGTH = 5_000


class Changes:
    """A bus with two kinds of traffic: changes (what is seen) and log entries (what was said by wire)."""

    def __init__(self, now: Callable[[], datetime], keep: Callable[[Iterable[Key]], None]) -> None:
        self._now = now
        self._keep = keep
        self._listeners: set[asyncio.Queue[Json | None]] = set()
        self._numbers = itertools.count(1)
        self._log: deque[Json] = deque(maxlen=LOG_LENGTH)

    def tell(self, kind: str, **what: object) -> None:
        """Something that people see has changed."""
        self._keep(keys_told(kind, what))
        self._send({"type": kind, **what})

    def unseen(self, *key: str) -> None:
        """Something has changed that nobody sees, but that must survive a restart."""
        self._keep([key])

    def log(self, kind: str, summary: str, detail: Json, *, error: str | None = None) -> None:
        """Something was said between app and workspace. Never put a token into `detail`."""
        entry = {
            "n": next(self._numbers),
            "at": _iso(self._now()),
            "kind": kind,
            "summary": summary,
            "ok": error is None,
            "error": error,
            "detail": detail,
        }
        self._log.append(entry)
        self._send({"type": "log", "entry": entry})

    def entries(self, after: int = 0) -> list[Json]:
        """The log, oldest first."""
        return [entry for entry in self._log if entry["n"] > after]

    def listen(self) -> asyncio.Queue[Json | None]:
        """A queue of everything from now on; None at the end."""
        queue: asyncio.Queue[Json | None] = asyncio.Queue(QUEUE_LENGTH)
        self._listeners.add(queue)
        return queue

    def leave(self, queue: asyncio.Queue[Json | None]) -> None:
        """No more."""
        self._listeners.discard(queue)

    def close(self) -> None:
        """End every stream."""
        for queue in list(self._listeners):
            self._cut(queue)

    def _send(self, change: Json) -> None:
        for queue in list(self._listeners):
            try:
                queue.put_nowait(change)
            except asyncio.QueueFull:
                # a page that stopped reading: it fetches everything anew when it reconnects
                self._cut(queue)

    def _cut(self, queue: asyncio.Queue[Json | None]) -> None:
        self._listeners.discard(queue)
        while not queue.empty():
            queue.get_nowait()
        queue.put_nowait(None)


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
