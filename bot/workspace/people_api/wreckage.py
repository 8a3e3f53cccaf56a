"""What the faults do to the workspace itself: things that are there and then are not."""

from __future__ import annotations

from bot.workspace import cast
from bot.workspace.core import Workspace
from bot.workspace.errors import NotNow, NotPermitted, NotThere
from bot.workspace.records import Channel, Message, View


def revoke_token(workspace: Workspace) -> None:
    """Tell the app, in the order in which it may well come: first that it is uninstalled."""
    conversation = workspace.conversation
    conversation.tell_app(None, {"type": "app_uninstalled"})
    conversation.tell_app(None, {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [cast.BOT_USER]}})


def deactivate(workspace: Workspace, user_id: str, *, undo: bool) -> None:
    """Somebody leaves the company, or comes back."""
    user = workspace.state.users.get(user_id)
    if user is None:
        raise NotThere(f"There is no user {user_id}.")
    if user.id == cast.BOT_USER:
        raise NotPermitted("The bot is no person.")
    if user.deleted != undo:
        raise NotNow("That is so already.")
    user.deleted = not undo
    workspace.changes.tell("person", person=workspace.shapes.user_for_people(user))
    conversation = workspace.conversation
    event = {"type": "user_change", "user": workspace.shapes.user(user), "event_ts": conversation.ts()}
    conversation.tell_app(None, event)


def channel(workspace: Workspace, channel_id: str) -> Channel:
    """A channel, no direct messages."""
    found = workspace.state.channels.get(channel_id) or workspace.state.channel_named(channel_id)
    if found is None or found.kind == "im":
        raise NotThere(f"There is no channel {channel_id}.")
    return found


def message(workspace: Workspace, channel_id: str, ts: str) -> Message:
    """The bot's message at `ts`, or its newest in the channel and its threads."""
    if channel_id not in workspace.state.channels:
        raise NotThere(f"There is no channel {channel_id}.")
    own = [
        one for one in workspace.state.all_messages()
        if (one.channel, one.bot_id) == (channel_id, cast.BOT_ID) and one.visible_to is None and ts in ("", one.ts)
    ]
    if not own:
        raise NotThere("There is no such message of the bot's.")
    return max(own, key=lambda one: one.ts)


def views(workspace: Workspace, user_id: str) -> list[View]:
    """The open modals and Homes of one person, or of everybody."""
    found = [view for view in workspace.state.views() if user_id in ("", view.user)]
    if not found:
        raise NotNow("No view is open.")
    return found
