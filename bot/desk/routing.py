"""Where a written message belongs: a ticket's thread, the answering, or nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.answering.small_talk import Talk, talk_of
from bot.desk import asking, relaying
from bot.desk.lifecycle import OPEN
from bot.desk.office import Office
from bot.desk.once import gone
from bot.desk.types import Asked, Message, Ticket

_CLOSING: tuple[Talk, ...] = ("thanks", "farewell", "settled")
"""With these a conversation ends; they open nothing anew."""


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
            if message.user == ticket.asker and _talk(message) == "settled":
                office.tell_coaches("not_needed", ticket, now, author=message.user)
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
    if ticket.state not in OPEN and _talk(message) in _CLOSING:
        return Place()
    return Place("asker", ticket.number, message.mentioned)


def _addressed(office: Office, message: Message, empty: bool) -> Place:
    if message.direct or message.mentioned:
        return Place(asks=True)
    talk = _talk(message)
    if message.thread_ts is None or empty:
        return Place()
    last = office.answers.last_verdict(message.user, message.channel, message.thread_ts)
    if talk is not None:
        return Place(asks=last == "clarify" and talk in ("settled", "help"))
    # Whom the bot asked what they mean, they tell the bot.
    return Place(asks=last is not None, overheard=last not in (None, "clarify"))


def _talk(message: Message) -> Talk | None:
    return None if message.files else talk_of(message.text)


def _question(message: Message, key: str) -> Asked:
    return Asked(key=key, user=message.user, text=message.text, via="mention" if message.mentioned else "message",
                 channel=message.channel, thread_ts=message.thread_ts or message.ts, files=message.files,
                 source_ts=message.ts)
