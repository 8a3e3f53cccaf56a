"""A published generation in SQLite and FAISS: read-only, from any thread."""

from __future__ import annotations

import json
import queue
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from sqlite_utils import Database

from indexer.errors import IndexDamaged
from indexer.library import About, Phrasing, StoredPassage
from indexer.library.associations import Associations
from indexer.library.layout import Layout
from indexer.library.vectors import Vectors
from indexer.plan import StoredDocument
from indexer.types import Viewer

PASSAGES = "passages.sqlite"
VECTORS = "vectors.faiss"
ASSOCIATIONS = "associations.npz"

_CONNECTIONS = 4
_VIEWERS = 64

# The conditions under which a document exists for a viewer; dates compare as text.
_VISIBLE = """
    (d.valid_from IS NULL OR d.valid_from <= :day) AND (d.valid_to IS NULL OR d.valid_to >= :day)
    AND (NOT EXISTS (SELECT 1 FROM audiences a WHERE a.document = d.id)
         OR EXISTS (SELECT 1 FROM audiences a WHERE a.document = d.id
                    AND a.name IN (SELECT value FROM json_each(:groups))))
"""
_PASSAGES = "passages p JOIN documents d ON d.id = p.document"
_TEXTS = "texts t JOIN passages p ON p.id = t.passage JOIN documents d ON d.id = p.document"

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
    JOIN passages o ON o.document = p.document AND o.section = p.section AND o.anchor = p.anchor
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
            self._vectors = Vectors.read(folder / VECTORS)
            self.associations = Associations.read(folder / ASSOCIATIONS)
            for _ in range(_CONNECTIONS):
                self._pool.put(_connect(folder / PASSAGES))
            with self._database() as db:
                self.layout = Layout(db.execute("SELECT t.id, t.passage, p.document FROM texts t JOIN passages p "
                                                "ON p.id = t.passage ORDER BY t.passage, t.id"))
                self.words_in_a_passage = _words_in_a_passage(db)
        except (sqlite3.Error, RuntimeError, OSError, ValueError, KeyError) as error:
            self.close()
            raise IndexDamaged(f"The index in {folder} cannot be read.") from error
        if len(self.layout.texts) != len(self._vectors):
            self.close()
            raise IndexDamaged(f"The index in {folder} is not complete.")
        self._allowed = lru_cache(maxsize=_VIEWERS)(self._allowed_texts)

    def files(self) -> dict[str, str]:
        """Hashes of the files that were taken in without a fault."""
        with self._database() as db:
            return {row["path"]: row["hash"] for row in db.table("files").rows}

    def documents(self) -> dict[str, StoredDocument]:
        """Every document by its id."""
        with self._database() as db:
            rows = db.query("SELECT name, hash, file FROM documents")
            return {row["name"]: StoredDocument(row["hash"], row["file"]) for row in rows}

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
        return self._vectors.nearest(vector, limit, self._allowed(viewer))

    def matching(self, words: Sequence[str], limit: int, viewer: Viewer | None) -> dict[int, float]:
        """BM25 of the passages that share words with the question, among those that the viewer may see."""
        if not words:
            return {}
        limited = self._allowed(viewer) is not None
        # The plus keeps SQLite from asking the full-text index once for each of these rows.
        condition = f"AND +rowid IN (SELECT p.id FROM {_PASSAGES} WHERE {_VISIBLE})" if limited else ""  # noqa: S608
        sql = ("SELECT rowid, -rank AS score FROM passages_fts "  # noqa: S608
               f"WHERE passages_fts MATCH :words {condition} ORDER BY rank LIMIT :limit")
        given = {"words": " OR ".join(f'"{word}"' for word in words), "limit": limit, **_given(viewer)}
        with self._database() as db:
            return {row["rowid"]: row["score"] for row in db.query(sql, given)}

    def cosines(self, vector: np.ndarray, texts: Sequence[int] | np.ndarray) -> np.ndarray:
        """Exact cosines of given texts, in their order."""
        cosines: np.ndarray = self._vectors.of(texts) @ vector
        return cosines

    def passages(self, ids: Iterable[int]) -> dict[int, StoredPassage]:
        """Passages by their ids."""
        sql = """SELECT p.id, d.name AS document_id, d.title, d.kind, p.section, p.anchor, p.text, d.url, d.question
                 FROM passages p JOIN documents d ON d.id = p.document
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
            rows = list(db.execute(_NEIGHBOURS, {"id": passage, "reach": reach}))
        return tuple(text for offset, text in rows if offset < 0), tuple(text for offset, text in rows if offset > 0)

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

    def questions(self, limit: int, viewer: Viewer) -> list[str]:
        """Questions of the FAQ that this viewer may see: the first id of each file, then the second ones."""
        with self._database() as db:
            return [row["question"] for row in db.query(_QUESTIONS, {"limit": limit, **_given(viewer)})]

    def vectors(self, texts: Sequence[int] | np.ndarray) -> np.ndarray:
        """The vectors of texts, in their order, of shape (n, dimensions)."""
        return self._vectors.of(texts)

    def packed_words(self, texts: Sequence[int]) -> list[bytes]:
        """The packed vectors of the words of texts, in their order."""
        sql = """SELECT t.id, e.words FROM texts t JOIN embeddings e ON e.hash = t.hash
                 WHERE t.id IN (SELECT value FROM json_each(:ids))"""
        with self._database() as db:
            packed = {row["id"]: row["words"] for row in db.query(sql, {"ids": _json(texts)})}
        return [packed[text] for text in texts]

    def close(self) -> None:
        """Close the connections that are not in use. Idempotent."""
        while True:
            try:
                self._pool.get_nowait().conn.close()
            except queue.Empty:
                return

    def _allowed_texts(self, viewer: Viewer | None) -> np.ndarray | None:
        """Ids of the texts that exist for the viewer; None: all of them."""
        if viewer is None:
            return None
        with self._database() as db:
            hidden = f"SELECT 1 FROM documents d WHERE ({_VISIBLE}) IS NOT TRUE LIMIT 1"  # noqa: S608
            if not list(db.query(hidden, _given(viewer))):
                return None
            sql = f"SELECT t.id FROM {_TEXTS} WHERE {_VISIBLE}"  # noqa: S608
            return np.array([row["id"] for row in db.query(sql, _given(viewer))], dtype=np.int64)

    @contextmanager
    def _database(self) -> Iterator[Database]:
        db = self._pool.get()
        try:
            yield db
        except sqlite3.DatabaseError as error:
            raise IndexDamaged() from error
        finally:
            self._pool.put(db)


def _given(viewer: Viewer | None) -> dict[str, Any]:
    """A viewer without a day sees nothing that is bound to dates: both comparisons with NULL fail."""
    viewer = viewer or Viewer()
    return {"day": viewer.on.isoformat() if viewer.on else None,
            "groups": json.dumps(sorted(group.casefold() for group in viewer.groups))}


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

