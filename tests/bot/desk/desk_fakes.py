"""A desk with what surrounds it: people, a small knowledge base, and a postman for its outbox."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bot.answering.answerer import Answerer
from bot.desk.desk import Desk
from bot.desk.inbox import Inbox
from bot.desk.policy import DeskPolicy
from bot.desk.store import Store
from bot.desk.teaching import Teaching
from bot.desk.types import Asked, Message, Notice, Ticket
from indexer.types import Findings, Hit, Viewer
from tests.fakes import Clock

COACHES = "C0COACHES"
GENERAL = "C0GENERAL"
MIA, TOM, ANA, BEN = "U0MIA", "U0TOM", "U0ANA", "U0BEN"


class PowerCut(Exception):
    """Stands for whatever may end a step half way."""


@contextmanager
def broken_off(store: Store) -> Iterator[None]:
    """A transaction that is rolled back after what stands inside."""
    try:
        with store.transaction():
            yield
            raise PowerCut
    except PowerCut:
        pass


@dataclass
class FakePeople:
    """Ana and Ben are coaches, Eve is the admin; everybody's direct channel is theirs by name."""

    direct_opened: list[str] = field(default_factory=list)
    coaches_of: dict[str, tuple[str, ...]] = field(default_factory=dict)
    sites: dict[str, str] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)

    def is_coach(self, user: str) -> bool:
        return user in (ANA, BEN)

    def is_admin(self, user: str) -> bool:
        return user == "U0EVE"

    def coaches(self, area: str) -> tuple[str, ...]:
        return self.coaches_of.get(area, ())

    def leads(self, area: str) -> tuple[str, ...]:
        return ("U0LEA",)

    def programme(self) -> tuple[str, ...]:
        return ("U0PAM",)

    def site(self, user: str) -> str:
        return self.sites.get(user, "")

    def role(self, user: str) -> str:
        return self.roles.get(user, "")

    def viewer(self, user: str) -> Viewer:
        return Viewer(frozenset({f"group of {user}"}))

    def direct_channel(self, user: str) -> str:
        self.direct_opened.append(user)
        return f"D-{user}"


POLICY = DeskPolicy(COACHES)


class Library:
    """Knows how expenses are claimed, and nothing else."""

    def __init__(self) -> None:
        self.searched: list[tuple[str, Viewer]] = []

    def find(self, question: str, viewer: Viewer) -> Findings:
        self.searched.append((question, viewer))
        hit = Hit("training/expenses.md", "Expenses", "training", "Claiming", "claiming",
                  "Open *Expenses* and choose **New claim**.", "https://example.com/expenses", 0.9)
        known = "expense" in question.lower()
        return Findings(question, "answer" if known else "handover", 0.9 if known else 0.1,
                        (hit,) if known else (replace(hit, score=0.2),), 1)


RECEIPTS = Hit("training/receipts.md", "Receipts", "training", "Lost receipts", "lost", "Tick *Missing*.", None, 0.5)
CARD = Hit("faq/card.yaml#lost", "My card is lost?", "faq", "", "", "Call the bank.", None, 0.45, "My card is lost?")


class Shelf:
    """Is never sure which document is meant."""

    def __init__(self) -> None:
        self.searched: list[str] = []
        self.hits = (RECEIPTS, replace(RECEIPTS, section="Other"), CARD)

    def find(self, question: str, viewer: Viewer) -> Findings:
        self.searched.append(question)
        return Findings(question, "clarify", 0.4, self.hits, 1)


class Postman:
    """Sends what is in the outbox, as Slack would take it: each message gets a time stamp of its own."""

    def __init__(self, desk: Desk, clock: Clock) -> None:
        self._desk, self._clock = desk, clock
        self._ts = (f"1700.{n:06d}" for n in itertools.count(1))
        self.sent: list[tuple[Notice, str]] = []

    def deliver(self) -> list[Notice]:
        """Send all that is due. Returns the notices of this round, in order."""
        before = len(self.sent)
        while (outgoing := self._desk.outbox.claim_next(self._clock.now)) is not None:
            ts = next(self._ts)
            self.sent.append((outgoing.notice, ts))
            self._desk.outbox.sent(outgoing.id, self._clock.now, ts)
        return [notice for notice, _ in self.sent[before:]]

    def kinds(self) -> list[str]:
        """Send all that is due; only the kinds."""
        return [notice.kind for notice in self.deliver()]


class House:
    """The desk and its surroundings."""

    def __init__(self, folder: Path) -> None:
        self.clock = Clock()
        self.people = FakePeople()
        self.library = Library()
        self.taught: list[int] = []
        self.store = Store(folder / "desk.sqlite", patience=5)
        self.store.db.execute("PRAGMA synchronous = OFF")  # no test here cuts the power
        self.teaching = Teaching(self.store, folder / "taught", lambda: self.taught.append(1))
        self.desk = self.desk_with(self.library.find)
        self.inbox = Inbox(self.store)
        self.postman = Postman(self.desk, self.clock)
        self._ts = (f"1600.{n:06d}" for n in itertools.count(1))

    def desk_with(self, find: Callable[[str, Viewer], Findings], policy: DeskPolicy = POLICY,
                  find_area: Callable[[str], str] = lambda _question: "") -> Desk:
        """Another desk over the same books, with another way to search, or another policy."""
        return Desk(self.store, Answerer(find).answer, self.people, policy, find_area, self.teaching)

    def run_by(self, policy: DeskPolicy, find_area: Callable[[str], str] = lambda _question: "") -> Desk:
        """From now on the desk goes by this policy."""
        self.desk = self.desk_with(self.library.find, policy, find_area)
        self.postman = Postman(self.desk, self.clock)
        return self.desk

    def asks_back(self) -> Shelf:
        """From now on the bot is never sure which document is meant."""
        shelf = Shelf()
        self.desk = self.desk_with(shelf.find)
        self.postman = Postman(self.desk, self.clock)
        return shelf

    def message(self, user: str, text: str, **more: Any) -> Message:
        """A message with a time stamp of its own; in a channel unless `direct`."""
        channel = f"D-{user}" if more.get("direct") else GENERAL
        return Message(**{"team": "T0", "channel": channel, "ts": next(self._ts), "user": user, "text": text, **more})

    def say(self, user: str, text: str, **more: Any) -> Message:
        """The desk receives such a message."""
        message = self.message(user, text, **more)
        self.desk.receive(message, self.clock.forward(seconds=1))
        return message

    def asked(self, user: str, text: str, **more: Any) -> Asked:
        """A question by `/floorwalker`."""
        return Asked(**{"key": f"command:{next(self._ts)}", "user": user, "text": text, "via": "command",
                        "channel": GENERAL, "thread_ts": None, "respond_url": "https://hooks.example/1", **more})

    def open_ticket(self, user: str = MIA, text: str = "My badge does not open the printer") -> Ticket:
        """A ticket whose card and first reply are in Slack already."""
        self.say(user, text, direct=True)
        self.postman.deliver()
        return self.desk.tickets_of(user)[0]

    def in_asker_thread(self, ticket: Ticket, user: str, text: str, **more: Any) -> Message:
        """Somebody writes in the asker's thread."""
        return self.say(user, text, channel=ticket.asker_channel, thread_ts=ticket.asker_thread, **more)

    def in_card_thread(self, ticket: Ticket, user: str, text: str, **more: Any) -> Message:
        """Somebody writes in the card's thread."""
        return self.say(user, text, channel=ticket.card_channel, thread_ts=self.desk.ticket(ticket.number).card_ts,
                        **more)

    def everything(self) -> str:
        """The whole database as text, to compare."""
        return "\n".join(self.store.db.iterdump())
