"""An Excel workbook (.xlsx), by openpyxl: a sheet with questions and answers is an FAQ, any other one a table."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from xml.parsers import expat

from indexer.readers import faq_csv, sheet_values
from indexer.readers.escaping import escaped, markdown_table
from indexer.readers.faults import Fault, Reading
from indexer.readers.office import opened
from indexer.readers.structure import Part, document_of
from indexer.readers.word import core_title
from indexer.types import Document, Failure

_LARGEST_XML = 100_000_000
_MOST_ROWS = 20_000
_MOST_COLUMNS = 100
_ROWS_AT_ONCE = 400
_LOOKED_THROUGH = 500
"""Filled rows among which one with the names of an FAQ's columns, a limit among them, is not overlooked."""
_PLAIN = frozenset({"id", "review_by", "valid_from", "valid_to"})
_TRUE = ("1", "true")
_LINE = re.compile(r"^Line (\d+): ")
_IN_LINE = re.compile(r"\bin line (\d+)")


@dataclass(frozen=True, slots=True)
class _Row:
    """A row that holds anything."""

    number: int
    shown: list[str]
    plain: list[str]
    """The same without number formats: days as the contract writes them."""
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    rows: list[_Row]
    hidden_columns: frozenset[int]
    """Counted from 0."""

    def is_faq(self) -> bool:
        return faq_csv.header_at([(row.number, row.plain) for row in self.rows[: faq_csv.HEADER_WITHIN]]) is not None

    def entries(self) -> list[faq_csv.Row]:
        """What an FAQ is read from: hidden columns, too, for they may say whom an entry is for."""
        begin = faq_csv.header_at([(row.number, row.plain) for row in self.rows[: faq_csv.HEADER_WITHIN]]) or 0
        names = faq_csv.names_of(self.rows[begin].plain)
        is_plain = [name in _PLAIN for name in names] + [False] * _MOST_COLUMNS
        return [(row.number, [plain if is_plain[column] else shown for column, (shown, plain)
                              in enumerate(zip(row.shown, row.plain, strict=True))])
                for number, row in enumerate(self.rows) if number <= begin or not row.is_hidden]

    def table(self) -> list[list[str]]:
        """What is to be seen. Raises Fault where it says for whom it is, and nothing would heed it."""
        rows = [row.plain for row in self.rows[:_LOOKED_THROUGH]]
        limit = (faq_csv.limit_in(cells for cells in rows if faq_csv.heads(cells))
                 # A table of rates may well say from when each is valid.
                 or faq_csv.limit_in(rows[: faq_csv.HEADER_WITHIN], {"audience"}))
        if limit:
            raise Fault(f"Sheet {self.name}: `{limit}` stands here, but the sheet is read as a table, of which no row "
                        "can be kept from anybody; give it the columns `question` and `answer`, or call this one "
                        "something else and say for whom the file is in a .meta.yaml beside it.")
        seen = ([cell for column, cell in enumerate(row.shown) if column not in self.hidden_columns]
                for row in self.rows if not row.is_hidden)
        return [cells for cells in seen if any(cells)]


def read(content: bytes, file_id: str) -> Reading:
    """The entries of FAQ sheets, those with a fault apart, and one document of all other sheets that are shown."""
    from openpyxl import load_workbook

    with opened(content, "xl/workbook.xml", "Excel workbook", _LARGEST_XML) as archive:
        title = core_title(archive)
    workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    try:
        sheets = [_sheet(sheet) for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
    finally:
        workbook.close()
    filled = [sheet for sheet in sheets if sheet.rows]
    entries = _entries([(sheet.name, sheet.entries()) for sheet in filled if sheet.is_faq()], file_id)
    tables, failures = _tables([sheet for sheet in filled if not sheet.is_faq()], file_id)
    entries = replace(entries, failures=(*entries.failures, *failures))
    if not tables:
        if not (entries.documents or entries.failures):
            raise Fault("The workbook holds no text.")
        return entries
    parts = [part for name, rows in tables for part in _parts(name, rows)]
    return replace(entries, documents=(*entries.documents, document_of(parts, file_id, title=title)))


def _sheet(sheet: Any) -> _Sheet:
    """Raises Fault for one that nobody reads."""
    hidden_rows, hidden_columns = _hidden(sheet)
    sheet.reset_dimensions()  # what the file says about its size may be wrong
    rows: list[_Row] = []
    for number, cells in enumerate(sheet.iter_rows(max_col=_MOST_COLUMNS), start=1):
        plain = [sheet_values.plain(cell.value) for cell in cells]
        if any(plain):
            if len(rows) == _MOST_ROWS:
                raise Fault(f"The sheet {sheet.title} has more than {_MOST_ROWS:,} rows; keep what people ask about.")
            shown = [text if cell.value is None or isinstance(cell.value, str)
                     else sheet_values.shown(cell.value, cell.number_format)
                     for cell, text in zip(cells, plain, strict=True)]
            rows.append(_Row(number, shown, plain, number in hidden_rows))
    return _Sheet(sheet.title, rows, frozenset(hidden_columns))


def _hidden(sheet: Any) -> tuple[set[int], set[int]]:
    """The numbers of hidden rows (from 1) and columns (from 0), which openpyxl does not tell of large sheets."""
    rows: set[int] = set()
    columns: set[int] = set()
    number = 0

    def begin(name: str, said: dict[str, str]) -> None:
        nonlocal number
        kind, is_hidden = name.rpartition(":")[2], said.get("hidden") in _TRUE
        if kind == "row":
            number = int(said.get("r") or number + 1)
            rows.update([number] if is_hidden else [])
        elif kind == "col" and is_hidden:
            columns.update(range(int(said.get("min", "1")) - 1, min(int(said.get("max", "1")), _MOST_COLUMNS)))

    with sheet._get_source() as source:
        content = source.read()
    if b"hidden=" in content:
        parser = expat.ParserCreate()
        parser.StartElementHandler = begin
        parser.Parse(content, True)
    return rows, columns


def _tables(sheets: Sequence[_Sheet], file_id: str) -> tuple[list[tuple[str, list[list[str]]]], list[Failure]]:
    """The rows of each sheet that is no FAQ, by its name; those with a limit that nothing would heed, apart."""
    tables: list[tuple[str, list[list[str]]]] = []
    failures: list[Failure] = []
    for sheet in sheets:
        try:
            rows = sheet.table()
        except Fault as fault:
            failures.append(Failure(file_id, fault.reason))
            continue
        if rows:
            tables.append((sheet.name, rows))
    return tables, failures


def _entries(sheets: Sequence[tuple[str, list[faq_csv.Row]]], file_id: str) -> Reading:
    """The entries of all FAQ sheets; an id may stand in one of them only."""
    documents: dict[str, Document] = {}
    failures: list[Failure] = []
    for name, rows in sheets:
        try:
            reading = faq_csv.reading_of_rows(rows, file_id)
        except Fault as fault:
            failures.append(Failure(file_id, _placed(fault.reason, name)))
            continue
        failures += [Failure(failure.document, _placed(failure.reason, name)) for failure in reading.failures]
        for document in reading.documents:
            if document.id in documents:
                failures.append(Failure(document.id, f"Sheet {name}: Another sheet has an entry of this id; give each "
                                                     "entry an `id` of its own."))
            else:
                documents[document.id] = document
    return Reading(tuple(documents.values()), tuple(failures))


def _placed(reason: str, sheet: str) -> str:
    """Sheets have rows, not lines."""
    return _LINE.sub(lambda match: f"Sheet {sheet}, row {match[1]}: ", _IN_LINE.sub(r"in row \1", reason))


def _parts(name: str, rows: Sequence[Sequence[str]]) -> Iterator[Part]:
    """A sheet as a table below its name, long ones in pieces that all begin with the header."""
    cells = [[escaped(cell) for cell in row] for row in rows]
    start, notes = _header(cells)
    head, body = cells[start], cells[start + 1 :]
    for begin in range(0, max(len(body), 1), _ROWS_AT_ONCE):
        table = markdown_table([head, *body[begin : begin + _ROWS_AT_ONCE]])
        above, level, heading = (notes, 2, name) if begin == 0 else ([], 0, "")
        yield Part("\n\n".join([*above, table]), level, heading, place=f"sheet {name}")


def _header(rows: Sequence[Sequence[str]]) -> tuple[int, list[str]]:
    """Where the table begins: what stands above it, one cell a row, are titles and remarks."""
    for number, row in enumerate(rows):
        if sum(bool(cell) for cell in row) > 1:
            return number, [" ".join(cell for cell in above if cell) for above in rows[:number]]
    return 0, []
