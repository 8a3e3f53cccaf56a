"""One search in one generation: for meaning and for words, fused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from indexer.embedder import Embedder
from indexer.late_interaction import NO_WORDS, WordVectors, met
from indexer.lexical import AskedWords, asked_words_of
from indexer.library import Generation
from indexer.ranking import Candidate, Texts, Words, fuse, head, shortlist, with_met_words
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
        if not self.texts and not self.documents:
            return np.zeros(0, dtype=np.int64)
        layout = generation.layout
        return np.union1d(layout.rows_of_documents(self.documents), layout.rows_of_texts(self.texts))


NOTHING = Without()


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is searched for."""

    words: AskedWords
    vector: np.ndarray
    in_context: WordVectors = NO_WORDS
    """What the model makes of its words."""


def search(generation: Generation, question: str, embedder: Embedder, viewer: Viewer | None) -> list[Candidate]:
    """The passages that best fit a question, best first. Raises ModelMissing."""
    (asked,) = asked_of(generation, [question], embedder)
    candidates = candidates_of(generation, asked, viewer)
    return shortlist(candidates, PASSAGES, DOCUMENTS)


def asked_of(generation: Generation, questions: Sequence[str], embedder: Embedder) -> list[Asked]:
    """What is to be known of questions before they are searched for. Raises ModelMissing."""
    vectors, in_context = embedder.embed_with_words(questions)
    words = asked_words_of(generation, questions)
    return [Asked(*row) for row in zip(words, vectors, in_context, strict=True)]


def candidates_of(
    generation: Generation, asked: Asked, viewer: Viewer | None, without: Without = NOTHING
) -> list[Candidate]:
    """All that was looked at, best first; looks further where many texts belong to few documents."""
    layout = generation.layout
    removed = without.rows(generation)
    look = _FIRST_LOOK
    while True:
        near = generation.nearest(asked.vector, look, viewer)
        bm25 = generation.matching(asked.words.words, look, viewer)
        seen = np.union1d(layout.passages[layout.rows_of_texts(near)], np.array([*bm25], dtype=np.int64))
        rows = np.setdiff1d(layout.rows_of_passages(seen), removed, assume_unique=True)
        enough = len(np.unique(layout.documents[rows])) >= min(DOCUMENTS, generation.about.documents)
        if enough or len(near) < look or look >= _LAST_LOOK:
            fused = _fused(generation, asked, {**bm25, **without.bm25}, rows, removed)
            return _met_by_words(generation, asked, fused)
        look *= 5


def _fused(
    generation: Generation, asked: Asked, bm25: Mapping[int, float], rows: np.ndarray, removed: np.ndarray
) -> list[Candidate]:
    layout = generation.layout
    documents = layout.documents[rows]
    texts = Texts(layout.passages[rows], documents, generation.cosines(asked.vector, layout.texts[rows]))
    associated = _associated(generation, asked.vector, np.unique(documents), removed)
    return fuse(texts, Words(bm25, asked.words.possible), associated)


def _met_by_words(generation: Generation, asked: Asked, candidates: Sequence[Candidate]) -> list[Candidate]:
    """A closer look at the head of the list, if the model makes vectors of words and nothing is associated."""
    if generation.associations is not None or not asked.in_context.words:
        return list(candidates)
    layout = generation.layout
    passages = np.unique([candidate.passage for candidate in head(candidates)]).astype(np.int64)
    rows = layout.rows_of_passages(passages)
    tells = dict(zip(asked.words.words, asked.words.tells, strict=True))
    weights = np.array([tells.get(word, 0.0) for word in asked.in_context.words], dtype=np.float32)
    packed = generation.packed_words(layout.texts[rows].tolist())
    if not any(packed):  # there are too many texts for that
        return list(candidates)
    found = met(asked.in_context, weights, packed)
    best: dict[int, float] = {}
    for passage, share in zip(layout.passages[rows].tolist(), found.tolist(), strict=True):
        best[passage] = max(share, best.get(passage, 0.0))
    return with_met_words(candidates, best)


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
