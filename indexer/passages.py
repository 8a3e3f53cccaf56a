"""From documents to passages: cut at headings, then between whole blocks, so that a passage can be read on its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from indexer.plain import plain
from indexer.types import Document, Passage, Section

LONGEST = 200
"""Words of a passage; the embedded model reads 256 word pieces."""
SHORTEST = 30
"""Words of a remainder that rather stays with what is before it."""

_CHARACTERS_PER_WORD = 8  # a link or a line of code is one word to the eye and dozens of pieces to the model
_LOOK_AHEAD = 2_000
"""Characters that surely hold SHORTEST words."""
_BLOCKS = MarkdownIt("commonmark").enable("table").disable("inline")
_SENTENCE_END = re.compile(r"[.!?…]\s+")


@dataclass(frozen=True, slots=True)
class _Place:
    """A place where a text may be cut."""

    at: int
    """Offset in characters."""
    head: str = ""
    """Begins a passage that starts here: the header of a table, the opening fence of code."""
    tail: str = ""
    """Ends a passage that stops here: the closing fence of code."""


def cut(document: Document) -> tuple[Passage, ...]:
    """The passages of a document, in its order."""
    if document.kind == "faq":
        return (_entry(document),)
    pieces = [(section, text) for section in document.sections for text in pieces_of(section.text)]
    return tuple(_passage(document, position, section, text) for position, (section, text) in enumerate(pieces))


def pieces_of(markdown: str) -> list[str]:
    """A section's text in pieces of about LONGEST words at most, cut inside a block only where that alone is longer."""
    if size(markdown) <= LONGEST:
        return [markdown]
    return _packed(markdown, [*_places(markdown), _Place(len(markdown))])


def size(text: str) -> int:
    """The length in words, as the model feels it."""
    return max(len(text.split()), len(text) // _CHARACTERS_PER_WORD)


def _entry(document: Document) -> Passage:
    """An FAQ entry is quoted whole, and found by each of its phrasings and by its answer."""
    answer = "\n\n".join(section.text for section in document.sections)
    with_question = (f"{document.title}\n{plain(piece)}" for piece in pieces_of(answer))
    return Passage(document.id, 0, "", "", answer, (*document.phrasings, *with_question))


def _passage(document: Document, position: int, section: Section, text: str) -> Passage:
    headings = " › ".join((document.title, *section.heading_path))
    return Passage(document.id, position, " › ".join(section.heading_path), section.anchor, text,
                   (f"{headings}\n{plain(text)}",), section.place)


def _packed(text: str, places: list[_Place]) -> list[str]:
    """As much as fits between two places, again and again; a short remainder joins the piece before it."""
    end = places[-1]
    cuts = [places[0]]
    for here, following in pairwise(places[1:]):
        fits = size(text[cuts[-1].at : following.at].strip()) <= LONGEST
        remainder_is_short = size(text[here.at : here.at + _LOOK_AHEAD].strip()) < SHORTEST
        if not fits and not remainder_is_short:
            cuts.append(here)
    slices = pairwise([*cuts, end])
    return [f"{start.head}{text[start.at : stop.at].rstrip()}{stop.tail}" for start, stop in slices]


def _places(markdown: str) -> list[_Place]:
    """Where the text may be cut: before each block, and inside of blocks that are too long."""
    offsets = [0]
    for line in markdown.split("\n"):
        offsets.append(offsets[-1] + len(line) + 1)
    places: list[_Place] = []
    tokens = _BLOCKS.parse(markdown)
    for token in tokens:
        if token.level > 0 or token.nesting < 0 or token.map is None:
            continue
        start, end = offsets[token.map[0]], offsets[token.map[1]]
        block = markdown[start:end].rstrip()
        places.append(_Place(start))
        if size(block) > LONGEST:
            places.extend(_places_inside(block, start, token, tokens, offsets))
    return [_Place(0), *(place for place in places if place.at > 0)]


def _places_inside(
    block: str, start: int, token: Token, tokens: list[Token], offsets: list[int]
) -> Iterator[_Place]:
    if token.type == "table_open":
        header_end = block.index("\n", block.index("\n") + 1) + 1 if block.count("\n") > 1 else len(block)
        yield from _at_lines(block, start, from_offset=header_end + 1, head=block[:header_end])
    elif token.type in ("bullet_list_open", "ordered_list_open"):
        yield from _at_items(block, start, token, tokens, offsets)
    elif token.type == "fence":
        lines = block.split("\n")
        closed = len(lines) > 1 and lines[-1].strip().startswith(token.markup)
        tail = f"\n{lines[-1] if closed else token.markup}"
        yield from _at_lines(block, start, from_offset=len(lines[0]) + 2, head=lines[0] + "\n", tail=tail)
    else:
        yield from _at_sentences(block, start)


def _at_items(block: str, start: int, token: Token, tokens: list[Token], offsets: list[int]) -> Iterator[_Place]:
    assert token.map is not None
    first, last = token.map
    starts = [offsets[item.map[0]] for item in tokens
              if item.type == "list_item_open" and item.level == 1 and item.map and first <= item.map[0] < last]
    for item_start, item_end in pairwise([*starts, start + len(block)]):
        yield _Place(item_start)
        item = block[item_start - start : item_end - start]
        if size(item) > LONGEST:
            yield from _at_lines(item, item_start)


def _at_lines(block: str, start: int, from_offset: int = 1, head: str = "", tail: str = "") -> Iterator[_Place]:
    """Before each line from an offset on; inside of a line only where it alone is too long."""
    offset = 0
    for line in block.split("\n"):
        if offset >= from_offset and line.strip():
            yield _Place(start + offset, head, tail)
        if size(line) > LONGEST and not head:
            yield from _at_sentences(line, start + offset)
        offset += len(line) + 1


def _at_sentences(block: str, start: int) -> Iterator[_Place]:
    """After each sentence; one without an end in sight is cut between words, an endless word anywhere."""
    ends = [0, *(match.end() for match in _SENTENCE_END.finditer(block)), len(block)]
    for begin, end in pairwise(ends):
        if begin:
            yield _Place(start + begin)
        if size(block[begin:end]) > LONGEST:
            for word in re.finditer(rf"\S{{1,{LONGEST * _CHARACTERS_PER_WORD}}}\s*", block[begin:end]):
                if word.start():
                    yield _Place(start + begin + word.start())
