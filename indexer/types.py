"""What the rooms of the indexer hand to each other. Frozen, and free of any behaviour worth a test."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Kind = Literal["training", "faq"]
Verdict = Literal["answer", "clarify", "handover"]


@dataclass(frozen=True, slots=True)
class Section:
    """One heading with the text below it, up to the next heading."""

    heading_path: tuple[str, ...]
    """Headings from the outermost to this one, without the document's title; empty before the first heading."""
    anchor: str
    """The heading's link target (`#anchor`) as GitHub forms it; empty for the text before the first heading."""
    text: str
    """Markdown as it stands in the file, without the heading line."""
    line: int
    """Where the section starts in the file, counted from 1."""
    place: str = ""
    """Where a reader finds it in a file without lines: `page 4`, `slide 3`, `sheet Rates`, `12:34`. Only told, never
    searched."""


@dataclass(frozen=True, slots=True)
class Document:
    """A training document, or one entry of an FAQ file."""

    id: str
    """Path below the source's root with `/`; for an FAQ entry `path#id`."""
    title: str
    kind: Kind
    sections: tuple[Section, ...]
    phrasings: tuple[str, ...] = ()
    """FAQ only: the question, then the other ways in which it is asked."""
    url: str | None = None
    owner: str | None = None
    review_by: date | None = None
    audience: tuple[str, ...] = ()
    """Whom it is for (roles, groups, sites, waves); empty: everybody."""
    valid_from: date | None = None
    valid_to: date | None = None
    """Inclusive."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A document or entry that could not be taken in."""

    document: str
    reason: str
    """A sentence that names the line where there is one and says what to do."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a document, short enough for the model to read whole: the unit that is found and quoted."""

    document_id: str
    position: int
    """Counted from 0 inside the document."""
    section: str
    """The heading path, joined by ` › `; empty before the first heading and for FAQ entries."""
    anchor: str
    text: str
    """Markdown, word for word as in the source."""
    embedded_texts: tuple[str, ...]
    """What is turned into vectors: one for a training passage, several for an FAQ entry (each phrasing, the answer)."""
    place: str = ""
    """As of its section."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks, and when: decides which documents exist for them."""

    groups: frozenset[str] = frozenset()
    """Roles, groups, sites and waves of the asker; empty sees only what is unrestricted."""
    on: date | None = None
    """The day for which the answer must hold; None: today in the desk's time zone, filled in by the caller."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found, with its document's data."""

    document_id: str
    title: str
    kind: Kind
    section: str
    anchor: str
    text: str
    url: str | None
    score: float
    """0..1, comparable within one search."""
    question: str | None = None
    """FAQ only: the entry's question."""
    before: tuple[str, ...] = ()
    """Texts of the passages of the same section that precede this one: a list that begins there is quoted whole."""
    after: tuple[str, ...] = ()
    """Those that follow it."""
    place: str = ""
    """Page, slide, sheet or time; empty where the heading is all there is."""
    past_review: str = ""
    """The day (ISO 8601) by which its owner should have looked it over, if that has passed; else empty."""


@dataclass(frozen=True, slots=True)
class Findings:
    """The result of a search."""

    question: str
    verdict: Verdict
    confidence: float
    """0..1: the calibrated probability that the best hits answer the question."""
    hits: tuple[Hit, ...]
    """Passages, best first; one document may appear more than once."""
    generation: int


@dataclass(frozen=True, slots=True)
class Gated:
    """What the golden questions said of a new generation, beside the one that was published before."""

    asked: int
    """How many questions both were asked."""
    worse: tuple[str, ...]
    """Questions that were decided rightly before and are not now, or get a wrong answer only now."""
    better: int
    """Questions that are decided rightly only now."""
    held_back: bool = False
    """It was not published for that."""
    under: str = ""
    """Under which settings this was judged."""


@dataclass(frozen=True, slots=True)
class Report:
    """What an index run did."""

    documents: int
    passages: int
    added: int
    changed: int
    removed: int
    unchanged: int
    failed: tuple[Failure, ...]
    embedded: int
    """Texts that the model had to read; those known by hash are not among them."""
    seconds: float
    generation: int
    changes: tuple[str, ...] = field(default=())
    """Ids of the documents added, changed and removed, prefixed `+`, `~` and `-`: for people, not part of the JSON."""
    gated: Gated | None = None
    """None where the golden questions were not asked of two generations."""
    released: int = 0
    """The number of the generation that had been held back, and was published by this run; 0: none."""
