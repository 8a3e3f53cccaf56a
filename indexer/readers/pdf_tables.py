"""Pure: tables without ruled lines, told by pieces that stand below each other row after row."""

from __future__ import annotations

import re
from collections.abc import Sequence

from indexer.readers.escaping import escaped, markdown_table
from indexer.readers.pdf_layout import Piece, glued, on_one_line

_NEAR = 5.0
"""Points by which the edges of a column's cells may differ."""
_MARK = re.compile(r"^(?:\W{1,2}|o|\(?(?:\d{1,3}|[a-zA-Z])[.)])$")
_FEWEST_ROWS = {2: 3}
"""Two columns need so many rows to be no accident; more columns need two."""

_Row = list[Piece]


def with_aligned_tables(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces in their order, those that make a table as one."""
    rows = _rows(pieces)
    result: list[Piece] = []
    at = 0
    while at < len(rows):
        cells, taken = _table(rows, at)
        if taken:
            first, last = rows[at][0], rows[at][-1]
            result.append(Piece("", first.left, last.right, first.y, first.size, table=markdown_table(cells)))
            at += taken
        else:
            result.extend(rows[at])
            at += 1
    return result


def _rows(pieces: Sequence[Piece]) -> list[_Row]:
    """Neighbours on one base line."""
    rows: list[_Row] = []
    for piece in pieces:
        last = rows[-1][-1] if rows else None
        if last and on_one_line(last, piece) and piece.left >= last.right - 0.8 * piece.size:
            gap = piece.left - last.right
            if gap < 1.2 * piece.size:  # words of one cell in different styles
                rows[-1][-1] = glued(last, piece)
            else:
                rows[-1].append(piece)
        else:
            rows.append([piece])
    return rows


def _table(rows: Sequence[_Row], at: int) -> tuple[list[list[str]], int]:
    """The cells of the table that begins with a row, and how many rows of pieces it takes; 0: there is none."""
    head = rows[at]
    if len(head) < 2 or _MARK.match(head[0].text.strip()) or any(piece.table for piece in head):
        return [], 0
    cells = [[escaped(piece.text.strip()) for piece in head]]
    columns = [[piece.left, piece.right] for piece in head]
    full, end = 1, at + 1
    while end < len(rows) and (found := _columns_of(rows[end], columns)) is not None:
        if rows[end - 1][0].y - rows[end][0].y > 4 * rows[end][0].size:
            break
        if 0 in found or rows[end - 1][0].y - rows[end][0].y > 1.6 * rows[end][0].size:
            if 0 in found and len(found) == 1:
                break
            cells.append([""] * len(columns))
            full += len(found) == len(columns)
        for column, piece in zip(found, rows[end], strict=True):
            cells[-1][column] = f"{cells[-1][column]} {escaped(piece.text.strip())}".strip()
        end += 1
    return (cells, end - at) if full >= _FEWEST_ROWS.get(len(columns), 2) else ([], 0)


def _columns_of(row: _Row, columns: Sequence[Sequence[float]]) -> list[int] | None:
    """The columns in which a row's pieces stand; None if one stands in none of them, or two in the same."""
    found: list[int] = []
    for piece in row:
        column = next((number for number, (left, right) in enumerate(columns)
                       if abs(piece.left - left) <= _NEAR or abs(piece.right - right) <= _NEAR), None)
        if piece.table or column is None or (found and column <= found[-1]):
            return None
        found.append(column)
    return found
