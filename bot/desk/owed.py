"""Endings that could not be written down: the work is done, but the database was locked or the disk full."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable
from typing import TypeVar

from bot.errors import StoreBusy

log = logging.getLogger(__name__)
T = TypeVar("T")


class Owed:
    """Keeps such endings until they can be written. Without that, what was taken would count as being worked on until
    the next start, and all that waits behind it in its conversation or channel would wait as long."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._endings: list[Callable[[], object]] = []

    def write(self, ending: Callable[[], T]) -> T:
        """Write an ending down, or remember it. Raises what the store raises."""
        try:
            return ending()
        except (StoreBusy, sqlite3.Error):
            with self._lock:
                self._endings.append(ending)
            raise

    def settle(self) -> None:
        """Write what was remembered, oldest first. Raises what the store raises; the rest is remembered still."""
        with self._lock:
            endings, self._endings = self._endings, []
        while endings:
            try:
                endings[0]()
            except (StoreBusy, sqlite3.Error):
                with self._lock:
                    self._endings = endings + self._endings
                raise
            except Exception:
                log.exception("something that was done could not be noted any more")
            endings.pop(0)
