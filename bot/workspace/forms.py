"""A modal as a person fills it in: by its labels. Pure."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.workspace.block_kit import elements_of, flat
from bot.workspace.errors import NotThere, Refused
from bot.workspace.records import Json
from bot.workspace.values import TEXTS, entered, is_empty, options_of, spoken

REQUIRED = "Please complete this required field."
NO_ADDRESS = "Please enter a valid URL."
_ADDRESS = re.compile(r"https?://[^\s/?#]+\.?[^\s]*", re.IGNORECASE)


@dataclass(slots=True)
class FilledIn:
    """What was entered, and under which keys the person named the fields."""

    values: Json
    keys: dict[str, str] = field(default_factory=dict)
    """Block id to the key that was used for it."""
    problems: dict[str, str] = field(default_factory=dict)
    """Block id to what is wrong, as the client says it without asking the app."""


def fill_in(view: Json, given: Mapping[str, Any], find_id: Callable[[str], str]) -> FilledIn:
    """Enter values by label, block id or, for checkboxes, by an option's text.

    Raises:
        NotThere: no field of that name.
        Refused: no such option.
    """
    filled = FilledIn(copy.deepcopy(view["state"]["values"]))
    for key, value in given.items():
        block, element, wanted = _find(view["blocks"], key, value)
        filled.values.setdefault(block["block_id"], {})[element["action_id"]] = entered(element, wanted, find_id)
        filled.keys[block["block_id"]] = key
    return filled


def check(view: Json, filled: FilledIn) -> None:
    """What Slack's client refuses before it submits: empty required fields, too short or too long texts."""
    by_id = any(key == block_id for block_id, key in filled.keys.items())
    for block in flat(view["blocks"]):
        if block["type"] != "input":
            continue
        filled.keys.setdefault(block["block_id"], block["block_id"] if by_id else block["label"]["text"])
        element = block["element"]
        value = filled.values.get(block["block_id"], {}).get(element["action_id"], {})
        problem = _problem(block, element, value)
        if problem:
            filled.problems[block["block_id"]] = problem


def _problem(block: Json, element: Json, value: Json) -> str:
    if is_empty(value):
        return "" if block.get("optional") or element["type"] == "file_input" else REQUIRED
    if element["type"] in TEXTS:
        length = len(value["value"])
        if length > element.get("max_length", 3000):
            return f"Please keep it to {element.get('max_length', 3000)} characters."
        if length < element.get("min_length", 0):
            return f"Please write at least {element['min_length']} characters."
        if element["type"] == "url_text_input" and not _ADDRESS.fullmatch(value["value"].strip()):
            return NO_ADDRESS
    return ""


def _find(blocks: list[Json], key: str, value: Any) -> tuple[Json, Json, Any]:
    """The block and element that `key` means, and the value to enter there."""
    inputs = [(block, element) for block in flat(blocks) for element in elements_of(block) if "action_id" in element]
    for block, element in inputs:
        if key == block["block_id"]:
            return block, element, value
    for block, element in inputs:
        if block["type"] == "input" and spoken(block["label"]["text"]) == spoken(key):
            return block, element, value
    for block, element in inputs:
        option = _option(element, key) if element["type"] == "checkboxes" else None
        if option:
            return block, element, [option["value"]] if value else []
    names = [block["label"]["text"] for block, _ in inputs if block["type"] == "input"]
    raise NotThere(f"There is no field {key!r} in this form; it has {', '.join(map(repr, names)) or 'none'}.")


def _option(element: Json, label: str) -> Json | None:
    return next((option for option in options_of(element) if spoken(option["text"]["text"]) == spoken(label)), None)


def errors_by_key(view: Json, filled: FilledIn, errors: Mapping[str, str]) -> dict[str, str]:
    """The app's (or client's) errors under the keys that the person used.

    Raises:
        Refused: an error for something that is no input block of this view: Slack drops the whole answer.
    """
    inputs = {block["block_id"] for block in flat(view["blocks"]) if block["type"] == "input"}
    strangers = set(errors) - inputs
    if strangers:
        raise Refused(
            f"The app reported errors for blocks that are no inputs of the view: {', '.join(sorted(strangers))}."
        )
    return {filled.keys.get(block_id, block_id): text for block_id, text in errors.items()}
