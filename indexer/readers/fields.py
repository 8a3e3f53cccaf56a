"""The fields that front matter and FAQ entries share; every value knows its line, so that every fault does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from indexer.readers.faults import Fault

KNOWN = frozenset({"title", "url", "owner", "review_by", "audience", "valid_from", "valid_to",
                   "id", "question", "also_asked", "answer"})
"""The names that mean something here; documents bring others, too."""


@dataclass(frozen=True, slots=True)
class Value:
    """A field's value as it stands in the file: a text, a list, nothing, or something else that no field may be."""

    line: int
    """Counted from 1 in the whole file."""
    text: str | None = None
    items: tuple[Value, ...] | None = None
    is_null: bool = False
    """Nothing was written, or `null`."""


Fields = Mapping[str, Value]


class CommonFields(TypedDict):
    """What `Document` takes over as it is."""

    url: str | None
    owner: str | None
    review_by: date | None
    audience: tuple[str, ...]
    valid_from: date | None
    valid_to: date | None


def name_of(written: str) -> str:
    """A field's name as the contract writes it: `Also asked` is `also_asked`."""
    return re.sub(r"[\s-]+", "_", written.strip().lower())


def text_of(fields: Fields, name: str) -> str | None:
    """A field's text exactly as written (a version `1.10` stays `1.10`); None if it is not given."""
    value = fields.get(name)
    if value is None or value.is_null:
        return None
    return _text(value, name) or None


def texts_of(fields: Fields, name: str) -> tuple[str, ...]:
    """A list of texts; a single text counts as a list of one."""
    value = fields.get(name)
    if value is None or value.is_null:
        return ()
    if value.items is None:
        text = text_of(fields, name)
        return (text,) if text else ()
    items = (_text(item, name) for item in value.items if not item.is_null)
    return tuple(item for item in items if item)


def date_of(fields: Fields, name: str) -> date | None:
    """A day, written as 2026-03-31."""
    text = text_of(fields, name)
    if text is None:
        return None
    try:
        return date.fromisoformat(text[:10] if "T" in text or " " in text else text)
    except ValueError:
        raise Fault(f"`{name}` is not a date; write it like 2026-03-31.", fields[name].line) from None


def common_fields(fields: Fields) -> CommonFields:
    """The fields of every kind of document. Raises Fault, so that a limit that cannot be read never opens anything."""
    valid_from, valid_to = date_of(fields, "valid_from"), date_of(fields, "valid_to")
    if valid_from and valid_to and valid_to < valid_from:
        raise Fault("`valid_to` is before `valid_from`.", fields["valid_to"].line)
    groups = (group.strip() for text in texts_of(fields, "audience") for group in text.split(","))
    return {
        "url": text_of(fields, "url"), "owner": text_of(fields, "owner"), "review_by": date_of(fields, "review_by"),
        "audience": tuple(dict.fromkeys(group for group in groups if group)),
        "valid_from": valid_from, "valid_to": valid_to,
    }


def _text(value: Value, name: str) -> str:
    if value.text is None:
        raise Fault(f"`{name}` must be a text; put it in quotes if it holds `:`, `{{` or `[`.", value.line)
    return value.text.strip()
