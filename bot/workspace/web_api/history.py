"""What was said: a channel's top level, and the replies of a thread."""

from __future__ import annotations

import re

from bot.workspace.core import Workspace
from bot.workspace.errors import SlackError
from bot.workspace.records import Json, Message
from bot.workspace.web_api.arguments import Arguments, page
from bot.workspace.web_api.places import readable_channel
from bot.workspace.web_api.registry import method

SCOPES = "channels:history groups:history im:history"
WINDOW = "cursor include_all_metadata inclusive latest limit oldest"


@method("conversations.history", required="channel", optional=WINDOW, scopes=SCOPES, tier="3")
def history(workspace: Workspace, arguments: Arguments) -> Json:
    """Newest first."""
    channel = readable_channel(workspace, arguments.text("channel"))
    return _page(workspace, arguments, _within(workspace.state.history(channel.id), arguments)[::-1])


@method("conversations.replies", required="channel ts", optional=WINDOW, scopes=SCOPES, tier="3")
def replies(workspace: Workspace, arguments: Arguments) -> Json:
    """The root, then its replies, oldest first."""
    channel = readable_channel(workspace, arguments.text("channel"))
    root = workspace.state.message(channel.id, arguments.text("ts"))
    if root is None:
        raise SlackError("thread_not_found")
    if root.thread_ts:
        return _page(workspace, arguments, [root])
    return _page(workspace, arguments, [root, *_within(workspace.state.replies(channel.id, root.ts), arguments)])


def _within(messages: list[Message], arguments: Arguments) -> list[Message]:
    oldest, latest = _ts(arguments, "oldest", 0.0), _ts(arguments, "latest", float("inf"))
    if arguments.flag("inclusive"):
        return [message for message in messages if oldest <= float(message.ts) <= latest]
    return [message for message in messages if oldest < float(message.ts) < latest]


def _ts(arguments: Arguments, name: str, default: float) -> float:
    value = arguments.text(name)
    if value and not re.fullmatch(r"\d{1,12}(\.\d{1,6})?", value):
        raise SlackError(f"invalid_ts_{name}")
    return float(value) if value else default


def _page(workspace: Workspace, arguments: Arguments, messages: list[Message]) -> Json:
    part, cursor = page(messages, arguments, default=100, maximum=999, error="invalid_arguments")
    metadata = arguments.flag("include_all_metadata")
    return {
        "messages": [workspace.shapes.message(message, metadata=metadata) for message in part],
        "has_more": bool(cursor),
        "response_metadata": {"next_cursor": cursor},
    }
