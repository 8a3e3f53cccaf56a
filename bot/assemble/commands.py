"""What `index`, `ask` and `evaluate` run: the indexer's commands with the answering room put in."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from bot.answering.answerer import Answerer
from bot.answering.types import Answer
from bot.assemble.app import sources_of, utc_now
from bot.jobs.reindexing import Progress
from bot.settings import Settings
from indexer import commands
from indexer.embedder import SentenceTransformerEmbedder
from indexer.library.sqlite import SqliteLibrary
from indexer.reindex import reindex
from indexer.search import KnowledgeBase
from indexer.sources import Source
from indexer.types import Report, Viewer


def run_index(settings: Settings, data: Path, named: Sequence[str], *, full: bool, dry_run: bool, progress: Progress,
              started: float | None = None) -> Report:
    """Index the named sources, or those of the settings. Raises as `indexer.reindex.reindex` does."""
    sources = [Source(location) for location in named] or sources_of(settings)
    embedder = SentenceTransformerEmbedder(settings.model.name)
    return reindex(sources, data, embedder, full=full, dry_run=dry_run, progress=progress, now=utc_now(),
                   started=started if started is not None else time.perf_counter())


class Asking:
    """Answers questions on the index of a data folder, as the bot would."""

    def __init__(self, settings: Settings, data: Path, audience: frozenset[str], at: date | None) -> None:
        """`audience` and `at` hold for every question that does not bring its own."""
        embedder = SentenceTransformerEmbedder(settings.model.name)
        knowledge = KnowledgeBase(data, embedder, false_answers=settings.answers.false_answers)
        knowledge.refresh()
        self._answerer = Answerer(knowledge.find)
        today = utc_now().astimezone(settings.desk.timezone).date()
        self._viewer = Viewer(audience, at or today)

    def one(self, question: str) -> Answer:
        """The answer to one question."""
        return self._answerer.answer(question, self._viewer)

    def one_as_json(self, question: str) -> dict[str, Any]:
        """The same as the contract's object."""
        return commands.answer_json(None, question, self.one(question))

    def batch(self, rows: Iterable[str]) -> Iterator[dict[str, Any]]:
        """An object for each row, in order."""
        return commands.ask_batch(rows, self._answerer.answer, self._viewer)


def run_evaluation(
    settings: Settings, data: Path, questions: Path, progress: Progress, warn: Callable[[str], None]
) -> dict[str, Any]:
    """The contract's figures for a file of golden questions."""
    def known() -> frozenset[str]:
        generation = SqliteLibrary(data).open()
        try:
            return frozenset(generation.documents())
        finally:
            generation.close()

    return commands.evaluate(
        questions, lambda: Asking(settings, data, frozenset(), None).one, known, warn, progress)
