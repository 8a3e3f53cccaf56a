"""The table of faults: what each does, which fields it takes, and how it is brought about."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import get_args

from bot.workspace import cast
from bot.workspace.errors import NotNow, NotThere, Refused
from bot.workspace.faults import LONGEST_SECONDS, SignatureFault, api_fault
from bot.workspace.identifiers import short_id
from bot.workspace.people_api import wreckage
from bot.workspace.people_api.sessions import live_streams, stop_streams
from bot.workspace.people_api.wish import Wish
from bot.workspace.records import Json

DISCONNECT_REASONS = ("refresh_requested", "warning", "link_disabled", "abrupt")
TOKEN_CODES = ("token_revoked", "account_inactive", "invalid_auth", "token_expired")
MOST = 100

@dataclass(frozen=True, slots=True)
class Field:
    """What may be said about a fault. A field without choices is free; one with choices takes the first by default."""

    name: str
    means: str
    choices: tuple[str, ...] = ()


Run = Callable[[Wish], Awaitable[Json | None]]


@dataclass(frozen=True, slots=True)
class Kind:
    """One way in which things go wrong."""

    does: str
    fields: tuple[Field, ...]
    run: Run


async def _api(wish: Wish) -> None:
    wish.workspace.faults.add(api_fault(dict(wish.values)))


async def _duplicate(wish: Wish) -> None:
    wish.workspace.faults.delivery.duplicates += _count(wish)


async def _out_of_order(wish: Wish) -> None:
    wish.workspace.faults.delivery.swaps += _count(wish)


async def _late_event(wish: Wish) -> None:
    wish.workspace.faults.delivery.delays += [wish.number("seconds", 5, 0, LONGEST_SECONDS)] * _count(wish)


async def _signature(wish: Wish) -> None:
    if wish.workspace.request_url is None:
        raise NotNow("Socket Mode has no signatures; this fault is for events by HTTP.")
    how = _choice(wish, "how", get_args(SignatureFault))
    wish.workspace.faults.delivery.signatures += [how] * _count(wish)  # type: ignore[list-item]


async def _disconnect(wish: Wish) -> None:
    notice = wish.number("seconds", 10, 0, LONGEST_SECONDS)
    await wish.workspace.socket_mode.disconnect(_choice(wish, "reason", DISCONNECT_REASONS), notice)


async def _token_revoked(wish: Wish) -> None:
    code = _choice(wish, "error", TOKEN_CODES)
    wish.workspace.faults.token_refused = code
    wreckage.revoke_token(wish.workspace)


async def _scope_removed(wish: Wish) -> None:
    scope = wish.text("scope")
    if scope not in wish.workspace.app.scopes:
        raise NotThere(f"The app has no scope {scope!r}; it has {', '.join(sorted(wish.workspace.app.scopes))}.")
    wish.workspace.faults.scopes_removed.add(scope)


async def _channel_archived(wish: Wish) -> None:
    channel = wreckage.channel(wish.workspace, wish.text("channel"))
    wish.workspace.conversation.archive(channel, archived=not wish.flag("undo"), actor=_actor(wish))


async def _bot_removed(wish: Wish) -> None:
    channel, conversation = wreckage.channel(wish.workspace, wish.text("channel")), wish.workspace.conversation
    inside = cast.BOT_USER in channel.members
    if inside == wish.flag("undo"):
        raise NotNow("That is so already.")
    if inside:
        conversation.leave(channel, cast.BOT_USER, _actor(wish))
    else:
        conversation.join(channel, cast.BOT_USER, _actor(wish))


async def _user_deactivated(wish: Wish) -> None:
    wreckage.deactivate(wish.workspace, wish.text("user"), undo=wish.flag("undo"))


async def _message_gone(wish: Wish) -> Json:
    message = wreckage.message(wish.workspace, wish.text("channel"), wish.text("ts", ""))
    wish.workspace.conversation.delete(message)
    return {"ts": message.ts}


async def _hash_conflict(wish: Wish) -> None:
    for view in wreckage.views(wish.workspace, wish.text("user", "")):
        view.body["hash"] = f"{view.body['hash'].rpartition('.')[0]}.{short_id()}"
        wish.workspace.changes.unseen("homes" if view.body["type"] == "home" else "modals", view.user)


async def _view_gone(wish: Wish) -> None:
    views = wreckage.views(wish.workspace, wish.text("user", ""))
    for user in {view.user for view in views if view.body["type"] == "modal"}:
        wish.workspace.views.close(user, everything=True)


async def _stream_stopped(wish: Wish) -> Json:
    workspace = wish.workspace
    streams = [one for one in live_streams(workspace) if wish.text("channel", one.channel) == one.channel]
    if not streams:
        raise NotNow("The app is writing nothing at this moment.")
    places = dict.fromkeys((one.channel, one.thread_ts or one.ts) for one in streams)
    for channel, thread_ts in places:
        here = [one for one in streams if (one.channel, one.thread_ts or one.ts) == (channel, thread_ts)]
        members = workspace.state.channels[channel].members
        user = wish.text("user", "") or next(member for member in members if member != cast.BOT_USER)
        stop_streams(workspace, user, channel, thread_ts, here)
    return {"stopped": [one.ts for one in streams]}


async def _none(wish: Wish) -> None:
    wish.workspace.faults.clear()
    wish.workspace.socket_mode.switched_off = False


def _count(wish: Wish) -> int:
    return int(wish.number("count", 1, 1, MOST))


def _choice(wish: Wish, name: str, choices: tuple[str, ...]) -> str:
    value = wish.text(name, choices[0])
    if value not in choices:
        raise Refused(f"`{name}` is one of {', '.join(choices)}.")
    return value


def _actor(wish: Wish) -> str:
    return wish.text("user", "") or cast.ADMINS[0]


_COUNT = Field("count", "how many times")
_METHOD = Field("method", "only for this method; without it, for the next call whatever it is")
_DONE = Field("done", "true: the call is carried out all the same, and the app cannot know")
_USER = Field("user", "whose; without it, everybody's")
_UNDO = Field("undo", "true: as it was before")
_ACTOR = Field("user", "who did it")
_CHANNEL = Field("channel", "which channel")

KINDS: dict[str, Kind] = {
    "rate_limited": Kind("Answers the next API calls with 429, and does not carry them out.",
                         (_METHOD, _COUNT, Field("seconds", "what Retry-After says")), _api),
    "server_error": Kind("Answers the next API calls with a 5xx.",
                         (_METHOD, _COUNT, Field("status", "500 to 599"), _DONE), _api),
    "reset": Kind("Breaks the connection in the middle of the answer.", (_METHOD, _COUNT, _DONE), _api),
    "slow": Kind("Answers the next API calls late.", (_METHOD, _COUNT, Field("seconds", "how late")), _api),
    "error": Kind("Refuses the next API calls with a code of Slack's.",
                  (_METHOD, _COUNT, Field("error", "the code, such as channel_not_found"), _DONE), _api),
    "duplicate": Kind("Delivers the next event again although it was acknowledged.", (_COUNT,), _duplicate),
    "out_of_order": Kind("Lets the next event be overtaken by the one after it.", (_COUNT,), _out_of_order),
    "late_event": Kind("Delivers the next events late.", (Field("seconds", "how late"), _COUNT), _late_event),
    "signature": Kind("Signs the next requests wrongly (HTTP only).",
                      (Field("how", "in which way", get_args(SignatureFault)), _COUNT), _signature),
    "disconnect": Kind("Ends the app's websockets; after link_disabled there are no new ones until `none`.",
                       (Field("reason", "what Slack says", DISCONNECT_REASONS),
                        Field("seconds", "after a warning: how long until the end")), _disconnect),
    "stream_stopped": Kind("A person stops what the app is writing.", (_CHANNEL, _ACTOR), _stream_stopped),
    "token_revoked": Kind("Refuses the bot's token until `none`.",
                          (Field("error", "the code", TOKEN_CODES),), _token_revoked),
    "scope_removed": Kind("Takes a scope from the app until `none`.", (Field("scope", "which"),), _scope_removed),
    "channel_archived": Kind("Archives a channel.", (_CHANNEL, _UNDO, _ACTOR), _channel_archived),
    "bot_removed": Kind("Takes the bot out of a channel.", (_CHANNEL, _UNDO, _ACTOR), _bot_removed),
    "user_deactivated": Kind("Deactivates a person.", (Field("user", "whom"), _UNDO), _user_deactivated),
    "message_gone": Kind("Deletes a message of the bot's, as an admin can.",
                         (_CHANNEL, Field("ts", "which; without it, the bot's newest one there")), _message_gone),
    "hash_conflict": Kind("Changes the hash of open views: somebody else was quicker.", (_USER,), _hash_conflict),
    "view_gone": Kind("Closes modals without telling the app.", (_USER,), _view_gone),
    "none": Kind("Nothing goes wrong any more; token, scopes and Socket Mode are given back.", (), _none),
}
