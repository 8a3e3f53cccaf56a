"""What `evaluate` runs, and what `index` asks of itself when it has published: the evaluation with the bot put in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bot.assemble.basics import utc_now
from bot.assemble.commands import Asking, sources_named
from bot.errors import FloorwalkerError
from bot.jobs.apart import Progress
from bot.settings import Settings
from indexer.confidence import Calibration
from indexer.embedder import Embedder, embedder_for
from indexer.evaluation import golden, running
from indexer.evaluation.golden import GoldenReport, check_golden, golden_questions
from indexer.evaluation.running import Evaluated, Indexed, Wanted
from indexer.evaluation.runs import Circumstances, Run
from indexer.library import About
from indexer.library.sqlite import SqliteLibrary
from indexer.sources import as_folders


@dataclass(frozen=True, slots=True)
class Expected:
    """What the index expects of its own decisions, from the questions that it made of its own material."""

    false_answers: float
    """The setting."""
    unanswerable_answered: float
    answerable_right: float


@dataclass(frozen=True, slots=True)
class Quality:
    """How good the knowledge base is after an index run."""

    expected: Expected | None = None
    golden: GoldenReport | None = None
    faults: tuple[str, ...] = ()
    """Sentences about golden questions that could not be asked."""

    def as_json(self) -> dict[str, Any]:
        """Keys to be added to the run's object."""
        expected = self.expected
        return {
            "expected": None if expected is None else {
                "false_answers": expected.false_answers,
                "unanswerable_answered": round(expected.unanswerable_answered, 4),
                "answerable_answered_right": round(expected.answerable_right, 4)},
            "golden": golden.golden_json(self.golden) if self.golden else None,
            "golden_faults": list(self.faults),
        }


def run_evaluation(
    settings: Settings, data: Path, wanted: Wanted, progress: Progress, warn: Callable[[str], None]
) -> Evaluated:
    """Ask a file of golden questions. Raises as `indexer.evaluation.running.run_evaluation` and `ask` do."""
    def index() -> Indexed:
        documents, about = _look(data)
        answer = Asking(settings, data, frozenset(), None, quoting="quick").one
        return Indexed(documents, circumstances(about, settings), answer)

    return running.run_evaluation(wanted, index, warn, progress)


def check_quality(
    settings: Settings, data: Path, named: Sequence[str], embedder: Embedder, progress: Progress, *,
    run: Run | None = None,
) -> Quality:
    """How good the published generation is. What goes wrong here is told, for the index itself is in place.

    `run`: the golden questions were asked of it just now.
    """
    try:
        documents, about = _look(data)
        asked = golden_questions(as_folders(sources_named(settings, named), data), documents)
        missing = running.missing_documents(list(asked.questions), documents)
        faults = (*asked.faults, *([f"{missing}."] if missing else []))
        expected = _expected(about, settings.answers.false_answers)
    except FloorwalkerError as error:
        return Quality(faults=(error.sentence,))

    if settings.index.gate == "off":
        return Quality(expected)

    @cache
    def asking() -> Asking:
        """Made at the first question: where nothing has changed none is asked, and no model has to be loaded."""
        return Asking(settings, data, frozenset(), None, embedder=embedder, quoting="quick")

    try:
        report = check_golden(asked, data, circumstances(about, settings, golden.FILE),
                              lambda question: asking().one(question), progress, asked=run)
    except FloorwalkerError as error:
        return Quality(expected, None, (*faults, error.sentence))
    return Quality(expected, report, faults)


def are_golden_due(settings: Settings, data: Path) -> bool:
    """Whether there are golden questions that nobody has asked yet: the first index of all does not wait for them."""
    if settings.index.gate == "off" or golden.kept_in(data).exists():
        return False
    try:
        documents, _ = _look(data)
        return bool(golden_questions(as_folders(sources_named(settings, ()), data), documents).questions)
    except FloorwalkerError:
        return False


def ask_golden(settings: Settings, data: Path, embedder: Embedder | None, progress: Progress) -> None:
    """Ask the golden questions of the published generation, and keep what became of them."""
    check_quality(settings, data, (), embedder or embedder_for(data, settings.model.name), progress)


def _look(data: Path) -> tuple[frozenset[str], About]:
    generation = SqliteLibrary(data).open()
    try:
        return frozenset(generation.documents()), generation.about
    finally:
        generation.close()


def circumstances(about: About, settings: Settings, questions: str = "") -> Circumstances:
    """Under which an index is asked."""
    setting, reranker = settings.answers.false_answers, settings.model.reranker
    model = f"{about.model}, reranked by {reranker}" if reranker else about.model
    return Circumstances(
        questions=questions, made_at=utc_now().isoformat(timespec="seconds"), generation=about.number,
        model=model, false_answers=setting, threshold=Calibration.from_json(about.calibration).threshold(setting))


def _expected(about: About, false_answers: float) -> Expected | None:
    """None where the calibration cannot tell."""
    told = Calibration.from_json(about.calibration).expected(false_answers)
    return Expected(false_answers, *told) if told else None
