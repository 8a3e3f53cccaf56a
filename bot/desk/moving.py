"""Where a ticket goes on when a place is gone: the asker's thread, or the channel of its card."""

from __future__ import annotations

from datetime import datetime

from bot.desk.office import Office


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
        office.outbox.drop_cards(before, gone=True)
        ticket = office.tickets.move_card(before, home)
        office.notify("card", home, now, ticket=ticket)
        office.outbox.redirect_card(before, home, now, gone=True)
    return True
