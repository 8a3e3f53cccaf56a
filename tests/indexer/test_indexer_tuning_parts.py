"""The parts of `tune`: what is learnt from, how it is judged, and where the result is kept."""

from __future__ import annotations

import logging
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from indexer.embedder import embedder_for
from indexer.library.sqlite import SqliteLibrary
from indexer.reindex import reindex
from indexer.sources import Source
from indexer.tuning.fitted import FittedModels, ModelNotWritten, TuningBusy
from indexer.tuning.judging import Comparison, Drift, Figures, Marks, Trial, compare, marks, trial
from indexer.tuning.material import Material, Text, in_turn, read_material
from tests.fakes import ToyEmbedder

FAQ = """
- {id: a, question: "How do I claim?", also_asked: [Claiming, Shared], answer: Use *the form*.}
- {id: b, question: "Where is it?", also_asked: [Shared], answer: There.}
"""


class Model:
    """A model that can be saved, or not."""

    def __init__(self, error: Exception | None = None) -> None:
        self._error = error

    def save(self, path: str, /, *, create_model_card: bool) -> None:
        (Path(path) / "modules.json").write_text("[]", encoding="utf-8")
        if self._error:
            raise self._error


def keep(data: Path, base: str = "one", error: Exception | None = None) -> FittedModels:
    models = FittedModels(data)
    with models.writing():
        models.keep(Model(error), {"base": base})
    return models


def texts(documents: int = 20, each: int = 6) -> list[Text]:
    return [Text(f"{document}-{number}", document, document, asks=number > 0)
            for document in range(documents) for number in range(each)]


def test_what_tells_the_same_is_read_from_the_index(tmp_path: Path) -> None:
    folder = tmp_path / "knowledge"
    folder.mkdir()
    (folder / "faq.yaml").write_text(FAQ, encoding="utf-8")
    (folder / "doc.md").write_text("# Doc\n\nIntro.\n\n## First\n\nSome **text**.\n", encoding="utf-8")
    reindex([Source(str(folder))], tmp_path / "data", ToyEmbedder(), now=datetime(2026, 3, 2, tzinfo=UTC))
    generation = SqliteLibrary(tmp_path / "data").open()
    material = read_material(generation)
    generation.close()
    told: dict[int, list[tuple[str, bool]]] = {}
    for text in material.texts:
        told.setdefault(text.section, []).append((text.text, text.asks))
    assert sorted(sorted(some) for some in told.values()) == [
        [("Claiming", True), ("How do I claim?", True), ("Use the form.", False)],  # and not what b asks as well
        [("Doc", True), ("Intro.", False)],
        [("First", True), ("Some text.", False)],
        [("There.", False), ("Where is it?", True)],
    ]
    assert (material.documents, material.pairs) == (3, 6)


def test_every_beginning_is_a_fair_sample() -> None:
    ordered = in_turn(texts(400, 6), random.Random(1))
    assert len(ordered) == 2400
    assert len({text.section for text in ordered[:1024]}) == 400
    assert Material(tuple(ordered[:1024])).pairs >= 400


def test_a_trial_is_asked_what_it_did_not_learn() -> None:
    some = texts()
    split = trial(some, random.Random(1), questions=1000, known=1000)
    learnt = {some[row].document for row in split.learnt}
    assert not set(split.learnt) & set(split.answerable)
    assert all(some[row].asks for row in split.answerable + split.unanswerable)
    assert {some[row].document for row in split.answerable} <= learnt
    assert not {some[row].document for row in split.unanswerable} & learnt
    assert len({some[row].document for row in split.unanswerable}) == 5
    few = trial(some, random.Random(1), questions=7, known=10)
    assert (len(few.known), len(few.unanswerable)) == (10, 7)
    assert {some[row].document for row in few.answerable} <= {some[row].document for row in few.known}


def test_marks_of_a_trial() -> None:
    some = [Text("", 0, 0, True), Text("", 1, 1, True), Text("", 0, 0, True), Text("", 1, 1, True),
            Text("", 2, 2, True)]
    vectors = np.array([[1, 0, 0], [0, 1, 0], [1, 0, 0], [0.8, 0.6, 0], [0, 0.7, 0.7]], dtype=np.float32)
    found = marks(vectors, some, Trial([0, 1], [0, 1], [2, 3], [4]))
    assert (found.right.tolist(), found.above.tolist(), found.below.tolist()) == ([1, 0], [1, 1], [1])


def test_what_was_learnt_by_heart_is_told_from_what_was_not() -> None:
    """Learnt questions have moved to their own (1.0) and away from others (0.0); unseen ones are as they were."""
    some = [Text("", 0, 0, True), Text("", 0, 0, True), Text("", 1, 1, True), Text("", 1, 1, True),
            Text("", 0, 0, True), Text("", 2, 2, True)]
    vectors = np.array([[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 1, 0], [0.8, 0, 0.6], [0, 0.6, 0.8]], dtype=np.float32)
    drift = marks(vectors, some, Trial([0, 1, 2, 3], [0, 1, 2, 3], [4], [5])).drift
    assert (drift.answerable, drift.unanswerable) == pytest.approx((-0.2, 0.6))
    assert drift.since(Drift(0.1, 0.1)).unanswerable == pytest.approx(0.5)


def marked(right: list[float], above: list[float], below: list[float]) -> Marks:
    return Marks(np.array(right), np.array(above), np.array(below), Drift())


def test_models_are_compared_question_by_question() -> None:
    before, after = marked([1, 0, 0, 1], [1, 0.5, 0.5, 1], [0.5, 1]), marked([1, 1, 0, 1], [1, 0.5, 0.5, 1], [0.5, 1])
    found = compare([before, before], [after, after])
    assert (found.before, found.after) == (Figures(0.5, 0.75), Figures(0.75, 0.75))
    assert (found.answerable, found.unanswerable, found.auroc_noise) == (8, 4, 0)
    assert found.hit_noise == pytest.approx((0.25 * 0.75 / 8) ** 0.5)
    assert not found.fault


@pytest.mark.parametrize(("hit", "auroc", "word"), [
    (0.80, 0.90, ""), (0.80, 0.895, ""), (0.80, 0.88, "unanswerable"), (0.65, 0.99, "first"), (0.70, 0.90, "no better"),
    (0.695, 0.902, "no better"),
])
def test_neither_figure_may_fall_and_one_must_rise(hit: float, auroc: float, word: str) -> None:
    found = Comparison(Figures(0.70, 0.90), Figures(hit, auroc), 0.01, 0.01, 100, 100)
    assert word in found.fault
    assert bool(word) == bool(found.fault)


def test_a_fitted_model_belongs_to_its_base(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert FittedModels(tmp_path).folder("one") is None
    models = keep(tmp_path)
    assert models.folder("one") == tmp_path / "model" / "m000001"
    assert embedder_for(tmp_path, "one").name == "one, fitted"
    assert not caplog.records
    with caplog.at_level(logging.WARNING):
        assert models.folder("two") is None
        assert embedder_for(tmp_path, "two").name == "two"
    assert "made from 'one'" in caplog.text
    (tmp_path / "model" / "m000001" / "fitted.json").write_text("{", encoding="utf-8")
    assert models.folder("one") is None
    assert "cannot be read" in caplog.text


def test_a_newer_one_takes_the_place_at_once(tmp_path: Path) -> None:
    keep(tmp_path)
    models = keep(tmp_path)
    assert models.folder("one") == tmp_path / "model" / "m000002"
    with models.writing():  # clears away what is not used any more
        assert {path.name for path in (tmp_path / "model").iterdir()} == {"m000002", "CURRENT", "lock"}


@pytest.mark.parametrize("error", [OSError("full"), RuntimeError("full"), KeyboardInterrupt()])
def test_what_breaks_off_leaves_the_one_in_use(tmp_path: Path, error: Any) -> None:
    models = keep(tmp_path)
    with pytest.raises(KeyboardInterrupt if isinstance(error, KeyboardInterrupt) else ModelNotWritten):
        keep(tmp_path, "two", error)
    assert models.folder("one") == tmp_path / "model" / "m000001"
    assert keep(tmp_path, "three").folder("three") is not None
    assert not list((tmp_path / "model").glob(".fitting*"))


def test_one_at_a_time(tmp_path: Path) -> None:
    with FittedModels(tmp_path).writing(), pytest.raises(TuningBusy), FittedModels(tmp_path).writing():
        pass
