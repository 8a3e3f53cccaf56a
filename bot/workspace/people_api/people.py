"""Who is there: new people of every kind, and who is in which channel."""

from __future__ import annotations

import re
from typing import get_args

from bot.workspace import cast
from bot.workspace.errors import NotNow, NotPermitted, NotThere, Refused
from bot.workspace.people_api.wish import Wish
from bot.workspace.records import Channel, Json, Role, User, UserKind

KINDS = ("member", "guest", "single_channel_guest", "outsider", "deactivated", "app")
ROLES = tuple(role for role in get_args(Role) if role != "bot")
OTHER_TEAM = "T0ELSEWHERE"
FIRST_CHANNELS = {"guest": ["C0GOLIVE", "C0FINANCE"], "single_channel_guest": ["C0GOLIVE"], "outsider": ["C0GOLIVE"],
                  "deactivated": []}
"""Where a new person of this kind is unless something else is said; everybody else: in every public channel."""
LONGEST_NAME = 80


async def person(wish: Wish) -> Json:
    """Somebody new: a member, a guest, somebody of another organisation, a deactivated one, another bot."""
    kind = _one_of(wish, "kind", "member", KINDS)
    role = _one_of(wish, "role", "end_user", ROLES)
    name = wish.text("name").strip()
    if not 1 <= len(name) <= LONGEST_NAME:
        raise Refused(f"`name` has 1 to {LONGEST_NAME} characters.")
    user = _user(wish, name, kind, role)
    channels = _channels(wish, kind)
    state, conversation = wish.workspace.state, wish.workspace.conversation
    state.users[user.id] = user
    wish.workspace.changes.tell("person", person=wish.workspace.shapes.user_for_people(user))
    if not user.team:
        direct = Channel(cast.direct_channel_of(user.id), user.name, "im", [user.id, cast.BOT_USER])
        state.channels[direct.id] = direct
        wish.workspace.changes.tell("channel", channel=wish.workspace.shapes.channel_for_people(direct))
    for channel in channels:
        conversation.join(channel, user.id)
    return {"user": wish.workspace.shapes.user_for_people(user), "channels": [channel.id for channel in channels]}


async def join(wish: Wish) -> Json:
    """Bring somebody (or the bot) into a channel; without `who`, oneself."""
    channel, who = _channel_and_who(wish)
    if who in channel.members:
        raise NotNow("They are a member already.")
    inviter = wish.text("user")
    wish.workspace.conversation.join(channel, who, "" if inviter == who else inviter)
    return {"channel": wish.workspace.shapes.channel_for_people(channel)}


async def leave(wish: Wish) -> Json:
    """Take somebody (or the bot) out of a channel; without `who`, oneself."""
    channel, who = _channel_and_who(wish)
    if who not in channel.members:
        raise NotNow("They are no member.")
    wish.workspace.conversation.leave(channel, who, wish.text("user"))
    return {"channel": wish.workspace.shapes.channel_for_people(channel)}


def _channel_and_who(wish: Wish) -> tuple[Channel, str]:
    channel = wish.channel()
    if channel.kind == "im":
        raise NotPermitted("Direct messages have no members to come and go.")
    if channel.archived:
        raise NotPermitted(f"#{channel.name} is archived.")
    who = wish.text("who", wish.user().id)
    if who not in wish.workspace.state.users:
        raise NotThere(f"There is no user {who}.")
    return channel, who


def _user(wish: Wish, name: str, kind: str, role: str) -> User:
    handle = "".join(letter for letter in name.split(" ")[0].casefold() if letter.isalnum()) or "somebody"
    known = {user.name for user in wish.workspace.state.users.values()}
    handle = next(one for one in (handle, *(f"{handle}{number}" for number in range(2, 10_000))) if one not in known)
    user_id = "U0" + (re.sub(r"[^A-Z0-9]", "", handle.upper()) or f"X{len(known)}")
    if user_id in wish.workspace.state.users:
        user_id = f"{user_id}{len(known)}"
    deactivated = kind == "deactivated"
    outside = kind == "outsider"
    user_kind: UserKind = "member" if deactivated else kind  # type: ignore[assignment]
    domain = "elsewhere" if outside else cast.TEAM_DOMAIN
    return User(user_id, handle, name, role, wish.text("title", ""), email=f"{handle}@{domain}.example",  # type: ignore[arg-type]
                deleted=deactivated, kind=user_kind, team=OTHER_TEAM if outside else "")


def _channels(wish: Wish, kind: str) -> list[Channel]:
    state = wish.workspace.state
    given = wish.values.get("channels")
    public = [one.id for one in state.channels.values() if one.kind == "channel" and cast.PEOPLE[0] in one.members]
    names = FIRST_CHANNELS.get(kind, public) if given is None else given
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise Refused("`channels` must be a list of ids.")
    missing = [name for name in names if name not in state.channels or state.channels[name].kind == "im"]
    if missing:
        raise NotThere(f"There is no channel {missing[0]}.")
    if kind == "single_channel_guest" and len(names) > 1:
        raise Refused("A single-channel guest is in one channel.")
    if kind == "deactivated" and names:
        raise Refused("A deactivated person is in no channel.")
    return [state.channels[name] for name in names]


def _one_of(wish: Wish, name: str, default: str, choices: tuple[str, ...]) -> str:
    value = wish.text(name, default)
    if value not in choices:
        raise Refused(f"`{name}` is one of {', '.join(choices)}.")
    return value
