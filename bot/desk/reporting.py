"""A message is handed to the coaches by whoever came across it: its author, a colleague, a coach."""

from __future__ import annotations

from datetime import datetime

from bot.desk.asking import request, still_stuck
from bot.desk.lifecycle import OPEN
from bot.desk.office import Office
from bot.desk.types import Asked, Message, Ticket

THE_MESSAGE = "the message"
"""What the link to it is called among the things that were sent along."""


def report(office: Office, message: Message, reporter: str, now: datetime, *, link: str, respond_url: str,
           reachable: bool) -> None:
    """See `Desk.report`."""
    known = _already_with_coaches(office, message, reporter)
    if known is not None:
        _tell(office, message, reporter, _told_before(known), now, respond_url)
        return
    passes_on = office.people.is_coach(reporter) and reachable and not message.outsider
    asker = message.user if passes_on else reporter
    if not _stuck_after_an_answer(office, message, asker, reporter, now):
        request(office, _asked(message, reporter, asker, link, respond_url), now)
    ticket = _opened(office, message)
    if ticket is not None and asker != reporter:
        _tell(office, message, reporter, f"{ticket.name} is open now for the person who wrote this. I have told them.",
              now, respond_url)


def _key(message: Message) -> str:
    return f"report:{message.team}:{message.channel}:{message.ts}"


def _opened(office: Office, message: Message) -> Ticket | None:
    return office.tickets.by_key(_key(message)) or office.tickets.by_source(message.channel, message.ts)


def _already_with_coaches(office: Office, message: Message, reporter: str) -> Ticket | None:
    """The ticket that this message has opened, or into whose threads it was written."""
    opened, thread = _opened(office, message), message.thread_ts or message.ts
    if opened is not None:
        return opened
    around = (office.tickets.in_thread(message.channel, thread, reporter)
              or office.tickets.by_card(message.channel, thread))
    return around if around is not None and around.state in OPEN else None


def _stuck_after_an_answer(office: Office, message: Message, asker: str, reporter: str, now: datetime) -> bool:
    """What the bot has answered goes on where it was answered, as by *Still stuck*. False: it has not."""
    stored = office.answers.to_message(message.channel, message.ts)
    if stored is None or stored.asker != asker:
        return False
    still_stuck(office, stored.id, asker, now, respond_url="", reporter=reporter if reporter != asker else "")
    return True


def _asked(message: Message, reporter: str, asker: str, link: str, respond_url: str) -> Asked:
    linked = {"id": "", "name": THE_MESSAGE, "url": link}
    return Asked(
        key=_key(message), user=asker, text=message.text, via="shortcut", channel=message.channel, thread_ts=None,
        files=(linked, *message.files) if link else message.files,
        respond_url=respond_url if asker == reporter else "", source_ts=message.ts, beside=message.thread_ts or "",
        reporter=reporter if asker != reporter else "", author=message.user if message.user != reporter else "")


def _told_before(ticket: Ticket) -> str:
    if ticket.state in OPEN:
        return f"This is with the coaches already: {ticket.name}."
    return f"This was {ticket.name}, which has ended. A reply in its thread opens it again."


def _tell(office: Office, message: Message, reporter: str, text: str, now: datetime, respond_url: str) -> None:
    office.notify("whisper", message.channel, now, thread=message.thread_ts or "", user=reporter,
                  respond_url=respond_url, text=text)
