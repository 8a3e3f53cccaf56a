"""Many vectors: 8-bit codes in memory, in lists of neighbours, and the vectors themselves on the disk.

A search looks at the codes in the nearest of the lists that hold anything the viewer may see, the more lists the fewer
texts that is: also where all that they may see is far from the question, the nearest of it is found. What it finds is
scored again by the stored vectors (16 bits a figure, by a memory map). Few texts to choose from are scored by these
from the start.
"""

from __future__ import annotations

import mmap
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from indexer.library.rights import Selection
from indexer.library.vectors import blocks, parameters, read_index

LOOKED_AT = 50_000
"""Codes that a search looks at: of the ten nearest of a million it then finds more than 98 of 100. Fewer where it
passes over others on the way, which may not be seen."""
EXACTLY = 4_000
"""Texts to choose from that are scored exactly at once."""

_PASSED = 0.3  # of looking at a code: what it counts to pass over one
_TIMES_LIMIT = 20  # codes that are looked at for each one that is asked for, at least
_SPARE = 1.5  # times as many codes as asked for are scored again
_LISTS = 2.0  # times the root of the number of vectors
_SAMPLE = 48  # vectors that each list is learnt from
_MAPPED = 2_000
"""Rows that are read before their pages are given back: in the memory of the system they stay, in ours they do not."""
_BLOCK = 10_000


class CodedVectors:
    """Vectors of which a search looks at the likely ones."""

    def __init__(self, index: Any, path: Path) -> None:
        """`path`: the file of the vectors. Raises OSError or ValueError if it is missing or broken."""
        self._index = index
        self._list_of, self._sizes = _lists(index)
        self._rows_read = 0
        self._lock = threading.Lock()
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._stored = np.frombuffer(self._map, dtype="<f2").reshape(-1, index.d)
        if len(self._stored) != index.ntotal:
            raise ValueError(path)

    @classmethod
    def read(cls, codes: Path, vectors: Path) -> CodedVectors:
        """From their files. Raises RuntimeError, OSError or ValueError if one is missing or broken."""
        return cls(read_index(codes), vectors)

    def __len__(self) -> int:
        """How many there are."""
        return int(self._index.ntotal)

    def of(self, rows: np.ndarray) -> np.ndarray:
        """The vectors of texts, in their order, float32 of shape (n, dimensions)."""
        vectors: np.ndarray = self._stored[rows].astype(np.float32)
        self._give_back(len(rows))
        return vectors

    def nearest(self, vector: np.ndarray, limit: int, among: Selection | None) -> tuple[np.ndarray, np.ndarray]:
        """Rows and cosines of the nearest texts, best first."""
        count = len(self) if among is None else among.count
        if among is not None and count <= EXACTLY:
            rows = among.rows
        else:
            rows = self._likely(vector, min(int(limit * _SPARE), count), among)
        cosines = self.of(rows) @ vector
        best = np.argsort(-cosines, kind="stable")[:limit]
        return rows[best], cosines[best]

    def _likely(self, vector: np.ndarray, size: int, among: Selection | None) -> np.ndarray:
        import faiss

        near, lists = self._index.quantizer.search(vector.reshape(1, -1), self._index.nlist)
        chosen = self._worth_a_look(lists[0], size, among)
        # FAISS's own wrapper of this takes no parameters.
        given = [np.ascontiguousarray(array) for array in (vector, lists[0, chosen], near[0, chosen])]
        cosines, rows = np.empty(size, dtype=np.float32), np.empty(size, dtype=np.int64)
        vectors, lists_, near_, cosines_, rows_ = (faiss.swig_ptr(array) for array in (*given, cosines, rows))
        params = parameters("SearchParametersIVF", among, nprobe=len(chosen))
        self._index.search_preassigned_c(1, vectors, size, lists_, near_, cosines_, rows_, False, params)
        return np.sort(rows[rows >= 0])

    def _worth_a_look(self, lists: np.ndarray, size: int, among: Selection | None) -> np.ndarray:
        """Places of the first lists that hold enough; those without anything that may be seen are passed over."""
        sizes = self._sizes[lists]
        seen = sizes if among is None else among.counted(self._list_of, len(self._sizes))[lists]
        places = np.flatnonzero(seen)
        looked_at, passed = np.cumsum(seen[places]), np.cumsum(sizes[places])
        least = _TIMES_LIMIT * size
        enough = (looked_at + _PASSED * (passed - looked_at) >= LOOKED_AT) & (looked_at >= least)
        return places[: int(np.argmax(enough)) + 1] if enough.any() else places

    def _give_back(self, rows: int) -> None:
        if not hasattr(self._map, "madvise"):  # Windows
            return
        with self._lock:
            self._rows_read += rows
            is_due = self._rows_read >= _MAPPED
            if is_due:
                self._rows_read = 0
        if is_due:
            self._map.madvise(mmap.MADV_DONTNEED)


def _lists(index: Any) -> tuple[np.ndarray, np.ndarray]:
    """In which list each row is, and how long each list is."""
    import faiss

    sizes = np.array([index.invlists.list_size(number) for number in range(index.nlist)], dtype=np.int64)
    list_of = np.zeros(index.ntotal, dtype=np.int32)
    for number in np.flatnonzero(sizes).tolist():
        list_of[faiss.rev_swig_ptr(index.invlists.get_ids(number), int(sizes[number]))] = number
    return list_of, sizes


def store(path: Path, dimensions: int, kept: Iterable[np.ndarray], added: Iterable[bytes]) -> None:
    """Write the file of the vectors: blocks of those that are stored already, then others (float32 of length 1)."""
    with path.open("wb") as file:
        for block in kept:
            file.write(np.ascontiguousarray(block).data)
        for block in blocks(added, dimensions):
            file.write(block.astype("<f2").data)


def stored(path: Path, dimensions: int) -> np.ndarray:
    """The vectors of a file, 16 bits a figure, by a memory map. Raises OSError or ValueError."""
    return np.memmap(path, dtype="<f2", mode="r").reshape(-1, dimensions).view(np.ndarray)


def learn(stored: np.ndarray) -> Any:
    """A FAISS index without content, with lists and codes that suit these vectors."""
    import faiss

    count, dimensions = stored.shape
    lists = min(int(_LISTS * count**0.5), count)
    inner = faiss.METRIC_INNER_PRODUCT
    index: Any = faiss.IndexIVFScalarQuantizer(faiss.IndexFlatIP(dimensions), dimensions, lists,
                                               faiss.ScalarQuantizer.QT_8bit, inner, False)
    index.cp.niter, index.cp.spherical, index.cp.min_points_per_centroid = 8, True, 1
    index.cp.max_points_per_centroid = _SAMPLE
    chosen = np.random.default_rng(0).choice(count, min(count, _SAMPLE * lists), replace=False)
    index.train(stored[np.sort(chosen)].astype(np.float32))
    return index


def fill(index: Any, stored: np.ndarray, first: int = 0) -> None:
    """Put the codes of all vectors from a row on into their lists."""
    for start in range(first, len(stored), _BLOCK):
        block = stored[start : start + _BLOCK].astype(np.float32)
        index.add_with_ids(block, np.arange(start, start + len(block)))


def emptied(path: Path) -> Any:
    """The index of a file without its content."""
    index = read_index(path)
    index.reset()
    return index


def write(index: Any, path: Path) -> None:
    """To a file."""
    import faiss

    faiss.write_index(index, str(path))


def carry_over(index: Any, old: Any, rows: np.ndarray) -> None:
    """Copy codes from an index with the same lists; `rows`: the new rows by the old ones, -1 for what is left out."""
    import faiss

    for number in range(old.nlist):
        size = old.invlists.list_size(number)
        if not size:
            continue
        ids = rows[faiss.rev_swig_ptr(old.invlists.get_ids(number), size)]
        codes = faiss.rev_swig_ptr(old.invlists.get_codes(number), size * old.code_size).reshape(size, -1)
        kept = ids >= 0
        ids, codes = np.ascontiguousarray(ids[kept]), np.ascontiguousarray(codes[kept])
        if len(ids):
            index.invlists.add_entries(number, len(ids), faiss.swig_ptr(ids), faiss.swig_ptr(codes))
    index.ntotal = int((rows >= 0).sum())
