"""People to play with, and an app that listens with the real SDK."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.workspace import LocalWorkspace
from bot.workspace.app_config import AppConfig, Shortcut, SlashCommand

T = TypeVar("T")
PATIENCE_SECONDS = 5.0

Answer = Callable[[SocketModeRequest], dict[str, Any] | None]
"""What the app acknowledges with; raising means no acknowledgement at all."""


def wait_for(look: Callable[[], T]) -> T:
    """Look until there is something."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not (found := look()):
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.01)
    return found


GENEROUS = AppConfig(
    scopes=frozenset(
        {
            "app_mentions:read",
            "assistant:write",
            "channels:history",
            "channels:join",
            "channels:read",
            "chat:write",
            "chat:write.customize",
            "commands",
            "files:read",
            "files:write",
            "groups:history",
            "groups:read",
            "im:history",
            "im:read",
            "im:write",
            "reactions:read",
            "reactions:write",
            "team:read",
            "usergroups:read",
            "users:read",
            "users:read.email",
        }
    ),
    events=frozenset(
        {
            "app_home_opened",
            "app_mention",
            "message.channels",
            "message.groups",
            "message.im",
            "reaction_added",
            "reaction_removed",
            "app_context_changed",
            "agent_session_stopped",
            "agent_session_title_changed",
            "channel_archive",
            "channel_left",
            "member_joined_channel",
            "member_left_channel",
            "tokens_revoked",
            "user_change",
        }
    ),
    commands=(SlashCommand("/floorwalker", "Ask how to do something in the new system", "[your question]"),),
    shortcuts=(
        Shortcut("create_ticket", "Create ticket", "message", "Hand this message to a coach"),
        Shortcut("report_problem", "Report a problem", "global", "Tell the coaches what is stuck"),
    ),
    agent_view=True,
)
"""An app that is allowed and told whatever these tests need."""


class ListeningApp:
    """An app on Socket Mode that notes what it hears."""

    def __init__(self, workspace: LocalWorkspace, answer: Answer = lambda _: None) -> None:
        self.heard: list[SocketModeRequest] = []
        self.answer = answer
        self._lock = threading.Lock()
        self.web = WebClient(workspace.bot_token, base_url=workspace.api_url)
        self.client = SocketModeClient(app_token=workspace.app_token, web_client=self.web)
        self.client.socket_mode_request_listeners.append(self._hear)
        self.client.connect()

    def _hear(self, client: Any, request: SocketModeRequest) -> None:
        with self._lock:
            self.heard.append(request)
        try:
            payload = self.answer(request)
        except NoAcknowledgement:
            return
        client.send_socket_mode_response(SocketModeResponse(request.envelope_id, payload))

    def events(self, kind: str) -> list[dict[str, Any]]:
        """The events of this type so far."""
        payloads = [request.payload for request in self.heard if request.type == "events_api"]
        return [payload["event"] for payload in payloads if payload["event"]["type"] == kind]

    def event(self, kind: str, **like: Any) -> dict[str, Any]:
        """Wait for an event with these fields."""

        def look() -> dict[str, Any]:
            fitting = (one for one in self.events(kind) if like.items() <= one.items())
            return next(fitting, {})

        return wait_for(look)

    def interaction(self, kind: str) -> dict[str, Any]:
        """The last interaction of this type."""
        return [request.payload for request in self.heard if request.payload.get("type", "command") == kind][-1]

    def close(self) -> None:
        """Go away at once, as a killed process does; the SDK alone would take seconds to join its threads."""
        self.client.auto_reconnect_enabled = False
        session = self.client.current_session
        if session is not None and session.sock is not None:
            with contextlib.suppress(OSError):
                session.sock.shutdown(socket.SHUT_RDWR)
        threading.Thread(target=self.client.close, daemon=True).start()


class NoAcknowledgement(Exception):
    """The app keeps silent."""


def refusal(call: Callable[..., Any], **arguments: Any) -> dict[str, Any]:
    """What the Web API says to a call that it must refuse."""
    with pytest.raises(SlackApiError) as caught:
        call(**arguments)
    return dict(caught.value.response.data)


class Hands:
    """Plays people."""

    def __init__(self, workspace: LocalWorkspace) -> None:
        self.http = httpx.Client(base_url=workspace.base_url, timeout=10)

    def do(self, what: str, user: str = "U0MIA", **body: Any) -> dict[str, Any]:
        response = self.http.post(f"/workspace/{what}", json={"user": user, **body})
        assert response.status_code == 200, response.text
        return dict(response.json())

    def refused(self, what: str, user: str = "U0MIA", **body: Any) -> tuple[int, str]:
        response = self.http.post(f"/workspace/{what}", json={"user": user, **body})
        return response.status_code, response.json().get("error", "")

    def see(self, what: str, **query: Any) -> dict[str, Any]:
        response = self.http.get(f"/workspace/{what}", params=query)
        assert response.status_code == 200, response.text
        return dict(response.json())

    def messages(self, channel: str, user: str = "U0MIA", **more: Any) -> list[dict[str, Any]]:
        return list(self.see("messages", channel=channel, user=user, **more)["messages"])

    def say(self, text: str, channel: str = "C0GOLIVE", user: str = "U0MIA", **more: Any) -> str:
        return str(self.do("say", user, channel=channel, text=text, **more)["ts"])
