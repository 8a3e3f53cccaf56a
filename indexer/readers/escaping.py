"""Plain text as Markdown that says the same: what only looks like markup is escaped, and tables are written."""

from __future__ import annotations

import re
from collections.abc import Sequence

_INLINE = re.compile(r"[`*]|\\(?=[!-/:-@\[-`{-~])|(?<!\w)_|_(?!\w)|<(?=[A-Za-z/!?])|&(?=#?\w+;)|"
                     r"\[(?=[^\]\n]{0,500}\][(\[:])|~~")
_LINE_START = re.compile(r"^(?P<indent>[ \t]*)(?P<mark>#{1,6}(?=\s|$)|>|[-+](?=\s|$)|[=-]+\s*$|\|)", re.MULTILINE)
_NUMBER_START = re.compile(r"^([ \t]*\d{1,9})([.)])(?=\s|$)", re.MULTILINE)
_BREAKS = re.compile(r"\s*\n\s*")


def escaped(text: str) -> str:
    """Words as they are: stars, angle brackets and the like show as such. Marks at a line's start stay."""
    return _INLINE.sub(lambda match: "".join(f"\\{mark}" for mark in match.group()), text)


def escaped_line(text: str) -> str:
    """The same for a paragraph: no line of it begins a heading, a list, a quote or a table either."""
    safe = _LINE_START.sub(lambda match: f"{match['indent']}\\{match['mark']}", escaped(text))
    return _NUMBER_START.sub(r"\1\\\2", safe)


def markdown_table(rows: Sequence[Sequence[str]]) -> str:
    """A table whose first row is the header; empty rows and columns are left out, line breaks become `<br>`.

    The cells are Markdown already, but for `|`.
    """
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    if not filled:
        return ""
    width = max(len(row) for row in filled)
    full = [[*row, *([""] * (width - len(row)))] for row in filled]
    columns = [number for number in range(width) if any(row[number].strip() for row in full)]
    head, *body = [[_cell(row[number]) for number in columns] for row in full]
    rule = ["---"] * len(columns)
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rule, *body))


def _cell(text: str) -> str:
    return _BREAKS.sub("<br>", text.strip()).replace("|", "\\|").replace("\t", " ")
