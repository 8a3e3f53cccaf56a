"""Messages that the app writes bit by bit: what a chunk adds to the blocks, and how long one may go on. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from bot.workspace.block_kit import blocks_problems, fill_ids
from bot.workspace.errors import SlackError
from bot.workspace.records import Json, Message

LONGEST_MARKDOWN = 12_000
"""In one call, in code points."""
LONGEST_STREAM = 13_200
"""All markdown of one message; others have seen the live service refuse more."""
MOST_BLOCKS = 50
LIFETIME = timedelta(minutes=5)
STATUSES = ("pending", "in_progress", "complete", "error")
DISPLAY_MODES = ("timeline", "plan", "dense")
_TASK_TEXTS = ("details", "output")


def is_live(message: Message, now: datetime) -> bool:
    """Whether the app may still add to it; a stream ends by itself after five minutes."""
    stream = message.stream
    return stream is not None and now.timestamp() - float(stream["started"]) <= LIFETIME.total_seconds()


def grow(message: Message, markdown: str, chunks: list[Json]) -> None:
    """Add what one call brings. All of it or nothing.

    Raises:
        SlackError: `invalid_chunks`, `invalid_blocks`, `msg_blocks_too_long`, `msg_blocks_too_many`.
    """
    parts = [_checked(chunk) for chunk in chunks]
    if markdown:
        parts.insert(0, {"type": "markdown_text", "text": markdown})
    if sum(len(part["text"]) for part in parts if part["type"] == "markdown_text") > LONGEST_MARKDOWN:
        raise SlackError("msg_blocks_too_long")
    blocks: list[Json] = [dict(block) for block in message.blocks]
    text = message.text
    for part in parts:
        if part["type"] == "markdown_text":
            text += part["text"]
        _add(blocks, part)
    if sum(len(block["text"]) for block in blocks if block["type"] == "markdown") > LONGEST_STREAM:
        raise SlackError("msg_blocks_too_long")
    if len(blocks) > MOST_BLOCKS:
        raise SlackError("msg_blocks_too_many")
    message.text, message.blocks = text, fill_ids(blocks)


def checked_blocks(blocks: Any) -> list[Json]:
    """Blocks for a stream.

    Raises:
        SlackError: `invalid_blocks_format`, `msg_blocks_too_many`, `invalid_blocks`.
    """
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    if len(blocks) > MOST_BLOCKS:
        raise SlackError("msg_blocks_too_many")
    problems = [str(problem) for problem in blocks_problems(blocks, "message")]
    if problems:
        raise SlackError("invalid_blocks", *problems, errors=problems)
    return blocks


def _checked(chunk: Any) -> Json:
    kind = chunk.get("type") if isinstance(chunk, dict) else None
    if kind == "blocks":
        return {"type": "blocks", "blocks": checked_blocks(chunk.get("blocks"))}
    fits = {
        "markdown_text": lambda: _only(chunk, "text") and isinstance(chunk.get("text"), str),
        "plan_update": lambda: _only(chunk, "title") and _is_title(chunk.get("title")),
        "task_update": lambda: _is_task(chunk),
    }
    if not isinstance(kind, str) or kind not in fits or not fits[kind]():
        raise SlackError("invalid_chunks")
    return dict(chunk)


def _is_task(chunk: Json) -> bool:
    return (
        _only(chunk, "id", "title", "status", "details", "output", "sources")
        and _is_title(chunk.get("id"))
        and _is_title(chunk.get("title"))
        and chunk.get("status", "pending") in STATUSES
        and all(isinstance(chunk.get(name, ""), str) for name in _TASK_TEXTS)
        and isinstance(chunk.get("sources", []), list)
    )


def _only(chunk: Json, *names: str) -> bool:
    return set(chunk) <= {"type", *names}


def _is_title(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _add(blocks: list[Json], part: Json) -> None:
    match part["type"]:
        case "markdown_text":
            _add_text(blocks, part["text"])
        case "task_update":
            _add_task(blocks, part)
        case "plan_update":
            plan = _first(blocks, "plan")
            if plan is None:
                blocks.append({"type": "plan", "title": part["title"], "tasks": []})
            else:
                plan["title"] = part["title"]
        case _:
            blocks.extend(part["blocks"])


def _add_text(blocks: list[Json], text: str) -> None:
    if blocks and blocks[-1]["type"] == "markdown":
        blocks[-1]["text"] += text
    elif text:
        blocks.append({"type": "markdown", "text": text})


def _add_task(blocks: list[Json], part: Json) -> None:
    """A card for a new task; a known one gets the new state."""
    card: Json = {"type": "task_card", "task_id": part["id"], "title": part["title"]}
    card["status"] = part.get("status", "pending")
    for name in _TASK_TEXTS:
        if part.get(name):
            card[name] = _rich_text(part[name])
    if part.get("sources"):
        card["sources"] = part["sources"]
    known = next((block for block in blocks if block.get("task_id") == part["id"]), None)
    if known is None:
        blocks.append(card)
    else:
        known.update(card)


def _rich_text(text: str) -> Json:
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [section]}


def _first(blocks: Iterable[Json], kind: str) -> Json | None:
    return next((block for block in blocks if block["type"] == kind), None)
