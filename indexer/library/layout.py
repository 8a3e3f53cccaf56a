"""Which embedded text belongs to which passage and document: in memory, since every search asks for it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np


class Layout:
    """Ids of texts, passages and documents as columns; a row for each text."""

    def __init__(self, rows: Iterable[tuple[int, int, int]]) -> None:
        """Text, passage and document of each row, in the order of the passages."""
        columns = np.array(list(rows), dtype=np.int64).reshape(-1, 3)
        self.texts, self.passages, self.documents = columns.T.copy()
        self._by_text = np.argsort(self.texts, kind="stable")

    def rows_of_texts(self, texts: Iterable[int]) -> np.ndarray:
        """Where texts stand; they must exist."""
        wanted = np.fromiter(texts, dtype=np.int64)
        rows: np.ndarray = self._by_text[np.searchsorted(self.texts, wanted, sorter=self._by_text)]
        return rows

    def rows_of_passages(self, passages: np.ndarray) -> np.ndarray:
        """Where the texts of passages stand; `passages` ascending, each once."""
        starts = np.searchsorted(self.passages, passages, "left")
        counts = np.searchsorted(self.passages, passages, "right") - starts
        ends = np.cumsum(counts)
        rows: np.ndarray = np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - (ends - counts), counts)
        return rows

    def rows_of_documents(self, documents: Iterable[int]) -> np.ndarray:
        """Where the texts of documents stand."""
        return np.flatnonzero(np.isin(self.documents, np.fromiter(documents, dtype=np.int64)))
