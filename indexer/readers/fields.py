"""The fields that front matter and FAQ entries share, read from YAML nodes so that every fault knows its line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict

import yaml

from indexer.readers.faults import Fault

_NULL = "tag:yaml.org,2002:null"


@dataclass(frozen=True, slots=True)
class Value:
    """A field's value as it stands in the file."""

    node: yaml.Node
    line: int
    """Counted from 1 in the whole file."""

    @property
    def is_null(self) -> bool:
        """Nothing was written, or `null`."""
        return self.node.tag == _NULL


Fields = Mapping[str, Value]


class CommonFields(TypedDict):
    """What `Document` takes over as it is."""

    url: str | None
    owner: str | None
    review_by: date | None
    audience: tuple[str, ...]
    valid_from: date | None
    valid_to: date | None


def compose(text: str, first_line: int = 1) -> yaml.Node | None:
    """The YAML's node tree; None where there is nothing. `first_line` is where the text stands in its file."""
    try:
        return yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + mark.line if mark else None
        problem = error.problem or error.context or "it cannot be understood"
        raise Fault(f"This is not valid YAML: {problem}. Put texts with special characters in quotes.", line) from None
    except yaml.YAMLError:
        raise Fault("This is not valid YAML: it holds characters that are not allowed.", first_line) from None
    except RecursionError:
        raise Fault("This YAML is nested too deeply.", first_line) from None


def fields_of(node: yaml.Node, first_line: int = 1) -> dict[str, Value]:
    """A mapping's fields by name. Raises Fault if it is no mapping, or if a name stands twice."""
    if not isinstance(node, yaml.MappingNode):
        raise Fault("Fields are expected here, each written as `name: value`.", _line(node, first_line))
    fields: dict[str, Value] = {}
    for key, value in node.value:
        name = str(key.value)
        if name in fields:
            raise Fault(f"`{name}` stands here twice; keep one.", _line(key, first_line))
        fields[name] = Value(value, _line(value, first_line))
    return fields


def text_of(fields: Fields, name: str) -> str | None:
    """A field's text exactly as written (a version `1.10` stays `1.10`); None if it is not given."""
    value = fields.get(name)
    if value is None or value.is_null:
        return None
    return _scalar(value.node, name, value.line).strip() or None


def texts_of(fields: Fields, name: str) -> tuple[str, ...]:
    """A list of texts; a single text counts as a list of one."""
    value = fields.get(name)
    if value is None or value.is_null:
        return ()
    if not isinstance(value.node, yaml.SequenceNode):
        text = text_of(fields, name)
        return (text,) if text else ()
    offset = value.line - value.node.start_mark.line
    items = (_scalar(item, name, item.start_mark.line + offset).strip()
             for item in value.node.value if item.tag != _NULL)
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


def _scalar(node: Any, name: str, line: int) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise Fault(f"`{name}` must be a text; put it in quotes if it holds `:`, `{{` or `[`.", line)
    return str(node.value)


def _line(node: yaml.Node, first_line: int) -> int:
    return first_line + int(node.start_mark.line)
