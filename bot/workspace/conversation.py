"""What can happen in a channel, whoever does it: store it, show it to people, tell the app."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.workspace import cast, events
from bot.workspace.app_config import AppConfig
from bot.workspace.changes import Changes
from bot.workspace.delivery import Courier
from bot.workspace.records import AssistantThread, Channel, Json, Message
from bot.workspace.shapes import SLACKBOT, Shapes
from bot.workspace.state import State

STATUS_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Conversation:
    """The one place where messages come to be, change and go."""

    state: State
    shapes: Shapes
    changes: Changes
    courier: Courier
    app: AppConfig
    now: Callable[[], datetime]
    scopes: Callable[[], frozenset[str]]
    """What the app may do at this moment."""

    def post(self, channel: Channel, user: str, text: str, **more: Any) -> Message:
        """A new message; `more` are the other fields of `Message`."""
        message = Message(channel.id, self.state.next_ts(self.now()), user, text, **more)
        self.state.add(message)
        if message.visible_to:
            self.changes.tell("ephemeral", message=self.shapes.message_for_people(message))
            return message
        self.changes.tell("message", message=self.shapes.message_for_people(message))
        self._root_changed(message)
        if message.bot_id == cast.BOT_ID:
            self.set_status(channel.id, message.thread_ts or message.ts, "")
        for event in events.posted(message, channel, self.shapes):
            self.tell_app(channel, event)
        return message

    def change(self, message: Message, editor: str, **new: Any) -> None:
        """Give fields of a message new values: an edit."""
        before = self.shapes.message(message)
        ts = self.state.next_ts(self.now())
        for name, value in new.items():
            setattr(message, name, value)
        if message.visible_to:
            self.changes.tell("ephemeral", message=self.shapes.message_for_people(message))
            return
        message.edited = {"user": editor, "ts": ts}
        self._changed(message, before, ts)

    def delete(self, message: Message) -> None:
        """Take a message away. A root with replies stays as a tombstone: the app hears of a change, as from Slack."""
        if not message.visible_to and self.state.replies(message.channel, message.ts):
            self._entomb(message)
            return
        before = self.shapes.message(message)
        self.state.remove(message)
        self.changes.tell("message_deleted", channel=message.channel, ts=message.ts, thread_ts=message.thread_ts)
        if message.visible_to:
            return
        self._root_changed(message)
        channel = self.state.channels[message.channel]
        self.tell_app(channel, events.deleted(message, before, channel, self.state.next_ts(self.now())))

    def react(self, message: Message, user: str, name: str) -> bool:
        """Add an emoji; False if this user has added it before."""
        users = message.reactions.setdefault(name, [])
        if user in users:
            return False
        users.append(user)
        self._reacted("reaction_added", message, user, name)
        return True

    def unreact(self, message: Message, user: str, name: str) -> bool:
        """Take an emoji back; False if this user had not added it."""
        users = message.reactions.get(name, [])
        if user not in users:
            return False
        users.remove(user)
        if not users:
            del message.reactions[name]
        self._reacted("reaction_removed", message, user, name)
        return True

    def set_status(self, channel: str, thread_ts: str, status: str, loading_messages: list[str] | None = None) -> None:
        """What the app says it is doing in a thread; empty takes it away."""
        thread = self.assistant_thread(channel, thread_ts)
        if thread is None:
            if not status:
                return
            thread = self.state.assistant[channel, thread_ts] = AssistantThread(channel, thread_ts)
        if not status and not thread.status:
            return
        thread.status, thread.loading_messages = status, loading_messages or []
        thread.status_until = self.now().timestamp() + STATUS_SECONDS
        self.changes.tell("status", **self.shapes.assistant_thread(thread))

    def assistant_thread(self, channel: str, thread_ts: str) -> AssistantThread | None:
        """What the app shows around a thread; a status older than two minutes is gone."""
        thread = self.state.assistant.get((channel, thread_ts))
        if thread and thread.status and thread.status_until < self.now().timestamp():
            thread.status, thread.loading_messages = "", []
        return thread

    def written(self, message: Message, *, finished: bool) -> None:
        """A message that the app is writing has grown. People see each step, the app hears of the last one."""
        if not finished:
            self.changes.tell("message_changed", message=self.shapes.message_for_people(message))
            return
        before = self.shapes.message(message)
        message.stream = None
        self._changed(message, before, self.state.next_ts(self.now()))
        self.set_status(message.channel, message.thread_ts or message.ts, "")

    def ts(self) -> str:
        """A time stamp of its own for an event."""
        return self.state.next_ts(self.now())

    def join(self, channel: Channel, user: str, inviter: str = "") -> None:
        """Somebody, or the bot, becomes a member."""
        channel.members.append(user)
        self.changes.tell("channel", channel=self.shapes.channel_for_people(channel))
        self.tell_app(channel, events.joined(user, channel, self.ts(), self.state.users[user].team, inviter))

    def leave(self, channel: Channel, user: str, actor: str = "") -> None:
        """Somebody, or the bot, is no member any more; the bot hears of its own end by another event."""
        channel.members.remove(user)
        self.changes.tell("channel", channel=self.shapes.channel_for_people(channel))
        if user == cast.BOT_USER:
            self.tell_app(None, events.channel_event("channel_left", channel, actor, self.ts()))
        else:
            self.tell_app(channel, events.left(user, channel, self.ts(), self.state.users[user].team))

    def archive(self, channel: Channel, *, archived: bool, actor: str) -> None:
        """Close a channel for new messages, or open it again."""
        channel.archived = archived
        self.changes.tell("channel", channel=self.shapes.channel_for_people(channel))
        kind = "channel_archive" if archived else "channel_unarchive"
        self.tell_app(channel, events.channel_event(kind, channel, actor, self.ts()))

    def tell_app(self, channel: Channel | None, event: Json) -> None:
        """Send an event if the app is subscribed to it and is a member of the channel."""
        if channel is not None and cast.BOT_USER not in channel.members:
            return
        name = events.subscription(event)
        needed = events.SCOPES[name]
        if name not in self.app.events or (needed and not needed & self.scopes()):
            return
        if name in events.FOR_AGENTS and not self.app.agent_view:
            return
        shared = channel is not None and self.state.is_shared(channel)
        self.courier.event(events.envelope(event, int(self.now().timestamp()), shared=shared))

    def _entomb(self, message: Message) -> None:
        before = self.shapes.message(message)
        message.subtype, message.user, message.text = "tombstone", SLACKBOT, "This message was deleted."
        message.blocks, message.attachments, message.files, message.reactions = [], [], [], {}
        message.metadata = message.edited = message.bot_id = message.username = message.stream = None
        self._changed(message, before, self.state.next_ts(self.now()))

    def _changed(self, message: Message, before: Json, ts: str) -> None:
        self.changes.tell("message_changed", message=self.shapes.message_for_people(message))
        channel = self.state.channels[message.channel]
        self.tell_app(channel, events.changed(message, before, channel, self.shapes, ts))

    def _root_changed(self, reply: Message) -> None:
        """The page shows the number of replies under the root."""
        root = self.state.message(reply.channel, reply.thread_ts) if reply.thread_ts else None
        if root is None:
            return
        if root.subtype == "tombstone" and not self.state.replies(root.channel, root.ts):
            self.delete(root)
        else:
            self.changes.tell("message_changed", message=self.shapes.message_for_people(root))

    def _reacted(self, kind: str, message: Message, user: str, name: str) -> None:
        self.changes.tell("reaction", message=self.shapes.message_for_people(message))
        channel = self.state.channels[message.channel]
        self.tell_app(channel, events.reaction(kind, user, name, message, self.state.next_ts(self.now())))
