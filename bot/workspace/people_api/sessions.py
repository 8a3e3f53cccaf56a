"""What a person does around the agent: stop it, rename a session, look at something else meanwhile."""

from __future__ import annotations

from bot.workspace import events
from bot.workspace.core import Workspace
from bot.workspace.errors import NotNow, NotPermitted, NotThere, Refused
from bot.workspace.people_api.wish import Wish
from bot.workspace.records import Json, Message
from bot.workspace.streams import is_live

LONGEST_TITLE = 200


async def stop(wish: Wish) -> Json:
    """Press the stop button of a thread in which the app is at work."""
    workspace, channel = wish.workspace, wish.own_channel()
    message = wish.message()
    thread_ts = message.thread_ts or message.ts
    thread = workspace.state.assistant.get((channel.id, thread_ts))
    streams = [one for one in live_streams(workspace) if (one.channel, one.thread_ts) == (channel.id, thread_ts)]
    if not streams and not (thread and thread.session == "processing"):
        raise NotNow("The app is not at work in this thread.")
    return {"stopped": stop_streams(workspace, wish.user().id, channel.id, thread_ts, streams)}


async def rename(wish: Wish) -> Json:
    """Give a session another title."""
    workspace, channel = wish.workspace, wish.own_channel()
    thread = workspace.state.assistant.get((channel.id, wish.text("ts")))
    if thread is None or not thread.session:
        raise NotThere("There is no session in this thread.")
    title = wish.text("title").strip()
    if not 1 <= len(title) <= LONGEST_TITLE:
        raise Refused(f"A title has 1 to {LONGEST_TITLE} characters.")
    thread.title = title
    workspace.changes.tell("status", **workspace.shapes.assistant_thread(thread))
    conversation = workspace.conversation
    event = events.session_renamed(wish.user().id, channel.id, thread.thread_ts, title, conversation.ts())
    conversation.tell_app(channel, event)
    return {}


async def look_at(wish: Wish) -> Json:
    """Look at a channel (or at nothing) while the agent pane is open beside it."""
    workspace, user = wish.workspace, wish.user()
    direct = workspace.state.direct_channel(user.id)
    if direct is None:
        raise NotPermitted(f"{user.real_name} has no agent pane.")
    looked_at = wish.channel().id if wish.text("channel", "") else None
    conversation = workspace.conversation
    conversation.tell_app(None, events.context_changed(user.id, direct.id, looked_at, conversation.ts()))
    return {}


def live_streams(workspace: Workspace) -> list[Message]:
    """Messages that the app is writing at this moment."""
    now = workspace.now()
    return [one for one in workspace.state.all_messages() if is_live(one, now) and not (one.stream or {})["stopped"]]


def stop_streams(
    workspace: Workspace, user: str, channel_id: str, thread_ts: str, streams: list[Message]
) -> list[str]:
    """A person stopped the agent: what it was writing stays as it is, and the app is told. Returns time stamps."""
    for message in streams:
        message.stream = {**(message.stream or {}), "stopped": True}
        workspace.changes.tell("message_changed", message=workspace.shapes.message_for_people(message))
    stopped = [message.ts for message in streams]
    conversation = workspace.conversation
    event = events.session_stopped(user, channel_id, thread_ts, stopped, conversation.ts())
    conversation.tell_app(workspace.state.channels[channel_id], event)
    return stopped
