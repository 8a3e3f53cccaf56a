"""Messages that the bot wants posted later."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.workspace import cast
from bot.workspace.core import Workspace
from bot.workspace.errors import SlackError
from bot.workspace.identifiers import slack_id
from bot.workspace.records import Json, Scheduled
from bot.workspace.web_api.arguments import Arguments, page
from bot.workspace.web_api.content import LONGEST_TEXT, content, metadata
from bot.workspace.web_api.places import readable_channel, thread_root, writable_channel
from bot.workspace.web_api.registry import method

FARTHEST_SECONDS = 120 * 24 * 60 * 60
WINDOW_SECONDS = 5 * 60
MOST_IN_A_WINDOW = 30
"""Messages for one channel within five minutes."""
POLL_SECONDS = 0.5


@method(
    "chat.scheduleMessage",
    required="channel post_at",
    optional="as_user attachments blocks link_names markdown_text metadata parse reply_broadcast text thread_ts "
    "unfurl_links unfurl_media",
    scopes="chat:write",
    tier="3",
)
def schedule(workspace: Workspace, arguments: Arguments) -> Json:
    """A message for a time to come, up to 120 days away."""
    channel = writable_channel(workspace, arguments.text("channel"))
    body = content(arguments)
    if len(body.text) > LONGEST_TEXT:
        raise SlackError("msg_too_long")
    thread_ts = thread_root(workspace, channel, arguments.text("thread_ts"))
    now = int(workspace.now().timestamp())
    post_at = arguments.integer("post_at", 0, 0, 10**12, "invalid_time")
    if post_at <= now:
        raise SlackError("time_in_past")
    if post_at > now + FARTHEST_SECONDS:
        raise SlackError("time_too_far")
    near = [one for one in workspace.state.scheduled.values()
            if one.channel == channel.id and abs(one.post_at - post_at) < WINDOW_SECONDS]
    if len(near) >= MOST_IN_A_WINDOW:
        raise SlackError("restricted_too_many")
    fields: dict[str, Any] = {
        "text": body.text, "blocks": body.blocks, "attachments": body.attachments, "thread_ts": thread_ts,
        "metadata": metadata(arguments),
    }
    message = Scheduled(slack_id("Q"), channel.id, post_at, now, fields)
    workspace.state.scheduled[message.id] = message
    workspace.changes.unseen("scheduled", message.id)
    return {"channel": channel.id, "scheduled_message_id": message.id, "post_at": post_at,
            "message": {"text": body.text, "type": "delayed_message", "user": cast.BOT_USER, "bot_id": cast.BOT_ID}}


@method(
    "chat.deleteScheduledMessage", required="channel scheduled_message_id", optional="as_user", scopes="chat:write",
    tier="3",
)
def delete(workspace: Workspace, arguments: Arguments) -> Json:
    """Take a scheduled message back before its time."""
    channel = readable_channel(workspace, arguments.text("channel"))
    message = workspace.state.scheduled.get(arguments.text("scheduled_message_id"))
    if message is None or message.channel != channel.id:
        raise SlackError("invalid_scheduled_message_id")
    _forget(workspace, message)
    return {}


@method("chat.scheduledMessages.list", optional="channel cursor latest limit oldest", tier="3")
def list_scheduled(workspace: Workspace, arguments: Arguments) -> Json:
    """What is still to come, soonest first."""
    wanted = arguments.text("channel")
    if wanted and wanted not in workspace.state.channels:
        raise SlackError("invalid_channel")
    fitting = [one for one in workspace.state.scheduled.values() if wanted in ("", one.channel)]
    fitting.sort(key=lambda one: one.post_at)
    part, cursor = page(fitting, arguments, default=100, maximum=999, error="invalid_arguments")
    return {
        "scheduled_messages": [
            {"id": one.id, "channel_id": one.channel, "post_at": one.post_at, "date_created": one.created,
             "text": one.body["text"]}
            for one in part
        ],
        "response_metadata": {"next_cursor": cursor},
    }


async def post_when_due(workspace: Workspace) -> None:
    """Post each message at its time, until cancelled."""
    while True:
        post_due(workspace)
        await asyncio.sleep(POLL_SECONDS)


def post_due(workspace: Workspace) -> None:
    """Post what is due now. In a channel that cannot be written in any more, it is dropped."""
    now = workspace.now().timestamp()
    for message in sorted(workspace.state.scheduled.values(), key=lambda one: one.post_at):
        if message.post_at > now:
            return
        _forget(workspace, message)
        channel = workspace.state.channels.get(message.channel)
        if channel is not None and not channel.archived and cast.BOT_USER in channel.members:
            workspace.conversation.post(channel, cast.BOT_USER, bot_id=cast.BOT_ID, **message.body)


def _forget(workspace: Workspace, message: Scheduled) -> None:
    del workspace.state.scheduled[message.id]
    workspace.changes.unseen("scheduled", message.id)
