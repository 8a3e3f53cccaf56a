"""The part of the desk's door where things are read: nothing here changes anything."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo

from bot.desk import surroundings
from bot.desk.answers import StoredAnswer
from bot.desk.lessons import Lesson
from bot.desk.marks import KNOWN_ISSUE
from bot.desk.office import Office
from bot.desk.surroundings import Suggestion, Surroundings
from bot.desk.types import HistoryEntry, Link, State, Ticket


class ReadingDesk:
    """Tickets, answers and figures as they stand."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def ticket(self, number: int) -> Ticket:
        """The ticket as it stands. Raises `UnknownTicket`."""
        return self._office.tickets.get(number)

    def tickets_of(self, user: str) -> list[Ticket]:
        """What this person asked, newest first."""
        return self._office.tickets.of_asker(user)

    def open_tickets(self) -> list[Ticket]:
        """New, claimed and waiting ones, oldest first."""
        return self._office.tickets.open()

    def known_issues(self) -> list[Ticket]:
        """Open tickets whose questions coaches have published by a tag, newest first."""
        return self._office.tickets.open_tagged(KNOWN_ISSUE)

    def taught_since(self, since: datetime, user: str) -> list[Lesson]:
        """What the bot has learnt to answer since then, newest first, as far as it is for this user."""
        lessons = self._office.lessons.taken_in_since(since)
        entries = [lesson.entry for lesson in lessons]
        hidden = self._office.hidden(entries, self._office.people.viewer(user)) if entries else ()
        return [lesson for lesson in lessons if lesson.entry not in hidden]

    def mark(self) -> tuple[object, ...]:
        """Changes with every step of a ticket, with what is taught, and with who is on duty."""
        office = self._office
        return office.tickets.last_step(), office.lessons.last_taken_in(), office.roster.last_switch()

    def history(self, number: int) -> list[HistoryEntry]:
        """Who did what when, oldest first; empty for an unknown number."""
        return self._office.tickets.history(number)

    def surroundings(self, number: int) -> Surroundings:
        """What a coach sees beside a ticket. Takes time: it looks up people and similar tickets."""
        return surroundings.of(self._office, number)

    def suggestion(self, number: int, of_ticket: int | None) -> Suggestion | None:
        """The reply that was suggested on a card: that ticket's resolution, or else what the bot had found."""
        return surroundings.suggestion(self._office, number, of_ticket)

    def areas(self) -> tuple[str, ...]:
        """The names of the areas, in the order of the settings."""
        return tuple(area.name for area in self._office.policy.areas)

    def zone_of(self, coach: str) -> tzinfo:
        """The time zone in which this coach's mornings begin."""
        return self._office.policy.calendars.of_person(coach).zone

    def off_duty(self, coach: str) -> bool:
        """This coach has gone off duty by themselves, and not come back on."""
        return self._office.roster.is_off(coach)

    def tags(self, number: int) -> tuple[str, ...]:
        """In the order of the alphabet."""
        return self._office.tickets.tags(number)

    def related(self, number: int) -> tuple[int, ...]:
        """Numbers of related tickets."""
        return self._office.tickets.related(number)

    def answer(self, answer_id: int) -> StoredAnswer:
        """An answer that was given (also a question back or a hand-over). Raises `UnknownAnswer`."""
        return self._office.answers.get(answer_id)

    def link(self, link_id: int) -> Link:
        """A relayed message and its copy. Raises KeyError if there is none."""
        return self._office.links.get(link_id)

    def oldest_open(self) -> Mapping[State, datetime]:
        """When the oldest ticket of each state that is not an end was opened."""
        return self._office.tickets.oldest_open()

    def counts(self) -> Mapping[State, int]:
        """How many tickets there are in each state; all states are there."""
        return self._office.tickets.counts()
