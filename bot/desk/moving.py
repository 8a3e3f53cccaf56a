"""A ticket whose thread with the asker is gone goes on in their direct messages."""

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
