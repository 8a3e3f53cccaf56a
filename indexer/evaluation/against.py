"""Two runs side by side: what a change of documents, settings or model did. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from indexer.errors import FloorwalkerError
from indexer.evaluation.figures import answered_right, auroc, further, hit_at, rounded
from indexer.evaluation.outcomes import Outcome
from indexer.evaluation.questions import GoldenQuestion
from indexer.evaluation.runs import Circumstances, Run
from indexer.evaluation.worst import what_happened

_MORE_THAN_CHANCE = 0.05


class NothingInCommon(FloorwalkerError):
    """The saved evaluation holds none of these questions."""

    hint = "Compare with one that was made with the same file of questions."


@dataclass(frozen=True, slots=True)
class Pair:
    """What became of a question then, and what becomes of it now."""

    before: Outcome
    after: Outcome


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of both runs, over the questions that they have in common."""

    name: str
    before: float | None
    after: float | None
    more_is_better: bool | None
    """None where neither is."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What has changed between two runs."""

    before: Circumstances
    common: int
    only_before: int
    only_after: int
    other_expectations: int
    """Questions of both that expect other documents now."""
    figures: tuple[Figure, ...]
    became_wrong: tuple[Pair, ...]
    became_right: tuple[Pair, ...]
    misled: tuple[Pair, ...]
    """Questions that get a wrong answer only now."""
    no_longer_misled: tuple[Pair, ...]
    chance: float
    """How likely a difference of this size, in either direction, would be if nothing had changed (sign test)."""

    def verdict(self) -> str:
        """The numbers of changed questions, and whether they tell anything, in a sentence."""
        wrong, right = len(self.became_wrong), len(self.became_right)
        if not wrong + right:
            return "No question became right or wrong."
        counts = f"{_questions(right)} became right, {wrong} became wrong"
        if self.chance < _MORE_THAN_CHANCE:
            return f"{counts}: {'better' if right > wrong else 'worse'}, and by more than chance would do{self._p()}."
        if wrong == right:
            return f"{counts}: neither better nor worse."
        return f"{counts}: so small a difference may be chance{self._p()}."

    def _p(self) -> str:
        return f" (sign test, p = {self.chance:.2f})" if self.chance >= 0.01 else " (sign test, p < 0.01)"


def compare(before: Run, after: Run) -> Comparison:
    """What has changed. Questions are known by their text, and by their id where a text occurs twice.

    Raises NothingInCommon.
    """
    pairs = _pairs(before.outcomes, after.outcomes)
    if not pairs:
        raise NothingInCommon
    became_wrong = tuple(pair for pair in pairs if pair.before.is_right and not pair.after.is_right)
    became_right = tuple(pair for pair in pairs if pair.after.is_right and not pair.before.is_right)
    return Comparison(
        before.about, len(pairs), len(before.outcomes) - len(pairs), len(after.outcomes) - len(pairs),
        sum(pair.before.golden.expect != pair.after.golden.expect for pair in pairs),
        _figures(pairs, before.about, after.about), became_wrong, became_right,
        tuple(pair for pair in pairs if _is_misled(pair.after) and not _is_misled(pair.before)),
        tuple(pair for pair in pairs if _is_misled(pair.before) and not _is_misled(pair.after)),
        _chance(len(became_wrong), len(became_right)))


def _is_misled(outcome: Outcome) -> bool:
    return outcome.decision == "answered_wrong"


def check_common(before: Run, questions: Iterable[GoldenQuestion]) -> None:
    """That there is anything to compare: asked before the work begins. Raises NothingInCommon."""
    known = {_text(outcome.golden) for outcome in before.outcomes}
    if not any(_text(golden) in known for golden in questions):
        raise NothingInCommon


def _pairs(before: Sequence[Outcome], after: Sequence[Outcome]) -> list[Pair]:
    by_text: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in before:
        by_text[_text(outcome.golden)].append(outcome)
    pairs = []
    for outcome in after:
        if candidates := by_text[_text(outcome.golden)]:
            same = next((old for old in candidates if old.golden.id == outcome.golden.id), candidates[0])
            candidates.remove(same)
            pairs.append(Pair(same, outcome))
    return pairs


def _text(golden: GoldenQuestion) -> str:
    return " ".join(golden.question.split()).casefold()


def _chance(wrong: int, right: int) -> float:
    """McNemar's test in its exact form: a sign test over the questions that changed."""
    if not wrong + right:
        return 1.0
    from scipy.stats import binomtest

    return float(binomtest(wrong, wrong + right).pvalue)


def _figures(pairs: Sequence[Pair], before: Circumstances, after: Circumstances) -> tuple[Figure, ...]:
    then = _measured([pair.before for pair in pairs], before)
    now = _measured([pair.after for pair in pairs], after)
    return tuple(Figure(name, value, now[name][0], better) for name, (value, better) in then.items())


def _measured(outcomes: Sequence[Outcome], about: Circumstances) -> dict[str, tuple[float | None, bool | None]]:
    answerable = [outcome for outcome in outcomes if outcome.is_answerable]
    more = further(outcomes, about.false_answers)
    return {
        "hit@1": (hit_at(1, answerable), True),
        "hit@5": (hit_at(5, answerable), True),
        "AUROC": (auroc(outcomes), True),
        "kept@80": (more["kept@80"], True),
        "answerable answered rightly": (answered_right(outcomes), True),
        "unanswerable answered": (more["false_answers"]["measured"], False),
        "calibration error": (more["calibration_error"], False),
        "AURC": (more["aurc"], False),
        "threshold": (rounded(about.threshold), None),
    }


def as_json(comparison: Comparison) -> dict[str, Any]:
    """A comparison as JSON."""
    return {
        "made_at": comparison.before.made_at, "generation": comparison.before.generation,
        "model": comparison.before.model, "common": comparison.common, "only_before": comparison.only_before,
        "only_after": comparison.only_after, "other_expectations": comparison.other_expectations,
        "figures": {figure.name: {"before": figure.before, "after": figure.after} for figure in comparison.figures},
        "became_wrong": [pair_json(pair) for pair in comparison.became_wrong],
        "became_right": [pair_json(pair) for pair in comparison.became_right],
        "p": round(comparison.chance, 4), "verdict": comparison.verdict(),
    }


def pair_json(pair: Pair) -> dict[str, Any]:
    """A changed question as JSON."""
    golden = pair.after.golden
    return {
        "id": golden.id or None, "question": golden.question, "expect": sorted(golden.expect),
        "before": {"decision": pair.before.decision, "confidence": rounded(pair.before.confidence),
                   "document": pair.before.found.document},
        "after": {"decision": pair.after.decision, "confidence": rounded(pair.after.confidence),
                  "document": pair.after.found.document},
        "why": what_happened(pair.after),
    }


def _questions(count: int) -> str:
    return f"{count} question{'' if count == 1 else 's'}"
