"""What embedding models and rerankers have in common: where their files are, and being used by many threads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.errors import ModelMissing

LONGEST = 8_000
"""Characters of a text that reach the tokeniser; no model here reads as many."""

_OTHER_FRAMEWORKS = ("*.onnx", "onnx/*", "openvino/*", "*.h5", "*.msgpack", "*.ot", "*.tflite")
_making = threading.Lock()
"""Of all models: while one is loaded, the library changes settings that hold for the whole process."""


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of models, and what is said where one is missing."""

    called: str
    publisher: str
    """Whose models may be named without their publisher."""
    missing: type[ModelMissing] = ModelMissing

    def folder(self, name: str) -> Path:
        """Where a model's files are, which is a folder or a name of the hub; fetches the latter once.

        Raises `missing`.
        """
        folder = Path(name).expanduser()
        if folder.is_dir():
            return folder
        if folder.is_absolute() or name.startswith((".", "~")):
            raise self.missing(f"There is no model folder {folder}.")
        return self._from_hub(name)

    def _from_hub(self, name: str) -> Path:
        from huggingface_hub import snapshot_download

        repository = name if "/" in name else f"{self.publisher}/{name}"
        try:
            return Path(snapshot_download(repository, ignore_patterns=list(_OTHER_FRAMEWORKS)))
        except Exception as error:  # no network, no such name, no right to it: the cure is the same
            raise self.missing(f"The {self.called} {name!r} is neither a folder nor could it be fetched.") from error

    def loaded(self, name: str, folder: Path, make: Callable[[str], Any]) -> Any:
        """What `make` makes of a folder, ready to be used. Raises `missing`."""
        from transformers.utils.logging import disable_progress_bar

        disable_progress_bar()  # type: ignore[no-untyped-call]  # ours is the one that is shown
        try:
            with _making:
                model = make(str(folder))
        except Exception as error:  # the library raises whatever its parts raise
            raise self.missing(f"The {self.called} {name!r} in {folder} cannot be loaded.") from error
        model.eval()
        return model


class LazyModel:
    """A model that is loaded at first use, and may be used by any thread."""

    def __init__(self, load: Callable[[], Any]) -> None:
        self._load = load
        self._loading = threading.Lock()
        self._tokenizing = threading.Lock()  # the fast tokenisers refuse to be used by two threads at once
        self._loaded: Any = None

    def get(self) -> Any:
        """The model itself. Raises what loading it raises, and tries again the next time."""
        with self._loading:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded

    def forward(self, batch: Sequence[Any], prompt: str | None = None) -> Mapping[str, Any]:
        """What the model makes of one batch, as tensors. Raises what loading it raises."""
        import torch

        model = self.get()
        with self._tokenizing:
            features = model.preprocess(batch, prompt=prompt)
        with torch.inference_mode():
            made: Mapping[str, Any] = model({name: value.to(model.device) if hasattr(value, "to") else value
                                             for name, value in features.items()})
        return made

    def places(self, batch: Sequence[str]) -> Mapping[str, Any] | None:
        """`input_ids` (n, tokens) and `offset_mapping` (n, tokens, 2): where in its text each token stands.

        None if the tokeniser cannot tell.
        """
        model = self.get()
        tokenizer = getattr(model, "tokenizer", None)
        if not getattr(tokenizer, "is_fast", False):
            return None
        with self._tokenizing:
            made: Mapping[str, Any] = tokenizer(  # type: ignore[misc]
                list(batch), padding=True, truncation=True, max_length=model.max_seq_length,
                return_offsets_mapping=True, return_tensors="np")
        return made


def batches(texts: Sequence[str], size: int) -> Iterator[list[int]]:
    """The numbers of the texts in batches; texts of like length share one, since it is as slow as its longest."""
    by_length = sorted(range(len(texts)), key=lambda number: len(texts[number]))
    for start in range(0, len(texts), size):
        yield by_length[start : start + size]
