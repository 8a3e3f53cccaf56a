"""Who may come in: scripts and the own page, but no page of another site; and every wrong address gets a sentence."""

from __future__ import annotations

import socket

import pytest

from bot.workspace import LocalWorkspace
from tests.bot.workspace.playing import Hands

SAY = {"user": "U0MIA", "channel": "C0GOLIVE", "text": "hello"}
FOREIGN = ("http://evil.example", "null", "https://127.0.0.1:1", "http://localhost", "")


@pytest.mark.parametrize("origin", FOREIGN)
@pytest.mark.parametrize("path", ["/workspace/say", "/workspace/fault", "/workspace/nothing"])
def test_a_page_of_another_site_cannot_act(hands: Hands, origin: str, path: str) -> None:
    answer = hands.http.post(path, json=SAY, headers={"Origin": origin})
    assert answer.status_code == 403
    assert answer.json()["error"].endswith(".")
    assert hands.messages("C0GOLIVE") == []


@pytest.mark.parametrize("path", ["/", "/workspace/state", "/workspace/stream", "/style/main.css"])
def test_a_page_of_another_site_cannot_look(hands: Hands, path: str) -> None:
    assert hands.http.get(path, headers={"Origin": "http://evil.example"}).status_code == 403


def test_the_own_page_can_act_under_each_name(workspace: LocalWorkspace, hands: Hands) -> None:
    for name in ("127.0.0.1", "localhost", "LOCALHOST", "[::1]"):
        host = f"{name}:{workspace.port}"
        answer = hands.http.post("/workspace/say", json=SAY, headers={"Host": host, "Origin": f"http://{host}"})
        assert answer.status_code == 200, name


def test_a_script_needs_neither_origin_nor_content_type(hands: Hands) -> None:
    body = b'{"user": "U0MIA", "channel": "C0GOLIVE", "text": "hello"}'
    for headers in ({}, {"Content-Type": "application/x-www-form-urlencoded"}, {"Content-Type": "text/plain"}):
        assert hands.http.post("/workspace/say", content=body, headers=headers).status_code == 200


@pytest.mark.parametrize("path", ["/", "/workspace/state", "/api/api.test", "/files/F0/a.txt", "/nothing"])
def test_a_rebound_host_name_is_refused_everywhere(workspace: LocalWorkspace, hands: Hands, path: str) -> None:
    for host in (f"evil.example:{workspace.port}", "127.0.0.1", "127.0.0.1:1", f"127.0.0.1.evil:{workspace.port}", ""):
        answer = hands.http.get(path, headers={"Host": host})
        assert answer.status_code in (400, 421), host
    assert hands.http.get("/workspace/state").status_code == 200


def test_a_websocket_under_a_rebound_name_is_refused(workspace: LocalWorkspace) -> None:
    request = (
        "GET /link/?ticket=x HTTP/1.1\r\nHost: evil.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", workspace.port), timeout=5) as raw:
        raw.sendall(request.encode())
        assert raw.recv(100).startswith(b"HTTP/1.1 403")


@pytest.mark.parametrize(
    ("method", "path", "status", "allowed"),
    [
        ("GET", "/workspace/nothing", 404, None),
        ("POST", "/workspace/nothing", 404, None),
        ("GET", "/workspace", 404, None),
        ("POST", "/workspace/", 404, None),
        ("GET", "/workspace/say/more", 404, None),
        ("GET", "/workspace/files", 404, None),
        ("GET", "/workspace/files/F0NONE", 404, None),
        ("GET", "/workspace/say", 405, "POST"),
        ("DELETE", "/workspace/say", 405, "POST"),
        ("POST", "/workspace/state", 405, "GET"),
        ("OPTIONS", "/workspace/state", 405, "GET"),
        ("POST", "/workspace/stream", 405, "GET"),
        ("PUT", "/workspace/files/F0NONE", 405, "GET"),
    ],
)
def test_a_wrong_address_or_method_gets_a_sentence(
    hands: Hands, method: str, path: str, status: int, allowed: str | None
) -> None:
    answer = hands.http.request(method, path)
    assert (answer.status_code, answer.headers.get("allow")) == (status, allowed)
    assert answer.json()["error"].endswith(".")


def test_nobody_else_on_the_network_can_reach_it(workspace: LocalWorkspace) -> None:
    assert workspace._socket.getsockname()[0] == "127.0.0.1"
