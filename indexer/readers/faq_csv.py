"""An FAQ file as a table: a header row, then a question with its answer in each row."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice, pairwise

from indexer.readers.entries import NO_ENTRIES, Entry, reading_of
from indexer.readers.faults import Fault, Reading
from indexer.readers.fields import KNOWN, Value, name_of

_SEPARATORS = (",", ";", "\t")
_REQUIRED = ("question", "answer")
_COLUMNS = KNOWN - {"title"}
_LISTS = frozenset({"also_asked", "audience"})
_BETWEEN_ITEMS = re.compile(r"[|;\n]")
LIMITS = frozenset({"audience", "valid_from", "valid_to"})
"""Columns that say for whom and when an entry holds: one that is overlooked would open it to everybody."""
HEADER_WITHIN = 10
"""Filled rows among which the header is looked for: a title and remarks may stand above it."""
_REMARK = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_MANY = {"questions": "question", "answers": "answer", "audiences": "audience"}

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
    begin = header_at(rows) or 0
    if limit := limit_in(cells for _, cells in rows[:begin]):
        raise Fault(f"`{limit}` stands above the row of column names, where it means nothing; make it a column.")
    (line, header), *entries = rows[begin:]
    columns = _columns(header, line)
    if not entries:
        raise Fault(NO_ENTRIES, line)
    return reading_of((_entry(cells, columns, start, separator) for start, cells in entries), file_id)


def header_at(rows: Sequence[Row]) -> int | None:
    """The place of the row of column names; None where the first ten rows hold none of an FAQ.

    Of a first row with only one of the two columns it is believed that the other one was forgotten.
    """
    whole = (number for number, (_, cells) in enumerate(rows[:HEADER_WITHIN]) if heads(cells))
    first = 0 if rows and any(name in _REQUIRED for name in names_of(rows[0][1])) else None
    return next(whole, first)


def heads(cells: Sequence[str]) -> bool:
    """Whether this row names both columns of an FAQ."""
    return set(names_of(cells)).issuperset(_REQUIRED)


def limit_in(rows: Iterable[Sequence[str]], names: Collection[str] = LIMITS) -> str | None:
    """The name of a limit that stands in a cell of these rows."""
    return next((name for cells in rows for cell in cells if (name := _bare(cell)) in names), None)


def names_of(header: Sequence[str]) -> list[str]:
    """The columns as the contract writes them: `Questions`, `Answer*`, `Question (EN)`, and `Q` beside `A`.

    Where two would be the question or the answer, neither is, if none is written plainly.
    """
    plain, bare = [name_of(cell) for cell in header], [_bare(cell) for cell in header]
    for number, (question, answer) in enumerate(pairwise(bare)):
        if (question, answer) == ("q", "a") and not {*bare}.intersection(_REQUIRED):
            bare[number : number + 2] = _REQUIRED
    return [name if name in LIMITS or (name in _COLUMNS and name not in plain and bare.count(name) == 1) else written
            for written, name in zip(plain, bare, strict=True)]


def _bare(cell: str) -> str:
    """A column's name without stars, colons and remarks in brackets."""
    name = name_of(_REMARK.sub(" ", cell).strip(" \t\r\n*:.†"))
    return _MANY.get(name, name)


def _separator(text: str) -> str:
    """The one that finds the most known columns in the row of column names."""
    return max(_SEPARATORS, key=lambda separator: _known_columns(text, separator))


def _known_columns(text: str, separator: str) -> int:
    rows: list[Row] = []
    with suppress(Fault):  # with this separator the quotation marks make no sense, at least from here on
        rows.extend(islice(_rows(text, separator), HEADER_WITHIN))
    return len(_COLUMNS.intersection(names_of(rows[header_at(rows) or 0][1]))) if rows else 0


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
    columns = names_of(header)
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
