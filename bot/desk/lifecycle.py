"""The life of a ticket: pure rules, (how it stands, step) -> how it stands then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.desk.types import HistoryEntry, State, Step
from bot.errors import IllegalStep, TicketTaken

OPEN: tuple[State, ...] = ("new", "claimed", "waiting", "parked")
_ENDINGS: tuple[Step, ...] = ("resolved", "dismissed", "merged")
OWNED: tuple[State, ...] = ("claimed", "waiting", "parked")

# From where a step is possible, and where it leads; None: the state stays as it is.
_ALL: tuple[State, ...] = (*OPEN, "resolved", "closed")
_RULES: dict[Step, tuple[tuple[State, ...], State | None]] = {
    "claimed": (("new",), "claimed"),
    "released": (OWNED, "new"),
    "passed_on": (OPEN, None),
    "taken_over": (OWNED, None),
    "assigned": (("new",), None),
    "asked_back": (OWNED, "waiting"),
    "parked": (("claimed", "waiting"), "parked"),
    "resumed": (("parked",), "claimed"),
    "asker_replied": (OPEN, None),
    "coach_replied": ((*OWNED, "resolved", "closed"), None),
    "noted": (_ALL, None),
    "prioritised": (OPEN, None),
    "moved": (OPEN, "new"),
    "snoozed": (OPEN, None),
    "woken": (OPEN, None),
    "resolved": (OWNED, "resolved"),
    "dismissed": (OPEN, "closed"),
    "merged": (OPEN, "closed"),
    "archived": (("resolved",), "closed"),
    "reopened": (("resolved", "closed"), "claimed"),
    "helped": (_ALL, None),
    "tagged": (_ALL, None),
    "related": (_ALL, None),
    "reminded": (OPEN, None),
    "escalated": (OPEN, None),
}
# A coach who does this on an unclaimed ticket has claimed it by that.
_CLAIMING: tuple[Step, ...] = ("asked_back", "coach_replied", "parked", "resolved")
_WORDS: dict[State, str] = {
    "new": "has not been claimed yet", "claimed": "is claimed already", "waiting": "is waiting for the asker",
    "parked": "is waiting for a third party", "resolved": "is resolved already", "closed": "is closed already",
}


class HasEnded(IllegalStep):
    """This ticket has ended already."""

    def __init__(self, message: str = "", *, by: str = "", hint: str = "") -> None:
        """`by`: the coach who has ended it, where that is known."""
        super().__init__(message, hint=hint)
        self.by = by


@dataclass(frozen=True, slots=True)
class Standing:
    """What the rules need to know of a ticket."""

    state: State
    owner: str | None


def advance(standing: Standing, step: Step, actor: str, whom: str = "") -> Standing:
    """How the ticket stands after one step. `whom`: the coach to whom it is passed on.

    Raises `IllegalStep`, or `TicketTaken` when another coach was first.
    """
    if step == "claimed" and standing.state in OWNED:
        return _claimed_again(standing, actor)
    sources, target = _RULES.get(step, ((), None))
    if standing.state not in sources:
        refused = IllegalStep if standing.state in OPEN else HasEnded
        raise refused(f"This ticket {_WORDS[standing.state]}.")
    state, owner = target or standing.state, standing.owner
    match step:
        case "claimed" | "taken_over":
            owner = actor
        case "passed_on":
            assert whom, "a ticket is passed on to somebody"
            state, owner = ("claimed" if state == "new" else state), whom
        case "released" | "moved":
            owner = None
        case "reopened":
            state = "claimed" if owner else "new"
        case "asker_replied" if state == "waiting":
            state = "claimed"
    return Standing(state, owner)


def steps_for(standing: Standing, step: Step) -> tuple[Step, ...]:
    """The steps that a coach takes by this one: on an unclaimed ticket some begin with claiming it."""
    return ("claimed", step) if standing.state == "new" and step in _CLAIMING else (step,)


def ended_by(history: Sequence[HistoryEntry]) -> str:
    """The coach who has ended a ticket; empty if it was nobody."""
    return next((entry.actor for entry in reversed(history) if entry.step in _ENDINGS), "")


def _claimed_again(standing: Standing, actor: str) -> Standing:
    if standing.owner == actor:
        return standing
    raise TicketTaken("Another coach has claimed this ticket.", owner=standing.owner or "")
