"""The addresses of the people's API."""

from __future__ import annotations

import base64
import logging
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from bot.workspace.core import Workspace
from bot.workspace.errors import Refused
from bot.workspace.people_api import acting, breaking, keeping, looking, people, sessions, writing
from bot.workspace.people_api.stream import stream
from bot.workspace.people_api.wish import Wish, read_wish
from bot.workspace.records import Json

logger = logging.getLogger(__name__)

Handler = Callable[[Wish], Awaitable[Json]]
LOOKING: dict[str, Handler] = {
    "state": looking.state,
    "messages": looking.messages,
    "views": looking.views,
    "log": looking.log,
    "faults": breaking.faults,
    "save": keeping.save,
}
DOING: dict[str, Handler] = {
    "say": writing.say,
    "edit": writing.edit,
    "delete": writing.delete,
    "react": writing.react,
    "upload": writing.upload,
    "command": acting.command,
    "shortcut": acting.shortcut,
    "click": acting.click,
    "submit": acting.submit,
    "close": acting.close,
    "open_home": acting.open_home,
    "options": acting.options,
    "fault": breaking.fault,
    "person": people.person,
    "join": people.join,
    "leave": people.leave,
    "stop": sessions.stop,
    "rename_session": sessions.rename,
    "look_at": sessions.look_at,
    "load": keeping.load,
    "verify_url": keeping.verify_url,
}


def routes(workspace: Workspace) -> list[Route]:
    """All of `/workspace/*`."""

    async def stream_endpoint(request: Request) -> Response:
        return stream(workspace)

    async def file_endpoint(request: Request) -> Response:
        return file_response(workspace, request.path_params["file"])

    return [
        *(
            Route(f"/workspace/{name}", _endpoint(workspace, handler), methods=["GET"])
            for name, handler in LOOKING.items()
        ),
        *(
            Route(f"/workspace/{name}", _endpoint(workspace, handler), methods=["POST"])
            for name, handler in DOING.items()
        ),
        Route("/workspace/stream", stream_endpoint),
        Route("/workspace/files/{file}", file_endpoint),
        # whatever else is asked for below this address, lest the page's files answer it
        Route("/workspace", Elsewhere()),
        Route("/workspace/{rest:path}", Elsewhere()),
    ]


class Elsewhere:
    """Says what is wrong with an address or a method. Not a function, so that it is called with every method."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        method = _method_of(scope["path_params"].get("rest", ""))
        if method is None:
            response = JSONResponse({"error": f"There is no {scope['path']} here."}, status_code=404)
        else:
            sentence = f"{scope['path']} takes {method}, not {scope['method']}."
            response = JSONResponse({"error": sentence}, status_code=405, headers={"Allow": method})
        await response(scope, receive, send)


def _method_of(name: str) -> str | None:
    """The method that an address takes; None if there is no such address."""
    if name in DOING:
        return "POST"
    is_file = name.startswith("files/") and name.count("/") == 1
    return "GET" if is_file or name in LOOKING or name == "stream" else None


def file_response(workspace: Workspace, file_id: str) -> Response:
    """The bytes of an upload; never shown as a page of its own, so that nothing in it can run."""
    file = workspace.state.files.get(file_id)
    if file is None:
        return JSONResponse({"error": "There is no such file."}, status_code=404)
    return Response(
        base64.b64decode(file.content),
        media_type=file.mimetype,
        headers={"Content-Security-Policy": "sandbox", "X-Content-Type-Options": "nosniff"},
    )


def _endpoint(workspace: Workspace, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            return JSONResponse(
                await handler(await read_wish(workspace, request)), headers={"Cache-Control": "no-store"}
            )
        except Refused as refused:
            return JSONResponse({"error": refused.sentence}, status_code=refused.status)

    return endpoint
