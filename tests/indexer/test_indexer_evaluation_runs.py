"""Runs are saved, read again, compared and drawn; nothing of somebody else's is written over."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.evaluation.against import NothingInCommon, as_json, check_common, compare
from indexer.evaluation.files import FileNotOurs, FileNotWritten, check, write
from indexer.evaluation.outcomes import Decision, Found, Outcome
from indexer.evaluation.page import page
from indexer.evaluation.picture import draw
from indexer.evaluation.questions import GoldenQuestion
from indexer.evaluation.runs import Circumstances, Run, RunUnreadable, load, save

ABOUT = Circumstances("q.jsonl", "2026-11-22T10:00:00+00:00", 3, "toy", 0.1, 0.61)


def outcome(name: str, decision: Decision, confidence: float = 0.5, *, identity: str = "") -> Outcome:
    is_answerable = decision in ("answered_right", "handed_over_wrong")
    return Outcome(GoldenQuestion(name, frozenset({"a.md"} if is_answerable else ()), "kind", identity),
                   (1,) if is_answerable else (), confidence, decision, Found("b.md", "B", "Part"))


def run(*outcomes: Outcome) -> Run:
    return Run(ABOUT, outcomes)


BEFORE = run(outcome("one", "answered_right", 0.9), outcome("two", "handed_over_wrong", 0.2),
             outcome("three", "handed_over_right", 0.1), outcome("only before", "handed_over_right"))
AFTER = replace(run(outcome("One ", "handed_over_wrong", 0.3), outcome("two", "answered_right", 0.8),
                    outcome("three", "answered_wrong", 0.7), outcome("only now", "answered_wrong")),
                about=replace(ABOUT, threshold=0.5))


def test_a_run_is_read_as_it_was_saved_and_may_be_saved_over(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    save(BEFORE, path)
    assert load(path) == BEFORE
    assert json.loads(path.read_text())["figures"]["answerable"]["n"] == 2
    save(AFTER, path)
    assert load(path) == AFTER
    assert [file.name for file in tmp_path.iterdir()] == ["run.json"]


@pytest.mark.parametrize("content", ["", "[]", '{"a": 1}', '{"format": "floorwalker evaluation run", "version": 9}',
                                     '{"format": "floorwalker evaluation run", "version": 1, "outcomes": [{}]}'])
def test_what_is_no_saved_run_is_told(tmp_path: Path, content: str) -> None:
    path = tmp_path / "run.json"
    path.write_text(content)
    with pytest.raises(RunUnreadable) as caught:
        load(path)
    assert str(path) in caught.value.message


def test_another_file_is_never_written_over(tmp_path: Path) -> None:
    other = tmp_path / "budget.json"
    other.write_text('{"mine": true}')
    with pytest.raises(FileNotOurs):
        save(BEFORE, other)
    assert other.read_text() == '{"mine": true}'
    with pytest.raises(FileNotWritten):
        check(tmp_path)
    with pytest.raises(FileNotWritten):
        check(tmp_path / "nowhere" / "run.json")


def test_a_comparison_names_what_became_wrong_and_right() -> None:
    found = compare(BEFORE, AFTER)
    assert (found.common, found.only_before, found.only_after) == (3, 1, 1)
    assert [pair.after.golden.question for pair in found.became_wrong] == ["One ", "three"]
    assert [pair.after.golden.question for pair in found.became_right] == ["two"]
    figures = {figure.name: (figure.before, figure.after) for figure in found.figures}
    assert figures["unanswerable answered"] == (0.0, 1.0)
    assert figures["threshold"] == (0.61, 0.5)
    assert "1 question became right, 2 became wrong" in found.verdict()
    assert "may be chance" in found.verdict()
    assert as_json(found)["became_wrong"][0]["after"]["decision"] == "handed_over_wrong"


def test_a_clear_difference_is_called_one() -> None:
    names = [f"question {number}" for number in range(9)]
    right, wrong = (run(*(outcome(name, decision) for name in names)) for decision in
                    ("answered_right", "handed_over_wrong"))
    assert "worse, and by more than chance would do (sign test, p < 0.01)" in compare(right, wrong).verdict()
    assert "better, and by more than chance" in compare(wrong, right).verdict()
    assert compare(right, right).verdict() == "No question became right or wrong."


def test_a_question_that_stands_twice_is_known_by_its_id() -> None:
    first, second = outcome("same", "answered_right", identity="1"), outcome("same", "handed_over_wrong", identity="2")
    found = compare(run(first, second), run(second, first))
    assert (found.common, found.became_wrong, found.became_right) == (2, (), ())


def test_another_set_of_questions_cannot_be_compared() -> None:
    other = run(outcome("something else", "answered_right"))
    with pytest.raises(NothingInCommon):
        compare(BEFORE, other)
    with pytest.raises(NothingInCommon):
        check_common(BEFORE, [other.outcomes[0].golden])
    check_common(BEFORE, [GoldenQuestion("TWO", frozenset())])


def test_the_page_escapes_what_comes_from_outside() -> None:
    bad = outcome("<script>alert(1)</script> & more", "answered_wrong", 0.9)
    evil = replace(bad, found=Found("x\"><b>.md", "<i>T</i>", ""))
    about = replace(ABOUT, questions="<u>$q$.jsonl")
    told = page(Run(about, (evil, *AFTER.outcomes)), compare(BEFORE, AFTER)).decode()
    assert "&lt;script&gt;alert(1)" in told
    assert not re.search(r"<(script|b|i|u)>", told)
    assert told.count("<svg") == 1
    assert "Became wrong: 2" in told
    assert not re.search(r"(src|href)=\"https?:", told)  # stands alone


def test_pictures_are_known_as_ours_and_the_same_each_time(tmp_path: Path) -> None:
    for form, start in (("png", b"\x89PNG"), ("svg", b"<?xml")):
        drawn = draw(AFTER, form)  # type: ignore[arg-type]
        assert drawn.startswith(start)
        path = tmp_path / f"a.{form}"
        write(path, drawn)
        check(path)
    assert draw(AFTER, "svg") == drawn


@pytest.mark.parametrize("outcomes", [
    (outcome("x", "answered_right"),), (outcome("x", "handed_over_right", 0.0),), (outcome("x", "clarified", 1.0),)])
def test_the_smallest_runs_can_be_drawn(outcomes: tuple[Outcome, ...]) -> None:
    assert page(Run(replace(ABOUT, threshold=None), outcomes), None)
