"""Socket Mode: Slack's requests over a websocket that we open, so that the bot needs no public address."""

from __future__ import annotations

import contextlib
import logging
import socket
from collections.abc import Callable

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.slack.connection import Contact, check_app_token, web_client

log = logging.getLogger(__name__)

CONCURRENCY = 10
"""Requests that are taken in at the same time; each is only written down."""


class SocketConnection:
    """The bot's websocket; reconnects by itself."""

    def __init__(self, app: App, client: WebClient, app_token: str,
                 failed: Callable[[str, str], None] = lambda _method, _error: None) -> None:
        """`failed(method, error)` is called when Slack does not give an address to connect to."""
        self._app_token, self._api_url = app_token, client.base_url
        self._handler = SocketModeHandler(
            app, app_token, web_client=web_client(client.token or "", client.base_url, Contact(failed)),
            concurrency=CONCURRENCY)

    @property
    def connected(self) -> bool:
        return bool(self._handler.client.is_connected())

    def start(self) -> None:
        """Connect.

        Raises:
            SlackRefused: the app-level token is refused, or Slack cannot be reached.
        """
        check_app_token(self._api_url, self._app_token)
        self._handler.connect()  # type: ignore[no-untyped-call]

    def stop(self) -> None:
        """Hang up. The SDK would first wait out its read, up to three seconds: ending the stream wakes it."""
        client = self._handler.client
        client.auto_reconnect_enabled = False
        session = client.current_session
        if session is not None and session.sock is not None:
            with contextlib.suppress(OSError):
                session.sock.shutdown(socket.SHUT_RDWR)
        try:
            self._handler.close()  # type: ignore[no-untyped-call]
        except AttributeError:  # the SDK's reader, which that woke, has closed the socket at the same moment
            self._handler.close()  # type: ignore[no-untyped-call]
