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
from indexer.library.reading import ASSOCIATIONS, PASSAGES, VECTORS, SqliteGeneration
from indexer.library.vectors import Vectors
from indexer.types import Document, Passage

_ENTRIES = 0.1
"""The share of FAQ entries among all documents from which there is enough to learn of how people ask."""


class SqliteDraft:
    """Changes to a copy of the published generation."""

    def __init__(self, folder: Path, publish: Callable[[Path, About], None]) -> None:
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

    def drop(self, documents: Iterable[str]) -> None:
        """Take documents out, with everything that hangs on them."""
        with self._written() as db:
            ids = json.dumps([row["id"] for name in documents
                              for row in db.query("SELECT id FROM documents WHERE name = ?", [name])])
            for table, condition in (
                ("texts", "passage IN (SELECT id FROM passages WHERE document IN (SELECT value FROM json_each(?)))"),
                ("passages", "document IN (SELECT value FROM json_each(?))"),
                ("audiences", "document IN (SELECT value FROM json_each(?))"),
                ("documents", "id IN (SELECT value FROM json_each(?))"),
            ):
                db.table(table).delete_where(condition, [ids])

    def put(self, document: Document, passages: Sequence[Passage], digest: str, file: str) -> None:
        """Add a document that is not there (any more)."""
        with self._written() as db:
            number = _insert(db, "documents", _document_row(document, digest, file))
            db.table("audiences").insert_all({"document": number, "name": name}
                                       for name in sorted({group.casefold() for group in document.audience}))
            for passage in passages:
                passage_id = _insert(db, "passages", _passage_row(document, passage, number))
                db.table("texts").insert_all(_text_rows(document, passage, passage_id))

    def remember_files(self, hashes: Mapping[str, str]) -> None:
        """Replace what is known of files."""
        with self._written() as db:
            db.table("files").delete_where()
            db.table("files").insert_all({"path": path, "hash": digest} for path, digest in hashes.items())

    def forget_vectors(self) -> None:
        """Every text has to be embedded anew."""
        with self._written() as db:
            db.table("embeddings").delete_where()

    def unembedded(self) -> list[tuple[str, str]]:
        """Hash and text of what has no vector yet, each text once, short ones first."""
        rows = self._db.query("""SELECT hash, text FROM texts WHERE hash NOT IN (SELECT hash FROM embeddings)
                                 GROUP BY hash ORDER BY length(text), hash""")
        return [(row["hash"], row["text"]) for row in rows]

    def store_vectors(self, hashes: Sequence[str], vectors: np.ndarray, words: Sequence[bytes]) -> None:
        """Keep vectors of texts, and those of their words, packed."""
        blobs = (row.astype("<f4").tobytes() for row in vectors)
        with self._written() as db:
            db.table("embeddings").insert_all({"hash": digest, "vector": blob, "words": packed}
                                        for digest, blob, packed in zip(hashes, blobs, words, strict=True))

    def seal(self, *, number: int, model: str, fingerprint: str, dimensions: int, built_at: datetime) -> Generation:
        """Derive word counts and the FAISS file, forget vectors that nothing needs, and close the draft for changes."""
        with self._written() as db:
            db.table("embeddings").delete_where("hash NOT IN (SELECT hash FROM texts)")
            db.table("words").delete_where()
            db.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab('main', 'passages_fts', 'row')")
            db.execute("INSERT INTO words (stem, occurrences, passages) SELECT term, cnt, doc FROM temp.vocabulary")
            rows = db.execute("SELECT t.id, e.vector FROM texts t JOIN embeddings e ON e.hash = t.hash ORDER BY t.id")
            Vectors.build(dimensions, rows).write(self._folder / VECTORS)
            self._associate(dimensions)
            about = About(number, model, fingerprint, dimensions, documents=db.table("documents").count,
                          passages=db.table("passages").count, built_at=built_at)
        self._db.close()
        self._sealed = SqliteGeneration(self._folder, about)
        return self._sealed

    def publish(self, calibration: Mapping[str, Any], golden: str) -> None:
        """Make the sealed draft the generation that everybody reads."""
        assert self._sealed is not None, "only a sealed draft can be published"
        about = replace(self._sealed.about, calibration=calibration, golden=golden)
        self.close()
        try:
            for file in self._folder.iterdir():
                _flush(file)
        except OSError as error:
            raise IndexNotWritten() from error
        self._publish(self._folder, about)

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
        except (sqlite3.OperationalError, RuntimeError, OSError) as error:
            raise IndexNotWritten() from error


def text_hash(text: str) -> str:
    """By which a text's vector is found again."""
    return hashlib.blake2b(text.encode(errors="replace"), digest_size=16).hexdigest()


def _insert(db: Database, table: str, row: dict[str, Any]) -> int:
    inserted = db.table(table).insert(row).last_pk
    assert isinstance(inserted, int)
    return inserted


def _document_row(document: Document, digest: str, file: str) -> dict[str, Any]:
    days = {name: getattr(document, name) for name in ("review_by", "valid_from", "valid_to")}
    return {
        "name": document.id, "file": file, "hash": digest, "title": document.title, "kind": document.kind,
        "url": document.url, "owner": document.owner,
        "question": document.title if document.kind == "faq" else None,
        **{name: day.isoformat() if day else None for name, day in days.items()},
    }


def _passage_row(document: Document, passage: Passage, number: int) -> dict[str, Any]:
    context = "\n".join(document.phrasings or (document.title, passage.section)).strip()
    return {"document": number, "position": passage.position, "section": passage.section, "anchor": passage.anchor,
            "text": passage.text, "context": context}


def _text_rows(document: Document, passage: Passage, passage_id: int) -> Iterator[dict[str, str | int]]:
    for number, text in enumerate(passage.embedded_texts):
        role = "passage" if document.kind == "training" else (
            "question" if number < len(document.phrasings) else "answer")
        yield {"passage": passage_id, "role": role, "hash": text_hash(text), "text": text}


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
