"""Fakes that run: an embedder that needs no model, and a clock that can be moved."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from indexer.late_interaction import WordVectors
from indexer.tuning.judging import Drift

_WORD = re.compile(r"\w+")
_STOP_WORDS = frozenset(_WORD.findall(
    "a an and are as at be by can do does for from has have how i if in is it my not of on or our "
    "should that the their there this to was we what when where which who why will with you your"
))
_ENDINGS = ("ments", "ment", "ings", "ing", "ies", "ed", "es", "s", "e", "y")


def stem(word: str) -> str:
    """A word without its usual English endings, so that `claims` meets `claim`."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


class ToyEmbedder:
    """Hashed words: texts that share words are near each other. Deterministic, without a model."""

    name = "toy"
    drift = Drift()

    def __init__(self, dimensions: int = 512, fingerprint: str = "toy-1") -> None:
        self.dimensions = dimensions
        self.fingerprint = fingerprint
        self.embedded: list[str] = []
        """Every text that was embedded so far, in order."""

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors of the texts, float32 of shape (n, dimensions), of length 1 (a text without words: all zeros)."""
        self.embedded.extend(texts)
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in _WORD.findall(text.lower()):
                if word not in _STOP_WORDS:
                    digest = zlib.crc32(stem(word).encode())
                    vectors[row, digest % self.dimensions] += 1.0 if digest & 0x10000 else -1.0
            length = float(np.linalg.norm(vectors[row]))
            if length > 0:
                vectors[row] /= length
        return vectors

    def embed_with_words(self, texts: Sequence[str]) -> tuple[np.ndarray, list[WordVectors]]:
        """The same, with the words' own vectors: a word means the same wherever it stands."""
        vectors = self.embed(texts)
        words = [tuple(word for word in dict.fromkeys(_WORD.findall(text.lower())) if word not in _STOP_WORDS)
                 for text in texts]
        return vectors, [WordVectors(some, ToyEmbedder(self.dimensions).embed(some)) for some in words]


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, start: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)) -> None:
        self._now = start

    def __call__(self) -> datetime:
        """The time that it shows; pass the clock itself wherever a `now` function is asked for."""
        return self._now

    @property
    def now(self) -> datetime:
        """The time that it shows."""
        return self._now

    def forward(self, **span: float) -> datetime:
        """Move ahead, in the words of `timedelta`: `clock.forward(minutes=5)`."""
        self._now += timedelta(**span)
        return self._now

    def set(self, moment: datetime) -> datetime:
        """Move to a moment."""
        self._now = moment
        return self._now
