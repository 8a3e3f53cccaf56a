"""One search in one generation: both indexes, fused, with the signals that tell how good it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from indexer.confidence import Signals, rarity, share
from indexer.library import Generation, Place
from indexer.library.words import Stemmer, telling_words
from indexer.ranking import Candidate, fuse, shortlist
from indexer.types import Viewer

PASSAGES = 50
"""Hits of a search."""
DOCUMENTS = 10
"""Different documents among them, if there are as many."""

_FIRST_LOOK = 200  # nearest texts; more if they belong to too few documents
_TEXTS_PER_PASSAGE = 4  # an FAQ entry has several: the search for words, which brings passages, needs fewer
_LAST_LOOK = 20_000
_WORDS = 64  # of a question; the rarest tell most

_stemmer = Stemmer()


@dataclass(frozen=True, slots=True)
class Without:
    """What a search leaves out, to see what the knowledge base would answer without it."""

    texts: frozenset[int] = frozenset()
    documents: frozenset[str] = frozenset()

    def from_(self, places: list[Place]) -> list[Place]:
        """Those places that are left."""
        return [place for place in places if place.text not in self.texts and place.document not in self.documents]


@dataclass(frozen=True, slots=True)
class Ranked:
    """The outcome of a search."""

    candidates: tuple[Candidate, ...]
    signals: Signals


NOTHING = Without()
NO_SIGNALS = Signals(cosine=0.0, score=0.0, coverage=0.0)


def search(
    generation: Generation, question: str, vector: np.ndarray, viewer: Viewer | None, without: Without = NOTHING
) -> Ranked:
    """The passages that best fit a question, best first. `vector` is the question's."""
    words = telling_words(question)
    stems = _stemmer.stems(words)
    asked = set().union(*stems)
    frequencies = generation.frequencies(asked)
    weights = rarity(asked, frequencies, len(generation))
    by_weight = {word: max((weights[stem] for stem in of), default=0.0) for word, of in zip(words, stems, strict=True)}
    telling = sorted(words, key=lambda word: -by_weight[word])[:_WORDS]
    candidates = _candidates(generation, vector, telling, viewer, without)
    if not candidates:
        return Ranked((), NO_SIGNALS)
    best = candidates[0]
    (text,) = _stemmer.stems([generation.embedded_texts([best.text]).get(best.text, "")])
    signals = Signals(best.cosine, best.score, coverage=share(weights, text))
    return Ranked(tuple(shortlist(candidates, PASSAGES, DOCUMENTS)), signals)


def _candidates(
    generation: Generation, vector: np.ndarray, words: list[str], viewer: Viewer | None, without: Without
) -> list[Candidate]:
    """Fused candidates of enough documents; looks further where many texts belong to few of them."""
    look = _FIRST_LOOK
    while True:
        cosines = generation.nearest(vector, look, viewer)
        bm25 = generation.matching(words, look // _TEXTS_PER_PASSAGE, viewer)
        places = without.from_(generation.places(cosines))
        far = generation.cosines(vector, bm25.keys() - {place.passage for place in places})
        places += without.from_(generation.places(far))
        enough = len({place.document for place in places}) >= min(DOCUMENTS, generation.about.documents)
        if enough or len(cosines) < look or look >= _LAST_LOOK:
            return fuse(places, cosines | far, bm25)
        look *= 5
