"""Find what a person means by the text on a button. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.workspace.block_kit import elements_of, flat
from bot.workspace.records import Json
from bot.workspace.values import options_of, spoken

MENUS = frozenset({"overflow", "static_select", "radio_buttons", "checkboxes", "multi_static_select"})


@dataclass(frozen=True, slots=True)
class Target:
    """An element to act on, and what is chosen there."""

    block: Json
    element: Json
    value: Any = None
    toggles: bool = False
    """`value` is ticked, or unticked if it was ticked before."""


def by_label(blocks: list[Json], label: str) -> Target | None:
    """The button, or the entry of a menu, with this visible text."""
    wanted = spoken(label)
    return next((target for text, target in _visible(blocks) if spoken(text) == wanted), None)


def by_ids(blocks: list[Json], block_id: str, action_id: str, value: Any) -> Target | None:
    """The element with these ids."""
    for block in flat(blocks):
        for element in elements_of(block):
            if block.get("block_id") == block_id and element.get("action_id") == action_id:
                return Target(block, element, value)
    return None


def labels(blocks: list[Json]) -> list[str]:
    """What one could click, to be named when a label is not found."""
    return [text for text, _ in _visible(blocks)]


def _visible(blocks: list[Json]) -> Iterator[tuple[str, Target]]:
    for block in flat(blocks):
        for element in elements_of(block):
            yield from _of_element(block, element)


def _of_element(block: Json, element: Json) -> Iterator[tuple[str, Target]]:
    kind = element.get("type")
    if kind in ("button", "icon_button", "workflow_button"):
        yield element["text"]["text"], Target(block, element)
    elif kind == "feedback_buttons":
        for part in ("positive_button", "negative_button"):
            yield element[part]["text"]["text"], Target(block, element, element[part]["value"])
    elif kind in MENUS and block["type"] != "input":
        for option in options_of(element):
            many = kind in ("checkboxes", "multi_static_select")
            yield option["text"]["text"], Target(block, element, option["value"], toggles=many)
