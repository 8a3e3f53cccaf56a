"""What an answer is, before anybody renders it."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.types import Hit, Verdict


@dataclass(frozen=True, slots=True)
class Quote:
    """A part of a source, word for word."""

    document: str
    title: str
    section: str
    text: str
    """Markdown."""
    url: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bot has to say to a question."""

    question: str
    verdict: Verdict
    confidence: float
    text: str
    """The whole answer in Markdown, readable without any rendering: the quote and its source, or an honest sentence."""
    quotes: tuple[Quote, ...]
    """Empty unless the verdict is `answer`; the first is the one to show, the others are worth a link."""
    hits: tuple[Hit, ...]
    """Up to ten, each document once, best first."""
    generation: int
