"""Emoji on messages."""

from __future__ import annotations

import re

from bot.workspace import cast
from bot.workspace.core import Workspace
from bot.workspace.errors import SlackError
from bot.workspace.records import Json, Message
from bot.workspace.web_api.arguments import Arguments
from bot.workspace.web_api.places import existing_message, readable_channel
from bot.workspace.web_api.registry import method

MOST_EMOJI = 23
"""Different ones on one message."""


@method("reactions.add", required="channel name timestamp", scopes="reactions:write", tier="3")
def add(workspace: Workspace, arguments: Arguments) -> Json:
    """The bot reacts."""
    message = _message(workspace, arguments)
    if workspace.state.channels[message.channel].archived:
        raise SlackError("is_archived")
    name = _name(arguments)
    if name not in message.reactions and len(message.reactions) >= MOST_EMOJI:
        raise SlackError("too_many_emoji")
    if not workspace.conversation.react(message, cast.BOT_USER, name):
        raise SlackError("already_reacted")
    return {}


@method("reactions.remove", required="name", optional="channel timestamp", scopes="reactions:write", tier="2")
def remove(workspace: Workspace, arguments: Arguments) -> Json:
    """The bot takes its reaction back."""
    if not workspace.conversation.unreact(_message(workspace, arguments), cast.BOT_USER, _name(arguments)):
        raise SlackError("no_reaction")
    return {}


@method("reactions.get", optional="channel timestamp full", scopes="reactions:read", tier="3")
def get(workspace: Workspace, arguments: Arguments) -> Json:
    """The reactions of one message."""
    message = _message(workspace, arguments)
    return {"type": "message", "channel": message.channel, "message": workspace.shapes.message(message)}


def _message(workspace: Workspace, arguments: Arguments) -> Message:
    if not arguments.has("channel") or not arguments.has("timestamp"):
        raise SlackError("no_item_specified")
    channel = readable_channel(workspace, arguments.text("channel"))
    if not re.fullmatch(r"\d+\.\d{6}", arguments.text("timestamp")):
        raise SlackError("bad_timestamp")
    return existing_message(workspace, channel, arguments.text("timestamp"))


def _name(arguments: Arguments) -> str:
    name = arguments.text("name").strip(":")
    if not re.fullmatch(r"[\w+'-]+(::skin-tone-[2-6])?", name):
        raise SlackError("invalid_name")
    return name
