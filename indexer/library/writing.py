"""The next generation while it is made: a folder of its own that nobody else reads."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from sqlite_utils import Database

from indexer.errors import IndexNotWritten
from indexer.library import About, Generation, schema
from indexer.library.associations import Associations
from indexer.library.deriving import Before, derive
from indexer.library.reading import ASSOCIATIONS, PASSAGES, SqliteGeneration
from indexer.types import Document, Passage

_ENTRIES = 0.1
"""The share of FAQ entries among all documents from which there is enough to learn of how people ask."""
WITH_WORDS = 200_000
"""Texts up to which the vectors of their words are kept: 5 kB each, copied at each run. When there are but half as many
again, all are embedded anew."""


class SqliteDraft:
    """Changes to a copy of the published generation."""

    def __init__(self, folder: Path, publish: Callable[[Path, About, Mapping[str, Any] | None], None],
                 before: Path | None = None) -> None:
        """`before`: the generation that `folder` holds a copy of."""
        self._folder = folder
        self._publish = publish
        self._sealed: SqliteGeneration | None = None
        path = folder / PASSAGES
        is_new = not path.exists()
        self._db = Database(path)
        # A draft that breaks off is thrown away whole: the journal need not survive, and the disk is waited for once.
        self._db.execute("PRAGMA journal_mode = MEMORY")
        self._db.execute("PRAGMA synchronous = OFF")
        if is_new:
            schema.create(self._db)
        # Ids grow, and none is given twice: that tells what was there before from what is added.
        self._last = {table: _last_id(self._db, table) for table in ("documents", "passages", "texts", "rights")}
        self._before = Before(before, self._last["texts"], self._last["passages"]) if before else None
        self._rights: dict[tuple[str | None, ...], int] = {
            tuple(row): number
            for number, *row in self._db.execute("SELECT id, valid_from, valid_to, audience FROM rights")}

    def drop(self, documents: Iterable[str]) -> None:
        """Take documents out, with everything that hangs on them."""
        with self._written() as db:
            ids = json.dumps([row["id"] for name in documents
                              for row in db.query("SELECT id FROM documents WHERE name = ?", [name])])
            for table, condition in (
                ("texts", "passage IN (SELECT id FROM passages WHERE document IN (SELECT value FROM json_each(?)))"),
                ("passages", "document IN (SELECT value FROM json_each(?))"),
                ("documents", "id IN (SELECT value FROM json_each(?))"),
            ):
                db.table(table).delete_where(condition, [ids])

    def put(self, document: Document, passages: Sequence[Passage], digest: str, file: str) -> None:
        """Add a document that is not there (any more)."""
        self.put_all([(document, passages, digest, file)])

    def put_all(self, rows: Iterable[tuple[Document, Sequence[Passage], str, str]]) -> None:
        """Add many documents in one go, which is several times faster."""
        with self._written() as db:
            for document, passages, digest, file in rows:
                self._put(db, document, passages, _document_row(document, digest, file))

    def _put(self, db: Database, document: Document, passages: Sequence[Passage], row: dict[str, Any]) -> None:
        number = self._next("documents")
        _insert(db, "documents", {"id": number, **row, "rights": self._right(db, document)})
        for passage in passages:
            passage_id = self._next("passages")
            _insert(db, "passages", {"id": passage_id, **_passage_row(document, passage, number)})
            for text in _text_rows(document, passage, passage_id):
                _insert(db, "texts", {"id": self._next("texts"), **text})

    def _right(self, db: Database, document: Document) -> int:
        days = (day.isoformat() if day else None for day in (document.valid_from, document.valid_to))
        right = (*days, json.dumps(sorted({group.casefold() for group in document.audience})))
        if right not in self._rights:
            self._rights[right] = self._next("rights")
            row = dict(zip(("valid_from", "valid_to", "audience"), right, strict=True))
            _insert(db, "rights", {"id": self._rights[right], **row})
        return self._rights[right]

    def _next(self, table: str) -> int:
        self._last[table] += 1
        return self._last[table]

    def remember_files(self, hashes: Mapping[str, str]) -> None:
        """Replace what is known of files."""
        with self._written() as db:
            db.table("files").delete_where()
            db.table("files").insert_all({"path": path, "hash": digest} for path, digest in hashes.items())

    def forget_vectors(self) -> None:
        """Every text has to be embedded anew."""
        with self._written() as db:
            db.table("embeddings").delete_where()
            db.execute(f"PRAGMA user_version = {schema.WITH_WORDS}")
        self._before = None

    def unembedded(self) -> list[str]:
        """Hashes of the texts that have no vector yet, each once, short texts first."""
        if not self._has_words and self._db.table("texts").count <= WITH_WORDS // 2:
            self.forget_vectors()
        rows = self._db.execute("""SELECT hash FROM texts WHERE hash NOT IN (SELECT hash FROM embeddings)
                                   GROUP BY hash ORDER BY min(length(text)), hash""")
        return [digest for (digest,) in rows]

    def texts(self, hashes: Sequence[str]) -> list[str]:
        """Texts by their hashes, in this order."""
        rows = self._db.execute("SELECT hash, text FROM texts WHERE hash IN (SELECT value FROM json_each(?))",
                                [json.dumps(hashes)])
        found = dict(rows)
        return [found[digest] for digest in hashes]

    def store_vectors(self, hashes: Sequence[str], vectors: np.ndarray, words: Sequence[bytes]) -> None:
        """Keep vectors of texts, and those of their words, packed, unless there are too many texts for that."""
        with self._written() as db:
            self._give_up_words(db)
            has_words = self._has_words
            for digest, vector, packed in zip(hashes, vectors, words, strict=True):
                blob = vector.astype("<f4").tobytes()
                _insert(db, "embeddings", {"hash": digest, "vector": blob, "words": packed if has_words else None})

    @property
    def _has_words(self) -> bool:
        ((version,),) = self._db.execute("PRAGMA user_version")
        return bool(version == schema.WITH_WORDS)

    def _give_up_words(self, db: Database) -> None:
        """Of all texts, so that they are compared alike."""
        if self._has_words and self._last["texts"] > WITH_WORDS and db.table("texts").count > WITH_WORDS:
            db.execute("UPDATE embeddings SET words = NULL")
            db.execute(f"PRAGMA user_version = {schema.WITHOUT_WORDS}")

    def seal(self, *, number: int, model: str, fingerprint: str, dimensions: int, built_at: datetime) -> Generation:
        """Derive what is derived, forget what nothing needs any more, and close the draft for changes."""
        with self._written() as db:
            # By the hashes of both, which two indexes have in order: to look up each one takes seconds.
            db.table("embeddings").delete_where("hash IN (SELECT hash FROM embeddings EXCEPT SELECT hash FROM texts)")
            db.table("rights").delete_where("id NOT IN (SELECT rights FROM documents)")
            self._give_up_words(db)
            derive(db, self._folder, dimensions, self._before)
            self._associate(dimensions)
            about = About(number, model, fingerprint, dimensions, documents=db.table("documents").count,
                          passages=db.table("passages").count, built_at=built_at)
        self._db.close()
        self._sealed = SqliteGeneration(self._folder, about)
        return self._sealed

    def publish(self, calibration: Mapping[str, Any], golden: str, held: Mapping[str, Any] | None = None) -> None:
        """Make the sealed draft the generation that everybody reads; `held` (why): only keep it."""
        assert self._sealed is not None, "only a sealed draft can be published"
        about = replace(self._sealed.about, calibration=calibration, golden=golden)
        self.close()
        try:
            for file in self._folder.iterdir():
                _flush(file)
        except OSError as error:
            raise IndexNotWritten() from error
        self._publish(self._folder, about, held)

    def close(self) -> None:
        """Let go of the files. Idempotent."""
        self._db.close()
        if self._sealed:
            self._sealed.close()

    def _associate(self, dimensions: int) -> None:
        """Only an FAQ shows how people ask: where there is none, or but a few entries beside many documents, as at
        first when coaches teach, there is little to learn, and headings would mislead."""
        entries = self._db.table("documents").count_where("kind = 'faq'")
        if not entries or entries < _ENTRIES * self._db.table("documents").count:
            return
        rows = self._db.execute("SELECT p.document, e.vector FROM texts t JOIN passages p ON p.id = t.passage "
                                "JOIN embeddings e ON e.hash = t.hash ORDER BY p.document")
        Associations.learn(dimensions, rows).write(self._folder / ASSOCIATIONS)

    @contextmanager
    def _written(self) -> Iterator[Database]:
        try:
            with self._db.atomic():
                yield self._db
        except (sqlite3.OperationalError, RuntimeError, OSError, ValueError) as error:
            raise IndexNotWritten() from error


def text_hash(text: str) -> str:
    """By which a text's vector is found again."""
    return hashlib.blake2b(text.encode(errors="replace"), digest_size=16).hexdigest()


def _last_id(db: Database, table: str) -> int:
    ((last,),) = db.execute(f"SELECT coalesce(max(id), 0) FROM {table}")  # noqa: S608
    return int(last)


def _insert(db: Database, table: str, row: dict[str, Any]) -> None:
    names = ", ".join(row)
    db.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(row))})", [*row.values()])  # noqa: S608


def _document_row(document: Document, digest: str, file: str) -> dict[str, Any]:
    return {
        "name": document.id, "file": file, "hash": digest, "title": document.title, "kind": document.kind,
        "url": document.url, "owner": document.owner,
        "question": document.title if document.kind == "faq" else None,
        "review_by": document.review_by.isoformat() if document.review_by else None,
    }


def _passage_row(document: Document, passage: Passage, number: int) -> dict[str, Any]:
    context = "\n".join(document.phrasings or (document.title, passage.section)).strip()
    return {"document": number, "position": passage.position, "section": passage.section, "anchor": passage.anchor,
            "place": passage.place, "text": passage.text, "context": context}


def _text_rows(document: Document, passage: Passage, passage_id: int) -> Iterator[dict[str, str | int]]:
    for number, text in enumerate(passage.embedded_texts):
        role = "passage" if document.kind == "training" else (
            "question" if number < len(document.phrasings) else "answer")
        yield {"passage": passage_id, "role": role, "hash": text_hash(text), "text": text}


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
