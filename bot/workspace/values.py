"""What a person chooses or types in one element, in the shapes that Slack sends. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.workspace.errors import Refused
from bot.workspace.records import Json

TEXTS = frozenset({"plain_text_input", "email_text_input", "url_text_input", "number_input"})
ONE_OPTION = frozenset({"static_select", "external_select", "radio_buttons", "overflow"})
MANY_OPTIONS = frozenset({"multi_static_select", "multi_external_select", "checkboxes"})
ONE_ID = {"users_select": "user", "channels_select": "channel", "conversations_select": "conversation"}
MANY_IDS = {
    "multi_users_select": "users",
    "multi_channels_select": "channels",
    "multi_conversations_select": "conversations",
}
PICKERS = {"datepicker": "date", "timepicker": "time", "datetimepicker": "date_time"}
STATEFUL = (
    TEXTS | ONE_OPTION - {"overflow"} | MANY_OPTIONS | set(ONE_ID) | set(MANY_IDS) | set(PICKERS) | {"rich_text_input"}
)

CHOICES = STATEFUL | {"overflow"}
"""Acting on one of these means choosing or typing something."""


def options_of(element: Json) -> list[Json]:
    """Every option, those in groups too."""
    grouped = [option for group in element.get("option_groups") or [] for option in group["options"]]
    return (element.get("options") or []) + grouped


def initial_value(element: Json) -> Json | None:
    """The element's entry in `state.values` before anybody touched it; None for elements without a state."""
    kind = element.get("type", "")
    if kind not in STATEFUL:
        return None
    if kind in TEXTS or kind == "rich_text_input":
        return {"type": kind, "value": element.get("initial_value")}
    if kind in ONE_OPTION:
        return {"type": kind, "selected_option": element.get("initial_option")}
    if kind in MANY_OPTIONS:
        return {"type": kind, "selected_options": element.get("initial_options") or []}
    for table in (ONE_ID, PICKERS):
        if kind in table:
            return {"type": kind, f"selected_{table[kind]}": element.get(f"initial_{table[kind]}")}
    return {"type": kind, f"selected_{MANY_IDS[kind]}": element.get(f"initial_{MANY_IDS[kind]}") or []}


def entered(element: Json, value: Any, find_id: Callable[[str], str]) -> Json:
    """The element's entry in `state.values` after a person chose `value`.

    `find_id` turns a person's or channel's name into its id.

    Raises:
        Refused: there is no such option, or the value has the wrong form.
    """
    kind = element["type"]
    if kind in TEXTS:
        return {"type": kind, "value": None if value in (None, "") else str(value)}
    if kind in ONE_OPTION:
        return {"type": kind, "selected_option": None if value in (None, "") else find_option(element, value)}
    if kind in MANY_OPTIONS:
        return {"type": kind, "selected_options": _several(element, value)}
    if kind in ONE_ID:
        return {"type": kind, f"selected_{ONE_ID[kind]}": find_id(str(value)) if value else None}
    if kind in MANY_IDS:
        return {"type": kind, f"selected_{MANY_IDS[kind]}": [find_id(str(name)) for name in _listed(value)]}
    if kind in PICKERS:
        return {"type": kind, f"selected_{PICKERS[kind]}": value or None}
    raise Refused(f"The local workspace cannot fill in a {kind}.")


def find_option(element: Json, wanted: Any) -> Json:
    """By value or by visible text.

    Raises:
        Refused: there is none.
    """
    for option in options_of(element):
        if option["value"] == wanted:
            return option
    for option in options_of(element):
        if spoken(option["text"]["text"]) == spoken(str(wanted)):
            return option
    if element["type"].endswith("external_select"):
        return {"text": {"type": "plain_text", "text": str(wanted), "emoji": True}, "value": str(wanted)}
    raise Refused(f"There is no option {str(wanted)!r}.")


def is_empty(value: Json) -> bool:
    """Whether nothing is chosen or typed."""
    return all(not part for key, part in value.items() if key != "type")


def spoken(text: str) -> str:
    """A label as one would read it out: no emoji, no case, no doubled blanks."""
    kept = "".join(letter for letter in _without_colons(text) if letter.isalnum() or letter in " -'’&/+?!.,:()")
    return " ".join(kept.casefold().split()) or text.strip()


def _without_colons(text: str) -> str:
    """Without `:emoji_names:`."""
    parts = text.split(":")
    names = [
        0 < position < len(parts) - 1
        and bool(part)
        and part.replace("_", "").replace("-", "").replace("+", "").isalnum()
        and " " not in part
        for position, part in enumerate(parts)
    ]
    kept = [part for part, name in zip(parts, names, strict=True) if not name]
    return " ".join(kept) if any(names) else text


def _several(element: Json, value: Any) -> list[Json]:
    if value is True:
        return options_of(element)
    if value in (False, None, ""):
        return []
    return [find_option(element, wanted) for wanted in _listed(value)]


def _listed(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    return [value] if value else []
