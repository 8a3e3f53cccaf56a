"""What the model is fitted to: texts of the published index that tell the same in different words."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from indexer.library import Generation, Phrasing
from indexer.phrasings import telling
from indexer.plain import plain

_MOST = 100_000  # phrasings and headings that are looked at
_BODY = 400
"""Characters of a section that are read: its beginning tells what it is about, and short texts are quick to learn."""

_ALIKE = 512
"""Texts that are read in the order of their length: what is read together should be equally long."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text with the places that it belongs to."""

    text: str
    document: int
    """Texts of one document are never taught to be unlike each other."""
    section: int
    """Texts of one section tell the same: an FAQ entry is one, a heading with its text is one."""
    asks: bool
    """Whether it is a phrasing or a heading, and may stand for a question; the others only answer."""


@dataclass(frozen=True, slots=True)
class Material:
    """The texts of a knowledge base that can be learnt from."""

    texts: tuple[Text, ...]

    @property
    def pairs(self) -> int:
        """How many pairs of texts tell the same."""
        return sum(len(some) * (len(some) - 1) // 2 for some in by_section(self.texts).values())

    @property
    def documents(self) -> int:
        """How many documents they are from."""
        return len({text.document for text in self.texts})


def read_material(generation: Generation) -> Material:
    """Every section that is told in two ways at least: phrasings, answers, headings and what stands below them."""
    phrasings = telling(generation.phrasings(_MOST))
    answers = _answers(generation, phrasings)
    texts: dict[tuple[int, str], Text] = {}
    sections: dict[tuple[int, int], int] = {}
    for phrasing in phrasings:
        document = phrasing.document
        place = (document, 0 if phrasing.kind == "faq" else phrasing.leads_to)
        section = sections.setdefault(place, len(sections))
        for text, asks in ((phrasing.text, True), (answers.get(phrasing.leads_to, ""), False)):
            if text.strip():
                texts.setdefault((section, text.casefold()), Text(text, document, section, asks))
    return Material(tuple(text for some in by_section(texts.values()).values() if len(some) > 1 for text in some))


def by_section(texts: Iterable[Text]) -> dict[int, list[Text]]:
    """The texts of each section."""
    found: dict[int, list[Text]] = defaultdict(list)
    for text in texts:
        found[text.section].append(text)
    return found


def in_turn(texts: Sequence[Text], luck: random.Random) -> list[Text]:
    """All texts in an order in which every beginning is a fair sample: two of each section, then the next of each."""
    turns: list[tuple[int, float, Text]] = []
    for some in by_section(texts).values():
        luck.shuffle(some)
        draw = luck.random()
        turns += [(turn // 2, draw, text) for turn, text in enumerate(some)]
    ordered = [text for _, _, text in sorted(turns, key=lambda turn: turn[:2])]
    return [text for start in range(0, len(ordered), _ALIKE)
            for text in sorted(ordered[start : start + _ALIKE], key=lambda text: len(text.text))]


def _answers(generation: Generation, phrasings: Sequence[Phrasing]) -> dict[int, str]:
    """The texts that phrasings lead to, without the question or heading that stands above them in the index."""
    passage_of = {phrasing.leads_to: phrasing.passage for phrasing in phrasings}
    passages = generation.passages(set(passage_of.values()))
    return {text: plain(passages[passage].text)[:_BODY] for text, passage in passage_of.items()}
