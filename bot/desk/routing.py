"""Where a written message belongs: a ticket's thread, the answering, or nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.desk import asking, relaying
from bot.desk.lifecycle import OPEN
from bot.desk.office import Office
from bot.desk.once import gone
from bot.desk.thanks import is_thanks
from bot.desk.types import Asked, Message, Ticket

YOU_ARE_WELCOME = "You are welcome. Ask me whenever you are stuck."


class ThreadOpening(Exception):
    """This thread may be that of a ticket whose first message is just being sent: come back in a moment."""


@dataclass(frozen=True, slots=True)
class Place:
    """What a message is to the desk."""

    thread: Literal["card", "asker", "none"] = "none"
    ticket: int = 0
    """The ticket of the thread."""
    asks: bool = False
    """The bot is to answer."""
    overheard: bool = False
    """Among people in a thread, and perhaps not meant for the bot: it answers if it knows, or else says nothing."""
    thanks: bool = False
    """A thank-you to the bot outside any ticket."""


def receive(office: Office, message: Message, now: datetime) -> None:
    """See `Desk.receive`. Raises `ThreadOpening` where it is too early to tell."""
    key, deletion = f"{message.team}:{message.channel}:{message.ts}", gone(message.channel, message.ts)
    if office.once.known(key) or office.once.known(deletion):
        return
    place = place_of(office, message)
    if place == Place():
        return
    is_coach = place.thread != "none" and office.people.is_coach(message.user)
    prepared = asking.prepare(office, _question(message, key)) if place.asks else None
    if prepared is not None and place.overheard and prepared.answer.verdict != "answer":
        return
    with office.store.transaction():
        if office.once.known(deletion) or not office.once.first(key, now):
            return
        ticket = office.tickets.get(place.ticket) if place.ticket else None
        if ticket is not None and place.thread == "card":
            relaying.in_card_thread(office, ticket, message, now, is_coach=is_coach)
        elif ticket is not None:
            relaying.in_asker_thread(office, ticket, message, now, is_coach=is_coach)
        if place.thanks:
            office.notify("whisper", message.channel, now, thread=message.thread_ts or "", user=message.user,
                          text=YOU_ARE_WELCOME)
        if prepared is not None:
            asking.conclude(office, prepared, now, ticket)


def place_of(office: Office, message: Message) -> Place:
    """Decide from the thread, then from how the bot was addressed."""
    empty = not message.text.strip() and not message.files
    if message.thread_ts is not None:
        ticket = office.tickets.by_card(message.channel, message.thread_ts)
        if ticket is not None:
            return Place("card", ticket.number, message.mentioned) if not empty or message.mentioned else Place()
        ticket = office.tickets.in_thread(message.channel, message.thread_ts, message.user)
        if ticket is not None and _concerns(ticket, message):
            return _in_ticket(ticket, message, empty)
        if ticket is None and office.outbox.opening_thread(message.channel):
            raise ThreadOpening
    return _addressed(office, message, empty)


def _concerns(ticket: Ticket, message: Message) -> bool:
    """An open ticket's thread is all the ticket's; later only its asker's word goes to it."""
    return ticket.state in OPEN or message.user == ticket.asker


def _in_ticket(ticket: Ticket, message: Message, empty: bool) -> Place:
    if empty:
        return Place(asks=message.mentioned)
    if ticket.state not in OPEN and _only_thanks(message):
        return Place()
    return Place("asker", ticket.number, message.mentioned)


def _addressed(office: Office, message: Message, empty: bool) -> Place:
    spoken_to = message.direct or message.mentioned
    if _only_thanks(message):
        # In a thread a thank-you needs no reply; elsewhere silence would look like a fault.
        return Place(thanks=spoken_to and message.thread_ts is None)
    if spoken_to:
        return Place(asks=True)
    if message.thread_ts is None or empty:
        return Place()
    last = office.answers.last_verdict(message.user, message.channel, message.thread_ts)
    # Whom the bot asked what they mean, they tell the bot.
    return Place(asks=last is not None, overheard=last not in (None, "clarify"))


def _only_thanks(message: Message) -> bool:
    return not message.files and is_thanks(message.text)


def _question(message: Message, key: str) -> Asked:
    return Asked(key=key, user=message.user, text=message.text, via="mention" if message.mentioned else "message",
                 channel=message.channel, thread_ts=message.thread_ts or message.ts, files=message.files,
                 source_ts=message.ts)
