"""What a person does with messages: say, edit, delete, react, upload."""

from __future__ import annotations

import base64
import mimetypes
import re

from bot.workspace import cast
from bot.workspace.core import Workspace
from bot.workspace.errors import NotNow, Refused
from bot.workspace.identifiers import slack_id
from bot.workspace.people_api.wish import Wish
from bot.workspace.records import File, Json
from bot.workspace.text import stored

LONGEST_MESSAGE = 40_000
LARGEST_FILE = 5 * 1024 * 1024


async def say(wish: Wish) -> Json:
    """Write a message."""
    channel = wish.own_channel()
    thread_ts = wish.thread_ts(channel)
    subtype = "thread_broadcast" if thread_ts and wish.flag("broadcast") else None
    text = _text(wish)
    if not text:
        raise Refused("There is nothing to say: `text` is empty.")
    user = wish.user()
    bot_id = cast.bot_id_of(user.id) if user.is_bot else None
    message = wish.workspace.conversation.post(
        channel, user.id, text, thread_ts=thread_ts, subtype=subtype, bot_id=bot_id
    )
    return {"ts": message.ts, "channel": channel.id}


async def edit(wish: Wish) -> Json:
    """Change an own message."""
    message = wish.own_message()
    text = _text(wish)
    if not text and not message.files:
        raise Refused("A message cannot be edited to nothing; delete it instead.")
    if text != message.text:
        wish.workspace.conversation.change(message, wish.user().id, text=text)
    return {"ts": message.ts}


async def delete(wish: Wish) -> Json:
    """Delete an own message, or dismiss what only this person sees."""
    message = wish.message()
    if message.visible_to is None:
        message = wish.own_message()
    wish.workspace.conversation.delete(message)
    return {}


async def react(wish: Wish) -> Json:
    """Add an emoji or take it back."""
    message = wish.message()
    wish.own_channel()
    name = wish.text("name").strip(":")
    if message.visible_to or not re.fullmatch(r"[\w+'-]+(::skin-tone-[2-6])?", name):
        raise Refused(f"{name!r} cannot be added to this message.")
    conversation = wish.workspace.conversation
    if wish.flag("remove"):
        done = conversation.unreact(message, wish.user().id, name)
    else:
        done = conversation.react(message, wish.user().id, name)
    if not done:
        raise NotNow("That is so already.")
    return {}


async def upload(wish: Wish) -> Json:
    """Put a file into a conversation, with or without words."""
    channel = wish.own_channel()
    thread_ts = wish.thread_ts(channel)
    file = _file(wish)
    wish.workspace.state.files[file.id] = file
    wish.workspace.changes.unseen("files", file.id)
    message = wish.workspace.conversation.post(
        channel, wish.user().id, _text(wish), thread_ts=thread_ts, subtype="file_share", files=[file.id]
    )
    return {"ts": message.ts, "channel": channel.id, "file": wish.workspace.shapes.file(file)}


def _text(wish: Wish) -> str:
    typed = wish.text("text", "").strip()
    if len(typed) > LONGEST_MESSAGE:
        raise Refused(f"A message has at most {LONGEST_MESSAGE:,} characters.")
    return stored(typed, _mentions(wish.workspace))


def _mentions(workspace: Workspace) -> dict[str, str]:
    state = workspace.state
    people = {user.name.casefold(): f"<@{user.id}>" for user in state.users.values()}
    groups = {group.handle.casefold(): f"<!subteam^{group.id}>" for group in state.user_groups.values()}
    return people | groups | {name: f"<!{name}>" for name in ("here", "channel", "everyone")}


def _file(wish: Wish) -> File:
    name = wish.text("name").replace("\\", "/").rpartition("/")[2]
    if not name:
        raise Refused("A file needs a `name`.")
    content = _bytes(wish)
    if len(content) > LARGEST_FILE:
        raise Refused("The local workspace takes files of up to 5 MB.")
    mimetype = mimetypes.guess_type(name)[0] or "application/octet-stream"
    filetype = name.rpartition(".")[2].lower() if "." in name else "binary"
    return File(
        slack_id("F"),
        name,
        mimetype,
        filetype,
        len(content),
        wish.user().id,
        int(wish.workspace.now().timestamp()),
        base64.b64encode(content).decode(),
    )


def _bytes(wish: Wish) -> bytes:
    if wish.values.get("content_base64") is None:
        return wish.text("content", "").encode()
    try:
        return base64.b64decode(wish.text("content_base64"), validate=True)
    except ValueError:
        raise Refused("`content_base64` is not base64.") from None
