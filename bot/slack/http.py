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

from bot.slack.shapes import is_event_request, is_heard, is_interaction, is_sound, without_half_characters
from bot.watching.metrics import CONTENT_TYPE_LATEST

__all__ = ["App", "Health", "events_route", "health_route", "metrics_route"]

MAX_BODY_BYTES = 1024 * 1024
MAX_DISCARDED_BYTES = 16 * MAX_BODY_BYTES
MAX_AGE_SECONDS = 300
FORM = "application/x-www-form-urlencoded"


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
        sent = _read_body(body, request.headers.get("content-type", ""))
        if sent is None or not is_sound(sent):
            return PlainTextResponse("The body is not what Slack sends.", status_code=400)
        sent, bolt = without_half_characters(sent), app()
        if bolt is None:
            return PlainTextResponse("Starting.", status_code=503)
        if not is_heard(sent):
            return JSONResponse({"challenge": sent["challenge"]}) if "challenge" in sent else PlainTextResponse("")
        try:
            # Bolt gets what was checked: it would read the body in a way of its own, and take orders from some headers.
            bolt_request = BoltRequest(
                body=json.dumps(sent), headers={"content-type": "application/json"}, mode="http")
        except (AttributeError, TypeError, ValueError, KeyError):
            return PlainTextResponse("The body is not what Slack sends.", status_code=400)
        answered = await run_in_threadpool(bolt.dispatch, bolt_request)
        return Response(answered.body, status_code=answered.status, headers=answered.first_headers_without_set_cookie())

    return Route("/slack/events", slack_events, methods=["POST"])


async def _read(request: Request) -> bytes | None:
    """The body, or None when it is too large.

    Of a body that is too large no more is kept, but some more is read: an answer that comes while the sender is
    still writing is often lost in the reset of the connection.
    """
    declared = request.headers.get("content-length", "")
    too_large = declared.isascii() and declared.isdigit() and int(declared) > MAX_BODY_BYTES
    body, length = bytearray(), 0
    async for chunk in request.stream():
        length += len(chunk)
        too_large = too_large or length > MAX_BODY_BYTES
        if too_large and length > MAX_DISCARDED_BYTES:
            return None
        if not too_large:
            body += chunk
    return None if too_large else bytes(body)


def _signed(request: Request, body: bytes, secret: str, now: float) -> bool:
    stamps = request.headers.getlist("x-slack-request-timestamp")
    signatures = request.headers.getlist("x-slack-signature")
    if len(stamps) != 1 or len(signatures) != 1:
        return False
    [stamp], [signature] = stamps, signatures
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12) or abs(now - int(stamp)) > MAX_AGE_SECONDS:
        return False
    expected = "v0=" + hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace"))


def _read_body(body: bytes, content_type: str) -> dict[str, Any] | None:
    """The body as Slack means it if it has one of the shapes that Slack sends, else None."""
    kind = content_type.partition(";")[0].strip().lower()
    try:
        text = body.decode("utf-8")
        if kind == "application/json":
            event = _parse(text)
            return event if is_event_request(event) else None
        form = parse_qs(text, keep_blank_values=True, errors="strict") if kind == FORM else {}
        if any(len(values) > 1 for values in form.values()):
            return None  # whoever reads it next may take another one of them
        fields = {name: values[0] for name, values in form.items()}
        if "payload" in fields:
            interaction = _parse(fields["payload"])
            return interaction if is_interaction(interaction) else None
    except (ValueError, RecursionError):
        return None
    return fields if "command" in fields or "ssl_check" in fields else None


def _parse(text: str) -> Any:
    """JSON as its standard has it. Raises ValueError or RecursionError."""

    def refuse(constant: str) -> None:
        raise ValueError(constant)

    return json.loads(text, parse_constant=refuse)
