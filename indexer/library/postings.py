"""Exact BM25 over many passages: for each word stem the passages that it stands in, as columns on the disk.

The full-text index of SQLite scores every passage that has any word of a question, at 2 µs each: that is a second where
half of a million have one. Here rare stems come first, and as soon as the passages at the head cannot be overtaken any
more by those that have only the other stems, these are looked up for the ones that still can be among the best. The
scores are those of the full-text index.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from indexer.library.rights import Selection

K1, B = 1.2, 0.75
LEAST = 1e-6
"""What the full-text index gives to words that stand in more than half of the passages."""

_ROUNDED = 1e-6  # share by which sums may be off
_FEW = 5_000  # passages to choose from that are looked up in each list, in place of going through it
_SHORT = 5_000  # passages in a list that is gone through without a thought
_SAMPLE = 10_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where the list of a stem stands in the columns."""

    start: int
    length: int


@dataclass(frozen=True, slots=True)
class Columns:
    """Lists one after the other: which passage (by its row), and how often the stem stands there."""

    rows: np.ndarray
    """int32; ascending in each list."""
    times: np.ndarray
    """uint8."""


class Postings:
    """Finds the passages with the best scores, known by their ids."""

    def __init__(self, passages: np.ndarray, columns: Columns) -> None:
        """`passages`: ids, rights and numbers of words, of shape (3, passages), ascending by id."""
        self.ids, self.rights, self.lengths = passages
        self.columns = columns
        usual = max(float(self.lengths.mean()), 1.0) if len(self.lengths) else 1.0
        self._damping = (K1 * (1 - B + B * self.lengths / usual)).astype(np.float32)

    @classmethod
    def read(cls, folder: Path) -> Postings:
        """From its files, by memory maps. Raises OSError or ValueError if one is missing or broken."""
        passages, rows, times = (np.load(folder / name, mmap_mode="r").view(np.ndarray) for name in FILES)
        if len(rows) != len(times) or passages.shape[0] != 3:
            raise ValueError(folder)
        return cls(passages, Columns(rows, times))

    def write(self, folder: Path) -> None:
        """To files."""
        arrays = np.stack([self.ids, self.rights, self.lengths]), self.columns.rows, self.columns.times
        for name, array in zip(FILES, arrays, strict=True):
            np.save(folder / name, array)

    def best(self, words: Sequence[Sequence[Place]], limit: int, among: Selection | None) -> dict[int, float]:
        """Scores of the `limit` best passages. `words`: the lists of the stems of each word, all of which count."""
        terms = sorted((_Term.of(self.columns, places, len(self.ids)) for places in words if places),
                       key=lambda term: -term.tells)
        left = np.cumsum([0.0, *(term.tells * (K1 + 1) for term in reversed(terms))])[::-1]
        if among is not None and among.count <= _FEW:
            done, rows, scores = 0, among.rows, np.zeros(among.count, dtype=np.float32)
        else:
            done, rows, scores = self._gone_through(terms, left, limit, among.chosen() if among is not None else None)
        for number in range(done, len(terms)):
            rows, scores = _hopeful(rows, scores, limit, left[number])
            scores = self._looked_up(terms[number], rows, scores)
        rows, scores = _hopeful(rows, scores, limit, 0.0)
        head = np.argsort(-scores, kind="stable")[:limit]
        return {number: score for number, score
                in zip(self.ids[rows[head]].tolist(), scores[head].tolist(), strict=True) if score > 0}

    def _gone_through(self, terms: Sequence[_Term], left: np.ndarray, limit: int,
                      chosen: np.ndarray | None) -> tuple[int, np.ndarray, np.ndarray]:
        """How many terms were added up before the rest (`left`) need only be looked up, and the hopeful rows then."""
        scores = np.zeros(len(self.ids), dtype=np.float32)
        bound, done = 0.0, 0
        for term in terms:
            if len(term.rows) > _SHORT:
                bound = _bound(scores, terms[:done], limit, chosen)
                if bound > left[done]:
                    break
            scores[term.rows] += self._gains(term.rows, term)
            done += 1
        else:
            bound = _bound(scores, terms, limit, chosen)
        rows = _at_least(scores, (bound - left[done]) * (1 - _ROUNDED), chosen)
        return done, rows, scores[rows]

    def _looked_up(self, term: _Term, rows: np.ndarray, scores: np.ndarray) -> np.ndarray:
        """`scores` of passages with what one more term gives them."""
        if not len(term.rows):
            return scores
        places = np.minimum(np.searchsorted(term.rows, rows.astype(np.int32)), len(term.rows) - 1)
        times = np.where(term.rows[places] == rows, term.times[places], 0).astype(np.float32)
        more: np.ndarray = scores + term.tells * (K1 + 1) * times / (times + self._damping[rows])
        return more

    def _gains(self, rows: np.ndarray, term: _Term) -> np.ndarray:
        times = term.times.astype(np.float32)
        gains: np.ndarray = np.float32(term.tells * (K1 + 1)) * times / (times + self._damping[rows])
        return gains


FILES = ("postings-passages.npy", "postings-rows.npy", "postings-times.npy")


@dataclass(frozen=True, slots=True)
class _Term:
    """A word of the question with the passages that it stands in."""

    rows: np.ndarray
    times: np.ndarray
    tells: float

    @classmethod
    def of(cls, columns: Columns, places: Sequence[Place], passages: int) -> _Term:
        """A word of several stems is in the passages that have all of them, as often as the rarest one."""
        lists = [(columns.rows[place.start : place.start + place.length],
                  columns.times[place.start : place.start + place.length]) for place in places]
        rows, times = lists[0]
        for more, more_times in lists[1:]:
            rows, first, second = np.intersect1d(rows, more, assume_unique=True, return_indices=True)
            times = np.minimum(times[first], more_times[second])
        return cls(rows, times, max(LEAST, math.log((passages - len(rows) + 0.5) / (len(rows) + 0.5))))


def _bound(scores: np.ndarray, terms: Sequence[_Term], limit: int, chosen: np.ndarray | None) -> float:
    """The least of the `limit` best scores; 0 if no term has so many passages."""
    bound = 0.0
    for term in terms:
        some = term.rows[:: len(term.rows) // _SAMPLE + 1]
        bound = max(bound, _last_of_best(scores[some if chosen is None else some[chosen[some]]], limit))
    return _last_of_best(scores[_at_least(scores, bound, chosen)], limit) if bound else 0.0


def _at_least(scores: np.ndarray, bound: float, chosen: np.ndarray | None) -> np.ndarray:
    """Where the scores are so high, and not nothing."""
    rows = np.flatnonzero(scores >= np.float32(max(bound, _ROUNDED**2)))
    return rows if chosen is None else rows[chosen[rows]]


def _hopeful(rows: np.ndarray, scores: np.ndarray, limit: int, left: float) -> tuple[np.ndarray, np.ndarray]:
    """What can still be among the best with so much to come."""
    may = scores >= (_last_of_best(scores, limit) - left) * (1 - _ROUNDED)
    return rows[may], scores[may]


def _last_of_best(scores: np.ndarray, limit: int) -> float:
    """The least of the `limit` best scores; 0 if there are not so many."""
    return float(np.partition(scores, -limit)[-limit]) if len(scores) >= limit else 0.0
