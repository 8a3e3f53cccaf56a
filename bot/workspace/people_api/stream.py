"""The stream of changes that keeps a page up to date (Server-Sent Events)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

from starlette.responses import StreamingResponse

from bot.workspace.core import Workspace
from bot.workspace.records import Json

PING_SECONDS = 15.0


def stream(workspace: Workspace) -> StreamingResponse:
    """Everything from now on, until the page or the workspace goes."""
    return StreamingResponse(
        _events(workspace),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _events(workspace: Workspace) -> AsyncIterator[str]:
    queue = workspace.changes.listen()
    number = 0
    try:
        yield _event(
            number,
            {
                "type": "hello",
                "connected": workspace.courier.transport.connected,
                "started": workspace.started.isoformat(),
            },
        )
        while True:
            try:
                change = await asyncio.wait_for(queue.get(), PING_SECONDS)
            except TimeoutError:
                yield ": ping\n\n"
                continue
            if change is None:
                return
            number += 1
            yield _event(number, change)
    finally:
        workspace.changes.leave(queue)


def _event(number: int, change: Json) -> str:
    return f"id: {number}\ndata: {json.dumps(change)}\n\n"
