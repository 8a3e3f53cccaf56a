"""How the app hears of things: each event until it is acknowledged or given up, each interaction exactly once."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol

from bot.workspace.changes import Changes
from bot.workspace.errors import AppFailed
from bot.workspace.event_cap import EventCap
from bot.workspace.faults import DeliveryFaults
from bot.workspace.records import Json
from bot.workspace.state import State

DeliveryKind = Literal["events_api", "interactive", "slash_commands"]

ACK_SECONDS = 3.0
RETRY_WAITS = (1.0, 60.0, 300.0)
"""Seconds before the three retries: almost at once, one minute, five minutes."""
OVERTAKEN_SECONDS = 5.0
"""How long an event that is to be overtaken waits for another one."""


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
        faults: DeliveryFaults,
        cap: EventCap,
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
        self._faults = faults
        self._cap = cap
        self._overtaken: asyncio.Event | None = None
        """Set as soon as the event that waits to be overtaken may go."""

    def event(self, envelope: Json) -> None:
        """Deliver an `event_callback` envelope in the background; it is kept until the app has it."""
        if not self._cap.admit():
            self._hold_back(envelope)
            return
        self._state.undelivered[envelope["event_id"]] = envelope
        self._changes.unseen("undelivered", envelope["event_id"])
        duplicates, self._faults.duplicates = self._faults.duplicates, 0
        self._start(self._send(envelope, duplicates, self._place_in_line()))

    def resume(self) -> None:
        """After a restart: what was not acknowledged before comes again."""
        for envelope in list(self._state.undelivered.values()):
            self._start(self._deliver(envelope, 0))

    def forget(self) -> None:
        """Deliver nothing more of what is under way: it belongs to a state that is put away."""
        for task in self._tasks:
            task.cancel()
        self._overtaken = None

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

    def _hold_back(self, envelope: Json) -> None:
        """Too many events in this hour: the app hears of that, and never of the event."""
        self._changes.log("event", _name(envelope), {"payload": envelope}, error="app_rate_limited")
        notice = self._cap.notice()
        if notice is not None:
            self._start(self._tell_once(notice))

    async def _tell_once(self, notice: Json) -> None:
        await self.transport.carry(Delivery("events_api", notice))

    def _place_in_line(self) -> tuple[asyncio.Event | None, asyncio.Event | None]:
        """What this event waits for, and what it lets go once it has arrived."""
        if self._faults.swaps and self._overtaken is None:
            self._faults.swaps -= 1
            self._overtaken = asyncio.Event()
            return self._overtaken, None
        behind, self._overtaken = self._overtaken, None
        return None, behind

    async def _send(
        self, envelope: Json, duplicates: int, line: tuple[asyncio.Event | None, asyncio.Event | None]
    ) -> None:
        """Deliver, late or out of order if that was asked for."""
        before, behind = line
        if self._faults.delays:
            await asyncio.sleep(self._faults.delays.pop(0))
        if before is not None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(before.wait(), OVERTAKEN_SECONDS)
            if self._overtaken is before:
                self._overtaken = None
        try:
            await self._deliver(envelope, duplicates)
        finally:
            if behind is not None:
                behind.set()

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
