"""The storage seam: what the indexer needs of the place where passages are kept.

A library holds numbered generations. One is published and read by everybody; a draft becomes the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, Protocol, TypeAlias

import numpy as np

from indexer.library.associations import Associations
from indexer.library.layout import Layout
from indexer.plan import StoredDocument
from indexer.types import Document, Kind, Passage, Viewer


@dataclass(frozen=True, slots=True)
class About:
    """What there is to know about a generation without searching it."""

    number: int
    model: str
    fingerprint: str
    """Of the model that made the vectors."""
    dimensions: int
    documents: int
    passages: int
    built_at: datetime
    calibration: Mapping[str, Any] = field(default_factory=dict)
    """JSON; what `confidence` learnt from this very knowledge base."""
    golden: str = ""
    """Digest of the golden questions that it was refined with."""


GenerationState: TypeAlias = Literal["published", "kept", "undone", "held back"]


@dataclass(frozen=True, slots=True)
class KeptGeneration:
    """A generation that is on the disk."""

    number: int
    state: GenerationState
    """`kept`: was published before, and can be gone back to; `undone`: somebody went back from it; `held back`: the
    golden questions were against it."""
    documents: int
    passages: int
    model: str
    built_at: datetime | None
    """None where it cannot be read (any more)."""


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage with its document's data."""

    id: int
    document_id: str
    title: str
    kind: Kind
    section: str
    anchor: str
    text: str
    url: str | None
    question: str | None
    place: str = ""
    review_by: str | None = None
    """ISO 8601."""


@dataclass(frozen=True, slots=True)
class Phrasing:
    """A text that an author wrote as a question or a heading, and what it leads to."""

    text: str
    document: int
    passage: int
    kind: Kind
    leads_to: int
    """The embedded text of its answer."""
    repeats: tuple[int, ...]
    """Embedded texts of the document that say just this."""
    others: bool
    """Whether anything of the document is left without these."""


@dataclass(frozen=True, slots=True)
class DueDocument:
    """A document that its owner should look over again."""

    id: str
    title: str
    owner: str
    """Empty where nobody is named."""
    review_by: str
    """ISO 8601."""
    url: str


class Generation(Protocol):
    """One generation, for reading, from any thread. A viewer of None sees everything."""

    @property
    def about(self) -> About: ...

    @property
    def associations(self) -> Associations | None:
        """None without an FAQ: nothing tells then how people ask."""
        ...

    def files(self) -> dict[str, str]:
        """Hashes of the files that were taken in without a fault."""
        ...

    def documents(self) -> dict[str, StoredDocument]:
        """Every document by its id."""
        ...

    def numbers(self) -> dict[str, int]:
        """The numbers of documents, by which layout and associations know them, by their ids."""
        ...

    def hashes(self) -> frozenset[str]:
        """Hashes of the texts that have a vector."""
        ...

    def nearest(self, vector: np.ndarray, limit: int, viewer: Viewer | None) -> dict[int, float]:
        """Cosines of the embedded texts nearest to a vector."""
        ...

    def matching(self, words: Sequence[str], limit: int, viewer: Viewer | None) -> dict[int, float]:
        """BM25 of the passages that share words with the question; higher is better."""
        ...

    def cosines(self, vector: np.ndarray, texts: Sequence[int] | np.ndarray) -> np.ndarray:
        """Exact cosines of given texts, in their order."""
        ...

    @property
    def layout(self) -> Layout:
        """Where texts belong."""
        ...

    def passages(self, ids: Iterable[int]) -> dict[int, StoredPassage]:
        """Passages by their ids."""
        ...

    def lexical_text(self, passage: int) -> str:
        """What of a passage is searched for words: its text, and the headings or phrasings that lead to it."""
        ...

    def neighbours(self, passage: int, reach: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Texts of the passages of the same section before and after one, in their order."""
        ...

    def frequencies(self, stems: Iterable[str]) -> dict[str, int]:
        """How many passages each word stem occurs in; unknown ones are left out."""
        ...

    @property
    def words_in_a_passage(self) -> float:
        """On average."""
        ...

    def phrasings(self, limit: int) -> list[Phrasing]:
        """FAQ phrasings and headings, up to `limit` of each: a sample that is the same for the same content."""
        ...

    def hidden(self, documents: Iterable[str], viewer: Viewer) -> frozenset[str]:
        """Which of these documents there are, but not for this viewer."""
        ...

    def past_review(self, day: date) -> list[DueDocument]:
        """Documents whose owners should have looked them over before that day, the longest overdue first."""
        ...

    def questions(self, limit: int, viewer: Viewer) -> list[str]:
        """Questions of the FAQ that this viewer may see: the first id of each file, then the second ones."""
        ...

    def vectors(self, texts: Sequence[int] | np.ndarray) -> np.ndarray:
        """The vectors of texts, in their order, of shape (n, dimensions)."""
        ...

    def packed_words(self, texts: Sequence[int]) -> list[bytes]:
        """The packed vectors of the words of texts, in their order; all empty if there are too many texts for that."""
        ...

    def close(self) -> None:
        """Let go of all files. Idempotent."""
        ...


class Draft(Protocol):
    """The next generation while it is made: a copy of the published one to begin with."""

    def drop(self, documents: Iterable[str]) -> None:
        """Take documents out."""
        ...

    def put(self, document: Document, passages: Sequence[Passage], digest: str, file: str) -> None:
        """Add a document."""
        ...

    def put_all(self, rows: Iterable[tuple[Document, Sequence[Passage], str, str]]) -> None:
        """Add many documents in one go, which may be faster; each row is what `put` is given."""
        ...

    def remember_files(self, hashes: Mapping[str, str]) -> None:
        """Replace what is known of files."""
        ...

    def forget_vectors(self) -> None:
        """Every text has to be embedded anew."""
        ...

    def unembedded(self) -> list[str]:
        """Hashes of the texts that have no vector yet, each once, short texts first."""
        ...

    def texts(self, hashes: Sequence[str]) -> list[str]:
        """Texts by their hashes, in this order."""
        ...

    def store_vectors(self, hashes: Sequence[str], vectors: np.ndarray, words: Sequence[bytes]) -> None:
        """Keep vectors of texts, and those of their words, packed."""
        ...

    def seal(self, *, number: int, model: str, fingerprint: str, dimensions: int, built_at: datetime) -> Generation:
        """Derive what is derived; from here on the draft can be searched, and not changed any more."""
        ...

    def publish(self, calibration: Mapping[str, Any], golden: str, held: Mapping[str, Any] | None = None) -> None:
        """Make the sealed draft the generation that everybody reads, at once.

        `held` (JSON: why): only keep it, until it is released or another one is published.
        """
        ...


class Library(Protocol):
    """A numbered row of generations."""

    def current(self) -> int:
        """The number of the published generation; 0 if there is none. Cheap enough to be asked at each question."""
        ...

    def open(self) -> Generation:
        """The published generation. Raises IndexMissing, IndexDamaged."""
        ...

    def writing(self) -> AbstractContextManager[None]:
        """Keeps other writers out. Raises IndexBusy."""
        ...

    def next_number(self) -> int:
        """The number of the generation to come; none is given twice."""
        ...

    def generations(self) -> list[KeptGeneration]:
        """What is on the disk, newest first."""
        ...

    def undo(self, fingerprint: str) -> tuple[int, int]:
        """Publish the generation before the published one again; to be used inside `writing()`.

        Returns both numbers. `fingerprint`: of the model that is in use.
        Raises NothingToUndo, IndexOfAnotherModel, IndexNotWritten.
        """
        ...

    def held(self) -> tuple[Generation, Mapping[str, Any]] | None:
        """The generation that is held back, and why; None if none is."""
        ...

    def release(self) -> int:
        """Publish what is held back; to be used inside `writing()`. Returns its number; 0 if nothing is."""
        ...

    def draft(self, *, empty: bool = False) -> AbstractContextManager[Draft]:
        """A new draft, to be used inside `writing()`; thrown away unless it is published."""
        ...
