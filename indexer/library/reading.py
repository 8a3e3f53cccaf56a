"""A published generation in SQLite and FAISS: read-only, from any thread."""

from __future__ import annotations

import json
import queue
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import lru_cache, partial
from itertools import chain, takewhile
from pathlib import Path
from typing import Any

import numpy as np
from sqlite_utils import Database

from indexer.errors import IndexDamaged
from indexer.library import About, DueDocument, Phrasing, StoredPassage
from indexer.library.associations import Associations
from indexer.library.coded import CodedVectors
from indexer.library.deriving import LAYOUT, STORED, VECTORS, is_listed
from indexer.library.layout import Layout
from indexer.library.postings import Place, Postings
from indexer.library.rights import Right, Rights, Selection
from indexer.library.vectors import FlatVectors, Vectors
from indexer.library.words import Stemmer
from indexer.plan import StoredDocument
from indexer.types import Viewer

PASSAGES = "passages.sqlite"
ASSOCIATIONS = "associations.npz"

_CONNECTIONS = 4
_VIEWERS = 64
_WORDS = 10_000

# Documents exist for a viewer who has their rights; without a list of these, for everybody.
_VISIBLE = "(:rights IS NULL OR d.rights IN (SELECT value FROM json_each(:rights)))"

_MATCHING = """SELECT rowid, -rank AS score FROM passages_fts WHERE passages_fts MATCH :words {condition}
               ORDER BY rank LIMIT :limit"""
# The plus keeps SQLite from asking the full-text index once for each of these rows.
_SEEN = f"AND +rowid IN (SELECT p.id FROM documents d JOIN passages p ON p.document = d.id WHERE {_VISIBLE})"  # noqa: S608
_QUESTIONS = f"""
    SELECT question FROM (
        SELECT d.question, d.file, row_number() OVER (PARTITION BY d.file ORDER BY d.name) AS turn
        FROM documents d WHERE d.kind = 'faq' AND d.question IS NOT NULL AND ({_VISIBLE}))
    ORDER BY turn, file LIMIT :limit
"""  # noqa: S608
# Round robin over the documents, in an order that depends on nothing but the texts.
_ASKED = """
    SELECT t.text, p.document, t.passage, turn,
           (SELECT json_group_array(o.id) FROM texts o WHERE o.passage = t.passage
            AND (lower(o.text) = lower(t.text) OR (o.role = 'answer' AND t.text = d.question))) AS repeats,
           (SELECT count(*) FROM texts o WHERE o.passage = t.passage) AS texts,
           (SELECT min(o.id) FROM texts o WHERE o.passage = t.passage AND o.role = 'answer') AS leads_to
    FROM (SELECT *, row_number() OVER (PARTITION BY passage ORDER BY hash) AS turn FROM texts WHERE role = 'question') t
    JOIN passages p ON p.id = t.passage JOIN documents d ON d.id = p.document
    ORDER BY turn, t.hash LIMIT :limit
"""
_HEADINGS = """
    SELECT s.section, d.title, s.document, s.passage, turn,
           (SELECT min(t.id) FROM texts t WHERE t.passage = s.passage) AS leads_to
    FROM (SELECT document, section, min(id) AS passage,
                 row_number() OVER (PARTITION BY document ORDER BY min(id)) AS turn
          FROM passages GROUP BY document, section) s
    JOIN documents d ON d.id = s.document WHERE d.kind = 'training'
    ORDER BY turn, d.hash LIMIT :limit
"""
_NEIGHBOURS = """
    SELECT o.position - p.position AS offset, o.text FROM passages p
    JOIN passages o ON o.document = p.document AND o.section = p.section AND (o.anchor = p.anchor OR p.place <> '')
    WHERE p.id = :id AND o.id <> p.id AND abs(o.position - p.position) <= :reach
    ORDER BY o.position
"""


class SqliteGeneration:
    """Connections are opened at once and handed round, so that the files may be deleted under a reader."""

    def __init__(self, folder: Path, about: About) -> None:
        """Raises IndexDamaged."""
        self.about = about
        self._pool: queue.LifoQueue[Database] = queue.LifoQueue()
        try:
            self.layout = Layout.read(folder / LAYOUT)
            stored = folder / STORED
            self._vectors: Vectors = (CodedVectors.read(folder / VECTORS, stored) if stored.exists()
                                      else FlatVectors.read(folder / VECTORS))
            self._postings = Postings.read(folder) if is_listed(folder) else None
            self.associations = Associations.read(folder / ASSOCIATIONS)
            for _ in range(_CONNECTIONS):
                self._pool.put(_connect(folder / PASSAGES))
            with self._database() as db:
                self._rights = Rights(_rights(db))
                self.words_in_a_passage = _words_in_a_passage(db)
        except (sqlite3.Error, RuntimeError, OSError, ValueError, KeyError) as error:
            self.close()
            raise IndexDamaged(f"The index in {folder} cannot be read.") from error
        if len(self.layout) != len(self._vectors):
            self.close()
            raise IndexDamaged(f"The index in {folder} is not complete.")
        self._allowed = lru_cache(maxsize=_VIEWERS)(self._rights.allowed)
        self._texts_of = lru_cache(maxsize=_VIEWERS)(partial(_chosen, self._allowed, self.layout.rights))
        if self._postings is not None:
            self._passages_of = lru_cache(maxsize=_VIEWERS)(partial(_chosen, self._allowed, self._postings.rights))

    def files(self) -> dict[str, str]:
        """Hashes of the files that were taken in without a fault."""
        with self._database() as db:
            return {row["path"]: row["hash"] for row in db.table("files").rows}

    def documents(self) -> dict[str, StoredDocument]:
        """Every document by its id."""
        with self._database() as db:
            audiences = {row["id"]: tuple(json.loads(row["audience"])) for row in db.table("rights").rows}
            rows = db.query("SELECT name, hash, file, rights FROM documents")
            return {row["name"]: StoredDocument(row["hash"], row["file"], audiences[row["rights"]]) for row in rows}

    def numbers(self) -> dict[str, int]:
        """The numbers of documents by their ids."""
        with self._database() as db:
            return {row["name"]: row["id"] for row in db.query("SELECT id, name FROM documents")}

    def hashes(self) -> frozenset[str]:
        """Hashes of the texts that have a vector."""
        with self._database() as db:
            return frozenset(row["hash"] for row in db.query("SELECT hash FROM embeddings"))

    def nearest(self, vector: np.ndarray, limit: int, viewer: Viewer | None) -> dict[int, float]:
        """Cosines of the embedded texts nearest to a vector, among those that the viewer may see."""
        rows, cosines = self._vectors.nearest(vector, limit, self._texts_of(viewer))
        return dict(zip(self.layout.texts[rows].tolist(), cosines.tolist(), strict=True))

    def matching(self, words: Sequence[str], limit: int, viewer: Viewer | None) -> dict[int, float]:
        """BM25 of the passages that share words with the question, among those that the viewer may see."""
        if not words:
            return {}
        if self._postings is not None:
            return self._postings.best(self._places(words), limit, self._passages_of(viewer))
        rights = self._listed_rights(viewer)
        sql = _MATCHING.format(condition="" if rights is None else _SEEN)
        given = {"words": " OR ".join(f'"{word}"' for word in words), "limit": limit, "rights": rights}
        with self._database() as db:
            return {row["rowid"]: row["score"] for row in db.query(sql, given)}

    def cosines(self, vector: np.ndarray, texts: Sequence[int] | np.ndarray) -> np.ndarray:
        """Exact cosines of given texts, in their order."""
        cosines: np.ndarray = self.vectors(texts) @ vector
        return cosines

    def passages(self, ids: Iterable[int]) -> dict[int, StoredPassage]:
        """Passages by their ids."""
        sql = """SELECT p.id, d.name AS document_id, d.title, d.kind, p.section, p.anchor, p.text, d.url, d.question,
                 p.place, d.review_by FROM passages p JOIN documents d ON d.id = p.document
                 WHERE p.id IN (SELECT value FROM json_each(:ids))"""
        with self._database() as db:
            return {row["id"]: StoredPassage(**row) for row in db.query(sql, {"ids": _json(ids)})}

    def lexical_text(self, passage: int) -> str:
        """What of a passage is searched for words."""
        with self._database() as db:
            ((context, text),) = db.execute("SELECT context, text FROM passages WHERE id = ?", [passage])
        return f"{context}\n{text}"

    def neighbours(self, passage: int, reach: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Texts of the passages of the same section before and after one, in their order."""
        with self._database() as db:
            texts = dict(db.execute(_NEIGHBOURS, {"id": passage, "reach": reach}))
        # Only without a gap: two sections may have one heading where pages, not anchors, tell passages from each other.
        before = tuple(texts[offset] for offset in takewhile(texts.__contains__, range(-1, -reach - 1, -1)))
        return before[::-1], tuple(texts[offset] for offset in takewhile(texts.__contains__, range(1, reach + 1)))

    def frequencies(self, stems: Iterable[str]) -> dict[str, int]:
        """How many passages each stem occurs in; unknown ones are left out."""
        sql = "SELECT stem, passages FROM words WHERE stem IN (SELECT value FROM json_each(:stems))"
        with self._database() as db:
            return {row["stem"]: row["passages"] for row in db.query(sql, {"stems": json.dumps(list(stems))})}

    def phrasings(self, limit: int) -> list[Phrasing]:
        """FAQ phrasings and headings, so many of each; every document in turn, the same for the same content."""
        with self._database() as db:
            asked = [_phrasing(row) for row in db.query(_ASKED, {"limit": limit})]
            headings = [_heading(row) for row in db.query(_HEADINGS, {"limit": limit})]
        return asked + headings

    def hidden(self, documents: Iterable[str], viewer: Viewer) -> frozenset[str]:
        """Which of these documents there are, but not for this viewer."""
        sql = (f"SELECT d.name FROM documents d WHERE NOT {_VISIBLE} "  # noqa: S608
               "AND d.name IN (SELECT value FROM json_each(:names))")
        given = {"rights": self._listed_rights(viewer), "names": json.dumps(list(documents))}
        with self._database() as db:
            return frozenset(row["name"] for row in db.query(sql, given))

    def past_review(self, day: date) -> list[DueDocument]:
        """Documents whose owners should have looked them over before that day, the longest overdue first."""
        sql = """SELECT name AS id, title, coalesce(owner, '') AS owner, review_by, coalesce(url, '') AS url
                 FROM documents WHERE review_by < ? ORDER BY review_by, name"""
        with self._database() as db:
            return [DueDocument(**row) for row in db.query(sql, [day.isoformat()])]

    def questions(self, limit: int, viewer: Viewer) -> list[str]:
        """Questions of the FAQ that this viewer may see: the first id of each file, then the second ones."""
        with self._database() as db:
            given = {"limit": limit, "rights": self._listed_rights(viewer)}
            return [row["question"] for row in db.query(_QUESTIONS, given)]

    def vectors(self, texts: Sequence[int] | np.ndarray) -> np.ndarray:
        """The vectors of texts, in their order, of shape (n, dimensions)."""
        return self._vectors.of(self.layout.rows_of_texts(texts))

    def packed_words(self, texts: Sequence[int]) -> list[bytes]:
        """The packed vectors of the words of texts, in their order; empty if there are too many texts to keep them."""
        sql = """SELECT t.id, e.words FROM texts t JOIN embeddings e ON e.hash = t.hash
                 WHERE t.id IN (SELECT value FROM json_each(:ids))"""
        with self._database() as db:
            packed = {row["id"]: row["words"] or b"" for row in db.query(sql, {"ids": _json(texts)})}
        return [packed[text] for text in texts]

    def close(self) -> None:
        """Close the connections that are not in use. Idempotent."""
        while True:
            try:
                self._pool.get_nowait().conn.close()
            except queue.Empty:
                return

    def _listed_rights(self, viewer: Viewer | None) -> str | None:
        allowed = self._allowed(viewer)
        return None if allowed is None else _json(np.flatnonzero(allowed).tolist())

    def _places(self, words: Sequence[str]) -> list[list[Place]]:
        """For each word the lists of its stems; none for a word that is nowhere."""
        stems = [_stems_of(word) for word in words]
        sql = "SELECT stem, start, passages FROM words WHERE stem IN (SELECT value FROM json_each(?))"
        with self._database() as db:
            places = {stem: Place(start, length)
                      for stem, start, length in db.execute(sql, [json.dumps(sorted({*chain(*stems)}))])}
        return [[places[stem] for stem in of_word] if places.keys() >= of_word else [] for of_word in stems]

    @contextmanager
    def _database(self) -> Iterator[Database]:
        db = self._pool.get()
        try:
            yield db
        except sqlite3.DatabaseError as error:
            raise IndexDamaged() from error
        finally:
            self._pool.put(db)


def _chosen(allowed: Callable[[Viewer | None], np.ndarray | None], rights: np.ndarray,
            viewer: Viewer | None) -> Selection | None:
    """The rows with these rights that exist for a viewer; None: all of them."""
    admitted = allowed(viewer)
    return None if admitted is None else Selection(admitted[rights])


@lru_cache(maxsize=1)
def _stemmer() -> Stemmer:
    return Stemmer()


@lru_cache(maxsize=_WORDS)
def _stems_of(word: str) -> frozenset[str]:
    (found,) = _stemmer().stems([word])
    return frozenset(found)


def _rights(db: Database) -> Iterator[Right]:
    for number, valid_from, valid_to, audience in db.execute("SELECT id, valid_from, valid_to, audience FROM rights"):
        yield Right(number, valid_from, valid_to, frozenset(json.loads(audience)))


def _phrasing(row: dict[str, Any]) -> Phrasing:
    repeats = tuple(json.loads(row["repeats"]))
    return Phrasing(row["text"], row["document"], row["passage"], "faq", row["leads_to"], repeats,
                    others=len(repeats) < row["texts"])


def _heading(row: dict[str, Any]) -> Phrasing:
    text = row["section"].rsplit(" › ", 1)[-1] or row["title"]
    return Phrasing(text, row["document"], row["passage"], "training", row["leads_to"], (), others=True)


def _words_in_a_passage(db: Database) -> float:
    ((total,),) = db.execute("SELECT coalesce(sum(occurrences), 0) FROM words")
    return float(total) / max(db.table("passages").count, 1)


def _json(ids: Iterable[int]) -> str:
    return json.dumps(list(ids))


def _connect(path: Path) -> Database:
    uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    return Database(sqlite3.connect(uri, uri=True, check_same_thread=False))

