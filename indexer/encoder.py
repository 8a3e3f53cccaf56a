"""The layers of a BERT-like model on many texts at once, at the CPU's best precision: a few fused steps, no padding.

The tokens of all texts stand one after the other, and only in the attention is each text by itself. That gives the
vectors that the model gives, to about four digits where the CPU multiplies in bfloat16.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

_FAMILIES = {"bert": False, "roberta": True, "xlm-roberta": True, "camembert": True}
"""Whether positions are counted from behind the number of the padding."""
_ROWS = 128
"""Tokens come in multiples of this. For each other number of them the library would keep another program in memory."""
_LENGTHS = 16
"""The same for the length of a text in the attention."""
_SHORT = 64
"""Word pieces up to which a text's attention is cheap, however it is made."""
_USUAL = 2_048
"""Tokens that a weight matrix is laid out for."""


class Encoder:
    """What a sentence-transformers model does with tokens, from their numbers to the vector of the text."""

    def __init__(self, model: Any) -> None:
        """Raises NotSuited: the model is built otherwise, or runs elsewhere than on the CPU."""
        transformer, pooling, *rest = model
        bert: Any = getattr(transformer, "auto_model", None)
        config: Any = getattr(bert, "config", None)
        self._pooling = getattr(pooling, "pooling_mode", None)
        family = getattr(config, "model_type", None)
        if (family not in _FAMILIES or config.hidden_act != "gelu" or self._pooling not in ("mean", "cls")
                or model.device.type != "cpu"):
            raise NotSuited()
        self.precision = best_precision()
        self._rest = rest
        self._heads = config.num_attention_heads
        self._embeddings = bert.embeddings
        self._first = bert.embeddings.padding_idx + 1 if _FAMILIES[family] else 0
        self._layers = [_Layer(layer, self._heads, self.precision) for layer in bert.encoder.layer]

    @torch.inference_mode()
    def read(self, texts: Sequence[Sequence[int]]) -> tuple[np.ndarray, np.ndarray]:
        """From token numbers, texts of one length side by side: the vectors of the texts, of length 1, and of their
        tokens, one text's after the other's; float32."""
        lengths = [len(text) for text in texts]
        groups = [(length, len(list(some))) for length, some in groupby(lengths)]
        tokens = self._through(texts, lengths, groups)[: sum(lengths)].float()
        features = {"sentence_embedding": torch.cat([self._pooled(part) for part in _apart(tokens, groups)])}
        for module in self._rest:
            features = module(features)
        vectors: np.ndarray = functional.normalize(features["sentence_embedding"].float(), dim=1).numpy()
        return vectors, tokens.numpy()

    def _through(self, texts: Sequence[Sequence[int]], lengths: list[int], groups: list[tuple[int, int]]) -> Tensor:
        made = self._embeddings
        places = torch.from_numpy(np.concatenate([np.arange(length) for length in lengths])) + self._first
        plain = (made.word_embeddings(torch.from_numpy(np.concatenate(texts).astype(np.int64)))
                 + made.position_embeddings(places) + made.token_type_embeddings.weight[0])
        behind = -len(plain) % _ROWS if len(plain) else _ROWS
        tokens: Tensor = functional.pad(made.LayerNorm(plain).to(self.precision), (0, 0, 0, behind))
        for layer in self._layers:
            tokens = layer(tokens, groups)
        return tokens

    def _pooled(self, texts: Tensor) -> Tensor:
        """Of a text without any token: zeros."""
        if not texts.shape[1]:
            return texts.sum(1)
        return texts[:, 0] if self._pooling == "cls" else texts.mean(1)


class NotSuited(Exception):
    """This model is not built as the encoder knows it."""


def best_precision() -> torch.dtype:
    """In which numbers this CPU multiplies matrices fastest, of those that are good enough."""
    has = ("_is_avx512_bf16_supported", "_is_amx_tile_supported", "_is_arm_bf16_supported")
    can = any(getattr(torch.cpu, name, bool)() for name in has)
    return torch.bfloat16 if can else torch.float32


class _Layer:
    """Attention, then two large matrices; each with what went into it added, and evened out."""

    def __init__(self, layer: Any, heads: int, precision: torch.dtype) -> None:
        attention = layer.attention
        own = attention.self
        self._heads = heads
        scale = (own.query.weight.shape[0] // heads) ** -0.5  # of the scores; here it costs nothing
        together = torch.cat([own.query.weight * scale, own.key.weight, own.value.weight])
        bias = torch.cat([own.query.bias * scale, own.key.bias, own.value.bias])
        self._asked = _Matrix(together, bias, precision)
        self._heard = _matrix(attention.output.dense, precision)
        self._wide = _matrix(layer.intermediate.dense, precision)
        self._narrow = _matrix(layer.output.dense, precision)
        self._even = _evener(attention.output.LayerNorm, precision)
        self._even_again = _evener(layer.output.LayerNorm, precision)

    def __call__(self, tokens: Tensor, groups: Sequence[tuple[int, int]]) -> Tensor:
        heard = torch.zeros_like(tokens)
        begin = 0
        for part in _apart(self._asked(tokens), [group for group in groups if group[0]]):
            end = begin + part.shape[0] * part.shape[1]
            heard[begin:end] = _attended(part, self._heads)
            begin = end
        tokens = self._even(self._heard.added(heard, tokens))
        return self._even_again(self._narrow.added(self._wide(tokens, "gelu"), tokens))


class _Matrix:
    """A linear layer, laid out for this CPU, with the step after it done on the way where torch can."""

    def __init__(self, weight: Tensor, bias: Tensor, precision: torch.dtype) -> None:
        weight, self._bias = weight.detach().to(precision), bias.detach().to(precision)
        has_mkldnn: bool = torch.backends.mkldnn.is_available()  # type: ignore[no-untyped-call]
        self._fused = has_mkldnn and hasattr(torch.ops.mkldnn, "_linear_pointwise")
        self._weight = torch.ops.mkldnn._reorder_linear_weight(weight, _USUAL) if self._fused else weight

    def __call__(self, tokens: Tensor, then: str = "none") -> Tensor:
        made: Tensor
        if self._fused:
            made = torch.ops.mkldnn._linear_pointwise(tokens, self._weight, self._bias, then, [], "none")
            return made
        made = functional.linear(tokens, self._weight, self._bias)
        return functional.gelu(made) if then == "gelu" else made

    def added(self, tokens: Tensor, to: Tensor) -> Tensor:
        """The product plus something."""
        if not self._fused:
            return functional.linear(tokens, self._weight, self._bias) + to
        made: Tensor = torch.ops.mkldnn._linear_pointwise.binary(tokens, to, self._weight, self._bias, "add")
        return made


def _matrix(linear: Any, precision: torch.dtype) -> _Matrix:
    return _Matrix(linear.weight, linear.bias, precision)


def _evener(norm: Any, precision: torch.dtype) -> Callable[[Tensor], Tensor]:
    weight, bias = norm.weight.detach().to(precision), norm.bias.detach().to(precision)
    return lambda tokens: functional.layer_norm(tokens, weight.shape, weight, bias, norm.eps)


def _apart(tokens: Tensor, groups: Sequence[tuple[int, int]]) -> list[Tensor]:
    """Of each group of texts of one length, (texts, length, …); without what was put behind all of them."""
    sizes = [length * texts for length, texts in groups]
    parts = torch.split(tokens[: sum(sizes)], sizes)
    return [part.view(texts, length, tokens.shape[1]) for part, (length, texts) in zip(parts, groups, strict=True)]


def _attended(asked: Tensor, heads: int) -> Tensor:
    """Attention in texts of one length; `asked`: queries, keys and values beside each other."""
    texts, length, width = asked.shape
    size = width // (3 * heads)
    apart = asked.view(texts, length, 3, heads, size).permute(2, 0, 3, 1, 4)
    if length < _SHORT or asked.dtype != torch.bfloat16:
        query, key, value = apart
        heard = functional.scaled_dot_product_attention(query, key, value, scale=1.0)
    else:
        heard = _by_products(apart, length)
    return heard.transpose(1, 2).reshape(texts * length, heads * size)


def _by_products(apart: Tensor, length: int) -> Tensor:
    """The same by plain products, which are faster in this precision."""
    queries, keys, values = functional.pad(apart, (0, 0, 0, -length % _LENGTHS)).contiguous()
    heard = torch.empty_like(values)
    for query, key, value, made in zip(queries, keys, values, heard, strict=True):
        scores = torch.bmm(query, key.transpose(1, 2))
        scores[..., length:] = -torch.inf
        torch.bmm(scores.softmax(-1), value, out=made)
    return heard[:, :, :length]
