"""Socket Mode: websockets that the app opens with a ticket, envelopes that it acknowledges one by one."""

from __future__ import annotations

import asyncio
import contextlib
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.workspace import cast
from bot.workspace.delivery import Delivery, Reply
from bot.workspace.errors import SlackError
from bot.workspace.identifiers import secret
from bot.workspace.records import Json

MAX_CONNECTIONS = 10
GOING_AWAY = 1001
LIFETIME_SECONDS = 3600
SHORT_LIFETIME_SECONDS = 360
"""With `debug_reconnects=true` in the address."""
NOTICE_SECONDS = 10.0
"""Between the warning and the end of a connection."""


@dataclass(slots=True, eq=False)
class Connection:
    """One websocket of the app, and the envelopes on it that wait for an acknowledgement."""

    websocket: WebSocket
    waiting: dict[str, asyncio.Future[Reply]] = field(default_factory=dict)


class SocketMode:
    """All connections of the app. An envelope goes to one of them, in turn."""

    def __init__(
        self, *, ack_seconds: float, on_change: Callable[[bool], None], log: Callable[[str, Json, str | None], None]
    ) -> None:
        self._ack_seconds = ack_seconds
        self._on_change = on_change
        self._log = log
        self._tickets: set[str] = set()
        self._connections: list[Connection] = []
        self._turn = 0
        self._some = asyncio.Event()
        self._closed = False
        self._parting: set[asyncio.Task[None]] = set()
        self.switched_off = False
        """Socket Mode is turned off for the app (`link_disabled`): no new connections."""

    @property
    def connected(self) -> bool:
        """Whether there is at least one connection."""
        return bool(self._connections)

    def ticket(self) -> str:
        """What `apps.connections.open` puts into the address: good for one connection."""
        if self.switched_off:
            raise SlackError("forbidden_team", "Socket Mode is switched off")
        if len(self._connections) >= MAX_CONNECTIONS:
            raise SlackError("too_many_websockets")
        ticket = secret()
        self._tickets.add(ticket)
        return ticket

    async def endpoint(self, websocket: WebSocket) -> None:
        """Serve one websocket until it ends."""
        ticket = websocket.query_params.get("ticket", "")
        if ticket not in self._tickets or self._closed or len(self._connections) >= MAX_CONNECTIONS:
            await websocket.close(code=1008)
            return
        self._tickets.remove(ticket)
        await websocket.accept()
        connection = Connection(websocket)
        short = websocket.query_params.get("debug_reconnects") == "true"
        lifetime = SHORT_LIFETIME_SECONDS if short else LIFETIME_SECONDS
        await websocket.send_text(json.dumps(_hello(len(self._connections) + 1, lifetime)))
        self._add(connection)
        aging = asyncio.create_task(self._grow_old(connection, lifetime))
        try:
            while True:
                self._receive(connection, await websocket.receive_text())
        except (WebSocketDisconnect, RuntimeError):
            pass  # the app went away, or we did
        finally:
            aging.cancel()
            self._remove(connection)

    async def carry(self, delivery: Delivery) -> Reply:
        """Wait for a connection, send the envelope there, wait for its acknowledgement."""
        while not self._connections:
            await self._some.wait()
        self._turn += 1
        connection = self._connections[self._turn % len(self._connections)]
        envelope_id = str(uuid.uuid4())
        future: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        connection.waiting[envelope_id] = future
        try:
            await connection.websocket.send_text(json.dumps(_envelope(envelope_id, delivery)))
            async with asyncio.timeout(self._ack_seconds):
                return await future
        except TimeoutError:
            return Reply(acknowledged=False, reason="timeout")
        except (WebSocketDisconnect, RuntimeError):
            return Reply(acknowledged=False, reason="connection_failed")
        finally:
            connection.waiting.pop(envelope_id, None)

    async def disconnect(self, reason: str, notice: float = NOTICE_SECONDS) -> None:
        """Close every connection; all reasons but `abrupt` are announced.

        `warning` leaves the app `notice` seconds to open another one. After `link_disabled` no new one is let in until
        `switched_off` is taken back.
        """
        self.switched_off = self.switched_off or reason == "link_disabled"
        for connection in list(self._connections):
            if reason != "abrupt":
                await _announce(connection, reason)
            if reason != "warning":
                await _close(connection)
                continue
            task = asyncio.create_task(_close_later(connection, notice))
            self._parting.add(task)
            task.add_done_callback(self._parting.discard)

    async def close(self) -> None:
        """Let nobody in any more and end what is open."""
        self._closed = True
        for task in list(self._parting):
            task.cancel()
        for connection in list(self._connections):
            await _close(connection)

    async def _grow_old(self, connection: Connection, lifetime: float) -> None:
        """No connection lives for ever: it is warned, and ends."""
        await asyncio.sleep(lifetime - NOTICE_SECONDS)
        await _announce(connection, "warning")
        await asyncio.sleep(NOTICE_SECONDS)
        await _announce(connection, "refresh_requested")
        await _close(connection)

    def _add(self, connection: Connection) -> None:
        self._connections.append(connection)
        self._some.set()
        self._on_change(True)

    def _remove(self, connection: Connection) -> None:
        self._connections.remove(connection)
        for future in connection.waiting.values():
            if not future.done():
                future.set_result(Reply(acknowledged=False, reason="connection_failed"))
        if not self._connections:
            self._some.clear()
        self._on_change(self.connected)

    def _receive(self, connection: Connection, text: str) -> None:
        try:
            message = json.loads(text)
            envelope_id = message["envelope_id"]
        except (ValueError, TypeError, KeyError):
            self._log("what the app sent is no acknowledgement", {"length": len(text)}, "envelope_id missing")
            return
        future = connection.waiting.get(envelope_id)
        if future is None or future.done():
            self._log("an acknowledgement came too late", {"envelope_id": envelope_id}, "unknown envelope")
            return
        future.set_result(Reply(acknowledged=True, body=message.get("payload")))


async def _announce(connection: Connection, reason: str) -> None:
    announcement = {"type": "disconnect", "reason": reason, "debug_info": {"host": "local"}}
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        await connection.websocket.send_text(json.dumps(announcement))


async def _close_later(connection: Connection, seconds: float) -> None:
    await asyncio.sleep(seconds)
    await _close(connection)


async def _close(connection: Connection) -> None:
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):  # closed from the other side at the same moment
        await connection.websocket.close(code=GOING_AWAY)


def _hello(number: int, lifetime: int) -> Json:
    return {
        "type": "hello",
        "num_connections": number,
        "connection_info": {"app_id": cast.APP_ID},
        "debug_info": {"host": "local", "build_number": 1, "approximate_connection_time": lifetime},
    }


def _envelope(envelope_id: str, delivery: Delivery) -> Json:
    envelope: Json = {
        "envelope_id": envelope_id,
        "type": delivery.kind,
        "payload": delivery.payload,
        "accepts_response_payload": delivery.kind != "events_api",
    }
    if delivery.kind == "events_api":
        envelope |= {"retry_attempt": delivery.attempt, "retry_reason": delivery.reason}
    return envelope
