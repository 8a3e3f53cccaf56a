"""The embedding model: loaded late, named when it is missing."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from indexer.embedder import SentenceTransformerEmbedder
from indexer.errors import ModelMissing


def test_nothing_heavy_is_imported_before_the_first_text() -> None:
    code = ("import sys; from indexer import reindex, search, embedder; embedder.SentenceTransformerEmbedder().name; "
            "print([m for m in ('torch', 'faiss', 'sentence_transformers', 'sklearn') if m in sys.modules])")
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="no model folder"):
        SentenceTransformerEmbedder(str(tmp_path / "none")).embed(["x"])
    with pytest.raises(ModelMissing, match="holds no sentence-transformers model"):
        assert SentenceTransformerEmbedder(str(tmp_path)).fingerprint
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ModelMissing, match="cannot be loaded"):
        SentenceTransformerEmbedder(str(tmp_path)).embed(["x"])


def test_the_fingerprint_follows_the_files_and_not_their_place(tmp_path: Path) -> None:
    for name, weights in (("a", b"1"), ("b", b"1"), ("c", b"2")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "modules.json").write_text("[]")
        (tmp_path / name / "model.safetensors").write_bytes(weights)
    a, b, c = (SentenceTransformerEmbedder(str(tmp_path / name)).fingerprint for name in "abc")
    assert a == b != c


@pytest.mark.real_model
def test_the_embedded_model_knows_what_texts_mean() -> None:
    embedder = SentenceTransformerEmbedder()
    texts = ["How do I get my money back?", "Refunds are paid within a week.", "The cat sleeps on the roof.", ""]
    vectors = embedder.embed(texts)
    assert (vectors.shape, vectors.dtype, embedder.dimensions) == ((4, 384), np.float32, 384)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(4), abs=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.2
    assert embedder.embed([]).shape == (0, 384)

    together: dict[int, np.ndarray] = {}
    threads = [threading.Thread(target=lambda n=n: together.__setitem__(n, embedder.embed(texts * (n + 1))))
               for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for vectors_of_thread in together.values():
        assert vectors_of_thread[:4] == pytest.approx(vectors, abs=1e-5)
