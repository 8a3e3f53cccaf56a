"""What every step of the desk works with: the books, the people, and the way to answer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeAlias

from bot.answering.types import Answer, Turn
from bot.desk.answers import Answers
from bot.desk.early_edits import EarlyEdits
from bot.desk.lessons import Lessons
from bot.desk.links import Links
from bot.desk.once import Once
from bot.desk.outbox import Outbox
from bot.desk.policy import DeskPolicy
from bot.desk.roster import Roster
from bot.desk.similar import SimilarTicket
from bot.desk.store import Store
from bot.desk.teaching import Teaching
from bot.desk.tickets import Tickets
from bot.desk.types import Notice, NoticeKind, People, Ticket
from indexer.types import Viewer

FindSimilar: TypeAlias = Callable[[Ticket], tuple[SimilarTicket, ...]]
"""Resolved tickets that are like this one, most like first. Takes time."""
FindArea: TypeAlias = Callable[[str], str]
"""The area that a question belongs to; "": the desk itself. Takes time."""
Hidden: TypeAlias = Callable[[Collection[str], Viewer], Collection[str]]
"""Which of these documents there are, but not for this viewer."""


class Answering(Protocol):
    """How questions are answered."""

    def __call__(self, question: str, viewer: Viewer, earlier: Sequence[Turn] = ...) -> Answer:
        """The answer for this viewer; `earlier`: what was asked before in the conversation, oldest first."""
        ...


class Office:
    """Shared by the rooms asking, coaching and relaying. Holds no state of its own."""

    def __init__(self, store: Store, answer: Answering, people: People, policy: DeskPolicy,
                 find_area: FindArea, teaching: Teaching | None,
                 find_similar: FindSimilar = lambda _ticket: (),
                 hidden: Hidden = lambda _documents, _viewer: ()) -> None:
        self.store = store
        self.find_answer = answer
        self.people = people
        self.policy = policy
        self.find_area = find_area
        self.find_similar = find_similar
        self.hidden = hidden
        self.roster = Roster(store, people, policy)
        self.teaching = teaching
        self.outbox = Outbox(store)
        self.answers = Answers(store)
        self.tickets = Tickets(store)
        self.links = Links(store)
        self.lessons = Lessons(store)
        self.once = Once(store)
        self.early_edits = EarlyEdits(store)

    def notify(self, kind: NoticeKind, channel: str, now: datetime, *, thread: str = "", user: str = "",
               ticket: Ticket | None = None, respond_url: str = "", **content: Any) -> None:
        """Put a message into the outbox, in the transaction that is open."""
        self.outbox.add(
            Notice(kind, channel, thread, user, ticket.number if ticket else None, content, respond_url), now)

    def tell_asker(self, kind: NoticeKind, ticket: Ticket, now: datetime, **content: Any) -> None:
        """A message in the asker's thread of a ticket."""
        self.notify(kind, ticket.asker_channel, now, thread="asker", ticket=ticket, **content)

    def tell_coaches(self, kind: NoticeKind, ticket: Ticket, now: datetime, **content: Any) -> None:
        """A message in the card's thread of a ticket."""
        self.notify(kind, ticket.card_channel, now, thread="card", ticket=ticket, **content)

    def redraw_card(self, ticket: Ticket, now: datetime) -> None:
        """The card shows the ticket as it is now."""
        self.notify("card_changed", ticket.card_channel, now, ticket=ticket)
