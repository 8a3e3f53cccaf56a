"""Health checks that together never take longer than a second, whatever hangs."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping

__all__ = ["Checks", "Lasting"]

log = logging.getLogger(__name__)

WITHIN_SECONDS = 0.8
HANGS = "This could not be found out within a second."
Look = Callable[[], str]
"""Returns a sentence about what is wrong; an empty one if nothing is."""


class Checks:
    """Runs the checks beside the caller, who waits no longer than `within` seconds for them."""

    def __init__(self, looks: Mapping[str, Look], within: float = WITHIN_SECONDS) -> None:
        self._looks, self._within = looks, within
        self._under_way: dict[str, _OneLook] = {}
        self._lock = threading.Lock()

    def run(self) -> dict[str, str]:
        """What is wrong, by check: empty where all is well. Who comes while a check runs waits for that same one."""
        until = time.monotonic() + self._within
        looking = {name: self._looking(name, look) for name, look in self._looks.items()}
        for one in looking.values():
            one.join(max(0.0, until - time.monotonic()))
        return {name: one.found if one.found is not None else HANGS for name, one in looking.items()}

    def _looking(self, name: str, look: Look) -> _OneLook:
        with self._lock:
            one = self._under_way.get(name)
            if one is None or not one.is_alive():
                one = self._under_way[name] = _OneLook(name, look)
                one.start()
            return one


class _OneLook(threading.Thread):
    def __init__(self, name: str, look: Look) -> None:
        super().__init__(name=f"check-{name}", daemon=True)
        self._look = look
        self.found: str | None = None

    def run(self) -> None:
        try:
            self.found = self._look()
        except Exception as error:
            log.warning("the health check %s broke off", self.name, exc_info=error)
            self.found = f"This could not be found out ({type(error).__name__})."


class Lasting:
    """Something that may fail for a moment: how long it has, as far as was looked."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._since: float | None = None

    def see(self, *, well: bool) -> None:
        """What a look found."""
        if well:
            self._since = None
        elif self._since is None:
            self._since = self._clock()

    @property
    def seconds(self) -> float:
        """How long it has failed without a break; 0 if it does not."""
        since = self._since
        return 0.0 if since is None else self._clock() - since
