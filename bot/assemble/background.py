"""Index runs of a bot at work: on somebody's word, on schedule, and because something was taught."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path

from bot.assemble.basics import sources_of
from bot.assemble.indexing import index_and_check
from bot.assemble.quality import are_golden_due, ask_golden
from bot.errors import FloorwalkerError
from bot.jobs.apart import BrokeOff, Progress, run_apart
from bot.jobs.housekeeping import Regular
from bot.jobs.reindexing import Reindexing, Wish
from bot.jobs.schedule import LOOK_EVERY, Schedule
from bot.jobs.workers import Workers
from bot.settings import Settings
from bot.settings.tree import SlackSettings
from indexer.embedder import Embedder, SentenceTransformerEmbedder
from indexer.library.sqlite import SqliteLibrary
from indexer.search import KnowledgeBase
from indexer.sources.mirror import Mirror, mirrors_in
from indexer.types import Failure, Report

log = logging.getLogger(__name__)

SMALL = 50_000
"""Passages up to which a lesson is taken in beside the answers: a process of its own would take longer to start."""


class IndexRuns:
    """Runs what `Reindexing` begins, and what is due."""

    def __init__(self, settings: Settings, data: Path, embedder: Embedder, knowledge: KnowledgeBase,
                 reindexing: Reindexing, now: Callable[[], datetime]) -> None:
        self._settings, self._data, self._embedder, self._now = settings, data, embedder, now
        self._knowledge = knowledge
        every = {source.called: source.every for source in sources_of(settings) if source.every}
        self.schedule = Schedule(every, data / "schedule.json", reindexing, lambda: knowledge.about()["built_at"])
        self.workers = (
            Workers("schedule", Regular(self.schedule.look, now, every=LOOK_EVERY), threading.Event(), 1),
            Workers("generation", self._follow, threading.Event(), 1))

    def run(self, progress: Progress, wish: Wish) -> Report:
        """One run; what became of it is noted in the schedule. Raises FloorwalkerError."""
        why = BrokeOff().sentence
        try:
            report = self._index(progress, wish)
            why = ""
        except FloorwalkerError as error:
            why = error.sentence
            raise
        finally:
            if not wish.only_taught:
                self.schedule.ran(wish.refresh, self._now(), why)
                self._note_troubles(wish)
        return report

    def _follow(self) -> bool:
        """Whatever process published it, the first question finds a new generation open."""
        self._knowledge.look()
        return False

    def see_to_quality(self) -> None:
        """Ask the golden questions if nobody has yet, on a thread that nothing waits for. What fails is logged."""
        threading.Thread(target=self._see_to_quality, name="golden", daemon=True).start()

    def _see_to_quality(self) -> None:
        settings = self._settings.model_copy(update={"slack": SlackSettings()})
        if not are_golden_due(settings, self._data):
            return
        try:
            if isinstance(self._embedder, SentenceTransformerEmbedder):
                run_apart(partial(ask_golden, settings, self._data, None), _silently)
            else:
                ask_golden(settings, self._data, self._embedder, _silently)
        except (FloorwalkerError, OSError) as error:
            log.info("the golden questions were not asked: %s", type(error).__name__)

    def failures(self) -> tuple[Failure, ...]:
        """What could not be taken in when each source was read last, by whatever run."""
        states = (Mirror(mirrors_in(self._data), source).state() for source in sources_of(self._settings))
        return tuple(Failure(*one) for state in states for one in state.failures)

    def told(self) -> Mapping[str, str]:
        """What an admin sees of them beside the index: what is held back, and when sources are due."""
        held = []
        with suppress(FloorwalkerError):  # a broken index is told elsewhere
            held = [one.number for one in SqliteLibrary(self._data).generations() if one.state == "held back"]
        told = {"Held back": f"generation {held[0]} makes golden questions worse; `floorwalker index --accept-worse` "
                             "publishes it"} if held else {}
        times = self.schedule.told()
        return told | ({"Schedule": times} if times else {})

    def _index(self, progress: Progress, wish: Wish) -> Report:
        settings = self._settings.model_copy(update={"slack": SlackSettings()})  # it needs none of the secrets
        can_be_apart = isinstance(self._embedder, SentenceTransformerEmbedder)
        if can_be_apart and not (wish.only_taught and self._knowledge.about()["passages"] <= SMALL):
            return run_apart(partial(index_and_check, settings, self._data, wish, None), progress)
        return index_and_check(settings, self._data, wish, self._embedder, progress)

    def _note_troubles(self, wish: Wish) -> None:
        """A run ends well without a source that cannot be reached: that one is tried again sooner than it is due."""
        for source in sources_of(self._settings):
            state = Mirror(mirrors_in(self._data), source).state()
            if state.trouble and (wish.refresh is None or source.called in wish.refresh):
                self.schedule.ran(frozenset({source.called}), self._now(), state.reason)


def _silently(_stage: str, _done: int, _total: int) -> None:
    """Nobody follows how far it is."""
