"""An Excel workbook (.xlsx), by openpyxl: a sheet with questions and answers is an FAQ, any other one a table."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from indexer.readers import faq_csv
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
_ERRORS = frozenset({"#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!"})
_LINE = re.compile(r"^Line (\d+): ")
_IN_LINE = re.compile(r"\bin line (\d+)")


def read(content: bytes, file_id: str) -> Reading:
    """The entries of FAQ sheets, those with a fault apart, and one document of all other sheets that are shown."""
    from openpyxl import load_workbook

    with opened(content, "xl/workbook.xml", "Excel workbook", _LARGEST_XML) as archive:
        title = core_title(archive)
    workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    try:
        sheets = [(sheet.title, list(_rows(sheet))) for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
    finally:
        workbook.close()
    filled = [(name, rows) for name, rows in sheets if rows]
    if not filled:
        raise Fault("The workbook holds no text.")
    entries = _entries([(name, rows) for name, rows in filled if faq_csv.is_faq(rows[0][1])], file_id)
    tables = [(name, rows) for name, rows in filled if not faq_csv.is_faq(rows[0][1])]
    if not tables:
        return entries
    parts = [part for name, rows in tables for part in _parts(name, rows)]
    return replace(entries, documents=(*entries.documents, document_of(parts, file_id, title=title)))


def _rows(sheet: Any) -> Iterator[faq_csv.Row]:
    """Rows that hold anything, by their number. Raises Fault for a sheet that nobody reads."""
    sheet.reset_dimensions()  # what the file says about its size may be wrong
    found = 0
    for number, row in enumerate(sheet.iter_rows(values_only=True, max_col=_MOST_COLUMNS), start=1):
        cells = [_shown(value) for value in row]
        if any(cells):
            found += 1
            if found > _MOST_ROWS:
                raise Fault(f"The sheet {sheet.title} has more than {_MOST_ROWS:,} rows; keep what people ask about.")
            yield number, cells


def _shown(value: Any) -> str:
    """A cell as a person writes it; nothing for Excel's errors."""
    if value is None or (isinstance(value, str) and value in _ERRORS):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.10g}"
    return str(value).strip().replace("\r\n", "\n")


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


def _parts(name: str, rows: Sequence[faq_csv.Row]) -> Iterator[Part]:
    """A sheet as a table below its name, long ones in pieces that all begin with the header."""
    cells = [[escaped(cell) for cell in row] for _, row in rows]
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
