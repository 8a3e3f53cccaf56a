"""At the start of a coach's day: what is theirs, what is unclaimed, what is about to be missed, what waits."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.desk.escalation import is_near
from bot.desk.office import Office
from bot.desk.service_levels import Clocks, next_due
from bot.desk.timekeeping import clocks_of
from bot.desk.types import Ticket
from bot.errors import NotReachable

log = logging.getLogger(__name__)

_START_OF_DAY = timedelta(hours=4)
"""A digest that could not go out sooner than this after the day began is left out: the day is half over."""


@dataclass(frozen=True, slots=True)
class Digest:
    """Tickets by what a coach does about them; one may be in several."""

    mine: tuple[Ticket, ...]
    unclaimed: tuple[Ticket, ...]
    pressing: tuple[Ticket, ...]
    """Theirs or nobody's, and due before their day is over, or late."""
    near: tuple[Ticket, ...]
    """Theirs or nobody's, and so near to a target that its owner is reminded of it, or late. Unlike what is pressing
    this says something at any hour: in the evening everything new is due before the next day is over."""
    waiting: tuple[Ticket, ...]
    """Theirs, for the asker or for a third party."""

    @property
    def empty(self) -> bool:
        return not (self.mine or self.unclaimed)


def send_digests(office: Office, now: datetime) -> None:
    """See `Desk.send_digests`."""
    areas = ("", *(area.name for area in office.policy.areas))
    for coach in dict.fromkeys(coach for area in areas for coach in office.people.coaches(area)):
        key = _key(office, coach, now)
        if key and not office.once.known(key):
            _send(office, coach, key, now)


def digest_of(office: Office, coach: str, now: datetime) -> Digest:
    """See `Desk.digest`."""
    tickets = office.tickets.open()
    ours = {area for area in ("", *(area.name for area in office.policy.areas)) if coach in office.people.coaches(area)}
    mine = tuple(ticket for ticket in tickets if ticket.owner == coach)
    unclaimed = tuple(ticket for ticket in tickets if ticket.state == "new" and ticket.area in ours)
    evening = office.policy.calendars.of_person(coach).next_closing(now) or now + timedelta(days=1)
    clocks = [(ticket, clocks_of(office, ticket, now)) for ticket in (*mine, *unclaimed)]
    pressing = tuple(ticket for ticket, its in clocks if _due_by(its, evening))
    near = tuple(ticket for ticket, its in clocks if is_near(its))
    waiting = tuple(ticket for ticket in mine if ticket.state in ("waiting", "parked"))
    return Digest(mine, unclaimed, pressing, near, waiting)


def _due_by(clocks: Clocks, moment: datetime) -> bool:
    clock = next_due(clocks)
    return clock is not None and clock.due is not None and clock.due <= moment


def _key(office: Office, coach: str, now: datetime) -> str:
    """What is unique about this coach's day; empty when it is not beginning."""
    calendar = office.policy.calendars.of_person(coach)
    day = calendar.day(now.astimezone(calendar.zone).date())
    began = day.at(timedelta()) if day.length else None
    begins = began is not None and began <= now < began + _START_OF_DAY and office.roster.on_duty(coach, now)
    return f"digest:{coach}:{began:%Y-%m-%d}" if begins else ""


def _send(office: Office, coach: str, key: str, now: datetime) -> None:
    digest = digest_of(office, coach, now)
    try:
        channel = "" if digest.empty else office.people.direct_channel(coach)
    except NotReachable:
        log.warning("the settings name the coach %s, whom Slack does not know any more", coach)
        channel = ""
    with office.store.transaction():
        if office.once.first(key, now) and channel:
            office.notify("digest", channel, now, mine=_numbers(digest.mine), unclaimed=_numbers(digest.unclaimed),
                          pressing=_numbers(digest.pressing), waiting=_numbers(digest.waiting))


def _numbers(tickets: tuple[Ticket, ...]) -> list[int]:
    return [ticket.number for ticket in tickets]
