"""Let things go wrong, as they do: what is asked for, and what there is to ask for."""

from __future__ import annotations

from dataclasses import asdict

from bot.workspace.errors import Refused
from bot.workspace.people_api.fault_kinds import KINDS
from bot.workspace.people_api.wish import Wish
from bot.workspace.records import Json


async def fault(wish: Wish) -> Json:
    """Switch what goes wrong next; `none` ends it all."""
    kind = wish.text("kind")
    known = KINDS.get(kind)
    if known is None:
        raise Refused(f"There is no fault {kind!r}; there are {', '.join(KINDS)}.")
    # a field of another kind does no harm; a field of none is a typing error
    names = {field.name for one in KINDS.values() for field in one.fields}
    unknown = sorted(set(wish.values) - {"kind", "user"} - names)
    if unknown:
        takes = ", ".join(field.name for field in known.fields) or "nothing more"
        raise Refused(f"There is no `{unknown[0]}`; {kind} takes {takes}.")
    done = await known.run(wish)
    wish.workspace.changes.log("fault", f"asked for: {kind}", {"wish": dict(wish.values)})
    return {"faults": wish.workspace.faults.pending(), **(done or {})}


async def faults(wish: Wish) -> Json:
    """Every kind with its fields, for a panel, and what is still to come."""
    kinds = [
        {"kind": name, "does": kind.does, "fields": [asdict(field) for field in kind.fields]}
        for name, kind in KINDS.items()
    ]
    return {"kinds": kinds, "faults": wish.workspace.faults.pending()}
