"""What is to be said about a ticket because time has passed. Pure: (ticket, history, clocks, now) -> what is due.

Each clock warns its owner before a target is missed. Missed, it climbs: the area's coaches, their lead, the programme,
and there again and again until somebody claims. What was told stands in the history, so each is told once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.desk.calendars import Calendar
from bot.desk.service_levels import Clock, Clocks
from bot.desk.types import HistoryEntry, Step, Ticket
from bot.settings import BusinessTime

WARNED_AT = 0.75
"""The share of a target after which its owner is reminded."""
ASKED_ANEW_AT = 0.5
"""The share of the first response's target after which an unclaimed ticket goes to the next coach."""
_CLIMBS_AT = (0.0, 0.5, 1.0)
"""By which share of the target a clock must be late for each tier; then once more for each whole target."""

Tier = Literal["area", "lead", "programme"]
TIERS: tuple[Tier, ...] = ("area", "lead", "programme")


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that is due to be told."""

    step: Step
    """`reminded`, `escalated`, or `assigned`: the next coach is to be asked."""
    about: str
    """What stands in the history: `first_response`, `resolution 2`, `until`; the same about the same clock, once."""
    clock: Clock | None = None
    tier: Tier | None = None


def due_for(ticket: Ticket, history: Sequence[HistoryEntry], clocks: Clocks, now: datetime) -> list[Due]:
    """What is due for a ticket now that was not told before."""
    if ticket.snoozed_until is not None:
        return [Due("reminded", "until")] if ticket.snoozed_until <= now else []
    told = [one for clock in _running(clocks) for one in _of_clock(ticket, history, clock, now)]
    return told or _asked_anew(ticket, history, clocks, now)


def may_be_due(ticket: Ticket, calendar: Calendar, now: datetime) -> bool:
    """Cheap. Outside business hours nobody is told of a ticket unless it is urgent."""
    if ticket.snoozed_until is not None:
        return ticket.snoozed_until <= now
    return ticket.priority == "urgent" or calendar.is_open(now)


def is_near(clocks: Clocks) -> bool:
    """Whether a target is so near that the owner is reminded of it, or missed."""
    return any(clock.late or _warned(clock) for clock in _running(clocks))


def _warned(clock: Clock) -> bool:
    return length(clock.target, clock) * WARNED_AT <= clock.used


def _running(clocks: Clocks) -> list[Clock]:
    return [clock for clock in clocks.all if clock.due is not None]


def _of_clock(ticket: Ticket, history: Sequence[HistoryEntry], clock: Clock, now: datetime) -> list[Due]:
    """After a standstill each tier hears of it that had to by now; the programme not of each time that it missed."""
    said = {(entry.step, entry.text) for entry in history if entry.at >= clock.started_at}
    if clock.missed_at is None:
        return [Due("reminded", clock.name, clock)] if _warned(clock) and ("reminded", clock.name) not in said else []
    level = _level(clock, now, claimed=ticket.owner is not None)
    told = max((int(text.split()[1]) for step, text in said if step == "escalated" and text.split()[0] == clock.name),
               default=0)
    steps = [n for n in range(told + 1, level + 1) if n < len(TIERS) or n == level]
    return [Due("escalated", f"{clock.name} {n}", clock, TIERS[min(n, len(TIERS)) - 1]) for n in steps]


def _level(clock: Clock, now: datetime, *, claimed: bool) -> int:
    """How far a missed clock has climbed: 1 is the area, 3 and above the programme. A claimed ticket stays below it."""
    assert clock.missed_at is not None
    late = clock.calendar.worked(clock.missed_at, now) / max(length(clock.target, clock), timedelta(minutes=1))
    level = sum(late >= share for share in _CLIMBS_AT)
    if late >= _CLIMBS_AT[-1]:
        level += int(late - _CLIMBS_AT[-1])
    return min(level, 2) if claimed else level


def length(target: BusinessTime, clock: Clock) -> timedelta:
    """A target in business hours, its days as long as the one on which the clock began."""
    start = clock.calendar.next_opening(clock.started_at)
    return clock.calendar.worked(start, clock.calendar.after(start, target))


def _asked_anew(ticket: Ticket, history: Sequence[HistoryEntry], clocks: Clocks, now: datetime) -> list[Due]:
    """Whoever was asked has not claimed it, or nobody was on duty. Once a target is missed all are told anyhow."""
    clock = clocks.first_response
    if ticket.state != "new" or any(one.missed_at for one in _running(clocks)):
        return []
    asked_at = [entry.at for entry in history if entry.step == "assigned"]
    if ticket.assigned is None or not asked_at:
        return [Due("assigned", "", clock)]
    waited = clock.calendar.worked(max(asked_at), now)
    return [Due("assigned", "", clock)] if waited >= length(clock.target, clock) * ASKED_ANEW_AT else []
