"""Pure: pieces of a PDF page in the order in which people read them, columns one after the other; then lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median


@dataclass(frozen=True, slots=True)
class Piece:
    """Text of one size on one line without a wide gap, or a whole table. In points, from the page's lower left."""

    text: str
    left: float
    right: float
    y: float
    """The base line; of a table its upper edge."""
    size: float
    bold: bool = False
    table: str = ""
    """Markdown; the text is empty then."""


_MOST_PIECES = 6_000
_DEEPEST = 40
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def in_reading_order(pieces: Sequence[Piece]) -> list[Piece]:
    """Lines from top to bottom; where columns stand side by side, one after the other."""
    if len(pieces) > _MOST_PIECES:
        return _by_rows(pieces)
    return _ordered(_by_rows(pieces), 0)


def _ordered(pieces: list[Piece], depth: int) -> list[Piece]:
    if len(pieces) < 6 or depth > _DEEPEST:
        return pieces
    gutter = _gutter(pieces)
    if gutter is not None:
        left = [piece for piece in pieces if piece.right <= gutter]
        right = [piece for piece in pieces if piece.right > gutter]
        return [*_ordered(left, depth + 1), *_ordered(right, depth + 1)]
    spanning = _spanning(pieces)
    if not spanning:
        return pieces
    ordered: list[Piece] = []
    band: list[Piece] = []
    for piece in pieces:
        if piece in spanning:
            ordered += [*_ordered(band, depth + 1), piece]
            band = []
        else:
            band.append(piece)
    return [*ordered, *_ordered(band, depth + 1)]


def _gutter(pieces: Sequence[Piece]) -> float | None:
    """Where a blank strip stands between two columns of running text; None where there is none."""
    best: tuple[float, float] | None = None
    for left, right in _strips(pieces):
        width = right - left
        size = median(piece.size for piece in pieces)
        if width >= 0.7 * size and _are_columns(pieces, (left + right) / 2) and (best is None or width > best[0]):
            best = width, (left + right) / 2
    return best[1] if best else None


def _strips(pieces: Sequence[Piece]) -> list[tuple[float, float]]:
    """The blank strips from top to bottom, without the margins."""
    spans = sorted((piece.left, piece.right) for piece in pieces)
    end = spans[0][1]
    strips = []
    for left, right in spans[1:]:
        if left > end:
            strips.append((end, left))
        end = max(end, right)
    return strips


def _are_columns(pieces: Sequence[Piece], at: float) -> bool:
    """Both sides hold several lines that fill their width: cells of a table and labels do not."""
    sides = [piece for piece in pieces if piece.right <= at], [piece for piece in pieces if piece.left >= at]
    heights = []
    for side in sides:
        if len(side) < 3:
            return False
        width = max(piece.right for piece in side) - min(piece.left for piece in side)
        size = median(piece.size for piece in side)
        if median(piece.right - piece.left for piece in side) < 0.55 * width or width < 8 * size:
            return False
        heights.append((min(piece.y for piece in side), max(piece.y for piece in side)))
    (low, high), (other_low, other_high) = heights
    return min(high, other_high) > max(low, other_low)  # they stand side by side


def _spanning(pieces: Sequence[Piece]) -> set[Piece]:
    """The few pieces, such as a title, without which there are columns; none if there are none."""
    left, right = min(piece.left for piece in pieces), max(piece.right for piece in pieces)
    width = right - left
    tries = [left + width * share for share in (0.5, 0.34, 0.66, 0.4, 0.6, 0.45, 0.55)]
    for at in tries:
        crossing = {piece for piece in pieces if piece.left < at < piece.right}
        rest = [piece for piece in pieces if piece not in crossing]
        if crossing and len(crossing) <= 0.4 * len(pieces) and len(rest) >= 6 and _gutter(rest) is not None:
            return crossing
    return set()


def _by_rows(pieces: Sequence[Piece]) -> list[Piece]:
    """From the top; what shares a base line from the left."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: -piece.y):
        if rows and abs(rows[-1][0].y - piece.y) <= _one_row(rows[-1][0], piece):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [piece for row in rows for piece in sorted(map(_lowered(row), row), key=lambda piece: piece.left)]


def _lowered(row: Sequence[Piece]) -> Callable[[Piece], Piece]:
    """Puts what is raised onto the base line of its row; figures stay raised, for 500 and a note would be 5001."""
    base = max(row, key=lambda piece: piece.size)

    def lowered(piece: Piece) -> Piece:
        return replace(piece, y=base.y, text=piece.text.translate(_RAISED)) if _is_raised(piece, base) else piece
    return lowered


def _is_raised(mark: Piece, beside: Piece) -> bool:
    """The mark of a note: a few small characters, higher than the text beside them."""
    is_small = mark.size < 0.75 * beside.size and len(mark.text.strip()) <= 3 and not mark.table
    return is_small and 0 < mark.y - beside.y <= 0.6 * beside.size


def _one_row(last: Piece, piece: Piece) -> float:
    """By how much base lines on one row may differ: the mark of a note is small, and stands higher."""
    return 0.6 * piece.size if _is_raised(last, piece) else 0.35 * min(last.size, piece.size)


def joined_lines(pieces: Sequence[Piece]) -> list[Piece]:
    """Pieces that follow each other on one base line as one, in their order."""
    lines: list[Piece] = []
    for piece in pieces:
        last = lines[-1] if lines else None
        if last and on_one_line(last, piece) and piece.left >= last.right - piece.size:
            lines[-1] = glued(last, piece)
        else:
            lines.append(piece)
    return [line for line in lines if line.table or line.text.strip()]


def on_one_line(last: Piece, piece: Piece) -> bool:
    """Whether two pieces of text share a base line, as superscripts do."""
    return not (last.table or piece.table) and abs(last.y - piece.y) <= 0.35 * max(last.size, piece.size)


def glued(last: Piece, piece: Piece) -> Piece:
    """Two neighbours on a line as one: where only the style changes, the words may touch."""
    touches = piece.left - last.right < 0.12 * piece.size or piece.text[0] in ".,;:!?)"
    longer = last if len(last.text) >= len(piece.text) else piece
    return replace(last, text=f"{last.text}{'' if touches else ' '}{piece.text}", right=max(last.right, piece.right),
                   size=longer.size, bold=last.bold and piece.bold)


def usual_distance(lines: Sequence[Piece]) -> float:
    """Between two base lines of one paragraph, in sizes of the letters."""
    distances = [(above.y - below.y) / below.size for above, below in pairwise(lines)
                 if not (above.table or below.table) and above.size == below.size
                 and 0 < above.y - below.y < 3 * below.size]
    return median(distances) if distances else 1.2
