"""The part of the desk's door that is about teaching: what coaches decide on drafts for the FAQ."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.desk import reviewing
from bot.desk.lessons import Lesson
from bot.desk.reading_desk import ReadingDesk


class ReviewDesk(ReadingDesk):
    """Each call is one step, as those of `Desk`.

    All that coaches do raises `NotAllowed` (no coach) or `IllegalStep`; `AlreadyDecided` has who was faster.
    `version`: of the lesson as the coach saw it; if it was changed meanwhile, the step is refused.
    """

    def approve_lesson(self, number: int, coach: str, now: datetime, *, extend: int | None = None,
                       version: int | None = None, key: str = "") -> Lesson:
        """A ticket's draft becomes an entry of the FAQ, or (`extend`) its question is added to that of another ticket.

        Only where there is no other coach may its author, or who edited it last, do this; never while the ticket is
        open.
        """
        return reviewing.approve(self._office, number, coach, now, extend=extend, version=version, key=key)

    def edit_lesson(self, number: int, coach: str, question: str, answer: str, now: datetime, *,
                    version: int | None = None, key: str = "") -> Lesson:
        """Put a draft in better words; it still waits for a decision."""
        return reviewing.edit(self._office, number, coach, question, answer, now, version=version, key=key)

    def reject_lesson(self, number: int, coach: str, reason: str, now: datetime, *, version: int | None = None,
                      key: str = "") -> Lesson:
        """A draft is not for the FAQ."""
        return reviewing.reject(self._office, number, coach, reason, now, version=version, key=key)

    def withdraw_lesson(self, number: int, coach: str, now: datetime, *, key: str = "") -> Lesson:
        """Take an entry back: its file and the questions that were added to it go, and leave the index."""
        return reviewing.withdraw(self._office, number, coach, now, key=key)

    def lesson(self, number: int) -> Lesson:
        """What a ticket teaches, as it stands. Raises `IllegalStep` if nothing."""
        return self._office.lessons.get(number)

    def lessons_taken_in(self, lessons: Iterable[Lesson], now: datetime) -> None:
        """The index that is in use now is as these were decided (as `Teaching.untaken` gave them before the run
        began): those who asked are told, once."""
        reviewing.taken_in(self._office, lessons, now)

    def _question_changed(self, channel: str, ts: str, now: datetime) -> None:
        """In the transaction of that change."""
        reviewing.question_changed(self._office, channel, ts, now)
