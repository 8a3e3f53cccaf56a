"""A person is forgotten: what they wrote goes, a made-up name stands where their id stood, the figures stay."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.desk.columns import stamp, to_json
from bot.desk.lifecycle import OWNED
from bot.desk.marks import NO_LONGER_KEPT
from bot.desk.outbox import Outbox
from bot.desk.retention import CHOICES_WITHOUT_TEXT, QUOTES_WITHOUT_TEXT, SPOKEN, flush, wipe_what_is_freed
from bot.desk.store import Store
from bot.desk.tickets import Tickets
from bot.desk.types import Notice, Ticket, is_direct
from bot.errors import FloorwalkerError, StoreBusy

_SPOKEN = ", ".join(f"'{step}'" for step in SPOKEN)
_THEIRS = "(author = :user OR edited_by = :user OR ticket IN (SELECT number FROM tickets WHERE asker = :user))"
_UNPUBLISHED = f"SELECT ticket FROM lessons WHERE state <> 'approved' AND {_THEIRS}"  # noqa: S608
_PUBLISHED = f"SELECT ticket FROM lessons WHERE state = 'approved' AND {_THEIRS} ORDER BY ticket"  # noqa: S608
_WORDS = (
    f"""UPDATE tickets SET resolution = '{NO_LONGER_KEPT}' WHERE resolution IS NOT NULL AND :user = (SELECT actor
    FROM history WHERE ticket = number AND step = 'resolved' ORDER BY id DESC LIMIT 1) RETURNING 1""",  # noqa: S608
    f"UPDATE tickets SET question = '{NO_LONGER_KEPT}', files = '[]' WHERE asker = :user RETURNING 1",  # noqa: S608
    f"""UPDATE answers SET question = '{NO_LONGER_KEPT}', text = '', files = '[]', quotes = {QUOTES_WITHOUT_TEXT},
    choices = {CHOICES_WITHOUT_TEXT} WHERE asker = :user RETURNING 1""",  # noqa: S608
    f"UPDATE history SET text = '' WHERE actor = :user AND step IN ({_SPOKEN}) AND text <> '' RETURNING 1",  # noqa: S608
    f"""UPDATE lessons SET question = '{NO_LONGER_KEPT}', answer = '{NO_LONGER_KEPT}', reason = '', near = '[]',
    state = CASE state WHEN 'draft' THEN 'rejected' ELSE state END, version = version + 1
    WHERE ticket IN ({_UNPUBLISHED}) RETURNING 1""",  # noqa: S608
    f"""UPDATE lessons SET near = '[]' WHERE EXISTS (SELECT 1 FROM json_each(near)
    WHERE json_extract(value, '$.lesson') IN ({_UNPUBLISHED})) RETURNING 1""",  # noqa: S608
)
"""What takes a person's words out: resolutions, tickets, questions, messages, lessons that are not published, and these
where other lessons name them as alike."""
_QUOTING = ("quotes", "choices", "hits")
"""Columns of answers with what was found: its words are a copy."""
_COPIED = ("title", "section", "text", "question")


class StillOpen(FloorwalkerError):
    """A ticket of this person is still open."""

    hint = "End it first, or use --force: tickets that they asked are closed, those that they own have no owner again."


class NobodyKnown(FloorwalkerError):
    """Nothing is kept of this person."""

    hint = "Ids look like U0123ABC; in Slack, the menu of a profile has Copy member ID."


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was done, in figures."""

    pseudonym: str
    questions: int
    """Questions to the bot whose words went."""
    tickets: int
    """Tickets that they had opened."""
    messages: int
    """Lines of histories whose words went."""
    resolutions: int
    """That they had written as a coach."""
    lessons: int
    """Drafts, rejected and withdrawn ones whose words went."""
    quoted: int
    """Answers to others that quoted or found what was taught from their tickets: those words went, too."""
    waiting: int
    """Messages and events about them that were waiting, and are not sent or worked on any more."""
    values: int
    """Places where their id stood."""
    ended: tuple[int, ...]
    """Tickets that were open and are closed now, or have no owner again."""
    published: tuple[int, ...]
    """Tickets whose lesson is in the FAQ, with a question or an answer of theirs: that stays."""
    wiped: bool
    """Nothing is left in the file's free space either. False: the database was in use; the next call does it."""


def forget(store: Store, user: str, now: datetime, *, force: bool = False) -> Forgotten:
    """Forget a person, in one transaction. There is no way back from the made-up name.

    `force`: also if tickets are open; those that they asked are closed, those that they own go back to all coaches.

    Raises:
        NobodyKnown: their id stands nowhere.
        StillOpen: a ticket of theirs is open.
        StoreBusy: something of theirs is being worked on at this moment.
    """
    wipe_what_is_freed(store)
    with store.transaction():
        person = _Person(store, user)
        if not person.known():
            raise NobodyKnown(f"Nothing of {user} is kept.")
        ended = person.end_open_tickets(now, force=force)
        forgotten = person.erase(now, ended)
    try:
        store.db.execute("VACUUM")
        wiped = flush(store)
    except sqlite3.OperationalError:
        wiped = False
    return replace(forgotten, wiped=wiped)


class _Person:
    """One person in the books. All of it belongs into one transaction."""

    def __init__(self, store: Store, user: str) -> None:
        self._store, self._user = store, user
        self._direct = tuple(sorted({row["channel"] for row in store.rows(
            "SELECT channel FROM answers WHERE asker = :user"
            " UNION SELECT asker_channel FROM tickets WHERE asker = :user"
            " UNION SELECT source_channel FROM tickets WHERE asker = :user", {"user": user})
            if is_direct(row["channel"])}))

    def known(self) -> bool:
        """Whether their id stands anywhere."""
        id_or_channel = _mentions([self._user, *self._direct])
        return any(id_or_channel.search(str(value)) for table, column in _columns(self._store)
                   for value in self._values(table, column))

    def end_open_tickets(self, now: datetime, *, force: bool) -> list[Ticket]:
        """Close what they asked, and release what they own. Raises `StillOpen` unless forced."""
        tickets, outbox = Tickets(self._store), Outbox(self._store)
        concerned = [ticket for ticket in tickets.open() if self._user in (ticket.asker, ticket.owner)]
        if concerned and not force:
            names = ", ".join(ticket.name for ticket in concerned)
            raise StillOpen(f"{names} {'is' if len(concerned) == 1 else 'are'} still open.")
        for ticket in concerned:
            if ticket.asker == self._user:
                tickets.step(ticket, "dismissed", "", now, reason="settled")
            elif ticket.state in OWNED:
                tickets.step(ticket, "released", "", now)
            outbox.add(Notice("card_changed", ticket.card_channel, ticket=ticket.number), now)
        return concerned

    def erase(self, now: datetime, ended: Iterable[Ticket]) -> Forgotten:
        """Take their words out, then their id."""
        waiting = self._drop_waiting(now)
        published = tuple(row["ticket"] for row in self._store.rows(_PUBLISHED, {"user": self._user}))
        resolutions, tickets, questions, messages, lessons, _ = (self._count(sql) for sql in _WORDS)
        quoted = self._blank_what_quotes_them()
        self._count("DELETE FROM duty WHERE coach = :user RETURNING 1")
        # Of an entry that is taken back they hear nothing any more.
        self._count("DELETE FROM done_once WHERE EXISTS (SELECT 1 FROM tickets WHERE asker = :user"
                    " AND done_once.key GLOB 'taught:' || number || ':*') RETURNING 1")
        number = self._store.write("INSERT INTO forgotten (at) VALUES (?) RETURNING number", (stamp(now),))[0]["number"]
        pseudonym = f"forgotten-{number}"
        values = self._rename(pseudonym)
        return Forgotten(pseudonym, questions, tickets, messages, resolutions, lessons, quoted, waiting,
                         values, tuple(ticket.number for ticket in ended), published, wiped=True)

    def _blank_what_quotes_them(self) -> int:
        """Where answers hold words of entries from their tickets; which document it was, and its link, stay."""
        numbers = [str(row["ticket"]) for row in self._store.rows(
            "SELECT ticket FROM lessons JOIN tickets ON number = ticket WHERE asker = :user", {"user": self._user})]
        if not numbers:
            return 0
        taught, quoted = re.compile(rf"taught/fw-(?:{'|'.join(numbers)})\."), 0
        for row in self._store.rows("SELECT id, asker, text, quotes, choices, hits FROM answers"
                                    " WHERE instr(quotes || choices || hits, 'taught/fw-')"):
            kept = {column: json.loads(row[column]) for column in _QUOTING}
            blanked = {column: _blanked(values, taught) for column, values in kept.items()}
            if blanked != kept:
                is_told = any(blanked[column] != kept[column] for column in ("quotes", "choices"))
                self._store.write("UPDATE answers SET text = ?, quotes = ?, choices = ?, hits = ? WHERE id = ?",
                                  ("" if is_told else row["text"], *map(to_json, blanked.values()), row["id"]))
                quoted += row["asker"] != self._user
        return quoted

    def _drop_waiting(self, now: datetime) -> int:
        """What waits to be sent to them, or with their words, and what they did that waits to be worked on."""
        mentions = _mentions([self._user, *self._direct])
        dropped = 0
        for row in self._store.rows("SELECT id, state, channel || ' ' || user || ' ' || content AS about FROM outbox"):
            if mentions.search(row["about"]):
                dropped += self._drop("outbox", row["id"], row["state"], "sending", "'given_up'",
                                      "content = '{}', respond_url = '', user = '', reason = 'forgotten',"
                                      f" sent_at = coalesce(sent_at, '{stamp(now)}')")
        for row in self._store.rows("SELECT id, state, payload FROM inbox"):
            if mentions.search(row["payload"]):
                dropped += self._drop("inbox", row["id"], row["state"], "working", "'done'", "payload = '{}'")
        return dropped

    def _drop(self, table: str, row_id: int, state: str, at_work: str, ended: str, change: str) -> int:
        if state in (at_work, "held"):
            raise StoreBusy("Something of this person is being worked on at this moment.")
        waits = state in ("pending", "new")
        to_ended = f", state = {ended}" if waits else ""
        self._store.write(f"UPDATE {table} SET {change}{to_ended} WHERE id = ?", (row_id,))  # noqa: S608
        return int(waits)

    def _rename(self, pseudonym: str) -> int:
        """Put another name in their id's place, in every text of every table; also where others mention them."""
        mentions = _mentions([self._user, *self._direct])
        changed = 0
        for table, column in _columns(self._store):
            for value in {str(value) for value in self._values(table, column)}:
                if mentions.search(value):
                    changed += len(self._store.write(
                        f'UPDATE "{table}" SET "{column}" = ? WHERE "{column}" = ? RETURNING 1',  # noqa: S608
                        (mentions.sub(pseudonym, value), value)))
        return changed

    def _values(self, table: str, column: str) -> list[object]:
        holes = " OR ".join(f'instr("{column}", ?)' for _ in (self._user, *self._direct))
        return [row["value"] for row in self._store.rows(
            f'SELECT "{column}" AS value FROM "{table}" WHERE {holes}', (self._user, *self._direct))]  # noqa: S608

    def _count(self, sql: str) -> int:
        return len(self._store.write(sql, {"user": self._user}))


def _blanked(values: list[dict[str, Any]], taught: re.Pattern[str]) -> list[dict[str, Any]]:
    """Quotes, choices or hits, without the words of those that are of these documents."""
    blanked = []
    for value in values:
        if "quote" in value:  # a choice
            [quote] = _blanked([value["quote"]], taught)
            value = value if quote == value["quote"] else {**value, "label": NO_LONGER_KEPT, "quote": quote}
        elif taught.match(value.get("document") or value.get("document_id") or ""):
            value = {key: NO_LONGER_KEPT if key in _COPIED and text else text for key, text in value.items()}
        blanked.append(value)
    return blanked


def _mentions(ids: Iterable[str]) -> re.Pattern[str]:
    """Finds an id where it is not part of a longer one."""
    return re.compile(rf"(?<![A-Za-z0-9])(?:{'|'.join(map(re.escape, ids))})(?![A-Za-z0-9])")


def _columns(store: Store) -> list[tuple[str, str]]:
    """Every column with text of every table of ours."""
    return [(row["name"], row["column"]) for row in store.rows(
        "SELECT one.name, info.name AS column FROM sqlite_master AS one, pragma_table_info(one.name) AS info"
        " WHERE one.type = 'table' AND one.name NOT LIKE 'sqlite_%' AND one.name NOT LIKE '\\_sqlite%' ESCAPE '\\'"
        " AND info.type = 'TEXT'")]
