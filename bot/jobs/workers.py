"""Threads that do one unit of work after the other and sleep while there is none."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
"""How often a sleeping worker looks for work that nobody announced: what was waiting for its time."""
PAUSE_SECONDS = 2.0
"""After a unit that could not even be taken (a locked database, a full disk)."""


class Workers:
    """Runs `step` on several threads until `stop`. `step` does one unit and returns False when there was none."""

    def __init__(self, name: str, step: Callable[[], bool], announced: threading.Event, threads: int) -> None:
        self.name, self._step, self._announced = name, step, announced
        self._stopping = threading.Event()
        self._finish_until = 0.0
        self._threads = [
            threading.Thread(target=self._run, name=f"{name}-{number}", daemon=True) for number in range(threads)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    @property
    def alive(self) -> bool:
        """Whether every thread is at work."""
        return all(thread.is_alive() for thread in self._threads)

    def stop(self, seconds: float = 10.0, *, finish: float = 0.0) -> bool:
        """Let the threads finish the units that they hold, for `seconds` in all. False: some did not.

        For `finish` seconds they also go on with what is due; they end when nothing is.
        """
        self._finish_until = time.monotonic() + finish
        self._stopping.set()
        self._announced.set()
        until = time.monotonic() + seconds
        for thread in self._threads:
            if thread.is_alive():
                thread.join(max(0.0, until - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                if self._step():
                    continue
            except Exception:
                log.exception("%s could not take the next unit", self.name)
                self._stopping.wait(PAUSE_SECONDS)
            if self._announced.wait(LOOK_SECONDS):
                self._announced.clear()
        self._finish()

    def _finish(self) -> None:
        try:
            while time.monotonic() < self._finish_until and self._step():
                pass
        except Exception:
            log.exception("%s could not finish", self.name)
