"""What goes wrong next, on demand: so that a bot can be seen to cope."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from bot.workspace.errors import Refused

ApiFaultKind = Literal["rate_limited", "server_error", "reset", "slow"]
KINDS = ("rate_limited", "server_error", "reset", "slow", "duplicate", "disconnect", "none")
API_FAULTS = ("rate_limited", "server_error", "reset", "slow")


@dataclass(slots=True)
class ApiFault:
    """The next `count` calls of `method` (any, if empty) go wrong."""

    kind: ApiFaultKind
    method: str = ""
    count: int = 1
    seconds: float = 1.0
    """Retry-After, or how slow."""
    done: bool = False
    """The call is carried out before it goes wrong: the app cannot know."""


class Faults:
    """Faults of the Web API, first come first served."""

    def __init__(self) -> None:
        self._faults: list[ApiFault] = []

    def add(self, fault: ApiFault) -> None:
        """Let something go wrong."""
        self._faults.append(fault)

    def take(self, method: str) -> ApiFault | None:
        """The fault for this call, if there is one."""
        for fault in self._faults:
            if fault.method in ("", method):
                fault.count -= 1
                if fault.count < 1:
                    self._faults.remove(fault)
                return fault
        return None

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self._faults.clear()

    def pending(self) -> list[dict[str, Any]]:
        """What is still to come."""
        return [asdict(fault) for fault in self._faults]


def api_fault(wish: dict[str, Any]) -> ApiFault:
    """Read a fault as it is asked for.

    Raises:
        Refused: unknown kind, or a number that is none.
    """
    if wish.get("kind") not in API_FAULTS:
        raise Refused(f"There is no fault {wish.get('kind')!r}; there are {', '.join(KINDS)}.")
    try:
        count, seconds = int(wish.get("count", 1)), float(wish.get("seconds", 1))
    except (TypeError, ValueError, OverflowError) as error:
        raise Refused("`count` and `seconds` must be numbers.") from error
    if not 1 <= count <= 1000 or not 0 <= seconds <= 600:
        raise Refused("`count` is 1 to 1000, `seconds` 0 to 600.")
    return ApiFault(wish["kind"], str(wish.get("method", "")), count, seconds, wish.get("done") is True)
