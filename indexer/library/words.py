"""Word stems exactly as the full-text index forms them."""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Sequence

from sqlite_utils import Database

from indexer.library.schema import TOKENIZER

_WORD = re.compile(r"\w+")


def words_of(text: str) -> list[str]:
    """The different words of a text, lower case, in order."""
    return list(dict.fromkeys(_WORD.findall(text.lower())))


class Stemmer:
    """Asks SQLite's own tokeniser, so that nobody's idea of a stem differs from the index's."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._db = Database(_memory())
        self._db.execute(f"CREATE VIRTUAL TABLE given USING fts5(text, tokenize='{TOKENIZER}')")
        self._db.execute("CREATE VIRTUAL TABLE stems USING fts5vocab(given, 'instance')")

    def stems(self, texts: Sequence[str]) -> list[set[str]]:
        """The stems in each text."""
        found: list[set[str]] = [set() for _ in texts]
        with self._lock, self._db.atomic():
            self._db.execute("DELETE FROM given")
            self._db.conn.executemany("INSERT INTO given(rowid, text) VALUES (?, ?)", enumerate(texts))
            for stem, row in self._db.execute("SELECT DISTINCT term, doc FROM stems"):
                found[row].add(stem)
        return found


def _memory() -> sqlite3.Connection:
    return sqlite3.connect(":memory:", check_same_thread=False)
