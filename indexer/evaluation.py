"""Golden questions -> figures: how well the right document is ranked, and how well the decision to answer is made."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from indexer.errors import QuestionsUnreadable
from indexer.types import Hit, Verdict

Decision = Literal["answered_right", "answered_wrong", "clarified", "handed_over_right", "handed_over_wrong"]
DECISIONS: tuple[Decision, ...] = (
    "answered_right", "answered_wrong", "clarified", "handed_over_right", "handed_over_wrong",
)
DEPTH = 10
_MOST_FAULTS = 10


class QuoteLike(Protocol):
    """A quote of an answer."""

    @property
    def document(self) -> str: ...
    @property
    def section(self) -> str: ...
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
class GoldenQuestion:
    """A question with the documents that answer it; without any, it must be handed over."""

    question: str
    expect: frozenset[str]
    kind: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a golden question."""

    golden: GoldenQuestion
    ranks: tuple[int, ...]
    """Ranks, from 1, of the expected documents among the first ten."""
    confidence: float
    decision: Decision


def read_questions(path: Path) -> list[GoldenQuestion]:
    """The golden questions of a JSON Lines file. Raises QuestionsUnreadable, which names the lines."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = "is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else "cannot be opened"
        raise QuestionsUnreadable(f"The file of questions {path} {reason}.", hint="Check the path.") from error
    questions: list[GoldenQuestion] = []
    faults: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                questions.append(_golden(json.loads(line)))
            except ValueError as wrong:
                reason = "this is not JSON" if isinstance(wrong, json.JSONDecodeError) else str(wrong)
                faults.append(f"{path}, line {number}: {reason}.")
    if faults:
        raise QuestionsUnreadable("\n".join(faults[:_MOST_FAULTS]))
    if not questions:
        raise QuestionsUnreadable(f"The file of questions {path} is empty.")
    return questions


def _golden(row: Any) -> GoldenQuestion:
    if not isinstance(row, dict):
        raise ValueError("this is not a JSON object")
    question, expect = row.get("question"), row.get("expect")
    if not isinstance(question, str):
        raise ValueError('"question" must be a text')
    if not isinstance(expect, list) or not all(isinstance(document, str) for document in expect):
        raise ValueError('"expect" must be a list of document ids; an empty one means: hand over')
    return GoldenQuestion(question, frozenset(expect), str(row.get("kind") or ""), str(row.get("id") or ""))


def judge(golden: GoldenQuestion, answer: AnswerLike) -> Outcome:
    """Compare an answer with what was expected. Right: answered, and the first quote is from an expected document."""
    documents = [hit.document_id for hit in answer.hits[:DEPTH]]
    ranks = tuple(rank for rank, document in enumerate(documents, 1) if document in golden.expect)
    return Outcome(golden, ranks, answer.confidence, _decision(golden, answer))


def _decision(golden: GoldenQuestion, answer: AnswerLike) -> Decision:
    if answer.verdict == "clarify":
        return "clarified"
    if answer.verdict == "handover":
        return "handed_over_wrong" if golden.expect else "handed_over_right"
    right = bool(answer.quotes) and answer.quotes[0].document in golden.expect
    return "answered_right" if right else "answered_wrong"


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


def figures(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """The contract's figures; a mean over nothing is None."""
    by_kind: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        if outcome.golden.kind:
            by_kind[outcome.golden.kind].append(outcome)
    return {**_figures(outcomes), "by_kind": {kind: _figures(some) for kind, some in sorted(by_kind.items())}}


def _figures(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    answerable = [outcome for outcome in outcomes if outcome.golden.expect]
    decisions = {decision: sum(outcome.decision == decision for outcome in outcomes) for decision in DECISIONS}
    return {
        "answerable": {
            "n": len(answerable),
            "hit@1": _mean(1 in outcome.ranks for outcome in answerable),
            "hit@5": _mean(any(rank <= 5 for rank in outcome.ranks) for outcome in answerable),
            "mrr@10": _mean(1 / outcome.ranks[0] if outcome.ranks else 0 for outcome in answerable),
            "ndcg@10": _mean(_ndcg(outcome) for outcome in answerable),
        },
        "unanswerable": {"n": len(outcomes) - len(answerable)},
        "auroc": auroc(outcomes),
        "decisions": decisions,
    }


def _ndcg(outcome: Outcome) -> float:
    gained = sum(1 / math.log2(rank + 1) for rank in outcome.ranks)
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(len(outcome.golden.expect), DEPTH) + 1))
    return gained / ideal


def auroc(outcomes: Iterable[Outcome]) -> float | None:
    """The chance that an answerable question gets more confidence than an unanswerable one; None without both."""
    rows = [(bool(outcome.golden.expect), outcome.confidence) for outcome in outcomes]
    if len({answerable for answerable, _ in rows}) < 2:
        return None
    from sklearn.metrics import roc_auc_score

    return round(float(roc_auc_score(*zip(*rows, strict=True))), 4)


def _mean(values: Iterable[float]) -> float | None:
    listed = [float(value) for value in values]
    return round(sum(listed) / len(listed), 4) if listed else None


def as_rows(by_kind: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, int, int, float | None]]:
    """A row for each kind: name, questions, right decisions, hit@1."""
    return [
        (kind, sum(some["decisions"].values()),
         some["decisions"]["answered_right"] + some["decisions"]["handed_over_right"], some["answerable"]["hit@1"])
        for kind, some in by_kind.items()
    ]
