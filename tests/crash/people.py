"""Hands of the people: calls of `/workspace/*`, and what they see there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx

BOT = "U0FLOORWALKER"
COACHES = "C0COACHES"
TICKET = re.compile(r"\bFW-\d+\b")


class NotTaken(Exception):
    """The workspace, or the bot behind it, did not do it; `str()` is the sentence."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as people see it."""

    channel: str
    ts: str
    thread_ts: str
    """Empty at top level."""
    user: str
    text: str
    key: str
    """What the bot gave it; empty for people's."""
    labels: frozenset[str] = frozenset()
    replies: int = 0

    @property
    def ticket(self) -> str:
        """The first ticket that it names; empty if none."""
        found = TICKET.search(self.text)
        return found.group() if found else ""


class Hands:
    """One client for all; safe from any thread."""

    def __init__(self, base_url: str) -> None:
        self._http = httpx.Client(base_url=base_url, timeout=30, trust_env=False)

    def call(self, what: str, **arguments: Any) -> dict[str, Any]:
        """Raises `NotTaken`."""
        answered = self._http.post(f"/workspace/{what}", json=arguments)
        body: dict[str, Any] = answered.json()
        if answered.status_code != 200:
            raise NotTaken(str(body.get("error")))
        return body

    def look(self, what: str, **arguments: str) -> dict[str, Any]:
        """Raises `NotTaken`."""
        answered = self._http.get(f"/workspace/{what}", params=arguments)
        body: dict[str, Any] = answered.json()
        if answered.status_code != 200:
            raise NotTaken(str(body.get("error")))
        return body

    def messages(self, channel: str, thread_ts: str = "") -> list[Seen]:
        """Top level, or one thread with its root."""
        asked = {"channel": channel} | ({"thread_ts": thread_ts} if thread_ts else {})
        return [_seen(channel, raw) for raw in self.look("messages", **asked)["messages"]]

    def everything(self) -> Iterator[Seen]:
        """All messages of all channels."""
        for channel in self.look("state")["channels"]:
            for root in self.messages(channel["id"]):
                yield root
                if root.replies:
                    yield from self.messages(channel["id"], root.ts)[1:]

    def cards(self) -> list[Seen]:
        """Tickets in the coaches' channel."""
        return [one for one in self.messages(COACHES) if one.user == BOT and one.ticket]

    def shortcuts(self) -> list[dict[str, str]]:
        """What the app offers."""
        return list(self.look("state").get("shortcuts", ()))

    def modal(self, user: str) -> dict[str, Any] | None:
        """What is open for this person."""
        found: dict[str, Any] | None = self.look("views", user=user)["modal"]
        return found

    def close(self) -> None:
        self._http.close()


def _seen(channel: str, raw: dict[str, Any]) -> Seen:
    carried = (raw.get("metadata") or {}).get("event_payload") or {}
    thread = raw.get("thread_ts") or ""
    return Seen(channel, raw["ts"], "" if thread == raw["ts"] else thread, raw["user"], _whole_text(raw),
                str(carried.get("key", "")), frozenset(_labels(raw["blocks"])), int(raw.get("reply_count") or 0))


def _whole_text(raw: dict[str, Any]) -> str:
    """The plain text; what only stands in blocks does not matter here."""
    return str(raw["text"])


def _labels(blocks: list[dict[str, Any]]) -> Iterator[str]:
    for block in blocks:
        for element in block.get("elements", ()) if block["type"] == "actions" else ():
            if element["type"] == "button":
                yield element["text"]["text"]
            for option in element.get("options", ()):
                yield option["text"]["text"]
