"""Messages written bit by bit: start, append, stop."""

from __future__ import annotations

from bot.workspace import cast
from bot.workspace.block_kit import fill_ids
from bot.workspace.core import Workspace
from bot.workspace.errors import SlackError
from bot.workspace.records import Channel, Json, Message
from bot.workspace.streams import DISPLAY_MODES, MOST_BLOCKS, checked_blocks, grow, is_live
from bot.workspace.web_api.arguments import Arguments
from bot.workspace.web_api.assistant import SESSION_STATES, set_session
from bot.workspace.web_api.content import metadata
from bot.workspace.web_api.places import (
    customized_name,
    existing_message,
    readable_channel,
    thread_root,
    writable_channel,
)
from bot.workspace.web_api.registry import method


@method(
    "chat.startStream",
    required="channel thread_ts",
    optional="chunks icon_emoji icon_url markdown_text recipient_team_id recipient_user_id task_display_mode username",
    scopes="chat:write",
    tier="2",
)
def start(workspace: Workspace, arguments: Arguments) -> Json:
    """An empty or short message in a thread, to be continued."""
    channel = writable_channel(workspace, arguments.text("channel"))
    _check_recipient(workspace, channel, arguments)
    if arguments.text("task_display_mode", "timeline") not in DISPLAY_MODES:
        raise SlackError("invalid_arguments", "must be timeline, plan or dense [json-pointer:/task_display_mode]")
    thread_ts = thread_root(workspace, channel, arguments.text("thread_ts"))
    stream = {"started": workspace.now().timestamp(), "stopped": False}
    draft = Message(channel.id, "", cast.BOT_USER, "")
    grow(draft, arguments.text("markdown_text"), _chunks(arguments))
    message = workspace.conversation.post(
        channel,
        cast.BOT_USER,
        draft.text,
        blocks=draft.blocks,
        thread_ts=thread_ts,
        bot_id=cast.BOT_ID,
        username=customized_name(workspace, arguments),
        stream=stream,
    )
    return {"channel": channel.id, "ts": message.ts}


@method(
    "chat.appendStream", required="channel ts", optional="chunks markdown_text", scopes="chat:write", tier="4"
)
def append(workspace: Workspace, arguments: Arguments) -> Json:
    """More of a message that is being written."""
    message = _live_message(workspace, arguments)
    chunks = _chunks(arguments)
    if not arguments.has("markdown_text") and not chunks:
        raise SlackError("no_text")
    grow(message, arguments.text("markdown_text"), chunks)
    workspace.conversation.written(message, finished=False)
    return {"channel": message.channel, "ts": message.ts}


@method(
    "chat.stopStream",
    required="channel ts",
    optional="blocks chunks markdown_text metadata session_status",
    scopes="chat:write",
    tier="2",
)
def stop(workspace: Workspace, arguments: Arguments) -> Json:
    """The rest of the message, with blocks below; then it is one like any other."""
    message = _live_message(workspace, arguments)
    new_metadata = metadata(arguments)
    blocks = arguments.json("blocks", "invalid_blocks_format")
    added = checked_blocks(blocks) if blocks is not None else []
    session = arguments.text("session_status")
    if session and session not in SESSION_STATES:
        raise SlackError("invalid_arguments", "must be a session's status [json-pointer:/session_status]")
    chunks = _chunks(arguments)
    if not (message.blocks or added or chunks or arguments.has("markdown_text")):
        raise SlackError("no_text")
    if len(message.blocks) + len(added) > MOST_BLOCKS:
        raise SlackError("msg_blocks_too_many")
    grow(message, arguments.text("markdown_text"), chunks)
    message.blocks = message.blocks + fill_ids(added)
    message.metadata = dict(new_metadata) if new_metadata else None
    workspace.conversation.written(message, finished=True)
    if session and message.thread_ts:
        set_session(workspace, message.channel, message.thread_ts, session)
    return {"channel": message.channel, "ts": message.ts, "message": workspace.shapes.message(message, metadata=True)}


def _check_recipient(workspace: Workspace, channel: Channel, arguments: Arguments) -> None:
    """In a channel it must be said for whom the message is."""
    if channel.kind == "im":
        return
    for name in ("recipient_team_id", "recipient_user_id"):
        if not arguments.has(name):
            raise SlackError(f"missing_{name}")
    user = workspace.state.users.get(arguments.text("recipient_user_id"))
    if user is None:
        raise SlackError("user_not_found")
    if arguments.text("recipient_team_id") != (user.team or cast.TEAM_ID):
        raise SlackError("team_not_found")


def _live_message(workspace: Workspace, arguments: Arguments) -> Message:
    channel = readable_channel(workspace, arguments.text("channel"))
    if channel.archived:
        raise SlackError("is_archived")
    message = existing_message(workspace, channel, arguments.text("ts"))
    if message.bot_id != cast.BOT_ID:
        raise SlackError("message_not_owned_by_app")
    if message.stream is not None and message.stream["stopped"]:
        raise SlackError("stopped_by_user")
    if not is_live(message, workspace.now()):
        raise SlackError("message_not_in_streaming_state")
    return message


def _chunks(arguments: Arguments) -> list[Json]:
    chunks = arguments.json("chunks", "invalid_chunks")
    if chunks is None:
        return []
    if not isinstance(chunks, list):
        raise SlackError("invalid_chunks")
    return chunks
