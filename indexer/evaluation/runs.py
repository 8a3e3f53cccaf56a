"""A run of an evaluation: what was asked, how, and what came out. It can be saved and read again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from indexer.errors import FloorwalkerError
from indexer.evaluation.figures import figures, further, rounded
from indexer.evaluation.files import OURS, write
from indexer.evaluation.outcomes import Decision, Found, Outcome
from indexer.evaluation.questions import golden_of

VERSION = 1


class RunUnreadable(FloorwalkerError):
    """The saved evaluation cannot be read."""

    hint = "Name a file that `floorwalker evaluate --save FILE` has written."


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Under which an evaluation was made."""

    questions: str = ""
    """The name of the file of questions, without its folder."""
    made_at: str = ""
    """ISO 8601, in UTC."""
    generation: int = 0
    model: str = ""
    false_answers: float | None = None
    """The setting."""
    threshold: float | None = None
    """The confidence from which on there is an answer."""


@dataclass(frozen=True, slots=True)
class Run:
    """An evaluation."""

    about: Circumstances
    outcomes: tuple[Outcome, ...]

    def figures(self) -> dict[str, Any]:
        """The contract's figures, then those beyond it."""
        return {**figures(self.outcomes), **further(self.outcomes, self.about.false_answers),
                "threshold": rounded(self.about.threshold)}


def save(run: Run, path: Path, beside: Mapping[str, Any] | None = None) -> None:
    """Write a run to a file, at once; `beside` is kept with it. Raises FileNotOurs, FileNotWritten."""
    about = run.about
    content = {
        "format": f"{OURS} run", "version": VERSION, "questions": about.questions, "made_at": about.made_at,
        "generation": about.generation, "model": about.model, "false_answers": about.false_answers,
        "threshold": about.threshold, **(beside or {}), "figures": run.figures(),
        "outcomes": [_outcome_json(outcome) for outcome in run.outcomes],
    }
    write(path, (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace"))


def _outcome_json(outcome: Outcome) -> dict[str, Any]:
    golden, found = outcome.golden, outcome.found
    return {
        "id": golden.id, "question": golden.question, "expect": sorted(golden.expect), "kind": golden.kind,
        "decision": outcome.decision, "confidence": round(outcome.confidence, 6), "ranks": list(outcome.ranks),
        "found": {"document": found.document, "title": found.title, "section": found.section},
    }


def load(path: Path) -> Run:
    """A saved run. Raises RunUnreadable."""
    return of_json(read_json(path), path)


def read_json(path: Path) -> dict[str, Any]:
    """The object in a saved run's file. Raises RunUnreadable."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise RunUnreadable(f"The saved evaluation {path} cannot be opened.", hint="Check the path.") from error
    except (ValueError, RecursionError) as error:
        raise RunUnreadable(f"{path} is not a saved evaluation.") from error
    if not isinstance(stored, dict) or not str(stored.get("format")).startswith(OURS):
        raise RunUnreadable(f"{path} is not a saved evaluation.")
    if stored.get("version") != VERSION:
        raise RunUnreadable(f"The evaluation in {path} was saved by another version of Floorwalker.",
                            hint="Save it anew with `floorwalker evaluate --save FILE`.")
    return stored


def of_json(stored: Mapping[str, Any], path: Path) -> Run:
    """The run in a file's object. Raises RunUnreadable."""
    try:
        about = Circumstances(
            questions=str(stored["questions"]), made_at=str(stored["made_at"]), generation=int(stored["generation"]),
            model=str(stored["model"]), false_answers=_number(stored["false_answers"]),
            threshold=_number(stored["threshold"]))
        return Run(about, tuple(_outcome(row) for row in stored["outcomes"]))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RunUnreadable(f"The saved evaluation {path} is damaged.", hint="Save it anew.") from error


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _outcome(row: Any) -> Outcome:
    golden, found = golden_of(row), row["found"]
    decision: Decision = row["decision"]
    if decision not in get_args(Decision):
        raise ValueError(decision)
    return Outcome(golden, tuple(int(rank) for rank in row["ranks"]), float(row["confidence"]), decision,
                   Found(str(found["document"]), str(found["title"]), str(found["section"])))
