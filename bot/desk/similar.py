"""Which resolved tickets are like this one: what helped then may help now."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from bot.desk.areas import Embed
from bot.desk.marks import WORDLESS
from bot.desk.types import Ticket

Resolved: TypeAlias = Callable[[], Sequence[Ticket]]
"""The tickets to compare with, newest first."""

MOST = 8
"""More than a card shows: some of them its asker knows already."""
LIKE = 0.5
"""Cosine from which a question counts as like another."""
AT_ONCE = 64
"""Texts that are embedded for one card, the newest first: about a second, and whoever waits for a card waits for it."""


@dataclass(frozen=True, slots=True)
class SimilarTicket:
    """A ticket that ended with a resolution, and how like its question is."""

    ticket: Ticket
    likeness: float
    """Cosine, `LIKE` to 1."""


class Similar:
    """Finds resolved tickets by their questions. Safe to use from any thread; each text is embedded once.

    After a start it learns the older ones little by little: the first cards may miss some.
    """

    def __init__(self, embed: Embed, resolved: Resolved) -> None:
        self._embed, self._resolved = embed, resolved
        self._lock = threading.Lock()
        self._vectors: dict[str, np.ndarray] = {}

    def to(self, ticket: Ticket) -> tuple[SimilarTicket, ...]:
        """Up to `MOST` others, most like first; of those with one resolution only the first. Takes time: it embeds."""
        if not ticket.question.strip() or ticket.question in WORDLESS:
            return ()
        others = [one for one in self._resolved() if one.number != ticket.number]
        if not others:
            return ()
        known = self._vectors_of([ticket.question, *(one.question for one in others)])
        others = [one for one in others if one.question in known]
        cosines = np.stack([known[one.question] for one in others]) @ known[ticket.question]
        best: dict[str, SimilarTicket] = {}
        for index in np.argsort(-cosines, kind="stable"):
            if len(best) == MOST or cosines[index] < LIKE:
                break
            found = SimilarTicket(others[index], min(1.0, float(cosines[index])))
            best.setdefault((found.ticket.resolution or "").strip(), found)
        return tuple(best.values())

    def _vectors_of(self, texts: Sequence[str]) -> Mapping[str, np.ndarray]:
        """By text; after a start not of all of them at once. Those that nobody asks for are forgotten in the end."""
        with self._lock:
            unknown = [text for text in dict.fromkeys(texts) if text not in self._vectors][:AT_ONCE]
            vectors = self._vectors | (dict(zip(unknown, self._embed(unknown), strict=True)) if unknown else {})
            if len(vectors) > len(texts) + AT_ONCE:  # some questions of open tickets may be asked for again soon
                vectors = {text: vectors[text] for text in texts if text in vectors}
            self._vectors = vectors
            return vectors
