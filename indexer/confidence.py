"""How likely the best hits answer a question: learnt from the knowledge base itself, without labels. Pure."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

FEWEST = 30
"""Questions of each sort below which nothing can be learnt."""

_STEPS = 100  # of the stored distribution


@dataclass(frozen=True, slots=True)
class Signals:
    """What a search says about itself; each number is 0..1 and grows with the hope that the answer was found."""

    cosine: float
    """Of the best passage."""
    score: float
    """Of the best passage, both searches together."""
    coverage: float
    """Share of the question's words, weighted by rarity, that stand in the best passage."""

    @property
    def evidence(self) -> float:
        """The signals as one number, 0 to 1.2."""
        return 0.5 * self.cosine + 0.5 * self.score + 0.2 * self.coverage


def rarity(stems: Iterable[str], frequencies: Mapping[str, int], texts: int) -> dict[str, float]:
    """How much it tells that a stem occurs in one of so many texts; unknown stems would tell most."""
    return {stem: max(0.0, math.log((texts + 1) / (frequencies.get(stem, 0) + 0.5))) for stem in stems}


def share(weights: Mapping[str, float], among: Collection[str]) -> float:
    """How much of a question's stems, by their weights, is `among` others; 0 for a question without weight."""
    total = sum(weights.values())
    found = sum(weight for stem, weight in weights.items() if stem in among)
    return found / total if total > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Calibration:
    """How evidence becomes a probability, and how confident one would be in questions that have no answer here."""

    slope: float
    middle: float
    """The evidence at which the odds are even."""
    unanswerable: tuple[float, ...] = ()
    """Confidences of questions without an answer, at equal steps from the lowest to the highest; empty: not known."""
    questions: int = 0
    """How many questions this was learnt from."""

    def confidence(self, signals: Signals) -> float:
        """The probability that the best hits answer the question."""
        return 1 / (1 + math.exp(-self.slope * (signals.evidence - self.middle)))

    def threshold(self, false_answers: float) -> float:
        """The confidence from which on to answer, if this share of the unanswerable questions may get an answer."""
        if self.unanswerable:
            steps = np.linspace(0, 1, len(self.unanswerable))
            return float(np.interp(1 - false_answers, steps, self.unanswerable))
        return 0.1 / (0.1 + false_answers)

    def as_json(self) -> dict[str, Any]:
        """To be stored with the index."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Calibration:
        """What was stored; the prior if nothing was."""
        return cls(**{**stored, "unanswerable": tuple(stored["unanswerable"])}) if stored else PRIOR


PRIOR = Calibration(slope=12.0, middle=0.62)
"""For knowledge bases that are too small to learn from."""


def fit(answerable: Sequence[Signals], unanswerable: Sequence[Signals]) -> Calibration:
    """Learn from questions that the knowledge base answers and from such that it does not."""
    if min(len(answerable), len(unanswerable)) < FEWEST:
        return PRIOR
    from sklearn.linear_model import LogisticRegression

    evidence = np.array([[signals.evidence] for signals in (*answerable, *unanswerable)])
    labels = np.array([1] * len(answerable) + [0] * len(unanswerable))
    model = LogisticRegression(C=100.0, class_weight="balanced").fit(evidence, labels)
    slope = float(model.coef_[0, 0])
    if slope <= 0:  # they look alike: the knowledge base says everything twice
        return PRIOR
    calibration = Calibration(slope, -float(model.intercept_[0]) / slope)
    confidences = [calibration.confidence(signals) for signals in unanswerable]
    steps = np.quantile(confidences, np.linspace(0, 1, _STEPS + 1))
    return replace(calibration, unanswerable=tuple(round(float(step), 5) for step in steps), questions=len(labels))
