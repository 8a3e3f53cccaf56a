"""What a person wants, as it came over the wire: names looked up, rights checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from bot.workspace import cast
from bot.workspace.core import Workspace
from bot.workspace.errors import NotPermitted, NotThere, Refused
from bot.workspace.records import Channel, Message, User
from bot.workspace.wire import parse_json


@dataclass(frozen=True, slots=True)
class Wish:
    """The body (or query) of one request."""

    workspace: Workspace
    values: Mapping[str, Any]

    def text(self, name: str, default: str | None = None) -> str:
        """A string.

        Raises:
            Refused: missing without a default, or something else.
        """
        value = self.values.get(name)
        if value is None:
            if default is None:
                raise Refused(f"`{name}` is missing.")
            return default
        if not isinstance(value, str):
            raise Refused(f"`{name}` must be a string.")
        return value

    def mapping(self, name: str) -> Mapping[str, Any]:
        """An object; empty if it is missing."""
        value = self.values.get(name) or {}
        if not isinstance(value, dict):
            raise Refused(f"`{name}` must be an object.")
        return value

    def flag(self, name: str) -> bool:
        """True if it was said."""
        return self.values.get(name) is True

    def user(self) -> User:
        """Who does it: any person of the workspace, but not the bot."""
        user = self.workspace.state.users.get(self.text("user"))
        if user is None:
            raise NotThere(f"There is no user {self.text('user')}.")
        if user.id == cast.BOT_USER:
            raise NotPermitted("The bot is played by the app itself.")
        if user.deleted:
            raise NotPermitted(f"{user.real_name} is deactivated.")
        return user

    def channel(self) -> Channel:
        """Where; the bot's user id stands for this person's direct messages with it.

        Raises:
            NotThere, NotPermitted: no such channel, or a private one of others.
        """
        state = self.workspace.state
        name = self.text("channel")
        channel = state.channels.get(cast.direct_channel_of(self.user().id) if name == cast.BOT_USER else name)
        channel = channel or state.channel_named(name)
        if channel is None:
            raise NotThere(f"There is no channel {name}.")
        if (
            (channel.kind == "im" or channel.private or self._sees_only_own())
            and self.values.get("user")
            and self.user().id not in channel.members
        ):
            raise NotPermitted(f"{self.user().real_name} cannot see this conversation.")
        return channel

    def _sees_only_own(self) -> bool:
        """Guests and people of other organisations see the channels that they are in, and no others."""
        user = self.workspace.state.users.get(str(self.values.get("user") or ""))
        return user is not None and user.kind in ("guest", "single_channel_guest", "outsider")

    def number(self, name: str, default: float, least: float, most: float) -> float:
        """A number within bounds.

        Raises:
            Refused: anything else.
        """
        value = self.values.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            raise Refused(f"`{name}` must be a number from {least:g} to {most:g}.")
        return value

    def own_channel(self) -> Channel:
        """A channel to write in: as a member, and not archived."""
        channel = self.channel()
        if self.user().id not in channel.members:
            raise NotPermitted(f"{self.user().real_name} is not a member of #{channel.name}.")
        if channel.archived:
            raise NotPermitted(f"#{channel.name} is archived.")
        return channel

    def thread_ts(self, channel: Channel) -> str | None:
        """The thread to write in; a reply stands for its thread."""
        ts = self.text("thread_ts", "")
        if not ts:
            return None
        message = self.workspace.state.message(channel.id, ts)
        if message is None:
            raise NotThere(f"There is no message {ts} in this conversation.")
        return message.thread_ts or ts

    def message(self) -> Message:
        """The message at `channel` and `ts`, as this person sees it (their ephemeral ones too)."""
        channel = self.channel()
        ts = self.text("ts")
        message = self.workspace.state.message(channel.id, ts) or self.workspace.state.ephemeral(channel.id, ts)
        if message is None or message.visible_to not in (None, self.user().id):
            raise NotThere(f"There is no message {ts} in this conversation.")
        return message

    def own_message(self) -> Message:
        """A message that this person wrote."""
        message = self.message()
        if message.user != self.user().id:
            raise NotPermitted("This is somebody else's message.")
        return message


async def read_wish(workspace: Workspace, request: Request) -> Wish:
    """From the query of a GET, from the JSON body of a POST.

    Raises:
        Refused: the body is no JSON object.
    """
    if request.method in ("GET", "HEAD"):
        return Wish(workspace, dict(request.query_params))
    try:
        body = parse_json(await request.body() or b"{}")
    except ValueError:
        raise Refused("The body is not JSON.") from None
    if not isinstance(body, dict):
        raise Refused("The body must be a JSON object.")
    return Wish(workspace, body)
