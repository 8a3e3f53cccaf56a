"""What goes wrong next, on demand: so that a bot can be seen to cope."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from bot.workspace.errors import Refused

ApiFaultKind = Literal["rate_limited", "server_error", "reset", "slow", "error"]
API_FAULTS = ("rate_limited", "server_error", "reset", "slow", "error")
SignatureFault = Literal["wrong", "old", "unreadable"]
"""Signed with another secret, six minutes ago, or with a time stamp that is no number."""
MOST = 1000
LONGEST_SECONDS = 600


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
    error: str = ""
    """Slack's code, for the kind `error`."""
    status: int = 500
    """HTTP status, for the kind `server_error`."""


@dataclass(slots=True)
class DeliveryFaults:
    """What goes wrong with the next events on their way to the app."""

    duplicates: int = 0
    """How many more times the next event is delivered although it was acknowledged."""
    swaps: int = 0
    """How many events are overtaken by the one after them."""
    delays: list[float] = field(default_factory=list)
    """Seconds by which the next events are late, one entry for each."""
    signatures: list[SignatureFault] = field(default_factory=list)
    """How the next requests are signed wrongly, by HTTP."""

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self.duplicates = self.swaps = 0
        self.delays.clear()
        self.signatures.clear()

    def pending(self) -> list[dict[str, Any]]:
        """What is still to come, each kind once."""
        counts = {"duplicate": self.duplicates, "out_of_order": self.swaps, "late_event": len(self.delays),
                  "signature": len(self.signatures)}
        return [{"kind": kind, "count": count} for kind, count in counts.items() if count]


class Faults:
    """Faults of the Web API, first come first served, and what was taken from the app until it is given back."""

    def __init__(self) -> None:
        self._faults: list[ApiFault] = []
        self.delivery = DeliveryFaults()
        self.token_refused = ""
        """The code with which the bot's token is refused (`token_revoked`, `account_inactive`); empty: it is taken."""
        self.scopes_removed: set[str] = set()

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
        """Nothing goes wrong any more, and the app has back its token and scopes."""
        self._faults.clear()
        self.delivery.clear()
        self.scopes_removed.clear()
        self.token_refused = ""

    def pending(self) -> list[dict[str, Any]]:
        """What is still to come, and what stays until it is cleared."""
        standing: list[dict[str, Any]] = [
            {"kind": "scope_removed", "scope": scope} for scope in sorted(self.scopes_removed)
        ]
        if self.token_refused:
            standing.append({"kind": "token_revoked", "error": self.token_refused})
        return [asdict(fault) for fault in self._faults] + self.delivery.pending() + standing


def api_fault(wish: dict[str, Any]) -> ApiFault:
    """Read a fault as it is asked for.

    Raises:
        Refused: unknown kind, a number that is none, or an error without its code.
    """
    if wish.get("kind") not in API_FAULTS:
        raise Refused(f"There is no fault {wish.get('kind')!r} of API calls; there are {', '.join(API_FAULTS)}.")
    try:
        count, seconds = int(wish.get("count", 1)), float(wish.get("seconds", 1))
        status = int(wish.get("status", 500))
    except (TypeError, ValueError, OverflowError) as error:
        raise Refused("`count`, `seconds` and `status` must be numbers.") from error
    if not 1 <= count <= MOST or not 0 <= seconds <= LONGEST_SECONDS or not 500 <= status <= 599:
        raise Refused(f"`count` is 1 to {MOST}, `seconds` 0 to {LONGEST_SECONDS}, `status` 500 to 599.")
    code = wish.get("error") or ""
    if wish["kind"] == "error" and (not isinstance(code, str) or not code):
        raise Refused("`error` must be one of Slack's codes, such as `channel_not_found`.")
    done = wish.get("done") is True and wish["kind"] != "rate_limited"  # what was too much is never carried out
    return ApiFault(wish["kind"], str(wish.get("method", "")), count, seconds, done, code, status)
