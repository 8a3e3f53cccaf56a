"""How likely the best hits answer a question: learnt from the knowledge base itself, without labels. Pure."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass
from typing import Any

import numpy as np

FEWEST = 30
"""Questions of each sort below which nothing can be learnt."""

_STEPS = 100  # of the stored distribution


@dataclass(frozen=True, slots=True)
class Signals:
    """What a search says about itself; each number grows with the hope that the answer was found."""

    cosine: float
    """Of the best passage."""
    score: float
    """Of the best passage, both searches together."""
    margin: float
    """By how much the best document's cosine exceeds that of the next ones."""
    coverage: float
    """Share of the question's words, weighted by rarity, that stand in the best passage."""
    known: float
    """Share of the question's words, weighted by rarity, that the knowledge base knows at all."""
    agreement: float
    """1 if both searches put the same document first, less the further down the other one has it."""


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
    """Weights of the signals, and how confident one would be in questions that have no answer here."""

    weights: Signals
    bias: float
    unanswerable: tuple[float, ...] = ()
    """Confidences of questions without an answer, at equal steps from the lowest to the highest; empty: not known."""
    questions: int = 0
    """How many questions this was learnt from."""

    def confidence(self, signals: Signals) -> float:
        """The probability that the best hits answer the question."""
        weighted = zip(astuple(self.weights), astuple(signals), strict=True)
        return _logistic(self.bias + sum(weight * value for weight, value in weighted))

    def threshold(self, false_answers: float) -> float:
        """The confidence from which on to answer, if this share of the unanswerable questions may get an answer."""
        if self.unanswerable:
            return float(np.interp(1 - false_answers, np.linspace(0, 1, len(self.unanswerable)), self.unanswerable))
        return 0.1 / (0.1 + false_answers)

    def as_json(self) -> dict[str, Any]:
        """To be stored with the index."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Calibration:
        """What was stored; the prior if nothing was."""
        if not stored:
            return PRIOR
        return cls(Signals(**stored["weights"]), stored["bias"], tuple(stored["unanswerable"]), stored["questions"])


PRIOR = Calibration(
    weights=Signals(cosine=6.0, score=2.0, margin=2.0, coverage=3.0, known=1.0, agreement=0.5), bias=-6.6,
)
"""For knowledge bases that are too small to learn from."""


def fit(answerable: Sequence[Signals], unanswerable: Sequence[Signals]) -> Calibration:
    """Learn from questions that the knowledge base answers and from such that it does not."""
    if min(len(answerable), len(unanswerable)) < FEWEST:
        return PRIOR
    values = np.array([astuple(signals) for signals in (*answerable, *unanswerable)])
    labels = np.array([1] * len(answerable) + [0] * len(unanswerable))
    weights, bias = _regression(values, labels)
    calibration = Calibration(Signals(*weights), bias)
    confidences = [calibration.confidence(signals) for signals in unanswerable]
    steps = np.quantile(confidences, np.linspace(0, 1, _STEPS + 1))
    return Calibration(calibration.weights, bias, tuple(round(float(step), 5) for step in steps), len(labels))


def _regression(values: np.ndarray, labels: np.ndarray) -> tuple[list[float], float]:
    """Logistic regression without negative weights: a signal that would count against an answer is left out."""
    from sklearn.linear_model import LogisticRegression

    scale = values.std(axis=0) + 1e-9
    used = list(range(values.shape[1]))
    while True:
        model = LogisticRegression(class_weight="balanced").fit(values[:, used] / scale[used], labels)
        negative = [column for column, weight in zip(used, model.coef_[0], strict=True) if weight < 0]
        if not negative or len(used) == 1:
            break
        used = [column for column in used if column not in negative] or [0]
    weights = np.zeros(values.shape[1])
    weights[used] = np.maximum(0, model.coef_[0]) / scale[used]
    return [float(weight) for weight in weights], float(model.intercept_[0])


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, value))))
