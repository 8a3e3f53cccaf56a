"""How the app hears of things: each event until it is acknowledged or given up, each interaction exactly once."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol

from bot.workspace.changes import Changes
from bot.workspace.errors import AppFailed
from bot.workspace.records import Json
from bot.workspace.state import State

DeliveryKind = Literal["events_api", "interactive", "slash_commands"]

ACK_SECONDS = 3.0
RETRY_WAITS = (1.0, 60.0, 300.0)
"""Seconds before the three retries: almost at once, one minute, five minutes."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt to tell the app something."""

    kind: DeliveryKind
    payload: Json
    attempt: int = 0
    reason: str = ""
    """Why there is another attempt, in Slack's words."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of an attempt."""

    acknowledged: bool
    body: Json | str | None = None
    reason: str = ""
    no_retry: bool = False


class Transport(Protocol):
    """Socket Mode or HTTP."""

    @property
    def connected(self) -> bool:
        """Whether an attempt could be made now."""
        ...

    async def carry(self, delivery: Delivery) -> Reply:
        """Make one attempt. Waits until it can be made, and then three seconds for the acknowledgement."""
        ...


class Courier:
    """Carries events and interactions over whichever transport the app uses now."""

    def __init__(
        self,
        state: State,
        changes: Changes,
        *,
        ack_seconds: float = ACK_SECONDS,
        retry_waits: tuple[float, ...] = RETRY_WAITS,
    ) -> None:
        self._state = state
        self._changes = changes
        self._retry_waits = retry_waits
        self._tasks: set[asyncio.Task[None]] = set()
        self.ack_seconds = ack_seconds
        self.transport: Transport
        self.duplicates = 0
        """How many more times the next event is delivered although it was acknowledged."""

    def event(self, envelope: Json) -> None:
        """Deliver an `event_callback` envelope in the background; it is kept until the app has it."""
        self._state.undelivered[envelope["event_id"]] = envelope
        self._changes.unseen("undelivered", envelope["event_id"])
        duplicates, self.duplicates = self.duplicates, 0
        self._start(self._deliver(envelope, duplicates))

    def resume(self) -> None:
        """After a restart: what was not acknowledged before comes again."""
        for envelope in list(self._state.undelivered.values()):
            self._start(self._deliver(envelope, 0))

    async def ask(self, kind: DeliveryKind, payload: Json) -> Json | str | None:
        """Deliver an interaction and return what the app answered. Slack never repeats these.

        Raises:
            AppFailed: no acknowledgement within three seconds.
        """
        name = _name(payload)
        reply = Reply(acknowledged=False, reason="no connection in time")
        try:
            async with asyncio.timeout(self.ack_seconds):
                reply = await self.transport.carry(Delivery(kind, payload))
        except TimeoutError:
            pass
        if not reply.acknowledged:
            self._changes.log("interaction", name, {"payload": payload}, error=reply.reason)
            raise AppFailed(f"The app did not respond in time ({reply.reason}).")
        self._changes.log("interaction", name, {"payload": payload, "answer": reply.body})
        return reply.body

    async def close(self) -> None:
        """Stop; what is not delivered stays in the state."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _deliver(self, envelope: Json, duplicates: int) -> None:
        if not self.transport.connected:
            self._changes.log("event", f"{_name(envelope)} waits until the app is connected", {"payload": envelope})
        delivery = Delivery("events_api", envelope)
        for wait in (*self._retry_waits, None):
            reply = await self.transport.carry(delivery)
            if reply.acknowledged:
                self._log(delivery, None)
                break
            self._log(delivery, reply.reason)
            if wait is None or reply.no_retry:
                self._changes.log(
                    "event", f"{_name(envelope)} is given up", {"payload": envelope}, error="no more retries"
                )
                break
            await asyncio.sleep(wait)
            delivery = replace(delivery, attempt=delivery.attempt + 1, reason=reply.reason)
        self._state.undelivered.pop(envelope["event_id"], None)
        self._changes.unseen("undelivered", envelope["event_id"])
        for attempt in range(delivery.attempt + 1, delivery.attempt + 1 + duplicates):
            delivery = replace(delivery, attempt=attempt, reason="http_timeout")
            reply = await self.transport.carry(delivery)
            self._log(delivery, None if reply.acknowledged else reply.reason)

    def _log(self, delivery: Delivery, error: str | None) -> None:
        again = f" (retry {delivery.attempt}, {delivery.reason})" if delivery.attempt else ""
        self._changes.log("event", _name(delivery.payload) + again, {"payload": delivery.payload}, error=error)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _name(payload: Json) -> str:
    """How the log calls it: `app_mention`, `message/message_changed`, `block_actions`, `/floorwalker`."""
    if "event" in payload:
        event = payload["event"]
        return f"{event['type']}/{event['subtype']}" if event.get("subtype") else str(event["type"])
    return str(payload.get("type") or payload.get("command", "interaction"))
