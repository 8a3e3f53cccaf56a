"""How likely the best passage answers a question: learnt from the knowledge base itself, without labels. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from indexer.types import Verdict

FEWEST = 30
"""Questions of a sort below which they are not relied on alone."""

GREY = 1.6
"""The bot asks back where it would answer if so many times the false answers were allowed."""
_MOST_GREY = 0.5

IN_VAIN = 0.3
"""Of all questions, the share that usually has no answer in the knowledge base."""

_STEPS = 100  # of a stored distribution
_SLOPE = 10.4
"""Of confidence over the score: much the same in all knowledge bases that were looked at; the middle is not."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """How a score becomes a probability, and which scores questions get that have no answer here."""

    slope: float
    middle: float
    """The score at which the odds are even."""
    unanswerable: tuple[float, ...]
    """Scores of questions without an answer, at equal steps from the lowest to the highest."""
    answerable: tuple[float, ...] = ()
    """The same of questions whose answer was found first; empty: not known."""
    found: float = 0.0
    """Of the questions with an answer, the share in which it was found first."""
    questions: int = 0
    """How many of the knowledge base's own questions this was learnt from."""

    def confidence(self, score: float) -> float:
        """The probability that the best passage answers the question."""
        return 1 / (1 + math.exp(-self.slope * (score - self.middle)))

    def least_score(self, false_answers: float) -> float:
        """The score from which on to answer, if this share of the unanswerable questions may get an answer."""
        return _quantile(self.unanswerable, 1 - false_answers)

    def threshold(self, false_answers: float) -> float:
        """The same as a confidence."""
        return self.confidence(self.least_score(false_answers))

    def verdict(self, score: float, false_answers: float) -> Verdict:
        """Answer, ask back, or hand over."""
        if score >= self.least_score(false_answers):
            return "answer"
        grey = max(false_answers, min(_MOST_GREY, GREY * false_answers))
        return "clarify" if score >= self.least_score(grey) else "handover"

    def expected(self, false_answers: float) -> tuple[float, float] | None:
        """The shares of unanswerable questions answered, and of answerable ones answered rightly; None: not known."""
        if not self.answerable:
            return None
        least = self.least_score(false_answers)
        steps = np.linspace(0, 1, len(self.answerable))
        return false_answers, self.found * (1 - float(np.interp(least, self.answerable, steps)))

    def as_json(self) -> dict[str, Any]:
        """To be stored with the index."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Calibration:
        """What was stored; the prior if nothing was."""
        if not stored:
            return PRIOR
        return cls(**{**stored, "unanswerable": tuple(stored["unanswerable"]),
                      "answerable": tuple(stored["answerable"])})


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of one sort of questions, and how much they count together."""

    scores: tuple[float, ...]
    weight: float


def distribution(sorts: Sequence[Scores]) -> tuple[float, ...]:
    """Scores at equal steps of the mixture. At least one sort must have scores."""
    some = [sort for sort in sorts if sort.scores and sort.weight > 0]
    scores = np.concatenate([sort.scores for sort in some])
    weights = np.concatenate([np.full(len(sort.scores), sort.weight / len(sort.scores)) for sort in some])
    order = np.argsort(scores)
    reached = np.cumsum(weights[order]) - weights[order] / 2
    steps = np.interp(np.linspace(0, 1, _STEPS + 1), reached / weights.sum(), scores[order])
    return tuple(round(float(step), 5) for step in steps)


def calibration(
    unanswerable: Sequence[Scores], even: float, answerable: Sequence[float] = (), found: float = 0.0,
    questions: int = 0,
) -> Calibration:
    """From the scores of questions without an answer; `even`: the share of them below the score of even odds."""
    without = distribution(unanswerable)
    with_answer = distribution([Scores(tuple(answerable), 1.0)]) if len(answerable) >= FEWEST else ()
    return Calibration(_SLOPE, _quantile(without, even), without, with_answer, found, questions)


def fitted(
    right: Sequence[float], wrong: Sequence[float], unanswerable: Sequence[float]
) -> tuple[float, float] | None:
    """Slope and middle from the scores of questions, by whether the best passage answered them; None if they are few.

    `right` and `wrong` are of questions with an answer here; those without one are given the share that is usual.
    """
    if len(right) < FEWEST:
        return None
    from sklearn.linear_model import LogisticRegression

    asked = len(right) + len(wrong)
    in_vain = asked * IN_VAIN / (1 - IN_VAIN) / len(unanswerable)
    scores = np.array([*right, *wrong, *unanswerable])[:, None]
    labels = [1] * len(right) + [0] * (len(wrong) + len(unanswerable))
    weights = [1.0] * asked + [in_vain] * len(unanswerable)
    model = LogisticRegression(C=1000.0).fit(scores, labels, sample_weight=weights)
    slope = float(model.coef_[0, 0])
    return (slope, -float(model.intercept_[0]) / slope) if slope > 1 else None


def _quantile(steps: Sequence[float], share: float) -> float:
    return float(np.interp(share, np.linspace(0, 1, len(steps)), steps))


TYPICAL = tuple(float(score) for score in np.linspace(0.20, 0.58, 18))
"""Scores of questions without an answer in a usual knowledge base, for those that are too small to tell."""
PRIOR = calibration([Scores(TYPICAL, 1.0)], even=0.88)
"""For indexes without a calibration."""
