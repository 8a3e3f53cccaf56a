"""What people's own words stand for: a linear map from a question's vector to documents, learnt from their texts.

Ridge regression in closed form: the texts of a document should give 1 for it and 0 for every other one. Where an FAQ
has many phrasings, this tells neighbouring entries apart that the cosine confuses.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

RIDGE = 1.0
"""As if every direction had been seen once more, with nothing in it: few texts do not say much."""
_BLOCK = 10_000


class Associations:
    """How strongly a question is associated with each document: about 1 for its own, about 0 for others."""

    def __init__(self, weights: np.ndarray, gram: np.ndarray, documents: np.ndarray) -> None:
        """`weights`: (documents, dimensions); `gram`: (dimensions, dimensions); `documents`: their ids, ascending."""
        self._weights = weights
        self._gram = gram
        self._documents = documents

    @classmethod
    def learn(cls, dimensions: int, rows: Iterable[tuple[int, bytes]]) -> Associations:
        """From document ids and the vectors of their texts (float32), in the order of the documents."""
        gram = RIDGE * np.eye(dimensions)
        documents: list[int] = []
        sums: list[np.ndarray] = []
        block: list[bytes] = []
        for document, vector in rows:
            if not documents or documents[-1] != document:
                documents.append(document)
                sums.append(np.zeros(dimensions))
            sums[-1] += np.frombuffer(vector, dtype=np.float32)
            block.append(vector)
            if len(block) == _BLOCK:
                gram += _products(block, dimensions)
                block = []
        gram += _products(block, dimensions)
        weights = np.linalg.solve(gram, np.array(sums).T).T if sums else np.zeros((0, dimensions))
        return cls(weights.astype(np.float32), gram, np.array(documents, dtype=np.int64))

    @classmethod
    def read(cls, path: Path) -> Associations | None:
        """From its file; None if there is none. Raises OSError or ValueError if it is broken."""
        if not path.exists():
            return None
        with np.load(path) as stored:
            return cls(stored["weights"], stored["gram"], stored["documents"])

    def write(self, path: Path) -> None:
        """To a file."""
        with path.open("wb") as file:
            np.savez(file, weights=self._weights, gram=self._gram, documents=self._documents)

    def of(self, vector: np.ndarray, documents: np.ndarray) -> dict[int, float]:
        """The association of a question's vector with documents, by their ids."""
        strengths = self._weights[self._rows(documents)] @ vector
        return dict(zip(documents.tolist(), strengths.tolist(), strict=True))

    def without(
        self, vector: np.ndarray, documents: np.ndarray, removed: np.ndarray, owners: np.ndarray
    ) -> dict[int, float]:
        """As `of`, had some vectors never been learnt: `removed`, of the documents `owners`."""
        removed = removed.astype(np.float64)
        solved = np.linalg.solve(self._gram - removed.T @ removed, vector.astype(np.float64))
        strengths = self._weights[self._rows(documents)] @ (self._gram @ solved)
        lost = removed @ solved
        return {document: strength - float(lost[owners == document].sum())
                for document, strength in zip(documents.tolist(), strengths.tolist(), strict=True)}

    def _rows(self, documents: np.ndarray) -> np.ndarray:
        return np.searchsorted(self._documents, documents)


def _products(block: list[bytes], dimensions: int) -> np.ndarray:
    matrix = np.frombuffer(b"".join(block), dtype=np.float32).reshape(-1, dimensions).astype(np.float64)
    products: np.ndarray = matrix.T @ matrix
    return products
