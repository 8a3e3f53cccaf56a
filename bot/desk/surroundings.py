"""What stands around a ticket: who asks, what belongs to it, what helped others, and what one could reply."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.answering.answerer import label_of
from bot.answering.types import Answer
from bot.desk.lifecycle import OPEN
from bot.desk.office import Office
from bot.desk.similar import SimilarTicket
from bot.desk.types import Ticket, is_direct

VERY_LIKE = 0.7
"""Cosine from which the resolution of another ticket is worth suggesting."""
NEAR = 0.5
"""The bot's confidence from which the passage that it found is more likely right than not."""
MOST_SIMILAR = 3
"""Similar tickets that a card shows."""

_MERGED_INTO = re.compile(r"FW-(\d+)")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A reply that a coach may edit and send."""

    text: str
    source: str
    """The ticket or document that it comes from."""
    url: str = ""
    markdown: bool = False
    """Whether `text` is Markdown, as in a document, or as a coach wrote it."""
    ticket: int | None = None
    """The number of the ticket that it comes from."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a coach sees beside a ticket. All of it may be empty."""

    site: str = ""
    role: str = ""
    tags: tuple[str, ...] = ()
    related: tuple[Ticket, ...] = ()
    duplicates: tuple[Ticket, ...] = ()
    """Tickets that ended as this one's."""
    similar: tuple[SimilarTicket, ...] = ()
    suggestion: Suggestion | None = None


def of(office: Office, number: int) -> Surroundings:
    """See `Desk.surroundings`."""
    ticket = office.tickets.get(number)
    similar = _untried(office, ticket) if ticket.state in OPEN else ()
    return Surroundings(
        office.people.site(ticket.asker), office.people.role(ticket.asker), office.tickets.tags(number),
        tuple(office.tickets.get(other) for other in office.tickets.related(number)),
        tuple(office.tickets.duplicates_of(number)), similar,
        _suggested(office, ticket, similar) if ticket.state in OPEN else None)


def _untried(office: Office, ticket: Ticket) -> tuple[SimilarTicket, ...]:
    """Similar tickets, without what this one's asker was told already: it did not help them. Takes time."""
    told = {text.strip() for text in _told(office, ticket.number, set())}
    return tuple(one for one in office.find_similar(ticket)
                 if (one.ticket.resolution or "").strip() not in told)[:MOST_SIMILAR]


def _told(office: Office, number: int, seen: set[int]) -> Iterable[str]:
    """Every resolution of a ticket, and of those whose duplicate it was. `seen`: what was looked at already."""
    seen.add(number)
    yield office.tickets.get(number).resolution or ""
    for entry in office.tickets.history(number):
        if entry.step == "resolved":
            yield entry.text
        other = _MERGED_INTO.fullmatch(entry.text) if entry.step == "merged" else None
        if other and int(other[1]) not in seen:
            yield from _told(office, int(other[1]), seen)


def suggestion(office: Office, number: int, of_ticket: int | None) -> Suggestion | None:
    """See `Desk.suggestion`."""
    if of_ticket is not None:
        return _from_ticket(office.tickets.get(of_ticket))
    return _suggested(office, office.tickets.get(number), ())


def _suggested(office: Office, ticket: Ticket, similar: Sequence[SimilarTicket]) -> Suggestion | None:
    """What goes to a thread in which others read along is for everybody."""
    tried = office.answers.get(ticket.answer_id).answer if ticket.answer_id else None
    return suggested(tried if _is_for_all_readers(office, ticket, ticket) else None,
                     [one for one in similar[:1] if _is_for_all_readers(office, ticket, one.ticket)])


def suggested(tried: Answer | None, similar: Sequence[SimilarTicket]) -> Suggestion | None:
    """What helped with nearly the same question, else the passage that the bot was not sure enough of.

    `tried`: what the bot had found. Where it answered or let the asker choose, they know its passage already.
    """
    if similar and similar[0].likeness >= VERY_LIKE:
        return _from_ticket(similar[0].ticket)
    if tried is None or tried.verdict != "handover" or tried.language or tried.confidence < NEAR or not tried.hits:
        return None
    best = tried.hits[0]
    return Suggestion(best.text, label_of(best), best.url or "", markdown=True) if best.text.strip() else None


def _is_for_all_readers(office: Office, ticket: Ticket, source: Ticket) -> bool:
    """Whether all who read `ticket`'s thread may know the documents that were found for `source`."""
    if is_direct(ticket.asker_channel) or source.answer_id is None:
        return True
    stored = office.answers.get(source.answer_id)
    everybody = replace(office.people.viewer(ticket.asker), groups=frozenset())
    return not stored.is_restricted and not office.hidden(stored.answer.sources, everybody)


def _from_ticket(ticket: Ticket) -> Suggestion:
    return Suggestion(ticket.resolution or "", ticket.name, ticket=ticket.number)
