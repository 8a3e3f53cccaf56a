"""What coaches teach the bot: a draft, what a reviewer decided, and where it stands; `teaching` makes files of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from bot.desk.columns import moment, stamp, to_json
from bot.desk.marks import WORDLESS
from bot.desk.store import Row, Store
from bot.desk.types import Ticket
from bot.errors import IllegalStep

LessonState = Literal["draft", "approved", "rejected", "withdrawn"]

_FOR_GOOD = datetime.max.replace(tzinfo=UTC)
"""The date of keys that no housekeeping removes: an entry may be taken back years later."""


@dataclass(frozen=True, slots=True)
class Near:
    """An entry that is there already, or on its way, and asks nearly the same."""

    question: str
    url: str = ""
    """Where it can be read, if it came from a source that says so."""
    lesson: int | None = None
    """The ticket that taught it: such an entry can be extended; None: it stands in somebody's document."""
    answer: str = ""
    """What it answers, perhaps only the beginning."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A question in the asker's words, and what a coach answered."""

    ticket: int
    question: str
    answer: str
    author: str
    taught_at: datetime
    state: LessonState = "draft"
    version: int = 1
    """Raised by every change: whoever decides or writes names the one that they saw."""
    near: tuple[Near, ...] = ()
    reviewer: str | None = None
    """Who was asked to look it over; None: whoever comes first."""
    edited_by: str | None = None
    reworded: bool = False
    """A coach put the question in their own words: it follows the asker's message no longer."""
    decided_by: str | None = None
    decided_at: datetime | None = None
    reason: str = ""
    """Why it was rejected."""
    extends: int | None = None
    """The lesson (by its ticket) to whose entry the question is added; None: an entry of its own."""
    entry_answer: str = ""
    """The answer of that entry; empty where there is none, or where it is being taught anew."""
    held_in: int | None = None
    """The file `fw-<held_in>.yaml` holds it, perhaps in an earlier version."""
    taken_in_at: datetime | None = None
    """Since when the index is as decided: with it once approved, without it once taken back."""
    told_at: datetime | None = None
    """When those who asked it were told."""
    message_channel: str | None = None
    message_ts: str | None = None
    """Where its review stands in Slack, once it is there."""

    @property
    def name(self) -> str:
        """The ticket's number as people see it."""
        return f"FW-{self.ticket}"

    @property
    def file(self) -> int:
        """The number of the file that it belongs into."""
        return self.ticket if self.extends is None else self.extends

    @property
    def entry(self) -> str:
        """The id of the FAQ entry that it becomes, or that it is added to."""
        return f"taught/fw-{self.file}.yaml#fw-{self.file}"

    @property
    def is_published(self) -> bool:
        """It, or an earlier version of it, is in the FAQ."""
        return self.state == "approved" or (self.held_in is not None and self.state != "withdrawn")

    @property
    def last_writer(self) -> str:
        """Who put it in the words that it has now."""
        return self.edited_by or self.author

    @property
    def writers(self) -> frozenset[str]:
        """Whose words it may hold: its author, and who edited it last."""
        return frozenset({self.author, self.last_writer})


class Lessons:
    """One per ticket: a ticket that is resolved anew is taught anew. What changes one belongs into a transaction."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def draft(self, ticket: Ticket, answer: str, author: str, reviewer: str | None, near: Sequence[Near],
              now: datetime) -> Lesson:
        """Write a draft down. The file of an earlier lesson of this ticket stands until this one is decided."""
        rows = self._store.write(
            "INSERT INTO lessons (ticket, question, answer, author, taught_at, state, reviewer, near)"
            " VALUES (?, ?, ?, ?, ?, 'draft', ?, ?) ON CONFLICT (ticket) DO UPDATE SET question = excluded.question,"
            " answer = excluded.answer, author = excluded.author, taught_at = excluded.taught_at, state = 'draft',"
            " version = version + 1, reviewer = excluded.reviewer, near = excluded.near, edited_by = NULL,"
            " reworded = 0, decided_by = NULL, decided_at = NULL, reason = '', extends = NULL, written_at = NULL,"
            " taken_in_at = NULL RETURNING *",
            (ticket.number, ticket.question, answer, author, stamp(now), reviewer, _near_json(near)))
        return _lesson(rows[0])

    def get(self, ticket: int) -> Lesson:
        """Raises `IllegalStep` if nothing was taught by this ticket."""
        found = self.find(ticket)
        if found is None:
            raise IllegalStep(f"FW-{ticket} has no draft for the FAQ.")
        return found

    def find(self, ticket: int) -> Lesson | None:
        """What was taught by this ticket, if anything was."""
        found = self._where("ticket = ?", ticket)
        return found[0] if found else None

    def edit(self, lesson: Lesson, question: str, answer: str, coach: str, reviewer: str | None,
             near: Sequence[Near]) -> Lesson:
        """A coach put it in better words."""
        return self._set(lesson.ticket, question=question, answer=answer, edited_by=coach, near=_near_json(near),
                         reviewer=reviewer, reworded=int(lesson.reworded or question != lesson.question))

    def follow(self, lesson: Lesson, question: str) -> Lesson:
        """The asker put it in other words."""
        return self._set(lesson.ticket, question=question)

    def decide(self, lesson: Lesson, state: LessonState, coach: str, now: datetime, *, reason: str = "",
               extends: int | None = None) -> Lesson:
        """From now on it is this. Files and index follow; what is like it is of use only before."""
        return self._set(lesson.ticket, state=state, decided_by=coach, decided_at=stamp(now), reason=reason,
                         extends=extends, near="[]", written_at=None, taken_in_at=None)

    def of_message(self, channel: str, ts: str) -> list[Lesson]:
        """Those of tickets that this message asked, as long as no coach reworded the question."""
        return self._where("NOT reworded AND ticket IN (SELECT number FROM tickets WHERE source_channel = ?"
                           " AND source_ts = ?)", channel, ts)

    def extending(self, ticket: int) -> list[Lesson]:
        """Approved ones whose question was added to the entry of this one."""
        return self._where("extends = ? AND state = 'approved'", ticket)

    def ever_in(self, file: int) -> list[Lesson]:
        """Those whose question may stand in this file beside its own."""
        return self._where("ticket <> ? AND (extends = ? OR held_in = ?)", file, file, file)

    def on_the_way(self) -> list[Lesson]:
        """Drafts, and approved ones that no index holds yet."""
        return self._where("state = 'draft' OR state = 'approved' AND taken_in_at IS NULL")

    def unwritten(self) -> list[Lesson]:
        """Those whose file is not as decided yet, oldest first."""
        return self._where("state IN ('approved', 'withdrawn') AND written_at IS NULL")

    def untaken(self) -> list[Lesson]:
        """Those whose file is as decided, but the index is not, as far as we know; oldest first."""
        return self._where("state IN ('approved', 'withdrawn') AND written_at IS NOT NULL AND taken_in_at IS NULL")

    def taken_in_since(self, since: datetime) -> list[Lesson]:
        """Approved ones that the index holds since then, newest first; not those whose words are gone."""
        rows = self._store.rows("SELECT * FROM lessons WHERE state = 'approved' AND taken_in_at >= ?"
                                " AND question NOT IN ('', ?, ?) ORDER BY taken_in_at DESC", (stamp(since), *WORDLESS))
        return [_lesson(row) for row in rows]

    def last_taken_in(self) -> str:
        """Changes when the index takes one in, or gives one back."""
        row = self._store.row("SELECT max(taken_in_at) AS at, sum(version) AS versions FROM lessons")
        return f"{row['at']} {row['versions']}" if row else ""

    def written(self, lesson: Lesson, held_in: int | None, now: datetime) -> None:
        """Its file is as decided: `held_in` holds it (None: none does). A change meanwhile is still to come."""
        self._store.write("UPDATE lessons SET held_in = ? WHERE ticket = ?", (held_in, lesson.ticket))
        self._store.write("UPDATE lessons SET written_at = ? WHERE ticket = ? AND version = ?",
                          (stamp(now), lesson.ticket, lesson.version))

    def taken_in(self, lesson: Lesson, now: datetime) -> Lesson | None:
        """The index is as decided. None, and nothing happens, if it was changed or taken in meanwhile."""
        rows = self._store.write("UPDATE lessons SET taken_in_at = ? WHERE ticket = ? AND version = ? AND"
                                 " written_at IS NOT NULL AND taken_in_at IS NULL RETURNING *",
                                 (stamp(now), lesson.ticket, lesson.version))
        return _lesson(rows[0]) if rows else None

    def told(self, lesson: Lesson, now: datetime) -> bool:
        """Those who asked it are being told. False if they were before."""
        return bool(self._store.write("UPDATE lessons SET told_at = ? WHERE ticket = ? AND told_at IS NULL"
                                      " RETURNING ticket", (stamp(now), lesson.ticket)))

    def keep_told(self, lesson: Lesson, tickets: Iterable[int]) -> None:
        """The askers of these are the ones who are being told."""
        for number in tickets:
            self._store.write("INSERT OR IGNORE INTO done_once (key, at) VALUES (?, ?)",
                              (f"taught:{number}:{lesson.ticket}", stamp(_FOR_GOOD)))

    def take_back_told(self, lesson: Lesson) -> list[int]:
        """The tickets whose askers were told of it, lowest first. From now on nobody was."""
        rows = self._store.write("DELETE FROM done_once WHERE key GLOB ? RETURNING key", (f"taught:*:{lesson.ticket}",))
        self._store.write("UPDATE lessons SET told_at = NULL WHERE ticket = ?", (lesson.ticket,))
        return sorted(int(row["key"].split(":")[1]) for row in rows)

    def review_waits(self, ticket: int) -> bool:
        """Whether its review has not been posted yet: it will show the lesson as it is then."""
        return self._store.row("SELECT 1 AS yes FROM outbox WHERE ticket = ? AND kind = 'review'"
                               " AND state IN ('pending', 'sending')", (ticket,)) is not None

    def leave_message(self, ticket: int) -> None:
        """Its next review is a message of its own."""
        self._store.write("UPDATE lessons SET message_channel = NULL, message_ts = NULL WHERE ticket = ?", (ticket,))

    def _where(self, condition: str, *values: Any) -> list[Lesson]:
        sql = f"SELECT *, {_ENTRY_ANSWER} FROM lessons WHERE {condition} ORDER BY taught_at, ticket"  # noqa: S608
        return [_lesson(row) for row in self._store.rows(sql, values)]

    def _set(self, ticket: int, **columns: Any) -> Lesson:
        """Change it; that makes a new version of it."""
        assignments = ", ".join(f"{name} = ?" for name in columns)
        sql = f"UPDATE lessons SET {assignments}, version = version + 1 WHERE ticket = ?"  # noqa: S608
        self._store.write(sql, (*columns.values(), ticket))
        return self.get(ticket)


_ENTRY_ANSWER = """(SELECT entry.answer FROM lessons AS entry
    WHERE entry.ticket = lessons.extends AND entry.state = 'approved') AS entry_answer"""


def _near_json(near: Sequence[Near]) -> str:
    return to_json([asdict(one) for one in near])


def _lesson(row: Row) -> Lesson:
    return Lesson(
        ticket=row["ticket"], question=row["question"], answer=row["answer"], author=row["author"],
        taught_at=moment(row["taught_at"]), state=row["state"], version=row["version"],
        near=tuple(Near(**one) for one in json.loads(row["near"])), reviewer=row["reviewer"],
        edited_by=row["edited_by"], reworded=bool(row["reworded"]), decided_by=row["decided_by"],
        decided_at=_moment(row["decided_at"]), reason=row["reason"], extends=row["extends"], held_in=row["held_in"],
        entry_answer=row.get("entry_answer") or "", taken_in_at=_moment(row["taken_in_at"]),
        told_at=_moment(row["told_at"]), message_channel=row["message_channel"],
        message_ts=row["message_ts"])


def _moment(text: str | None) -> datetime | None:
    return moment(text) if text else None
