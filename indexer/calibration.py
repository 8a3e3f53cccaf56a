"""Questions that the knowledge base asks itself when it is indexed, to learn what a good search looks like on it.

An FAQ phrasing that is left out is a question that the rest of its entry answers; a heading is one that the text below
it answers. Without the documents that tell the same or nearly the same, both are questions without an answer.
"""

from __future__ import annotations

from collections.abc import Callable

from indexer.confidence import PRIOR, Calibration, Signals, fit
from indexer.embedder import Embedder
from indexer.library import Generation, Phrasing
from indexer.searcher import Without, search

QUESTIONS = 200
"""Phrasings and headings that are tried: enough for a quantile, and not much work."""

_RELATED = {"faq": 0.45, "training": 0.55}
"""Cosine from which on another text may answer the same question: answers are short, sections mention much beside."""
_LOOK = 2_000  # texts near an answer


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
        without = Without(documents=_related(generation, phrasing))
        unanswerable.append(search(generation, phrasing.text, vector, None, without).signals)
    progress(len(phrasings), len(phrasings))
    return fit(answerable, unanswerable)


def _related(generation: Generation, phrasing: Phrasing) -> frozenset[str]:
    """The documents that may answer a phrasing, too: those that are near to its answer."""
    near = generation.nearest(generation.vector(phrasing.leads_to), _LOOK, None)
    texts = [text for text, cosine in near.items() if cosine >= _RELATED[phrasing.kind]]
    return frozenset(place.document for place in generation.places(texts)) | {phrasing.document}
