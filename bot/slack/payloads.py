"""Slack's JSON -> our types. Nothing else reads Slack's JSON; nothing in here decides what is done about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from bot.desk.types import Message
from bot.slack.mrkdwn import to_plain

Json: TypeAlias = Mapping[str, Any]

SPOKEN = {None, "file_share", "thread_broadcast", "me_message"}
"""Message subtypes in which a person says something."""


@dataclass(frozen=True, slots=True)
class Edited:
    channel: str
    ts: str
    text: str


@dataclass(frozen=True, slots=True)
class Deleted:
    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class HomeOpened:
    user: str


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


Event: TypeAlias = Message | Edited | Deleted | HomeOpened


def event(body: Json, bot_user: str) -> Event | None:
    """The event that a person caused, or None: bots (all of them), joins, topics and the like are nobody's question."""
    inner: Json = body["event"]
    match inner.get("type"):
        case "message" | "app_mention":
            return _message_event(body.get("team_id", ""), inner, bot_user)
        case "app_home_opened" if inner.get("tab") == "home":
            return HomeOpened(user=inner["user"])
        case _:
            return None


def _message_event(team: str, inner: Json, bot_user: str) -> Message | Edited | Deleted | None:
    subtype = inner.get("subtype")
    if subtype == "message_deleted":
        previous = inner.get("previous_message") or {}
        return None if _by_a_bot(previous) else Deleted(inner["channel"], inner["deleted_ts"])
    if subtype == "message_changed":
        return _edited(inner, bot_user)
    if subtype not in SPOKEN or _by_a_bot(inner) or not inner.get("user") or inner["user"] == bot_user:
        return None
    return _message(team, inner, bot_user)


def _edited(inner: Json, bot_user: str) -> Edited | Deleted | None:
    changed: Json = inner.get("message") or {}
    if _by_a_bot(changed) or changed.get("user") in {None, bot_user}:
        return None
    if changed.get("subtype") == "tombstone":  # the root of a thread that lives on
        return Deleted(inner["channel"], changed["ts"])
    before = (inner.get("previous_message") or {}).get("text")
    if before == changed.get("text"):  # an unfurled link changes a message, too
        return None
    return Edited(inner["channel"], changed["ts"], to_plain(changed.get("text") or "", without_mention_of=bot_user))


def _by_a_bot(message: Json) -> bool:
    return bool(message.get("bot_id")) or message.get("subtype") == "bot_message"


def _message(team: str, inner: Json, bot_user: str) -> Message:
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
    )


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
        response_url=body.get("response_url", ""),
    )


def command(body: Json) -> Command:
    return Command(
        user=body["user_id"], channel=body["channel_id"], text=to_plain(body.get("text") or ""),
        response_url=body.get("response_url", ""), key=body["trigger_id"],
    )


def submission(body: Json) -> Submission:
    view: Json = body["view"]
    texts: dict[str, str] = {}
    ticked: set[str] = set()
    for block_id, inputs in view["state"]["values"].items():
        for state in inputs.values():
            if state["type"] == "plain_text_input":
                texts[block_id] = (state.get("value") or "").strip()
            ticked.update(option["value"] for option in state.get("selected_options") or ())
    return Submission(
        callback_id=view["callback_id"], user=body["user"]["id"], private_metadata=view.get("private_metadata", ""),
        texts=texts, ticked=frozenset(ticked),
    )


def key_of(body: Json) -> str:
    """What stays the same when Slack delivers the same thing again."""
    match body.get("type"):
        case "event_callback":
            return str(body["event_id"])
        case "block_actions":
            action = body["actions"][0]
            return f"click:{action.get('action_ts', '')}:{body['user']['id']}:{action['action_id']}"
        case "view_submission":
            return f"submission:{body['view']['id']}:{body['view'].get('hash', '')}"
        case _:
            return f"command:{body['trigger_id']}"


def conversation_of(body: Json) -> str:
    """What must be worked on in the order in which it came."""
    inner: Json = body.get("event") or {}
    if inner:
        changed: Json = inner.get("message") or inner.get("previous_message") or inner
        thread = changed.get("thread_ts") or changed.get("ts") or inner.get("deleted_ts") or ""
        return f"{inner.get('channel', '')}:{thread}"
    container: Json = body.get("container") or {}
    if container.get("message_ts"):
        return f"{container.get('channel_id', '')}:{container.get('thread_ts') or container['message_ts']}"
    return f"user:{(body.get('user') or {}).get('id') or body.get('user_id', '')}"
