"""All rooms of one workspace, wired. Lives in the server's event loop and is touched by nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.workspace.app_config import AppConfig
from bot.workspace.changes import Changes
from bot.workspace.conversation import Conversation
from bot.workspace.delivery import Courier
from bot.workspace.event_cap import EventCap
from bot.workspace.faults import Faults
from bot.workspace.interactions import Interactions
from bot.workspace.pace import Pace
from bot.workspace.records import File, Json
from bot.workspace.response_urls import ResponseUrls
from bot.workspace.saving import Saver
from bot.workspace.shapes import Shapes
from bot.workspace.signed_http import SignedHttp
from bot.workspace.socket_mode import SocketMode
from bot.workspace.state import State
from bot.workspace.triggers import Triggers
from bot.workspace.views import Views


class Workspace:
    """What the Web API, the people's API and the server share."""

    def __init__(
        self,
        state: State,
        app: AppConfig,
        base_url: str,
        now: Callable[[], datetime],
        *,
        state_file: Path | None,
        ack_seconds: float,
        retry_waits: tuple[float, ...],
        pace: Pace,
    ) -> None:
        self.state = state
        self.app = app
        self.base_url = base_url
        self.now = now
        self.started = now()
        self.saver = Saver(state, state_file)
        self.changes = Changes(now, self.saver.changed)
        self.shapes = Shapes(state, base_url)
        self.faults = Faults()
        self.courier = Courier(
            state, self.changes, self.faults.delivery, EventCap(now), ack_seconds=ack_seconds, retry_waits=retry_waits
        )
        self.socket_mode = SocketMode(
            ack_seconds=ack_seconds, on_change=self._connection_changed, log=self._connection_said
        )
        self.courier.transport = self.socket_mode
        self.conversation = Conversation(state, self.shapes, self.changes, self.courier, app, now, lambda: self.scopes)
        self.triggers = Triggers(now)
        self.response_urls = ResponseUrls(base_url, now)
        self.views = Views(state, self.changes, now)
        self.interactions = Interactions(
            app, self.conversation, self.courier, self.triggers, self.response_urls, self.views
        )
        self.pace = pace
        self.uploads: dict[str, File] = {}
        """Files that were announced but not shared yet, by the key in their upload address; not kept."""
        self._signed_http: SignedHttp | None = None
        self._background: set[asyncio.Task[Any]] = set()

    @property
    def scopes(self) -> frozenset[str]:
        """What the app may do at this moment."""
        return self.app.scopes - self.faults.scopes_removed

    @property
    def request_url(self) -> str | None:
        """Where events go by HTTP; None in Socket Mode."""
        return self._signed_http.request_url if self._signed_http else None

    def use_http(self, request_url: str | None) -> None:
        """From now on deliver by HTTP to this address, or (None) by Socket Mode."""
        if self._signed_http:
            self.in_background(self._signed_http.close())
        if request_url is None:
            self._signed_http, self.courier.transport = None, self.socket_mode
        else:
            self._signed_http = SignedHttp(
                request_url,
                self.state.secrets.signing_secret,
                self.faults.delivery,
                ack_seconds=self.courier.ack_seconds,
                now=self.now,
            )
            self.courier.transport = self._signed_http
        self._connection_changed(self.courier.transport.connected)

    async def verify_request_url(self) -> str | None:
        """Slack's handshake with the app's address; returns what is wrong, None if nothing is."""
        if self._signed_http is None:
            return "events go by Socket Mode"
        problem = await self._signed_http.verify()
        self.changes.log("connection", "url_verification", {"request_url": self.request_url}, error=problem)
        return problem

    def start(self) -> None:
        """Begin saving, and deliver what an earlier run could not."""
        self.saver.begin()
        self.in_background(self.saver.run())
        self.courier.resume()

    def in_background(self, work: Coroutine[Any, Any, Any]) -> None:
        """Run something until it ends or the workspace stops."""
        task = asyncio.get_running_loop().create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def stop(self) -> None:
        """End deliveries, connections and streams; save."""
        self.changes.close()
        await self.courier.close()
        await self.socket_mode.close()
        if self._signed_http:
            await self._signed_http.close()
        for task in list(self._background):
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        self.saver.finish()

    def _connection_changed(self, connected: bool) -> None:
        self.changes.log("connection", "the app is connected" if connected else "no connection of the app", {})
        self.changes.tell("connection", connected=connected)

    def _connection_said(self, summary: str, detail: Json, error: str | None) -> None:
        self.changes.log("connection", summary, detail, error=error)
