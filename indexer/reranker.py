"""A second look at the best passages: a cross-encoder reads the question together with each of them. Optional."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from indexer.errors import RerankerMissing
from indexer.library import StoredPassage
from indexer.models import LazyModel, Sort, batches
from indexer.plain import plain
from indexer.ranking import Candidate

LOOK = 20
"""Passages that are looked at again; the others stay behind them."""

_SORT = Sort("reranker", publisher="cross-encoder", missing=RerankerMissing)
_BATCH = 8
_LONGEST_QUESTION, _LONGEST_TEXT = 1_000, 3_000  # characters; a passage has fewer, of an FAQ answer this is much


class Reranker(Protocol):
    """Tells which of some texts answers a question best."""

    @property
    def name(self) -> str:
        """The model as people know it."""
        ...

    def scores(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        """A figure for each text, the higher the better; comparable for one question only. Callable from any thread."""
        ...


class CrossEncoderReranker:
    """A sentence-transformers cross-encoder: a folder, or a name on the Hugging Face hub; loaded at first use."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._model = LazyModel(lambda: _load(name))

    def scores(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        """What the model makes of each text. Raises RerankerMissing."""
        model = self._model.get()
        prompt = model.prompts.get(model.default_prompt_name)
        made = np.zeros(len(texts))
        for rows in batches(texts, _BATCH):
            pairs = [(question[:_LONGEST_QUESTION], texts[row][:_LONGEST_TEXT]) for row in rows]
            made[rows] = self._model.forward(pairs, prompt=prompt)["scores"].float().reshape(len(rows)).numpy()
        figures: list[float] = made.tolist()
        return figures


def reranker_for(name: str) -> Reranker | None:
    """The reranker of the settings; none if they name none."""
    return CrossEncoderReranker(name) if name else None


def reranked(
    reranker: Reranker, question: str, candidates: Sequence[Candidate], passages: Mapping[int, StoredPassage]
) -> list[Candidate]:
    """The candidates (best first) with the first LOOK of them in the order of the reranker's scores.

    Only passages change places. The n-th candidate keeps the n-th score, for that is what confidence and verdict are
    calibrated on.
    """
    first = candidates[:LOOK]
    scores = reranker.scores(question, [readable(passages[candidate.passage]) for candidate in first])
    order = np.argsort(-np.asarray(scores, dtype=np.float64), kind="stable").tolist()
    return [*(replace(first[row], score=place.score) for row, place in zip(order, first, strict=True)),
            *candidates[LOOK:]]


def readable(passage: StoredPassage) -> str:
    """What a reranker reads of a passage: title › section, the FAQ entry's question, and the visible text."""
    heading = f"{passage.title} › {passage.section}" if passage.section else passage.title
    return "\n".join(dict.fromkeys(filter(None, (heading, passage.question, plain(passage.text)))))


def _load(name: str) -> Any:
    folder = _SORT.folder(name)
    if not _is_cross_encoder(folder):
        raise RerankerMissing(f"The model {name!r} is no cross-encoder.")
    from sentence_transformers import CrossEncoder

    model = _SORT.loaded(name, folder, lambda path: CrossEncoder(path, device="cpu", local_files_only=True))
    if model.num_labels != 1:
        raise RerankerMissing(f"The reranker {name!r} makes {model.num_labels} figures of a text instead of one.")
    return model


def _is_cross_encoder(folder: Path) -> bool:
    """Of any other model the library would make one with random weights, and say nothing."""
    if (folder / "modules.json").exists():
        return bool(_read(folder / "config_sentence_transformers.json").get("model_type") == "CrossEncoder")
    architectures = _read(folder / "config.json").get("architectures") or ()
    return any(str(one).endswith(("ForSequenceClassification", "ForCausalLM")) for one in architectures)


def _read(file: Path) -> dict[str, Any]:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
