"""The workspace as a thing that one can start and stop: an HTTP server in a thread of its own."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any

import uvicorn
from starlette.routing import BaseRoute

from bot.workspace import cast, saving
from bot.workspace.app import build
from bot.workspace.app_config import AppConfig, from_manifest
from bot.workspace.core import Workspace
from bot.workspace.delivery import ACK_SECONDS, RETRY_WAITS
from bot.workspace.gate import Gate
from bot.workspace.pace import Pace
from bot.workspace.state import fresh_state
from bot.workspace.web_api.scheduled import post_when_due

HOST = "127.0.0.1"
START_SECONDS = 20.0
STOP_SECONDS = 10.0


def utc_now() -> datetime:
    """The time of day, for a workspace that nobody gave another clock."""
    return datetime.now(UTC)


class LocalWorkspace:
    """A local Slack on a port of this machine. Several may run in one process.

    Args:
        port: 0 takes any free one.
        state_file: where the workspace is kept; None forgets it at the end.
        request_url: the app's address for signed HTTP events; None means Socket Mode.
        signing_secret: instead of one of its own.
        manifest, app: a Slack app manifest (parsed), or what one becomes, for another app than Floorwalker.
        routes: further addresses on the same port (a demo adds its health there).
        now: the workspace's clock.
        ack_seconds, retry_waits: Slack's patience, shorter in tests.
        rate_limits: hold calls to Slack's pace.

    Raises:
        OSError: the port is in use.
        saving.StateUnreadable: the state file is not one that a workspace wrote.
    """

    def __init__(
        self,
        port: int = 0,
        state_file: Path | None = None,
        request_url: str | None = None,
        *,
        signing_secret: str | None = None,
        manifest: Mapping[str, Any] | None = None,
        app: AppConfig | None = None,
        routes: Sequence[BaseRoute] = (),
        now: Callable[[], datetime] = utc_now,
        ack_seconds: float = ACK_SECONDS,
        retry_waits: tuple[float, ...] = RETRY_WAITS,
        rate_limits: bool = True,
    ) -> None:
        state = (saving.read(state_file) if state_file else None) or fresh_state()
        if signing_secret:
            state.secrets.signing_secret = signing_secret
        self._socket = _bound(port)
        self.port: int = self._socket.getsockname()[1]
        self.base_url = f"http://{HOST}:{self.port}"
        self.api_url = f"{self.base_url}/api/"
        self.bot_token = state.secrets.bot_token
        self.app_token = state.secrets.app_token
        self.signing_secret = state.secrets.signing_secret
        self._request_url = request_url
        self._routes = tuple(routes)
        app = from_manifest(manifest) if manifest else app or cast.FLOORWALKER
        state.name_bot(app.name, app.bot_name)
        self._make: Callable[[], Workspace] = partial(
            Workspace,
            state,
            app,
            self.base_url,
            now,
            state_file=state_file,
            ack_seconds=ack_seconds,
            retry_waits=retry_waits,
            pace=Pace(time.monotonic if rate_limits else None),
        )
        self._thread: threading.Thread | None = None
        self._ready = threading.Event()
        self._failure: BaseException | None = None

    def start(self) -> LocalWorkspace:
        """Serve; returns when requests are answered."""
        self._thread = threading.Thread(target=self._run, name="local-workspace", daemon=True)
        self._thread.start()
        if not self._ready.wait(START_SECONDS) or self._failure:
            raise RuntimeError("The local workspace did not start.") from self._failure
        return self

    def stop(self) -> None:
        """Close every stream and websocket, save, and end. Harmless if it does not run."""
        thread, self._thread = self._thread, None
        if thread is None:
            self._socket.close()
            return
        with contextlib.suppress(RuntimeError):  # it has ended by itself
            self._loop.call_soon_threadsafe(self._end.set)
        thread.join(STOP_SECONDS)

    def use_request_url(self, request_url: str | None) -> None:
        """From now on send events to this address (None: back to Socket Mode)."""
        self._request_url = request_url
        if self._thread is not None:
            self._loop.call_soon_threadsafe(self._workspace.use_http, request_url)

    @property
    def variables(self) -> dict[str, str]:
        """What an app needs to find its way here, by the usual names of environment variables."""
        return {
            "SLACK_API_URL": self.api_url,
            "SLACK_BOT_TOKEN": self.bot_token,
            "SLACK_APP_TOKEN": self.app_token,
            "SLACK_SIGNING_SECRET": self.signing_secret,
        }

    @property
    def running(self) -> bool:
        """Whether it serves."""
        return self._thread is not None and self._thread.is_alive()

    def __enter__(self) -> LocalWorkspace:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:
            self._failure = error
            raise
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._end = asyncio.Event()
        self._workspace = self._make()
        config = uvicorn.Config(
            Gate(build(self._workspace, self._routes), self.port, self._workspace.saver.flush),
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="websockets-sansio",
            ws_per_message_deflate=False,
            timeout_graceful_shutdown=1,
        )
        server = _Server(config)
        serving = self._loop.create_task(server.serve(sockets=[self._socket]))
        while not server.started and not serving.done():
            await asyncio.sleep(0.005)
        self._workspace.start()
        self._workspace.in_background(post_when_due(self._workspace))
        if self._request_url:
            self._workspace.use_http(self._request_url)
        self._ready.set()
        ending = self._loop.create_task(self._end.wait())
        await asyncio.wait({serving, ending}, return_when=asyncio.FIRST_COMPLETED)
        await self._workspace.stop()
        server.should_exit = True
        await serving
        ending.cancel()


class _Server(uvicorn.Server):
    """Signals belong to the program, not to this thread."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _bound(port: int) -> socket.socket:
    """Bound here and now, so that a port in use is the caller's error and the address is known before the start."""
    # with the protocol named, asyncio switches off Nagle's algorithm: otherwise each answer waits 40 ms
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((HOST, port))
    except OSError:
        bound.close()
        raise
    bound.listen(128)
    return bound
