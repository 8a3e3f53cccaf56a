"""What `ask` and `tune` run: the indexer's commands with the answering room put in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal

from bot.answering.answerer import Answerer
from bot.answering.types import Answer
from bot.assemble.basics import sources_of, utc_now
from bot.jobs.apart import Progress
from bot.settings import Settings
from indexer import commands
from indexer.embedder import Embedder, embedder_for
from indexer.reranker import reranker_for
from indexer.search import KnowledgeBase, Trial
from indexer.sources import Source
from indexer.tuning.tune import Tuned, tune
from indexer.types import Viewer


def sources_named(settings: Settings, named: Sequence[str]) -> list[Source]:
    """The sources named on the command line, or those of the settings."""
    return [Source(location) for location in named] or sources_of(settings)


def run_tuning(settings: Settings, data: Path, minutes: float, progress: Progress, started: float) -> Tuned:
    """Fit the settings' model to the index of a data folder. Raises as `indexer.tuning.tune.tune` does."""
    return tune(data, settings.model.name, minutes=minutes, now=utc_now(), started=started, progress=progress)


class Asking:
    """Answers questions on the index of a data folder, as the bot would."""

    def __init__(self, settings: Settings, data: Path, audience: frozenset[str], at: date | None,
                 *, embedder: Embedder | None = None, quoting: Literal["exact", "quick"] = "exact",
                 trial: Trial | None = None) -> None:
        """`audience` and `at` hold for every question that does not bring its own.

        `quick` quoting chooses by words alone: the documents are the same, and nothing more is embedded.
        `trial`: a generation to ask that is not published (yet).
        """
        embedder = embedder or embedder_for(data, settings.model.name)
        knowledge = KnowledgeBase(data, embedder, false_answers=settings.answers.false_answers,
                                  reranker=reranker_for(settings.model.reranker), trial=trial)
        knowledge.refresh()
        embed = embedder.embed if quoting == "exact" else None
        self._answerer = Answerer(knowledge.find, embed, settings.model.languages)
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
