"""Asks the golden questions of a new generation and of the published one, before one takes the other's place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.assemble.commands import Asking
from bot.assemble.quality import circumstances
from bot.errors import FloorwalkerError
from bot.jobs.apart import Progress
from bot.settings import Settings
from indexer.embedder import Embedder
from indexer.evaluation.against import NothingInCommon, compare
from indexer.evaluation.golden import FILE, GoldenQuestions, check_golden, last_golden
from indexer.evaluation.outcomes import evaluate
from indexer.evaluation.runs import Run
from indexer.gate import judged
from indexer.library import Generation
from indexer.library.sqlite import SqliteLibrary
from indexer.search import Trial
from indexer.types import Gated


class GoldenGate:
    """Holds back what makes golden questions worse (`[index] gate = "hold"`)."""

    def __init__(self, settings: Settings, data: Path, embedder: Embedder, progress: Progress) -> None:
        self._settings, self._data, self._embedder, self._progress = settings, data, embedder, progress
        self.asked: Run | None = None
        """What became of the questions in the generation that was judged."""

    @property
    def under(self) -> str:
        """The settings that its judgement depends on."""
        settings = self._settings
        return f"{settings.index.gate_tolerance:g}, {settings.answers.false_answers:g}, {settings.model.reranker}"

    def judge(self, generation: Generation, calibration: Mapping[str, Any], golden: GoldenQuestions,
              hidden: frozenset[str]) -> Gated | None:
        """About a generation that is not published yet; None if it cannot be compared.

        Questions that expect one of the `hidden` documents, which it takes from some or all readers, do not count.
        """
        if not golden.questions:
            return None
        before = self._before(golden)
        asking = self._asking(Trial(generation, calibration))
        about = circumstances(replace(generation.about, calibration=calibration), self._settings, FILE)
        self.asked = Run(about, tuple(evaluate(golden.questions, asking.one, self._progress)))
        try:
            compared = compare(before, _without(self.asked, hidden)) if before else None
        except NothingInCommon:
            return None
        return judged(compared, self._settings.index.gate_tolerance, self.under) if compared else None

    def _before(self, golden: GoldenQuestions) -> Run | None:
        """Of the published generation: as they were asked of it last, else now; of one of another model, as it was."""
        try:
            generation = SqliteLibrary(self._data).open()
            about = circumstances(generation.about, self._settings, FILE)
            generation.close()
            made: list[Asking] = []

            def answer(question: str) -> Any:
                made[:] = made or [self._asking()]
                return made[0].one(question)

            found = check_golden(golden, self._data, about, answer, self._progress)
        except FloorwalkerError:
            found = last_golden(self._data)
        return found.run if found else None

    def _asking(self, trial: Trial | None = None) -> Asking:
        return Asking(self._settings, self._data, frozenset(), None, embedder=self._embedder, quoting="quick",
                      trial=trial)


def _without(run: Run, hidden: frozenset[str]) -> Run:
    return replace(run, outcomes=tuple(one for one in run.outcomes if not one.golden.expect & hidden))
