"""The few blocks that every view is made of, kept below Slack's limits."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from bot.slack.mrkdwn import shorten, shorten_mrkdwn, split

Block: TypeAlias = dict[str, Any]
Option: TypeAlias = tuple[str, str] | tuple[str, str, str]
"""Label and value, and perhaps a line below the label."""

MAX_PIECES = 40
"""Sections of one text: more than Slack's longest message needs, and room for the blocks beside it."""
MAX_CONTEXT = 2000
MAX_OPTION = 75
MORE = "… (there is more than Slack shows in one message)"


@dataclass(frozen=True, slots=True)
class View:
    """A message as Slack takes it: blocks, and the text for notifications and screen readers."""

    text: str
    blocks: list[Block] = field(default_factory=list)


def sections(mrkdwn: str, *, pieces: int = MAX_PIECES) -> list[Block]:
    """Text of any length as sections of at most 3,000 characters each."""
    cut = split(mrkdwn)
    blocks: list[Block] = [{"type": "section", "text": _mrkdwn(piece)} for piece in cut[:pieces]]
    return blocks if len(cut) <= pieces else [*blocks, context(MORE)]


def within_bytes(blocks: list[Block], most: int) -> list[Block]:
    """The same, if need be without the last of its sections: what stands around them, and the buttons, stay."""
    sizes = [len(json.dumps(block)) + 2 for block in blocks]  # with the comma
    cut, too_much = set(), sum(sizes) + len(json.dumps(context(MORE))) - most
    for place in reversed(range(len(blocks))):
        if too_much > 0 and blocks[place]["type"] == "section":
            cut.add(place)
            too_much -= sizes[place]
    if not cut:
        return blocks
    return [*blocks[:min(cut)], context(MORE), *(blocks[n] for n in range(min(cut), len(blocks)) if n not in cut)]


def section_with(section: Block, accessory: Block) -> Block:
    """A section with a button at its side."""
    return {**section, "accessory": accessory}


def context(*mrkdwn: str) -> Block:
    return {"type": "context", "elements": [_mrkdwn(shorten_mrkdwn(text, MAX_CONTEXT)) for text in mrkdwn[:10]]}


def listed(label: str, items: Sequence[str]) -> Block:
    """Short texts on one line behind a label; endless ones apart, so that no link is cut in two."""
    line = f"{label} {' · '.join(items)}".strip()
    return context(line) if len(line) <= MAX_CONTEXT else context(*filter(None, (label, *items)))


def fields(pairs: Sequence[tuple[str, str]]) -> Block:
    """Label and value side by side, at most ten of them."""
    return {
        "type": "section",
        "fields": [_mrkdwn(f"*{label}*\n{shorten_mrkdwn(value, 1900)}") for label, value in pairs[:10]],
    }


def actions(block_id: str, *elements: Block) -> Block:
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def button(label: str, action_id: str, value: str, *, style: str = "") -> Block:
    made = {"type": "button", "text": _plain(label), "action_id": action_id, "value": value}
    return made | ({"style": style} if style else {})


def overflow(action_id: str, options: Sequence[tuple[str, str]]) -> Block:
    """Two to five entries: label and value."""
    return {
        "type": "overflow",
        "action_id": action_id,
        "options": [{"text": _plain(label), "value": value} for label, value in options],
    }


def modal(callback_id: str, title: str, submit: str, blocks: list[Block], *, private_metadata: str = "") -> Block:
    return {
        "type": "modal", "callback_id": callback_id, "title": _plain(title), "submit": _plain(submit),
        "close": _plain("Cancel"), "private_metadata": private_metadata, "blocks": blocks,
    }


def text_input(block_id: str, label: str, *, hint: str = "", placeholder: str = "", initial: str = "",
               optional: bool = False, lines: bool = True) -> Block:
    """`lines`: there is room for more than one."""
    element: Block = {"type": "plain_text_input", "action_id": "typed", "multiline": lines, "max_length": 3000}
    if placeholder:
        element["placeholder"] = _plain(placeholder)
    if initial:
        element["initial_value"] = initial[:3000]
    return _input(block_id, label, element, hint, optional=optional)


def link_input(block_id: str, label: str, *, hint: str = "") -> Block:
    """An address, which Slack checks; may be left open."""
    return _input(block_id, label, {"type": "url_text_input", "action_id": "typed"}, hint, optional=True)


def one_of(block_id: str, label: str, options: Sequence[Option], *, initial: str = "", radio: bool = False,
           hint: str = "", optional: bool = False) -> Block:
    """A menu, or up to ten radio buttons. `initial`: the value that is chosen already."""
    made = [_option(*option) for option in options]
    element: Block = {"type": "radio_buttons" if radio else "static_select", "action_id": "chosen", "options": made}
    chosen = [option for option in made if option["value"] == initial]
    if chosen:
        element["initial_option"] = chosen[0]
    return _input(block_id, label, element, hint, optional=optional)


def user_menu(block_id: str, label: str, *, hint: str = "", optional: bool = False) -> Block:
    """One of the people in the workspace."""
    return _input(block_id, label, {"type": "users_select", "action_id": "chosen"}, hint, optional=optional)


def tick_box(block_id: str, label: str, value: str, *, description: str = "") -> Block:
    option = _option(label, value, description)
    return {
        "type": "input", "block_id": block_id, "optional": True, "label": _plain("For the next one who asks"),
        "element": {"type": "checkboxes", "action_id": "ticked", "options": [option]},
    }


def header(text: str) -> Block:
    return {"type": "header", "text": _plain(shorten(text, 150))}


def _input(block_id: str, label: str, element: Block, hint: str, *, optional: bool) -> Block:
    made: Block = {"type": "input", "block_id": block_id, "label": _plain(label), "element": element}
    return made | ({"hint": _plain(hint)} if hint else {}) | ({"optional": True} if optional else {})


def _option(label: str, value: str, description: str = "") -> Block:
    made: Block = {"text": _plain(shorten(label, MAX_OPTION)), "value": value}
    return made | ({"description": _plain(shorten(description, MAX_OPTION))} if description else {})


DIVIDER: Block = {"type": "divider"}


def _mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text or " "}


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text, "emoji": True}
