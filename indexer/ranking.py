"""How scores of several searches become one order of passages. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

NEAREST, OVERALL, RELATIVE, ABSOLUTE, ASSOCIATED = 0.35, 0.35, 0.15, 0.15, 0.30
"""What counts how much for a passage: the cosine of its nearest text; the soft mean of all of its texts' cosines, since
an entry of which many phrasings are near is a surer find than one with a single near phrasing; its BM25 score, once
relative to the best one of this question and once to the best one possible, which no passage reaches if the question's
words are unknown here; and the association of its document."""
ABSOLUTE_ALONE = 0.30
"""Instead of ABSOLUTE where nothing is associated: long texts share words with a question that they do not answer, so
it matters more how many of its words a passage has."""

WEIGHT = NEAREST + OVERALL + RELATIVE + ABSOLUTE + ASSOCIATED

_SOFTNESS = 0.1  # of the mean of cosines: by how much a text must be nearer to count e times as much
_FAINT = 0.05
"""Share of the best possible BM25 score below which the best one is no measure for others: in a knowledge base of three
documents hardly any word tells one from the other."""
_TINY = 1e-12


@dataclass(frozen=True, slots=True)
class Words:
    """What the search for words found."""

    scores: Mapping[int, float]
    """BM25 by passage."""
    possible: float
    """What a passage would get that consisted of the question's words."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage with its score."""

    passage: int
    document: int
    score: float
    """0..1, comparable between questions to the same knowledge base."""


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts that were looked at, as columns; those of a passage stand together."""

    passages: np.ndarray
    documents: np.ndarray
    cosines: np.ndarray


def fuse(texts: Texts, words: Words, associations: Mapping[int, float] | None) -> list[Candidate]:
    """Passages, best first. `associations` are those of documents; None: nothing was learnt of them."""
    if not len(texts.passages):
        return []
    passages, starts = np.unique(texts.passages, return_index=True)
    documents = texts.documents[starts].tolist()
    nearest, overall = nearest_and_soft_mean(texts.cosines, starts)
    bm25 = np.array([words.scores.get(passage, 0.0) for passage in passages.tolist()])
    best_words = max(float(bm25.max()), _FAINT * words.possible, _TINY)
    share = bm25 / max(words.possible, _TINY)
    scores = NEAREST * nearest + OVERALL * overall + RELATIVE * bm25 / best_words
    if associations is None:
        scores += ABSOLUTE_ALONE * share
    else:
        scores += ABSOLUTE * share + ASSOCIATED * np.array([associations.get(document, 0.0) for document in documents])
    scores = np.clip(scores / WEIGHT, 0.0, 1.0)
    order = np.lexsort((passages, -scores)).tolist()
    return [Candidate(int(passages[row]), documents[row], float(scores[row])) for row in order]


def nearest_and_soft_mean(cosines: np.ndarray, starts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of each passage, along the last axis; the soft mean lies between the mean and the greatest."""
    nearest = np.maximum.reduceat(cosines, starts, axis=-1)
    counts = np.diff([*starts, cosines.shape[-1]])
    likeness = np.exp((cosines - np.repeat(nearest, counts, axis=-1)) / _SOFTNESS)
    return nearest, nearest + _SOFTNESS * np.log(np.add.reduceat(likeness, starts, axis=-1) / counts)


def best_of_each_document(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The first candidate of each document, in order."""
    first: dict[int, Candidate] = {}
    for candidate in candidates:
        first.setdefault(candidate.document, candidate)
    return list(first.values())


def shortlist(candidates: Sequence[Candidate], passages: int, documents: int) -> list[Candidate]:
    """The first `passages` candidates, of at least `documents` different documents if there are as many."""
    chosen = {candidate.passage for candidate in best_of_each_document(candidates)[:documents]}
    for candidate in candidates:
        if len(chosen) >= passages:
            break
        chosen.add(candidate.passage)
    return [candidate for candidate in candidates if candidate.passage in chosen]
