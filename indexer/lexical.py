"""BM25 as the full-text index computes it: how much a question's words could tell, and what one passage would get."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from indexer.library import Generation
from indexer.library.words import Stemmer, telling_words

MOST_WORDS = 64
"""Of a question; the rarest tell most."""

_K1, _B = 1.2, 0.75
_LEAST = 1e-6  # what the full-text index gives to words that stand in more than half of the passages

stemmer = Stemmer()


@dataclass(frozen=True, slots=True)
class AskedWords:
    """The words of a question that are searched for, and what each of them tells in a knowledge base."""

    words: tuple[str, ...]
    stems: tuple[Collection[str], ...]
    tells: tuple[float, ...]
    """Inverse document frequencies."""

    @property
    def possible(self) -> float:
        """The score that no passage can exceed."""
        return (_K1 + 1) * sum(self.tells)

    def score(self, counts: Mapping[str, int], usual_length: float) -> float:
        """What a passage with these stems would get in a knowledge base whose passages have this many words."""
        length = sum(counts.values())
        score = 0.0
        for stems, tells in zip(self.stems, self.tells, strict=True):
            times = min((counts.get(stem, 0) for stem in stems), default=0)
            score += tells * times * (_K1 + 1) / (times + _K1 * (1 - _B + _B * length / max(usual_length, 1.0)))
        return score


def asked_words(generation: Generation, question: str) -> AskedWords:
    """The words of a question with what they tell in this knowledge base."""
    return asked_words_of(generation, [question])[0]


def asked_words_of(generation: Generation, questions: Sequence[str]) -> list[AskedWords]:
    """The same for many questions at once."""
    words = [telling_words(question) for question in questions]
    stems = stemmer.stems([word for some in words for word in some])
    frequencies = generation.frequencies({stem for some in stems for stem in some})
    rows = iter(stems)
    return [_asked(some, [next(rows) for _ in some], frequencies, generation.about.passages) for some in words]


def _asked(words: Sequence[str], stems: Iterable[Collection[str]], frequencies: Mapping[str, int],
           passages: int) -> AskedWords:
    told = [max((_tells(frequencies.get(stem, 0), passages) for stem in of), default=_LEAST) for of in stems]
    rows = sorted(zip(words, stems, told, strict=True), key=lambda row: -row[2])[:MOST_WORDS]
    return AskedWords(*(tuple(column) for column in zip(*rows, strict=True))) if rows else AskedWords((), (), ())


def _tells(containing: int, passages: int) -> float:
    return max(_LEAST, math.log((passages - containing + 0.5) / (containing + 0.5)))
