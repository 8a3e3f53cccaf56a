"""Which coach is asked first: on duty, of the asker's site, with the least to do, then in turn. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A coach who might be asked."""

    user: str
    on_duty: bool
    same_site: bool
    load: int
    """Open tickets that they own or were asked to take."""
    last_asked: datetime | None
    """When they were last asked to take one."""


def choose(candidates: Iterable[Candidate], *, but: frozenset[str] = frozenset()) -> str | None:
    """The coach to ask; None if nobody is on duty. `but`: these not."""
    there = [one for one in candidates if one.on_duty]
    fresh = [one for one in there if one.user not in but]
    ordered = sorted(fresh, key=lambda one: (not one.same_site, one.load, one.last_asked or _NEVER, one.user))
    return ordered[0].user if ordered else None
