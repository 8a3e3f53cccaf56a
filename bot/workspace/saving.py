"""The workspace's state as one JSON file: read at the start, written shortly after each change, never half."""

from __future__ import annotations

import asyncio
import json
import logging
import os
from dataclasses import asdict
from pathlib import Path

from bot.workspace.records import AssistantThread, Channel, File, Json, Message, User, UserGroup, View
from bot.workspace.state import Secrets, State

logger = logging.getLogger(__name__)

FORMAT = 1


class StateUnreadable(Exception):
    """The state file is not one that this workspace wrote."""


def to_json(state: State) -> Json:
    """Everything that must survive a restart. Trigger ids and connections do not."""
    return {
        "format": FORMAT,
        "secrets": asdict(state.secrets),
        "users": [asdict(user) for user in state.users.values()],
        "user_groups": [asdict(group) for group in state.user_groups.values()],
        "channels": [asdict(channel) for channel in state.channels.values()],
        "files": [asdict(file) for file in state.files.values()],
        "messages": [asdict(message) for message in state.all_messages()],
        "modals": [asdict(view) for stack in state.modals.values() for view in stack],
        "homes": [asdict(view) for view in state.homes.values()],
        "assistant": [asdict(thread) for thread in state.assistant.values()],
        "undelivered": list(state.undelivered.items()),
        "last_ts": state.last_ts,
    }


def from_json(saved: Json) -> State:
    """The state as it was saved.

    Raises:
        StateUnreadable: another format, or a key that does not fit.
    """
    if saved.get("format") != FORMAT:
        raise StateUnreadable(f"The format is {saved.get('format')!r}, not {FORMAT}.")
    state = State()
    try:
        _fill(state, saved)
    except (KeyError, TypeError, ValueError) as error:
        raise StateUnreadable(f"Something in it does not fit: {type(error).__name__}.") from error
    return state


def _fill(state: State, saved: Json) -> None:
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
    state.undelivered = dict(saved["undelivered"])
    state.last_ts = int(saved["last_ts"])


def read(path: Path) -> State | None:
    """The saved state; None if there is none yet.

    Raises:
        StateUnreadable: there is a file, but it cannot be used.
    """
    try:
        saved = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise StateUnreadable(f"{path} is not readable JSON.") from error
    if not isinstance(saved, dict):
        raise StateUnreadable(f"{path} does not hold a workspace.")
    return from_json(saved)


def write(path: Path, saved: Json) -> None:
    """Replace the file in one step; only the owner may read it, for the tokens are in it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(saved, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


class Saver:
    """Writes the state a moment after it changed: many changes in a row make one file."""

    def __init__(self, state: State, path: Path | None, *, delay: float = 0.3) -> None:
        self._state = state
        self._path = path
        self._delay = delay
        self._changed = asyncio.Event()

    def changed(self) -> None:
        """Something is worth saving."""
        self._changed.set()

    async def run(self) -> None:
        """Save until cancelled."""
        while self._path:
            await self._changed.wait()
            await asyncio.sleep(self._delay)
            self._changed.clear()
            try:
                await asyncio.to_thread(write, self._path, to_json(self._state))
            except OSError as error:
                # a full disk must not end the workspace: the next change tries again
                logger.error("The workspace's state could not be saved: %s", error)

    def finish(self) -> None:
        """The last word, at the end."""
        if self._path:
            write(self._path, to_json(self._state))
