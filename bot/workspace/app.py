"""The addresses of the workspace: Web API, Socket Mode, response URLs, files, people's API, page."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from email import message_from_bytes
from email.policy import HTTP
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from bot.workspace.core import Workspace
from bot.workspace.people_api.routes import file_response, routes
from bot.workspace.response_urls import BadAnswer, answer
from bot.workspace.web_api import call_method
from bot.workspace.wire import parse_json

PAGE = Path(__file__).parent / "page"
NO_PAGE = "The local workspace is running. Its page is not installed; the API for scripts is below /workspace/."


def build(workspace: Workspace, more: Sequence[BaseRoute] = ()) -> Starlette:
    """The ASGI application of one workspace; `more` addresses come before the page's files."""

    async def web_api(request: Request) -> Response:
        return await call_method(workspace, request.path_params["method"], request)

    async def response_url(request: Request) -> Response:
        return await _answer(workspace, request)

    async def private_file(request: Request) -> Response:
        token = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
        if token != workspace.state.secrets.bot_token or workspace.faults.token_refused:
            return PlainTextResponse("not_authed", status_code=403)
        if "files:read" not in workspace.scopes:
            return PlainTextResponse("missing_scope", status_code=403)
        return file_response(workspace, request.path_params["file"])

    async def upload(request: Request) -> Response:
        return await _upload(workspace, request)

    return Starlette(
        routes=[
            Route("/api/{method}", web_api, methods=["GET", "POST"]),
            WebSocketRoute("/link/", workspace.socket_mode.endpoint),
            Route("/response/{key}", response_url, methods=["POST"]),
            Route("/files/{file}/{name:path}", private_file),
            Route("/upload/{key}", upload, methods=["POST"]),
            Route("/archives/{channel}/{message}", _permalink),
            *routes(workspace),
            *more,
            Route("/{path:path}", _page),
        ]
    )


async def _answer(workspace: Workspace, request: Request) -> Response:
    """A post to a response URL. Slack answers these in plain text."""
    key = request.path_params["key"]
    try:
        payload = parse_json(await request.body())
        if not isinstance(payload, dict):
            raise BadAnswer(400, "invalid_payload")
        answer(workspace.conversation, workspace.response_urls.take(key), payload)
    except ValueError:
        return PlainTextResponse("invalid_payload", status_code=400)
    except BadAnswer as error:
        workspace.changes.log("response_url", "an answer to an interaction", {"payload": payload}, error=error.code)
        return PlainTextResponse(error.code, status_code=error.status)
    workspace.changes.log("response_url", "an answer to an interaction", {"payload": payload})
    return PlainTextResponse("ok")


async def _upload(workspace: Workspace, request: Request) -> Response:
    """The bytes of a file that was announced by `files.getUploadURLExternal`; as many as were said."""
    file = workspace.uploads.get(request.path_params["key"])
    if file is None:
        return PlainTextResponse("not found", status_code=404)
    body = await _uploaded(request)
    if len(body) != file.size:
        return PlainTextResponse(f"expected {file.size} bytes, got {len(body)}", status_code=400)
    file.content = base64.b64encode(body).decode()
    return PlainTextResponse(f"OK - {len(body)}")


async def _uploaded(request: Request) -> bytes:
    """The raw body, or the first file of a form."""
    kind, body = request.headers.get("content-type", ""), await request.body()
    if not kind.startswith("multipart/form-data"):
        return body
    # the standard library reads mail of the same make; a parser for forms would be one more dependency
    form = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body, policy=HTTP)
    files = [part for part in form.iter_parts() if part.get_filename()] if form.is_multipart() else []
    content = files[0].get_payload(decode=True) if files else b""
    return content if isinstance(content, bytes) else b""


async def _permalink(request: Request) -> Response:
    """Jump to a message: the page takes it from there."""
    digits = request.path_params["message"].removeprefix("p")
    target = f"/?channel={request.path_params['channel']}&ts={digits[:-6]}.{digits[-6:]}"
    thread = request.query_params.get("thread_ts")
    return RedirectResponse(f"{target}&thread_ts={thread}" if thread else target)


async def _page(request: Request) -> Response:
    """A static file of the page; never cached, so that a new version is seen at once."""
    wanted = (PAGE / (request.path_params["path"] or "index.html")).resolve()
    if not wanted.is_relative_to(PAGE) or not wanted.is_file():
        return PlainTextResponse(NO_PAGE if request.path_params["path"] == "" else "Not found", status_code=404)
    return FileResponse(wanted, headers={"Cache-Control": "no-store"})
