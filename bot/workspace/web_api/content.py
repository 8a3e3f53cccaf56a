"""What a message consists of, checked as Slack checks it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.workspace.block_kit import blocks_problems, fill_ids
from bot.workspace.errors import SlackError
from bot.workspace.records import Json
from bot.workspace.web_api.arguments import Arguments

LONGEST_TEXT = 40_000
LONGEST_MARKDOWN = 12_000
MOST_ATTACHMENTS = 100
METADATA_BYTES = 16_000


@dataclass(frozen=True, slots=True)
class Content:
    """Text, blocks and attachments, ready to be stored."""

    text: str
    blocks: list[Json]
    attachments: list[Json]


def content(arguments: Arguments, *, too_long: str = "msg_too_long") -> Content:
    """Read and check. `too_long` is the method's code for too much markdown.

    Raises:
        SlackError: `invalid_blocks` with pointers, `no_text`, `markdown_text_conflict`, …
    """
    blocks = blocks_of(arguments)
    attachments = arguments.json("attachments", "invalid_attachments") or []
    if not isinstance(attachments, list):
        raise SlackError("invalid_attachments")
    if len(attachments) > MOST_ATTACHMENTS:
        raise SlackError("too_many_attachments")
    text = arguments.text("text")
    if arguments.has("markdown_text"):
        text, blocks = _markdown(arguments, blocks, too_long)
    if not text and not blocks and not attachments:
        raise SlackError("no_text")
    return Content(text, fill_ids(blocks), attachments)


def metadata(arguments: Arguments) -> Mapping[str, Any] | None:
    """The message's metadata; None if there is none.

    Raises:
        SlackError: not an object with `event_type` and `event_payload`, or too large.
    """
    value = arguments.json("metadata", "invalid_metadata_format")
    if value is None:
        return None
    if not isinstance(value, dict):
        raise SlackError("invalid_metadata_format")
    if (
        not isinstance(value.get("event_type"), str)
        or not value["event_type"]
        or not isinstance(value.get("event_payload"), dict)
    ):
        raise SlackError("invalid_metadata_schema")
    if len(json.dumps(value)) > METADATA_BYTES:
        raise SlackError("metadata_too_large")
    return {"event_type": value["event_type"], "event_payload": value["event_payload"]}


def escaped(text: str) -> str:
    """As Slack counts it: an ampersand that is no entity yet becomes one."""
    return re.sub(r"&(?!amp;|lt;|gt;)", "&amp;", text)


def blocks_of(arguments: Arguments) -> list[Json]:
    """The blocks of a message, checked; none if none were given.

    Raises:
        SlackError: `invalid_blocks_format`, `invalid_blocks`.
    """
    blocks = arguments.json("blocks", "invalid_blocks_format")
    if blocks is None:
        return []
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    problems = [str(problem) for problem in blocks_problems(blocks, "message")]
    if problems:
        raise SlackError("invalid_blocks", *problems, errors=problems)
    return blocks


def _markdown(arguments: Arguments, blocks: list[Json], too_long: str) -> tuple[str, list[Json]]:
    if arguments.has("text") or blocks:
        raise SlackError("markdown_text_conflict")
    text = arguments.text("markdown_text")
    if len(text) > LONGEST_MARKDOWN:
        raise SlackError(too_long)
    return text, [{"type": "markdown", "text": text}]
