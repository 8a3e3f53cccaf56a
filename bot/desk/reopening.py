"""A ticket that has ended goes on, because a coach says so."""

from __future__ import annotations

from datetime import datetime

from bot.desk import reviewing
from bot.desk.coaching import by_coach, shown
from bot.desk.marks import NO_LONGER_KEPT
from bot.desk.office import Office
from bot.desk.types import Ticket
from bot.errors import IllegalStep


def reopen(office: Office, number: int, coach: str, now: datetime, *, key: str) -> Ticket:
    """See `Desk.reopen`."""

    def act(ticket: Ticket) -> Ticket:
        if ticket.question == NO_LONGER_KEPT:
            raise IllegalStep("What was asked is no longer kept, so there is nothing to go on with.")
        ticket = office.tickets.step(ticket, "reopened", coach, now)
        office.tell_asker("open_again", ticket, now, author=coach)
        reviewing.reopened(office, number, now, by=coach)
        return shown(office, ticket, "opened this again.", coach, now)

    return by_coach(office, number, coach, now, key, act)
