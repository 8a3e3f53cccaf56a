"""How scores of several searches become one order of passages. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from indexer.library import Place

SEMANTIC = 0.7
"""The weight of the cosine; the rest is that of the BM25 score, scaled by the best one of the same question."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage with its scores."""

    passage: int
    document: str
    text: int
    """Its embedded text that is nearest to the question."""
    score: float
    """0..1"""
    cosine: float
    lexical: float
    """0..1, relative to the best of this question."""


def fuse(places: Iterable[Place], cosines: Mapping[int, float], bm25: Mapping[int, float]) -> list[Candidate]:
    """Passages, best first, from the cosines of their texts (the nearest one counts) and their own BM25 scores."""
    top = max(bm25.values(), default=0.0)
    best: dict[int, Candidate] = {}
    for place in places:
        cosine = max(0.0, cosines.get(place.text, 0.0))
        lexical = bm25.get(place.passage, 0.0) / top if top > 0 else 0.0
        score = min(1.0, SEMANTIC * cosine + (1 - SEMANTIC) * lexical)
        known = best.get(place.passage)
        if known is None or score > known.score:
            best[place.passage] = Candidate(place.passage, place.document, place.text, score, cosine, lexical)
    return sorted(best.values(), key=lambda candidate: (-candidate.score, candidate.document, candidate.passage))


def best_of_each_document(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The first candidate of each document, in order."""
    first: dict[str, Candidate] = {}
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
