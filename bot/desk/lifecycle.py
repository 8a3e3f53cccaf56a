"""The life of a ticket: pure rules, (how it stands, step) -> how it stands then."""

from __future__ import annotations

from dataclasses import dataclass

from bot.desk.types import State, Step
from bot.errors import IllegalStep, TicketTaken

OPEN: tuple[State, ...] = ("new", "claimed", "waiting")

# From where a step is possible, and where it leads; None: the state stays as it is.
_ALL: tuple[State, ...] = (*OPEN, "resolved", "closed")
_RULES: dict[Step, tuple[tuple[State, ...], State | None]] = {
    "claimed": (("new",), "claimed"),
    "released": (("claimed", "waiting"), "new"),
    "asked_back": (("claimed", "waiting"), "waiting"),
    "asker_replied": (OPEN, None),
    "coach_replied": (("claimed", "waiting", "resolved", "closed"), None),
    "noted": (_ALL, None),
    "resolved": (("claimed", "waiting"), "resolved"),
    "dismissed": (OPEN, "closed"),
    "reopened": (("resolved", "closed"), "claimed"),
    "helped": (_ALL, None),
}
# A coach who does this on an unclaimed ticket has claimed it by that.
_CLAIMING: tuple[Step, ...] = ("asked_back", "coach_replied", "resolved")
_WORDS: dict[State, str] = {
    "new": "has not been claimed yet", "claimed": "is claimed already", "waiting": "is waiting for the asker",
    "resolved": "is resolved already", "closed": "is closed already",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What the rules need to know of a ticket."""

    state: State
    owner: str | None


def advance(standing: Standing, step: Step, actor: str) -> Standing:
    """How the ticket stands after one step. Raises `IllegalStep`, or `TicketTaken` when another coach was first."""
    if step == "claimed" and standing.state in ("claimed", "waiting"):
        return _claimed_again(standing, actor)
    sources, target = _RULES.get(step, ((), None))
    if standing.state not in sources:
        raise IllegalStep(f"This ticket {_WORDS[standing.state]}.")
    if step == "claimed":
        return Standing("claimed", actor)
    if step == "released":
        return Standing("new", None)
    if step == "reopened":
        return Standing("claimed" if standing.owner else "new", standing.owner)
    if step == "asker_replied" and standing.state == "waiting":
        return Standing("claimed", standing.owner)
    return Standing(target or standing.state, standing.owner)


def steps_for(standing: Standing, step: Step) -> tuple[Step, ...]:
    """The steps that a coach takes by this one: on an unclaimed ticket some begin with claiming it."""
    return ("claimed", step) if standing.state == "new" and step in _CLAIMING else (step,)


def _claimed_again(standing: Standing, actor: str) -> Standing:
    if standing.owner == actor:
        return standing
    raise TicketTaken("Another coach has claimed this ticket.", owner=standing.owner or "")
