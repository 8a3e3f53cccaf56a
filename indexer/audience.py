"""For whom documents are that are limited twice: by their source, and by themselves. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

_BOTH = "\x1f"
"""Between two groups of which somebody must be in both. Cannot be typed, so no group's own name holds it."""


def narrowed(limit: Sequence[str], own: Sequence[str]) -> tuple[str, ...]:
    """Whom a document is for: those in a group of each, where both name some.

    What one of them limits, the other never opens. Some of the names are those of two groups at once; see `names_of`.
    """
    if not limit or not own:
        return tuple(limit or own)
    wide, narrow = (dict.fromkeys(group.casefold() for group in groups) for groups in (limit, own))
    in_both = [group for group in wide if group in narrow]
    pairs = [_BOTH.join(sorted((a, b))) for a in wide if a not in narrow for b in narrow if b not in wide]
    return (*in_both, *pairs)


def covers(wide: Sequence[str], narrow: Sequence[str]) -> bool:
    """Whether everybody who may see what is for `narrow` may see what is for `wide`, too."""
    allowed = [_parts(name) for name in wide]
    return not wide or (bool(narrow) and all(any(each <= _parts(name) for each in allowed) for name in narrow))


def _parts(name: str) -> frozenset[str]:
    return frozenset(name.casefold().split(_BOTH))


def names_of(groups: Iterable[str]) -> frozenset[str]:
    """All names under which somebody in these groups finds documents: each group, and every two of them together."""
    single = {group.casefold() for group in groups}
    return frozenset(single) | {_BOTH.join(pair) for pair in combinations(sorted(single), 2)}
