"""Which embedded text belongs to which passage and document: columns, since every search asks for them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np


class Layout:
    """Ids of texts, passages, documents and rights as columns (int32); a row for each text."""

    def __init__(self, rows: Iterable[tuple[int, ...]] | np.ndarray) -> None:
        """Text, passage, document and rights of each row, in the order of the passages."""
        columns = rows if isinstance(rows, np.ndarray) else np.array(list(rows), dtype=np.int32).reshape(-1, 4).T.copy()
        self._columns: np.ndarray = columns
        self.texts: np.ndarray = columns[0]
        self.passages: np.ndarray = columns[1]
        self.documents: np.ndarray = columns[2]
        self.rights: np.ndarray = columns[3]
        self._by_text = None if bool((np.diff(self.texts) > 0).all()) else np.argsort(self.texts, kind="stable")

    @classmethod
    def read(cls, path: Path) -> Layout:
        """From its file, by a memory map. Raises OSError or ValueError if it is missing or broken."""
        columns = np.load(path, mmap_mode="r").view(np.ndarray)
        if columns.ndim != 2 or len(columns) != 4 or columns.dtype != np.int32:
            raise ValueError(path)
        return cls(columns)

    def write(self, path: Path) -> None:
        """To a file."""
        np.save(path, self._columns)

    def __len__(self) -> int:
        """How many texts there are."""
        return len(self.texts)

    def rows_of_texts(self, texts: Iterable[int] | np.ndarray) -> np.ndarray:
        """Where texts stand; they must exist."""
        wanted = texts if isinstance(texts, np.ndarray) else np.fromiter(texts, dtype=np.int32)
        wanted = wanted.astype(np.int32, copy=False)  # of another type, all of the column would be converted
        if self._by_text is None:
            return np.searchsorted(self.texts, wanted)
        rows: np.ndarray = self._by_text[np.searchsorted(self.texts, wanted, sorter=self._by_text)]
        return rows

    def rows_of_passages(self, passages: np.ndarray) -> np.ndarray:
        """Where the texts of passages stand; `passages` ascending, each once."""
        passages = passages.astype(np.int32, copy=False)
        starts = np.searchsorted(self.passages, passages, "left")
        counts = np.searchsorted(self.passages, passages, "right") - starts
        ends = np.cumsum(counts)
        rows: np.ndarray = np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - (ends - counts), counts)
        return rows

    def rows_of_documents(self, documents: Iterable[int]) -> np.ndarray:
        """Where the texts of documents stand."""
        return np.flatnonzero(np.isin(self.documents, np.fromiter(documents, dtype=np.int32)))
