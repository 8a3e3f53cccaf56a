"""What a confidence is worth: figures with known answers, the kinds' table, and the worst questions."""

from __future__ import annotations

import pytest

from indexer.evaluation.curves import aurc, calibration_error, now, reliability, risk_coverage
from indexer.evaluation.figures import answered_right, further, kept, table, unanswerable_answered
from indexer.evaluation.outcomes import Decision, Outcome
from indexer.evaluation.questions import GoldenQuestion
from indexer.evaluation.worst import what_happened, worst


def outcome(confidence: float, decision: Decision, *ranks: int, kind: str = "", question: str = "") -> Outcome:
    is_answerable = bool(ranks) or decision == "handed_over_wrong"
    expect = frozenset({"a"} if is_answerable else ())
    return Outcome(GoldenQuestion(question or f"{confidence} {decision}", expect, kind), ranks, confidence, decision)


SOME = [
    outcome(0.95, "answered_right", 1, kind="k"),
    outcome(0.85, "answered_wrong", 3, kind="k"),
    outcome(0.75, "answered_wrong"),
    outcome(0.65, "handed_over_wrong", 1),
    outcome(0.45, "clarified", 1),
    outcome(0.05, "handed_over_right"),
    outcome(0.05, "handed_over_right"),
    outcome(0.05, "handed_over_right"),
    outcome(0.05, "handed_over_right"),
]


def test_kept_is_what_stays_above_the_threshold_that_refuses_four_of_five() -> None:
    assert kept(SOME) == 0.75  # four of the five unanswerable have 0.05; of four answerable, three are above and first
    assert kept(SOME[:2]) is None
    assert kept([outcome(0.5, "answered_right", 1), outcome(0.5, "answered_wrong")]) == 0.0  # above means above


def test_unanswerable_questions_that_were_answered_are_told_with_the_exact_interval() -> None:
    measured = unanswerable_answered(SOME)
    assert measured is not None
    assert (measured.count, measured.of) == (1, 5)
    assert (measured.low, measured.high) == pytest.approx((0.00505, 0.71642), abs=1e-4)  # Clopper and Pearson's
    assert unanswerable_answered(SOME[:2]) is None
    assert answered_right(SOME) == 0.25
    assert further(SOME, 0.1)["false_answers"] == {"setting": 0.1, "measured": 0.2, "low": 0.0051, "high": 0.7164}
    assert further(SOME[:2], None)["false_answers"]["measured"] is None


def test_the_curve_takes_equal_confidences_together() -> None:
    points = risk_coverage(SOME)
    assert [round(point.coverage * 9) for point in points] == [1, 2, 3, 4, 5, 9]
    assert [round(point.risk, 3) for point in points] == [0, 0.5, 0.667, 0.5, 0.4, 0.667]
    assert aurc(SOME) == pytest.approx((0 + 1 / 2 + 2 / 3 + 2 / 4 + 2 / 5 + 4 * 6 / 9) / 9)
    point = now(SOME)
    assert point is not None
    assert (round(point.coverage, 3), round(point.risk, 3), point.threshold) == (0.333, 0.667, 0.75)
    assert now(SOME[3:]) is None
    assert aurc([]) is None


def test_the_calibration_error_weighs_each_tenth_by_its_questions() -> None:
    bins = reliability(SOME)
    assert [each.n for each in bins] == [4, 0, 0, 0, 1, 0, 1, 1, 1, 1]
    assert calibration_error(SOME) == pytest.approx((0.05 + 0.85 + 0.75 + 0.35 + 0.55 + 4 * 0.05) / 9)
    assert reliability([outcome(1.0, "answered_right", 1)])[-1].n == 1
    assert calibration_error([]) is None


def test_the_table_has_everything_then_both_sorts_then_each_kind() -> None:
    rows = {row.name: row for row in table(SOME)}
    assert list(rows) == ["all", "answerable", "no answer", "k"]
    assert (rows["all"].n, rows["all"].right, rows["all"].wrong, rows["all"].needless, rows["all"].clarified) == (
        9, 5, 2, 1, 1)
    assert (rows["k"].hit_at_1, rows["k"].hit_at_5) == (0.5, 1.0)
    assert rows["no answer"].hit_at_1 is None
    assert "no answer" not in {row.name for row in table(SOME[:2])}


def test_the_worst_questions_are_of_every_sort_and_each_from_its_worst_down() -> None:
    many = [outcome(0.5 + number / 100, "answered_wrong") for number in range(20)]
    bad = worst([*many, *SOME, outcome(0.2, "handed_over_wrong", 4), outcome(0.1, "handed_over_wrong")], most=6)
    assert [(one.confidence, one.decision) for one in bad] == [
        (0.75, "answered_wrong"), (0.69, "answered_wrong"), (0.85, "answered_wrong"), (0.65, "handed_over_wrong"),
        (0.2, "handed_over_wrong"), (0.1, "handed_over_wrong")]
    assert [what_happened(one) for one in bad[1:]] == [
        "answered, though nothing here answers it", "answered from another document",
        "handed over, though the right document stood first", "handed over; the right document only came 4th",
        "handed over; the right document was not among the first ten"]
    assert worst([SOME[0], *SOME[4:]]) == []
