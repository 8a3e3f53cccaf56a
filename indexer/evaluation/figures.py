"""Outcomes -> figures: how well documents are ranked, and how well the decision to answer is made. Pure."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from indexer.evaluation.curves import aurc, calibration_error
from indexer.evaluation.outcomes import DECISIONS, DEPTH, Outcome

_REFUSED = 0.8
_SURE = 0.95


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table of kinds; each share is None where there is nothing to share."""

    name: str
    n: int
    hit_at_1: float | None
    hit_at_5: float | None
    right: int
    """Answered from an expected document, or rightly handed over."""
    wrong: int
    """Answers from another document, or to what has no answer here."""
    needless: int
    """Handed over although the knowledge base holds the answer."""
    clarified: int


@dataclass(frozen=True, slots=True)
class Measured:
    """A share that was counted, with the interval that holds the true one 95 times of 100."""

    count: int
    of: int
    low: float
    high: float

    @property
    def share(self) -> float:
        return self.count / self.of


def figures(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """The contract's figures; a mean over nothing is None."""
    by_kind = {kind: contract(some) for kind, some in _by_kind(outcomes).items()}
    return {**contract(outcomes), "by_kind": by_kind}


def contract(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """The contract's figures of one group of questions."""
    answerable = [outcome for outcome in outcomes if outcome.is_answerable]
    return {
        "answerable": {
            "n": len(answerable),
            "hit@1": hit_at(1, answerable),
            "hit@5": hit_at(5, answerable),
            "mrr@10": _mean(1 / outcome.ranks[0] if outcome.ranks else 0 for outcome in answerable),
            "ndcg@10": _mean(_ndcg(outcome) for outcome in answerable),
        },
        "unanswerable": {"n": len(outcomes) - len(answerable)},
        "auroc": auroc(outcomes),
        "decisions": {name: sum(outcome.decision == name for outcome in outcomes) for name in DECISIONS},
    }


def further(outcomes: Sequence[Outcome], false_answers: float | None) -> dict[str, Any]:
    """Figures beyond the contract's; `false_answers` is the setting at which the questions were asked."""
    measured = unanswerable_answered(outcomes)
    return {
        "kept@80": kept(outcomes),
        "false_answers": {
            "setting": false_answers,
            "measured": rounded(measured.share) if measured else None,
            "low": rounded(measured.low) if measured else None,
            "high": rounded(measured.high) if measured else None,
        },
        "answerable_answered_right": answered_right(outcomes),
        "calibration_error": rounded(calibration_error(outcomes)),
        "aurc": rounded(aurc(outcomes)),
    }


def table(outcomes: Sequence[Outcome]) -> list[Row]:
    """All questions, those with an answer and those without, then each kind."""
    groups = {
        "all": list(outcomes),
        "answerable": [outcome for outcome in outcomes if outcome.is_answerable],
        "no answer": [outcome for outcome in outcomes if not outcome.is_answerable],
    }
    return [_row(name, some) for name, some in [*groups.items(), *_by_kind(outcomes).items()] if some]


def _row(name: str, outcomes: Sequence[Outcome]) -> Row:
    answerable = [outcome for outcome in outcomes if outcome.is_answerable]
    made = {decision: sum(outcome.decision == decision for outcome in outcomes) for decision in DECISIONS}
    return Row(name, len(outcomes), hit_at(1, answerable), hit_at(5, answerable),
               made["answered_right"] + made["handed_over_right"], made["answered_wrong"],
               made["handed_over_wrong"], made["clarified"])


def _by_kind(outcomes: Sequence[Outcome]) -> dict[str, list[Outcome]]:
    kinds: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        if outcome.golden.kind:
            kinds[outcome.golden.kind].append(outcome)
    return dict(sorted(kinds.items()))


def hit_at(depth: int, answerable: Iterable[Outcome]) -> float | None:
    """Of answerable questions, the share with an expected document among the first ones."""
    return _mean(any(rank <= depth for rank in outcome.ranks) for outcome in answerable)


def kept(outcomes: Sequence[Outcome], refused: float = _REFUSED) -> float | None:
    """Where this share of the unanswerable is refused: of the answerable, those above with the right document first.

    None without questions of both sorts.
    """
    without = sorted(outcome.confidence for outcome in outcomes if not outcome.is_answerable)
    if not without:
        return None
    threshold = without[math.ceil(refused * len(without)) - 1]
    return _mean(outcome.confidence > threshold and outcome.is_first_right
                 for outcome in outcomes if outcome.is_answerable)


def answered_right(outcomes: Iterable[Outcome]) -> float | None:
    """Of the answerable questions, the share that got a right answer."""
    return _mean(outcome.decision == "answered_right" for outcome in outcomes if outcome.is_answerable)


def unanswerable_answered(outcomes: Iterable[Outcome]) -> Measured | None:
    """Of the unanswerable questions, those that got an answer, with the exact (Clopper-Pearson) interval."""
    answered = [outcome.is_answered for outcome in outcomes if not outcome.is_answerable]
    if not answered:
        return None
    from scipy.stats import binomtest

    interval = binomtest(sum(answered), len(answered)).proportion_ci(_SURE, method="exact")
    return Measured(sum(answered), len(answered), float(interval.low), float(interval.high))


def auroc(outcomes: Iterable[Outcome]) -> float | None:
    """The chance that an answerable question gets more confidence than an unanswerable one; None without both."""
    rows = [(outcome.is_answerable, outcome.confidence) for outcome in outcomes]
    if len({answerable for answerable, _ in rows}) < 2:
        return None
    from sklearn.metrics import roc_auc_score

    return rounded(float(roc_auc_score(*zip(*rows, strict=True))))


def rounded(value: float | None) -> float | None:
    """As figures are told."""
    return None if value is None else round(value, 4)


def _ndcg(outcome: Outcome) -> float:
    gained = sum(1 / math.log2(rank + 1) for rank in outcome.ranks)
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(len(outcome.golden.expect), DEPTH) + 1))
    return gained / ideal


def _mean(values: Iterable[float]) -> float | None:
    listed = [float(value) for value in values]
    return rounded(sum(listed) / len(listed)) if listed else None
