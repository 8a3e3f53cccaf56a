"""Golden questions as a gate: whether a new generation may take the place of the published one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from indexer.evaluation.against import Comparison
from indexer.evaluation.golden import GoldenQuestions
from indexer.library import Generation
from indexer.types import Gated


class Gate(Protocol):
    """Asks both generations; what answers lies outside of the indexer."""

    @property
    def under(self) -> str:
        """The settings that its judgement depends on."""
        ...

    def judge(self, generation: Generation, calibration: Mapping[str, Any], golden: GoldenQuestions,
              hidden: frozenset[str]) -> Gated | None:
        """About a generation that is not published yet. None: there is nothing to compare it with.

        `hidden`: documents that it takes from some or all readers. That is meant: questions that expect them count for
        nothing.
        """
        ...


def judged(comparison: Comparison, tolerance: float = 1.0, under: str = "") -> Gated:
    """Hold a generation back if more than this share of the questions is decided rightly no more, or answered wrongly
    only now; what has become better makes up for it, question by question. 1: never hold it back.
    """
    worse = dict.fromkeys(pair.after.golden.question for pair in (*comparison.became_wrong, *comparison.misled))
    lost = max(len(comparison.became_wrong) - len(comparison.became_right),
               len(comparison.misled) - len(comparison.no_longer_misled))
    return Gated(comparison.common, tuple(worse), len(comparison.became_right), lost > tolerance * comparison.common,
                 under)
