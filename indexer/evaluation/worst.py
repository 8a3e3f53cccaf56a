"""The questions that went worst: where an admin looks first. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from indexer.evaluation.figures import rounded
from indexer.evaluation.outcomes import Outcome

MOST = 10


def worst(outcomes: Sequence[Outcome], most: int = MOST) -> list[Outcome]:
    """Wrong decisions of every sort, as evenly as there are any, each sort from its worst down.

    First answers to questions that have none here, then answers from another document, each from the highest
    confidence down; then needless tickets although the right document stood first, from the lowest confidence up; then
    the other needless tickets. A question back is none of the worst.
    """
    wrong = [outcome for outcome in outcomes if not outcome.is_right and outcome.decision != "clarified"]
    sorts: tuple[list[Outcome], ...] = ([], [], [], [])
    for outcome in sorted(wrong, key=_off, reverse=True):
        sorts[_sort(outcome)].append(outcome)
    turns = [outcome for turn in zip_longest(*sorts) for outcome in turn if outcome]
    return sorted(turns[:most], key=_sort)  # stable: each sort keeps its order


def _sort(outcome: Outcome) -> int:
    if outcome.is_answered:
        return 1 if outcome.is_answerable else 0
    return 2 if outcome.is_first_right else 3


def _off(outcome: Outcome) -> float:
    """How far a confidence is from the truth."""
    return abs(outcome.confidence - outcome.is_first_right)


def what_happened(outcome: Outcome) -> str:
    """An outcome in words."""
    if outcome.decision == "answered_right":
        return "answered rightly"
    if outcome.decision == "answered_wrong":
        return "answered from another document" if outcome.is_answerable else "answered, though nothing here answers it"
    if outcome.decision == "clarified":
        return "asked back"
    if outcome.decision == "handed_over_right":
        return "rightly handed over"
    if outcome.is_first_right:
        return "handed over, though the right document stood first"
    if outcome.ranks:
        return f"handed over; the right document only came {_ordinal(outcome.ranks[0])}"
    return "handed over; the right document was not among the first ten"


def _ordinal(rank: int) -> str:
    return f"{rank}{ {2: 'nd', 3: 'rd'}.get(rank, 'th')}"


def as_json(outcome: Outcome) -> dict[str, Any]:
    """A bad question as JSON."""
    return {
        "id": outcome.golden.id or None, "question": outcome.golden.question, "expect": sorted(outcome.golden.expect),
        "decision": outcome.decision, "confidence": rounded(outcome.confidence),
        "found": {"document": outcome.found.document, "title": outcome.found.title, "section": outcome.found.section},
        "why": what_happened(outcome),
    }
