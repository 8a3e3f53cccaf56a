"""Events by HTTP, checked with the SDK's own signature verifier."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from slack_sdk.signature import SignatureVerifier

from bot.workspace import LocalWorkspace
from bot.workspace.event_cap import EventCap
from bot.workspace.server import utc_now
from tests.bot.workspace.playing import GENEROUS, Hands, wait_for
from tests.fakes import Clock

Request = tuple[dict[str, str], bytes]
Answer = Callable[[int], tuple[int, dict[str, str], bytes]]


class Endpoint:
    """An app's request URL: notes what comes, answers as told (by the number of the request)."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.answer: Answer = lambda _: (200, {}, b"")
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                endpoint.requests.append(({key.lower(): value for key, value in self.headers.items()}, body))
                status, headers, answer = endpoint.answer(len(endpoint.requests))
                self.send_response(status)
                for key, value in {**headers, "Content-Length": str(len(answer))}.items():
                    self.send_header(key, value)
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/slack/events"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    endpoint = Endpoint()
    yield endpoint
    endpoint.close()


@pytest.fixture
def workspace(endpoint: Endpoint) -> Iterator[LocalWorkspace]:
    with LocalWorkspace(
        request_url=endpoint.url, signing_secret="abc", app=GENEROUS, ack_seconds=0.4, retry_waits=(0.02, 0.05, 0.1)
    ) as running:
        yield running


def test_an_event_is_signed(endpoint: Endpoint, hands: Hands) -> None:
    hands.say("hello ü", channel="U0FLOORWALKER")
    headers, body = wait_for(lambda: endpoint.requests)[0]
    verifier = SignatureVerifier("abc")
    assert verifier.is_valid_request(body, headers)
    assert not verifier.is_valid_request(body + b" ", headers)
    assert not SignatureVerifier("abd").is_valid_request(body, headers)
    assert json.loads(body)["event"]["text"] == "hello ü"


def test_a_failed_delivery_is_repeated_with_number_and_reason(endpoint: Endpoint, hands: Hands) -> None:
    def slow_then_broken(number: int) -> tuple[int, dict[str, str], bytes]:
        if number == 1:
            time.sleep(0.6)
        return (500 if number == 2 else 200), {}, b""

    endpoint.answer = slow_then_broken
    hands.say("hello", channel="U0FLOORWALKER")
    wait_for(lambda: len(endpoint.requests) == 3)
    time.sleep(0.3)
    marks = [
        (headers.get("x-slack-retry-num"), headers.get("x-slack-retry-reason")) for headers, _ in endpoint.requests
    ]
    assert marks == [(None, None), ("1", "http_timeout"), ("2", "http_error")]


def test_the_app_may_ask_for_no_retry(endpoint: Endpoint, hands: Hands) -> None:
    endpoint.answer = lambda _: (500, {"X-Slack-No-Retry": "1"}, b"")
    hands.say("hello", channel="U0FLOORWALKER")
    wait_for(lambda: endpoint.requests)
    time.sleep(0.3)
    assert len(endpoint.requests) == 1


def test_an_app_that_is_down_is_tried_four_times(endpoint: Endpoint, hands: Hands, workspace: LocalWorkspace) -> None:
    workspace.use_request_url("http://127.0.0.1:9/")
    hands.say("hello", channel="U0FLOORWALKER")
    wait_for(lambda: any(entry["error"] == "no more retries" for entry in hands.see("log")["entries"]))
    reasons = [entry["error"] for entry in hands.see("log")["entries"] if entry["summary"].startswith("message")]
    assert reasons == ["connection_failed"] * 4 + ["no more retries"]


def test_a_command_is_a_signed_form_and_its_answer_is_shown(endpoint: Endpoint, hands: Hands) -> None:
    endpoint.answer = lambda _: (200, {"Content-Type": "application/json"}, json.dumps({"text": "Here."}).encode())
    hands.do("command", channel="C0GENERAL", command="/floorwalker", text="a & b")
    headers, body = endpoint.requests[0]
    assert SignatureVerifier("abc").is_valid_request(body, headers)
    form = {key: values[0] for key, values in parse_qs(body.decode()).items()}
    assert (form["command"], form["text"], form["channel_name"]) == ("/floorwalker", "a & b", "general")
    assert hands.messages("C0GENERAL")[-1] | {"text": "Here.", "ephemeral": True} == hands.messages("C0GENERAL")[-1]
    assert hands.messages("C0GENERAL", "U0TOM") == []
    assert httpx.post(form["response_url"], json={"text": "again"}).text == "ok"


def test_a_shortcut_comes_as_payload_in_a_form(endpoint: Endpoint, hands: Hands) -> None:
    hands.do("shortcut", name="report_problem")
    payload = json.loads(parse_qs(endpoint.requests[0][1].decode())["payload"][0])
    assert (payload["type"], payload["callback_id"]) == ("shortcut", "report_problem")
    assert "response_url" not in payload
    assert "channel" not in payload


def test_a_click_that_nobody_acknowledges_ends_in_a_sentence(endpoint: Endpoint, hands: Hands) -> None:
    endpoint.answer = lambda _: (404, {}, b"")
    assert hands.refused("shortcut", name="report_problem") == (424, "The app did not respond in time (http_error).")
    assert len(endpoint.requests) == 1  # Slack does not resend these


def test_too_many_events_in_an_hour_are_held_back(
    endpoint: Endpoint, hands: Hands, monkeypatch: pytest.MonkeyPatch, workspace: LocalWorkspace
) -> None:
    monkeypatch.setattr(workspace._workspace.courier, "_cap", EventCap(utc_now, 2))
    for text in ("first", "second", "third", "fourth"):
        hands.say(text, channel="U0FLOORWALKER")
    wait_for(lambda: len(endpoint.requests) == 3)
    told = [json.loads(body) for _, body in endpoint.requests]
    assert [one["type"] for one in told].count("event_callback") == 2
    limited = next(one for one in told if one["type"] == "app_rate_limited")
    assert abs(limited["minute_rate_limited"] - time.time()) < 120


@pytest.mark.parametrize(("minutes", "admitted"), [(59, False), (60, True)])
def test_the_count_of_events_is_that_of_the_last_hour(minutes: int, admitted: bool) -> None:
    clock = Clock()
    cap = EventCap(clock, 3)
    assert [cap.admit() for _ in range(4)] == [True, True, True, False]
    assert (cap.notice() is None, cap.notice()) == (False, None)
    clock.forward(minutes=minutes)
    assert cap.admit() is admitted
    assert cap.notice()


def test_signatures_that_an_app_must_refuse(endpoint: Endpoint, hands: Hands) -> None:
    verifier = SignatureVerifier("abc")
    hands.do("fault", kind="signature", how="wrong")
    hands.say("forged", channel="U0FLOORWALKER")
    headers, body = wait_for(lambda: endpoint.requests)[0]
    assert not verifier.is_valid_request(body, headers)
    hands.do("fault", kind="signature", how="old")
    hands.say("old", channel="U0FLOORWALKER")
    headers, body = wait_for(lambda: endpoint.requests[1:])[0]
    assert not verifier.is_valid_request(body, headers)
    assert abs(time.time() - int(headers["x-slack-request-timestamp"])) > 300
    hands.do("fault", kind="signature", how="unreadable")
    hands.say("unreadable", channel="U0FLOORWALKER")
    headers, _ = wait_for(lambda: endpoint.requests[2:])[0]
    assert not headers["x-slack-request-timestamp"].isdecimal()
    hands.say("in order again", channel="U0FLOORWALKER")
    headers, body = wait_for(lambda: endpoint.requests[3:])[0]
    assert verifier.is_valid_request(body, headers)


@pytest.mark.parametrize("form", ["{challenge}", '{{"challenge": "{challenge}"}}', "challenge={challenge}"])
def test_a_request_url_is_accepted_if_it_says_back_the_challenge(endpoint: Endpoint, hands: Hands, form: str) -> None:
    def echo(number: int) -> tuple[int, dict[str, str], bytes]:
        asked = json.loads(endpoint.requests[number - 1][1])
        kind = "application/json" if form.startswith("{{") else "text/plain"
        return 200, {"Content-Type": kind}, form.format(challenge=asked["challenge"]).encode()

    endpoint.answer = echo
    assert hands.do("verify_url") == {}
    assert json.loads(endpoint.requests[0][1])["type"] == "url_verification"


def test_a_request_url_that_says_something_else_is_not_accepted(endpoint: Endpoint, hands: Hands) -> None:
    endpoint.answer = lambda _: (200, {}, b"hello")
    assert hands.refused("verify_url") == (
        409, "The request URL was not accepted: the challenge did not come back.")
    endpoint.answer = lambda _: (500, {}, b"")
    assert hands.refused("verify_url") == (409, "The request URL was not accepted: http_error.")
