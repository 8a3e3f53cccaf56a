"""What of the state must survive a restart: named by keys, written as JSON, and put back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from typing import Any

from bot.workspace.records import AssistantThread, Channel, File, Json, Message, Scheduled, User, UserGroup, View
from bot.workspace.state import Secrets, State

FORMAT = 1

Key = tuple[str, ...]
"""A shelf and what stands there: `("messages", "C0GOLIVE", "1764000000.000001")`, `("modals", "U0MIA")`."""


RECORDS: Mapping[str, Callable[..., Any]] = {
    "homes": View, "channels": Channel, "users": User, "files": File, "scheduled": Scheduled,
}
"""Shelves of records that stand there by one name each."""


class UnknownFormat(ValueError):
    """Saved by another version."""


def keys_told(kind: str, what: Mapping[str, Any]) -> list[Key]:
    """What is worth keeping of a change that people see. Trigger ids and connections are not kept."""
    match kind:
        case "message" | "message_changed" | "reaction" | "ephemeral":
            return [("messages", what["message"]["channel"], what["message"]["ts"])]
        case "message_deleted":
            return [("messages", what["channel"], what["ts"])]
        case "status":
            return [("assistant", what["channel"], what["thread_ts"])]
        case "view":
            return [("modals", what["user"])]
        case "home":
            return [("homes", what["user"])]
        case "channel":
            return [("channels", what["channel"]["id"])]
        case "person":
            return [("users", what["person"]["id"])]
        case "connection" | "reload":
            return []
    raise ValueError(f"Nobody has said how to keep a change of kind {kind!r}.")


def value_of(state: State, key: Key) -> Any:
    """What stands under a key now, as JSON; None if it is gone."""
    match key:
        case ("messages", channel, ts):
            message = state.message(channel, ts) or state.ephemeral(channel, ts)
            return plain(message) if message else None
        case ("assistant", channel, thread_ts):
            thread = state.assistant.get((channel, thread_ts))
            return plain(thread) if thread else None
        case ("modals", user):
            return [plain(view) for view in state.modals.get(user, [])]
        case ("undelivered", event_id):
            return state.undelivered.get(event_id)
        case (shelf, name) if shelf in RECORDS:
            record = getattr(state, shelf).get(name)
            return plain(record) if record else None
    raise ValueError(f"There is no shelf for {key!r}.")


def put_back(state: State, key: Key, value: Any) -> None:
    """Make it so that this value stands under the key. Harmless if it stands there already."""
    match key:
        case ("messages", channel, ts):
            _put_message(state, state.message(channel, ts) or state.ephemeral(channel, ts), value)
        case ("assistant", channel, thread_ts):
            state.assistant[channel, thread_ts] = AssistantThread(**value)
        case ("modals", user):
            state.modals[user] = [View(**view) for view in value]
        case (shelf, name) if shelf in RECORDS:
            records = getattr(state, shelf)
            records.pop(name, None)
            if value is not None:
                records[name] = RECORDS[shelf](**value)
        case ("undelivered", event_id):
            state.undelivered.pop(event_id, None)
            if value is not None:
                state.undelivered[event_id] = value
        case _:
            raise ValueError(f"There is no shelf for {key!r}.")


def _put_message(state: State, known: Message | None, value: Any) -> None:
    if value is not None:
        state.add(Message(**value))
    elif known is not None:
        state.remove(known)


def pieces(state: State) -> Iterator[str]:
    """The text of a state file, bit by bit.

    What there is, is settled at the first piece; each record is written as it stands when its turn comes. So the state
    may change meanwhile, if the journal keeps those changes.
    """
    shelves: dict[str, list[Any]] = {
        "users": list(state.users.values()),
        "user_groups": list(state.user_groups.values()),
        "channels": list(state.channels.values()),
        "files": list(state.files.values()),
        "messages": list(state.all_messages()),
        "modals": [view for stack in state.modals.values() for view in stack],
        "homes": list(state.homes.values()),
        "assistant": list(state.assistant.values()),
        "scheduled": list(state.scheduled.values()),
    }
    head = {
        "format": FORMAT,
        "secrets": plain(state.secrets),
        "undelivered": list(state.undelivered.items()),
        "last_ts": state.last_ts,
    }
    yield json.dumps(head)[:-1]
    for name, records in shelves.items():
        yield f',\n"{name}": ['
        for number, record in enumerate(records):
            yield (",\n" if number else "") + json.dumps(plain(record))
        yield "]"
    yield "}\n"


def from_json(saved: Json) -> State:
    """The state as it was saved.

    Raises:
        UnknownFormat: another format.
        KeyError, TypeError, ValueError: something in it does not fit.
    """
    if saved.get("format") != FORMAT:
        raise UnknownFormat(f"The format is {saved.get('format')!r}, not {FORMAT}.")
    state = State()
    state.secrets = Secrets(**saved["secrets"])
    state.users = {entry["id"]: User(**entry) for entry in saved["users"]}
    state.user_groups = {entry["id"]: UserGroup(**entry) for entry in saved["user_groups"]}
    state.channels = {entry["id"]: Channel(**entry) for entry in saved["channels"]}
    state.files = {entry["id"]: File(**entry) for entry in saved["files"]}
    for entry in saved["messages"]:
        state.add(Message(**entry))
    for entry in saved["modals"]:
        state.modals.setdefault(entry["user"], []).append(View(**entry))
    state.homes = {entry["user"]: View(**entry) for entry in saved["homes"]}
    state.assistant = {(entry["channel"], entry["thread_ts"]): AssistantThread(**entry) for entry in saved["assistant"]}
    # a file of an earlier version has none
    state.scheduled = {entry["id"]: Scheduled(**entry) for entry in saved.get("scheduled", [])}
    state.undelivered = dict(saved["undelivered"])
    state.last_ts = int(saved["last_ts"])
    return state


def plain(record: Any) -> Json:
    """A record as a dict. Not `asdict`: that copies everything below it, which takes ten times as long."""
    return {field.name: getattr(record, field.name) for field in fields(record)}
