"""Where a ticket goes on when a place is gone: the asker's thread, or the channel of its card."""

from __future__ import annotations

from datetime import datetime

from bot.desk.office import Office
from bot.desk.types import Ticket


def thread_gone(office: Office, number: int, now: datetime, *, thread: str) -> bool:
    """See `Desk.thread_gone`."""

    def is_gone(asker_thread: str | None) -> bool:
        return asker_thread is not None and thread in ("", asker_thread)

    ticket = office.tickets.get(number)
    if not is_gone(ticket.asker_thread):
        return False
    channel = office.people.direct_channel(ticket.asker)
    with office.store.transaction():
        before = office.tickets.get(number)
        if not is_gone(before.asker_thread):
            return False
        ticket = office.tickets.move_asker(number, channel)
        office.notify("thread_opener", channel, now, ticket=ticket)
        office.outbox.redirect(before, channel, now)
    return True


def card_gone(office: Office, number: int, now: datetime, *, channel: str, ts: str) -> bool:
    """See `Desk.card_gone`."""
    homes = (office.policy.coach_channel, office.policy.admin_channel)
    home = channel if ts else next((one for one in homes if one and one != channel), "")
    with office.store.transaction():
        before = office.tickets.get(number)
        if before.card_channel != channel or not home or (ts and before.card_ts != ts):
            return False
        if not ts and channel == office.policy.admin_channel and office.policy.channel_of(before.area) != channel:
            return False  # it came here because its own channel is closed, where it would be refused again and again
        office.outbox.drop_cards(before, gone=True)
        ticket = office.tickets.move_card(before, home)
        office.notify("card", home, now, ticket=ticket)
        office.outbox.redirect_card(before, home, now, gone=True)
    return True


def cards_away(office: Office) -> frozenset[str]:
    """See `Desk.cards_away`."""
    admins = office.policy.admin_channel
    away = [one for one in office.tickets.open() if admins and one.card_channel == admins]
    return frozenset({office.policy.channel_of(one.area) for one in away} - {admins, ""})


def cards_home(office: Office, channel: str, now: datetime) -> int:
    """See `Desk.cards_home`."""
    moved = 0
    for ticket in office.tickets.open():
        with office.store.transaction():
            moved += _card_home(office, office.tickets.get(ticket.number), channel, now)
    return moved


def _card_home(office: Office, before: Ticket, channel: str, now: datetime) -> bool:
    """Whether this one was elsewhere. One that is at home without ever having been posted is posted."""
    policy = office.policy
    if policy.channel_of(before.area) != channel:
        return False
    if before.card_channel == channel:
        if before.card_ts is None:
            office.redraw_card(before, now)
        return False
    if before.card_channel not in (policy.coach_channel, policy.admin_channel):
        return False
    office.outbox.drop_cards(before)
    ticket = office.tickets.bring_card_back(before, channel)
    office.redraw_card(ticket, now)
    office.outbox.redirect_card(before, channel, now)
    if before.card_ts is not None:
        office.notify("card_left", before.card_channel, now, ticket=ticket, ts=before.card_ts)
    return True
