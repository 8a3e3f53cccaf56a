"""Front matter in TOML between two lines of `+++`, as Hugo writes it."""

from __future__ import annotations

import re
import tomllib
from datetime import date, time
from typing import Any

from indexer.readers.faults import Fault
from indexer.readers.fields import KNOWN, Fields, Value, name_of

_BEGIN = re.compile(r"\+\+\+[ \t]*\n")
_END = re.compile(r"^\+\+\+[ \t]*(?:\n|\Z)", re.MULTILINE)
_FIELD = re.compile(r"[ \t]*(?:[\w-]+|\"[^\"\n]+\"|'[^'\n]+')[ \t]*=")
_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)")


def begins(text: str) -> bool:
    """Whether a text begins with such front matter."""
    return bool(_BEGIN.match(text))


def split(text: str, first_line: int = 1) -> tuple[Fields, str, int]:
    """The fields of a text that `begins` so, the text after them, and the line where that begins. Raises Fault."""
    begin = _BEGIN.match(text)
    assert begin
    end = _END.search(text, begin.end())
    if end is None:
        raise Fault("The front matter is not closed; put `+++` on a line of its own after it.", first_line)
    written = text[begin.end() : end.start()]
    body = text[end.end() :]
    return _fields(written, first_line + 1), body, first_line + text[: end.end()].count("\n")


def _fields(written: str, first_line: int) -> Fields:
    try:
        told = tomllib.loads(written)
    except ValueError as error:  # of which TOMLDecodeError is one, and that of a number with thousands of digits
        place = _PLACE.search(str(error))
        line = int(place[1]) if place and place[1] else 1 + written.rstrip("\n").count("\n")
        reason = str(error)[: place.start()] if place else str(error)
        raise Fault(f"This is not valid TOML: {reason}. Texts need quotes, lists need square brackets.",
                    first_line + line - 1) from None
    except RecursionError:
        raise Fault("This TOML is nested too deeply.", first_line) from None
    fields: dict[str, Value] = {}
    for key, value in told.items():
        name = name_of(key) if name_of(key) in KNOWN else key
        line = first_line + _line(key, written)
        if name in fields:
            raise Fault(f"`{name}` stands here twice; keep one.", line)
        fields[name] = _value(value, line)
    return fields


def _line(key: str, written: str) -> int:
    """Counted from 0; 0 also for a key that cannot be found."""
    named = (number for number, line in enumerate(written.split("\n"))
             if (found := _FIELD.match(line)) and found[0].rstrip("= \t").strip(" \t\"'") == key)
    return next(named, 0)


def _value(value: Any, line: int) -> Value:
    """A text, or a list of texts; a table is something that no field may be."""
    if isinstance(value, list):
        return Value(line, items=tuple(Value(line, text=_text(item)) for item in value))
    return Value(line, text=_text(value))


def _text(value: Any) -> str | None:
    if isinstance(value, date | time):
        return value.isoformat()
    is_huge = isinstance(value, int) and value.bit_length() > 64
    return str(value) if isinstance(value, str | int | float) and not is_huge else None
