"""`floorwalker tune`: read, try, judge, fit, keep; all of it inside a budget of time.

The trials learn from a part of the knowledge base and are asked the rest: phrasings that they have not seen, and those
of documents that were left out, which nothing answers then. What passes is fitted once more, to everything.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from indexer.library.sqlite import SqliteLibrary
from indexer.tuning.fitted import FittedModels
from indexer.tuning.judging import Comparison
from indexer.tuning.material import Material, read_material

Progress = Callable[[str, int, int], None]

FEWEST_DOCUMENTS = 8
FEWEST_TEXTS = 60
"""Below these, neither learning nor judging rests on enough."""
FEWEST_QUESTIONS = 20
"""Held-out questions of each sort, without which nothing is kept."""


@dataclass(frozen=True, slots=True)
class Tuned:
    """What a run did."""

    base: str
    kept: bool
    reason: str
    """A sentence."""
    documents: int
    texts: int
    """Those that were learnt from: all, where the time sufficed."""
    pairs: int
    """How many pairs of these texts tell the same."""
    seconds: float
    trials: int = 0
    steps: int = 0
    """Of the last fitting, to everything; 0 if it was refused before."""
    mix: float = 0.0
    """The share of the way from the base to what was learnt."""
    comparison: Comparison | None = field(default=None)
    """None: it was not judged."""


def tune(data: Path, base: str, *, minutes: float, now: datetime, started: float, progress: Progress) -> Tuned:
    """Fit the base model to the published index of a data folder; keep it if neither figure gets worse.

    `started` is the `time.perf_counter()` at which the budget began.
    Raises IndexMissing, IndexDamaged, ModelMissing, TuningBusy, ModelNotWritten; nothing is changed then.
    """
    material = _material(data)
    if len(material.texts) < FEWEST_TEXTS or material.documents < FEWEST_DOCUMENTS:
        return Tuned(base, False, _too_small(material), material.documents, len(material.texts), material.pairs,
                     time.perf_counter() - started)
    models = FittedModels(data)
    with models.writing():
        tuned, model = _fitted(base, material, started, 60 * minutes, progress)
        if tuned.kept:
            models.keep(model, {**as_json(tuned), "made_at": now.isoformat()})
    return replace(tuned, seconds=time.perf_counter() - started)


def _fitted(base: str, material: Material, started: float, seconds: float, progress: Progress) -> tuple[Tuned, Any]:
    from indexer.tuning.run import Run  # imports torch

    run = Run(base, material, started + seconds, progress)
    tuned = Tuned(base, False, _NOT_JUDGED, material.documents, len(run.texts),
                  Material(tuple(run.texts)).pairs, 0.0)
    judged = {mix: found for mix, found in run.judge().items()
              if min(found.answerable, found.unanswerable) >= FEWEST_QUESTIONS}
    if not judged:
        return tuned, run.model
    mix = max(judged, key=lambda mix: (not judged[mix].fault, judged[mix].gain))
    tuned = replace(tuned, trials=run.trials, mix=mix, comparison=judged[mix], reason=judged[mix].verdict)
    if judged[mix].fault:
        return tuned, run.model
    return replace(tuned, kept=True, steps=run.fit(mix)), run.model


def undo(data: Path) -> bool:
    """Use the base model again. Returns whether there was a fitted one. Raises TuningBusy, ModelNotWritten."""
    models = FittedModels(data)
    with models.writing():
        return models.undo()


def as_json(tuned: Tuned) -> dict[str, Any]:
    """A run as JSON."""
    found = tuned.comparison
    return {
        "base": tuned.base, "kept": tuned.kept, "reason": tuned.reason, "documents": tuned.documents,
        "texts": tuned.texts, "pairs": tuned.pairs, "trials": tuned.trials, "steps": tuned.steps, "mix": tuned.mix,
        "answerable": found.answerable if found else 0, "unanswerable": found.unanswerable if found else 0,
        "before": _figures(asdict(found.before)) if found else None,
        "after": _figures(asdict(found.after)) if found else None,
        "drift": asdict(found.drift) if found else None,
        "noise": _figures({"hit": found.hit_noise, "auroc": found.auroc_noise}) if found else None,
        "seconds": round(tuned.seconds, 1),
    }


def _figures(figures: dict[str, float]) -> dict[str, float]:
    return {"hit@1": round(figures["hit"], 4), "auroc": round(figures["auroc"], 4)}


_NOT_JUDGED = ("It was refused: the time was too short, or the knowledge base too small, to judge it on at least "
               f"{FEWEST_QUESTIONS} answerable and as many unanswerable questions.")


def _material(data: Path) -> Material:
    generation = SqliteLibrary(data).open()
    try:
        return read_material(generation)
    finally:
        generation.close()


def _too_small(material: Material) -> str:
    return (f"The knowledge base is too small to learn from: {len(material.texts)} phrasings, headings and answers of "
            f"{material.documents} documents; it takes {FEWEST_TEXTS} of {FEWEST_DOCUMENTS}.")
