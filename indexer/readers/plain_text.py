"""A plain text: paragraphs, lists, and lines that are underlined or in capitals as headings; or a transcript."""

from __future__ import annotations

import re
from collections.abc import Iterator

from indexer.readers import transcripts
from indexer.readers.escaping import escaped
from indexer.readers.faults import Reading
from indexer.readers.structure import Part, document_of

_UNDERLINE = re.compile(r"^\s{0,3}(?P<mark>[=\-~*#_])(?P=mark){2,}\s*$")
_LIST_ITEM = re.compile(r"^\s*(?:[-*+•·–]|\d{1,3}[.)])\s+(?=\S)")
_BULLET = re.compile(r"^(\s*)[*•·–](\s+)")
_NUMBERED = re.compile(r"^\d{1,2}(?:\.\d{1,2})*\.?\s+[A-ZÀ-Þ]")
_WIDE_GAP = re.compile(r"\S {3,}\S|^-{3,}(?: +-{3,})+$")
_LONGEST_HEADING = 80


def read(text: str, file_id: str) -> Reading:
    """The file as one document. Raises Fault for one without text."""
    if transcripts.is_transcript(text):
        return transcripts.read_plain(text, file_id)
    parts = list(_parts(text.expandtabs(4).replace("\f", "\n").split("\n")))
    return Reading((document_of(parts, file_id),))


def _parts(lines: list[str]) -> Iterator[Part]:
    level, heading, start, text = 0, "", 1, list[str]()
    number = 0
    while number < len(lines):
        found, taken = _heading(lines, number)
        if found:
            yield Part(_markdown(text), level, heading, line=start)
            level, heading, start, text = found, lines[number].strip(" #=*").strip(), number + 1, []
        else:
            text.append(lines[number])
        number += taken
    yield Part(_markdown(text), level, heading, line=start)


def _heading(lines: list[str], number: int) -> tuple[int, int]:
    """The level of the heading that begins in this line, 0 for none; and how many lines it takes."""
    line = lines[number].strip()
    following = lines[number + 1] if number + 1 < len(lines) else ""
    if not line or len(line) > _LONGEST_HEADING or _UNDERLINE.match(line):
        return 0, 1
    if (mark := _UNDERLINE.match(following)) and len(following.strip()) >= min(len(line), 3):
        return (1 if mark["mark"] in "=#*" else 2), 2
    stands_alone = (number == 0 or not lines[number - 1].strip()) and not following.strip()
    words = [word for word in line.split() if any(character.isalpha() for character in word)]
    if stands_alone and _looks_like_a_title(line) and (after := _following(lines, number)):
        return (1 if not any(map(str.strip, lines[:number])) else 3 if len(after) > len(line) else 0), 1
    if stands_alone and words and line == line.upper() and line != line.lower() and len("".join(words)) > 3:
        return (2 if any(map(str.strip, lines[:number])) else 1), 1
    if stands_alone and _NUMBERED.match(line) and line[-1] not in ".;,:?!" and not _neighbour_numbered(lines, number):
        return 2, 1
    return 0, 1


def _looks_like_a_title(line: str) -> bool:
    """Short, without an end, and not all in capitals or numbered: those are told apart elsewhere."""
    return (len(line) <= 60 and line[0].isupper() and line != line.upper() and line[-1] not in ".,;:!?)]\"'"
            and "  " not in line)


def _following(lines: list[str], number: int) -> str:
    """The next line that is not blank."""
    return next((line.strip() for line in lines[number + 1 :] if line.strip()), "")


def _neighbour_numbered(lines: list[str], number: int) -> bool:
    """A numbered line is an item of a list where the next filled line is numbered, too."""
    return bool(_NUMBERED.match(_following(lines, number)))


def _markdown(lines: list[str]) -> str:
    """Indentation means nothing outside of lists, but four blanks would make code of it."""
    shown: list[str] = []
    in_list = False
    for number, line in enumerate(lines):
        if _is_aligned(lines, number):
            opens, closes = not _is_aligned(lines, number - 1), not _is_aligned(lines, number + 1)
            shown += [*(["", "```"] if opens else []), line.rstrip(), *(["```", ""] if closes else [])]
            continue
        if _UNDERLINE.match(line):
            shown.append("")
            continue
        if not line.strip():
            shown.append("")
            continue
        item = _LIST_ITEM.match(line)
        in_list = bool(item) or (in_list and line.startswith(" "))
        body = _BULLET.sub(r"\1-\2", line) if item else line
        mark, rest = (body[: item.end()], body[item.end() :]) if item else ("", body)
        shown.append(mark + escaped(rest) if item else (escaped(rest) if in_list else _unmarked(rest.strip())))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in shown)).strip("\n")


def _is_aligned(lines: list[str], number: int) -> bool:
    """Whether a line is one of several whose columns are held in place by blanks: as code they stay there."""
    def wide(at: int) -> bool:
        return 0 <= at < len(lines) and bool(_WIDE_GAP.search(lines[at].strip())) and not _LIST_ITEM.match(lines[at])
    return wide(number) and (wide(number - 1) or wide(number + 1))


def _unmarked(line: str) -> str:
    """A line of a paragraph; `#`, `>` and `|` at its start are no marks here."""
    return re.sub(r"^(?=[#>|])", r"\\", escaped(line))
