"""What a person sees."""

from __future__ import annotations

from bot.workspace import cast
from bot.workspace.core import Workspace
from bot.workspace.errors import NotThere, Refused
from bot.workspace.people_api.wish import Wish
from bot.workspace.records import AssistantThread, Channel, Json, Message


async def state(wish: Wish) -> Json:
    """Who and what is there."""
    workspace = wish.workspace
    people, shapes, app = workspace.state, workspace.shapes, workspace.app
    return {
        "users": [shapes.user_for_people(user) for user in people.users.values()],
        "channels": [shapes.channel_for_people(channel) for channel in people.channels.values()],
        "usergroups": [
            {"id": group.id, "handle": group.handle, "name": group.name, "users": group.users}
            for group in people.user_groups.values()
        ],
        "team": {"id": cast.TEAM_ID, "name": cast.TEAM_NAME, "domain": cast.TEAM_DOMAIN},
        "bot": {"user": cast.BOT_USER, "app_id": cast.APP_ID, "bot_id": cast.BOT_ID},
        "commands": [
            {"command": entry.command, "description": entry.description, "usage_hint": entry.usage_hint}
            for entry in app.commands
        ],
        "shortcuts": [
            {"name": entry.callback_id, "title": entry.title, "type": entry.type, "description": entry.description}
            for entry in app.shortcuts
        ],
        "connected": workspace.courier.transport.connected,
    }


async def messages(wish: Wish) -> Json:
    """A channel's top level or one thread, with what only this person sees."""
    workspace = wish.workspace
    channel = wish.channel()
    thread_ts = wish.thread_ts(channel) if wish.text("thread_ts", "") else None
    seen = _thread(workspace, channel.id, thread_ts) if thread_ts else workspace.state.history(channel.id)
    if wish.text("user", ""):
        own = workspace.state.ephemerals(channel.id, wish.user().id)
        seen = sorted(
            seen + [message for message in own if message.thread_ts == thread_ts], key=lambda message: message.ts
        )
    threads = [
        workspace.conversation.assistant_thread(*key) for key in workspace.state.assistant if key[0] == channel.id
    ]
    threads += _pane(workspace, channel)
    return {
        "channel": channel.id,
        "messages": [workspace.shapes.message_for_people(message) for message in seen],
        "assistant": [workspace.shapes.assistant_thread(thread) for thread in threads if thread],
    }


async def views(wish: Wish) -> Json:
    """The modal that is open, and the App Home."""
    user = wish.user().id
    modal, home = wish.workspace.state.top_modal(user), wish.workspace.state.homes.get(user)
    return {"modal": modal.body if modal else None, "home": home.body if home else None}


async def log(wish: Wish) -> Json:
    """What app and workspace said to each other."""
    after = wish.text("after", "0")
    if not after.isdecimal():
        raise Refused("`after` must be a number.")
    return {"entries": wish.workspace.changes.entries(int(after))}


def _pane(workspace: Workspace, channel: Channel) -> list[AssistantThread]:
    """What the manifest suggests in the agent pane, until the app sets prompts of its own."""
    if channel.kind != "im" or not workspace.app.prompts or (channel.id, "") in workspace.state.assistant:
        return []
    prompts = [{"title": title, "message": message} for title, message in workspace.app.prompts]
    return [AssistantThread(channel.id, "", prompts=prompts)]


def _thread(workspace: Workspace, channel: str, thread_ts: str) -> list[Message]:
    root = workspace.state.message(channel, thread_ts)
    if root is None:
        raise NotThere(f"There is no message {thread_ts} in this conversation.")
    return [root, *workspace.state.replies(channel, thread_ts)]
