"""Slack's JSON -> our types. Nothing else reads Slack's JSON; nothing in here decides what is done about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from bot.desk.types import Message
from bot.slack.mrkdwn import to_plain
from bot.slack.open_forms import address_of

Json: TypeAlias = Mapping[str, Any]

SPOKEN = {None, "file_share", "thread_broadcast", "me_message"}
"""Message subtypes in which a person says something."""
_PICKED = ("selected_user", "selected_date", "selected_time", "selected_date_time", "selected_conversation",
           "selected_channel")


@dataclass(frozen=True, slots=True)
class Edited:
    channel: str
    ts: str
    text: str
    for_us: bool = False
    """Direct, in a thread, or with a mention: a message that may concern the bot."""
    asks: Message | None = None
    """As it reads now, where it is this edit that puts it to the bot."""


@dataclass(frozen=True, slots=True)
class Deleted:
    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class OwnDeleted:
    """Somebody deleted a message of the bot's."""

    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class HomeOpened:
    user: str


@dataclass(frozen=True, slots=True)
class PaneOpened:
    """Somebody looks at the agent pane, or at the Messages tab."""

    user: str
    channel: str
    thread_ts: str = ""
    """Only of apps with the older `assistant_view`."""


@dataclass(frozen=True, slots=True)
class Reacted:
    """Somebody has put an emoji on a message, whose text the event does not tell."""

    emoji: str
    user: str
    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class PointedAt:
    """A message on which somebody has used a shortcut or put an emoji."""

    message: Message | None
    """None: a bot wrote it, or it is no message of a person at all."""
    user: str
    """Who did it."""
    channel: str
    thread_ts: str
    response_url: str = ""


@dataclass(frozen=True, slots=True)
class Click:
    """A button or an entry of an overflow menu."""

    action_id: str
    value: str
    user: str
    channel: str
    thread_ts: str
    """The thread that the message belongs to; empty at top level."""
    trigger_id: str
    response_url: str
    at_home: bool = False
    """On the Home tab, where there is no channel to answer in."""


@dataclass(frozen=True, slots=True)
class Command:
    user: str
    channel: str
    text: str
    response_url: str
    key: str


@dataclass(frozen=True, slots=True)
class Submission:
    """A modal that was filled in and sent."""

    callback_id: str
    user: str
    private_metadata: str
    texts: Mapping[str, str]
    """block_id -> what was typed."""
    ticked: frozenset[str]
    """Values of all ticked boxes."""
    chosen: Mapping[str, str] = field(default_factory=dict)
    """block_id -> the option's value, the user or the date that was chosen; nothing for fields that were left open."""
    inputs: tuple[str, ...] = ()
    """block_id of every field, from top to bottom."""
    blank: tuple[str, ...] = ()
    """block_id of every text that must not be empty, and is."""
    view_id: str = ""
    untouched: frozenset[str] = frozenset()
    """block_id of every field that still holds what the form showed: who sends it did not decide that."""


Event: TypeAlias = Message | Edited | Deleted | OwnDeleted | HomeOpened | PaneOpened | Reacted


def event(body: Json, bot_user: str) -> Event | None:
    """The event that a person caused, or None: bots (all of them), joins, topics and the like are nobody's question."""
    inner: Json = body["event"]
    match inner.get("type"):
        case "message" | "app_mention":
            shared = bool(body.get("is_ext_shared_channel"))
            return _message_event(body.get("team_id", ""), inner, bot_user, shared=shared)
        case "app_home_opened" if inner.get("tab") == "home":
            return HomeOpened(user=inner["user"])
        case "app_home_opened" if inner.get("tab") == "messages" and inner.get("channel"):
            return PaneOpened(inner["user"], inner["channel"])
        case "assistant_thread_started":
            thread: Json = inner["assistant_thread"]
            return PaneOpened(thread["user_id"], thread["channel_id"], thread["thread_ts"])
        case "reaction_added" if inner["item"].get("type") == "message" and inner["user"] != bot_user:
            return Reacted(inner["reaction"], inner["user"], inner["item"]["channel"], inner["item"]["ts"])
        case _:
            return None


def _message_event(team: str, inner: Json, bot_user: str, *, shared: bool
                   ) -> Message | Edited | Deleted | OwnDeleted | None:
    subtype = inner.get("subtype")
    if subtype == "message_deleted":
        previous = inner.get("previous_message") or {}
        kind = OwnDeleted if _by_us(previous, bot_user) else Deleted
        return None if kind is Deleted and _by_a_bot(previous) else kind(inner["channel"], inner["deleted_ts"])
    if subtype == "message_changed":
        return _edited(team, inner, bot_user, shared=shared)
    if subtype not in SPOKEN or _by_a_bot(inner) or not inner.get("user") or inner["user"] == bot_user:
        return None
    return _message(team, inner, bot_user, shared=shared)


def _edited(team: str, inner: Json, bot_user: str, *, shared: bool) -> Edited | Deleted | OwnDeleted | None:
    changed: Json = inner.get("message") or {}
    if changed.get("subtype") == "tombstone" and _by_us(inner.get("previous_message") or {}, bot_user):
        return OwnDeleted(inner["channel"], changed["ts"])
    if _by_a_bot(changed) or changed.get("user") in {None, bot_user}:
        return None
    if changed.get("subtype") == "tombstone":  # the root of a thread that lives on
        return Deleted(inner["channel"], changed["ts"])
    before = (inner.get("previous_message") or {}).get("text")
    if before == changed.get("text"):  # an unfurled link changes a message, too
        return None
    message = _message(team, {**inner, **changed}, bot_user, shared=shared)
    return Edited(message.channel, message.ts, message.text, asks=_put_to_us(message, before or "", bot_user),
                  for_us=message.direct or message.mentioned or bool(message.thread_ts))


def _put_to_us(message: Message, before: str, bot_user: str) -> Message | None:
    """What an edit has made a question to the bot: it has added its mention, or words where there was nothing else."""
    added = message.mentioned and f"<@{bot_user}" not in before
    filled = (message.direct or message.mentioned) and not to_plain(before, without_mention_of=bot_user)
    # A thread's first message names itself as that in an edit, but not when it came.
    asks = replace(message, thread_ts=None) if message.thread_ts == message.ts else message
    return asks if added or filled else None


def _by_us(message: Json, bot_user: str) -> bool:
    return message.get("user") == bot_user


def _by_a_bot(message: Json) -> bool:
    return bool(message.get("bot_id")) or message.get("subtype") == "bot_message"


def _message(team: str, inner: Json, bot_user: str, *, shared: bool) -> Message:
    """`shared`: the channel is one with another organisation."""
    text = inner.get("text") or ""
    files = tuple(
        {"id": file.get("id", ""), "name": file.get("name") or "file", "url": file.get("permalink") or ""}
        for file in inner.get("files") or ()
    )
    return Message(
        team=team, channel=inner["channel"], ts=inner["ts"], user=inner["user"],
        text=to_plain(text, without_mention_of=bot_user),
        thread_ts=inner.get("thread_ts"),
        direct=inner.get("channel_type") == "im" or str(inner["channel"]).startswith("D"),
        mentioned=inner.get("type") == "app_mention" or f"<@{bot_user}>" in text or f"<@{bot_user}|" in text,
        files=files,
        root_user=inner.get("parent_user_id") or "",
        outsider=shared and (inner.get("user_team") or team) != team,
    )


def pointed_at(body: Json, found: Json, channel: str, user: str, bot_user: str) -> PointedAt:
    """What somebody has pointed at: `found` is the message as Slack gives it, `body` what told of it."""
    inner = {**found, "type": "message", "channel": channel}
    team: Json = body.get("team") or {}
    message = _message_event(body.get("team_id") or team.get("id", ""), inner, bot_user,
                             shared=bool(body.get("is_ext_shared_channel") or found.get("user_team")))
    return PointedAt(message if isinstance(message, Message) else None, user, channel, found.get("thread_ts") or "",
                     body.get("response_url") or "")


def shortcut(body: Json, bot_user: str) -> PointedAt:
    """A message shortcut."""
    return pointed_at(body, body["message"], body["channel"]["id"], body["user"]["id"], bot_user)


def trigger_of(body: Json) -> str:
    """With this a form can be opened, once and at once."""
    return str(body["trigger_id"])


def click(body: Json) -> Click:
    action: Json = body["actions"][0]
    chosen = str((action.get("selected_option") or {}).get("value", ""))
    container: Json = body.get("container") or {}
    action_id, value = str(action["action_id"]), str(action.get("value") or "")
    if chosen:  # a menu entry: its value is `step:ticket`
        action_id, _, value = chosen.partition(":")
    return Click(
        action_id=action_id,
        value=value,
        user=body["user"]["id"],
        channel=(body.get("channel") or {}).get("id") or container.get("channel_id", ""),
        thread_ts=container.get("thread_ts") or "",
        trigger_id=body.get("trigger_id", ""),
        response_url=body.get("response_url") or address_of(body),
        at_home=(body.get("view") or {}).get("type") == "home",
    )


def command(body: Json) -> Command:
    return Command(
        user=body["user_id"], channel=body["channel_id"], text=to_plain(body.get("text") or ""),
        response_url=body.get("response_url", ""), key=body["trigger_id"],
    )


def submission(body: Json) -> Submission:
    view: Json = body["view"]
    texts: dict[str, str] = {}
    chosen: dict[str, str] = {}
    ticked: set[str] = set()
    for block_id, inputs in view["state"]["values"].items():
        for state in inputs.values():
            if state["type"] in ("plain_text_input", "url_text_input"):
                texts[block_id] = (state.get("value") or "").strip()
            elif choice := _chosen(state):
                chosen[block_id] = choice
            ticked.update(option["value"] for option in state.get("selected_options") or ())
    fields = [block for block in view.get("blocks") or () if block["type"] == "input"]
    required = {block["block_id"] for block in fields if not block.get("optional")}
    return Submission(
        callback_id=view["callback_id"], user=body["user"]["id"], private_metadata=view.get("private_metadata", ""),
        texts=texts, ticked=frozenset(ticked), chosen=chosen, inputs=tuple(block["block_id"] for block in fields),
        blank=tuple(block for block, text in texts.items() if not text and block in required),
        view_id=str(view.get("id") or ""),
        untouched=frozenset(block["block_id"] for block in fields if _shown(block.get("element") or {}) == (
            texts.get(block["block_id"]) or chosen.get(block["block_id"]) or "")),
    )


def _shown(element: Json) -> str:
    """What a field held when the form was opened; "" if it was empty."""
    option: Json = element.get("initial_option") or {}
    return str(element.get("initial_value") or option.get("value") or "")


def _chosen(state: Json) -> str:
    """What one menu, group of radio buttons or picker holds; empty if nothing."""
    option: Json = state.get("selected_option") or {}
    found = option.get("value") or next((state[key] for key in _PICKED if state.get(key)), "")
    return str(found)
