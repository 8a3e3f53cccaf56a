"""How well pieces of a passage answer a question: the words they share, by rarity, and what the model makes of both."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np

from indexer.library.words import Stemmer, telling_words
from indexer.plain import plain

Embed = Callable[[Sequence[str]], np.ndarray]
"""Vectors of length 1, a row for each text."""

EMBEDDED = 3
"""Texts that the model reads besides the question: the most promising ones, because an answer must not wait."""

_LONGEST = 150  # characters of each of them: a batch is as slow as its longest text
_SEMANTIC = 0.5
_CLEAR = 0.3
"""By how much the best text must lead by its words for the model not to be asked, which costs more than a search."""
_BACKGROUND = 12  # other passages that tell which words are rare
_ASKS_FOR_STEPS = re.compile(r"\bhow (?:do|can|should|could|would|must|shall|might|may|to)\b|\bsteps?\b", re.IGNORECASE)
_ASKS_FOR_A_NUMBER = re.compile(
    r"\bhow (?:many|much|long|often|large|big|far|old|fast|soon)\b|\b(?:maximum|minimum|limits?|sizes?|when|deadline|"
    r"costs?|prices?|per cent|percentage|quotas?)\b", re.IGNORECASE)
_POINTS_ELSEWHERE = re.compile(
    r"\W*(?:for [^.!?:\n]{3,150},? (?:see|refer to)\b|"
    r"for (?:more|further|additional|detailed)? ?(?:information|details|instructions)\b|"
    r"(?:also )?see\b|"
    r"to (?:learn|find out|read) more\b|refer to\b|.*\b(?:following|above|below) (?:diagram|figure|image|picture|"
    r"screenshot|screen shot|illustration|graphic|video)|learn more\b)", re.IGNORECASE)
_ASKS_FOR_SEVERAL = re.compile(
    r"\b(?:what|which)\b(?:\W+\w+){0,5}?\W+(?:are|were)\b|\blist\b|\b(?:all|types|kinds|sorts|ways|options|benefits|factors|"
    r"reasons|categories|requirements|prerequisites|limitations|differences)\b", re.IGNORECASE)
_TERM = re.compile(r"\W{0,6}?(?:\*\*|__)([^*_\n]+)(?:\*\*|__)")
_ITEM = re.compile(r"[ \t]*(?:[-+*]|\d{1,9}[.)])[ \t]")
_NAMED = 0.12
_ITEM_NAMED = 1.0
"""An item of a list that the question names goes before all that is not named."""
_OPENING = 70  # characters in which a sentence or an item says what it is about
_stemmer = Stemmer()


class Relevance:
    """Knows the question; `background` are passages found along with the one that is quoted.

    Words of `headings`, its title and section, hold for all of the passage: inside it they tell nothing apart.
    """

    def __init__(self, question: str, background: Sequence[str], embed: Embed | None, headings: str = "") -> None:
        self._question = question
        self._embed = embed
        words = telling_words(question)
        stems, above, *others = _stemmer.stems([" ".join(words), headings, *background[:_BACKGROUND]])
        weights = rarity(stems, others)
        inside = {stem: 0.0 if stem in above else weight for stem, weight in weights.items()}
        self._weights = inside if any(inside.values()) else weights
        self._wants_steps = asks_for_steps(question)
        self.wants_several = _ASKS_FOR_SEVERAL.search(question) is not None
        self._wants_a_number = _ASKS_FOR_A_NUMBER.search(question) is not None

    def of(self, texts: Sequence[str], are_steps: Collection[int] = ()) -> list[float]:
        """A figure of about 0..1 for each text; `are_steps` are the numbers of those that are procedures."""
        visible = [plain(text) for text in texts]
        stems = _stemmer.stems([*visible, *(text[:_OPENING] for text in visible)])
        shares = [share(self._weights, found) for found in stems]
        lexical = [0.8 * whole + 0.2 * opening
                   for whole, opening in zip(shares[: len(texts)], shares[len(texts) :], strict=True)]
        scores = self._with_meaning(visible, lexical)
        named = self._name_what_is_asked_for(texts)
        return [self._adjusted(text, score, number in are_steps) + named.get(number, 0.0)
                for number, (text, score) in enumerate(zip(visible, scores, strict=True))]

    def _name_what_is_asked_for(self, texts: Sequence[str]) -> dict[int, float]:
        """What the texts gain that begin with a term in bold of which every word is in the question, by number."""
        terms = {number: match[1] for number, text in enumerate(texts) if (match := _TERM.match(text))}
        stems = _stemmer.stems(list(terms.values())) if terms else []
        return {number: _ITEM_NAMED if _ITEM.match(texts[number]) else _NAMED
                for number, found in zip(terms, stems, strict=True)
                if found.keys() <= self._weights.keys() and any(self._weights[stem] for stem in found)}

    def telling(self, texts: Sequence[str]) -> list[float]:
        """The question's words in each text, by what tells these texts from one another: for the rows of a table."""
        stems = _stemmer.stems([plain(text) for text in texts])
        weights = rarity(self._weights, stems)
        return [sum(weight for stem, weight in weights.items() if stem in found) for found in stems]

    def _with_meaning(self, texts: Sequence[str], lexical: Sequence[float]) -> list[float]:
        """The lexical figures, with the cosines of the most promising texts; the others count as the worst of these."""
        if self._embed is None or len(texts) < 2:
            return list(lexical)
        read = sorted(range(len(texts)), key=lambda number: -lexical[number])[:EMBEDDED]
        if lexical[read[0]] - lexical[read[1]] >= _CLEAR:
            return list(lexical)
        question, *vectors = self._embed([self._question, *(texts[number][:_LONGEST] for number in read)])
        cosines = {number: float(vector @ question) for number, vector in zip(read, vectors, strict=True)}
        least = min(cosines.values())
        return [_SEMANTIC * cosines.get(number, least) + (1 - _SEMANTIC) * share
                for number, share in enumerate(lexical)]

    def _adjusted(self, text: str, score: float, is_procedure: bool) -> float:
        if self._wants_steps and is_procedure:
            score += 0.08
        if self._wants_a_number and re.search(r"\d", text):
            score += 0.04
        return score * 0.6 if _POINTS_ELSEWHERE.match(text) else score


def asks_for_steps(question: str) -> bool:
    """Whether somebody wants to know how to do something."""
    return _ASKS_FOR_STEPS.search(question) is not None


def rarity(stems: Collection[str], texts: Sequence[Collection[str]]) -> dict[str, float]:
    """A weight for each stem: the fewer of the texts it is in, the greater."""
    counts = Counter(stem for text in texts for stem in text)
    return {stem: math.log((len(texts) + 2) / (counts[stem] + 1)) for stem in stems}


def share(weights: Mapping[str, float], stems: Collection[str]) -> float:
    """The weight of those stems that are found, as a share of all weight."""
    total = sum(weights.values())
    return sum(weight for stem, weight in weights.items() if stem in stems) / total if total > 0 else 0.0
