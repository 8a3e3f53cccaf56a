"""Before and after every request: who may come in at all, and that nothing is said to be done that a kill could undo.

The workspace has no sign-in. What keeps other pages of the same browser out is that browsers name a request's origin,
and that a page elsewhere can only come by its own host name (a rebound DNS entry). Scripts send no origin.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

logger = logging.getLogger(__name__)

NAMES = ("127.0.0.1", "localhost", "[::1]")
HTTP_PORT = 80
WITH_A_TOKEN = ("/api/", "/files/", "/response/", "/upload/")
"""Addresses that ask for a secret of their own: an app may call them from wherever it likes."""
POLICY_VIOLATION = 1008
MEBIBYTE = 1024 * 1024
LARGEST_BODY = 4 * MEBIBYTE
LARGEST_BODIES = {"/workspace/load": 64 * MEBIBYTE, "/workspace/upload": 8 * MEBIBYTE, "/upload/": 6 * MEBIBYTE}
"""Bytes by the beginning of the address, where it is more (files travel in base64)."""
MOST_DRAINED = 64 * MEBIBYTE


class NotSaved(Exception):
    """What was asked for is done, but a kill would undo it."""


class TooLarge(Exception):
    """The body is more than this address takes."""


class Gate:
    """Wraps the workspace's application."""

    def __init__(self, app: ASGIApp, port: int, flush: Callable[[], None]) -> None:
        self._app = app
        self._flush = flush
        self._hosts = {f"{name}:{port}" for name in NAMES} | (set(NAMES) if port == HTTP_PORT else set())
        self._origins = {f"http://{host}" for host in self._hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request or websocket."""
        refusal = self._refusal(scope)
        if scope["type"] == "websocket":
            if refusal:
                await send({"type": "websocket.close", "code": POLICY_VIOLATION})
            else:
                await self._app(scope, receive, send)
        elif refusal:
            await refusal(scope, receive, send)
        else:
            await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        most = next((size for start, size in LARGEST_BODIES.items() if scope["path"].startswith(start)), LARGEST_BODY)
        body = _Counted(receive, most)

        async def send_when_saved(message: Message) -> None:
            if body.too_large:
                return  # the application's own answer to it; ours follows
            if message["type"] == "http.response.start":
                self._save(scope["method"])
            await send(message)

        try:
            _refuse_announced(scope, most)
            await self._app(scope, body.receive, send_when_saved)
        except TooLarge:
            await body.drain()
            sentence = f"The body is too large: this address takes {most // MEBIBYTE} MiB."
            await JSONResponse({"ok": False, "error": sentence}, status_code=413)(scope, receive, send)
        except NotSaved:
            sentence = "The workspace could not save this; is its disk full?"
            await JSONResponse({"ok": False, "error": sentence}, status_code=500)(scope, receive, send)

    def _save(self, method: str) -> None:
        try:
            self._flush()
        except OSError as error:
            logger.error("A change in the workspace could not be saved: %s", error)
            # who only looks may see what is not saved yet
            if method not in ("GET", "HEAD"):
                raise NotSaved from error

    def _refusal(self, scope: Scope) -> JSONResponse | None:
        headers = Headers(scope=scope)
        # Slack's own websocket client leaves the port out; there the ticket guards, and a rebound name is still refused
        hosts = self._hosts | set(NAMES) if scope["type"] == "websocket" else self._hosts
        if [host.lower() for host in headers.getlist("host")] not in [[host] for host in hosts]:
            return JSONResponse({"error": "This is a local workspace: call it by 127.0.0.1."}, status_code=421)
        foreign = [origin for origin in headers.getlist("origin") if origin.lower() not in self._origins]
        if foreign and not scope["path"].startswith(WITH_A_TOKEN):
            return JSONResponse({"error": "Pages of other sites may not use this workspace."}, status_code=403)
        return None


def _refuse_announced(scope: Scope, most: int) -> None:
    """Before anything is read, if the sender says how much will come."""
    announced = Headers(scope=scope).get("content-length", "")
    if announced.isdecimal() and int(announced) > most:
        raise TooLarge


class _Counted:
    """The body as it comes, until it is too much."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive = receive
        self._left = most
        self._ended = False
        self.too_large = False

    async def drain(self) -> None:
        """Read on for a while: who is still sending would see the connection reset, not the answer."""
        self._left = MOST_DRAINED
        while self._left > 0 and not self._ended:
            await self._next()

    async def _next(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        self._ended = not message.get("more_body", False)
        return message

    async def receive(self) -> Message:
        message = await self._next()
        if self._left < 0:
            self.too_large = True
            raise TooLarge
        return message
