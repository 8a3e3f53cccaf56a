"""One call of the Web API from request to response: token, scope, arguments, the method, the log."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from bot.workspace.core import Workspace
from bot.workspace.errors import SlackError
from bot.workspace.faults import ApiFault
from bot.workspace.records import Json
from bot.workspace.web_api.arguments import Arguments
from bot.workspace.web_api.places import missing_scope
from bot.workspace.web_api.registry import METHODS, Method
from bot.workspace.wire import parse_json

logger = logging.getLogger(__name__)

EVERYWHERE = frozenset({"token", "team_id", "pretty"})
"""Arguments that every method takes; Bolt adds `team_id` to each call."""
CHANNEL_SCOPES = {"channel": "channels", "group": "groups", "im": "im"}


@dataclass(frozen=True, slots=True)
class Call:
    """What came in."""

    values: Mapping[str, Any]
    token: str | None
    warnings: tuple[str, ...] = ()
    unreadable: bool = False


async def call_method(workspace: Workspace, name: str, request: Request) -> Response:
    """Carry out one call. Also where faults strike and everything is logged."""
    call = await _read(request)
    fault = workspace.faults.take(name)
    if fault is not None:
        workspace.changes.log("fault", f"{name}: {fault.kind}", {"arguments": _loggable(call.values)}, error=fault.kind)
        return await _with_fault(workspace, name, call, fault)
    if (wait := _too_fast(workspace, name, call)) > 0:
        workspace.changes.log("api", name, {"arguments": _loggable(call.values)}, error="ratelimited")
        return _rate_limited(wait)
    return _carry_out(workspace, name, call)


async def _with_fault(workspace: Workspace, name: str, call: Call, fault: ApiFault) -> Response:
    if fault.kind == "slow":
        await asyncio.sleep(fault.seconds)
        return _carry_out(workspace, name, call)
    if fault.done:
        _carry_out(workspace, name, call)
    return _broken(fault)


def _too_fast(workspace: Workspace, name: str, call: Call) -> int:
    """Seconds to wait; 0 if the call may be made now."""
    method = METHODS.get(name)
    if method is None:
        return 0
    channel = call.values.get("channel") or call.values.get("channel_id") or ""
    return workspace.pace.seconds_to_wait(name, method.tier, str(channel))


def _carry_out(workspace: Workspace, name: str, call: Call) -> Response:
    method = METHODS.get(name)
    try:
        if call.unreadable:
            raise SlackError("invalid_json")
        result = _checked_run(workspace, name, method, call)
        body: Json = {"ok": True, **result}
        if call.warnings:
            body["warning"] = ",".join(call.warnings)
            body.setdefault("response_metadata", {})["warnings"] = list(call.warnings)
    except SlackError as error:
        body = {"ok": False, "error": error.code, **error.details}
        logger.warning("%s refused: %s", name, error.code)
    workspace.changes.log("api", name, {"arguments": _loggable(call.values), "response": body}, error=body.get("error"))
    scopes = ",".join(sorted(workspace.scopes))
    headers = {"x-oauth-scopes": scopes, "x-accepted-oauth-scopes": ",".join(method.scopes) if method else ""}
    return JSONResponse(body, headers=headers)


def _checked_run(workspace: Workspace, name: str, method: Method | None, call: Call) -> Json:
    if method is None:
        raise SlackError("unknown_method", req_method=name)
    _check_token(workspace, method, call.token)
    _check_scope(workspace, method, call.values)
    missing = sorted(key for key in method.required if call.values.get(key) in (None, ""))
    if missing:
        raise SlackError("invalid_arguments", *[f"missing required field: {key}" for key in missing])
    unknown = sorted(set(call.values) - method.required - method.optional - EVERYWHERE)
    if unknown:
        raise SlackError("invalid_arguments", *[f"unexpected argument: {key}" for key in unknown])
    return method.run(workspace, Arguments(call.values))


def _check_token(workspace: Workspace, method: Method, token: str | None) -> None:
    if method.token == "none":
        return
    if not token:
        raise SlackError("not_authed")
    secrets = workspace.state.secrets
    if token not in (secrets.bot_token, secrets.app_token):
        raise SlackError("invalid_auth")
    if (token == secrets.app_token) != (method.token == "app"):
        raise SlackError("not_allowed_token_type")
    if token == secrets.bot_token and workspace.faults.token_refused:
        raise SlackError(workspace.faults.token_refused)


def _check_scope(workspace: Workspace, method: Method, values: Mapping[str, Any]) -> None:
    needed = set(method.scopes)
    channel = workspace.state.channels.get(str(values.get("channel") or values.get("channel_id") or ""))
    if channel is not None:
        # `channels:history` does not open direct messages: the scope goes with the kind of channel
        families = set(CHANNEL_SCOPES.values()) - {CHANNEL_SCOPES[channel.type_in_events]}
        needed = {scope for scope in needed if scope.partition(":")[0] not in families} or needed
    if needed and not needed & workspace.scopes:
        raise missing_scope(workspace, *needed)



async def _read(request: Request) -> Call:
    token = request.headers.get("authorization", "").removeprefix("Bearer ").strip() or None
    kind, _, parameters = request.headers.get("content-type", "").partition(";")
    values: dict[str, Any] = {key: value for key, value in request.query_params.items() if key != "token"}
    if kind.strip() == "application/json":
        try:
            body = parse_json(await request.body() or b"{}")
        except ValueError:
            return Call({}, token, unreadable=True)
        if not isinstance(body, dict):
            return Call({}, token, unreadable=True)
        warnings = () if "charset" in parameters else ("missing_charset",)
        return Call(values | body, token, warnings)
    form = dict(parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True))
    return Call(values | form, token or form.get("token"))


def _loggable(values: Mapping[str, Any]) -> Json:
    return {key: value for key, value in values.items() if key != "token"}


def _broken(fault: ApiFault) -> Response:
    if fault.kind == "rate_limited":
        return _rate_limited(max(1, round(fault.seconds)))
    if fault.kind == "server_error":
        return JSONResponse({"ok": False, "error": "internal_error"}, status_code=fault.status)
    if fault.kind == "error":
        return JSONResponse({"ok": False, "error": fault.error})
    # the promised length never comes: the server closes the connection, the client sees it reset
    return StreamingResponse(_nothing(), headers={"Content-Length": "1000"})


def _rate_limited(seconds: int) -> Response:
    headers = {"Retry-After": str(seconds)}
    return JSONResponse({"ok": False, "error": "ratelimited"}, status_code=429, headers=headers)


async def _nothing() -> AsyncIterator[bytes]:
    yield b'{"ok":'
