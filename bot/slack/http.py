"""What the bot serves by HTTP: health and figures for watchdogs and, in HTTP mode, Slack's requests."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from slack_bolt import App, BoltRequest
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.watching.metrics import CONTENT_TYPE_LATEST

__all__ = ["App", "Health", "events_route", "health_route", "metrics_route"]

MAX_BODY_BYTES = 1024 * 1024
MAX_AGE_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Health:
    """What a watchdog gets to know."""

    ready: bool = False
    details: Mapping[str, object] = field(default_factory=dict)
    starting: bool = True
    """Not ready yet, rather than not any more."""


def health_route(health: Callable[[], Health]) -> Route:
    """`GET /healthz`: 200 while all is well, else 503; what is not well is told in sentences."""

    async def healthz(_: Request) -> Response:
        state = await run_in_threadpool(health)
        body = {"status": "ok" if state.ready else "starting" if state.starting else "failing", **state.details}
        return JSONResponse(body, status_code=200 if state.ready else 503)

    return Route("/healthz", healthz, methods=["GET"])


def metrics_route(figures: Callable[[], bytes | None]) -> Route:
    """`GET /metrics`: the figures for Prometheus; 503 until there are any."""

    async def metrics(_: Request) -> Response:
        text = await run_in_threadpool(figures)
        if text is None:
            return PlainTextResponse("Starting.", status_code=503)
        return Response(text, headers={"content-type": CONTENT_TYPE_LATEST})

    return Route("/metrics", metrics, methods=["GET"])


def events_route(app: Callable[[], App | None], signing_secret: str, now: Callable[[], float] = time.time) -> Route:
    """`POST /slack/events`: events, interactivity and commands, checked before anything of them is parsed.

    Bolt answers 500 to bodies and time stamps that it does not expect, and would run on the event loop: both are kept
    from it here. Until there is an app, Slack is told to come again.
    """

    async def slack_events(request: Request) -> Response:
        body = await _read(request)
        if body is None:
            return PlainTextResponse("The body is larger than 1 MiB.", status_code=413)
        if not _signed(request, body, signing_secret, now()):
            return PlainTextResponse("The signature is missing, wrong or too old.", status_code=401)
        text = _text_of(body, request.headers.get("content-type", ""))
        if text is None:
            return PlainTextResponse("The body is not what Slack sends.", status_code=400)
        bolt = app()
        if bolt is None:
            return PlainTextResponse("Starting.", status_code=503)
        try:
            bolt_request = BoltRequest(body=text, headers=dict(request.headers), mode="http")
        except (AttributeError, TypeError, ValueError, KeyError):
            return PlainTextResponse("The body is not what Slack sends.", status_code=400)
        answered = await run_in_threadpool(bolt.dispatch, bolt_request)
        return Response(answered.body, status_code=answered.status, headers=answered.first_headers_without_set_cookie())

    return Route("/slack/events", slack_events, methods=["POST"])


async def _read(request: Request) -> bytes | None:
    """The body, or None when it is too large; read no further than needed to know."""
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > MAX_BODY_BYTES:
        return None
    read = bytearray()
    async for chunk in request.stream():
        read += chunk
        if len(read) > MAX_BODY_BYTES:
            return None
    return bytes(read)


def _signed(request: Request, body: bytes, secret: str, now: float) -> bool:
    stamp = request.headers.get("x-slack-request-timestamp", "")
    signature = request.headers.get("x-slack-signature", "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12) or abs(now - int(stamp)) > MAX_AGE_SECONDS:
        return False
    expected = "v0=" + hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace"))


def _text_of(body: bytes, content_type: str) -> str | None:
    """The body as text if it is one of the shapes that Slack sends, else None."""
    try:
        text = body.decode("utf-8")
        if content_type.startswith("application/json"):
            return text if _is_event(json.loads(text)) else None
        form = parse_qs(text, keep_blank_values=True)
        if "payload" in form:
            return text if _is_interaction(json.loads(form["payload"][0])) else None
    except (ValueError, RecursionError):
        return None
    return text if "command" in form or "ssl_check" in form else None


def _is_event(body: Any) -> bool:
    if not isinstance(body, dict):
        return False
    event = body.get("event")
    return body.get("type") != "event_callback" or (isinstance(event, dict) and isinstance(event.get("type"), str))


def _is_interaction(body: Any) -> bool:
    return isinstance(body, dict) and isinstance(body.get("type"), str) and isinstance(body.get("user"), dict)
