"""From the parts of a file, in its order, to a document: the same rules for title and heading paths in every format."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from indexer.readers.faults import Fault
from indexer.readers.fields import Fields, common_fields, text_of
from indexer.types import Document, Section

LONGEST_TITLE = 200
_SPACES = re.compile(r"\s+")
_OUTERMOST = 1


@dataclass(frozen=True, slots=True)
class Part:
    """A heading with the text below it, up to the next heading or the next page."""

    text: str
    """Markdown."""
    level: int = 0
    """1 is the outermost heading; 0: it goes on below the heading before it, or stands before the first one."""
    heading: str = ""
    anchor: str = ""
    place: str = ""
    line: int = 1


def document_of(
    parts: Sequence[Part], file_id: str, title: str | None = None, fields: Fields | None = None, fallback: str = ""
) -> Document:
    """A training document. Raises Fault for one without text.

    Its title: what `fields` say, else `title`, else the only outermost heading if everything stands below it, else
    `fallback`, else the file's name. A heading that says what the title says heads nothing.
    """
    fields = fields or {}
    headings = [part for part in parts if part.level and part.heading]
    lone = _lone_first(parts)
    chosen = tidy(text_of(fields, "title") or title or (lone.heading if lone else "") or fallback)
    chosen = chosen or PurePosixPath(file_id).name
    sections = tuple(_sections(parts, lone if lone is not None else _same(headings, chosen), chosen))
    if not sections:
        raise Fault("The file holds no text below its headings." if headings else "The file holds no text.")
    return Document(id=file_id, title=chosen, kind="training", sections=sections, **common_fields(fields))


def tidy(text: str) -> str:
    """On one line, and not endless."""
    text = _SPACES.sub(" ", text).strip()
    return text if len(text) <= LONGEST_TITLE else text[: LONGEST_TITLE - 1].rstrip() + "…"


def _lone_first(parts: Sequence[Part]) -> Part | None:
    """The first heading, if no other one is as high: it names the document. On pages it must stand above all text."""
    numbers = [number for number, part in enumerate(parts) if part.level and part.heading]
    if not numbers:
        return None
    first, *others = (parts[number] for number in numbers)
    is_above_all = not first.place or not any(part.text for part in parts[: numbers[0]])
    is_highest = first.level == _OUTERMOST and all(other.level > first.level for other in others)
    return first if is_highest and is_above_all else None


def _same(headings: Sequence[Part], title: str) -> Part | None:
    """The first heading, if it only repeats the title."""
    return headings[0] if headings and tidy(headings[0].heading).casefold() == title.casefold() else None


def _sections(parts: Sequence[Part], naming: Part | None, chosen: str) -> Iterator[Section]:
    """A line that only repeats the title, such as that on a title page, is no section."""
    path: list[Part] = []
    for part in parts:
        if part is naming:
            path = []
        elif part.level:
            path = [*(above for above in path if above.level < part.level), part]
        text = part.text.strip("\n")
        if text and (text != chosen or len(parts) == 1):
            headings = tuple(tidy(above.heading) for above in path if above.heading.strip())
            yield Section(headings, part.anchor, text, part.line, part.place)
