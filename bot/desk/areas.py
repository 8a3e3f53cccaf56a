"""Which part of the roll-out a question belongs to: its likeness to what an area is about, and to its past tickets."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

Embed: TypeAlias = Callable[[Sequence[str]], np.ndarray]
"""Texts to unit vectors, one row each."""
PastTickets: TypeAlias = Callable[[], Mapping[str, Sequence[str]]]
"""Area -> the questions of its latest tickets, newest first; `""` for the desk itself."""

DESK = ""
"""The area of what belongs to none."""
_LIKE = 0.35
"""Cosine from which a question is like an area: below it, words in common are chance."""
_LATEST = 100
"""Past tickets of an area that are compared, the newest: all of them are embedded at the first question."""
_NEIGHBOURS = 3
"""Past tickets of an area that are averaged: a single one may have been misplaced."""
_PART = re.compile(r"[,;.\n]+")


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the roll-out with a channel of its own."""

    name: str
    about: str
    """What belongs to it, in words in which people ask; commas part the topics."""
    channel: str
    """Where its tickets are triaged."""


class AreaFinder:
    """Finds the area of a question. Safe to use from any thread; texts are embedded once."""

    def __init__(self, areas: Sequence[Area], embed: Embed, past: PastTickets) -> None:
        self._areas, self._embed, self._past = tuple(areas), embed, past
        self._lock = threading.Lock()
        self._vectors: dict[str, np.ndarray] = {}

    def find(self, question: str) -> str:
        """The name of the area that the question is most like; `DESK` if it is like none. Takes time: it embeds."""
        if not self._areas or not question.strip():
            return DESK
        past = {name: questions[:_LATEST] for name, questions in self._past().items()}
        topics = {area.name: _topics(area) for area in self._areas}
        texts = [question, *(text for group in (topics, past) for texts in group.values() for text in texts)]
        known = self._learnt(texts)
        asked = known[question]
        likeness = {name: max(_near(asked, [known[text] for text in topics.get(name, ())], 1),
                              _near(asked, [known[text] for text in past.get(name, ())], _NEIGHBOURS))
                    for name in {*topics, DESK}}
        best = max(likeness, key=lambda name: (likeness[name], name != DESK))
        return best if likeness[best] >= _LIKE else DESK

    def _learnt(self, texts: Sequence[str]) -> Mapping[str, np.ndarray]:
        """The vectors of these texts; only new ones are embedded, those of others are forgotten."""
        with self._lock:
            known = {text: self._vectors[text] for text in texts if text in self._vectors}
        new = sorted(set(texts) - known.keys())
        if new:  # not under the lock: another question need not wait for this one's past
            known.update(zip(new, self._embed(new), strict=True))
        with self._lock:
            self._vectors = known
        return known


def _near(asked: np.ndarray, vectors: Sequence[np.ndarray], count: int) -> float:
    """Mean cosine of the nearest `count`; what is missing counts as unlike."""
    cosines = sorted((float(asked @ vector) for vector in vectors), reverse=True)[:count]
    return sum(cosines) / count


def _topics(area: Area) -> tuple[str, ...]:
    parts = [part.strip() for part in _PART.split(area.about)]
    return tuple(dict.fromkeys(filter(None, [area.name, area.about.strip(), *parts])))
