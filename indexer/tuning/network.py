"""The model while it is fitted: its upper layers learn, and what the lower ones make of a text is computed once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from indexer.errors import FloorwalkerError

_BATCH = 64  # texts
_SAME = 1e-2
"""Difference up to which a replayed vector is the original one: the lower layers' output is kept in half precision."""


class CannotBeFitted(FloorwalkerError):
    """This embedding model is built in a way that cannot be fitted."""

    hint = "Use it as it is, or set [model] name to \"embedded\"."


class _Stored(nn.Module):
    """Stands for the lower layers, and gives what they once made of the texts."""

    hidden: Tensor

    def forward(self, *_inputs: Any, **_named: Any) -> Tensor:
        return self.hidden


class Network:
    """A sentence-transformers model whose upper half of layers can be trained.

    The lower half knows the language and stays: so half of the work is done once for each text. Where a model is built
    so that this cannot be done, the lower half runs each time.
    """

    def __init__(self, model: Any) -> None:
        """Takes the model over. Raises CannotBeFitted."""
        self._model = model.eval()
        self._owner, self._name, self._blocks = _layers(model)
        self._lower = len(self._blocks) // 2
        for parameter in model.parameters():
            parameter.requires_grad_(False)
        self.learning = [parameter for block in self._blocks[self._lower :] for parameter in block.parameters()]
        for parameter in self.learning:
            parameter.requires_grad_(True)
        self.original = self.weights()
        self._stored = _Stored()
        self._replays = False
        self._texts: list[str] = []
        self._hidden: list[Tensor] = []

    def __len__(self) -> int:
        """How many texts have been read."""
        return len(self._texts)

    @torch.inference_mode()
    def read(self, texts: Sequence[str], go_on: Callable[[int], bool]) -> np.ndarray:
        """Read texts, as long as `go_on(done)`. Returns the vectors that the untouched model gives them."""
        self._replays = self._can_replay(texts[:4])
        found = []
        for start in range(0, len(texts), _BATCH):
            if not go_on(start):
                break
            found.append(self._take(texts[start : start + _BATCH]).numpy())
        return np.concatenate(found) if found else np.zeros((0, 1), dtype=np.float32)

    def vectors(self, rows: Sequence[int]) -> Tensor:
        """Unit vectors of texts that were read, through the upper layers as they are now; with gradients."""
        features = self._model.preprocess([self._texts[row] for row in rows])
        if self._replays:
            self._stored.hidden = _padded([self._hidden[row] for row in rows], features["attention_mask"])
            self._show([self._stored, *self._blocks[self._lower :]])
        try:
            return nn.functional.normalize(self._model(features)["sentence_embedding"].float(), dim=1)
        finally:
            self._show(self._blocks)

    @torch.inference_mode()
    def embed(self, rows: Sequence[int], go_on: Callable[[int], bool]) -> np.ndarray | None:
        """Vectors of texts that were read; None if `go_on(done)` said no meanwhile."""
        order = sorted(range(len(rows)), key=lambda place: len(self._texts[rows[place]]))
        found: list[np.ndarray] = []
        for start in range(0, len(rows), _BATCH):
            if not go_on(start):
                return None
            found.append(self.vectors([rows[place] for place in order[start : start + _BATCH]]).numpy())
        vectors = np.concatenate(found)
        vectors[order] = vectors.copy()
        return vectors

    def weights(self) -> list[Tensor]:
        """A copy of what can be learnt."""
        return [parameter.detach().clone() for parameter in self.learning]

    @torch.no_grad()
    def mix(self, weights: Sequence[Tensor], share: float) -> None:
        """Go this share of the way from the original weights to others."""
        for parameter, old, new in zip(self.learning, self.original, weights, strict=True):
            parameter.copy_(torch.lerp(old, new, share))

    def _take(self, texts: Sequence[str]) -> Tensor:
        """Run the whole model once, and remember what came out of the lower half."""
        seen: list[Tensor] = []

        def look(_module: nn.Module, inputs: tuple[Any, ...], named: dict[str, Any]) -> None:
            seen.append(inputs[0] if inputs else named["hidden_states"])

        features = self._model.preprocess(list(texts))
        hook = self._blocks[self._lower].register_forward_pre_hook(look, with_kwargs=True)
        try:
            vectors = nn.functional.normalize(self._model(features)["sentence_embedding"].float(), dim=1)
        finally:
            hook.remove()
        if self._replays:
            lengths = features["attention_mask"].sum(1).tolist()
            self._hidden += [hidden[:length].half() for hidden, length in zip(seen[0], lengths, strict=True)]
        self._texts += texts
        return vectors

    def _can_replay(self, texts: Sequence[str]) -> bool:
        """Whether stored lower layers lead to the same vectors; models are built in many ways."""
        try:
            self._replays = True
            direct = self._take(texts)
            return bool((direct - self.vectors(range(len(texts)))).abs().max() < _SAME)
        except Exception:  # whatever a model's own code raises: then its lower half runs each time
            return False
        finally:
            self._texts, self._hidden = [], []

    def _show(self, blocks: Sequence[nn.Module]) -> None:
        setattr(self._owner, self._name, nn.ModuleList(blocks))


def _layers(model: Any) -> tuple[nn.Module, str, list[nn.Module]]:
    """Where a model keeps its layers: the longest list of like modules."""
    found = [(owner, name, list(child)) for owner in model.modules() for name, child in owner.named_children()
             if isinstance(child, nn.ModuleList) and len({type(block) for block in child}) == 1]
    if not found:
        raise CannotBeFitted()
    return max(found, key=lambda one: len(one[2]))


def _padded(hidden: Sequence[Tensor], mask: Tensor) -> Tensor:
    together = torch.zeros((*mask.shape, hidden[0].shape[1]))
    for row, one in enumerate(hidden):
        together[row, : len(one)] = one
    return together
