"""What coaches do to a ticket by button: claim, release, ask back, resolve, dismiss."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.desk import proposing
from bot.desk.lifecycle import HasEnded, ended_by
from bot.desk.office import Office
from bot.desk.types import Reason, Ticket
from bot.errors import NotAllowed


def claim(office: Office, number: int, coach: str, now: datetime, *, key: str) -> Ticket:
    """See `Desk.claim`."""

    def act(ticket: Ticket) -> Ticket:
        if ticket.owner == coach and ticket.state in ("claimed", "waiting"):
            return ticket
        ticket = office.tickets.step(ticket, "claimed", coach, now)
        office.tell_asker("claimed", ticket, now, author=coach)
        office.redraw_card(ticket, now)
        return ticket

    return by_coach(office, number, coach, now, key, act)


def release(office: Office, number: int, coach: str, now: datetime, *, note: str, key: str) -> Ticket:
    """See `Desk.release`."""
    before = office.tickets.get(number)
    next_coach = office.roster.pick(office.people.coaches(before.area), before.asker, now, but=frozenset({coach}))

    def act(ticket: Ticket) -> Ticket:
        ticket = office.tickets.step(ticket, "released", coach, now)
        if next_coach is not None:
            ticket = office.tickets.step(ticket, "assigned", "", now, next_coach, assigned=next_coach)
        office.tell_asker("released", ticket, now, author=coach)
        office.redraw_card(ticket, now)
        office.tell_coaches("noted_in_thread", ticket, now, author=coach, whom=next_coach or "",
                            text="put this back for all coaches" + (f": {note}" if note else "."))
        return ticket

    return by_coach(office, number, coach, now, key, act)


def ask_back(office: Office, number: int, coach: str, text: str, now: datetime, *, key: str) -> Ticket:
    """See `Desk.ask_back`."""

    def act(ticket: Ticket) -> Ticket:
        ticket = office.tickets.step_by_coach(ticket, "asked_back", coach, now, text)
        office.tell_asker("asked_back", ticket, now, text=text, author=coach)
        return shown(office, ticket, f"asked back: {text}", coach, now)

    return by_coach(office, number, coach, now, key, act)


def reply(office: Office, number: int, coach: str, text: str, now: datetime, *, key: str) -> Ticket:
    """See `Desk.reply`."""

    def act(ticket: Ticket) -> Ticket:
        ticket = office.tickets.step_by_coach(ticket, "coach_replied", coach, now, text)
        office.tell_asker("replied", ticket, now, text=text, author=coach)
        return shown(office, ticket, f"replied: {text}", coach, now)

    return by_coach(office, number, coach, now, key, act)


def resolve(office: Office, number: int, coach: str, resolution: str, teach: bool, now: datetime, *,
            key: str, reason: Reason = "answered") -> Ticket:
    """See `Desk.resolve`."""
    prepared = proposing.prepare(office, number, coach, now) if teach else None

    def act(ticket: Ticket) -> Ticket:
        ticket = office.tickets.step_by_coach(ticket, "resolved", coach, now, resolution, resolution=resolution,
                                              reason=reason)
        for asked in (ticket, *office.tickets.duplicates_of(number)):
            if asked.reason != "merged":  # that one's asker hears of it in this ticket's thread
                office.tell_asker("resolved", asked, now, text=resolution, author=coach)
        if prepared is not None:
            proposing.propose(office, ticket, resolution, coach, prepared, now)
        else:
            proposing.redraw_draft(office, number, now)
        return shown(office, ticket, f"resolved this: {resolution}", coach, now)

    return by_coach(office, number, coach, now, key, act)


def dismiss(office: Office, number: int, coach: str, now: datetime, *, key: str,
            reason: Reason = "settled") -> Ticket:
    """See `Desk.dismiss`."""

    def act(ticket: Ticket) -> Ticket:
        ticket = office.tickets.step(ticket, "dismissed", coach, now, reason=reason)
        for asked in (ticket, *office.tickets.duplicates_of(number)):
            if asked.reason != "merged":
                office.tell_asker("dismissed", asked, now, author=coach)
        return shown(office, ticket, "closed this without a resolution. *Open again* in its menu takes that back.",
                     coach, now)

    return by_coach(office, number, coach, now, key, act)


def by_coach(office: Office, number: int, coach: str, now: datetime, key: str,
             act: Callable[[Ticket], Ticket]) -> Ticket:
    """One step of a coach, in a transaction of its own; a known key changes nothing."""
    if not office.people.is_coach(coach):
        raise NotAllowed("Only coaches can do this.")
    with office.store.transaction():
        ticket = office.tickets.get(number)
        if key and not office.once.first(key, now):
            return ticket
        try:
            return act(ticket)
        except HasEnded as ended:
            raise HasEnded(ended.message, by=ended_by(office.tickets.history(number)), hint=ended.hint) from ended


def shown(office: Office, ticket: Ticket, done: str, coach: str, now: datetime) -> Ticket:
    """The card as it is now, and a line in its thread for the coaches who follow it there."""
    office.redraw_card(ticket, now)
    office.tell_coaches("noted_in_thread", ticket, now, text=done, author=coach)
    return ticket
