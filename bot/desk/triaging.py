"""What coaches do to sort tickets: pass on, take over, prioritise, move, park, snooze, mark as the same, tag."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.desk.coaching import by_coach, shown
from bot.desk.lifecycle import OPEN
from bot.desk.office import Office
from bot.desk.types import Priority, Step, Ticket
from bot.errors import IllegalStep, NotAllowed, UnknownTicket
from bot.settings.durations import business_time

MOST_TAGS, LONGEST_TAG = 10, 30
LONGEST_WITHOUT_A_LOOK = business_time("2d")
"""After this, whoever waits for a third party is reminded of it, if they named no other time."""


def take_over(office: Office, number: int, coach: str, now: datetime, *, note: str, key: str) -> Ticket:
    """See `Desk.take_over`."""

    def act(ticket: Ticket) -> Ticket:
        if ticket.owner == coach:
            return ticket
        step: Step = "claimed" if ticket.state == "new" else "taken_over"
        ticket = office.tickets.step(ticket, step, coach, now)
        office.tell_asker("claimed", ticket, now, author=coach)
        return shown(office, ticket, "took this over" + (f": {note}" if note else "."), coach, now)

    return by_coach(office, number, coach, now, key, act)


def pass_on(office: Office, number: int, coach: str, to: str, now: datetime, *, note: str, key: str) -> Ticket:
    """See `Desk.pass_on`."""
    if not office.people.is_coach(to):
        raise NotAllowed("Tickets can be passed on to coaches only.")
    if to == coach:
        return take_over(office, number, coach, now, note=note, key=key)

    def act(ticket: Ticket) -> Ticket:
        if ticket.owner == to:
            raise IllegalStep("This coach has the ticket already.")
        ticket = office.tickets.step(ticket, "passed_on", coach, now, to, whom=to)
        office.tell_asker("passed_to", ticket, now, author=coach)
        office.redraw_card(ticket, now)
        office.tell_coaches("noted_in_thread", ticket, now, author=coach, whom=to, text="passed this on to you" +
                            (f": {note}" if note else "."))
        return ticket

    return by_coach(office, number, coach, now, key, act)


def prioritise(office: Office, number: int, coach: str, priority: Priority, now: datetime, *, key: str) -> Ticket:
    """See `Desk.prioritise`."""

    def act(ticket: Ticket) -> Ticket:
        if ticket.priority == priority:
            return ticket
        ticket = office.tickets.step(ticket, "prioritised", coach, now, priority, priority=priority)
        return shown(office, ticket, f"made this {priority}.", coach, now)

    return by_coach(office, number, coach, now, key, act)


def move(office: Office, number: int, coach: str, area: str, now: datetime, *, key: str) -> Ticket:
    """See `Desk.move`."""
    if area and all(one.name != area for one in office.policy.areas):
        raise IllegalStep(f"There is no area {area!r}.")
    next_coach = office.roster.pick(office.people.coaches(area), office.tickets.get(number).asker, now,
                                    but=frozenset({coach}))

    def act(before: Ticket) -> Ticket:
        if before.area == area:
            return before
        ticket = office.tickets.step(before, "moved", coach, now, area, area=area, assigned=None)
        if next_coach is not None:
            ticket = office.tickets.step(ticket, "assigned", "", now, next_coach, assigned=next_coach)
        if before.owner:
            office.tell_asker("released", ticket, now, author=coach)
        return _in_channel(office, ticket, office.policy.channel_of(area), coach, now)

    return by_coach(office, number, coach, now, key, act)


def park(office: Office, number: int, coach: str, waits_for: str, until: datetime | None, now: datetime, *,
         key: str) -> Ticket:
    """See `Desk.park`."""

    def act(ticket: Ticket) -> Ticket:
        reminded = until or office.policy.calendars.of_area(ticket.area).after(now, LONGEST_WITHOUT_A_LOOK)
        ticket = office.tickets.step_by_coach(ticket, "parked", coach, now, waits_for, snoozed_until=reminded)
        office.tell_asker("parked", ticket, now, text=waits_for, author=coach)
        return shown(office, ticket, f"waits for a third party: {waits_for}", coach, now)

    return by_coach(office, number, coach, now, key, act)


def resume(office: Office, number: int, coach: str, now: datetime, *, key: str) -> Ticket:
    """See `Desk.resume`."""

    def act(ticket: Ticket) -> Ticket:
        if ticket.state != "parked" and ticket.snoozed_until is not None:
            ticket = office.tickets.step(ticket, "woken", coach, now)
            office.redraw_card(ticket, now)
            return ticket
        ticket = office.tickets.step(ticket, "resumed", coach, now)
        office.tell_asker("resumed", ticket, now, author=coach)
        return shown(office, ticket, "goes on with this.", coach, now)

    return by_coach(office, number, coach, now, key, act)


def snooze(office: Office, number: int, coach: str, until: datetime, now: datetime, *, key: str) -> Ticket:
    """See `Desk.snooze`."""
    if until <= now:
        raise IllegalStep("Please choose a time to come.")

    def act(ticket: Ticket) -> Ticket:
        ticket = office.tickets.step(ticket, "snoozed", coach, now, until.isoformat(), snoozed_until=until)
        office.redraw_card(ticket, now)
        return ticket

    return by_coach(office, number, coach, now, key, act)


def duplicate(office: Office, number: int, coach: str, of: int, now: datetime, *, key: str) -> Ticket:
    """See `Desk.duplicate`."""
    return _end_in(office, number, coach, of, now, key, merged=False)


def merge(office: Office, number: int, coach: str, into: int, now: datetime, *, key: str) -> Ticket:
    """See `Desk.merge`."""
    return _end_in(office, number, coach, into, now, key, merged=True)


def tag(office: Office, number: int, coach: str, tags: Sequence[str], now: datetime, *, key: str) -> Ticket:
    """See `Desk.tag`."""
    named = sorted({" ".join(one.split()).casefold() for one in tags} - {""})
    if len(named) > MOST_TAGS or any(len(one) > LONGEST_TAG for one in named):
        raise IllegalStep(f"At most {MOST_TAGS} tags, each of at most {LONGEST_TAG} characters.")

    def act(ticket: Ticket) -> Ticket:
        ticket = office.tickets.step(ticket, "tagged", coach, now, ", ".join(named))
        office.tickets.tag(number, named)
        office.redraw_card(ticket, now)
        return ticket

    return by_coach(office, number, coach, now, key, act)


def relate(office: Office, number: int, coach: str, other: int, now: datetime, *, key: str) -> Ticket:
    """See `Desk.relate`."""

    def act(ticket: Ticket) -> Ticket:
        if other == number:
            raise IllegalStep("That is this very ticket.")
        related = office.tickets.get(other)
        ticket = office.tickets.step(ticket, "related", coach, now, related.name)
        office.tickets.relate(number, other)
        office.redraw_card(ticket, now)
        office.redraw_card(related, now)
        return ticket

    return by_coach(office, number, coach, now, key, act)


def _end_in(office: Office, number: int, coach: str, of: int, now: datetime, key: str, *, merged: bool) -> Ticket:

    def act(ticket: Ticket) -> Ticket:
        other = _other_end(office, ticket, of, merged=merged)
        ticket = office.tickets.step(ticket, "merged", coach, now, other.name, duplicate_of=other.number,
                                     reason="merged" if merged else "duplicate")
        for earlier in office.tickets.duplicates_of(number):
            office.tickets.point_to(earlier.number, other.number)
        office.tell_asker("duplicate", ticket, now, of=other.number, merged=merged)
        office.tell_coaches("noted_in_thread", other, now, author=coach,
                            text=f"{'merged' if merged else 'closed'} {ticket.name} as the same: {ticket.question}")
        office.redraw_card(other, now)
        return shown(office, ticket, f"closed this: it is the same as {other.name}.", coach, now)

    return by_coach(office, number, coach, now, key, act)


def _other_end(office: Office, ticket: Ticket, of: int, *, merged: bool) -> Ticket:
    """The ticket in which this one goes on. Raises IllegalStep where it cannot."""
    if of == ticket.number:
        raise IllegalStep("That is this very ticket.")
    try:
        other = office.tickets.get(of)
    except UnknownTicket as error:
        raise IllegalStep(error.sentence) from error
    if other.state not in OPEN:
        raise IllegalStep(f"{other.name} is {other.state} already: its resolution would reach nobody.",
                          hint="Resolve this one with the same words instead.")
    if merged and other.asker != ticket.asker:
        raise IllegalStep(f"{other.name} was asked by somebody else.", hint="Mark this one as a duplicate instead.")
    return other


def _in_channel(office: Office, before: Ticket, channel: str, coach: str, now: datetime) -> Ticket:
    """The card stands where the coaches of its area look."""
    if before.card_channel == channel:
        return shown(office, before, f"moved this to {before.area or 'the whole desk'}.", coach, now)
    office.outbox.drop_cards(before)
    ticket = office.tickets.move_card(before, channel)
    office.notify("card", channel, now, ticket=ticket)
    office.outbox.redirect_card(before, channel, now)
    if before.card_ts is not None:
        office.notify("card_left", before.card_channel, now, ticket=ticket, ts=before.card_ts, author=coach)
    return ticket
