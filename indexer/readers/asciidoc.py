"""An AsciiDoc document: headings, lists, tables, admonitions, code and links become Markdown; the rest stays text.

There is no kept AsciiDoc library for Python, so this reads what people write, not every corner of the language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from indexer.readers.escaping import markdown_table
from indexer.readers.faults import Reading
from indexer.readers.fields import Value
from indexer.readers.structure import Part, document_of

_HEADING = re.compile(r"^(?P<level>={1,6}|#{1,6})[ \t]+(?P<text>.+?)(?:[ \t]+(?P=level))?\s*$")
_ATTRIBUTE = re.compile(r"^:(?P<name>!?[\w-]+!?):(?:[ \t]+(?P<value>.*))?$")
_ANCHOR = re.compile(r"^\[(?:\[(?P<id>[\w:.-]+)(?:,[^\]]*)?\]|#(?P<short>[\w:.-]+)[^\]]*)\]\s*$")
_BLOCK_ATTRIBUTES = re.compile(r"^\[(?P<style>[^\[\]]*)\]\s*$")
_BLOCK_TITLE = re.compile(r"^\.(?P<title>[^\s.].*)$")
_DELIMITER = re.compile(r"^(?P<mark>-{4,}|={4,}|\*{4,}|_{4,}|\.{4,}|\+{4,}|/{4,}|--|`{3,}|[|,!]===)(?P<info>.*)$")
_CELL = re.compile(r"(?:(?<=\s)|^)[\d.+*]*[<^>]?[.<^>]*[aehlmdsv]?\|")
_ADMONITION = re.compile(r"^(?P<kind>NOTE|TIP|IMPORTANT|WARNING|CAUTION):[ \t]+(?P<text>.*)$")
_KINDS = frozenset({"NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION"})
_ITEM = re.compile(r"^\s*(?P<mark>\*{1,5}|-|\.{1,5}|\d+\.)[ \t]+(?:\[[ x*]\][ \t]+)?(?P<text>.*)$")
_TERM = re.compile(r"^(?P<term>\S.*?)(?P<mark>::{1,3}|;;)(?:[ \t]+(?P<text>.*))?$")
_DROPPED = re.compile(r"^(?://(?!//).*|include::.*\[.*\]|toc::\[\]|ifdef::.*|ifndef::.*|ifeval::.*|endif::.*|'''|<<<)\s*$")
_MACROS = (
    (re.compile(r"image::?[^\s\[]{1,500}\[([^\],]{0,500})[^\]]{0,500}\]"),
     lambda match: f"_[{match[1]}]_" if match[1].strip() else ""),
    (re.compile(r"(?:link:|xref:)?(https?://[^\s\[\]]{1,2000})\[([^\]^]{0,1000})\^?\]"),
     lambda match: f"[{match[2] or match[1]}]({match[1]})"),
    (re.compile(r"(?:link|xref):([^\s\[]{1,2000})\[([^\]]{0,1000})\]"), lambda match: match[2] or match[1]),
    (re.compile(r"<<([^,<>]{1,300})(?:,([^<>]{1,300}))?>>"), lambda match: (match[2] or match[1]).strip()),
    (re.compile(r"(?:btn|kbd):\[([^\]]+)\]"), lambda match: f"**{match[1]}**"),
    (re.compile(r"menu:([^\[\n]{1,300})\[([^\]]{0,300})\]"),
     lambda match: f"**{' → '.join(filter(None, (match[1], match[2].replace(' > ', ' → '))))}**"),
    (re.compile(r"footnote:[\w-]{0,80}\[([^\]]{0,3000})\]"), lambda match: f" ({match[1]})"),
    (re.compile(r"\[\[[\w:.-]+\]\]|\(\(\([^)]*\)\)\)|indexterm2?:\[[^\]]*\]"), lambda match: ""),
    (re.compile(r"\[[.#][\w.-]+\]#([^#]+)#"), lambda match: match[1]),
)
_BOLD = re.compile(r"(?<![\w*\\])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])")
_MONO = re.compile(r"`\+?([^`\n]+?)\+?`")
_OWN = frozenset({"title", "url", "owner", "review_by", "audience", "valid_from", "valid_to"})


def read(text: str, file_id: str) -> Reading:
    """The file as one document; attributes such as `:owner: Finance` are its front matter.

    Raises Fault for one without text.
    """
    reader = _Reader(text.split("\n"))
    parts = list(reader.parts())
    fields = {name: Value(line, text=value) for name, (value, line) in reader.attributes.items() if name in _OWN}
    return Reading((document_of(parts, file_id, fields=fields),))


class _Reader:
    """Goes through the lines once."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._at = 0
        self._pending_id = self._style = ""
        self._open_lists: list[tuple[str, int]] = []
        self.attributes: dict[str, tuple[str, int]] = {}

    def parts(self) -> Iterator[Part]:
        level, heading, anchor, line = 0, "", "", 1
        text: list[str] = []
        while self._at < len(self._lines):
            found = _HEADING.match(self._lines[self._at])
            if found:
                yield Part(_joined(text), level, heading, anchor, line=line)
                heading, text, line = self._inline(found["text"]), [], self._at + 1
                self._open_lists = []
                level, anchor = len(found["level"]), self._pending_id or _identity(found["text"])
                self._pending_id = self._style = ""
                self._at += 1
            else:
                text.extend(self._block())
        yield Part(_joined(text), level, heading, anchor, line=line)

    def _block(self) -> list[str]:
        """The next line, or the whole block that it opens, as Markdown."""
        line = self._lines[self._at].rstrip()
        self._at += 1
        if delimiter := _DELIMITER.match(line):
            return self._delimited(delimiter["mark"], delimiter["info"])
        if attribute := _ATTRIBUTE.match(line):
            self.attributes[attribute["name"].replace("-", "_").lower()] = (attribute["value"] or "", self._at)
            return []
        if anchor := _ANCHOR.match(line):
            self._pending_id = anchor["id"] or anchor["short"]
            return []
        if style := _BLOCK_ATTRIBUTES.match(line):
            self._style = style["style"]
            return []
        return [] if _DROPPED.match(line) else self._plain(line)

    def _plain(self, line: str) -> list[str]:
        kind = self._style.split(",")[0].strip()
        if line.strip():
            self._style = ""
        admonition = _ADMONITION.match(line)
        if admonition or (kind in _KINDS and line.strip()):
            kind, first = (admonition["kind"], admonition["text"]) if admonition else (kind, line)
            return ["", *_quoted(kind, [self._inline(first), *self._rest_of_paragraph()]), ""]
        if line.strip() == "+":  # what follows belongs to the list item before
            return [""]
        if item := _ITEM.match(line):
            return [self._item(item["mark"], self._inline(item["text"]))]
        if line[:1].strip() and not self._after_item():
            self._open_lists = []
        if title := _BLOCK_TITLE.match(line):
            return ["", f"**{self._inline(title['title'])}**", ""]
        if (term := _TERM.match(line)) and "://" not in term["term"]:
            return ["", f"**{self._inline(term['term'])}**", self._inline(term["text"] or "")]
        return [self._inline(line.removesuffix(" +") + ("  " if line.endswith(" +") else ""))]

    def _item(self, mark: str, text: str) -> str:
        """A list item below those that are open: another mark begins a list in the list."""
        mark = "1." if mark[0].isdigit() else mark
        depth = next((at for at, (open_mark, _) in enumerate(self._open_lists) if open_mark == mark), None)
        number = self._open_lists[depth][1] + 1 if depth is not None else 1
        depth = len(self._open_lists) if depth is None else depth
        self._open_lists = [*self._open_lists[:depth], (mark, number)]
        return f"{'   ' * depth}{f'{number}.' if mark[0] in '.1' else '-'} {text}"

    def _after_item(self) -> bool:
        """Whether the line goes on with the item above, or is attached to it by a `+`."""
        before = self._lines[self._at - 2].strip() if self._at > 1 else ""
        return bool(before)

    def _rest_of_paragraph(self) -> list[str]:
        begin = self._at
        while self._at < len(self._lines) and self._lines[self._at].strip():
            self._at += 1
        return [self._inline(line) for line in self._lines[begin : self._at]]

    def _delimited(self, mark: str, info: str) -> list[str]:
        """A block between two lines of one mark; one that is never closed ends with the file."""
        begin = self._at
        while self._at < len(self._lines) and self._lines[self._at].rstrip() != mark:
            self._at += 1
        inside = self._lines[begin : self._at]
        self._at += 1
        style, self._style = self._style, ""
        first = style.split(",")[0].strip()
        if mark.startswith("////"):
            return []
        if mark.endswith("==="):
            if mark[0] in "|,!":
                return ["", markdown_table(list(self._rows(inside, mark[0], style))), ""]
        elif mark[0] in "-.`+" and mark != "--":
            language = info.strip() or (style.split(",")[1].strip() if first == "source" and "," in style else "")
            return ["", f"```{language}", *inside, "```", ""]
        nested = _Reader(inside)
        nested.attributes = self.attributes
        text = [line for part in nested.parts()
                for line in (f"**{part.heading}**" if part.heading else "", "", part.text)]
        if first in _KINDS or mark.startswith("____") or first in ("quote", "verse"):
            return ["", *_quoted(first if first in _KINDS else "", _joined(text).split("\n")), ""]
        return ["", *text, ""]

    def _rows(self, lines: list[str], mark: str, style: str) -> Iterator[list[str]]:
        """Rows of a table: a line each, or as many cells as the first row or `cols` says."""
        columns = _columns(style)
        cells: list[str] = []
        for line in lines:
            if not line.strip() and columns is None and cells:
                columns = len(cells)
            parts = line.split(",") if mark == "," else _CELL.split(line)
            if mark != "," and len(parts) == 1 and cells and line.strip():
                cells[-1] += f"<br>{self._inline(line.strip())}"
                continue
            cells.extend(self._inline(part.strip()) for part in (parts if mark == "," else parts[1:]))
            if columns is None and len(cells) > 1:
                columns = len(cells)
            while columns and len(cells) >= columns:
                yield cells[:columns]
                cells = cells[columns:]
        if cells:
            yield cells

    def _inline(self, text: str) -> str:
        """Bold, code and links; attributes are filled in."""
        text = re.sub(r"\{([\w-]+)\}", lambda match: self.attributes.get(
            match[1].replace("-", "_").lower(), (match[0], 0))[0], text)
        for pattern, shown in _MACROS:
            text = pattern.sub(shown, text)
        text = _BOLD.sub(r"**\1**", text)
        return _MONO.sub(r"`\1`", text)


def _columns(style: str) -> int | None:
    match = re.search(r"cols\s*=\s*(?:\"([^\"]*)\"|([^,\]]+))", style)
    if not match:
        return None
    listed = re.split(r"[,;]", match[1] or match[2] or "")
    return sum(int(times[1]) if (times := re.match(r"\s*(\d+)\*", column)) else 1 for column in listed)


def _quoted(kind: str, lines: list[str]) -> list[str]:
    head = [f"> **{kind.capitalize()}:**  "] if kind else []
    return [*head, *(f"> {line}".rstrip() for line in lines)]


def _joined(lines: list[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def _identity(heading: str) -> str:
    """As Asciidoctor forms the id of a section."""
    return "_" + re.sub(r"[ .-]+", "_", re.sub(r"[^\w .-]", "", heading.lower())).strip("_")
