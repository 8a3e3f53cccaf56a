"""Files of the bot: announce one, post its bytes, share it."""

from __future__ import annotations

import mimetypes
from typing import Any

from bot.workspace import cast
from bot.workspace.block_kit import fill_ids
from bot.workspace.core import Workspace
from bot.workspace.errors import SlackError
from bot.workspace.identifiers import secret, slack_id
from bot.workspace.records import Channel, File, Json
from bot.workspace.web_api.arguments import Arguments
from bot.workspace.web_api.content import LONGEST_TEXT, blocks_of
from bot.workspace.web_api.places import readable_channel, thread_root
from bot.workspace.web_api.registry import method

LARGEST_FILE = 5 * 1024 * 1024
"""Of this workspace, which keeps files in its state; Slack takes 1 GB."""
LARGEST_SNIPPET = 1024 * 1024
LONGEST_ALT_TEXT = 1000


@method(
    "files.getUploadURLExternal",
    required="filename length",
    optional="alt_txt snippet_type",
    scopes="files:write",
    tier="4",
)
def get_upload_url(workspace: Workspace, arguments: Arguments) -> Json:
    """Where the bytes are to be posted."""
    length = arguments.integer("length", 0, 1, 10**12, "invalid_arguments")
    if len(arguments.text("alt_txt")) > LONGEST_ALT_TEXT:
        raise SlackError("alt_txt_too_large")
    if arguments.has("snippet_type") and length > LARGEST_SNIPPET:
        raise SlackError("snippet_too_large")
    if length > LARGEST_FILE:
        raise SlackError("file_upload_size_restricted")
    name = arguments.text("filename").replace("\\", "/").rpartition("/")[2]
    file = File(
        slack_id("F"),
        name,
        mimetypes.guess_type(name)[0] or "application/octet-stream",
        arguments.text("snippet_type") or (name.rpartition(".")[2].lower() if "." in name else "binary"),
        length,
        cast.BOT_USER,
        int(workspace.now().timestamp()),
        "",
        alt_text=arguments.text("alt_txt"),
    )
    key = secret()
    workspace.uploads[key] = file
    return {"upload_url": f"{workspace.base_url}/upload/{key}", "file_id": file.id}


@method(
    "files.completeUploadExternal",
    required="files",
    optional="blocks channel_id channels initial_comment thread_ts",
    scopes="files:write",
    tier="4",
)
def complete_upload(workspace: Workspace, arguments: Arguments) -> Json:
    """Share what was posted, in a channel or with nobody yet."""
    wanted = _wanted(arguments)
    files = [_posted(workspace, entry["id"]) for entry in wanted]
    channel = _channel(workspace, arguments)
    blocks = blocks_of(arguments)
    thread_ts = thread_root(workspace, channel, arguments.text("thread_ts")) if channel else None
    for file, entry in zip(files, wanted, strict=True):
        file.title = str(entry.get("title") or "")
        workspace.state.files[file.id] = file
        workspace.changes.unseen("files", file.id)
        workspace.uploads = {key: one for key, one in workspace.uploads.items() if one is not file}
    if channel is not None:
        workspace.conversation.post(
            channel,
            cast.BOT_USER,
            arguments.text("initial_comment")[:LONGEST_TEXT],
            blocks=fill_ids(blocks),
            thread_ts=thread_ts,
            subtype="file_share",
            files=[file.id for file in files],
            bot_id=cast.BOT_ID,
        )
    return {"files": [workspace.shapes.file(file) for file in files]}


@method("files.info", required="file", optional="count cursor limit page", scopes="files:read", tier="4")
def info(workspace: Workspace, arguments: Arguments) -> Json:
    """One file, without its bytes."""
    return {"file": workspace.shapes.file(_file(workspace, arguments)), "comments": []}


@method("files.delete", required="file", scopes="files:write", tier="3")
def delete(workspace: Workspace, arguments: Arguments) -> Json:
    """Take an own file away, also from the messages in which it stands."""
    file = _file(workspace, arguments)
    if file.user != cast.BOT_USER:
        raise SlackError("cant_delete_file")
    for message in list(workspace.state.all_messages()):
        if file.id in message.files:
            kept = [one for one in message.files if one != file.id]
            workspace.conversation.change(message, cast.BOT_USER, files=kept)
    del workspace.state.files[file.id]
    workspace.changes.unseen("files", file.id)
    return {}


def _wanted(arguments: Arguments) -> list[dict[str, Any]]:
    files = arguments.json("files", "invalid_arguments")
    fits = isinstance(files, list) and files and all(
        isinstance(entry, dict) and isinstance(entry.get("id"), str) for entry in files
    )
    if not fits:
        raise SlackError("invalid_arguments", "must be a list of objects with an id [json-pointer:/files]")
    return list(files)


def _posted(workspace: Workspace, file_id: str) -> File:
    file = next((one for one in workspace.uploads.values() if one.id == file_id and one.content), None)
    if file is None:
        raise SlackError("file_not_found")
    return file


def _channel(workspace: Workspace, arguments: Arguments) -> Channel | None:
    names = arguments.names("channel_id") + arguments.names("channels")
    if not names:
        return None
    if len(names) > 1:
        raise SlackError("channels_limit_exceeded", "the local workspace shares a file in one channel")
    channel = readable_channel(workspace, names[0])
    if channel.archived:
        raise SlackError("posting_to_channel_denied")
    return channel


def _file(workspace: Workspace, arguments: Arguments) -> File:
    file = workspace.state.files.get(arguments.text("file"))
    if file is None:
        raise SlackError("file_not_found")
    return file
