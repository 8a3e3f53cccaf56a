"""What `floorwalker evaluate` does: everything that may be wrong is found before the first question is asked."""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from indexer.evaluation import against, files, runs, worst
from indexer.evaluation.against import Comparison
from indexer.evaluation.outcomes import AnswerLike, evaluate
from indexer.evaluation.questions import GoldenQuestion, read_questions
from indexer.evaluation.runs import Circumstances, Run

PICTURES = (".png", ".svg", ".html")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to evaluate, and where its results go."""

    questions: Path
    save: Path | None = None
    against: Path | None = None
    plot: Path | None = None
    """Its suffix is one of PICTURES."""


@dataclass(frozen=True, slots=True)
class Indexed:
    """The index that is asked."""

    documents: Set[str]
    """The ids of all documents."""
    about: Circumstances
    answer: Callable[[str], AnswerLike]


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What came out."""

    run: Run
    comparison: Comparison | None
    written: tuple[Path, ...]


def run_evaluation(
    wanted: Wanted, index: Callable[[], Indexed], warn: Callable[[str], None],
    progress: Callable[[str, int, int], None] = lambda _stage, _done, _total: None,
) -> Evaluated:
    """Ask a file of golden questions, and write what is wanted of it.

    `index` is opened once all files are known to be good; `warn` hears of expected documents that do not exist, since
    a misspelt one would look like a wrong answer.
    Raises QuestionsUnreadable, RunUnreadable, NothingInCommon, FileNotOurs and FileNotWritten.
    """
    golden = read_questions(wanted.questions)
    before = runs.load(wanted.against) if wanted.against else None
    if before:
        against.check_common(before, golden)
    written = tuple(path for path in (wanted.save, wanted.plot) if path)
    for path in written:
        files.check(path)
    opened = index()
    if missing := missing_documents(golden, opened.documents):
        warn(missing)
    about = replace(opened.about, questions=wanted.questions.name)
    run = Run(about, tuple(evaluate(golden, opened.answer, progress)))
    comparison = against.compare(before, run) if before else None
    if wanted.save:
        runs.save(run, wanted.save)
    if wanted.plot:
        files.write(wanted.plot, _drawn(wanted.plot.suffix.lower(), run, comparison))
    return Evaluated(run, comparison, written)


def missing_documents(golden: list[GoldenQuestion], documents: Set[str]) -> str:
    """A sentence about expected documents that do not exist; empty if all do."""
    missing = sorted({document for one in golden for document in one.expect} - documents)
    if not missing:
        return ""
    return f"Expected, but not in the index: {', '.join(missing[:5])}{' …' if len(missing) > 5 else ''}"


def _drawn(suffix: str, run: Run, comparison: Comparison | None) -> bytes:
    if suffix == ".html":
        from indexer.evaluation.page import page

        return page(run, comparison)
    from indexer.evaluation.picture import draw

    return draw(run, "svg" if suffix == ".svg" else "png")


def evaluated_json(evaluated: Evaluated) -> dict[str, Any]:
    """The contract's figures, then what goes beyond them."""
    return {
        **evaluated.run.figures(),
        "worst": [worst.as_json(outcome) for outcome in worst.worst(evaluated.run.outcomes)],
        **({"against": against.as_json(evaluated.comparison)} if evaluated.comparison else {}),
    }
