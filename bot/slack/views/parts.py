"""The few blocks that every view is made of, kept below Slack's limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from bot.slack.mrkdwn import shorten, split

Block: TypeAlias = dict[str, Any]

MAX_PIECES = 40
"""Sections of one text: more than Slack's longest message needs, and room for the blocks beside it."""
MAX_CONTEXT = 2000


@dataclass(frozen=True, slots=True)
class View:
    """A message as Slack takes it: blocks, and the text for notifications and screen readers."""

    text: str
    blocks: list[Block] = field(default_factory=list)


def sections(mrkdwn: str, *, pieces: int = MAX_PIECES) -> list[Block]:
    """Text of any length as sections of at most 3,000 characters each."""
    cut = split(mrkdwn)
    blocks: list[Block] = [{"type": "section", "text": _mrkdwn(piece)} for piece in cut[:pieces]]
    return blocks if len(cut) <= pieces else [*blocks, context("… (there is more than Slack shows in one message)")]


def context(*mrkdwn: str) -> Block:
    return {"type": "context", "elements": [_mrkdwn(shorten(text, MAX_CONTEXT)) for text in mrkdwn[:10]]}


def listed(label: str, items: Sequence[str]) -> Block:
    """Short texts on one line behind a label; endless ones apart, so that no link is cut in two."""
    line = f"{label} " + " · ".join(items)
    return context(line) if len(line) <= MAX_CONTEXT else context(label, *items)


def fields(pairs: Sequence[tuple[str, str]]) -> Block:
    """Label and value side by side, at most ten of them."""
    return {
        "type": "section",
        "fields": [_mrkdwn(f"*{label}*\n{shorten(value, 1900)}") for label, value in pairs[:10]],
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


def text_input(block_id: str, label: str, *, hint: str = "", placeholder: str = "", initial: str = "") -> Block:
    element: Block = {"type": "plain_text_input", "action_id": "typed", "multiline": True, "max_length": 3000}
    if placeholder:
        element["placeholder"] = _plain(placeholder)
    if initial:
        element["initial_value"] = initial[:3000]
    made: Block = {"type": "input", "block_id": block_id, "label": _plain(label), "element": element}
    return made | ({"hint": _plain(hint)} if hint else {})


def tick_box(block_id: str, label: str, value: str, *, description: str = "") -> Block:
    option: Block = {"text": _plain(label), "value": value}
    if description:
        option["description"] = _plain(description)
    return {
        "type": "input", "block_id": block_id, "optional": True, "label": _plain("For the next one who asks"),
        "element": {"type": "checkboxes", "action_id": "ticked", "options": [option]},
    }


def header(text: str) -> Block:
    return {"type": "header", "text": _plain(shorten(text, 150))}


DIVIDER: Block = {"type": "divider"}


def _mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text or " "}


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text, "emoji": True}
