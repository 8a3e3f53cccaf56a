"""Golden questions are asked, and each answer is compared with what was expected."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from indexer.evaluation.questions import GoldenQuestion
from indexer.types import Hit, Verdict

Decision = Literal["answered_right", "answered_wrong", "clarified", "handed_over_right", "handed_over_wrong"]
DECISIONS: tuple[Decision, ...] = (
    "answered_right", "answered_wrong", "clarified", "handed_over_right", "handed_over_wrong",
)
DEPTH = 10


class QuoteLike(Protocol):
    """A quote of an answer."""

    @property
    def document(self) -> str: ...
    @property
    def whereabouts(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def url(self) -> str | None: ...


class AnswerLike(Protocol):
    """What the answering room gives; the indexer does not know that room."""

    @property
    def verdict(self) -> Verdict: ...
    @property
    def confidence(self) -> float: ...
    @property
    def text(self) -> str: ...
    @property
    def quotes(self) -> Sequence[QuoteLike]: ...
    @property
    def hits(self) -> Sequence[Hit]:
        """Each document once, best first."""
        ...


@dataclass(frozen=True, slots=True)
class Found:
    """What was shown or, where nothing was shown, what stood first; empty if nothing was found at all."""

    document: str = ""
    title: str = ""
    section: str = ""


NOTHING = Found()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a golden question."""

    golden: GoldenQuestion
    ranks: tuple[int, ...]
    """Ranks, from 1, of the expected documents among the first ten."""
    confidence: float
    decision: Decision
    found: Found = NOTHING

    @property
    def is_answerable(self) -> bool:
        return bool(self.golden.expect)

    @property
    def is_answered(self) -> bool:
        return self.decision in ("answered_right", "answered_wrong")

    @property
    def is_right(self) -> bool:
        """Whether it was decided rightly: answered from an expected document, or handed over for want of one."""
        return self.decision in ("answered_right", "handed_over_right")

    @property
    def is_first_right(self) -> bool:
        """Whether an expected document stands first: what a confidence is about, shown or not."""
        return 1 in self.ranks


def judge(golden: GoldenQuestion, answer: AnswerLike) -> Outcome:
    """Compare an answer with what was expected. Right: answered, and the first quote is from an expected document."""
    documents = [hit.document_id for hit in answer.hits[:DEPTH]]
    ranks = tuple(rank for rank, document in enumerate(documents, 1) if document in golden.expect)
    return Outcome(golden, ranks, answer.confidence, _decision(golden, answer), _found(answer))


def _decision(golden: GoldenQuestion, answer: AnswerLike) -> Decision:
    if answer.verdict == "clarify":
        return "clarified"
    if answer.verdict == "handover":
        return "handed_over_wrong" if golden.expect else "handed_over_right"
    right = bool(answer.quotes) and answer.quotes[0].document in golden.expect
    return "answered_right" if right else "answered_wrong"


def _found(answer: AnswerLike) -> Found:
    if not answer.hits:
        return NOTHING
    shown = answer.quotes[0].document if answer.quotes else answer.hits[0].document_id
    hit = next((hit for hit in answer.hits if hit.document_id == shown), answer.hits[0])
    return Found(hit.document_id, hit.title, answer.quotes[0].whereabouts if answer.quotes else hit.section)


def evaluate(
    questions: Sequence[GoldenQuestion], answer: Callable[[str], AnswerLike],
    progress: Callable[[str, int, int], None] = lambda _stage, _done, _total: None,
) -> list[Outcome]:
    """Ask every golden question."""
    outcomes = []
    for done, golden in enumerate(questions):
        progress("asking", done, len(questions))
        outcomes.append(judge(golden, answer(golden.question)))
    progress("asking", len(questions), len(questions))
    return outcomes
