"""Channels: what there is, who is in them."""

from __future__ import annotations

from collections.abc import Callable

from bot.workspace import cast
from bot.workspace.core import Workspace
from bot.workspace.errors import SlackError
from bot.workspace.records import Channel, Json
from bot.workspace.web_api.arguments import Arguments, page
from bot.workspace.web_api.places import missing_scope, visible_channel
from bot.workspace.web_api.registry import method

READ = "channels:read groups:read im:read"
TYPE_SCOPES = {
    "public_channel": "channels:read",
    "private_channel": "groups:read",
    "im": "im:read",
    "mpim": "mpim:read",
}


@method("conversations.open", optional="users channel return_im prevent_creation", scopes="im:write", tier="3")
def open_conversation(workspace: Workspace, arguments: Arguments) -> Json:
    """Direct messages with one person. They are there already; Slack would create them now."""
    if arguments.has("channel"):
        channel = visible_channel(workspace, arguments.text("channel"))
    else:
        channel = _direct_channel(workspace, arguments.names("users"))
    full = workspace.shapes.channel(channel) if arguments.flag("return_im") else {"id": channel.id}
    return {"channel": full, "no_op": True, "already_open": True}


@method("conversations.info", required="channel", optional="include_locale include_num_members", scopes=READ, tier="3")
def info(workspace: Workspace, arguments: Arguments) -> Json:
    """One channel."""
    return {"channel": workspace.shapes.channel(visible_channel(workspace, arguments.text("channel")))}


@method("conversations.list", optional="cursor exclude_archived limit types", scopes=READ, tier="2")
def list_conversations(workspace: Workspace, arguments: Arguments) -> Json:
    """The channels that the bot may know of."""
    return _list(workspace, arguments, _may_know)


@method("users.conversations", optional="cursor exclude_archived limit types user", scopes=READ, tier="3")
def users_conversations(workspace: Workspace, arguments: Arguments) -> Json:
    """The channels that the bot, or somebody else, is a member of."""
    user = arguments.text("user", cast.BOT_USER)
    if user not in workspace.state.users:
        raise SlackError("user_not_found")
    return _list(workspace, arguments, lambda channel: user in channel.members and _may_know(channel))


@method("conversations.members", required="channel", optional="cursor limit", scopes=READ, tier="4")
def members(workspace: Workspace, arguments: Arguments) -> Json:
    """Who is in a channel."""
    channel = visible_channel(workspace, arguments.text("channel"))
    part, cursor = page(workspace.state.active(channel.members), arguments, default=100, maximum=999)
    return {"members": part, "response_metadata": {"next_cursor": cursor}}


@method("conversations.join", required="channel", scopes="channels:join", tier="3")
def join(workspace: Workspace, arguments: Arguments) -> Json:
    """The bot becomes a member of a public channel."""
    channel = visible_channel(workspace, arguments.text("channel"))
    if channel.kind == "im" or channel.private:
        raise SlackError("method_not_supported_for_channel_type")
    if channel.archived:
        raise SlackError("is_archived")
    if cast.BOT_USER in channel.members:
        return {
            "channel": workspace.shapes.channel(channel),
            "warning": "already_in_channel",
            "response_metadata": {"warnings": ["already_in_channel"]},
        }
    workspace.conversation.join(channel, cast.BOT_USER)
    return {"channel": workspace.shapes.channel(channel)}


def _direct_channel(workspace: Workspace, users: list[str]) -> Channel:
    if not users:
        raise SlackError("users_list_not_supplied")
    if len(users) > 8:
        raise SlackError("too_many_users")
    for user in users:
        if user not in workspace.state.users:
            raise SlackError("user_not_found")
        if workspace.state.users[user].deleted:
            raise SlackError("user_disabled")
        if workspace.state.users[user].team:
            raise SlackError("user_not_visible")
    if len(users) > 1:
        raise SlackError("not_enough_users", "the local workspace has no group direct messages")
    channel = workspace.state.direct_channel(users[0])
    if channel is None:
        raise SlackError("user_not_found")
    return channel


def _list(workspace: Workspace, arguments: Arguments, wanted: Callable[[Channel], bool]) -> Json:
    types = arguments.names("types") or ["public_channel"]
    if not set(types) <= set(TYPE_SCOPES):
        raise SlackError("invalid_types")
    for kind in types:
        if TYPE_SCOPES[kind] not in workspace.scopes:
            raise missing_scope(workspace, TYPE_SCOPES[kind])
    without_archived = arguments.flag("exclude_archived")
    channels = [
        channel
        for channel in workspace.state.channels.values()
        if _type(channel) in types and wanted(channel) and not (without_archived and channel.archived)
    ]
    part, cursor = page(channels, arguments, default=100, maximum=999)
    return {
        "channels": [workspace.shapes.channel(channel) for channel in part],
        "response_metadata": {"next_cursor": cursor},
    }


def _may_know(channel: Channel) -> bool:
    """Public channels, and those that the bot is in."""
    return cast.BOT_USER in channel.members or (channel.kind == "channel" and not channel.private)


def _type(channel: Channel) -> str:
    if channel.kind == "im":
        return "im"
    return "private_channel" if channel.private else "public_channel"
