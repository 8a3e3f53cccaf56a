"""One search in one generation: for meaning and for words, fused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from indexer.lexical import AskedWords, asked_words
from indexer.library import Generation
from indexer.ranking import Candidate, Texts, Words, fuse, shortlist
from indexer.types import Viewer

PASSAGES = 50
"""Hits of a search."""
DOCUMENTS = 10
"""Different documents among them, if there are as many."""

_FIRST_LOOK = 200  # nearest texts, and passages that share words; more if they belong to too few documents
_LAST_LOOK = 20_000


@dataclass(frozen=True, slots=True)
class Without:
    """What a search leaves out, to see what the knowledge base would answer without it."""

    texts: frozenset[int] = frozenset()
    documents: frozenset[int] = frozenset()
    bm25: Mapping[int, float] = field(default_factory=dict)
    """What passages would score without those texts."""

    def rows(self, generation: Generation) -> np.ndarray:
        """Where in the layout stands what is left out."""
        layout = generation.layout
        return np.union1d(layout.rows_of_documents(self.documents), layout.rows_of_texts(self.texts))


NOTHING = Without()


def search(generation: Generation, question: str, vector: np.ndarray, viewer: Viewer | None) -> list[Candidate]:
    """The passages that best fit a question, best first. `vector` is the question's."""
    candidates = candidates_of(generation, asked_words(generation, question), vector, viewer)
    return shortlist(candidates, PASSAGES, DOCUMENTS)


def candidates_of(
    generation: Generation, asked: AskedWords, vector: np.ndarray, viewer: Viewer | None, without: Without = NOTHING
) -> list[Candidate]:
    """All that was looked at, best first; looks further where many texts belong to few documents."""
    layout = generation.layout
    removed = without.rows(generation)
    look = _FIRST_LOOK
    while True:
        near = generation.nearest(vector, look, viewer)
        bm25 = generation.matching(asked.words, look, viewer)
        seen = np.union1d(layout.passages[layout.rows_of_texts(near)], np.array([*bm25], dtype=np.int64))
        rows = np.setdiff1d(layout.rows_of_passages(seen), removed, assume_unique=True)
        enough = len(np.unique(layout.documents[rows])) >= min(DOCUMENTS, generation.about.documents)
        if enough or len(near) < look or look >= _LAST_LOOK:
            return _fused(generation, asked, vector, {**bm25, **without.bm25}, rows, removed)
        look *= 5


def _fused(
    generation: Generation, asked: AskedWords, vector: np.ndarray, bm25: Mapping[int, float],
    rows: np.ndarray, removed: np.ndarray,
) -> list[Candidate]:
    layout = generation.layout
    documents = layout.documents[rows]
    texts = Texts(layout.passages[rows], documents, generation.cosines(vector, layout.texts[rows]))
    return fuse(texts, Words(bm25, asked.possible), _associated(generation, vector, np.unique(documents), removed))


def _associated(
    generation: Generation, vector: np.ndarray, documents: np.ndarray, removed: np.ndarray
) -> Mapping[int, float] | None:
    learnt = generation.associations
    if learnt is None:
        return None
    if not len(removed):
        return learnt.of(vector, documents)
    layout = generation.layout
    return learnt.without(vector, documents, generation.vectors(layout.texts[removed]), layout.documents[removed])
