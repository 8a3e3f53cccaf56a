"""How a score becomes a probability and a verdict."""

from __future__ import annotations

import random

import pytest

from indexer.confidence import FEWEST, PRIOR, Calibration, Scores, calibration, distribution, fitted


def sample(middle: float, count: int) -> tuple[float, ...]:
    dice = random.Random(middle)
    return tuple(min(1.0, max(0.0, dice.gauss(middle, 0.1))) for _ in range(count))


LEARNT = calibration([Scores(sample(0.4, 300), 1.0)], even=0.8, answerable=sample(0.7, 300), found=0.9)


@pytest.mark.parametrize("allowed", [0.05, 0.1, 0.2, 0.5])
def test_the_share_of_false_answers_is_kept(allowed: float) -> None:
    fresh = sample(0.4001, 3000)
    answered = sum(LEARNT.verdict(score, allowed) == "answer" for score in fresh) / len(fresh)
    assert answered == pytest.approx(allowed, abs=0.04)


def test_between_answering_and_handing_over_it_asks_back() -> None:
    verdicts = [LEARNT.verdict(step / 100, 0.1) for step in range(101)]
    assert list(dict.fromkeys(verdicts)) == ["handover", "clarify", "answer"]
    assert verdicts.count("clarify") < 10
    assert LEARNT.least_score(0.05) > LEARNT.least_score(0.2)


@pytest.mark.parametrize("allowed", [0.0, 0.9, 1.0])
def test_extreme_settings_mean_what_they_say(allowed: float) -> None:
    answered = sum(LEARNT.verdict(score, allowed) == "answer" for score in sample(0.4, 300)) / 300
    assert answered == pytest.approx(allowed, abs=0.02)


def test_confidence_is_a_probability_that_grows_with_the_score() -> None:
    values = [LEARNT.confidence(step / 20) for step in range(21)]
    assert values == sorted(values)
    assert 0 < values[0] < 0.02
    assert 0.98 < values[-1] < 1
    assert LEARNT.threshold(0.1) == LEARNT.confidence(LEARNT.least_score(0.1))


def test_sorts_of_questions_count_as_told() -> None:
    steps = distribution([Scores((0.1,) * 10, 0.7), Scores((0.9,) * 500, 0.3), Scores((), 5.0)])
    assert steps[65] == pytest.approx(0.1)
    assert steps[75] == pytest.approx(0.9)


def test_it_tells_what_to_expect() -> None:
    told = LEARNT.expected(0.1)
    assert told is not None
    unanswerable, right = told
    fresh = sample(0.7001, 3000)
    measured = 0.9 * sum(LEARNT.verdict(score, 0.1) == "answer" for score in fresh) / len(fresh)
    assert unanswerable == 0.1
    assert right == pytest.approx(measured, abs=0.03)
    assert calibration([Scores(sample(0.4, 300), 1.0)], even=0.8, answerable=sample(0.7, 5)).expected(0.1) is None


def test_labelled_questions_draw_the_line() -> None:
    line = fitted(sample(0.7, 200), sample(0.5, 20), sample(0.4, 100))
    assert line is not None
    slope, middle = line
    assert slope > 5
    assert 0.45 < middle < 0.6
    assert fitted(sample(0.7, FEWEST - 1), (), sample(0.4, 100)) is None
    assert fitted(sample(0.4, 200), sample(0.7, 200), sample(0.7, 100)) is None  # nothing to tell apart


def test_a_calibration_survives_storing() -> None:
    assert Calibration.from_json(LEARNT.as_json()) == LEARNT
    assert Calibration.from_json({}) is PRIOR
    assert PRIOR.verdict(0.9, 0.1) == "answer"
    assert PRIOR.verdict(0.1, 0.1) == "handover"
