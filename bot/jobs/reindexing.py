"""One reindex at a time, in the background, while questions are answered."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TypeAlias

from bot.errors import FloorwalkerError
from indexer.types import Report

log = logging.getLogger(__name__)

Progress: TypeAlias = Callable[[str, int, int], None]
Ended: TypeAlias = Callable[[Report | None, FloorwalkerError | None], None]


class Unexpected(FloorwalkerError):
    """The run broke off unexpectedly; the old index is still in use."""

    hint = "The log says more."


class Reindexing:
    """Runs `reindex(progress)` on a thread of its own; a wish that comes meanwhile is fulfilled right after."""

    def __init__(self, reindex: Callable[[Progress], Report], published: Callable[[], None]) -> None:
        """`published` is called after each successful run: the searcher takes up the new generation."""
        self._reindex, self._published = reindex, published
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._again = False

    @property
    def running(self) -> bool:
        with self._lock:
            return self._thread is not None

    def start(self, progress: Progress, ended: Ended) -> bool:
        """Begin a run unless one is under way. False: it is, and nothing was begun."""
        with self._lock:
            if self._thread is not None:
                return False
            self._thread = threading.Thread(target=self._run, args=(progress, ended), name="reindexing", daemon=True)
            self._thread.start()
            return True

    def soon(self) -> None:
        """Something was taught: take it in now, or right after the run that is under way."""
        with self._lock:
            if self._thread is not None:
                self._again = True
                return
        self.start(lambda _stage, _done, _total: None, lambda _report, _error: None)

    def wait(self, seconds: float) -> None:
        """Give a run that is under way this long to end."""
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join(seconds)

    def _run(self, progress: Progress, ended: Ended) -> None:
        report, error = self._once(progress)
        with self._lock:
            again, self._again, self._thread = self._again, False, None
        ended(report, error)
        if again:
            self.soon()

    def _once(self, progress: Progress) -> tuple[Report | None, FloorwalkerError | None]:
        try:
            report = self._reindex(progress)
            self._published()
        except FloorwalkerError as error:
            log.warning("reindexing failed: %s", error.sentence)
            return None, error
        except Exception:
            log.exception("reindexing broke off")
            return None, Unexpected()
        return report, None
