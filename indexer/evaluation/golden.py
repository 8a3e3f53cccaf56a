"""The golden questions that lie beside the documents: asked again after each index run that changed something.

What came out is kept in the data folder, so that the next run can be compared with it and whoever shows the bot's
health can show it. A file of questions that cannot be read is told, and holds up nothing.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from indexer.errors import FloorwalkerError
from indexer.evaluation.against import Comparison, NothingInCommon, as_json, compare
from indexer.evaluation.figures import figures, further
from indexer.evaluation.outcomes import AnswerLike, evaluate
from indexer.evaluation.questions import GoldenQuestion, read_questions
from indexer.evaluation.runs import Circumstances, Run, RunUnreadable, of_json, read_json, save
from indexer.sources import Source

FILE = "questions.jsonl"
"""Its name in a source's root, where it is never indexed."""
MOST = 500
"""Questions that are asked after an index run."""


@dataclass(frozen=True, slots=True)
class GoldenQuestions:
    """The golden questions of all sources."""

    files: tuple[str, ...]
    questions: tuple[GoldenQuestion, ...]
    """Spread evenly over all that there are, if these are too many."""
    there_are: int
    faults: tuple[str, ...] = ()
    """Sentences about files that cannot be read."""

    @property
    def digest(self) -> str:
        """Changes with any of the questions."""
        told = repr([(one.question, sorted(one.expect), one.kind, one.id) for one in self.questions])
        return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class GoldenReport:
    """What became of the golden questions."""

    run: Run
    there_are: int
    """Golden questions in all; fewer may have been asked."""
    comparison: Comparison | None = None
    """With the run before; None if there was none."""
    is_new: bool = True
    """Whether they were asked just now: not if nothing has changed since."""


def golden_questions(sources: Sequence[Source], known: Set[str], most: int = MOST) -> GoldenQuestions:
    """The golden questions of those sources that are folders and hold some. `known` are the ids of all documents."""
    files: list[str] = []
    questions: list[GoldenQuestion] = []
    faults: list[str] = []
    for source in sources:
        path = Path(source.location, FILE)
        if path.is_file():
            try:
                questions.extend(_named(golden, source.name, known) for golden in read_questions(path))
                files.append(str(path))
            except FloorwalkerError as error:
                faults.append(error.sentence)
    return GoldenQuestions(tuple(files), tuple(_spread(questions, most)), len(questions), tuple(faults))


def _spread(questions: Sequence[GoldenQuestion], most: int) -> Sequence[GoldenQuestion]:
    """Some from everywhere, and the same ones each time."""
    if len(questions) <= most:
        return questions
    return [questions[number * len(questions) // most] for number in range(most)]


def _named(golden: GoldenQuestion, name: str, known: Set[str]) -> GoldenQuestion:
    """Within a source, its documents may be named without the source's name in front."""
    if not name:
        return golden
    whole = {document: f"{name}/{document}" for document in golden.expect if document not in known}
    return replace(golden, expect=frozenset(
        whole[document] if whole.get(document) in known else document for document in golden.expect))


def kept_in(data: Path) -> Path:
    """Where the last run is kept: a saved evaluation like any other."""
    return data / "evaluation" / "golden.json"


def check_golden(
    golden: GoldenQuestions, data: Path, about: Circumstances, answer: Callable[[str], AnswerLike],
    progress: Callable[[str, int, int], None] = lambda _stage, _done, _total: None, *, again: bool = False,
    asked: Run | None = None,
) -> GoldenReport | None:
    """Ask the golden questions of the generation that `about` names, and compare with the run before.

    They are not asked anew if that run had the same generation, setting and questions, unless `again`; nor if they were
    `asked` just now.
    None without questions. Raises what `answer` raises, FileNotOurs and FileNotWritten.
    """
    if not golden.questions:
        return None
    last = _last(data)
    if last is not None and not again and _is_same(last[1], golden, last[0].run.about, about):
        return replace(last[0], is_new=False)
    run = asked or Run(about, tuple(evaluate(golden.questions, answer, progress)))
    comparison = _compared(last[0].run, run) if last else None
    path = kept_in(data)
    with contextlib.suppress(OSError):  # `save` tells it better
        path.parent.mkdir(parents=True, exist_ok=True)
    save(run, path, {"digest": golden.digest, "there_are": golden.there_are,
                     "against": as_json(comparison) if comparison else None})
    return GoldenReport(run, golden.there_are, comparison)


def last_golden(data: Path) -> GoldenReport | None:
    """What became of the golden questions at the last index run, without any comparison; None if none was asked."""
    last = _last(data)
    return replace(last[0], is_new=False) if last else None


def _last(data: Path) -> tuple[GoldenReport, dict[str, Any]] | None:
    path = kept_in(data)
    try:
        stored = read_json(path)
        return GoldenReport(of_json(stored, path), int(stored.get("there_are") or 0)), stored
    except (RunUnreadable, ValueError, TypeError):
        return None  # there is none yet, or it can only be made anew


def _is_same(stored: dict[str, Any], golden: GoldenQuestions, then: Circumstances, now: Circumstances) -> bool:
    return stored.get("digest") == golden.digest and (
        (then.generation, then.false_answers, then.model) == (now.generation, now.false_answers, now.model))


def _compared(before: Run, after: Run) -> Comparison | None:
    try:
        return compare(before, after)
    except NothingInCommon:
        return None


def golden_json(report: GoldenReport) -> dict[str, Any]:
    """The golden questions' part of an index run's JSON."""
    outcomes = report.run.outcomes
    return {
        "n": len(outcomes), "of": report.there_are, "asked_now": report.is_new,
        "right": sum(outcome.is_right for outcome in outcomes), **{
            key: value for key, value in figures(outcomes).items() if key != "by_kind"},
        **further(outcomes, report.run.about.false_answers),
        "against": as_json(report.comparison) if report.comparison else None,
    }
