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
    place: str = ""
    """Page, slide, sheet or time; empty where the section says enough."""
    past_review: str = ""
    """The day (ISO 8601) by which its owner should have looked it over, if that has passed; else empty."""

    @property
    def whereabouts(self) -> str:
        """Section and place, as far as there are any: `Limits, page 4`."""
        return ", ".join(part for part in (self._heading, self.place) if part)

    @property
    def source(self) -> str:
        """Title, section and place: `Approvals › Limits, page 4`; without a section `Approvals.pdf, page 4`."""
        named = f"{self.title} › {self._heading}" if self._heading else self.title
        return f"{named}, {self.place}" if self.place else named

    @property
    def _heading(self) -> str:
        """The section, unless its place says it: `Rates` of `sheet Rates`."""
        return "" if self.section and self.place.endswith(f" {self.section}") else self.section


@dataclass(frozen=True, slots=True)
class Choice:
    """A candidate of which the asker may say that it is what they meant."""

    label: str
    """The FAQ entry's question, or title › section."""
    quote: Quote
    """What they are told then."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A question that was asked earlier in the same conversation, and what it was answered with."""

    id: int
    """By which whoever keeps the conversation knows it."""
    question: str
    told: tuple[Quote, ...] = ()


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
    choices: tuple[Choice, ...] = ()
    """“Which of these?” Empty unless the verdict is `clarify`, and then if there is nothing to choose from."""
    language: str = ""
    """The question's language (ISO 639-1), where it is handed over because nobody here reads that."""
    follows: int | None = None
    """The earlier `Turn` with which the question was understood."""

    @property
    def shown(self) -> frozenset[str]:
        """The documents that it quotes or offers."""
        return frozenset(quote.document for quote in (*self.quotes, *(choice.quote for choice in self.choices)))

    @property
    def sources(self) -> frozenset[str]:
        """These, and the document that stood first."""
        return self.shown | {hit.document_id for hit in self.hits[:1]}
