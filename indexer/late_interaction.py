"""How well each word of a question is met by some word of a passage, both read in their context. Pure.

On its way to the vector of a text the model makes one of each of its words. The vector of a passage is a mean, in which
a single fact is faint; its words still have it. So of each word of the question the nearest word of the passage counts
(MaxSim), and rare words count more. A passage keeps each of its telling words once, at two bits for a dimension.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

_LEVELS = np.array([-1.51, -0.453, 0.453, 1.51], dtype=np.float32)
_BETWEEN = np.array([-0.982, 0.0, 0.982], dtype=np.float32)
"""The four values that stand for a normally distributed figure with the least error, and what lies between them."""
_IN_A_BYTE = 4
_OF_A_BYTE = _LEVELS[np.arange(256, dtype=np.uint8)[:, None] >> np.array([0, 2, 4, 6], dtype=np.uint8) & 3]
"""The figures that each byte stands for, of shape (256, 4)."""


@dataclass(frozen=True, slots=True)
class WordVectors:
    """The different telling words of a text with what the model makes of them there."""

    words: tuple[str, ...]
    """Lower case."""
    vectors: np.ndarray
    """Of length 1, float32 of shape (words, dimensions)."""

    def packed(self) -> bytes:
        """The vectors in a sixteenth of their size; empty without words."""
        if not self.words:
            return b""
        return _packed(self.vectors).tobytes()


NO_WORDS = WordVectors((), np.zeros((0, 0), dtype=np.float32))
"""Of a text without words, and of every text if the model makes no vectors of words."""


def word_vectors(words: Sequence[tuple[str, int, int]], places: np.ndarray, tokens: np.ndarray) -> WordVectors:
    """The vectors of words: means over the tokens that they consist of, wherever they stand.

    `words`: each with where it starts and ends in the text (characters), in order; `places`: the same of the tokens, of
    shape (tokens, 2), start and end alike where a token stands for no text; `tokens`: their vectors, of shape
    (tokens, dimensions).
    Words behind the end of what the model reads are left out.
    """
    inside, row, names = _members(words, places)
    if not names:
        return NO_WORDS
    sums = np.zeros((len(names), tokens.shape[1]), dtype=np.float32)
    np.add.at(sums, row, _unit(tokens[inside].astype(np.float32)))
    return WordVectors(names, _unit(sums))


def packed_words(texts: Sequence[tuple[Sequence[tuple[str, int, int]], np.ndarray]], tokens: np.ndarray) -> list[bytes]:
    """As `word_vectors` and `packed` of each text, in a few large steps.

    `texts`: words and places of each; `tokens`: the vectors of all of them, one text's after the other's.
    """
    from scipy.sparse import csr_array

    inside, rows, counts = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)], []
    first = begin = 0
    for words, places in texts:
        of_text, row, names = _members(words, places)
        inside.append(of_text + begin)
        rows.append(row + first)
        counts.append(len(names))
        first, begin = first + len(names), begin + len(places)
    some = _unit(tokens[np.concatenate(inside)].astype(np.float32))
    chosen = (np.ones(len(some), dtype=np.float32), (np.concatenate(rows), np.arange(len(some))))
    codes = _packed(_unit(csr_array(chosen, shape=(first, len(some))) @ some))
    ends = np.cumsum(counts)
    return [codes[end - count : end].tobytes() for end, count in zip(ends.tolist(), counts, strict=True)]


def _members(
    words: Sequence[tuple[str, int, int]], places: np.ndarray
) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """The tokens that stand inside of words, the row of each one's word, and the words of these rows."""
    starts = np.array([start for _, start, _ in words], dtype=np.int64)
    ends = np.array([end for _, _, end in words], dtype=np.int64)
    last = places[:, 1] - 1  # a token may begin with the space before its word
    of = np.searchsorted(starts, last, "right") - 1
    behind = np.append(ends, -1)  # of no word at all: nothing is before its end
    inside = np.flatnonzero((places[:, 1] > places[:, 0]) & (of >= 0) & (last < behind[of]))
    rows: dict[str, int] = {}
    row = np.array([rows.setdefault(words[number][0], len(rows)) for number in of[inside].tolist()], dtype=np.int64)
    return inside, row, tuple(rows)


def met(question: WordVectors, weights: np.ndarray, passages: Sequence[bytes]) -> np.ndarray:
    """0..1 for each passage (packed words): how near the nearest of its words are to the question's, on average.

    `weights` are those of the question's words. A passage or a question without words is met nowhere.
    """
    found = np.zeros(len(passages), dtype=np.float32)
    some = [number for number, packed in enumerate(passages) if packed]
    if not some or not weights.sum() > 0:
        return found
    asked = _turned(question.vectors)
    width = asked.shape[1] // _IN_A_BYTE
    packed = np.frombuffer(b"".join(passages[number] for number in some), dtype=np.uint8).reshape(-1, width)
    near = asked @ _OF_A_BYTE[packed].reshape(len(packed), -1).T / np.sqrt(np.float32(question.vectors.shape[1]))
    counts = [len(passages[number]) // width for number in some]
    nearest = np.maximum.reduceat(near, np.cumsum([0, *counts[:-1]]), axis=1)
    found[some] = np.clip(weights @ nearest / weights.sum(), 0.0, 1.0)
    return found


def _packed(vectors: np.ndarray) -> np.ndarray:
    """Two bits for a figure, uint8 of shape (vectors, dimensions / 4)."""
    figures = _turned(vectors) * np.float32(np.sqrt(vectors.shape[1]))
    codes = sum(((figures >= between).view(np.uint8) for between in _BETWEEN), np.zeros((), dtype=np.uint8))
    codes = codes.reshape(len(vectors), figures.shape[1] // _IN_A_BYTE, _IN_A_BYTE)
    packed: np.ndarray = codes[..., 0] | codes[..., 1] << 2 | codes[..., 2] << 4 | codes[..., 3] << 6
    return packed


def _turned(vectors: np.ndarray) -> np.ndarray:
    """Turned at random, so that the figures are alike whatever the model, and their number can be divided by four."""
    turned = vectors @ _rotation(vectors.shape[1])
    return np.pad(turned, ((0, 0), (0, -turned.shape[1] % _IN_A_BYTE)))


@lru_cache(maxsize=4)
def _rotation(dimensions: int) -> np.ndarray:
    """The same each time: what was packed yesterday is compared with today's questions."""
    rotation: np.ndarray = np.linalg.qr(np.random.default_rng(0).normal(size=(dimensions, dimensions)))[0]
    return rotation.astype(np.float32)


def _unit(vectors: np.ndarray) -> np.ndarray:
    unit: np.ndarray = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return unit
