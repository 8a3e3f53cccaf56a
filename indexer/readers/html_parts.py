"""From HTML elements to parts of Markdown: shared by web pages, Word and reStructuredText."""

from __future__ import annotations

import copy
import re
from collections import deque
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from indexer.readers.escaping import escaped
from indexer.readers.structure import Part

if TYPE_CHECKING:
    from bs4 import Tag

_HEADINGS = re.compile(r"^h[1-6]$")
_NO_SECTION = ("table", "li", "blockquote", "details", "figure", "dd")
"""A heading inside of these is a bold line of their text."""
_MARK = "\ue000{}\ue001"
_MARKED = re.compile("^[ \t]*\ue000(\\d+)\ue001[ \t]*$", re.MULTILINE)
_PRIVATE = re.compile("[\ue000\ue001]")
_SPACES = re.compile(r"[ \t\r\n\f\xa0]+")
_CAPTION_TWICE = re.compile(r"\*\[(?P<alt>[^\]\n]{1,500})\]\*\n\n\*?(?P=alt)\*?(?=\n|$)")
_BLANK_LINES = re.compile(r"\n{3,}")
_ADMONITION = ".admonition, .confluence-information-macro, .markdown-alert, .alert"
_ADMONITION_TITLE = ".admonition-title, .markdown-alert-title, :scope > .title, .alert-heading"
_LANGUAGE = re.compile(r"^(?:language-|lang-|highlight-|brush:\s*)([\w+#-]+)$")
SAYS_NOTHING = re.compile(r"[\w-]+\.\w{2,4}|.+\.(?:png|jpe?g|gif|svg|bmp|tiff?|[ew]mf)|image ?\d*|img", re.IGNORECASE)
_LEADS_SOMEWHERE = re.compile(r"^(?:https?:|mailto:|tel:|[^:]*$)", re.IGNORECASE)
_MOST_TAGS = 400_000
_MOST_REPEATED = 50_000
"""Cells that stand in further rows, for they span them; one that spans columns counts as so many."""
_LONGEST_REPEATED = 200
"""Characters of a cell that is repeated in the rows that it spans; of a longer one the place is kept."""
_DEEPEST = 250


def parts_of(main: Tag) -> list[Part]:
    """The element's headings, each with the text below it. Changes the element.

    Raises RecursionError for one that is nested absurdly, MemoryError for one that nobody wrote.
    """
    from bs4.element import NavigableString

    _limit(main)
    for said in main.find_all(string=True):
        # Line breaks of the source mean nothing.
        if type(said) is NavigableString and said.find_parent(["pre", "textarea"]) is None:
            said.replace_with(NavigableString(_PRIVATE.sub("", _SPACES.sub(" ", str(said)))))
    _flatten_admonitions(main)
    _spread_cells(main)
    marks = _mark_headings(main)
    markdown = _converter().convert_soup(main)
    texts = _MARKED.split(_BLANK_LINES.sub("\n\n", markdown))
    parts = [Part(text=_trimmed(texts[0]))]
    for number, text in zip(texts[1::2], texts[2::2], strict=True):
        level, heading, anchor = marks[int(number)]
        parts.append(Part(_trimmed(text), level, heading, anchor))
    return parts


def _limit(main: Tag) -> None:
    """What nobody wrote by hand would take minutes."""
    for count, tag in enumerate(main.find_all(True)):
        if count > _MOST_TAGS:
            raise MemoryError
        if count % 97 == 0 and sum(1 for _ in tag.parents) > _DEEPEST:
            raise RecursionError


def _mark_headings(main: Tag) -> dict[int, tuple[int, str, str]]:
    """A mark in each heading's place; what it was, by the mark's number."""
    marks: dict[int, tuple[int, str, str]] = {}
    for heading in main.find_all(_HEADINGS):
        text = heading.get_text(" ", strip=True)
        if heading.find_parent(_NO_SECTION):
            heading.name = "p"
            if text:
                heading.clear()
                bold = _new("strong")
                bold.string = text
                heading.append(bold)
            continue
        if not text:
            heading.extract()
            continue
        number = len(marks)
        marks[number] = int(heading.name[1]), text, _anchor(heading)
        mark = _new("p")
        mark.string = _MARK.format(number)
        heading.replace_with(mark)
    return marks


def _anchor(heading: Tag) -> str:
    """The heading's own id, that of a target inside of it, or of the section that it opens."""
    own = heading.get("id") or next((inner.get("id") or inner.get("name") for inner in heading.find_all(["a", "span"])
                                     if inner.get("id") or inner.get("name")), None)
    parent = heading.parent
    if own is None and parent is not None and parent.name in ("section", "div") and parent.get("id"):
        first = next((child for child in parent.find_all(True, recursive=False) if child.name != "span"), None)
        before = heading.find_previous_sibling("span", id=True)  # a target of its own, as docutils puts it
        own = (before or parent)["id"] if first is heading else None
    return str(own or "")


def _flatten_admonitions(main: Tag) -> None:
    """A quote whose first line says in bold what it is."""
    for box in main.select(_ADMONITION):
        title = box.select_one(_ADMONITION_TITLE)
        if title is not None:
            text = title.get_text(" ", strip=True).rstrip(":")
            title.name = "p"
            title.clear()
            bold = _new("strong")
            bold.string = f"{text}:"
            title.append(bold)
        box.name = "blockquote"


def _spread_cells(main: Tag) -> None:
    """A cell that spans rows stands in each of them: Markdown knows no spans, and the cells beside it would move.

    Raises MemoryError for spans that nobody wrote.
    """
    tables = {id(table): table for cell in main.select("[rowspan]") if (table := cell.find_parent("table")) is not None}
    left = iter(range(_MOST_REPEATED))
    for table in tables.values():
        spanning: dict[int, tuple[Tag, int]] = {}
        for row in table.find_all("tr"):
            if row.find_parent("table") is table:
                taken = (_number(cell, "colspan") for cell, _ in spanning.values())
                if any(next(left, None) is None for _ in range(sum(taken))):
                    raise MemoryError
                spanning = _spread_row(row, spanning)


def _spread_row(row: Tag, spanning: dict[int, tuple[Tag, int]]) -> dict[int, tuple[Tag, int]]:
    """Put cells of the rows above into a row. Takes and returns cells by their column, with the rows still to fill."""
    below: dict[int, tuple[Tag, int]] = {}
    cells, ahead, column = deque(row.find_all(["td", "th"], recursive=False)), deque(sorted(spanning)), 0
    while cells or ahead:
        if ahead and (ahead[0] <= column or not cells):
            column = max(column, ahead[0])
            cell, left = spanning[ahead.popleft()]
            _put_before(row, cells, copy.copy(cell))
        else:
            cell = cells.popleft()
            left = _number(cell, "rowspan")
            del cell["rowspan"]
            cell = _repeated(cell) if left > 1 else cell
        if left > 1:
            below[column] = cell, left - 1
        column += _number(cell, "colspan")
    return below


def _repeated(cell: Tag) -> Tag:
    """The cell once more; without its text where that is long."""
    again = _new(cell.name)
    again["colspan"] = str(_number(cell, "colspan"))
    if len(cell.get_text()) <= _LONGEST_REPEATED and len(cell.decode()) <= 5 * _LONGEST_REPEATED:
        again.extend([copy.copy(inner) for inner in cell.contents])
    return again


def _put_before(row: Tag, cells: Sequence[Tag], cell: Tag) -> None:
    if cells:
        cells[0].insert_before(cell)
    else:
        row.append(cell)


def _number(cell: Tag, name: str) -> int:
    """How many rows or columns a cell spans."""
    said = str(cell.get(name) or "1").strip()
    return max(1, min(int(said), 1_000)) if said.isascii() and said.isdigit() else 1


def _new(name: str) -> Tag:
    from bs4 import BeautifulSoup

    return BeautifulSoup("", "lxml").new_tag(name)


def _trimmed(text: str) -> str:
    text = re.sub(r"^ (?=\*\[)", "", text, flags=re.MULTILINE)
    text = "\n".join(line.rstrip() if not line.endswith("  ") else line for line in text.split("\n"))
    return _CAPTION_TWICE.sub(r"*[\g<alt>]*", text).strip()


@cache
def _converter() -> Any:
    from markdownify import ATX, MarkdownConverter

    class Converter(MarkdownConverter):
        """Pictures by their description, links that lead somewhere, terms with their definitions."""

        def escape(self, text: str, parent_tags: set[str]) -> str:
            return escaped(text)

        def convert_img(self, el: Tag, text: str, parent_tags: set[str]) -> str:
            alt = " ".join(str(el.get("alt") or "").split())
            return f"*[{alt}]*" if alt and not SAYS_NOTHING.fullmatch(alt) else ""

        def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
            target = str(el.get("href") or "").strip()
            if not target or target.startswith("#") or not _LEADS_SOMEWHERE.match(target):
                return text
            return str(super().convert_a(el, text, parent_tags))  # type: ignore[misc]

        def convert_dt(self, el: Tag, text: str, parent_tags: set[str]) -> str:
            return f"\n\n**{' '.join(text.split())}**\n" if text.strip() else ""

        def convert_dd(self, el: Tag, text: str, parent_tags: set[str]) -> str:
            return f"\n{text.strip()}\n\n" if text.strip() else ""

        def convert_td(self, el: Tag, text: str, parent_tags: set[str]) -> str:
            return str(super().convert_td(el, _cell(text), parent_tags))  # type: ignore[misc]

        def convert_th(self, el: Tag, text: str, parent_tags: set[str]) -> str:
            return str(super().convert_th(el, _cell(text), parent_tags))  # type: ignore[misc]

        def convert_summary(self, el: Tag, text: str, parent_tags: set[str]) -> str:
            return f"\n\n**{' '.join(text.split())}**\n\n"

    return Converter(heading_style=ATX, bullets="-", table_infer_header=True, escape_misc=False,
                     code_language_callback=_language, newline_style="spaces", wrap=False)


def _cell(text: str) -> str:
    return re.sub(r"(?<!\\)\|", r"\\|", re.sub(r"[ \t]*\n+[ \t]*", "<br>", text.strip()))


def _language(pre: Tag) -> str:
    """Of a block of code: its class, that of the `<code>` within, or that of what is around it."""
    code = pre.find("code")
    for tag in (pre, code, pre.parent):
        for name in (tag.get("class") or ()) if tag is not None and hasattr(tag, "get") else ():
            if match := _LANGUAGE.match(str(name)):
                return match[1]
    return ""
