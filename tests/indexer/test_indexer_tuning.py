"""`tune` from the index to the kept model, with a tiny model that is really trained."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import yaml

from indexer.embedder import SentenceTransformerEmbedder, embedder_for
from indexer.errors import IndexMissing, IndexOfAnotherModel, ModelMissing
from indexer.reindex import reindex
from indexer.search import KnowledgeBase
from indexer.sources import Source
from indexer.tuning.judging import Comparison, Figures
from indexer.tuning.tune import Tuned, as_json, tune, undo
from tests.fakes import ToyEmbedder
from tests.indexer.tiny_model import make_tiny_model

NOW = datetime(2026, 3, 2, tzinfo=UTC)
WORDS = [f"{a}{b}{c}" for a in "bdgklm" for b in "aeiou" for c in "nrst"]
BETTER = Comparison(Figures(0.5, 0.5), Figures(0.6, 0.6), 0.01, 0.01, 99, 99)


def knowledge(folder: Path, entries: int = 14) -> Path:
    """An FAQ in which the phrasings of an entry share some of their words."""
    luck = random.Random(2)
    rows = []
    for number in range(entries):
        own = luck.sample(WORDS, 6)
        phrasings = [" ".join([*luck.sample(own, 2), *luck.sample(WORDS, 2)]) for _ in range(9)]
        rows.append({"id": f"e{number}", "question": phrasings[0], "also_asked": phrasings[1:],
                     "answer": " ".join(own)})
    folder.mkdir()
    (folder / "faq.yaml").write_text(yaml.safe_dump(rows), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(make_tiny_model(tmp_path_factory.mktemp("base"), WORDS))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    reindex([Source(str(knowledge(tmp_path / "knowledge")))], tmp_path / "data", ToyEmbedder(), now=NOW)
    return tmp_path / "data"


def run(data: Path, base: str, minutes: float = 0.5) -> Tuned:
    return tune(data, base, minutes=minutes, now=NOW, started=time.perf_counter(), progress=lambda _s, _d, _t: None)


def files(data: Path) -> set[str]:
    return {path.name for path in (data / "model").glob("*") if path.name != "lock"}


def test_a_kept_model_is_used_by_the_next_index_and_can_be_undone(
    data: Path, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.tuning.run.compare", lambda _before, _after: BETTER)
    tuned = run(data, base)
    assert (tuned.kept, tuned.comparison, tuned.documents, tuned.texts) == (True, BETTER, 14, 14 * 10)
    assert tuned.steps > 0
    plain, fitted = SentenceTransformerEmbedder(base), embedder_for(data, base)
    assert fitted.name == f"{base}, fitted"
    assert fitted.fingerprint != plain.fingerprint
    assert not np.array_equal(fitted.embed(["ban bar"]), plain.embed(["ban bar"]))

    reindex([Source(str(data.parent / "knowledge"))], data, fitted, now=NOW)
    KnowledgeBase(data, embedder_for(data, base)).refresh()
    assert undo(data)
    with pytest.raises(IndexOfAnotherModel):
        KnowledgeBase(data, embedder_for(data, base)).refresh()
    assert not undo(data)
    assert files(data) == set()


def test_what_is_worse_is_refused_and_changes_nothing(
    data: Path, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    worse = replace(BETTER, after=Figures(0.6, 0.4))
    monkeypatch.setattr("indexer.tuning.run.compare", lambda _before, _after: worse)
    tuned = run(data, base)
    assert (tuned.kept, tuned.steps) == (False, 0)
    assert "refused" in tuned.reason
    assert files(data) == set()
    assert embedder_for(data, base).name == base


def test_it_judges_itself_inside_the_budget(data: Path, base: str) -> None:
    tuned = run(data, base, minutes=0.5)
    assert tuned.comparison is not None
    assert tuned.kept == (not tuned.comparison.fault)
    assert tuned.comparison.before != tuned.comparison.after
    assert tuned.comparison.answerable >= 20
    assert tuned.seconds < 30
    told = as_json(tuned)
    assert json.loads(json.dumps(told)) == told
    assert told["before"].keys() == told["after"].keys() == {"hit@1", "auroc"}


def test_no_time_at_all_is_told(data: Path, base: str) -> None:
    tuned = run(data, base, minutes=0.0)
    assert not tuned.kept
    assert "too short" in tuned.reason
    assert files(data) == set()


@pytest.mark.parametrize("entries", [0, 1, 3])
def test_a_small_knowledge_base_is_told_and_left_alone(tmp_path: Path, entries: int) -> None:
    reindex([Source(str(knowledge(tmp_path / "knowledge", entries)))], tmp_path / "data", ToyEmbedder(), now=NOW)
    tuned = run(tmp_path / "data", "no such model")
    assert not tuned.kept
    assert "too small" in tuned.reason
    assert as_json(tuned)["before"] is None
    assert not (tmp_path / "data" / "model").exists()


def test_without_an_index_or_a_model(tmp_path: Path, data: Path) -> None:
    with pytest.raises(IndexMissing):
        run(tmp_path / "nothing", "embedded")
    with pytest.raises(ModelMissing):
        run(data, str(tmp_path / "no model"))
    assert files(data) == set()


def test_torch_waits_until_there_is_something_to_fit() -> None:
    code = ("import sys; from indexer import embedder; from indexer.tuning import tune; "
            "print([m for m in ('torch', 'faiss', 'sentence_transformers', 'sklearn') if m in sys.modules])")
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
