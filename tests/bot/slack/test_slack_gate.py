"""What Slack says of golden questions that got worse, and of sources that are past their review."""

from __future__ import annotations

from bot.answering.types import Answer, Quote
from bot.slack.views.answers import answer
from bot.slack.views.home_admin import report_text
from indexer.types import Gated, Report

REPORT = Report(2, 9, 0, 1, 0, 1, (), 3, 1.0, 4)


def with_gate(*worse: str, held_back: bool = False) -> str:
    return report_text(Report(2, 9, 0, 1, 0, 1, (), 3, 1.0, 4, gated=Gated(20, worse, 1, held_back)))


def test_questions_that_got_worse_are_named() -> None:
    told = with_gate("Who approves <me>?")
    assert "Of 20 golden questions, 1 got worse and 1 better" in told
    assert "• Who approves &lt;me&gt;?" in told
    assert "✅" in told


def test_many_are_counted() -> None:
    assert "and 5 more" in with_gate(*(f"Question {number}?" for number in range(15)))


def test_a_run_that_is_held_back_is_not_called_done() -> None:
    told = with_gate("Who approves?", held_back=True)
    assert "✅" not in told
    assert "Not published, generation 4 stays in use" in told
    assert "--accept-worse" in told


def test_without_anything_worse_nothing_is_said() -> None:
    assert "golden" not in with_gate()
    assert "golden" not in report_text(REPORT)


def test_an_answer_from_a_document_past_its_review_says_so() -> None:
    quote = Quote("a.md", "Approvals", "", "Ask Ana.", None, past_review="2026-03-01")
    shown = answer(1, Answer("Who?", "answer", 0.9, "", (quote,), (), 1))
    assert "due for review on 1 March 2026" in shown.text
    assert "due for review on 1 March 2026" in str(shown.blocks)
    fresh = answer(1, Answer("Who?", "answer", 0.9, "", (Quote("a.md", "Approvals", "", "Ask Ana.", None),), (), 1))
    assert "review" not in fresh.text + str(fresh.blocks)
