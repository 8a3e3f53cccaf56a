"""Events, interactivity and commands by HTTP, signed as Slack signs them."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime
from urllib.parse import parse_qs, urlencode

import httpx

from bot.workspace.delivery import Delivery, Reply
from bot.workspace.faults import DeliveryFaults
from bot.workspace.identifiers import secret
from bot.workspace.records import Json

MAX_REDIRECTS = 2
TOO_OLD_SECONDS = 301
"""Apps must refuse what is signed more than five minutes ago."""


def signature(signing_secret: str, timestamp: str, body: bytes) -> str:
    """The value of `X-Slack-Signature`."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(signing_secret.encode(), base, hashlib.sha256).hexdigest()


class SignedHttp:
    """Posts to the app's request URL."""

    def __init__(
        self,
        request_url: str,
        signing_secret: str,
        faults: DeliveryFaults,
        *,
        ack_seconds: float,
        now: Callable[[], datetime],
    ) -> None:
        self.request_url = request_url
        self._secret = signing_secret
        self._now = now
        self._faults = faults
        self._ack_seconds = ack_seconds
        self._client = httpx.AsyncClient(
            timeout=None, follow_redirects=True, max_redirects=MAX_REDIRECTS, trust_env=False
        )

    @property
    def connected(self) -> bool:
        """There is an address, so an attempt can be made."""
        return True

    async def carry(self, delivery: Delivery) -> Reply:
        """Post it; anything but a 2xx inside three seconds is no acknowledgement."""
        body, content_type = _encoded(delivery)
        headers = self._headers(delivery, body, content_type)
        try:
            async with asyncio.timeout(self._ack_seconds):
                response = await self._client.post(self.request_url, content=body, headers=headers)
        except httpx.TooManyRedirects:
            return Reply(acknowledged=False, reason="too_many_redirects")
        except TimeoutError:
            return Reply(acknowledged=False, reason="http_timeout")
        except httpx.TransportError:
            return Reply(acknowledged=False, reason="connection_failed")
        if not response.is_success:
            return Reply(
                acknowledged=False, reason="http_error", no_retry=response.headers.get("x-slack-no-retry") == "1"
            )
        return Reply(acknowledged=True, body=_body(response))

    async def verify(self) -> str | None:
        """The handshake with which Slack accepts a request URL; returns what is wrong, None if it is accepted."""
        challenge = secret(40)
        reply = await self.carry(
            Delivery("events_api", {"token": "local", "challenge": challenge, "type": "url_verification"})
        )
        if not reply.acknowledged:
            return reply.reason
        said = reply.body.get("challenge") if isinstance(reply.body, dict) else reply.body
        form = parse_qs(said).get("challenge", [""])[0] if isinstance(said, str) else ""
        return None if challenge in (said, form) else "the challenge did not come back"

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    def _headers(self, delivery: Delivery, body: bytes, content_type: str) -> dict[str, str]:
        fault = self._faults.signatures.pop(0) if self._faults.signatures else None
        at = int(self._now().timestamp())
        timestamp = {"old": str(at - TOO_OLD_SECONDS), "unreadable": "yesterday"}.get(fault or "", str(at))
        key = self._secret + "x" if fault == "wrong" else self._secret
        headers = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(key, timestamp, body),
        }
        if delivery.attempt:
            headers |= {"X-Slack-Retry-Num": str(delivery.attempt), "X-Slack-Retry-Reason": delivery.reason}
        return headers


def _encoded(delivery: Delivery) -> tuple[bytes, str]:
    if delivery.kind == "events_api":
        return json.dumps(delivery.payload).encode(), "application/json"
    form: Json = delivery.payload if delivery.kind == "slash_commands" else {"payload": json.dumps(delivery.payload)}
    return urlencode(form).encode(), "application/x-www-form-urlencoded"


def _body(response: httpx.Response) -> Json | str | None:
    if not response.content:
        return None
    if response.headers.get("content-type", "").startswith("application/json"):
        try:
            parsed = response.json()
        except ValueError:
            return response.text
        return parsed if isinstance(parsed, dict) else None
    return response.text
