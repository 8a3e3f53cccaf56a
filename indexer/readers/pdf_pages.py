"""The pages of a PDF, by PDFium: what stands where, and how large. Tables with ruled lines by pdfplumber."""

from __future__ import annotations

import ctypes
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeAlias

from indexer.readers.escaping import escaped, markdown_table
from indexer.readers.pdf_layout import Piece

_RULED = range(4, 4_000)
"""So many lines and rectangles make tables worth looking for; more are a drawing."""
_MOST_CHARACTERS = 60_000
_WIDE_GAP = 1.6
"""In sizes of the letters: two pieces, not two words."""
_BOLD = re.compile(r"bold|black|heavy|semibold|demi", re.IGNORECASE)
_Box: TypeAlias = tuple[float, float, float, float]
_BREAKS = "\r\n\x02￾"
_LIGATURES = str.maketrans({"ﬁ": "fi", "ﬂ": "fl", "ﬀ": "ff", "ﬃ": "ffi", "ﬄ": "ffl", "\xa0": " ", "\xad": "-"})


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it stands on the screen."""

    number: int
    """Counted from 1."""
    width: float
    height: float
    pieces: tuple[Piece, ...]
    has_pictures: bool


class Plumber:
    """Opens the file a second time, and only if a page has lines that may be those of a table."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._pdf: Any = None

    def tables(self, number: int) -> Sequence[tuple[_Box, str]]:
        """Edges (left, top, right, bottom; from the page's upper left) and Markdown of the tables of a page."""
        import pdfplumber

        if self._pdf is None:
            self._pdf = pdfplumber.open(io.BytesIO(self._content))
        page = self._pdf.pages[number - 1]
        try:
            return [(table.bbox, rows) for table in page.find_tables() if (rows := _rows(table))]
        finally:
            page.close()

    def close(self) -> None:
        if self._pdf is not None:
            self._pdf.close()


def _rows(table: Any) -> str:
    """Markdown; empty for a frame around a text, which is no table."""
    rows = [[escaped(" ".join((cell or "").split())) for cell in row] for row in table.extract()]
    _spread(rows, [list(row.cells) for row in table.rows])
    filled = [row for row in rows if any(row)]
    is_table = len(filled) > 1 and max(sum(bool(cell) for cell in row) for row in filled) > 1
    return markdown_table(filled) if is_table else ""


def _spread(rows: list[list[str]], boxes: list[list[_Box | None]]) -> None:
    """A cell that spans rows stands in each of them."""
    for number in range(1, len(rows)):
        top = max((box[1] for box in boxes[number] if box), default=0.0)
        for column, above in enumerate(boxes[number - 1]):
            if boxes[number][column] is None and above is not None and above[3] > top + 1:
                rows[number][column] = rows[number - 1][column]
                boxes[number][column] = above


def page_of(page: Any, number: int, plumber: Plumber) -> Page:
    """A page of PDFium's as pieces of text and tables."""
    import pypdfium2.raw as raw

    width, height = page.get_size()
    rotation = page.get_rotation()
    text_page = page.get_textpage()
    try:
        pieces = list(_pieces(text_page, rotation, width, height))
    finally:
        text_page.close()
    paths = page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=3)
    ruled = sum(1 for _ in islice(paths, _RULED.stop))
    pictures = next(iter(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3)), None) is not None
    if pieces and ruled in _RULED and not rotation:
        pieces = _with_tables(pieces, plumber.tables(number), height)
    return Page(number, width, height, tuple(pieces), pictures)


def _with_tables(pieces: list[Piece], tables: Sequence[tuple[_Box, str]], height: float) -> list[Piece]:
    """Each table in the place of the pieces that it is made of."""
    for (left, top, right, bottom), rows in tables:
        within = [piece for piece in pieces if left - 2 <= (piece.left + piece.right) / 2 <= right + 2
                  and height - bottom - 2 <= piece.y + piece.size * 0.3 <= height - top + 2]
        if within:
            pieces = [piece for piece in pieces if piece not in within]
            pieces.append(Piece("", left, right, height - top, within[0].size, table=rows))
    return pieces


def _pieces(text_page: Any, rotation: int, width: float, height: float) -> Iterator[Piece]:
    """Letters that follow each other on one base line, in one size and without a wide gap."""
    letters: list[_Letter] = []
    for letter in _letters(text_page, rotation, width, height):
        if letters and not _follows(letters[-1], letter):
            yield from _piece(letters)
            letters = []
        letters.append(letter)
    yield from _piece(letters)


@dataclass(frozen=True, slots=True)
class _Letter:
    text: str
    left: float
    right: float
    y: float
    size: float
    bold: bool
    after_space: bool


def _follows(last: _Letter, letter: _Letter) -> bool:
    size = max(last.size, letter.size)
    return (abs(last.y - letter.y) < 0.3 * size and -0.9 * size < letter.left - last.right < _WIDE_GAP * size
            and abs(last.size - letter.size) < 0.15 * size and last.bold == letter.bold)


def _piece(letters: Sequence[_Letter]) -> Iterator[Piece]:
    text = "".join(f" {letter.text}" if letter.after_space and number else letter.text
                   for number, letter in enumerate(letters))
    if text.strip():
        first = letters[0]
        yield Piece(text.translate(_LIGATURES), first.left, max(letter.right for letter in letters), first.y,
                    round(first.size * 2) / 2, first.bold)


def _letters(text_page: Any, rotation: int, width: float, height: float) -> Iterator[_Letter]:
    """Every visible character; spaces are noted with the one after them."""
    import pypdfium2.raw as raw

    handle = text_page.raw
    left, right, bottom, top, x, y = (ctypes.c_double() for _ in range(6))
    name = ctypes.create_string_buffer(128)
    bold: dict[bytes, bool] = {}
    after_space = False
    for index in range(min(text_page.count_chars(), _MOST_CHARACTERS)):
        code = raw.FPDFText_GetUnicode(handle, index)
        text = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
        if text in _BREAKS:
            text = "-" if text in "\x02￾" else " "
        if text.isspace() or text == "\xa0":
            after_space = True
            continue
        raw.FPDFText_GetCharBox(handle, index, left, right, bottom, top)
        raw.FPDFText_GetCharOrigin(handle, index, x, y)
        raw.FPDFText_GetFontInfo(handle, index, name, 128, None)
        if name.value not in bold:
            bold[name.value] = bool(_BOLD.search(name.value.decode("latin-1")))
        size = _size(raw, handle, index)
        box = left.value, right.value, bottom.value, top.value
        begin, end, base = _turned(rotation, (width, height), box, (x.value, y.value))
        yield _Letter(text, begin, end, base, size, bold[name.value], after_space)
        after_space = False


def _size(raw: Any, handle: Any, index: int) -> float:
    """As it is shown: the font's size times what the text's matrix makes of it."""
    matrix = raw.FS_MATRIX()
    size = float(raw.FPDFText_GetFontSize(handle, index))
    if raw.FPDFText_GetMatrix(handle, index, matrix):
        scale = (matrix.c**2 + matrix.d**2) ** 0.5
        size *= scale or 1.0
    return max(size, 1.0)


def _turned(rotation: int, shown: tuple[float, float], box: _Box, origin: tuple[float, float]
            ) -> tuple[float, float, float]:
    """Left, right and base line of a character on a page that is turned; `shown`: its width and height then."""
    width, height = shown
    left, right, bottom, top = box
    x, y = origin
    if rotation == 90:
        return bottom, top, height - x
    if rotation == 180:
        return width - right, width - left, height - y
    if rotation == 270:
        return width - top, width - bottom, x
    return left, right, y
