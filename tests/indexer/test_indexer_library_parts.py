"""What a generation holds beside passages: the layout of its texts, and what people's words are associated with."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from indexer.library.associations import Associations
from indexer.library.layout import Layout

LAYOUT = Layout([(7, 1, 100, 1), (3, 2, 100, 1), (9, 2, 100, 1), (4, 5, 200, 2)])


def test_texts_are_found_by_their_ids_passages_and_documents() -> None:
    assert LAYOUT.rows_of_texts([4, 7]).tolist() == [3, 0]
    assert LAYOUT.rows_of_passages(np.array([2, 5])).tolist() == [1, 2, 3]
    assert LAYOUT.rows_of_passages(np.array([4])).tolist() == []  # it has no texts
    assert LAYOUT.rows_of_passages(np.array([], dtype=int)).tolist() == []
    assert LAYOUT.rows_of_documents({100}).tolist() == [0, 1, 2]
    assert Layout([]).rows_of_texts([]).tolist() == []


def rows(seed: int = 0) -> list[tuple[int, bytes]]:
    """Three documents with ten texts each, around directions that are not quite apart."""
    dice = np.random.default_rng(seed)
    middles = np.array([[1, 0, 0, 0, 0], [0.8, 0.6, 0, 0, 0], [0, 0, 1, 0, 0]])
    made = []
    for document, middle in zip((10, 20, 30), middles, strict=True):
        vectors = middle + 0.1 * dice.normal(size=(10, 5))
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        made += [(document, vector.astype(np.float32).tobytes()) for vector in vectors]
    return made


ALL = np.array([10, 20, 30])


def test_a_question_is_associated_with_the_document_that_it_is_like() -> None:
    learnt = Associations.learn(5, rows())
    strengths = learnt.of(np.array([0.8, 0.6, 0, 0, 0], dtype=np.float32), ALL)
    assert max(strengths, key=lambda document: strengths[document]) == 20
    assert strengths[20] - strengths[10] > 0.3  # their cosines are 1 and 0.8
    assert learnt.of(np.array([0, 0, 1, 0, 0], dtype=np.float32), np.array([30, 10]))[30] > 0.7


@pytest.mark.parametrize("left_out", [[0, 1], list(range(10, 20))])
def test_leaving_out_is_the_same_as_never_having_learnt(left_out: list[int]) -> None:
    everything = rows()
    rest = [row for number, row in enumerate(everything) if number not in left_out]
    removed = np.array([np.frombuffer(everything[number][1], dtype=np.float32) for number in left_out])
    owners = np.array([everything[number][0] for number in left_out])
    question = np.array([0.5, 0.5, 0.5, 0.1, 0.1], dtype=np.float32)
    known = np.array(sorted({document for document, _ in rest}))
    expected = Associations.learn(5, rest).of(question, known)
    found = Associations.learn(5, everything).without(question, known, removed, owners)
    assert found == pytest.approx(expected, abs=1e-5)


def test_associations_survive_storing(tmp_path: Path) -> None:
    learnt = Associations.learn(5, rows())
    learnt.write(tmp_path / "a.npz")
    again = Associations.read(tmp_path / "a.npz")
    assert again is not None
    question = np.ones(5, dtype=np.float32)
    assert again.of(question, ALL) == learnt.of(question, ALL)
    assert Associations.read(tmp_path / "none.npz") is None
