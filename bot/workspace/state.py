"""Everything that the workspace remembers, and how it is looked up. Touched by one thread only: the server's loop."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from bot.workspace import cast
from bot.workspace.records import AssistantThread, Channel, File, Json, Message, Scheduled, User, UserGroup, View


@dataclass(slots=True)
class Secrets:
    """What the app needs to be let in. Made up for this workspace: worthless anywhere else."""

    bot_token: str = field(default_factory=lambda: f"xoxb-local-{secrets.token_hex(12)}")
    app_token: str = field(default_factory=lambda: f"xapp-local-{secrets.token_hex(12)}")
    signing_secret: str = field(default_factory=lambda: secrets.token_hex(16))


class State:
    """People, channels, messages, views."""

    def __init__(self) -> None:
        self.secrets = Secrets()
        self.users: dict[str, User] = {}
        self.user_groups: dict[str, UserGroup] = {}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, File] = {}
        self.modals: dict[str, list[View]] = {}
        """Each person's stack of modals, the visible one last."""
        self.homes: dict[str, View] = {}
        self.assistant: dict[tuple[str, str], AssistantThread] = {}
        self.scheduled: dict[str, Scheduled] = {}
        self.undelivered: dict[str, Json] = {}
        """Event envelopes by event id that the app has not acknowledged yet."""
        self.last_ts = 0
        """Microseconds since 1970 of the newest time stamp given out."""
        self._messages: dict[str, dict[str, Message]] = {}
        self._ephemerals: dict[str, dict[str, Message]] = {}
        self._threads: dict[tuple[str, str], list[str]] = {}

    def next_ts(self, now: datetime) -> str:
        """A time stamp that no other message has, later than all before it."""
        self.last_ts = max(self.last_ts + 1, int(now.timestamp() * 1_000_000))
        return f"{self.last_ts // 1_000_000}.{self.last_ts % 1_000_000:06d}"

    def become(self, other: State) -> None:
        """Take over everything from another state but the secrets: whoever holds this one sees the new content."""
        secrets_of_this = self.secrets
        vars(self).update(vars(other))
        self.secrets = secrets_of_this

    def name_bot(self, name: str, handle: str = "") -> None:
        """Call the bot something else, unless the name is empty; its ids stay."""
        if name:
            bot = self.users[cast.BOT_USER]
            bot.real_name, bot.name = name, "".join((handle or name).casefold().split())

    # messages

    def add(self, message: Message) -> None:
        """Keep a message (an ephemeral one apart from the history), new or in the place of its former self."""
        shelf = (self._ephemerals if message.visible_to else self._messages).setdefault(message.channel, {})
        known = message.ts in shelf
        shelf[message.ts] = message
        if message.thread_ts and not message.visible_to and not known:
            self._threads.setdefault((message.channel, message.thread_ts), []).append(message.ts)

    def remove(self, message: Message) -> None:
        """Forget a message."""
        shelf = self._ephemerals if message.visible_to else self._messages
        shelf.get(message.channel, {}).pop(message.ts, None)
        if message.thread_ts and not message.visible_to:
            self._threads[message.channel, message.thread_ts].remove(message.ts)

    def message(self, channel: str, ts: str) -> Message | None:
        """A message of the history; ephemeral ones are not in it."""
        return self._messages.get(channel, {}).get(ts)

    def ephemeral(self, channel: str, ts: str) -> Message | None:
        """An ephemeral message."""
        return self._ephemerals.get(channel, {}).get(ts)

    def replies(self, channel: str, thread_ts: str) -> list[Message]:
        """The replies of a thread without its root, oldest first."""
        return [self._messages[channel][ts] for ts in self._threads.get((channel, thread_ts), [])]

    def history(self, channel: str) -> list[Message]:
        """The channel's top level, with broadcast replies, oldest first."""
        messages = self._messages.get(channel, {}).values()
        return [message for message in messages if message.thread_ts is None or message.subtype == "thread_broadcast"]

    def ephemerals(self, channel: str, user: str) -> list[Message]:
        """What only this person sees in the channel and its threads, oldest first."""
        return [message for message in self._ephemerals.get(channel, {}).values() if message.visible_to == user]

    def all_messages(self) -> Iterator[Message]:
        """Each message of the history, then the ephemeral ones."""
        for shelf in (self._messages, self._ephemerals):
            for messages in shelf.values():
                yield from messages.values()

    # people and channels

    def active(self, users: list[str]) -> list[str]:
        """Those of them who are not deactivated: Slack lists nobody else in channels and groups."""
        return [user for user in users if user in self.users and not self.users[user].deleted]

    def is_shared(self, channel: Channel) -> bool:
        """Whether somebody of another organisation is in it (Slack Connect)."""
        return any(self.users[member].team for member in channel.members if member in self.users)

    def direct_channel(self, user: str) -> Channel | None:
        """A person's direct messages with the bot."""
        return self.channels.get(cast.direct_channel_of(user))

    def channel_named(self, name: str) -> Channel | None:
        """By name, with or without `#`."""
        wanted = name.removeprefix("#")
        return next((c for c in self.channels.values() if c.kind == "channel" and c.name == wanted), None)

    # views

    def top_modal(self, user: str) -> View | None:
        """The modal that this person sees."""
        stack = self.modals.get(user)
        return stack[-1] if stack else None

    def views(self) -> Iterator[View]:
        """Every open modal and every App Home."""
        for stack in self.modals.values():
            yield from stack
        yield from self.homes.values()


def fresh_state() -> State:
    """A workspace in which nothing was said yet, with the standard cast."""
    state = State()
    # copies: a workspace changes its members and groups, and two may run in one process
    state.users = {user.id: _copy(user) for user in cast.USERS}
    state.user_groups = {
        group.id: UserGroup(group.id, group.handle, group.name, list(group.users)) for group in cast.USER_GROUPS
    }
    state.channels = {channel.id: _channel(channel) for channel in [*cast.CHANNELS, *cast.direct_channels()]}
    return state


def _copy(user: User) -> User:
    return User(
        user.id,
        user.name,
        user.real_name,
        user.role,
        user.title,
        user.color,
        email=f"{user.name}@{cast.TEAM_DOMAIN}.example",
    )


def _channel(channel: Channel) -> Channel:
    return Channel(channel.id, channel.name, channel.kind, list(channel.members), channel.topic, channel.private)
