"""Chosen places of a text, word for word, with a mark wherever something between them is left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from bot.answering.blocks import Part
from bot.answering.sentences import Span

LEFT_OUT = "…"
GOES_ON = "… *(the steps go on in the source)*"

_SAYS_SOMETHING = re.compile(r"\w")
_ROW_LEFT_OUT = f"\n| {LEFT_OUT} |"


def rendered(text: str, spans: Iterable[Span], parts: Sequence[Part]) -> str:
    """The spans as Markdown; `parts` are the parts that they belong to."""
    spans = sorted((start, end) for start, end in spans if start < end)
    if not spans:
        return ""
    shown = [text[slice(*spans[0])]]
    for (_, end), (start, stop) in pairwise(spans):
        shown += [_between(text, end, start, parts), text[start:stop]]
    shown.append(_ending(spans[-1][1], len(text), parts) or _unfinished(spans[-1][1], parts))
    indented = any(block.kind == "prose" and block.start <= spans[0][0] < block.end
                   for part in parts for block in part.blocks)
    return "".join(shown).lstrip(" " if indented else "\n")


def _between(text: str, end: int, start: int, parts: Sequence[Part]) -> str:
    """The blank space that stands in the text, or the mark that fits there."""
    gap = text[end:start]
    goes_on = _ending(end, start, parts)
    if goes_on:
        return f"{goes_on}\n\n"
    if not _SAYS_SOMETHING.search(gap):
        return "\n\n" if gap.strip() else gap
    block = next((block for part in parts for block in part.blocks if block.start <= end and start <= block.end), None)
    if block is not None and block.kind == "prose":
        return f" {LEFT_OUT} "
    if block is not None and block.kind == "table":
        return f"{_ROW_LEFT_OUT}\n"
    return f"\n\n{LEFT_OUT}\n\n"


def _ending(end: int, following: int, parts: Sequence[Part]) -> str:
    """What a procedure that stops early ends with."""
    stops_early = any(part.kind == "steps" and end < part.end <= following and end > part.body.start for part in parts)
    return f"\n\n{GOES_ON}" if stops_early else ""


def _unfinished(end: int, parts: Sequence[Part]) -> str:
    """The mark where a paragraph, a list or a table goes on behind the last place that is shown."""
    kind = next((block.kind for part in parts for block in part.blocks if block.start < end < block.end), None)
    if kind == "table":
        return _ROW_LEFT_OUT
    if kind == "prose":
        return f" {LEFT_OUT}"
    return "" if kind is None else f"\n\n{LEFT_OUT}"
