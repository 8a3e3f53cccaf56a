"""How often word stems occur, and in which passages, as the full-text index of SQLite knows it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from itertools import islice

import numpy as np
from sqlite_utils import Database

from indexer.library.postings import Columns, Postings
from indexer.library.schema import TOKENIZER

_AT_ONCE = 4_000_000  # words that are counted at once
_MOST = 255  # times that a stem is counted in a passage


@dataclass(frozen=True, slots=True)
class _Lists:
    """Stems in their order, with their lists one after the other."""

    stems: list[str]
    lengths: np.ndarray
    columns: Columns


def count(db: Database) -> None:
    """Fill the table of words, and bring the full-text index into the form in which it answers soonest."""
    db.execute("INSERT INTO passages_fts(passages_fts) VALUES ('optimize')")
    _vocabulary(db)
    db.table("words").delete_where()
    db.execute("INSERT INTO words (stem, occurrences, passages) SELECT term, cnt, doc FROM temp.vocabulary")


def list_passages(db: Database, ids: np.ndarray, rights: np.ndarray, known: tuple[Postings, int] | None) -> Postings:
    """The lists of all stems; fills the table of words. `ids` and `rights` of the passages, ascending by id.

    `known`: lists that were made before, and the last passage then; passages that came since have greater ids.
    """
    lists = _read(db, ids) if known is None else _brought_up_to_date(db, ids, *known)
    starts = np.cumsum(lists.lengths) - lists.lengths
    times = lists.columns.times
    occurrences = np.add.reduceat(times, starts, dtype=np.int64) if len(starts) else starts
    db.table("words").delete_where()
    db.conn.executemany("INSERT INTO words VALUES (?, ?, ?, ?)", zip(
        lists.stems, occurrences.tolist(), lists.lengths.tolist(), starts.tolist(), strict=True))
    lengths = np.bincount(lists.columns.rows, times, len(ids)).astype(np.int32)
    return Postings(np.stack([ids, rights, lengths]), lists.columns)


def _read(db: Database, ids: np.ndarray) -> _Lists:
    """From the full-text index; its passages are known by their places in `ids`."""
    _vocabulary(db)
    terms = list(db.execute("SELECT term, doc, cnt FROM temp.vocabulary"))
    occurrences = np.array([row[2] for row in terms], dtype=np.int64)
    passages = (row[0] for row in db.execute("SELECT doc FROM temp.instances"))
    ends = np.cumsum(occurrences)
    rows, times, first = [np.zeros(0, dtype=np.int32)], [np.zeros(0, dtype=np.uint8)], 0
    while first < len(terms):
        before = ends[first - 1] if first else 0
        last = max(first + 1, int(np.searchsorted(ends, before + _AT_ONCE)))
        of_some = np.fromiter(islice(passages, int(ends[last - 1] - before)), dtype=np.int32)
        found, how_often = _counted(of_some, (ends[first:last] - occurrences[first:last] - before))
        rows.append(np.searchsorted(ids, found).astype(np.int32))
        times.append(how_often)
        first = last
    lengths = np.array([row[1] for row in terms], dtype=np.int64)
    return _Lists([row[0] for row in terms], lengths, Columns(np.concatenate(rows), np.concatenate(times)))


def _counted(passages: np.ndarray, starts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each passage once for each stem, and how often; `starts`: where the occurrences of each stem begin."""
    is_first = np.ones(len(passages), dtype=bool)
    is_first[1:] = passages[1:] != passages[:-1]
    is_first[starts] = True
    firsts = np.flatnonzero(is_first)
    return passages[firsts], np.minimum(np.diff(firsts, append=len(passages)), _MOST).astype(np.uint8)


def _brought_up_to_date(db: Database, ids: np.ndarray, known: Postings, last: int) -> _Lists:
    old = _without_gone(db, ids, known)
    with closing(sqlite3.connect(":memory:")) as memory:
        added = Database(memory)
        added.execute(f"CREATE VIRTUAL TABLE passages_fts USING fts5(context, text, tokenize='{TOKENIZER}')")
        new = db.execute("SELECT id, context, text FROM passages WHERE id > ?", [last])
        memory.executemany("INSERT INTO passages_fts(rowid, context, text) VALUES (?, ?, ?)", new)
        return _merged(old, _read(added, ids))


def _without_gone(db: Database, ids: np.ndarray, known: Postings) -> _Lists:
    stays = np.isin(known.ids, ids, assume_unique=True)
    rows_now = (np.cumsum(stays) - 1).astype(np.int32)
    kept = stays[known.columns.rows]
    terms = list(db.execute("SELECT stem, passages FROM words ORDER BY stem"))
    ends = np.cumsum([row[1] for row in terms], dtype=np.int64)
    kept_ends = np.concatenate([[0], np.cumsum(kept)])[ends]
    columns = Columns(rows_now[known.columns.rows[kept]], known.columns.times[kept])
    return _Lists([row[0] for row in terms], np.diff(kept_ends, prepend=0), columns)


def _merged(old: _Lists, new: _Lists) -> _Lists:
    """Lists of old passages with what new ones add at their ends; stems that are nowhere any more are left out."""
    stems = sorted({*old.stems, *new.stems})
    place = {stem: number for number, stem in enumerate(stems)}
    old_lengths, new_lengths = np.zeros(len(stems), dtype=np.int64), np.zeros(len(stems), dtype=np.int64)
    old_lengths[[place[stem] for stem in old.stems]] = old.lengths
    new_lengths[[place[stem] for stem in new.stems]] = new.lengths
    at = np.repeat(np.cumsum(old_lengths), new_lengths)
    columns = Columns(np.insert(old.columns.rows, at, new.columns.rows),
                      np.insert(old.columns.times, at, new.columns.times))
    lengths = old_lengths + new_lengths
    return _Lists([stem for stem, length in zip(stems, lengths, strict=True) if length], lengths[lengths > 0], columns)


def _vocabulary(db: Database) -> None:
    """Virtual tables of the stems of the full-text index: each once, and each time that it occurs."""
    for name, sort in (("vocabulary", "row"), ("instances", "instance")):
        db.execute(f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.{name} USING fts5vocab('main', 'passages_fts', '{sort}')")
