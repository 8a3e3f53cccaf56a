"""An FAQ file as a table: a header row, then a question with its answer in each row."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence

from indexer.readers.entries import NO_ENTRIES, Entry, reading_of
from indexer.readers.faults import Fault, Reading
from indexer.readers.fields import KNOWN, Value, name_of

_SEPARATORS = (",", ";", "\t")
_REQUIRED = ("question", "answer")
_COLUMNS = KNOWN - {"title"}
_LISTS = frozenset({"also_asked", "audience"})
_BETWEEN_ITEMS = re.compile(r"[|;\n]")

Row = tuple[int, list[str]]
"""The line where it starts, and its cells."""


def read(text: str, file_id: str) -> Reading:
    """The rows of the file, those with a fault apart. Raises Fault if it is no FAQ table at all."""
    separator = _separator(text)
    rows = list(_rows(text, separator))  # the whole file first: after a quotation mark gone astray no row is sure
    return reading_of_rows(rows, file_id, separator)


def reading_of_rows(rows: Sequence[Row], file_id: str, separator: str = "") -> Reading:
    """The same for rows from elsewhere, those that hold anything. Raises Fault if they are no FAQ table."""
    if not rows:
        raise Fault(NO_ENTRIES)
    (line, header), *entries = rows
    columns = _columns(header, line)
    if not entries:
        raise Fault(NO_ENTRIES, line)
    return reading_of((_entry(cells, columns, start, separator) for start, cells in entries), file_id)


def is_faq(header: Sequence[str]) -> bool:
    """Whether a table with this first row is meant to be an FAQ: one of the two columns may still be missing."""
    return any(name in _REQUIRED for name in map(name_of, header))


def _separator(text: str) -> str:
    """The one that finds the most known columns in the header row."""
    return max(_SEPARATORS, key=lambda separator: _known_columns(text, separator))


def _known_columns(text: str, separator: str) -> int:
    try:
        _, header = next(_rows(text, separator), (0, []))
    except Fault:
        return 0  # with this separator the quotation marks make no sense
    return len(_COLUMNS.intersection(map(name_of, header)))


def _rows(text: str, separator: str) -> Iterator[Row]:
    """The rows that hold anything. Raises Fault where the quotation marks do not fit."""
    reader = csv.reader(io.StringIO(text), delimiter=separator, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise Fault(f"The table cannot be read from here on ({error}). Put a cell with `{_shown(separator)}`, `\"` "
                        'or a line break in quotation marks, and write `"` twice inside of them.', line) from None
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield line, cells


def _columns(header: Sequence[str], line: int) -> list[str]:
    """The name of each column. Raises Fault for a table that is no FAQ."""
    columns = [name_of(cell) for cell in header]
    if missing := [name for name in _REQUIRED if name not in columns]:
        raise Fault(f"An FAQ table begins with a row of column names, `question` and `answer` among them; "
                    f"{' and '.join(f'`{name}`' for name in missing)} cannot be found.", line)
    if twice := [name for name in columns if name in _COLUMNS and columns.count(name) > 1]:
        raise Fault(f"The column `{twice[0]}` stands here twice; keep one.", line)
    return columns


def _entry(cells: Sequence[str], columns: Sequence[str], line: int, separator: str) -> Entry:
    if any(cell.strip() for cell in cells[len(columns):]):
        return Entry(line, Fault("This row has more cells than the header; put a text with "
                                 f"`{_shown(separator)}` in it in quotation marks.", line))
    return Entry(line, {name: _value(cell, name, line) for name, cell in zip(columns, cells, strict=False)})


def _value(cell: str, name: str, line: int) -> Value:
    if name in _LISTS:
        return Value(line, items=tuple(Value(line, text=item) for item in _BETWEEN_ITEMS.split(cell)))
    return Value(line, text=cell)


def _shown(separator: str) -> str:
    return "tab" if separator == "\t" else separator
