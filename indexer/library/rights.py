"""For whom and when documents exist. Few combinations stand for all of them, so they are judged in memory. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from indexer.audience import names_of
from indexer.types import Viewer


@dataclass(frozen=True, slots=True)
class Right:
    """One combination that some documents have."""

    id: int
    valid_from: str | None
    valid_to: str | None
    """ISO 8601, inclusive."""
    audience: frozenset[str]
    """Case-folded; empty: everybody."""

    def admits(self, day: str | None, groups: frozenset[str]) -> bool:
        """Whether a viewer may see its documents; without a day not those that are bound to dates."""
        begun = self.valid_from is None or (day is not None and self.valid_from <= day)
        lasts = self.valid_to is None or (day is not None and day <= self.valid_to)
        return begun and lasts and (not self.audience or not self.audience.isdisjoint(groups))


class Rights:
    """All combinations of a generation."""

    def __init__(self, rights: Iterable[Right]) -> None:
        self._rights = tuple(rights)
        self._size = max((right.id for right in self._rights), default=0) + 1

    def allowed(self, viewer: Viewer | None) -> np.ndarray | None:
        """By the ids of rights, whether the viewer has them (bool); None: all of them."""
        if viewer is None:
            return None
        day = viewer.on.isoformat() if viewer.on else None
        groups = names_of(viewer.groups)
        has = [right.admits(day, groups) for right in self._rights]
        if all(has):
            return None
        allowed = np.zeros(self._size, dtype=bool)
        allowed[[right.id for right, yes in zip(self._rights, has, strict=True) if yes]] = True
        return allowed


class Selection:
    """Some of many rows, a bit for each: small enough to be kept for many viewers."""

    def __init__(self, chosen: np.ndarray) -> None:
        """`chosen`: a bool for each row."""
        self._length = len(chosen)
        self.bits = np.packbits(chosen, bitorder="little")
        self.count = int(chosen.sum())
        self._counts: np.ndarray | None = None

    def chosen(self) -> np.ndarray:
        """A bool for each row."""
        return np.unpackbits(self.bits, count=self._length, bitorder="little").view(bool)

    def counted(self, group_of: np.ndarray, groups: int) -> np.ndarray:
        """How many of the rows are in each group, always the same ones: it is counted once."""
        if self._counts is None:
            self._counts = np.bincount(group_of[self.chosen()], minlength=groups)
        return self._counts

    @cached_property
    def rows(self) -> np.ndarray:
        """The rows, ascending; to be asked for only where there are few."""
        return np.flatnonzero(self.chosen())
