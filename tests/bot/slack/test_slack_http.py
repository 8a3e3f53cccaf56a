"""What the bot serves by HTTP: nothing is parsed before its signature was checked."""

from __future__ import annotations

import hashlib
import hmac
import json
from urllib.parse import urlencode

import pytest
from slack_bolt import App
from slack_sdk import WebClient
from starlette.applications import Starlette
from starlette.testclient import TestClient

from bot.slack.http import MAX_BODY_BYTES, Health, events_route, health_route, metrics_route
from bot.watching.metrics import Metrics

SECRET, NOW = "shhh", 1_800_000_000


def signed(body: bytes, stamp: str = str(NOW), secret: str = SECRET) -> dict[str, str]:
    digest = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {"x-slack-request-timestamp": stamp, "x-slack-signature": f"v0={digest}", "content-type": "application/json"}


@pytest.fixture
def seen() -> list[str]:
    return []


@pytest.fixture
def http(seen: list[str]) -> TestClient:
    app = App(client=WebClient(), authorize=lambda: None, request_verification_enabled=False,
              process_before_response=True)

    @app.middleware
    def see(body: dict[str, object], next: object) -> None:  # noqa: A002
        seen.append(str(body.get("type")))
        next()  # type: ignore[operator]

    return TestClient(Starlette(routes=[events_route(lambda: app, SECRET, now=lambda: float(NOW))]))


def test_the_handshake_is_answered(http: TestClient) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "abc", "token": "t"}).encode()
    answered = http.post("/slack/events", content=body, headers=signed(body))
    assert answered.status_code == 200
    assert "abc" in answered.text


@pytest.mark.parametrize("headers", [
    {},
    signed(b"{}", secret="other"),
    signed(b"{}", stamp=str(NOW - 301)),
    signed(b"{}", stamp=str(NOW + 301)),
    signed(b"{}") | {"x-slack-request-timestamp": "soon"},
    signed(b"{}", stamp="1e9"),
    signed(b"{}", stamp="9" * 400),
    signed(b"{}") | {"x-slack-signature": "v0=é"},
    signed(b"{}") | {"x-slack-signature": ""},
], ids=range(9))
def test_forged_old_and_unreadable_signatures_are_refused(
    http: TestClient, seen: list[str], headers: dict[str, str]
) -> None:
    encoded = {name: value.encode("latin-1") for name, value in headers.items()}
    assert http.post("/slack/events", content=b"{}", headers=encoded).status_code == 401
    assert seen == []


@pytest.mark.parametrize("body", [b"", b"[]", b"nonsense", b"\xff\xfe", b'"x"', b"[" * 100_000,
                                  b'{"type":"event_callback","event":null,"team_id":5}',
                                  b'{"type":"event_callback","event":{"type":7}}'])
def test_bodies_that_slack_never_sends(http: TestClient, seen: list[str], body: bytes) -> None:
    assert http.post("/slack/events", content=body, headers=signed(body)).status_code == 400
    assert seen == []


@pytest.mark.parametrize("extra", [
    ("x-slack-signature", "v0=00"), ("x-slack-request-timestamp", str(NOW)), ("x-slack-signature", "")])
@pytest.mark.parametrize("first", [True, False])
def test_a_header_that_comes_twice_is_no_signature(
    http: TestClient, seen: list[str], extra: tuple[str, str], first: bool
) -> None:
    right = list(signed(b"{}").items())
    assert http.post("/slack/events", content=b"{}", headers=[extra, *right] if first else [*right, extra]
                     ).status_code == 401
    assert seen == []


FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(("body", "content_type", "status"), [
    (b"ssl_check=1&token=x", FORM, 200), (b'{"type":"app_rate_limited","team_id":"T1"}', "application/json", 200),
    (b'{"type":"something_new"}', "application/json", 200), (b'{"type":"url_verification","event":null}',
                                                              "application/json; charset=utf-8", 200),
    (b'{"type":"event_callback","event":NaN}', "application/json", 400), (b'{"type":"view_closed"}', "text/plain", 400),
    (b"payload=%7B%7D&payload=%7B%7D", FORM, 400), (b"command=%2Fx&command=%2Fy", FORM, 400),
    (b'{"type":"block_actions"}', "application/json", 400), (b'{"command":"/floorwalker"}', "application/json", 400),
    (b"command=%ff", FORM, 400),
], ids=range(11))
def test_what_nobody_handles_is_taken_and_what_can_be_read_in_two_ways_is_not(
    http: TestClient, seen: list[str], body: bytes, content_type: str, status: int
) -> None:
    answered = http.post("/slack/events", content=body, headers=signed(body) | {"content-type": content_type})
    assert answered.status_code == status
    assert seen == []


def test_forms_with_a_bad_payload(http: TestClient) -> None:
    for payload in ("[1", "[]", "{}", '{"type":"block_actions","user":"U1"}'):
        body = urlencode({"payload": payload}).encode()
        headers = signed(body) | {"content-type": "application/x-www-form-urlencoded"}
        assert http.post("/slack/events", content=body, headers=headers).status_code == 400


def test_a_body_above_a_megabyte_is_not_read_to_its_end(http: TestClient) -> None:
    body = b"x" * (MAX_BODY_BYTES + 1)
    assert http.post("/slack/events", content=body, headers=signed(body)).status_code == 413


def test_until_there_is_an_app_slack_is_told_to_come_again() -> None:
    http = TestClient(Starlette(routes=[events_route(lambda: None, SECRET, now=lambda: float(NOW))]))
    body = b'{"type":"url_verification"}'
    assert http.post("/slack/events", content=body, headers=signed(body)).status_code == 503


@pytest.mark.parametrize(("ready", "status"), [(True, 200), (False, 503)])
def test_health(ready: bool, status: int) -> None:
    http = TestClient(Starlette(routes=[health_route(lambda: Health(ready, {"generation": 3}))]))
    answered = http.get("/healthz")
    assert answered.status_code == status
    assert answered.json()["generation"] == 3


@pytest.mark.parametrize(("health", "status"), [
    (Health(True, starting=False), "ok"), (Health(), "starting"), (Health(False, starting=False), "failing"),
])
def test_what_is_not_ready_yet_is_told_from_what_has_failed(health: Health, status: str) -> None:
    assert TestClient(Starlette(routes=[health_route(lambda: health)])).get("/healthz").json()["status"] == status


def test_the_figures_are_served_as_prometheus_wants_them() -> None:
    answered = TestClient(Starlette(routes=[metrics_route(Metrics().text)])).get("/metrics")
    assert answered.status_code == 200
    assert answered.headers["content-type"].startswith("text/plain; version=")
    assert 'floorwalker_questions_total{verdict="answer"} 0.0' in answered.text


def test_until_there_are_figures_the_scrape_fails() -> None:
    assert TestClient(Starlette(routes=[metrics_route(lambda: None)])).get("/metrics").status_code == 503
