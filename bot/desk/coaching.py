"""What coaches do to a ticket by button: claim, release, ask back, resolve, dismiss."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from bot.desk.office import Office
from bot.desk.tickets import DELETED
from bot.desk.types import Ticket
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

    return _by_coach(office, number, coach, now, key, act)


def release(office: Office, number: int, coach: str, now: datetime, *, key: str) -> Ticket:
    """See `Desk.release`."""

    def act(ticket: Ticket) -> Ticket:
        ticket = office.tickets.step(ticket, "released", coach, now)
        office.tell_asker("released", ticket, now, author=coach)
        return _shown(office, ticket, "put this back for all coaches.", coach, now)

    return _by_coach(office, number, coach, now, key, act)


def ask_back(office: Office, number: int, coach: str, text: str, now: datetime, *, key: str) -> Ticket:
    """See `Desk.ask_back`."""

    def act(ticket: Ticket) -> Ticket:
        ticket = office.tickets.step_by_coach(ticket, "asked_back", coach, now, text)
        office.tell_asker("asked_back", ticket, now, text=text, author=coach)
        return _shown(office, ticket, f"asked back: {text}", coach, now)

    return _by_coach(office, number, coach, now, key, act)


def resolve(office: Office, number: int, coach: str, resolution: str, teach: bool, now: datetime, *,
            key: str) -> Ticket:
    """See `Desk.resolve`."""

    def act(ticket: Ticket) -> Ticket:
        office.tickets.step_by_coach(ticket, "resolved", coach, now, resolution)
        ticket = office.tickets.set_resolution(number, resolution)
        office.tell_asker("resolved", ticket, now, text=resolution, author=coach)
        if teach:
            _teach(office, ticket, resolution, coach, now)
        return _shown(office, ticket, f"resolved this: {resolution}", coach, now)

    return _by_coach(office, number, coach, now, key, act)


def dismiss(office: Office, number: int, coach: str, now: datetime, *, key: str) -> Ticket:
    """See `Desk.dismiss`."""

    def act(ticket: Ticket) -> Ticket:
        ticket = office.tickets.step(ticket, "dismissed", coach, now)
        office.tell_asker("dismissed", ticket, now, author=coach)
        return _shown(office, ticket, "closed this without a resolution.", coach, now)

    return _by_coach(office, number, coach, now, key, act)


def _by_coach(office: Office, number: int, coach: str, now: datetime, key: str,
              act: Callable[[Ticket], Ticket]) -> Ticket:
    if not office.people.is_coach(coach):
        raise NotAllowed("Only coaches can do this.")
    with office.store.transaction():
        ticket = office.tickets.get(number)
        if key and not office.once.first(key, now):
            return ticket
        return act(ticket)


def _shown(office: Office, ticket: Ticket, done: str, coach: str, now: datetime) -> Ticket:
    """The card as it is now, and a line in its thread for the coaches who follow it there."""
    office.redraw_card(ticket, now)
    office.tell_coaches("noted_in_thread", ticket, now, text=done, author=coach)
    return ticket


def _teach(office: Office, ticket: Ticket, resolution: str, coach: str, now: datetime) -> None:
    if ticket.question == DELETED:
        return  # its author took the question back: there is nothing left that others could ask
    office.lessons.keep(ticket, resolution, coach, now)
    if office.teaching is not None:
        office.store.after_commit(partial(office.teaching.write_missing, now))
