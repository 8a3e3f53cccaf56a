"""The arguments of a call, however they came: as a form, as JSON or in the query."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.workspace.errors import SlackError
from bot.workspace.wire import parse_json

Item = TypeVar("Item")
YES = ("1", "true", "True", True, 1)


@dataclass(frozen=True, slots=True)
class Arguments:
    """Reads values in the loose way in which Slack takes them: forms carry nothing but text."""

    values: Mapping[str, Any]

    def has(self, name: str) -> bool:
        """Whether it was given and is not empty."""
        return self.values.get(name) not in (None, "")

    def text(self, name: str, default: str = "") -> str:
        """A string. Numbers are written out, as in a form."""
        value = self.values.get(name)
        if value is None:
            return default
        if isinstance(value, dict | list):
            raise SlackError("invalid_arguments", f"must be a string [json-pointer:/{name}]")
        return str(value)

    def flag(self, name: str, default: bool = False) -> bool:
        """A boolean."""
        return self.values[name] in YES if self.has(name) else default

    def integer(self, name: str, default: int, minimum: int, maximum: int, error: str) -> int:
        """A whole number; anything else is refused with `error`."""
        try:
            value = int(self.text(name, str(default)) or default)
        except ValueError:
            raise SlackError(error) from None
        if not minimum <= value <= maximum:
            raise SlackError(error)
        return value

    def json(self, name: str, error: str) -> Any:
        """A nested value: real JSON, or JSON in a string; None if it was not given."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return parse_json(value)
        except ValueError:
            raise SlackError(error) from None

    def names(self, name: str) -> list[str]:
        """Several strings: separated by commas, or a JSON array."""
        value = self.values.get(name)
        parts = value if isinstance(value, list) else self.text(name).split(",")
        return [str(part).strip() for part in parts if str(part).strip()]


def page(
    items: Sequence[Item], arguments: Arguments, *, default: int, maximum: int, error: str = "invalid_limit"
) -> tuple[list[Item], str]:
    """One page by `limit` and `cursor`, and the cursor of the next one (empty at the end).

    Raises:
        SlackError: `error` for a limit that is none (not every method has a code of its own), or `invalid_cursor`.
    """
    limit = arguments.integer("limit", default, 1, maximum, error)
    start = _position(arguments.text("cursor"))
    rest = base64.urlsafe_b64encode(f"next:{start + limit}".encode()).decode() if start + limit < len(items) else ""
    return list(items[start : start + limit]), rest


def _position(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        word, _, position = base64.urlsafe_b64decode(cursor.encode()).decode().partition(":")
        if word == "next":
            return int(position)
    except ValueError:
        pass
    raise SlackError("invalid_cursor")
