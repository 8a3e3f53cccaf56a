"""The part of the desk's door that is for coaches: what they do to tickets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.desk import coaching, reopening, triaging
from bot.desk.review_desk import ReviewDesk
from bot.desk.types import Priority, Reason, Ticket
from bot.errors import NotAllowed


class CoachDesk(ReviewDesk):
    """Each call is one step, as those of `Desk`.

    All raise `UnknownTicket`, `NotAllowed` (not a coach) or `IllegalStep` with a sentence for this coach only.
    """

    def claim(self, number: int, coach: str, now: datetime, *, key: str = "") -> Ticket:
        """Take a ticket. Harmless on one's own; raises `TicketTaken` (with `.owner`) on another's."""
        return coaching.claim(self._office, number, coach, now, key=key)

    def release(self, number: int, coach: str, now: datetime, *, note: str = "", key: str = "") -> Ticket:
        """Put a ticket that somebody owns back for all coaches; the next one on duty is asked to take it."""
        return coaching.release(self._office, number, coach, now, note=note, key=key)

    def ask_back(self, number: int, coach: str, text: str, now: datetime, *, key: str = "") -> Ticket:
        """Put a question to the asker; the ticket waits for them. Claims an unclaimed ticket for this coach."""
        return coaching.ask_back(self._office, number, coach, text, now, key=key)

    def reply(self, number: int, coach: str, text: str, now: datetime, *, key: str = "") -> Ticket:
        """Write to the asker, as a message in the card's thread does. Claims an unclaimed ticket for this coach."""
        return coaching.reply(self._office, number, coach, text, now, key=key)

    def resolve(self, number: int, coach: str, resolution: str, teach: bool, now: datetime, *, key: str = "",
                reason: Reason = "answered") -> Ticket:
        """Give the asker, and those of its duplicates, the resolution. Claims an unclaimed ticket.

        `teach`: it also becomes a draft for the FAQ.
        """
        return coaching.resolve(self._office, number, coach, resolution, teach, now, key=key, reason=reason)

    def dismiss(self, number: int, coach: str, now: datetime, *, key: str = "", reason: Reason = "settled") -> Ticket:
        """Close a ticket without a resolution."""
        return coaching.dismiss(self._office, number, coach, now, key=key, reason=reason)

    def reopen(self, number: int, coach: str, now: datetime, *, key: str = "") -> Ticket:
        """Open a ticket that has ended, such as one that was closed by mistake; its asker is told. Its owner keeps it;
        without one all coaches have it."""
        return reopening.reopen(self._office, number, coach, now, key=key)

    def take_over(self, number: int, coach: str, now: datetime, *, note: str = "", key: str = "") -> Ticket:
        """Become the owner of a ticket, also of one that another coach has claimed."""
        return triaging.take_over(self._office, number, coach, now, note=note, key=key)

    def pass_on(self, number: int, coach: str, to: str, now: datetime, *, note: str = "", key: str = "") -> Ticket:
        """Another coach (`to`) owns it from now on. Raises `NotAllowed` too if they are none."""
        return triaging.pass_on(self._office, number, coach, to, now, note=note, key=key)

    def prioritise(self, number: int, coach: str, priority: Priority, now: datetime, *, key: str = "") -> Ticket:
        """Its targets change with it."""
        return triaging.prioritise(self._office, number, coach, priority, now, key=key)

    def move(self, number: int, coach: str, area: str, now: datetime, *, key: str = "") -> Ticket:
        """Not this area: the ticket goes, unclaimed, to the coaches of another one ("": those of the desk)."""
        return triaging.move(self._office, number, coach, area, now, key=key)

    def park(self, number: int, coach: str, waits_for: str, until: datetime | None, now: datetime, *,
             key: str = "") -> Ticket:
        """It waits for a third party; `until`: when its owner is reminded of it, in two business days if it is left
        open. Claims an unclaimed ticket."""
        return triaging.park(self._office, number, coach, waits_for, until, now, key=key)

    def resume(self, number: int, coach: str, now: datetime, *, key: str = "") -> Ticket:
        """The third party has done its part; or a snoozed ticket is taken up early."""
        return triaging.resume(self._office, number, coach, now, key=key)

    def snooze(self, number: int, coach: str, until: datetime, now: datetime, *, key: str = "") -> Ticket:
        """Nobody is reminded of it until then; its clocks run on."""
        return triaging.snooze(self._office, number, coach, until, now, key=key)

    def duplicate(self, number: int, coach: str, of: int, now: datetime, *, key: str = "") -> Ticket:
        """Close it as the same as another open ticket; its asker hears of that one's resolution."""
        return triaging.duplicate(self._office, number, coach, of, now, key=key)

    def merge(self, number: int, coach: str, into: int, now: datetime, *, key: str = "") -> Ticket:
        """Close it and go on in another open ticket of the same asker."""
        return triaging.merge(self._office, number, coach, into, now, key=key)

    def tag(self, number: int, coach: str, tags: Sequence[str], now: datetime, *, key: str = "") -> Ticket:
        """These are its tags from now on."""
        return triaging.tag(self._office, number, coach, tags, now, key=key)

    def relate(self, number: int, coach: str, other: int, now: datetime, *, key: str = "") -> Ticket:
        """Name each ticket on the other's card."""
        return triaging.relate(self._office, number, coach, other, now, key=key)

    def switch_duty(self, coach: str, on: bool, now: datetime) -> None:
        """A coach goes off duty, or back on: then their hours count again. Raises `NotAllowed`."""
        if not self._office.people.is_coach(coach):
            raise NotAllowed("Only coaches can do this.")
        self._office.roster.switch(coach, on, now)
