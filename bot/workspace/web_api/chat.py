"""Messages of the bot: post, update, delete, show to one person."""

from __future__ import annotations

from bot.workspace import cast
from bot.workspace.core import Workspace
from bot.workspace.errors import SlackError
from bot.workspace.records import Json, Message
from bot.workspace.web_api.arguments import Arguments
from bot.workspace.web_api.content import LONGEST_TEXT, content, escaped, metadata
from bot.workspace.web_api.places import (
    customized_name,
    existing_message,
    readable_channel,
    thread_root,
    visible_channel,
    writable_channel,
)
from bot.workspace.web_api.registry import method

LONGEST_UPDATE = 4_000
"""Bytes, counted after escaping."""
_LOOKS = "icon_emoji icon_url username as_user link_names parse markdown_text attachments blocks text thread_ts"


@method(
    "chat.postMessage",
    required="channel",
    scopes="chat:write",
    tier="special",
    optional=f"{_LOOKS} metadata mrkdwn reply_broadcast unfurl_links unfurl_media",
)
def post_message(workspace: Workspace, arguments: Arguments) -> Json:
    """A message for everybody in the channel. Text past 40,000 characters is cut off without a word, as Slack does."""
    channel = writable_channel(workspace, arguments.text("channel"))
    body = content(arguments, too_long="msg_blocks_too_long")
    thread_ts = thread_root(workspace, channel, arguments.text("thread_ts"))
    broadcast = thread_ts is not None and arguments.flag("reply_broadcast")
    message = workspace.conversation.post(
        channel,
        cast.BOT_USER,
        body.text[:LONGEST_TEXT],
        blocks=body.blocks,
        attachments=body.attachments,
        thread_ts=thread_ts,
        subtype="thread_broadcast" if broadcast else None,
        metadata=metadata(arguments),
        bot_id=cast.BOT_ID,
        username=customized_name(workspace, arguments),
    )
    return {"channel": channel.id, "ts": message.ts, "message": workspace.shapes.message(message, metadata=True)}


@method("chat.postEphemeral", required="channel user", optional=_LOOKS, scopes="chat:write", tier="4")
def post_ephemeral(workspace: Workspace, arguments: Arguments) -> Json:
    """A message that only one person sees, and that is in no history."""
    channel = writable_channel(workspace, arguments.text("channel"))
    user = arguments.text("user")
    if user not in workspace.state.active(channel.members):
        raise SlackError("user_not_in_channel")
    body = content(arguments)
    if len(body.text) > LONGEST_TEXT:
        raise SlackError("msg_too_long")
    message = workspace.conversation.post(
        channel,
        cast.BOT_USER,
        body.text,
        blocks=body.blocks,
        attachments=body.attachments,
        visible_to=user,
        thread_ts=thread_root(workspace, channel, arguments.text("thread_ts")),
        bot_id=cast.BOT_ID,
        username=customized_name(workspace, arguments),
    )
    return {"message_ts": message.ts}


@method(
    "chat.update",
    required="channel ts",
    scopes="chat:write",
    tier="3",
    optional="as_user attachments blocks file_ids link_names markdown_text metadata parse reply_broadcast text",
)
def update(workspace: Workspace, arguments: Arguments) -> Json:
    """Other content for an own message. Text without blocks takes the old blocks away; metadata stays unless given."""
    channel = readable_channel(workspace, arguments.text("channel"))
    message = _own_message(workspace, arguments, "cant_update_message")
    if message.stream is not None:
        raise SlackError("streaming_state_conflict")
    body = content(arguments)
    if len(escaped(body.text).encode()) > LONGEST_UPDATE:
        raise SlackError("msg_too_long")
    new_metadata = metadata(arguments)
    workspace.conversation.change(
        message,
        cast.BOT_USER,
        text=body.text,
        blocks=body.blocks,
        attachments=body.attachments,
        metadata=message.metadata if new_metadata is None else new_metadata,
    )
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": workspace.shapes.message(message)}


@method("chat.delete", required="channel ts", optional="as_user", scopes="chat:write", tier="3")
def delete(workspace: Workspace, arguments: Arguments) -> Json:
    """Take an own message away."""
    message = _own_message(workspace, arguments, "cant_delete_message")
    workspace.conversation.delete(message)
    return {"channel": message.channel, "ts": message.ts}


@method("chat.getPermalink", required="channel message_ts", tier="special")
def get_permalink(workspace: Workspace, arguments: Arguments) -> Json:
    """The address of a message."""
    channel = visible_channel(workspace, arguments.text("channel"))
    message = existing_message(workspace, channel, arguments.text("message_ts"))
    return {"channel": channel.id, "permalink": workspace.shapes.permalink(message)}


def _own_message(workspace: Workspace, arguments: Arguments, otherwise: str) -> Message:
    channel = readable_channel(workspace, arguments.text("channel"))
    message = existing_message(workspace, channel, arguments.text("ts"))
    if message.bot_id != cast.BOT_ID:
        raise SlackError(otherwise)
    return message
