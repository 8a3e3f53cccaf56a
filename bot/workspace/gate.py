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
WITH_A_TOKEN = ("/api/", "/files/", "/response/")
"""Addresses that ask for a secret of their own: an app may call them from wherever it likes."""
POLICY_VIOLATION = 1008


class NotSaved(Exception):
    """What was asked for is done, but a kill would undo it."""


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
        async def send_when_saved(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._save(scope["method"])
            await send(message)

        try:
            await self._app(scope, receive, send_when_saved)
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
