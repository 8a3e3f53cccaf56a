"""What coaches taught the bot, as it was decided; `teaching` makes files of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.desk.columns import moment, stamp
from bot.desk.store import Store
from bot.desk.types import Ticket


@dataclass(frozen=True, slots=True)
class Lesson:
    """A question in the asker's words, and what a coach answered."""

    ticket: int
    question: str
    answer: str
    author: str
    taught_at: datetime


class Lessons:
    """One per ticket: a ticket that is resolved anew is taught anew."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def keep(self, ticket: Ticket, answer: str, author: str, now: datetime) -> None:
        """Write a lesson down, in the transaction of its resolution."""
        self._store.write(
            "INSERT INTO lessons (ticket, question, answer, author, taught_at) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (ticket) DO UPDATE SET question = excluded.question, answer = excluded.answer,"
            " author = excluded.author, taught_at = excluded.taught_at, written_at = NULL, taken_in_at = NULL",
            (ticket.number, ticket.question, answer, author, stamp(now)))

    def unwritten(self) -> list[Lesson]:
        """Those that no file holds yet, oldest first."""
        return self._where("written_at IS NULL")

    def untaken(self) -> list[Lesson]:
        """Those that stand in a file, but in no index as far as we know; oldest first."""
        return self._where("written_at IS NOT NULL AND taken_in_at IS NULL")

    def written(self, lesson: Lesson, now: datetime) -> None:
        """A file holds it. If it was taught anew meanwhile, it stays unwritten."""
        self._store.write("UPDATE lessons SET written_at = ? WHERE ticket = ? AND taught_at = ?",
                          (stamp(now), lesson.ticket, stamp(lesson.taught_at)))

    def taken_in(self, lesson: Lesson, now: datetime) -> None:
        """An index holds it. If it was taught anew meanwhile, it stays untaken."""
        self._store.write("UPDATE lessons SET taken_in_at = ? WHERE ticket = ? AND taught_at = ?"
                          " AND written_at IS NOT NULL", (stamp(now), lesson.ticket, stamp(lesson.taught_at)))

    def _where(self, condition: str) -> list[Lesson]:
        rows = self._store.rows(f"SELECT * FROM lessons WHERE {condition} ORDER BY taught_at, ticket")  # noqa: S608
        return [Lesson(row["ticket"], row["question"], row["answer"], row["author"], moment(row["taught_at"]))
                for row in rows]
