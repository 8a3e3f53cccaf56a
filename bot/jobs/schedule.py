"""The clock of the sources that are indexed by themselves: what is due is begun, and survives restarts."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.errors import FloorwalkerError
from bot.jobs.reindexing import Ended, Reindexing, Wish
from indexer.types import Report

log = logging.getLogger(__name__)

LOOK_EVERY = timedelta(seconds=20)
SOON = timedelta(minutes=10)
"""After a failure a source is tried again no later than this."""


@dataclass(frozen=True, slots=True)
class Last:
    """How a source's last run ended."""

    at: str
    """ISO 8601, in UTC."""
    why: str = ""
    """A sentence, where it failed."""

    @property
    def when(self) -> datetime:
        return datetime.fromisoformat(self.at)


class Schedule:
    """Begins a run of the sources that are due. One at a time with any other; a failure does not stop the clock."""

    def __init__(self, every: Mapping[str, timedelta], file: Path, reindexing: Reindexing,
                 built_at: Callable[[], datetime]) -> None:
        """`every`: how often each source is indexed, by what it is called. `built_at`: when the index in use was made,
        which is when a source was indexed of which `file` does not know."""
        self._every, self._file, self._reindexing, self._built_at = every, file, reindexing, built_at
        self._lock = threading.Lock()
        self._last = self._read()

    def look(self, now: datetime) -> None:
        """Begin a run if one is due and none is under way."""
        due = frozenset(name for name in self._every if self.next(name) <= now)
        if not due:
            return
        if self._reindexing.start(lambda _stage, _done, _total: None, self._ended(due), Wish(refresh=due)):
            log.info("scheduled indexing of %s began", ", ".join(sorted(due)))

    def next(self, name: str) -> datetime:
        """When a source is due."""
        with self._lock:
            last = self._last.get(name)
        if last is None:
            return self._built_at() + self._every[name]
        return last.when + (min(self._every[name], SOON) if last.why else self._every[name])

    def ran(self, refresh: frozenset[str] | None, now: datetime, why: str = "") -> None:
        """Some sources (None: all) were indexed, for whatever reason; `why`: it failed."""
        with self._lock:
            names = self._every.keys() if refresh is None else self._every.keys() & refresh
            self._last.update((name, Last(now.isoformat(timespec="seconds"), why)) for name in names)
            self._write()

    def told(self) -> str:
        """When each source was indexed and will be, in a line; empty without a schedule."""
        return "; ".join(f"{name}: {self._told_last(name)}next {self.next(name):%d %b, %H:%M} UTC"
                         for name in self._every)

    def troubles(self) -> list[str]:
        """Sentences about sources whose last run failed."""
        with self._lock:
            failed = {name: last.why for name, last in self._last.items() if last.why and name in self._every}
        return [f"Scheduled indexing of {name} failed: {why}" for name, why in failed.items()]

    def _ended(self, due: frozenset[str]) -> Ended:
        names = ", ".join(sorted(due))

        def ended(report: Report | None, error: FloorwalkerError | None) -> None:
            if report is not None:
                log.info("scheduled indexing of %s ended: %d added, %d changed, %d removed, %d failed, generation %d",
                         names, report.added, report.changed, report.removed, len(report.failed), report.generation)
                if report.gated and report.gated.worse:
                    log.warning("scheduled indexing of %s: %d of %d golden questions got worse%s", names,
                                len(report.gated.worse), report.gated.asked,
                                "; it was not published" if report.gated.held_back else "")
            elif error is not None:
                log.warning("scheduled indexing of %s failed: %s", names, error.sentence)

        return ended

    def _told_last(self, name: str) -> str:
        with self._lock:
            last = self._last.get(name)
        if last is None:
            return ""
        return f"last {last.when:%d %b, %H:%M}{' (failed)' if last.why else ''}, "

    def _read(self) -> dict[str, Last]:
        try:
            stored = json.loads(self._file.read_text(encoding="utf-8"))
            found = {str(name): Last(str(row["at"]), str(row.get("why", ""))) for name, row in stored.items()}
            return {name: last for name, last in found.items() if last.when.tzinfo}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            log.warning("%s cannot be read; what is due counts from the index in use", self._file)
            return {}

    def _write(self) -> None:
        """Best effort: without it, a source may be indexed once more after a restart."""
        beside = self._file.with_suffix(".new")
        try:
            beside.write_text(json.dumps({name: asdict(last) for name, last in self._last.items()}), encoding="utf-8")
            beside.replace(self._file)
        except OSError as error:
            log.warning("%s could not be written: %s", self._file, error.strerror)
