"""What is derived from the tables of a generation when it is sealed: layout, vectors to search, lists of stems.

Where the generation that a draft began as has the same files, what is still there is taken over from them, so that a
small change of a large knowledge base is sealed in seconds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from sqlite_utils import Database

from indexer.library import coded, stems
from indexer.library.layout import Layout
from indexer.library.postings import FILES, Postings
from indexer.library.vectors import FlatVectors, read_index

LARGE = 20_000
"""Texts up to which every vector is looked at; beyond: `coded`."""
LISTED = 5_000
"""Passages up to which the full-text index is asked; beyond: `postings`."""

LAYOUT = "layout.npy"
VECTORS = "vectors.faiss"
STORED = "vectors.f16"
_LEARNT = "learnt.json"
_BLOCK = 10_000


@dataclass(frozen=True, slots=True)
class Before:
    """The generation that a draft began as. What the draft adds has greater ids than anything in it."""

    folder: Path
    last_text: int
    last_passage: int

    @property
    def is_large(self) -> bool:
        """Whether there are codes to take over."""
        return (self.folder / STORED).exists()

    @property
    def postings(self) -> tuple[Postings, int] | None:
        """Lists to take over, if there are any, and the last passage in them."""
        return (Postings.read(self.folder), self.last_passage) if is_listed(self.folder) else None


@dataclass(frozen=True, slots=True)
class _Learnt:
    """How many vectors the lists were learnt from, and how many came since."""

    of: int
    since: int

    def suits(self, count: int) -> bool:
        return self.since <= self.of and self.of / 2 <= count <= 2 * self.of


_TEXTS = "SELECT id, passage FROM texts ORDER BY passage, id"
_PASSAGES = "SELECT id, document FROM passages ORDER BY document, id"
_DOCUMENTS = "SELECT id, rights FROM documents ORDER BY id"
_VECTORS = "SELECT e.vector FROM texts t JOIN embeddings e ON e.hash = t.hash WHERE t.id > ? ORDER BY t.id"


def derive(db: Database, folder: Path, dimensions: int, before: Before | None) -> None:
    """Write all derived files but what was learnt of an FAQ, and the table of words.

    `before`: None if nothing can be taken over. Raises sqlite3.Error, OSError, RuntimeError.
    """
    passages = _passages(db)
    layout = _layout(db, passages)
    layout.write(folder / LAYOUT)
    if len(layout) <= LARGE:
        vectors = (vector for (vector,) in db.execute(_VECTORS, [0]))
        FlatVectors.build(dimensions, vectors).write(folder / VECTORS)
    else:
        _code(db, folder, dimensions, layout, before if before and before.is_large else None)
    if passages.shape[1] <= LISTED:
        stems.count(db)
    else:
        stems.list_passages(db, passages[0], passages[2], before.postings if before else None).write(folder)


def is_listed(folder: Path) -> bool:
    """Whether a generation has postings. Raises ValueError if it has only some of their files."""
    there = {(folder / name).exists() for name in FILES}
    if len(there) > 1:
        raise ValueError(folder)
    return there.pop()


def _passages(db: Database) -> np.ndarray:
    """Ids, documents and rights, ascending by id; read from indexes that have no texts in them."""
    ids, documents = _columns(db, _PASSAGES)
    order = np.argsort(ids, kind="stable")
    ids, documents = ids[order], documents[order]
    numbers, rights = _columns(db, _DOCUMENTS)
    return np.stack([ids, documents, rights[np.searchsorted(numbers, documents)]])


def _layout(db: Database, passages: np.ndarray) -> Layout:
    texts, of = _columns(db, _TEXTS)
    return Layout(np.stack([texts, of, *passages[1:, np.searchsorted(passages[0], of)]]))


def _columns(db: Database, sql: str) -> tuple[np.ndarray, np.ndarray]:
    rows = np.fromiter(db.execute(sql), dtype=np.dtype((np.int32, 2)))
    return rows[:, 0].copy(), rows[:, 1].copy()


def _code(db: Database, folder: Path, dimensions: int, layout: Layout, before: Before | None) -> None:
    """The vectors with their codes; those that were there before come first, in the same order."""
    new_rows = _new_rows(layout, before) if before else np.zeros(0, dtype=np.int64)
    old = coded.stored(before.folder / STORED, dimensions) if before else np.zeros((0, dimensions), dtype="<f2")
    added = (vector for (vector,) in db.execute(_VECTORS, [before.last_text if before else 0]))
    coded.store(folder / STORED, dimensions, _kept(old, np.flatnonzero(new_rows >= 0)), added)
    vectors = coded.stored(folder / STORED, dimensions)
    if len(vectors) != len(layout):
        raise RuntimeError("Some texts have no vector.")
    kept = int((new_rows >= 0).sum())
    learnt = _learnt(before) if before else None
    if before and learnt and learnt.suits(len(vectors)):
        index = coded.emptied(before.folder / VECTORS)
        coded.carry_over(index, read_index(before.folder / VECTORS), new_rows)
        learnt = _Learnt(learnt.of, learnt.since + len(vectors) - kept)
    else:
        index, kept, learnt = coded.learn(vectors), 0, _Learnt(len(vectors), 0)
    coded.fill(index, vectors, kept)
    coded.write(index, folder / VECTORS)
    (folder / _LEARNT).write_text(json.dumps(asdict(learnt)))


def _new_rows(layout: Layout, before: Before) -> np.ndarray:
    """By the rows before, the rows now; -1 for what is gone."""
    texts = Layout.read(before.folder / LAYOUT).texts
    kept = np.isin(texts, layout.texts, assume_unique=True)
    return np.where(kept, np.cumsum(kept) - 1, -1)


def _kept(old: np.ndarray, rows: np.ndarray) -> Iterator[np.ndarray]:
    for start in range(0, len(rows), _BLOCK):
        yield old[rows[start : start + _BLOCK]]


def _learnt(before: Before) -> _Learnt:
    return _Learnt(**json.loads((before.folder / _LEARNT).read_text()))
