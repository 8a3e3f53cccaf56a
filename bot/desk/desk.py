"""The help desk: everything that can happen to a question, in the words of the desk. The one door to this room."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.desk import asking, choosing, coaching, moving, relaying, routing
from bot.desk.answers import StoredAnswer
from bot.desk.office import Answering, DeskSettings, Office
from bot.desk.outbox import Outbox
from bot.desk.store import Store
from bot.desk.teaching import Teaching
from bot.desk.types import Asked, HistoryEntry, Link, Message, Notice, People, State, Ticket


class Desk:
    """Safe to call from any thread. Each call is one step: the change, its history and its notices are committed
    together, or nothing is. Searches, and what `people` looks up, happen before the transaction begins.

    `key` is what is unique about a click or a submission (the inbox's key): a step whose key is known was done
    before, and changes nothing. Messages and questions have such keys of their own. So whatever is taken up again
    after a crash may simply be called again.

    All calls may raise `StoreBusy`; nothing has changed then.
    """

    def __init__(self, store: Store, answer: Answering, people: People, settings: DeskSettings,
                 teaching: Teaching | None = None) -> None:
        self._office = Office(store, answer, people, settings, teaching)

    @property
    def outbox(self) -> Outbox:
        """Where the notices of all steps go. There is one per desk, since it wakes whoever sends them."""
        return self._office.outbox

    # ---- people write -------------------------------------------------------------------------------------------

    def receive(self, message: Message, now: datetime) -> None:
        """Somebody wrote a message: a question, a reply in a ticket's thread, or nothing that concerns the desk.

        Each `team:channel:ts` counts once, whatever events it arrives by; `mentioned` must be read from the text,
        so that twin events carry the same.
        """
        routing.receive(self._office, message, now)

    def edited(self, channel: str, ts: str, text: str, now: datetime) -> None:
        """A message has a new text: its copy and its ticket follow. Never starts an answer; others are ignored."""
        relaying.edited(self._office, channel, ts, text, now)

    def deleted(self, channel: str, ts: str, now: datetime) -> None:
        """A message is gone: its text goes everywhere, the ticket stays. Harmless to repeat.

        One that was not received yet is remembered: `receive` then does nothing with it. So this may be called
        as soon as Slack tells, ahead of what waits in the inbox.
        """
        relaying.deleted(self._office, channel, ts, now)

    # ---- people ask ---------------------------------------------------------------------------------------------

    def ask(self, asked: Asked, now: datetime) -> None:
        """Answer a question, ask back what is meant, or open a ticket; small talk gets a short reply.

        A known `asked.key` does nothing.
        """
        asking.ask(self._office, asked, now)

    def request(self, asked: Asked, now: datetime) -> Ticket | None:
        """Open a ticket without searching. A known `asked.key` gives the ticket it opened.

        None if there is nothing to open it with: without text and files, the asker gets a short question back.
        """
        return asking.request(self._office, asked, now)

    def helped(self, answer_id: int, user: str, now: datetime, *, respond_url: str = "") -> None:
        """The asker pressed *That helped*. Others get a whisper; on a settled answer nothing changes.

        `respond_url`: the click's, the only way to change an answer that only the asker sees.
        Raises `UnknownAnswer`, as `still_stuck` does.
        """
        asking.helped(self._office, answer_id, user, now, respond_url=respond_url)

    def still_stuck(self, answer_id: int, user: str, now: datetime, *, respond_url: str = "") -> None:
        """The asker pressed *Still stuck*: a ticket is opened, once. Others get a whisper."""
        asking.still_stuck(self._office, answer_id, user, now, respond_url=respond_url)

    def choose(self, answer_id: int, number: int, user: str, now: datetime, *, respond_url: str = "") -> None:
        """The asker said which of the candidates they mean (`number` counts from 0): it is quoted in their place.

        Others get a whisper; what is settled or chosen already stays. What they may no longer see goes to the coaches.
        Raises `UnknownAnswer`, also for a number that was not offered. *None of these* is `still_stuck`.
        """
        choosing.choose(self._office, answer_id, number, user, now, respond_url=respond_url)

    # ---- coaches ------------------------------------------------------------------------------------------------
    # All raise UnknownTicket, NotAllowed (not a coach) or IllegalStep with a sentence for this coach only.

    def claim(self, number: int, coach: str, now: datetime, *, key: str = "") -> Ticket:
        """Take a ticket. Harmless on one's own; raises `TicketTaken` (with `.owner`) on another's."""
        return coaching.claim(self._office, number, coach, now, key=key)

    def release(self, number: int, coach: str, now: datetime, *, key: str = "") -> Ticket:
        """Put a claimed or waiting ticket back for all coaches."""
        return coaching.release(self._office, number, coach, now, key=key)

    def ask_back(self, number: int, coach: str, text: str, now: datetime, *, key: str = "") -> Ticket:
        """Put a question to the asker; the ticket waits for them. Claims an unclaimed ticket for this coach."""
        return coaching.ask_back(self._office, number, coach, text, now, key=key)

    def resolve(self, number: int, coach: str, resolution: str, teach: bool, now: datetime, *, key: str = "") -> Ticket:
        """Give the asker the resolution. Claims an unclaimed ticket. `teach`: it also becomes an entry of the FAQ."""
        return coaching.resolve(self._office, number, coach, resolution, teach, now, key=key)

    def dismiss(self, number: int, coach: str, now: datetime, *, key: str = "") -> Ticket:
        """Close a ticket without a resolution."""
        return coaching.dismiss(self._office, number, coach, now, key=key)

    # ---- to be told ---------------------------------------------------------------------------------------------

    def whisper(self, channel: str, user: str, text: str, now: datetime, *, thread: str = "",
                respond_url: str = "") -> None:
        """A sentence for one person only (best effort), such as a refusal."""
        self._office.outbox.add(
            Notice("whisper", channel, thread, user, content={"text": text}, respond_url=respond_url), now)

    def thread_gone(self, number: int, now: datetime, *, thread: str = "") -> bool:
        """Slack says that the asker's thread of a ticket does not exist: the ticket goes on in a new one, in the
        asker's direct messages. All that has not arrived goes there, also the notice that met with this: it needs
        neither `retry` nor `give_up`.

        `thread`: the one that was not found. False, and nothing is changed, if that is not the asker's thread, or
        the new thread's first message is on its way already. Raises `UnknownTicket`, and what `people` raises.
        """
        return moving.thread_gone(self._office, number, now, thread=thread)

    # ---- reading ------------------------------------------------------------------------------------------------

    def ticket(self, number: int) -> Ticket:
        """The ticket as it stands. Raises `UnknownTicket`."""
        return self._office.tickets.get(number)

    def tickets_of(self, user: str) -> list[Ticket]:
        """What this person asked, newest first."""
        return self._office.tickets.of_asker(user)

    def open_tickets(self) -> list[Ticket]:
        """New, claimed and waiting ones, oldest first."""
        return self._office.tickets.open()

    def history(self, number: int) -> list[HistoryEntry]:
        """Who did what when, oldest first; empty for an unknown number."""
        return self._office.tickets.history(number)

    def answer(self, answer_id: int) -> StoredAnswer:
        """An answer that was given (also a question back or a hand-over). Raises `UnknownAnswer`."""
        return self._office.answers.get(answer_id)

    def link(self, link_id: int) -> Link:
        """A relayed message and its copy. Raises KeyError if there is none."""
        return self._office.links.get(link_id)

    def counts(self) -> Mapping[State, int]:
        """How many tickets there are in each state; all states are there."""
        return self._office.tickets.counts()

    # ---- housekeeping -------------------------------------------------------------------------------------------

    def start(self, now: datetime) -> None:
        """Before anything else: finish what a killed process left half done in this room (outbox, teaching)."""
        self._office.outbox.take_up(now)
        if self._office.teaching is not None:
            self._office.teaching.start(now)

    def purge(self, now: datetime) -> None:
        """Remove what is no longer needed: old keys, old outgoing messages. Once a day is enough."""
        self._office.outbox.purge(now)
        self._office.once.purge(now)
