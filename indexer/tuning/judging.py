"""How a fitted model is judged: on questions that it has not seen, against the model as it was. Pure.

It is judged by the scores that vectors of whole texts get in a search. What the search finds by words, single or in
their context (`late_interaction`), is the same material for both models and left out here.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from indexer.library.associations import RIDGE
from indexer.ranking import ASSOCIATED, NEAREST, OVERALL, nearest_and_soft_mean
from indexer.tuning.material import Text, by_section

UNANSWERABLE = 0.25
"""The share of documents that are left out of a trial: their questions cannot be answered then."""
HELD_OUT = 0.3
"""The share of the other documents' questions that a trial does not see."""
_LEARNT = 500  # learnt questions that are looked at


@dataclass(frozen=True, slots=True)
class Trial:
    """What is learnt in a trial and what is asked afterwards; rows of one list of texts."""

    learnt: list[int]
    known: list[int]
    """Those of the learnt texts among which the answers are sought."""
    answerable: list[int]
    unanswerable: list[int]

    @property
    def rows(self) -> list[int]:
        """All that is needed for judging."""
        return [*self.known, *self.answerable, *self.unanswerable]


@dataclass(frozen=True, slots=True)
class Drift:
    """By how much the best cosine of a question that was not learnt is above that of one that was.

    A model is surer of what it has learnt by heart. Who asks it its own material to see how it does has to allow for
    that.
    """

    unanswerable: float = 0.0
    """Without the document that answers."""
    answerable: float = 0.0
    """Within that document."""

    def since(self, before: Drift) -> Drift:
        """What has been added to it."""
        return Drift(self.unanswerable - before.unanswerable, self.answerable - before.answerable)


@dataclass(frozen=True, slots=True)
class Marks:
    """What came out of a trial's questions, each on its own, so that two models can be compared on each of them."""

    right: np.ndarray
    """Per answerable question: 1 if the right document was first."""
    above: np.ndarray
    """Per answerable question: the share of unanswerable ones that are less sure."""
    below: np.ndarray
    """Per unanswerable question: the share of answerable ones that are more sure."""
    drift: Drift
    """How unseen questions differ from such that were learnt."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The two things that must not get worse."""

    hit: float
    """hit@1 on held-out questions."""
    auroc: float
    """Of telling answerable from unanswerable."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Figures of two models on the same questions, with the noise of their differences."""

    before: Figures
    after: Figures
    hit_noise: float
    """One standard error of the difference."""
    auroc_noise: float
    answerable: int
    unanswerable: int
    drift: Drift = Drift()
    """Of the second model, beyond that of the first."""

    @property
    def gain(self) -> float:
        """Both differences together."""
        return self.after.hit - self.before.hit + self.after.auroc - self.before.auroc

    @property
    def fault(self) -> str:
        """Why the second model must not be used; empty if it may be.

        Neither figure may fall by more than one standard error of the paired difference, and together they must rise:
        what falls by less cannot be told from luck, and what gains nothing is not worth a new index.
        """
        if self.after.hit < self.before.hit - self.hit_noise:
            return "It was refused: the right document would come first less often."
        if self.after.auroc < self.before.auroc - self.auroc_noise:
            return "It was refused: unanswerable questions would be told from answerable ones less well."
        return "" if self.gain > 0 else "It was refused: it would be no better than the model as it is."

    @property
    def verdict(self) -> str:
        """A sentence."""
        return self.fault or "It was kept: neither figure got worse on questions that it had not seen."


def trial(texts: Sequence[Text], luck: random.Random, questions: int, known: int) -> Trial:
    """Split the texts at random; at most so many questions of each sort, and so many texts to seek among.

    `texts` are in an order in which every beginning is a fair sample.
    """
    documents = sorted({text.document for text in texts})
    luck.shuffle(documents)
    unknown = frozenset(documents[: max(1, round(UNANSWERABLE * len(documents)))])
    rows = {text: row for row, text in enumerate(texts)}
    answerable: list[int] = []
    for some in by_section(text for text in texts if text.document not in unknown).values():
        asking = [rows[text] for text in some if text.asks]
        luck.shuffle(asking)
        answerable += asking[: min(len(some) - 1, _rounded(HELD_OUT * len(asking), luck))]
    unanswerable = [row for text, row in rows.items() if text.document in unknown and text.asks]
    held = set(answerable)
    learnt = [row for text, row in rows.items() if text.document not in unknown and row not in held]
    found = {texts[row].document for row in learnt[:known]}
    answerable = [row for row in answerable if texts[row].document in found]
    return Trial(learnt, learnt[:known], _some(answerable, questions, luck), _some(unanswerable, questions, luck))


def marks(vectors: np.ndarray, texts: Sequence[Text], split: Trial) -> Marks:
    """Ask the questions of a trial; `vectors` are those of `split.rows`."""
    known, answerable, unanswerable = np.split(vectors, np.cumsum([len(split.known), len(split.answerable)]))
    documents, score = _scorer(known, np.array([texts[row].document for row in split.known]))
    scores = score(answerable)
    right = documents[scores.argmax(1)] == np.array([texts[row].document for row in split.answerable])
    sure, unsure = scores.max(1), score(unanswerable).max(1)
    beats = (sure[:, None] > unsure[None]) + 0.5 * (sure[:, None] == unsure[None])
    drift = _drift(known, answerable, unanswerable, texts, split)
    return Marks(right.astype(float), beats.mean(1), beats.mean(0), drift)


def _scorer(known: np.ndarray, documents: np.ndarray) -> tuple[np.ndarray, Callable[[np.ndarray], np.ndarray]]:
    """The documents, and what scores vectors against each of them as the search does, words aside."""
    order = np.argsort(documents, kind="stable")
    known = known[order]
    names, starts = np.unique(documents[order], return_index=True)
    sums = np.add.reduceat(known, starts, axis=0)
    weights = np.linalg.solve(known.T @ known + RIDGE * np.eye(known.shape[1]), sums.T)

    def score(asked: np.ndarray) -> np.ndarray:
        nearest, overall = nearest_and_soft_mean(asked @ known.T, starts)
        scores: np.ndarray = NEAREST * nearest + OVERALL * overall + ASSOCIATED * (asked @ weights)
        return scores

    return names, score


def _drift(known: np.ndarray, answerable: np.ndarray, unanswerable: np.ndarray, texts: Sequence[Text],
           split: Trial) -> Drift:
    documents = np.array([texts[row].document for row in split.known])
    learnt = np.flatnonzero([texts[row].asks for row in split.known])[:_LEARNT]
    cosines = known[learnt] @ known.T
    cosines[np.arange(len(learnt)), learnt] = -1.0  # itself
    own = documents[learnt][:, None] == documents[None]
    asked = np.array([texts[row].document for row in split.answerable])
    within = np.where(asked[:, None] == documents[None], answerable @ known.T, -1.0).max(1)
    with_others = own.sum(1) > 1
    return Drift(
        float((unanswerable @ known.T).max(1).mean() - np.where(own, -1.0, cosines).max(1).mean()),
        float(within.mean() - np.where(own, cosines, -1.0).max(1)[with_others].mean()) if with_others.any() else 0.0)


def compare(before: Sequence[Marks], after: Sequence[Marks]) -> Comparison:
    """All trials together. The noise of the AUROC's difference is DeLong's, paired."""
    right, above, below = (np.concatenate([getattr(new, name) - getattr(old, name)
                                           for old, new in zip(before, after, strict=True)])
                           for name in ("right", "above", "below"))
    return Comparison(_figures(before), _figures(after), _error(right), math.hypot(_error(above), _error(below)),
                      len(right), len(below), _mean_drift(before, after))


def _mean_drift(before: Sequence[Marks], after: Sequence[Marks]) -> Drift:
    added = [new.drift.since(old.drift) for old, new in zip(before, after, strict=True)]
    return Drift(float(np.mean([one.unanswerable for one in added])), float(np.mean([one.answerable for one in added])))


def _figures(trials: Sequence[Marks]) -> Figures:
    return Figures(float(np.concatenate([one.right for one in trials]).mean()),
                   float(np.concatenate([one.above for one in trials]).mean()))


def _error(differences: np.ndarray) -> float:
    return float(differences.std() / math.sqrt(len(differences)))


def _rounded(share: float, luck: random.Random) -> int:
    """To a whole number at random, so that small sections have their turn as well."""
    return int(share) + (luck.random() < share % 1)


def _some(rows: list[int], most: int, luck: random.Random) -> list[int]:
    return sorted(luck.sample(rows, min(most, len(rows))))
