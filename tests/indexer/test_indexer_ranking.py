"""How scores become an order, and how sure one may be of it."""

from __future__ import annotations

import random

import pytest

from indexer.confidence import PRIOR, Calibration, Signals, fit, rarity, share
from indexer.library import Place
from indexer.ranking import best_of_each_document, fuse, shortlist

PLACES = [Place(1, 10, "a"), Place(2, 10, "a"), Place(3, 11, "a"), Place(4, 20, "b")]


def test_the_nearest_text_and_the_words_speak_for_a_passage() -> None:
    candidates = fuse(PLACES, {1: 0.2, 2: 0.9, 3: 0.5, 4: 0.8}, {20: 4.0, 11: 2.0})
    assert [(candidate.passage, candidate.text) for candidate in candidates] == [(20, 4), (10, 2), (11, 3)]
    assert [candidate.score for candidate in candidates] == pytest.approx([0.7 * 0.8 + 0.3, 0.63, 0.35 + 0.15])


def test_scores_stay_between_0_and_1() -> None:
    candidates = fuse(PLACES, {1: -0.5, 2: 1.0001, 3: -1.0}, {10: 9.0})
    assert all(0 <= candidate.score <= 1 for candidate in candidates)
    assert fuse([], {}, {}) == []


def test_a_shortlist_has_room_for_other_documents() -> None:
    places = [Place(n, n, "long") for n in range(20)] + [Place(20 + n, 20 + n, f"s{n}") for n in range(5)]
    candidates = fuse(places, {place.text: 1 - place.text / 100 for place in places}, {})
    chosen = shortlist(candidates, passages=10, documents=4)
    assert len(chosen) == 10
    assert [candidate.document for candidate in best_of_each_document(chosen)] == ["long", "s0", "s1", "s2"]
    assert chosen == sorted(chosen, key=lambda candidate: -candidate.score)


def test_rare_words_weigh_more_and_unknown_ones_most() -> None:
    weights = rarity(["the", "claim", "zebra"], {"the": 500, "claim": 3}, texts=500)
    assert 0 <= weights["the"] < 0.01 < weights["claim"] < weights["zebra"]
    assert share(weights, {"claim", "zebra"}) > 0.99
    assert share(weights, {"the"}) < 0.01
    assert share({}, {"the"}) == 0


def sample(middle: float, count: int) -> list[Signals]:
    dice = random.Random(middle)
    return [Signals(cosine=value, score=value, coverage=value)
            for value in (min(1.0, max(0.0, dice.gauss(middle, 0.1))) for _ in range(count))]


def test_a_calibration_keeps_the_share_of_false_answers() -> None:
    calibration = fit(sample(0.7, 300), sample(0.45, 300))
    fresh = sample(0.451, 2000)
    for allowed in (0.05, 0.1, 0.2, 0.5):
        threshold = calibration.threshold(allowed)
        measured = sum(calibration.confidence(signals) >= threshold for signals in fresh) / len(fresh)
        assert measured == pytest.approx(allowed, abs=0.04)
    assert calibration.threshold(0.05) > calibration.threshold(0.2)


def test_confidence_is_a_probability_that_grows_with_the_evidence() -> None:
    calibration = fit(sample(0.7, 300), sample(0.45, 300))
    values = [calibration.confidence(Signals(step / 20, step / 20, step / 20)) for step in range(21)]
    assert values == sorted(values)
    assert 0 < values[0] < 0.02
    assert 0.98 < values[-1] < 1


def test_too_little_to_learn_from_leaves_the_prior() -> None:
    assert fit(sample(0.7, 5), sample(0.4, 200)) is PRIOR
    assert fit(sample(0.4, 100), sample(0.7, 100)) is PRIOR  # says everything twice: nothing to tell apart
    assert PRIOR.threshold(0.05) > PRIOR.threshold(0.1) == 0.5 > PRIOR.threshold(0.2)


def test_a_calibration_survives_storing() -> None:
    calibration = fit(sample(0.7, 100), sample(0.4, 100))
    assert Calibration.from_json(calibration.as_json()) == calibration
    assert Calibration.from_json({}) is PRIOR
