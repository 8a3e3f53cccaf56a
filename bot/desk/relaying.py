"""Messages between the asker's thread and the card's thread, with their edits and deletions."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from bot.desk import reviewing
from bot.desk.lifecycle import OPEN
from bot.desk.marks import DELETED
from bot.desk.office import Office
from bot.desk.once import gone
from bot.desk.types import HistoryEntry, Link, Message, Step, Ticket

NOTE = "//"
NOT_PASSED_ON = "Only coaches can write to the asker from here, so your message was not passed on."


def in_card_thread(office: Office, ticket: Ticket, message: Message, now: datetime, *, is_coach: bool) -> None:
    """A coach's message goes to the asker, unless it is a note among coaches."""
    if not is_coach:
        office.notify("whisper", message.channel, now, thread=message.thread_ts or "", user=message.user,
                      text=NOT_PASSED_ON)
        return
    source = (message.channel, message.ts)
    if _is_note(message.text):
        office.tickets.step(ticket, "noted", message.user, now, message.text, source)
        return
    after = office.tickets.step_by_coach(ticket, "coach_replied", message.user, now, message.text, source)
    _relay(office, after, message, "asker", now)
    _due_changed(office, after, now)


def in_asker_thread(office: Office, ticket: Ticket, message: Message, now: datetime, *, is_coach: bool,
                    reopens: bool = True) -> None:
    """What is written in the asker's thread goes to the coaches; the asker's word reopens what was resolved."""
    if ticket.state not in OPEN and reopens:
        ticket = office.tickets.step(ticket, "reopened", message.user, now)
        office.tell_coaches("reopened", ticket, now)
        office.tell_asker("open_again", ticket, now)
        reviewing.reopened(office, ticket.number, now)
    step = _step_of(ticket, message, is_coach) if ticket.state in OPEN else "noted"
    ticket = office.tickets.step_by_coach(ticket, step, message.user, now, message.text, (message.channel, message.ts))
    _relay(office, ticket, message, "card", now)
    _due_changed(office, ticket, now)


def edited(office: Office, channel: str, ts: str, text: str, now: datetime, *, early: bool) -> None:
    """See `Desk.edited`."""
    with office.store.transaction():
        if office.once.known(gone(channel, ts)):
            return  # an edit that comes late: its words must not come back
        asked = _rewrite_question(office, channel, ts, text, now)
        told = office.tickets.told_of(channel, ts)
        if early and told is None and not asked:
            office.early_edits.keep(channel, ts, text, now)
        # Slack also calls it an edit when it unfurls a link: then the words are the same.
        changed = office.tickets.rewrite_history(channel, ts, text)
        if told is None or not changed:
            return
        ticket = office.tickets.get(told.ticket)
        link = office.links.by_source(channel, ts)
        if link is None:
            if text.strip() and not _is_note(text):
                _pass_on_after_all(office, ticket, told, Message("", channel, ts, told.actor, text), now)
        elif channel == ticket.card_channel and _is_note(text):
            _make_a_note(office, link, ticket, now)
        else:
            office.notify("relay_edited", link.copy_channel, now, ticket=ticket, link=link.id, text=text,
                          author=office.links.author(link.id))
            if told.step == "noted" and _is_note(told.text):
                office.tickets.recount(channel, ts, "coach_replied")
                _due_changed(office, ticket, now)


def deleted(office: Office, channel: str, ts: str, now: datetime) -> None:
    """See `Desk.deleted`."""
    with office.store.transaction():
        if not office.once.first(gone(channel, ts), now):
            return
        _rewrite_question(office, channel, ts, DELETED, now)
        office.early_edits.drop(channel, ts)
        office.tickets.rewrite_history(channel, ts, "")
        link = office.links.by_source(channel, ts)
        if link is not None:
            _take_back(office, link, office.tickets.get(link.ticket), now)


def _make_a_note(office: Office, link: Link, ticket: Ticket, now: datetime) -> None:
    """A reply is a note now: the asker must not read on, and is not answered by it."""
    _take_back(office, link, ticket, now)
    office.tickets.recount(link.source_channel, link.source_ts, "noted")
    _due_changed(office, ticket, now)


def _pass_on_after_all(office: Office, ticket: Ticket, told: HistoryEntry, message: Message, now: datetime) -> None:
    """What was a note when it came is a coach's reply now, and the asker has no copy of it yet."""
    after = ticket
    if told.step == "noted":
        office.tickets.untie_history(message.channel, message.ts)
        after = office.tickets.step_by_coach(ticket, "coach_replied", told.actor, now, message.text,
                                             (message.channel, message.ts))
    _relay(office, after, message, "asker", now)
    if told.step == "noted":
        _due_changed(office, after, now)


def _due_changed(office: Office, ticket: Ticket, now: datetime) -> None:
    if ticket.state in OPEN:
        office.redraw_card(ticket, now)


def _relay(office: Office, ticket: Ticket, message: Message, to: Literal["asker", "card"], now: datetime) -> None:
    channel = ticket.asker_channel if to == "asker" else ticket.card_channel
    link = office.links.add(ticket, (message.channel, message.ts), message.user, channel)
    office.notify("relayed", channel, now, thread=to, ticket=ticket, link=link, text=message.text,
                  author=message.user, files=[dict(file) for file in message.files],
                  source={"channel": message.channel, "ts": message.ts})


def _step_of(ticket: Ticket, message: Message, is_coach: bool) -> Step:
    if message.user == ticket.asker:
        return "asker_replied"
    # A colleague's word is passed on, too, but the ticket goes on waiting for its asker.
    return "coach_replied" if is_coach else "noted"


def _is_note(text: str) -> bool:
    return text.lstrip().startswith(NOTE)


def _rewrite_question(office: Office, channel: str, ts: str, text: str, now: datetime) -> bool:
    """Whether the message was a question."""
    known = office.answers.rewrite(channel, ts, text)
    rewritten = office.tickets.rewrite_question(channel, ts, text, files=text != DELETED)
    for ticket in rewritten:
        office.redraw_card(ticket, now)
    return known or bool(rewritten)


def _take_back(office: Office, link: Link, ticket: Ticket, now: datetime) -> None:
    """The copy's text goes, or the copy is not even sent."""
    if office.outbox.withdraw(link.id):
        office.links.remove(link.id)
    else:
        office.notify("relay_deleted", link.copy_channel, now, ticket=ticket, link=link.id,
                      author=office.links.author(link.id))
