"""One reindex at a time, in the background, while questions are answered."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextvars import copy_context
from dataclasses import dataclass
from typing import TypeAlias

from bot.errors import FloorwalkerError
from bot.jobs.apart import BrokeOff, Progress
from indexer.types import Report

log = logging.getLogger(__name__)

Ended: TypeAlias = Callable[[Report | None, FloorwalkerError | None], None]

@dataclass(frozen=True, slots=True)
class Wish:
    """What a run is to take in."""

    only_taught: bool = False
    refresh: frozenset[str] | None = None
    """The remote sources that are fetched anew; None: all."""


EVERYTHING = Wish()

FIRST_WAIT, LONGEST_WAIT = 2.0, 300.0
"""Seconds until what was taught is tried again, where it could not be taken in: an admin may be indexing."""


class Reindexing:
    """Runs one reindex at a time on a thread of its own; a wish that comes meanwhile is fulfilled right after."""

    def __init__(self, reindex: Callable[[Progress, Wish], Report], *, first_wait: float = FIRST_WAIT) -> None:
        """`reindex` indexes, and puts the result to use."""
        self._reindex, self._first_wait = reindex, first_wait
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._again = False
        self._failed = 0
        self._timer: threading.Timer | None = None

    @property
    def running(self) -> bool:
        with self._lock:
            return self._thread is not None

    def start(self, progress: Progress, ended: Ended, wish: Wish = EVERYTHING) -> bool:
        """Begin a run unless one is under way. False: it is, and nothing was begun."""
        return self._begin(progress, ended, wish)

    def soon(self) -> None:
        """Something was taught or taken back: see to it now, or right after the run that is under way.

        Where that fails it is tried again, at growing intervals.
        """
        with self._lock:
            if self._thread is not None:
                self._again = True
                return
        if not self._begin(lambda _stage, _done, _total: None, self._try_again, Wish(only_taught=True)):
            self.soon()  # another run began in between

    def wait(self, seconds: float) -> None:
        """Give a run that is under way this long to end. What would be tried again is left for the next start."""
        with self._lock:
            thread, timer = self._thread, self._timer
        if timer is not None:
            timer.cancel()
        if thread is not None:
            thread.join(seconds)

    def _begin(self, progress: Progress, ended: Ended, wish: Wish) -> bool:
        with self._lock:
            if self._thread is not None:
                return False
            # In a copy of the caller's context: its log lines carry the number of whoever asked for it.
            self._thread = threading.Thread(target=copy_context().run, args=(self._run, progress, ended, wish),
                                            name="reindexing", daemon=True)
            self._thread.start()
            return True

    def _run(self, progress: Progress, ended: Ended, wish: Wish) -> None:
        report, error = self._once(progress, wish)
        with self._lock:
            again, self._again, self._thread = self._again, False, None
        ended(report, error)
        if again:
            self.soon()

    def _try_again(self, _report: Report | None, error: FloorwalkerError | None) -> None:
        with self._lock:
            if error is None:
                self._failed = 0
                return
            wait = min(self._first_wait * 2**self._failed, LONGEST_WAIT)
            self._failed += 1
            self._timer = threading.Timer(wait, self.soon)
            self._timer.daemon = True
            self._timer.start()

    def _once(self, progress: Progress, wish: Wish) -> tuple[Report | None, FloorwalkerError | None]:
        try:
            return self._reindex(progress, wish), None
        except FloorwalkerError as error:
            log.warning("reindexing failed: %s", error.sentence)
            return None, error
        except Exception:
            log.exception("reindexing broke off")
            return None, BrokeOff()
