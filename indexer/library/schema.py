"""The tables of a generation."""

from __future__ import annotations

from sqlite_utils import Database

FORMAT = 6
"""Raise this when the tables or the calibration change: an index of another format is built anew."""

WITHOUT_WORDS, WITH_WORDS = 1, 0
"""The database's `user_version`: whether the vectors of words are kept."""

TOKENIZER = "porter unicode61 remove_diacritics 2"


def create(db: Database) -> None:
    """Lay out the tables in an empty database."""
    db.table("files").create({"path": str, "hash": str}, pk="path")
    db.table("documents").create(
        {"id": int, "name": str, "file": str, "hash": str, "title": str, "kind": str, "url": str, "owner": str,
         "review_by": str, "rights": int, "question": str},
        pk="id", not_null={"name", "file", "hash", "title", "kind", "rights"},
    )
    db.table("documents").create_index(["name"], unique=True)
    # For whom and when documents exist: each combination once; the audience as JSON.
    db.table("rights").create({"id": int, "valid_from": str, "valid_to": str, "audience": str}, pk="id")
    db.table("passages").create(
        {"id": int, "document": int, "position": int, "section": str, "anchor": str, "place": str, "text": str,
         "context": str},
        pk="id", foreign_keys=[("document", "documents", "id")],
    )
    db.table("passages").create_index(["document"])
    db.table("passages").enable_fts(["context", "text"], tokenize=TOKENIZER, create_triggers=True)
    db.table("texts").create({"id": int, "passage": int, "role": str, "hash": str, "text": str},
                       pk="id", foreign_keys=[("passage", "passages", "id")])
    db.table("texts").create_index(["passage"])
    db.table("texts").create_index(["hash"])
    db.table("embeddings").create({"hash": str, "vector": bytes, "words": bytes}, pk="hash")
    # `start`: where the list of a stem begins in the postings, where there are any.
    db.table("words").create({"stem": str, "occurrences": int, "passages": int, "start": int}, pk="stem")
