"""Word stems exactly as the full-text index forms them."""

from __future__ import annotations

import re
import sqlite3
import threading
from collections import Counter
from collections.abc import Sequence

from sqlite_utils import Database

from indexer.library.schema import TOKENIZER

_WORD = re.compile(r"\w+")
_SAY_NOTHING = frozenset(_WORD.findall(
    "a an and any are as at be been but by can could did do does for from had has have how i if in into is it its me "
    "my no not of on or our should so such than that the their them then there these they this to us was we were what "
    "when where which who whom whose why will with would you your about am did doing don t s d ll re ve please"
))


def words_of(text: str) -> list[str]:
    """The different words of a text, lower case, in order."""
    return list(dict.fromkeys(_WORD.findall(text.lower())))


def telling_words(text: str) -> list[str]:
    """The words that say what a question is about: without English filling words, unless there is nothing else."""
    words = words_of(text)
    return [word for word in words if word not in _SAY_NOTHING] or words


def telling_places(text: str) -> list[tuple[str, int, int]]:
    """The telling words of a text, each time that they occur, with where they start and end (characters)."""
    words = [(match.group().lower(), match.start(), match.end()) for match in _WORD.finditer(text)]
    return [word for word in words if word[0] not in _SAY_NOTHING] or words


class Stemmer:
    """Asks SQLite's own tokeniser, so that nobody's idea of a stem differs from the index's."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._db = Database(_memory())
        self._db.execute(f"CREATE VIRTUAL TABLE given USING fts5(text, tokenize='{TOKENIZER}')")
        self._db.execute("CREATE VIRTUAL TABLE stems USING fts5vocab(given, 'instance')")

    def stems(self, texts: Sequence[str]) -> list[Counter[str]]:
        """The stems in each text, and how often."""
        found: list[Counter[str]] = [Counter() for _ in texts]
        with self._lock, self._db.atomic():
            self._db.execute("DELETE FROM given")
            self._db.conn.executemany("INSERT INTO given(rowid, text) VALUES (?, ?)", enumerate(texts))
            for stem, row, count in self._db.execute("SELECT term, doc, count(*) FROM stems GROUP BY term, doc"):
                found[row][stem] = count
        return found


def _memory() -> sqlite3.Connection:
    return sqlite3.connect(":memory:", check_same_thread=False)
