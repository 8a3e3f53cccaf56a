"""The FAISS file: derived from the stored vectors, never the only place of anything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

_BLOCK = 10_000


class Vectors:
    """Nearest neighbours among the embedded texts, known by their ids."""

    def __init__(self, index: Any) -> None:
        self._index = index
        self._order = _array(index.id_map)

    @classmethod
    def build(cls, dimensions: int, rows: Iterable[tuple[int, bytes]]) -> Vectors:
        """From ids, ascending, and vectors (float32 of length 1)."""
        import faiss

        index = faiss.IndexIDMap2(faiss.IndexFlatIP(dimensions))
        ids: list[int] = []
        vectors: list[bytes] = []
        for number, vector in rows:
            ids.append(number)
            vectors.append(vector)
            if len(ids) == _BLOCK:
                _add(index, ids, vectors, dimensions)
                ids, vectors = [], []
        if ids:
            _add(index, ids, vectors, dimensions)
        return cls(index)

    @classmethod
    def read(cls, path: Path) -> Vectors:
        """From its file. Raises RuntimeError if that is missing or broken."""
        import faiss
        from threadpoolctl import threadpool_limits

        # One question is small work, and the waiting threads of several libraries hinder each other: all is four times
        # as slow then.
        faiss.omp_set_num_threads(1)
        threadpool_limits(1, user_api="blas")
        return cls(faiss.read_index(str(path)))

    def write(self, path: Path) -> None:
        """To a file."""
        import faiss

        faiss.write_index(self._index, str(path))

    def __len__(self) -> int:
        """How many there are."""
        return int(self._index.ntotal)

    def of(self, ids: Sequence[int] | np.ndarray) -> np.ndarray:
        """The vectors of texts, in their order, of shape (n, dimensions)."""
        import faiss

        flat: Any = faiss.downcast_index(self._index.index)
        if not len(self):
            return np.zeros((0, flat.d), dtype=np.float32)
        stored = faiss.rev_swig_ptr(flat.get_xb(), flat.ntotal * flat.d).reshape(-1, flat.d)
        rows: np.ndarray = stored[np.searchsorted(self._order, np.asarray(ids, dtype=np.int64))]
        return rows

    def nearest(self, vector: np.ndarray, limit: int, among: np.ndarray | None = None) -> dict[int, float]:
        """Cosines of the `limit` nearest texts; `among` (ids, int64) leaves out all others during the search."""
        import faiss

        size = min(limit, len(self) if among is None else len(among))
        if size == 0:
            return {}
        parameters: Any = faiss.SearchParameters  # its keywords are not typed
        params = parameters(sel=faiss.IDSelectorBatch(among)) if among is not None else None
        cosines, ids = self._index.search(vector.reshape(1, -1), size, params=params)
        return {int(number): float(cosine) for number, cosine in zip(ids[0], cosines[0], strict=True) if number >= 0}


def _array(vector: Any) -> np.ndarray:
    import faiss

    copied: np.ndarray = faiss.vector_to_array(vector)
    return copied


def _add(index: Any, ids: list[int], vectors: list[bytes], dimensions: int) -> None:
    matrix = np.frombuffer(b"".join(vectors), dtype=np.float32).reshape(-1, dimensions)
    index.add_with_ids(matrix, np.array(ids, dtype=np.int64))
