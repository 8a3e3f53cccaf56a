"""Golden questions beside the documents: asked after an index run, compared with the run before, kept."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.evaluation.golden import check_golden, golden_json, golden_questions, kept_in, last_golden
from indexer.evaluation.runs import Circumstances, load
from indexer.sources import Source
from indexer.types import Verdict
from tests.indexer.test_indexer_evaluation import Answered, answered

ABOUT = Circumstances("questions.jsonl", "2026-11-22T10:00:00+00:00", 1, "toy", 0.1, 0.5)


@pytest.fixture
def source(tmp_path: Path) -> Source:
    folder = tmp_path / "knowledge"
    folder.mkdir()
    rows = [{"question": "good", "expect": ["good.md"]}, {"question": "none", "expect": []}]
    (folder / "questions.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    return Source(str(folder))


class Bot:
    """Answers everything from one document."""

    def __init__(self, verdict: Verdict = "answer") -> None:
        self.verdict = verdict
        self.asked: list[str] = []

    def __call__(self, question: str) -> Answered:
        self.asked.append(question)
        return answered(self.verdict if question == "good" else "handover", 0.8, "good.md")


def test_they_are_asked_once_for_a_generation_and_compared_with_the_last(source: Source, tmp_path: Path) -> None:
    golden, data, bot = golden_questions([source], {"good.md"}), tmp_path / "data", Bot()
    assert last_golden(data) is None
    first = check_golden(golden, data, ABOUT, bot)
    assert first is not None
    assert (first.comparison, first.is_new, bot.asked) == (None, True, ["good", "none"])

    again = check_golden(golden, data, replace(ABOUT, made_at="later"), bot)
    assert again is not None
    assert (again.is_new, len(bot.asked), again.run) == (False, 2, first.run)

    worse = check_golden(golden, data, replace(ABOUT, generation=2), Bot("handover"))
    assert worse is not None
    assert worse.comparison is not None
    assert [pair.after.golden.question for pair in worse.comparison.became_wrong] == ["good"]
    assert golden_json(worse)["against"]["became_wrong"][0]["question"] == "good"
    kept = last_golden(data)
    assert kept is not None
    assert kept.run == worse.run == load(kept_in(data))


def test_another_setting_or_other_questions_are_asked_anew(source: Source, tmp_path: Path) -> None:
    golden, bot = golden_questions([source], {"good.md"}), Bot()
    check_golden(golden, tmp_path, ABOUT, bot)
    check_golden(golden, tmp_path, replace(ABOUT, false_answers=0.2), bot)
    check_golden(replace(golden, questions=golden.questions[:1]), tmp_path, replace(ABOUT, false_answers=0.2), bot)
    assert len(bot.asked) == 5


def test_a_damaged_memory_is_made_anew(source: Source, tmp_path: Path) -> None:
    path = kept_in(tmp_path)
    path.parent.mkdir()
    path.write_text('{"format": "floorwalker evaluation run", "version": 1}')
    report = check_golden(golden_questions([source], {"good.md"}), tmp_path, ABOUT, Bot())
    assert report is not None
    assert report.is_new


def test_sources_without_any_and_broken_files_hold_up_nothing(source: Source, tmp_path: Path) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "questions.jsonl").write_text("{")
    golden = golden_questions([Source(str(tmp_path / "broken")), Source(str(tmp_path)), source], {"good.md"})
    assert len(golden.questions) == 2
    assert len(golden.faults) == 1
    assert "line 1" in golden.faults[0]
    none = golden_questions([Source(str(tmp_path / "nowhere"))], set())
    assert check_golden(none, tmp_path, ABOUT, Bot()) is None


def test_a_named_source_may_leave_its_name_out(source: Source) -> None:
    named = Source(source.location, "hr")
    assert golden_questions([named], {"hr/good.md"}).questions[0].expect == {"hr/good.md"}
    assert golden_questions([named], {"good.md"}).questions[0].expect == {"good.md"}


def test_of_too_many_some_from_everywhere_are_asked(tmp_path: Path) -> None:
    rows = (json.dumps({"question": str(number), "expect": []}) for number in range(100))
    (tmp_path / "questions.jsonl").write_text("\n".join(rows))
    golden = golden_questions([Source(str(tmp_path))], set(), most=4)
    assert [one.question for one in golden.questions] == ["0", "25", "50", "75"]
    assert golden.there_are == 100


