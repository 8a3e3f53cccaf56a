"""The help desk: everything that can happen to a question, in the words of the desk. The one door to this room."""

from __future__ import annotations

from datetime import datetime

from bot.desk import asking, choosing, digests, moving, relaying, reporting, routing, sharing, timekeeping
from bot.desk.coach_desk import CoachDesk
from bot.desk.digests import Digest
from bot.desk.lifecycle import OPEN
from bot.desk.office import Answering, FindArea, FindSimilar, Hidden, Office
from bot.desk.outbox import Outbox
from bot.desk.policy import DeskPolicy
from bot.desk.service_levels import Clocks, next_due
from bot.desk.store import Store
from bot.desk.teaching import Teaching
from bot.desk.timekeeping import Missed
from bot.desk.types import Asked, Message, Notice, People, Ticket


class Desk(CoachDesk):
    """Safe to call from any thread. Each call is one step: the change, its history and its notices are committed
    together, or nothing is. Searches, and what `people` looks up, happen before the transaction begins.

    `key` is what is unique about a click or a submission (the inbox's key): a step whose key is known was done
    before, and changes nothing. Messages and questions have such keys of their own. So whatever is taken up again
    after a crash may simply be called again.

    All calls may raise `StoreBusy`; nothing has changed then.
    """

    def __init__(self, store: Store, answer: Answering, people: People, policy: DeskPolicy,
                 find_area: FindArea = lambda _question: "", teaching: Teaching | None = None,
                 find_similar: FindSimilar = lambda _ticket: (),
                 hidden: Hidden = lambda _documents, _viewer: ()) -> None:
        """`find_area`: the area that a question belongs to; `find_similar`: resolved tickets like one; `hidden`: which
        documents are not for a viewer. All may take time."""
        super().__init__(Office(store, answer, people, policy, find_area, teaching, find_similar, hidden))

    @property
    def outbox(self) -> Outbox:
        """Where the notices of all steps go. There is one per desk, since it wakes whoever sends them."""
        return self._office.outbox

    def may_concern(self, message: Message) -> bool:
        """False for what people say among themselves; such a message should not even be written down."""
        return self._office.policy.manners.may_concern(message)

    # ---- people write -------------------------------------------------------------------------------------------

    def receive(self, message: Message, now: datetime) -> None:
        """Somebody wrote a message: a question, a reply in a ticket's thread, or nothing that concerns the desk.

        Each `team:channel:ts` counts once, whatever events it arrives by; `mentioned` must be read from the text,
        so that twin events carry the same.
        """
        routing.receive(self._office, message, now)

    def edited(self, channel: str, ts: str, text: str, now: datetime, *, early: bool = False,
               asks: Message | None = None) -> None:
        """A message has a new text: its copy and its ticket follow; others are ignored.

        `early`: the message may be still to come, and is then taken as it reads now. `asks`: the message as it reads
        now, if only the edit puts it to the bot: it is answered, unless the bot has said anything to it but “what would
        you like to know?”.
        """
        with self._office.store.transaction():
            relaying.edited(self._office, channel, ts, text, now, early=early)
            self._question_changed(channel, ts, now)
        if asks is not None:
            routing.put_to_the_bot(self._office, asks, now)

    def deleted(self, channel: str, ts: str, now: datetime) -> None:
        """A message is gone: its text goes everywhere, the ticket stays. Harmless to repeat.

        One that was not received yet is remembered: `receive` then does nothing with it. So this may be called
        as soon as Slack tells, ahead of what waits in the inbox.
        """
        with self._office.store.transaction():
            relaying.deleted(self._office, channel, ts, now)
            self._question_changed(channel, ts, now)

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

    def report(self, message: Message, reporter: str, now: datetime, *, link: str = "", respond_url: str = "",
               reachable: bool = True) -> None:
        """Somebody hands a message to the coaches. The ticket is theirs; what a coach hands over is its author's.

        What the bot has answered already is treated as *Still stuck*; of a message that is with the coaches the
        reporter only hears the number. `link`: to the message. `reachable`: the author can be written to.
        Raises what `people` raises.
        """
        reporting.report(self._office, message, reporter, now, link=link, respond_url=respond_url, reachable=reachable)

    def is_asked(self, message: Message) -> bool:
        """Whether the bot will say something to this message; False also where it is too early to tell."""
        return routing.is_asked(self._office, message)

    def turns_away(self, message: Message) -> str:
        """What is to be told to whoever wants the bot to answer this where, or whom, it does not answer; else empty."""
        return routing.turns_away(self._office, message)

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

    def share(self, answer_id: int, user: str, now: datetime, *, respond_url: str = "") -> None:
        """The asker shows an answer that only they have seen to everybody in the thread, once. Others get a whisper.

        Raises `UnknownAnswer`, and `IllegalStep` if there is nothing or nowhere to share.
        """
        sharing.share(self._office, answer_id, user, now, respond_url=respond_url)

    # ---- time passes --------------------------------------------------------------------------------------------

    def look_at_the_clock(self, now: datetime) -> list[Missed]:
        """Tell whom it concerns what is due: reminders, missed targets, unclaimed tickets. Each is told once, however
        often this is called; once a minute is enough. Returns the targets that were missed just now."""
        return timekeeping.look(self._office, now)

    def send_digests(self, now: datetime) -> None:
        """To each coach whose day begins: what is theirs, what is unclaimed, what is pressing, what waits."""
        digests.send_digests(self._office, now)

    def digest(self, coach: str, now: datetime) -> Digest:
        """The same, to be read at any time."""
        return digests.digest_of(self._office, coach, now)

    def clocks(self, number: int, now: datetime) -> Clocks:
        """The service levels of a ticket as they stand. Raises `UnknownTicket`."""
        return timekeeping.clocks_of(self._office, self._office.tickets.get(number), now)

    def due(self, number: int, now: datetime) -> datetime | None:
        """When the next thing is due for a ticket; None while its clocks stand still."""
        clock = next_due(self.clocks(number, now))
        return clock.due if clock else None

    def expected(self, area: str, now: datetime) -> datetime:
        """When the coaches of an area are there: now, or at their next opening."""
        return self._office.policy.calendars.of_area(area).next_opening(now)

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

    def card_deleted(self, channel: str, ts: str, now: datetime) -> None:
        """A message of the bot's was deleted: if it was the card of a ticket that is not at its end, it is posted
        anew."""
        ticket = self._office.tickets.by_card(channel, ts)
        if ticket is not None and ticket.state in OPEN:
            moving.card_gone(self._office, ticket.number, now, channel=channel, ts=ts)

    def card_gone(self, number: int, now: datetime, *, channel: str, ts: str = "") -> bool:
        """Slack says that a ticket's card was deleted (`ts`): it is posted anew. Without `ts`: that its channel is
        archived or closed to the bot: it is posted in the coaches' channel, or if that is the one, in the admins'.
        All that waits for its thread goes along, also the notice that met with this: it needs neither `retry` nor
        `give_up`.

        False, and nothing is changed, if the card is elsewhere already, or no channel is left.
        Raises `UnknownTicket`.
        """
        return moving.card_gone(self._office, number, now, channel=channel, ts=ts)

    def cards_away(self) -> frozenset[str]:
        """Channels whose open tickets have their cards in the admins' channel: they were closed to the bot."""
        return moving.cards_away(self._office)

    def cards_home(self, channel: str, now: datetime) -> int:
        """A channel is open to the bot again: the cards that belong there go back. Returns how many."""
        return moving.cards_home(self._office, channel, now)

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
        self._office.early_edits.purge(now)
