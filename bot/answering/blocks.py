"""The structure of a Markdown text: which lines belong together, and where each of them may be cut."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.answering.sentences import Span, leans_back, sentences

Kind = Literal["prose", "label", "note", "bullets", "steps", "table", "code", "rule", "other"]

_PARSER = MarkdownIt("commonmark").enable("table").disable("inline")
_KINDS: dict[str, Kind] = {
    "heading_open": "label", "bullet_list_open": "bullets", "ordered_list_open": "steps", "table_open": "table",
    "fence": "code", "code_block": "code", "hr": "rule", "blockquote_open": "note", "paragraph_open": "prose",
}
_LABEL = re.compile(r"(\*\*|__)(?:(?!\1).)+\1[ \t]*:?\s*\Z")
_NOTE = re.compile(r"[\s*_]*(?:note|notes|tip|hint|important|warning|caution|attention|danger|info|remember)[\s*_]*"
                   r"(?::|\*\*|__|[ \t]{2,}\n|\\?\n)|!!!\s|:::", re.IGNORECASE)
_POINTER = re.compile(
    r"[\s*_#]*(?:topics|contents|table of contents|(?:on|in) this (?:page|section|article|topic|guide|chapter)|"
    r"see also|related (?:topics?|articles?|pages?|links|content|information|resources)|learn more|more information|"
    r"further (?:reading|information)|additional resources|next steps|what.s next|useful links|references)"
    r"[\s*_:\\.]*\Z",
    re.IGNORECASE)
_LINK_ITEM = re.compile(r"\s*(?:[-+*]|\d+[.)])\s+\[[^\]]*\]\([^)]*\)[\s.;,]*\Z")
_ANNOUNCES = re.compile(r"\b(?:following|below|as follows)\b(?!\s+(?:topics|sections|pages))[^.!?]*\\?[.:]?[\s*_]*\Z",
                        re.IGNORECASE)
_LONG_LEAD = 300
"""Characters from which on a paragraph is more than the introduction of what follows it."""


@dataclass(frozen=True, slots=True)
class Block:
    """One block of Markdown with the places inside it where it may be cut."""

    kind: Kind
    start: int
    end: int
    """Offsets in the text."""
    pieces: tuple[Span, ...]
    """Sentences of a paragraph, items of a list, rows of a table below its head; otherwise the block itself."""


@dataclass(frozen=True, slots=True)
class Part:
    """A block with what introduces it: the least that can be read alone."""

    kind: Kind
    blocks: tuple[Block, ...]

    @property
    def start(self) -> int:
        """Where it starts in the text."""
        return self.blocks[0].start

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.blocks[-1].end

    @property
    def lead(self) -> Span:
        """What introduces it; empty for many parts."""
        return self.start, self.blocks[-2].end if len(self.blocks) > 1 else self.start

    @property
    def body(self) -> Block:
        """What it is about."""
        return self.blocks[-1]


def parts_of(text: str) -> list[Part]:
    """The parts of a text, in its order. What only points to other places, or separates, is no part."""
    parts: list[Part] = []
    group: list[Block] = []
    blocks = list(_with_leads(text, _blocks(text)))
    for block, following in zip_longest(blocks, blocks[1:]):
        group.append(block)
        if following is None or not _leads_to(text, block, following):
            parts.append(Part(block.kind, tuple(group)))
            group = []
    return [part for part in parts if part.kind != "rule" and not points_elsewhere(text, part)]


def points_elsewhere(text: str, part: Part) -> bool:
    """Whether this is a list of links under “Topics” or “See also”, or without a word of introduction."""
    lead = text[slice(*part.lead)]
    if part.kind in ("bullets", "steps"):
        links = sum(_LINK_ITEM.match(text[slice(*piece)]) is not None for piece in part.body.pieces)
        return bool(_POINTER.match(lead)) or (not lead.strip() and links == len(part.body.pieces))
    return part.kind == "label" and _POINTER.match(text[part.start : part.end]) is not None


def _blocks(text: str) -> Iterator[Block]:
    offsets = [0]
    for line in text.split("\n"):
        offsets.append(offsets[-1] + len(line) + 1)
    tokens = _PARSER.parse(text)
    for token in tokens:
        if token.level == 0 and token.nesting >= 0 and token.map:
            start, end = offsets[token.map[0]], offsets[token.map[1]]
            end = start + len(text[start:end].rstrip())
            kind = _kind(token, text[start:end])
            yield Block(kind, start, end, tuple(_pieces(text, kind, start, end, token, tokens, offsets)))


def _kind(token: Token, block: str) -> Kind:
    kind = _KINDS.get(token.type, "other")
    if kind == "prose" and _LABEL.match(block):
        return "label"
    if kind == "prose" and _NOTE.match(block):
        return "note"
    return kind


def _pieces(
    text: str, kind: Kind, start: int, end: int, token: Token, tokens: Sequence[Token], offsets: Sequence[int]
) -> Iterator[Span]:
    if kind == "prose":
        yield from ((start + first, start + last) for first, last in sentences(text[start:end]))
    elif kind in ("bullets", "steps", "table") and token.map:
        first, last = token.map
        sort = "tr_open" if kind == "table" else "list_item_open"
        inside = [offsets[item.map[0]] for item in tokens
                  if item.type == sort and item.level == (2 if kind == "table" else 1)
                  and item.map and first <= item.map[0] < last]
        starts = inside[1:] if kind == "table" and inside and inside[0] == start else inside
        for begin, stop in zip(starts, [*starts[1:], end], strict=True):
            yield begin, begin + len(text[begin:stop].rstrip())
    else:
        yield start, end


def _with_leads(text: str, blocks: Iterator[Block]) -> Iterator[Block]:
    """The same blocks; of a long paragraph that introduces something, what introduces is a block of its own."""
    before: Block | None = None
    for block in blocks:
        if before is not None:
            yield from _split_lead(text, before) if _introduces(text, before, block) else (before,)
        before = block
    if before is not None:
        yield before


def _introduces(text: str, block: Block, following: Block) -> bool:
    """Whether a paragraph ends with a colon, or says that something follows which does."""
    if block.kind != "prose" or _POINTER.match(text[following.start : following.end]):
        return False
    last = text[slice(*block.pieces[-1])] if block.pieces else ""
    if last.rstrip("*_ ").endswith((":", "：")):
        return following.kind not in ("label", "rule")
    announces = _announcing(text, block) is not None
    return announces and following.kind in ("label", "bullets", "steps", "table", "code")


def _announcing(text: str, block: Block) -> int | None:
    """Which of the last two sentences says that something follows: the very last one often only tells its unit."""
    count = len(block.pieces)
    return next((number for number in range(count - 1, max(count - 3, -1), -1)
                 if _ANNOUNCES.search(text[slice(*block.pieces[number])])), None)


def _split_lead(text: str, block: Block) -> Iterator[Block]:
    if block.end - block.start <= _LONG_LEAD or len(block.pieces) < 2:
        yield block
        return
    announcing = _announcing(text, block)
    first = len(block.pieces) - 1 if announcing is None else announcing
    while first > 0 and leans_back(text[slice(*block.pieces[first])]):
        first -= 1
    if first:
        yield replace(block, end=block.pieces[first - 1][1], pieces=block.pieces[:first])
    yield replace(block, start=block.pieces[first][0], pieces=block.pieces[first:])


def _leads_to(text: str, block: Block, following: Block) -> bool:
    if block.kind == "label":
        return following.kind != "rule"
    if _introduces(text, block, following):
        return True
    short = block.end - block.start <= _LONG_LEAD
    if block.kind == "prose" and following.kind == "bullets":
        return short and text[block.end : following.start].count("\n") == 1
    return block.kind == "prose" and short and following.kind in ("steps", "code", "table")
