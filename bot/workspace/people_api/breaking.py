"""Let things go wrong, as they do."""

from __future__ import annotations

from bot.workspace.errors import Refused
from bot.workspace.faults import api_fault
from bot.workspace.people_api.wish import Wish
from bot.workspace.records import Json

DISCONNECT_REASONS = ("refresh_requested", "warning", "link_disabled", "abrupt")


async def fault(wish: Wish) -> Json:
    """Switch what goes wrong next."""
    workspace = wish.workspace
    kind = wish.text("kind")
    if kind == "none":
        workspace.faults.clear()
        workspace.courier.duplicates = 0
    elif kind == "duplicate":
        workspace.courier.duplicates += _count(wish)
    elif kind == "disconnect":
        await workspace.socket_mode.disconnect(_reason(wish))
    else:
        workspace.faults.add(api_fault(dict(wish.values)))
    duplicates = [{"kind": "duplicate", "count": workspace.courier.duplicates}] if workspace.courier.duplicates else []
    return {"faults": workspace.faults.pending() + duplicates}


def _count(wish: Wish) -> int:
    count = wish.values.get("count", 1)
    if not isinstance(count, int) or not 1 <= count <= 100:
        raise Refused("`count` must be a number from 1 to 100.")
    return count


def _reason(wish: Wish) -> str:
    reason = wish.text("reason", "refresh_requested")
    if reason not in DISCONNECT_REASONS:
        raise Refused(f"`reason` is one of {', '.join(DISCONNECT_REASONS)}.")
    return reason
