"""Golden questions become figures; batches become rows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from indexer import commands
from indexer.errors import QuestionsUnreadable
from indexer.evaluation import GoldenQuestion, evaluate, figures, read_questions
from indexer.types import Failure, Hit, Report, Verdict, Viewer


@dataclass
class Quoted:
    document: str
    whereabouts: str = "S"
    text: str = "words"
    url: str | None = None


@dataclass
class Answered:
    verdict: Verdict
    confidence: float
    text: str
    quotes: list[Quoted]
    hits: list[Hit]


def answered(verdict: Verdict, confidence: float, *documents: str) -> Answered:
    hits = [Hit(name, name, "training", "", "", "text", None, 0.5) for name in documents]
    return Answered(verdict, confidence, "text", [Quoted(documents[0])] if verdict == "answer" else [], hits)


GOLDEN = {
    GoldenQuestion("first", frozenset({"a"}), "easy"): answered("answer", 0.9, "a", "b"),
    GoldenQuestion("third", frozenset({"c", "x"}), "easy"): answered("answer", 0.8, "a", "b", "c"),
    GoldenQuestion("missed", frozenset({"a"})): answered("handover", 0.3, "b"),
    GoldenQuestion("asked back", frozenset({"a"})): answered("clarify", 0.5, "a"),
    GoldenQuestion("none", frozenset(), "none"): answered("handover", 0.1, "b"),
    GoldenQuestion("invented", frozenset(), "none"): answered("answer", 0.6, "b"),
}


def test_figures_are_those_of_the_textbook() -> None:
    by_question = {golden.question: answer for golden, answer in GOLDEN.items()}
    result = figures(evaluate(list(GOLDEN), lambda question: by_question[question]))
    assert result["answerable"] == {
        "n": 4, "hit@1": 0.5, "hit@5": 0.75, "mrr@10": round((1 + 1 / 3 + 0 + 1) / 4, 4),
        "ndcg@10": round((1 + 0.5 / (1 + 1 / 1.58496) + 0 + 1) / 4, 4),
    }
    assert result["unanswerable"] == {"n": 2}
    assert result["auroc"] == round((2 + 2 + 1 + 1) / 8, 4)
    assert result["decisions"] == {"answered_right": 1, "answered_wrong": 2, "clarified": 1,
                                   "handed_over_right": 1, "handed_over_wrong": 1}
    assert sum(result["decisions"].values()) == len(GOLDEN)
    assert list(result["by_kind"]) == ["easy", "none"]
    assert result["by_kind"]["none"]["auroc"] is None


def test_golden_questions_are_read_and_faults_named_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text('{"question": "a\u2028b", "expect": ["x"], "kind": "k"}\n\n{"question": "c", "expect": []}\n')
    assert read_questions(path) == [GoldenQuestion("a\u2028b", frozenset({"x"}), "k"), GoldenQuestion("c", frozenset())]
    path.write_text('{"question": "a", "expect": ["x"]}\n[]\n{"question": 1, "expect": []}\n{"question": "a"}\n{')
    with pytest.raises(QuestionsUnreadable) as caught:
        read_questions(path)
    assert [f"line {number}" in caught.value.message for number in range(1, 6)] == [False, True, True, True, True]
    with pytest.raises(QuestionsUnreadable):
        read_questions(tmp_path / "missing.jsonl")


def test_a_batch_never_stops_at_a_bad_row() -> None:
    asked: list[tuple[str, Viewer]] = []

    def answer(question: str, viewer: Viewer) -> Answered:
        asked.append((question, viewer))
        return answered("answer", 0.51239, "a") if question else answered("clarify", 0.0)

    lines = ['{"id": 1, "question": "How?", "audience": ["x"], "at": "2026-11-22"}', "", "not json", "[1]",
             '{"id": 2, "question": ""}', '{"id": 3, "question": 5}', '{"id": 4, "question": "a", "at": "soon"}',
             '{"id": 5, "question": "a", "audience": 7}', '{"id": "last", "question": "a"}']
    usual = Viewer(frozenset({"y"}), date(2026, 1, 1))
    rows = list(commands.ask_batch(lines, answer, usual))
    assert [row["id"] for row in rows] == [1, None, None, 2, 3, 4, 5, "last"]
    assert [("error" in row) for row in rows] == [False, True, True, False, True, True, True, False]
    assert asked == [("How?", Viewer(frozenset({"x"}), date(2026, 11, 22))), ("", usual), ("a", usual)]
    assert rows[0] == {
        "id": 1, "question": "How?", "verdict": "answer", "confidence": 0.5124, "text": "text",
        "quotes": [{"document": "a", "section": "S", "text": "words", "url": None}],
        "hits": [{"document": "a", "score": 0.5}],
    }
    assert (rows[3]["verdict"], rows[3]["confidence"], rows[3]["hits"]) == ("clarify", 0.0, [])


@pytest.mark.parametrize(("row", "named"), [
    ('{"id": 7}', 'no "question"'), ('{"id": 7, "Question": "How?"}', 'no "question"'),
    ('{"id": 7, "question": null}', "not null"), ('{"id": 7, "question": ["How?"]}', "not a list"),
    ('{"id": 7, "question": {"text": "How?"}}', "not an object"), ('{"id": 7, "question": false}', "not true or false"),
    ('{"id": 7, "question": 1.5}', "not a number"),
    ('{"id": 7, "question": "How?", "audience": {"x": 1}}', '"audience"'),
    ('{"id": 7, "question": "How?", "audience": ["x", 1]}', '"audience"'),
    ('{"id": 7, "question": "How?", "at": ""}', '"at"'), ('{"id": 7, "question": "How?", "at": "2027-02-30"}', '"at"'),
    ('{"id": 7, "question": "How?", "at": 20270111}', '"at"'), ('{"id": 7, "question": "How?", "at": true}', '"at"'),
])
def test_a_row_that_cannot_be_asked_says_what_is_wrong_with_it(row: str, named: str) -> None:
    def answer(question: str, viewer: Viewer) -> Answered:
        raise AssertionError("asked all the same")

    [told] = commands.ask_batch([row], answer, Viewer())
    assert told.keys() == {"id", "error"}
    assert told["id"] == 7
    assert named in told["error"]


@pytest.mark.parametrize("row", ['{"id": NaN, "question": "How?"}', '{"id": 1e400, "question": "How?"}',
                                 '{"id": [-1E999], "question": "How?"}', "9" * 5000, "[" * 100_000, '"text"',
                                 "null", "5"])
def test_a_row_that_is_no_json_object_has_no_id(row: str) -> None:
    [told] = commands.ask_batch([row], lambda question, viewer: answered("answer", 0.9, "a"), Viewer())
    assert told.keys() == {"id", "error"}
    assert told["id"] is None


def test_a_byte_order_mark_before_the_first_row_does_no_harm() -> None:
    [told] = commands.ask_batch(['\ufeff{"id": 1, "question": "How?"}'],
                                lambda question, viewer: answered("answer", 0.9, "a"), Viewer())
    assert told["verdict"] == "answer"


def test_a_report_becomes_the_contracts_json() -> None:
    report = Report(3, 4, 1, 1, 1, 1, (Failure("a.md", "Line 1: no."),), 7, 1.23456, 2, ("+a",))
    assert json.loads(json.dumps(commands.report_json(report))) == {
        "documents": 3, "passages": 4, "added": 1, "changed": 1, "removed": 1, "unchanged": 1,
        "failed": [{"document": "a.md", "reason": "Line 1: no."}], "embedded": 7, "seconds": 1.235, "generation": 2,
        "gate": None, "released": None,
    }
