"""The desk's clock: looks at every open ticket, and tells whom it concerns what is due."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.desk.escalation import Due, Tier, due_for, may_be_due
from bot.desk.lifecycle import OPEN
from bot.desk.office import Office
from bot.desk.service_levels import ClockName, Clocks, service_levels
from bot.desk.tickets import NOWHERE
from bot.desk.types import HistoryEntry, Priority, Ticket
from bot.errors import NotReachable

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Missed:
    """A target that was missed just now."""

    ticket: int
    clock: ClockName
    priority: Priority


@dataclass(frozen=True, slots=True)
class _Told:
    """Whom to tell, looked up before the transaction."""

    due: Due
    people: tuple[str, ...]
    channels: tuple[str, ...]
    """Top-level messages in these, instead of one in the card's thread."""
    next_coach: str | None = None


def look(office: Office, now: datetime) -> list[Missed]:
    """See `Desk.look_at_the_clock`."""
    missed: list[Missed] = []
    for ticket in office.tickets.open():
        try:
            missed += _look_at(office, ticket, now)
        except Exception:  # whatever is wrong with one ticket, those behind it must not wait unseen
            log.exception("FW-%d could not be looked at; the next look tries again", ticket.number)
    for ticket in office.tickets.resolved_before(now - office.policy.close_after):
        _archive(office, ticket, now)
    return missed


def clocks_of(office: Office, ticket: Ticket, now: datetime) -> Clocks:
    """See `Desk.clocks`."""
    return service_levels(office.tickets.history(ticket.number), office.policy.targets,
                          office.policy.calendars.of_area, now, priority=ticket.priority, area=ticket.area)


def _due(office: Office, ticket: Ticket, now: datetime) -> list[Due]:
    if not may_be_due(ticket, office.policy.calendars.of_area(ticket.area), now):
        return []
    return due_for(ticket, office.tickets.history(ticket.number), clocks_of(office, ticket, now), now)


def _look_at(office: Office, ticket: Ticket, now: datetime) -> list[Missed]:
    told = [_looked_up(office, ticket, due, now) for due in _due(office, ticket, now)]
    told = [one for one in told if one.due.step != "assigned" or one.next_coach is not None]
    if not told:
        return []
    missed: list[Missed] = []
    with office.store.transaction():
        ticket = office.tickets.get(ticket.number)
        still = {due.about for due in _due(office, ticket, now)} if ticket.state in OPEN else set()
        for one in told:
            if one.due.about in still:
                ticket = _tell(office, ticket, one, now)
                missed += _newly_missed(ticket, one.due)
    return missed


def _newly_missed(ticket: Ticket, due: Due) -> Iterable[Missed]:
    if due.step == "escalated" and due.clock is not None and due.tier == "area":
        yield Missed(ticket.number, due.clock.name, ticket.priority)


def _looked_up(office: Office, ticket: Ticket, due: Due, now: datetime) -> _Told:
    if due.step == "assigned":
        return _Told(due, (), (), _next_coach(office, ticket, now))
    if due.tier == "lead":
        leads = office.people.leads(ticket.area)
        if leads:
            return _Told(due, leads, tuple(_reachable(office, leads)))
    if due.tier == "programme":
        return _Told(due, office.people.programme(), (office.policy.programme_channel or office.policy.coach_channel,))
    return _Told(due, _concerned(office, ticket, due.tier, now), ())


def _reachable(office: Office, people: Iterable[str]) -> Iterator[str]:
    """Their direct messages; who has left the company is passed over."""
    for user in people:
        try:
            yield office.people.direct_channel(user)
        except NotReachable:
            log.warning("the settings name the lead %s, whom Slack does not know any more", user)


def _concerned(office: Office, ticket: Ticket, tier: Tier | None, now: datetime) -> tuple[str, ...]:
    """The owner, or whoever was asked; at a missed target also every coach of the area who is on duty."""
    mine = tuple(filter(None, (ticket.owner or ticket.assigned,)))
    if tier is None and mine and office.roster.on_duty(mine[0], now):
        return mine
    there = tuple(coach for coach in office.people.coaches(ticket.area) if office.roster.on_duty(coach, now))
    if tier is not None and ticket.owner is not None and office.roster.on_duty(ticket.owner, now):
        return mine
    return tuple(dict.fromkeys((*mine, *there)))


def _next_coach(office: Office, ticket: Ticket, now: datetime) -> str | None:
    asked = _asked_since_it_was_free(office.tickets.history(ticket.number))
    return office.roster.pick(office.people.coaches(ticket.area), ticket.asker, now, but=frozenset(asked))


def _asked_since_it_was_free(history: Iterable[HistoryEntry]) -> set[str]:
    """Given back or moved, a ticket may be offered to everybody once more."""
    asked: set[str] = set()
    for entry in history:
        if entry.step in ("released", "moved"):
            asked = {entry.actor}
        elif entry.step == "assigned":
            asked.add(entry.text)
    return asked


def _tell(office: Office, ticket: Ticket, told: _Told, now: datetime) -> Ticket:
    due = told.due
    if due.step == "assigned":
        assert told.next_coach is not None
        return _ask_next(office, ticket, told.next_coach, now)
    woken: dict[str, Any] = {"snoozed_until": None} if due.about == "until" else {}
    ticket = office.tickets.step(ticket, due.step, "", now, due.about, NOWHERE, **woken)
    content: dict[str, Any] = {
        "clock": due.clock.name if due.clock else "", "tier": due.tier or "", "whom": told.people,
        "due": due.clock.due.isoformat() if due.clock and due.clock.due else "",
    }
    for channel in told.channels:
        office.notify("escalation", channel, now, ticket=ticket, **content)
    if not told.channels:
        office.tell_coaches("reminder", ticket, now, **content)
    office.redraw_card(ticket, now)
    return ticket


def _ask_next(office: Office, ticket: Ticket, coach: str, now: datetime) -> Ticket:
    ticket = office.tickets.step(ticket, "assigned", "", now, coach, assigned=coach)
    office.redraw_card(ticket, now)
    office.tell_coaches("noted_in_thread", ticket, now, author="", whom=coach,
                        text="could you take this one? It has not been claimed yet.")
    return ticket


def _archive(office: Office, ticket: Ticket, now: datetime) -> None:
    with office.store.transaction():
        ticket = office.tickets.get(ticket.number)
        if ticket.state == "resolved":
            office.redraw_card(office.tickets.step(ticket, "archived", "", now), now)
