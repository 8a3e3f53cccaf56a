"""Passages are cut where the model needs it; here a list, a table or a block of code is put together again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from indexer.passages import LONGEST, size

_CONTINUES = re.compile(r"[ \t]+\S|(?:[-+*]|\d{1,9}[.)])[ \t]")
_NEXT_ITEM = re.compile(r"(?:[ \t]*(?:[-+*]|1[.)])|\d{1,9}[.)])[ \t]")
_ITEM = re.compile(r"^(?:[-+*]|\d{1,9}[.)])[ \t]", re.MULTILINE)
_INTRODUCES = re.compile(r"(?::|：|^(?:\*\*|__)[^*_\n]+(?:\*\*|__)|\b(?:following|below)\b[^.!?\n]*\."
                         r"(?:[ \t]+[^.!?\n]+\.)?)[*_ \t]*(?:\n\s*\*{4})?\Z",
                         re.MULTILINE)
_FENCE = re.compile(r"(?:```|~~~)")
_DELIMITER = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t:|-]*)?\Z")


@dataclass(frozen=True, slots=True)
class Mended:
    """A passage with as much of its neighbours as its first and last block need to be whole."""

    text: str
    start: int
    end: int
    """Where the passage itself stands in it."""


def mended(before: Sequence[str], text: str, after: Sequence[str]) -> Mended:
    """The passage with neighbours of the same section, nearest passage last in `before` and first in `after`."""
    whole, start = text, 0
    for piece in reversed(before):
        joined = _joined(piece, whole)
        if joined is None:
            break
        start += len(joined) - len(whole)
        whole = joined
    end = len(whole)
    for piece in after:
        joined = _joined(whole, piece)
        if joined is None:
            break
        whole = joined
    return Mended(whole, start, end)


def _joined(first: str, second: str) -> str | None:
    """Both as they were before the cut; None if they can be read apart."""
    above, below = first.rstrip().split("\n"), second.split("\n")
    if _is_head(below) and below[:2] == _table_at_the_end(above)[:2]:
        return "\n".join([*above, *below[2:]])
    if _is_one_code(above, below):
        return "\n".join([*above[:-1], *below[1:]])
    if _INTRODUCES.search(first.rstrip()):
        return f"{first.rstrip()}\n\n{second}"
    if _CONTINUES.match(second) and _ITEM.search(first):
        return f"{first.rstrip()}{'' if _NEXT_ITEM.match(second) else chr(10)}\n{second}"
    return None


def _is_one_code(above: Sequence[str], below: Sequence[str]) -> bool:
    """Only code that is too long for a passage is cut; two short blocks that follow one another are two."""
    opens = _FENCE.match(below[0])
    if not opens or below[0] not in above[:-1] or not above[-1].strip().startswith(opens.group()):
        return False
    start = len(above) - 1 - above[::-1].index(below[0], 1)
    rest = takewhile(lambda line: not line.strip().startswith(opens.group()), below[1:])
    return size("\n".join([*above[start:], *rest])) > LONGEST


def _is_head(lines: Sequence[str]) -> bool:
    return len(lines) > 2 and "|" in lines[0] and _DELIMITER.match(lines[1]) is not None


def _table_at_the_end(lines: Sequence[str]) -> list[str]:
    """The lines since the last one without a bar; several tables often have the same head."""
    return list(reversed(list(takewhile(lambda line: "|" in line, reversed(lines)))))
