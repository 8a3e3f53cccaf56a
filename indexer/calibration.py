"""Questions that the knowledge base asks itself when it is indexed, to learn what a good search looks like on it.

An FAQ phrasing that is left out is a question that the rest of its entry answers; without the entry it has no answer.
A heading is a question that the text below it answers; without its document it has none.
"""

from __future__ import annotations

from collections.abc import Callable

from indexer.confidence import PRIOR, Calibration, Signals, fit
from indexer.embedder import Embedder
from indexer.library import Generation
from indexer.searcher import Without, search

QUESTIONS = 300
"""Phrasings and headings that are tried; enough for six weights, and a second's work."""


def calibrate(generation: Generation, embedder: Embedder, progress: Callable[[int, int], None]) -> Calibration:
    """What this generation teaches about its own searches; the prior if it holds too little for that."""
    phrasings = generation.phrasings(QUESTIONS)
    if not phrasings:
        return PRIOR
    vectors = embedder.embed([phrasing.text for phrasing in phrasings])
    answerable: list[Signals] = []
    unanswerable: list[Signals] = []
    for number, (phrasing, vector) in enumerate(zip(phrasings, vectors, strict=True)):
        progress(number, len(phrasings))
        if phrasing.others:
            found = search(generation, phrasing.text, vector, None, Without(texts=frozenset(phrasing.repeats)))
            if found.candidates and found.candidates[0].document == phrasing.document:
                answerable.append(found.signals)
        without_it = Without(documents=frozenset((phrasing.document,)))
        unanswerable.append(search(generation, phrasing.text, vector, None, without_it).signals)
    progress(len(phrasings), len(phrasings))
    return fit(answerable, unanswerable)


