"""From a resolution to a draft for the FAQ: who is to look it over, and what is like it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.desk.lessons import Lesson, Near
from bot.desk.marks import WORDLESS
from bot.desk.office import Office
from bot.desk.types import Ticket
from bot.errors import FloorwalkerError

MOST_NEAR = 3
NEAR_SCORE = 0.5
"""Score of a search from which an entry of the FAQ asks nearly the same: with the starter knowledge and the embedded
model, other words for an entry score 0.51 to 0.8, and its neighbours below 0.5."""
SAME_WORDS = 0.6
"""Share of common words from which a draft that no search finds yet asks nearly the same."""

MOST_OF_AN_ANSWER = 600
"""Characters of what is like a draft that are kept beside it: its review shows no more."""

_TAUGHT = re.compile(r"taught/fw-(\d+)\.yaml#")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is looked up before a draft is written."""

    reviewer: str | None
    near: tuple[Near, ...]


def prepare(office: Office, number: int, author: str, now: datetime) -> Prepared:
    """Who is to look the draft over, and what is like it. Takes time. Raises `UnknownTicket`."""
    ticket = office.tickets.get(number)
    return Prepared(reviewer_of(office, ticket, frozenset({author}), now),
                    near_of(office, number, ticket.question))


def propose(office: Office, ticket: Ticket, answer: str, author: str, prepared: Prepared, now: datetime) -> None:
    """A resolution becomes a draft, in the transaction of the resolution."""
    if ticket.question in WORDLESS:
        return  # its words are gone: there is nothing left that others could ask
    before = office.lessons.find(ticket.number)
    waits = office.lessons.review_waits(ticket.number)
    if before is not None and before.message_ts is not None and not waits:
        office.notify("review_changed", before.message_channel or ticket.card_channel, now, ticket=ticket,
                      former={"channel": before.message_channel, "ts": before.message_ts})
        office.lessons.leave_message(ticket.number)
    office.lessons.draft(ticket, answer, author, prepared.reviewer, prepared.near, now)
    if not waits:
        office.tell_coaches("review", ticket, now)


def reviewer_of(office: Office, ticket: Ticket, writers: frozenset[str], now: datetime) -> str | None:
    """Whom to ask to look a draft over: a coach of its area, or if none is left there, one of the desk. None: nobody
    else is on duty. Takes time."""
    for coaches in (office.people.coaches(ticket.area), office.people.coaches("")):
        left = tuple(coach for coach in coaches if coach not in writers and coach != ticket.asker)
        if left:
            return office.roster.pick(left, ticket.asker, now)
    return None


def may_approve(office: Office, ticket: Ticket, lesson: Lesson, coach: str) -> bool:
    """Nobody approves their own words where somebody else can. Takes time.

    Where only its author and who edited it are left, the reviewer's edit is their look at it.
    """
    there = {*office.people.coaches(ticket.area), *office.people.coaches("")}
    if there - lesson.writers:
        return coach not in lesson.writers
    return coach != lesson.author or there <= {coach}


def redraw_draft(office: Office, number: int, now: datetime) -> None:
    """The ticket stands otherwise than a moment ago: if its draft waits for a decision, the review shows that."""
    lesson = office.lessons.find(number)
    if lesson is not None and lesson.state == "draft":
        redraw(office, lesson, office.tickets.get(number), now)


def redraw(office: Office, lesson: Lesson, ticket: Ticket, now: datetime) -> None:
    """The review shows the lesson as it is now."""
    office.notify("review_changed", lesson.message_channel or ticket.card_channel, now, ticket=ticket)


def near_of(office: Office, number: int, question: str) -> tuple[Near, ...]:
    """Entries that ask nearly the same: those of the index first, then those on their way into it. Takes time.

    Of the index, what the ticket's asker may see: all coaches read the draft.
    """
    if not question.strip() or question in WORDLESS:
        return ()
    found = {one.question: one for one in (*_indexed(office, number, question),
                                           *_on_the_way(office, number, question))}
    return tuple(found.values())[:MOST_NEAR]


def _indexed(office: Office, number: int, question: str) -> Iterable[Near]:
    try:
        hits = office.find_answer(question, office.people.viewer(office.tickets.get(number).asker)).hits
    except FloorwalkerError:
        return  # without an index nothing is like it
    for hit in hits:
        if hit.kind == "faq" and hit.score >= NEAR_SCORE:
            taught = _TAUGHT.match(hit.document_id)
            lesson = office.lessons.find(int(taught[1])) if taught else None
            if lesson is not None and lesson.ticket == number:
                continue  # its own earlier version
            extendable = lesson is not None and lesson.state == "approved" and lesson.extends is None
            yield Near(hit.question or hit.title, hit.url or "", lesson.ticket if lesson and extendable else None,
                       hit.text[:MOST_OF_AN_ANSWER])


def _on_the_way(office: Office, number: int, question: str) -> Iterable[Near]:
    words = _words(question)
    for lesson in office.lessons.on_the_way():
        others = _words(lesson.question)
        if lesson.ticket != number and words and len(words & others) >= SAME_WORDS * len(words | others):
            yield Near(lesson.question, "", lesson.file,
                       (lesson.answer if lesson.extends is None else lesson.entry_answer)[:MOST_OF_AN_ANSWER])


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold()))
