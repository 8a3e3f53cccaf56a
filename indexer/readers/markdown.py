"""A training document in Markdown: front matter, then sections that keep the source's text word for word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePosixPath

import yaml
from frontmatter.default_handlers import YAMLHandler
from markdown_it import MarkdownIt

from indexer.readers import toml_fields
from indexer.readers.admonitions import readable
from indexer.readers.faults import Fault, Reading
from indexer.readers.fields import Fields, common_fields, text_of
from indexer.readers.yaml_fields import compose, fields_of
from indexer.types import Document, Section

_BLOCKS = MarkdownIt("commonmark").disable("inline")  # only headings need more, and they are few
_INLINE = MarkdownIt("commonmark")
_FRONT_MATTER = YAMLHandler()
_BLANK_LINES = re.compile(r"(?:[ \t]*\n)+")
_LOOKS_LIKE_A_FIELD = re.compile(r"---[ \t]*\n+[A-Za-z_][\w-]*[ \t]*:")


@dataclass(frozen=True, slots=True)
class _Heading:
    level: int
    text: str
    anchor: str
    start: int
    end: int
    """Lines of the body, counted from 0; `end` is the first line after the heading."""


def read(text: str, file_id: str) -> Reading:
    """The file as one document. Raises Fault for broken front matter, and for a file without text."""
    if not text.strip():
        raise Fault("The file is empty.")
    fields, body, first_line = _front_matter(text)
    body = readable(body)
    lines = body.split("\n")
    headings = list(_headings(body))
    title = text_of(fields, "title")
    first = next((heading for heading in headings if heading.level == 1), None)
    lone_first = sum(heading.level == 1 for heading in headings) == 1
    title_heading = first if first and (title is None or lone_first) else None
    sections = tuple(_sections(lines, headings, title_heading, first_line))
    if not sections:
        raise Fault("The file holds no text below its headings." if headings else "The file holds no text.")
    title = title or (first.text if first else "") or PurePosixPath(file_id).stem
    document = Document(id=file_id, title=title, kind="training", sections=sections, **common_fields(fields))
    return Reading(documents=(document,))


def _front_matter(text: str) -> tuple[Fields, str, int]:
    """The fields, the text after them, and the line where that begins; blank lines may stand before all."""
    blank = _BLANK_LINES.match(text)
    text, first = (text[blank.end():], 1 + blank[0].count("\n")) if blank else (text, 1)
    if toml_fields.begins(text):
        return toml_fields.split(text, first)
    if not _FRONT_MATTER.detect(text):
        return {}, text, first
    try:
        written, body = _FRONT_MATTER.split(text)
    except ValueError:
        if _LOOKS_LIKE_A_FIELD.match(text):
            raise Fault("The front matter is not closed; put `---` on a line of its own after it.", first) from None
        return {}, text, first
    begins = first + text[: text.index(written)].count("\n")
    node = compose(written, begins)
    if node is not None and not isinstance(node, yaml.MappingNode):
        return {}, text, first  # the document began with a rule, not with front matter
    fields = fields_of(node, begins) if node is not None else {}
    return fields, body, first + text[: len(text) - len(body)].count("\n")


def _headings(body: str) -> Iterator[_Heading]:
    """The headings that structure the document: not those in code, quotes or lists."""
    tokens = _BLOCKS.parse(body)
    given: dict[str, int] = {}
    for token, inline in pairwise(tokens):
        if token.type == "heading_open" and token.level == 0 and token.map:
            text = _plain(inline.content)
            yield _Heading(int(token.tag[1:]), text, _anchor(text, given), token.map[0], token.map[1])


def _plain(heading: str) -> str:
    (inline,) = _INLINE.parseInline(heading)
    parts = (" " if child.type in ("softbreak", "hardbreak") else child.content
             for child in inline.children or () if child.type in ("text", "code_inline", "softbreak", "hardbreak"))
    return "".join(parts).strip()


def _anchor(text: str, given: dict[str, int]) -> str:
    """The link target as GitHub forms it; those that were given already are numbered."""
    base = re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")
    anchor = base
    while anchor in given:
        given[base] += 1
        anchor = f"{base}-{given[base]}"
    given[anchor] = 0
    return anchor


def _sections(
    lines: list[str], headings: list[_Heading], title_heading: _Heading | None, first_line: int
) -> Iterator[Section]:
    path: list[_Heading] = []
    before = _Heading(0, "", "", 0, 0)
    for heading, following in zip([before, *headings], [*headings, None], strict=True):
        if heading is not before and heading is not title_heading:
            path = [*(above for above in path if above.level < heading.level), heading]
        elif heading is title_heading:
            path = []
        begins, text = _without_blank_edges(lines[heading.end : following.start if following else None])
        if text:
            line = first_line + (begins if heading is before else heading.start)
            yield Section(tuple(above.text for above in path if above.text), heading.anchor, text, line)


def _without_blank_edges(lines: list[str]) -> tuple[int, str]:
    """The number of the first line that is not blank, and the text from there on."""
    filled = [number for number, line in enumerate(lines) if line.strip()]
    return (filled[0], "\n".join(lines[filled[0] : filled[-1] + 1])) if filled else (0, "")
