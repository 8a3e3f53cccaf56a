"""Channels and messages that a method names, or Slack's code for why they cannot be used."""

from __future__ import annotations

from bot.workspace import cast
from bot.workspace.core import Workspace
from bot.workspace.errors import SlackError
from bot.workspace.records import Channel, Message
from bot.workspace.web_api.arguments import Arguments


def missing_scope(workspace: Workspace, *needed: str) -> SlackError:
    """The refusal of a call for which one of these scopes would be needed."""
    return SlackError("missing_scope", needed=",".join(sorted(needed)), provided=",".join(sorted(workspace.scopes)))


def customized_name(workspace: Workspace, arguments: Arguments) -> str | None:
    """The name that the app gives itself for one message; it needs a scope of its own, as does an icon.

    Raises:
        SlackError: `missing_scope`.
    """
    if not any(arguments.has(name) for name in ("username", "icon_emoji", "icon_url")):
        return None
    if "chat:write.customize" not in workspace.scopes:
        raise missing_scope(workspace, "chat:write.customize")
    return arguments.text("username") or None


def visible_channel(workspace: Workspace, channel_id: str) -> Channel:
    """A channel that the bot may know of.

    Raises:
        SlackError: `channel_not_found`, also for private ones that it is no member of.
    """
    channel = workspace.state.channels.get(channel_id)
    if channel is None or (channel.private and cast.BOT_USER not in channel.members):
        raise SlackError("channel_not_found")
    return channel


def readable_channel(workspace: Workspace, channel_id: str) -> Channel:
    """A channel whose messages the bot may read.

    Raises:
        SlackError: `not_in_channel` and as above.
    """
    channel = visible_channel(workspace, channel_id)
    if cast.BOT_USER not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def writable_channel(workspace: Workspace, name: str) -> Channel:
    """Where a message goes: a channel's id, `#name`, or a person's id for their direct messages.

    Raises:
        SlackError: `is_archived`, `messages_tab_disabled` and as above.
    """
    state = workspace.state
    channel = (
        state.direct_channel(name) or state.channel_named(name) if name not in state.channels else state.channels[name]
    )
    channel = readable_channel(workspace, channel.id if channel else name)
    if channel.archived:
        raise SlackError("is_archived")
    if channel.kind == "im" and not workspace.app.messages_tab:
        raise SlackError("messages_tab_disabled")
    return channel


def thread_root(workspace: Workspace, channel: Channel, thread_ts: str) -> str | None:
    """The thread to reply in; None for the top level.

    Raises:
        SlackError: `thread_not_found` (Slack does not say what it does then), or `cannot_reply_to_message` for a reply.
    """
    if not thread_ts:
        return None
    root = workspace.state.message(channel.id, thread_ts)
    if root is None:
        raise SlackError("thread_not_found")
    if root.thread_ts:
        raise SlackError("cannot_reply_to_message")
    return thread_ts


def existing_message(workspace: Workspace, channel: Channel, ts: str) -> Message:
    """A message of the history.

    Raises:
        SlackError: `message_not_found`, also for ephemeral ones.
    """
    message = workspace.state.message(channel.id, ts)
    if message is None or message.subtype == "tombstone":
        raise SlackError("message_not_found")
    return message
