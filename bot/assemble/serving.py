"""Running until told to stop: the bot's HTTP server, signals, and `floorwalker serve`."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot.assemble.app import Bot, secret
from bot.assemble.basics import sources_of, utc_now
from bot.errors import AddressInUse
from bot.jobs.apart import Progress
from bot.settings import Settings, check_ready_to_serve
from bot.slack.http import App, Health, events_route, health_route, metrics_route
from indexer.embedder import Embedder, embedder_for
from indexer.library.sqlite import SqliteLibrary
from indexer.reindex import reindex

log = logging.getLogger(__name__)

STOP_SECONDS = 5


class HttpServer:
    """Uvicorn on a thread of its own."""

    def __init__(self, routes: Sequence[BaseRoute], host: str, port: int) -> None:
        """Takes the port at once.

        Raises:
            AddressInUse: another program has it.
        """
        self._socket = _bound(host, port)
        self.port: int = self._socket.getsockname()[1]
        config = uvicorn.Config(
            Starlette(routes=list(routes)), log_level="warning", lifespan="off", access_log=False,
            timeout_graceful_shutdown=STOP_SECONDS, server_header=False,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), name="http", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS + 2)
        self._socket.close()


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named, not 0: only then does asyncio switch off Nagle, which would cost 40 ms a request.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise AddressInUse(
            f"The address {host}:{port} cannot be used ({error.strerror or type(error).__name__}).",
            hint="Stop the program that uses it, or set another `port` under [slack].") from error
    return listening


def build_missing_index(settings: Settings, data: Path, embedder: Embedder, progress: Progress) -> bool:
    """Index the knowledge base if this data folder has no index yet. Returns whether it did."""
    if SqliteLibrary(data).current():
        return False
    report = reindex(sources_of(settings), data, embedder, progress=progress, now=utc_now())
    if not report.documents:
        places = ", ".join(source.location for source in settings.knowledge.sources)
        log.warning("The knowledge base is empty: nothing to read was found in %s. Every question will be handed over.",
                    places)
    return True


def routes_of(settings: Settings, bot: Callable[[], Bot | None]) -> list[BaseRoute]:
    """What is served by HTTP: health and figures, and in `http` mode Slack's requests. `bot` may come later."""

    def health() -> Health:
        running = bot()
        return running.health() if running else Health()

    def app() -> App | None:
        running = bot()
        return running.app if running else None

    def figures() -> bytes | None:
        running = bot()
        return running.metrics.text() if running else None

    routes: list[BaseRoute] = [health_route(health), metrics_route(figures)]
    if settings.slack.mode == "http":
        routes.append(events_route(app, secret(settings.slack.signing_secret)))
    return routes


@contextlib.contextmanager
def until_told_to_stop() -> Iterator[threading.Event]:
    """An event that Ctrl-C or SIGTERM sets. A second one ends the process at once; as in a crash, nothing is lost."""
    told = threading.Event()

    def stop(signum: int, _frame: object) -> None:
        if told.is_set():
            # Not an exception: that would wait for threads, and those are what somebody is tired of waiting for.
            os._exit(128 + signum)
        told.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def serve(settings: Settings, data: Path, progress: Progress, told: threading.Event) -> Iterator[str]:
    """Run the bot until `told` is set. Yields what to tell the admin: first that it is up, then that it stops.

    Raises:
        FloorwalkerError: something that it needs is missing, wrong or taken; nothing was changed.
    """
    check_ready_to_serve(settings)
    running: list[Bot] = []
    routes = routes_of(settings, lambda: next(iter(running), None))
    server = HttpServer(routes, settings.slack.host, settings.slack.port)
    server.start()
    try:
        embedder = embedder_for(data, settings.model.name)
        if build_missing_index(settings, data, embedder, progress):
            yield "The knowledge base is indexed."
        if told.is_set():
            return
        bot = Bot(settings, data, embedder=embedder)
        running.append(bot)
        bot.start()
        yield (f"Floorwalker is at work in {bot.identity.team_name} ({settings.slack.mode} mode); "
               f"health at http://{settings.slack.host}:{server.port}/healthz. Ctrl-C stops it.")
        told.wait()
        yield "Stopping: finishing what is in hand…"
    finally:
        for bot in running:
            bot.stop()
        server.stop()
