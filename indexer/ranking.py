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

MET = 0.40
"""The share of what is known of the single words (`late_interaction`) in the score of a passage, where nothing is
associated: short phrasings of an FAQ are told apart by their vectors, and their words only blur that."""
MET_DOCUMENTS, MET_PASSAGES = 5, 20
"""So many documents at the head of the list are looked at in this way, and so many of their passages."""

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


def head(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The passages of which the single words are worth a look; `candidates` are best first."""
    documents = {candidate.document for candidate in best_of_each_document(candidates)[:MET_DOCUMENTS]}
    return [candidate for candidate in candidates[:MET_PASSAGES] if candidate.document in documents]


def with_met_words(candidates: Sequence[Candidate], met: Mapping[int, float]) -> list[Candidate]:
    """The candidates (best first) with new scores and in a new order, by how well passages meet the question's words.

    Those that were not looked at count as the least of the others: so the documents at the head stay at the head.
    """
    least = min(met.values(), default=0.0)
    scored = [Candidate(one.passage, one.document, (1 - MET) * one.score + MET * met.get(one.passage, least))
              for one in candidates]
    return sorted(scored, key=lambda one: -one.score)


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
