"""Where a written message belongs: a ticket's thread, the answering, or nowhere."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from bot.answering.looks_like_question import is_put_to_another, looks_like_question
from bot.answering.small_talk import Talk, is_content, talk_of
from bot.desk import asking, choosing, company, relaying
from bot.desk.lifecycle import OPEN
from bot.desk.office import Office
from bot.desk.once import gone
from bot.desk.types import Asked, Message, Ticket

_CLOSING: tuple[Talk, ...] = ("thanks", "farewell", "settled")
"""With these a conversation ends; they open nothing anew."""
OFF = "I don't answer in this channel. Ask me in our direct messages: there only you see it."
ELSEWHERE = "The coaches have this. What they write about {ticket} comes to our direct messages: please go on there."
OUTSIDER = "I only help people of the organisation that runs me. Somebody of theirs can ask me for you."


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
    reopens: bool = True
    """Of a ticket that has ended: the asker's word opens it again."""
    overheard: bool = False
    """Among people, and perhaps not meant for the bot: it answers if it knows, or else says nothing."""
    elsewhere: bool = False
    """The ticket's thread is in another place; the asker writes where they once asked."""
    turned_away: str = ""
    """They are told this, and nothing else happens."""


def receive(office: Office, message: Message, now: datetime) -> None:
    """See `Desk.receive`. Raises `ThreadOpening` where it is too early to tell."""
    key = _key(message)
    if office.once.known(key) or office.once.known(gone(message.channel, message.ts)):
        return
    message = _as_edited(office, message)
    company.note(office, message, now)
    place = place_of(office, message)
    if place.asks or place.thread != "none":
        _deal_with(office, message, place, key, now)
    elif place.turned_away:
        _turn_away(office, message, place.turned_away, key, now)
    elif office.people.is_coach(message.user):
        company.note_coach(office, message, now)


def put_to_the_bot(office: Office, message: Message, now: datetime) -> None:
    """An edit has made this message a question to the bot: it is taken as one, once. Raises `ThreadOpening`."""
    key = _key(message)
    if not office.once.known(key):
        if office.tickets.by_source(message.channel, message.ts) is None:
            receive(office, message, now)
        return
    last = office.answers.last_to(message.user, message.channel, message.thread_ts or message.ts)
    if last is None or last.source_ts != message.ts or last.answer.verdict != "clarify" or last.answer.choices:
        return
    place = place_of(office, message)
    if place.asks and message.text.strip() and not office.once.known(f"{key}:edited"):
        _deal_with(office, message, place, f"{key}:edited", now)


def _key(message: Message) -> str:
    return f"{message.team}:{message.channel}:{message.ts}"


def _deal_with(office: Office, message: Message, place: Place, key: str, now: datetime) -> None:
    is_coach = place.thread != "none" and office.people.is_coach(message.user)
    pick = _pick(office, message, place) if place.asks else None
    asked = _question(office, message, place, key)
    prepared = asking.prepare(office, asked, now) if place.asks and pick is None else None
    if prepared is not None and place.overheard and prepared.answer.verdict != "answer":
        return
    if pick is not None and pick.choice is None:
        # A ticket looks up who is to help, which no transaction may wait for. It is opened once, whatever comes next.
        choosing.conclude(office, pick, message.user, now)
    with office.store.transaction():
        if office.once.known(gone(message.channel, message.ts)) or not office.once.first(key, now):
            return
        ticket = office.tickets.get(place.ticket) if place.ticket else None
        if ticket is not None:
            _relay(office, ticket, place, message, now, is_coach=is_coach)
        if pick is not None and pick.choice is not None:
            choosing.conclude(office, pick, message.user, now)
        elif prepared is not None:
            asking.conclude(office, prepared, now, ticket)
        if is_coach and place.thread == "asker":
            company.note_coach(office, message, now)
        _catch_up(office, message, now)


def _pick(office: Office, message: Message, place: Place) -> choosing.Pick | None:
    """What this message says of what the bot offered or answered; in a ticket's thread, or among people, no complaint
    is taken for one about the bot."""
    pick = choosing.typed(office, message)
    among_people = bool(place.ticket) or place.overheard
    return pick if pick is not None or among_people else choosing.turned_down(office, message)


def is_asked(office: Office, message: Message) -> bool:
    """See `Desk.is_asked`."""
    known = (_key(message), gone(message.channel, message.ts))
    if any(map(office.once.known, known)):
        return False
    try:
        place = place_of(office, message)
    except ThreadOpening:
        return False
    return place.asks and not place.overheard


def turns_away(office: Office, message: Message) -> str:
    """See `Desk.turns_away`. Raises `ThreadOpening` where it is too early to tell."""
    return place_of(office, message).turned_away


def _as_edited(office: Office, message: Message) -> Message:
    """Its edit may have come first."""
    text = office.early_edits.text(message.channel, message.ts)
    return message if text is None else replace(message, text=text)


def _catch_up(office: Office, message: Message, now: datetime) -> None:
    """An edit that came while the message was being worked on found nothing to change yet."""
    text = office.early_edits.text(message.channel, message.ts)
    if text is not None and text != message.text:
        relaying.edited(office, message.channel, message.ts, text, now, early=False)
    office.early_edits.drop(message.channel, message.ts)


def _relay(office: Office, ticket: Ticket, place: Place, message: Message, now: datetime, *, is_coach: bool) -> None:
    """What is said in one of a ticket's two threads goes to the other."""
    if place.thread == "card":
        relaying.in_card_thread(office, ticket, message, now, is_coach=is_coach)
        return
    relaying.in_asker_thread(office, ticket, message, now, is_coach=is_coach, reopens=place.reopens)
    if place.elsewhere and office.once.first(f"pointed:{ticket.number}:{message.channel}:{message.thread_ts}", now):
        office.notify("whisper", message.channel, now, thread=message.thread_ts or "", user=message.user,
                      text=ELSEWHERE.format(ticket=ticket.name))
    if message.user == ticket.asker and _talk(message) == "settled":
        office.tell_coaches("not_needed", ticket, now, author=message.user)


def place_of(office: Office, message: Message) -> Place:
    """Decide from who it is, then from the thread, then from how the bot was addressed."""
    if office.policy.manners.ignores(message):
        return Place(turned_away=OUTSIDER if message.mentioned else "")
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
        if ticket is None and not empty and (moved := _moved_from(office, message)) is not None:
            return Place("asker", moved.number, elsewhere=True)
        place = _addressed(office, message, empty)
        return _beside_a_resolution(ticket, message, empty) if ticket is not None and place == Place() else place
    return _addressed(office, message, empty)


def _moved_from(office: Office, message: Message) -> Ticket | None:
    """The ticket that its asker writes about below their own question, though its thread is in their direct messages:
    the channel was closed for a while, or its answers are private. Who mentions the bot asks something."""
    if message.mentioned or message.thread_ts is None:
        return None
    here = (message.channel, message.thread_ts)
    began = office.tickets.by_source(*here)
    given = office.answers.given_in(*here)
    theirs = (one for one in office.tickets.of_asker(message.user) if one.state in OPEN)
    return next((one for one in theirs if one == began or one.answer_id in given), None)


def _concerns(ticket: Ticket, message: Message) -> bool:
    """An open ticket's thread is all the ticket's; later only its asker's word reopens it."""
    return ticket.state in OPEN or message.user == ticket.asker


def _beside_a_resolution(ticket: Ticket, message: Message, empty: bool) -> Place:
    """What others say there is no question to the bot. Until the ticket is closed the coaches hear it, as while it was
    open: it may be that the resolution does not help. Nothing is opened again by that."""
    heard = ticket.state == "resolved" and not empty and _talk(message) not in _CLOSING
    return Place("asker", ticket.number, reopens=False) if heard else Place()


def _in_ticket(ticket: Ticket, message: Message, empty: bool) -> Place:
    if empty:
        return Place(asks=message.mentioned)
    if ticket.state not in OPEN and _talk(message) in _CLOSING:
        return Place()
    grateful = ticket.state not in OPEN and not message.files and is_content(message.text)
    return Place("asker", ticket.number, message.mentioned, reopens=not grateful)


def _addressed(office: Office, message: Message, empty: bool) -> Place:
    off = not message.direct and office.policy.manners.of(message.channel).answers == "off"
    if message.direct or message.mentioned or off:
        return Place(asks=not off, turned_away=OFF if off and message.mentioned else "")
    if message.thread_ts is None:
        unasked = office.policy.manners.unasked(message)
        if unasked != "silent" and _runs_the_roll_out(office, message):
            return Place(asks=looks_like_question(message.text), overheard=True)
        return Place(asks=unasked != "silent", overheard=unasked == "if_known")
    talk = _talk(message)
    if empty or company.coach_is_there(office, message):
        return Place()
    last = office.answers.last_verdict(message.user, message.channel, message.thread_ts)
    alone = last is not None and company.alone(office, message)
    if talk is not None:
        return Place(asks=(talk == "help" and alone) or (last == "clarify" and talk in ("settled", "help")))
    if alone and not is_put_to_another(message.text):  # who is content needs no ticket
        return Place(asks=bool(message.files) or not is_content(message.text))
    # Whom the bot asked what they mean, they tell the bot.
    return Place(asks=last is not None, overheard=last not in (None, "clarify"))


def _runs_the_roll_out(office: Office, message: Message) -> bool:
    """What coaches and admins write is mostly for the people there; what the bot surely knows, it tells them, too."""
    return office.people.is_coach(message.user) or office.people.is_admin(message.user)


def _talk(message: Message) -> Talk | None:
    return None if message.files else talk_of(message.text)


def _turn_away(office: Office, message: Message, why: str, key: str, now: datetime) -> None:
    with office.store.transaction():
        if office.once.first(key, now):
            office.notify("whisper", message.channel, now, thread=message.thread_ts or "", user=message.user, text=why)


def _question(office: Office, message: Message, place: Place, key: str) -> Asked:
    root = message.thread_ts or message.ts
    # What is said in a ticket's thread is for all who read there.
    private = not message.direct and not place.ticket and office.policy.manners.of(message.channel).private
    return Asked(key=key, user=message.user, text=message.text, via="mention" if message.mentioned else "message",
                 channel=message.channel, thread_ts=None if private else root, files=message.files,
                 source_ts=message.ts, beside=root if private else "", overheard=not message.direct and not private)
