"""How scores become an order of passages."""

from __future__ import annotations

import numpy as np
import pytest

from indexer.ranking import (
    ABSOLUTE,
    ABSOLUTE_ALONE,
    ASSOCIATED,
    NEAREST,
    OVERALL,
    RELATIVE,
    WEIGHT,
    Texts,
    Words,
    best_of_each_document,
    fuse,
    shortlist,
)


def texts(*rows: tuple[int, int, float]) -> Texts:
    """Passage, document and cosine of each text."""
    passages, documents, cosines = zip(*rows, strict=True)
    return Texts(np.array(passages), np.array(documents), np.array(cosines))


def words(**scores: float) -> Words:
    return Words({int(name[1:]): score for name, score in scores.items()}, possible=8.0)


def test_the_nearest_text_and_the_words_speak_for_a_passage() -> None:
    found = fuse(texts((10, 1, 0.5), (11, 1, 0.9), (20, 2, 0.8)), words(p20=4.0, p10=2.0), {})
    assert [candidate.passage for candidate in found] == [20, 11, 10]
    expected = (NEAREST + OVERALL) * 0.8 + RELATIVE + ABSOLUTE * 4 / 8
    assert found[0].score == pytest.approx(expected / WEIGHT)
    alone = fuse(texts((20, 2, 0.8)), words(p20=4.0), None)
    assert alone[0].score == pytest.approx((expected + (ABSOLUTE_ALONE - ABSOLUTE) * 4 / 8) / WEIGHT)


def test_several_near_texts_speak_louder_than_one() -> None:
    found = fuse(texts((10, 1, 0.8), (10, 1, 0.1), (20, 2, 0.8), (20, 2, 0.7)), words(), {})
    assert [candidate.passage for candidate in found] == [20, 10]
    assert NEAREST * 0.8 / WEIGHT < found[1].score < (NEAREST + OVERALL) * 0.8 / WEIGHT


def test_what_people_ask_of_a_document_speaks_for_it() -> None:
    found = fuse(texts((10, 1, 0.6), (20, 2, 0.6)), words(), {2: 0.5})
    assert found[0].document == 2
    assert found[0].score - found[1].score == pytest.approx(ASSOCIATED * 0.5 / WEIGHT)


def test_faint_words_are_no_measure_for_others() -> None:
    """In a knowledge base of three documents, no word tells much; the best of them must not count as a sure find."""
    (faint,) = fuse(texts((10, 1, 0.0)), words(p10=0.004), {})
    (clear,) = fuse(texts((10, 1, 0.0)), words(p10=0.8), {})
    assert faint.score < 0.01
    assert clear.score > RELATIVE / WEIGHT


def test_scores_stay_between_0_and_1() -> None:
    found = fuse(texts((10, 1, -1.0), (20, 2, 1.0001)), words(p20=8.0), {1: -0.5, 2: 1.5})
    assert all(0 <= candidate.score <= 1 for candidate in found)
    assert fuse(Texts(*3 * [np.array([])]), words(), {}) == []


def test_a_shortlist_has_room_for_other_documents() -> None:
    rows = [(n, 1, 1 - n / 100) for n in range(20)] + [(20 + n, 2 + n, 0.5 - n / 100) for n in range(5)]
    found = fuse(texts(*rows), words(), {})
    chosen = shortlist(found, passages=10, documents=4)
    assert len(chosen) == 10
    assert [candidate.document for candidate in best_of_each_document(chosen)] == [1, 2, 3, 4]
    assert chosen == sorted(chosen, key=lambda candidate: -candidate.score)
