"""Pure: the lines of a PDF's pages -> parts of Markdown. Running heads go, headings are told by outline or by size."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from indexer.readers.escaping import escaped, escaped_line
from indexer.readers.pdf_layout import Piece, in_reading_order, joined_lines, usual_distance
from indexer.readers.pdf_pages import Page
from indexer.readers.pdf_tables import with_aligned_tables
from indexer.readers.structure import Part

_BULLET = re.compile(r"^\s*(?:[•●▪■◦‣∙·○◆➢➤►✓✔\ue000-\uf8ff\u2043–]|[-o*](?=\s))\s*(?=\S)")
_NUMBER = re.compile(r"^\s*(?P<number>\d{1,3})(?P<mark>[.)])\s+(?=\S)")
_ITEM = re.compile(r"(?:-|\d{1,3}[.)]) ")
_CONTENTS = re.compile(r"(?:\. ?){4,150}\s*[\divxlc]{1,6}\s*$")
"""A line of a table of contents, which only points elsewhere."""
_OUTER_FIGURES = re.compile(r"^[\W\d]+|[\W\d]+$")
_PAGE_NUMBER = re.compile(r"^\W*(?:(?:page|seite|p[aá]gina|p\.)\s*)?"
                          r"(?:\d{1,4}(?:\s*(?:of|von|de|/|\|)\s*\d{1,4})?|[ivxlc]{1,7})\W*$", re.IGNORECASE)
_PAGE_OF = re.compile(r"(?:\b(?:page|seite|p[aá]gina|p\.)\s*)?\b\d{1,4}\s*(?:of|von|de|/|\|)\s*\d{1,4}\b"
                      r"|\b(?:page|seite|p[aá]gina|p\.)\s*\d{1,4}\b", re.IGNORECASE)
"""Within a running head, beside other words."""
_MARGIN = 0.12
"""Of the page's height, above and below: where running heads stand."""
_LONGEST_HEADING = 150
_LARGER = 1.12
_MOST_LEVELS = 4
_WORD = re.compile(r"\w+(?:-\w+)*")
_OUTLINE_HOLDS = 0.5


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the outline that viewers show beside the pages."""

    level: int
    """1 is the outermost."""
    title: str
    page: int
    """Counted from 1."""


@dataclass(frozen=True, slots=True)
class _Line:
    page: int
    piece: Piece
    level: int = 0


def parts_of(pages: Sequence[Page], outline: Sequence[Entry]) -> list[Part]:
    """The document's headings with the text below them, a part for each page that it stands on."""
    laid_out = [(page, joined_lines(with_aligned_tables(in_reading_order(page.pieces)))) for page in pages]
    kept = list(_without_running_heads(laid_out))
    lines = [_Line(page.number, piece) for page, pieces in kept for piece in pieces]
    lines = _headed(lines, outline)
    distance = usual_distance([line.piece for line in lines])
    words = Counter(word.lower() for line in lines for word in _WORD.findall(line.piece.text))
    return list(_parts(lines, distance, words))


def _without_running_heads(pages: Sequence[tuple[Page, list[Piece]]]) -> Iterator[tuple[Page, list[Piece]]]:
    """Pages without page numbers, and without the lines of places where the same few texts stand again and again."""
    said: dict[int, Counter[str]] = defaultdict(Counter)
    for page, lines in pages:
        # Once a page: in columns the text may repeat itself beside itself.
        for place, text in {(round(line.y), _running(line)) for line in lines if _is_marginal(page, line)}:
            said[place][text] += 1
    for page, lines in pages:
        yield page, [line for line in lines if not (_CONTENTS.search(line.text) or (_is_marginal(page, line) and (
            _PAGE_NUMBER.match(line.text) or _is_running(line, said[round(line.y)], len(pages)))))]


def _is_running(line: Piece, said: Counter[str], pages: int) -> bool:
    """Text of the document differs from page to page, even where much of it is boilerplate."""
    return said[_running(line)] > 1 and 2 * len(said) <= said.total() and 2 * said.total() >= pages


def _is_marginal(page: Page, line: Piece) -> bool:
    return not line.table and not _MARGIN < line.y / max(page.height, 1.0) < 1 - _MARGIN


def _running(line: Piece) -> str:
    """The text without the page's number."""
    return _OUTER_FIGURES.sub("", _PAGE_OF.sub(" ", line.text))


def _headed(lines: list[_Line], outline: Sequence[Entry]) -> list[_Line]:
    """The lines, those that are headings with their level."""
    by_outline = _levels_by_outline(lines, outline)
    if outline and len(set(by_outline.values())) and len(by_outline) >= _OUTLINE_HOLDS * len(outline):
        levels: Mapping[int, int] = by_outline
    else:
        levels = _levels_by_looks(lines)
    return _joined([_Line(line.page, line.piece, levels.get(number, 0)) for number, line in enumerate(lines)])


def _levels_by_outline(lines: Sequence[_Line], outline: Sequence[Entry]) -> dict[int, int]:
    """The levels of lines by their number: those that say what the outline says of their page."""
    on_page: dict[int, list[int]] = defaultdict(list)
    for number, line in enumerate(lines):
        on_page[line.page].append(number)
    levels: dict[int, int] = {}
    for entry in outline:
        wanted = _letters(entry.title)
        for number in on_page.get(entry.page, ()):
            said = _letters(lines[number].piece.text)
            if wanted and number not in levels and (said == wanted or (len(said) > 12 and wanted.startswith(said))):
                levels[number] = entry.level
                rest = wanted.removeprefix(said)  # a heading of two lines
                if rest and number + 1 < len(lines) and _letters(lines[number + 1].piece.text) == rest:
                    levels[number + 1] = entry.level
                break
    return levels


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _levels_by_looks(lines: Sequence[_Line]) -> dict[int, int]:
    """The levels of lines by their number: larger than most of the text, or in bold on a line of its own."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.piece.size] += len(line.piece.text)
    if not sizes:
        return {}
    body = sizes.most_common(1)[0][0]
    larger = [size for size in sizes if size >= body * _LARGER and sizes[size] <= 0.25 * sizes.total()]
    ranks = {size: min(rank, _MOST_LEVELS) for rank, size in enumerate(sorted(larger, reverse=True), start=1)}
    mostly_bold = sum(len(line.piece.text) for line in lines if line.piece.bold) > 0.3 * sizes.total()
    bold = min(len(ranks), _MOST_LEVELS) + 1
    levels: dict[int, int] = {}
    for number, line in enumerate(lines):
        if _may_head(line.piece) and line.piece.size in ranks:
            levels[number] = ranks[line.piece.size]
        elif not mostly_bold and line.piece.bold and line.piece.size >= body and _stands_alone(lines, number):
            levels[number] = bold
    return levels


def _may_head(piece: Piece) -> bool:
    is_short = not piece.table and len(piece.text) <= _LONGEST_HEADING
    return is_short and any(map(str.isalpha, piece.text)) and not _BULLET.match(piece.text)


def _stands_alone(lines: Sequence[_Line], number: int) -> bool:
    """A short bold line with a gap above it that does not end like a sentence."""
    piece = lines[number].piece
    if not _may_head(piece) or len(piece.text) > 80 or piece.text.rstrip().endswith((".", ",", ";", ":")):
        return False
    above = lines[number - 1] if number else None
    return above is None or above.page != lines[number].page or above.piece.y - piece.y > 1.5 * piece.size or (
        above.piece.y < piece.y)


def _joined(lines: Sequence[_Line]) -> list[_Line]:
    """A heading of several lines is one."""
    joined: list[_Line] = []
    for line in lines:
        last = joined[-1] if joined else None
        is_alike = last and last.level and (last.level, last.page, last.piece.size) == (
            line.level, line.page, line.piece.size)
        if last and is_alike and 0 < last.piece.y - line.piece.y < 1.6 * line.piece.size:
            piece = Piece(f"{last.piece.text} {line.piece.text}", last.piece.left, last.piece.right, line.piece.y,
                          line.piece.size, line.piece.bold)
            joined[-1] = _Line(line.page, piece, line.level)
        else:
            joined.append(line)
    return joined


def _parts(lines: Sequence[_Line], distance: float, words: Mapping[str, int]) -> Iterator[Part]:
    """A new part begins with each heading, and with each page."""
    level, heading, page, text = 0, "", lines[0].page if lines else 1, list[Piece]()
    for line in lines:
        if line.level or line.page != page:
            if text or heading:
                yield _part(_markdown(text, distance, words), level, heading, page)
            level, heading, page, text = line.level, line.piece.text if line.level else "", line.page, []
        if not line.level:
            text.append(line.piece)
    if text or heading:
        yield _part(_markdown(text, distance, words), level, heading, page)


def _part(text: str, level: int, heading: str, page: int) -> Part:
    return Part(text, level, " ".join(heading.split()), anchor=f"page={page}", place=f"page {page}")


def _markdown(lines: Sequence[Piece], distance: float, words: Mapping[str, int]) -> str:
    """Paragraphs, list items and tables."""
    blocks: list[list[Piece]] = []
    width = max((line.right - line.left for line in lines if not line.table), default=0.0)
    for line, last in zip(lines, [None, *lines], strict=False):
        if last is None or _begins(last, line, distance) or _ends_short(last, width):
            blocks.append([])
        blocks[-1].append(line)
    shown = [(_block(block, words), block[0]) for block in blocks]
    return "\n\n".join(_lists_together(shown)).strip()


def _begins(last: Piece, line: Piece, distance: float) -> bool:
    """Whether a line begins a paragraph of its own."""
    if last.table or line.table or _BULLET.match(line.text) or _NUMBER.match(line.text):
        return True
    if last.left - line.left > 2.5 * line.size and last.y > line.y:  # what was indented has ended
        return True
    gap = last.y - line.y
    if gap < 0 or gap > (distance + 0.45) * line.size:
        return gap > 0 or last.text.rstrip().endswith((".", "!", "?", ":"))  # the next column may go on
    return abs(last.size - line.size) > 0.1 * line.size


def _ends_short(line: Piece, width: float) -> bool:
    """The last line of a paragraph, where no gap tells one from the next."""
    return line.text.rstrip().endswith((".", "!", "?", ":")) and line.right - line.left < 0.8 * width


def _block(lines: Sequence[Piece], words: Mapping[str, int]) -> str:
    if lines[0].table:
        return lines[0].table
    text = _flowing((line.text for line in lines), words)
    if bullet := _BULLET.match(text):
        return f"- {escaped(text[bullet.end() :])}"
    if number := _NUMBER.match(text):
        return f"{number['number']}{number['mark']} {escaped(text[number.end() :])}"
    return escaped_line(text)


def _flowing(lines: Iterable[str], words: Mapping[str, int]) -> str:
    """Lines as one text; a word that was divided at a line's end is one word again."""
    listed = [" ".join(line.split()) for line in lines]
    text = listed[0]
    for above, line in pairwise(listed):
        first, last = _WORD.match(line), re.search(r"([^\W\d]+)-$", above)
        if first and last and line[:1].islower():
            whole, divided = f"{last[1]}{first[0]}", f"{last[1]}-{first[0]}"
            keeps = words.get(divided.lower(), 0) > words.get(whole.lower(), 0)
            text = f"{text if keeps else text[:-1]}{line}"
        else:
            text = f"{text} {line}"
    return text


def _lists_together(blocks: Iterable[tuple[str, Piece]]) -> Iterator[str]:
    """Items of one list without blank lines between them, each as deep as its left edge says; with their first line."""
    group: list[str] = []
    above: list[tuple[Piece, int]] = []
    for block, first in blocks:
        item = _ITEM.match(block)
        if not item:
            if group:
                yield "\n".join(group)
            group, above = [], []
            yield block
            continue
        if above and first.y > above[-1][0].y - 0.5 * first.size:  # the next column has edges of its own
            above = []
        while above and first.left < above[-1][0].left + 0.5 * first.size:
            above.pop()
        group.append(" " * sum(width for _, width in above) + block)
        above.append((first, len(item[0])))
    if group:
        yield "\n".join(group)
