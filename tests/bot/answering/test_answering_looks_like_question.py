"""Which messages among people ask something: those that do, and those that only look a little like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.looks_like_question import is_put_to_another, looks_like_question, reports_problem


@pytest.mark.parametrize("text", [
    "How do I attach a receipt to a claim?",
    "how do i attach a receipt to a claim",
    "Hi all, where can I find the new supplier form",
    "Hi team, does anyone know how to cancel an order?",
    "The scanner beeps twice and nothing happens, what now?",
    "Can I still change yesterday's timesheet",
    "I don't know where to enter the cost centre",
    "so, who approves a purchase order over £5,000",
    "Is it possible to split an invoice\nacross two cost centres",
    "I’m not sure whether the old form still counts",
    "*Where do I sign?* The page is blank.",
    "Any idea why the label printer stops",
    "I need a new badge (where do I get one?)",
    "Is there a way to see https://wiki.example/page?x=1 offline?",
])
def test_a_question(text: str) -> None:
    assert looks_like_question(text)


@pytest.mark.parametrize("text", [
    "", "   ", "?", "??", "ok?", "really?", "Thanks, that helped!", "hello", "Good morning all", "how are you?",
    "How nice that it works now.", "However, the report is late.", "What a day!", "The go-live is on Monday.",
    "I have attached the receipt to the claim.", "See https://wiki.example/page?id=7&x=y for all details.",
    "Who-is-who is on the intranet now.", "When you are done, please log off.",
    "```SELECT * FROM t WHERE a = ?```", "> How do I do this?\nDone, see above.", "word " * 400 + "?",
    "Where it says Save, press Save.", "Why not. Let us do it.",
])
def test_no_question(text: str) -> None:
    assert not looks_like_question(text)


@given(st.text(max_size=3000))
def test_any_text_is_judged(text: str) -> None:
    assert looks_like_question(text) in (True, False)


@pytest.mark.parametrize("text", [
    "The scanner does not work.", "I cannot log in", "I can't open the shared folder", "My badge is broken",
    "I need help with my invoice", "Login fails since this morning"])
def test_a_report_of_a_problem(text: str) -> None:
    assert reports_problem(text)


@pytest.mark.parametrize("text", ["The new printer is in the hall.", "Training starts at nine.", "`error` was renamed"])
def test_what_people_tell_each_other_reports_no_problem(text: str) -> None:
    assert not reports_problem(text)


@pytest.mark.parametrize(("text", "to_another"), [
    ("@U0TOM where is the key?", True), ("hi @Tom Jones, where is the key?", True), ("Hello Tom", True),
    ("Hi Tom, where is the key?", True), ("@here where is the key?", False), ("Hi team, where is the key?", False),
    ("Hello, where is the key?", False), ("Where is the key, @U0TOM?", False), ("Hi My badge is broken", False)])
def test_what_begins_with_somebody_is_put_to_them(text: str, *, to_another: bool) -> None:
    assert is_put_to_another(text) == to_another
