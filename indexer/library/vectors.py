"""Nearest neighbours among the embedded texts, known by their rows in the layout. Derived, never the only place.

Few vectors are all in memory, and each one is looked at; for many see `coded`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from indexer.library.rights import Selection

_BLOCK = 10_000


class Vectors(Protocol):
    """What every kind of them can do."""

    def __len__(self) -> int:
        """How many there are."""
        ...

    def of(self, rows: np.ndarray) -> np.ndarray:
        """The vectors of texts, in their order, float32 of shape (n, dimensions)."""
        ...

    def nearest(self, vector: np.ndarray, limit: int, among: Selection | None) -> tuple[np.ndarray, np.ndarray]:
        """Rows and cosines of the nearest texts, best first; `among` leaves out all others during the search."""
        ...


class FlatVectors:
    """Vectors that are all compared with the question's."""

    def __init__(self, index: Any) -> None:
        self._index = index

    @classmethod
    def build(cls, dimensions: int, vectors: Iterable[bytes]) -> FlatVectors:
        """From vectors (float32 of length 1) in the order of the layout."""
        import faiss

        index = faiss.IndexFlatIP(dimensions)
        for block in blocks(vectors, dimensions):
            index.add(block)
        return cls(index)

    @classmethod
    def read(cls, path: Path) -> FlatVectors:
        """From its file. Raises RuntimeError if that is missing or broken."""
        return cls(read_index(path))

    def write(self, path: Path) -> None:
        """To a file."""
        import faiss

        faiss.write_index(self._index, str(path))

    def __len__(self) -> int:
        """How many there are."""
        return int(self._index.ntotal)

    def of(self, rows: np.ndarray) -> np.ndarray:
        """The vectors of texts, in their order, float32 of shape (n, dimensions)."""
        import faiss

        flat = self._index
        if not len(self):
            return np.zeros((0, flat.d), dtype=np.float32)
        stored: np.ndarray = faiss.rev_swig_ptr(flat.get_xb(), flat.ntotal * flat.d).reshape(-1, flat.d)
        chosen: np.ndarray = stored[rows]
        return chosen

    def nearest(self, vector: np.ndarray, limit: int, among: Selection | None) -> tuple[np.ndarray, np.ndarray]:
        """Rows and cosines of the nearest texts, best first."""
        size = min(limit, len(self) if among is None else among.count)
        if size == 0:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        cosines, rows = self._index.search(vector.reshape(1, -1), size, params=parameters("SearchParameters", among))
        return rows[0], cosines[0]


def read_index(path: Path) -> Any:
    """A FAISS index. Raises RuntimeError if its file is missing or broken."""
    import faiss
    from threadpoolctl import threadpool_limits

    # One question is small work, and the waiting threads of several libraries hinder each other: all is four times
    # as slow then.
    faiss.omp_set_num_threads(1)
    threadpool_limits(1, user_api="blas")
    return faiss.read_index(str(path))


def parameters(kind: str, among: Selection | None, **given: Any) -> Any:
    """Of a search, of a FAISS class; `among` leaves out all other rows during the search."""
    import faiss

    untyped: Any = faiss  # its types know neither the keywords nor the arrays
    if among is not None:
        given["sel"] = untyped.IDSelectorBitmap(among.bits)
    return getattr(untyped, kind)(**given)


def blocks(vectors: Iterable[bytes], dimensions: int) -> Iterator[np.ndarray]:
    """Vectors (float32) as matrices of many rows."""
    vectors = iter(vectors)
    while block := b"".join(islice(vectors, _BLOCK)):
        yield np.frombuffer(block, dtype=np.float32).reshape(-1, dimensions)
