"""Many texts at once: the same vectors as one by one, each text once, and not on a model that is built otherwise."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from indexer import bulk
from indexer.bulk import FEWEST, BulkReader
from indexer.embedder import SentenceTransformerEmbedder
from indexer.late_interaction import packed_words, word_vectors
from indexer.library.words import telling_places
from indexer.reindex import reindex
from indexer.sources import Source
from tests.fakes import ToyEmbedder
from tests.indexer.tiny_model import make_tiny_model

WORDS = ["How", "do", "I", "book", "a", "hotel", "in", "Rome", "train", "ticket", "cheap", "night", "the", "bed"]


def texts_of(count: int, longest: int = 40) -> list[str]:
    luck = np.random.default_rng(3)
    return [" ".join(luck.choice(WORDS, luck.integers(1, longest))) for _ in range(count)]


def collected(embedder: SentenceTransformerEmbedder, texts: Sequence[str]) -> tuple[np.ndarray, list[bytes]]:
    vectors = np.zeros((len(texts), embedder.dimensions), dtype=np.float32)
    words = [b"none"] * len(texts)
    seen: list[int] = []
    for read in embedder.read_in_bulk(texts):
        seen += read.rows
        vectors[read.rows] = read.vectors
        for row, packed in zip(read.rows, read.words, strict=True):
            words[row] = packed
    assert sorted(seen) == list(range(len(texts)))
    return vectors, words


@pytest.mark.parametrize("count", [FEWEST - 1, 300])
def test_many_texts_get_the_vectors_of_single_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    monkeypatch.setattr(bulk, "_WINDOW", 100)
    monkeypatch.setattr(bulk, "_PIECES", 200)
    embedder = SentenceTransformerEmbedder(str(make_tiny_model(tmp_path, WORDS)))
    texts = [*texts_of(count - 1), ""]
    vectors, words = collected(embedder, texts)
    exact, exact_words = embedder.embed_with_words(texts)
    assert (vectors * exact).sum(1)[:-1].min() > 0.998
    assert not vectors[-1].any(), "a text without a token"
    assert [len(one) for one in words] == [len(one.packed()) for one in exact_words]


def test_the_layers_are_read_anew_only_where_they_are_known(tmp_path: Path) -> None:
    embedder = SentenceTransformerEmbedder(str(make_tiny_model(tmp_path, WORDS)))
    model = embedder._model.get()
    assert BulkReader.of(model, embedder.embed) is not None
    assert BulkReader.of(model, lambda texts: -embedder.embed(texts)) is None, "its vectors disagree"
    model[0].auto_model.config.hidden_act = "relu"
    assert BulkReader.of(model, embedder.embed) is None
    vectors, _ = collected(embedder, texts_of(40))
    assert vectors == pytest.approx(embedder.embed(texts_of(40)), abs=1e-5)


def test_reading_that_is_broken_off_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "_PIECES", 50)
    embedder = SentenceTransformerEmbedder(str(make_tiny_model(tmp_path, WORDS)))
    reads = embedder.read_in_bulk(texts_of(200))
    assert len(next(reads).rows) > 0
    reads.close()


def test_no_second_thread_of_numpy_waits_in_a_loop_beside_it() -> None:
    told = ("import indexer.bulk; from threadpoolctl import threadpool_info;"
            "print({one['num_threads'] for one in threadpool_info()})")
    free = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    done = subprocess.run([sys.executable, "-c", told], env=free, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "{1}"


def test_a_batch_is_full_of_pieces_and_not_of_texts() -> None:
    lengths = [500, 3, 256, 7, 256, 2_048, 1_024, 1_024, 5_000]
    batches = list(bulk._filled(lengths))
    assert sorted(row for batch in batches for row in batch) == list(range(len(lengths)))
    assert [[lengths[row] for row in batch] for batch in batches] == [
        [3, 7, 256, 256, 500, 1_024], [1_024], [2_048], [5_000]]
    assert list(bulk._filled([])) == []


def test_words_of_many_texts_are_packed_as_those_of_each() -> None:
    luck = np.random.default_rng(1)
    texts = ["The VPN, my VPN-client", "", "the of", "disk 64 TiB"]
    places = [np.array([[0, 0], [0, 3], [4, 7], [9, 11], [12, 15], [16, 22], [0, 0]]), np.zeros((2, 2), dtype=int),
              np.array([[0, 3]]), np.array([[0, 0], [0, 4], [5, 7], [8, 11]])]
    tokens = [luck.normal(size=(len(some), 12)).astype(np.float32) for some in places]
    alone = [word_vectors(telling_places(text), *one).packed()
             for text, *one in zip(texts, places, tokens, strict=True)]
    together = [(telling_places(text), some) for text, some in zip(texts, places, strict=True)]
    assert packed_words(together, np.concatenate(tokens)) == alone
    assert [len(one) for one in alone] == [6, 0, 3, 9]
    assert packed_words([([], np.zeros((1, 2), dtype=int))], np.zeros((1, 12), dtype=np.float32)) == [b""]


def test_a_text_that_stands_in_many_documents_is_embedded_once(tmp_path: Path) -> None:
    folder, data = tmp_path / "knowledge", tmp_path / "data"
    folder.mkdir()
    for name in "abc":
        (folder / f"{name}.md").write_text("# Refunds\n\nAsk for the money within a week.\n")
    embedder = ToyEmbedder()
    told: list[tuple[str, int, int]] = []
    now = datetime(2026, 3, 2, tzinfo=UTC)
    report = reindex([Source(str(folder))], data, embedder, now=now, progress=lambda *some: told.append(some))
    text = "Refunds\nAsk for the money within a week."
    assert (report.embedded, embedder.embedded.count(text)) == (1, 1)
    assert [some for some in told if some[0] == "embedding"] == [("embedding", 0, 1), ("embedding", 1, 1)]
    (folder / "d.md").write_text("# Refunds\n\nAsk for the money within a week.\n")
    assert reindex([Source(str(folder))], data, embedder, now=now).embedded == 0


@pytest.mark.real_model
def test_the_embedded_model_is_read_as_well_in_bulk() -> None:
    embedder = SentenceTransformerEmbedder()
    texts = [f"Step {number}: open the form, choose site {number % 7}, and send it. " * (number % 30 + 1)
             for number in range(FEWEST)]
    vectors, words = collected(embedder, texts)
    exact, exact_words = embedder.embed_with_words(texts)
    assert (vectors * exact).sum(1).min() > 0.999
    same = [np.mean(np.frombuffer(one, np.uint8) == np.frombuffer(other.packed(), np.uint8))
            for one, other in zip(words, exact_words, strict=True)]
    assert min(same) > 0.9
