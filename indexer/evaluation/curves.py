"""What a confidence is worth: the risk-coverage curve and the reliability diagram, as numbers. Pure.

A confidence is about the document that stands first. It is *correct* if that document is among the expected ones, and
never for a question without an answer, whatever was decided: so it can be judged for refused questions, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from indexer.evaluation.outcomes import Outcome

BINS = 10


@dataclass(frozen=True, slots=True)
class Point:
    """What answering everything from one confidence on would mean."""

    coverage: float
    """The share of all questions that would be answered."""
    risk: float
    """The share of these answers that would be wrong."""
    threshold: float


@dataclass(frozen=True, slots=True)
class Bin:
    """The questions whose confidence lies between two tenths."""

    low: float
    high: float
    n: int
    confidence: float
    """Their mean; the bin's middle if it is empty."""
    correct: float
    """The share of correct ones among them; 0 if it is empty."""


def risk_coverage(outcomes: Sequence[Outcome]) -> list[Point]:
    """A point for every confidence that occurs, from the highest down: equal ones can only be answered together."""
    ordered = sorted(outcomes, key=lambda outcome: -outcome.confidence)
    points = []
    answered = wrong = 0
    for confidence, together in groupby(ordered, key=lambda outcome: outcome.confidence):
        block = list(together)
        answered += len(block)
        wrong += sum(not outcome.is_first_right for outcome in block)
        points.append(Point(answered / len(ordered), wrong / answered, confidence))
    return points


def aurc(outcomes: Sequence[Outcome]) -> float | None:
    """The area under the risk-coverage curve: the mean risk over all shares of questions that may be answered."""
    if not outcomes:
        return None
    area, before = 0.0, 0.0
    for point in risk_coverage(outcomes):
        area += (point.coverage - before) * point.risk
        before = point.coverage
    return area


def now(outcomes: Sequence[Outcome]) -> Point | None:
    """Where the decisions that were made lie on the curve; None if nothing was answered."""
    answered = [outcome for outcome in outcomes if outcome.is_answered]
    if not answered:
        return None
    wrong = sum(not outcome.is_right for outcome in answered)
    lowest = min(outcome.confidence for outcome in answered)
    return Point(len(answered) / len(outcomes), wrong / len(answered), lowest)


def reliability(outcomes: Sequence[Outcome], bins: int = BINS) -> list[Bin]:
    """The questions in bins of equal width by their confidence."""
    filled: list[list[Outcome]] = [[] for _ in range(bins)]
    for outcome in outcomes:
        filled[min(int(outcome.confidence * bins), bins - 1)].append(outcome)
    return [_bin(number / bins, (number + 1) / bins, some) for number, some in enumerate(filled)]


def _bin(low: float, high: float, outcomes: Sequence[Outcome]) -> Bin:
    n = len(outcomes)
    if not n:
        return Bin(low, high, 0, (low + high) / 2, 0.0)
    return Bin(low, high, n, sum(outcome.confidence for outcome in outcomes) / n,
               sum(outcome.is_first_right for outcome in outcomes) / n)


def calibration_error(outcomes: Sequence[Outcome]) -> float | None:
    """The expected calibration error: by how much confidence and the share of correct ones differ, on average."""
    if not outcomes:
        return None
    return sum(each.n * abs(each.confidence - each.correct) for each in reliability(outcomes)) / len(outcomes)
