"""How long the words of people are kept. Rows, times, verdicts and states stay, so that every figure stays true."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.desk.columns import stamp
from bot.desk.marks import NO_LONGER_KEPT
from bot.desk.store import Store

SPOKEN = ("asked_back", "asker_replied", "coach_replied", "noted", "parked", "resolved", "dismissed", "reopened")
"""Steps of a history whose text somebody wrote. The text of the others is a priority, an area, a coach…"""
BATCH = 200
"""Rows that are changed in one transaction: nobody waits long for it."""

_FLUSH_MILLISECONDS = 1000
"""How long readers are waited for: writers wait meanwhile."""

QUOTES_WITHOUT_TEXT = f"""(SELECT coalesce(json_group_array(json_set(value, '$.text', '{NO_LONGER_KEPT}')), '[]')
    FROM json_each(answers.quotes))"""  # noqa: S608
CHOICES_WITHOUT_TEXT = f"""(SELECT coalesce(
    json_group_array(json_set(value, '$.quote.text', '{NO_LONGER_KEPT}')), '[]')
    FROM json_each(answers.choices))"""  # noqa: S608

_SPOKEN = ", ".join(f"'{step}'" for step in SPOKEN)
_ENDED = """SELECT number FROM tickets WHERE state IN ('resolved', 'closed') AND coalesce(
    (SELECT max(at) FROM history WHERE ticket = number AND step IN ('resolved', 'dismissed', 'merged')),
    changed_at) < :past"""
_OPEN = "SELECT answer_id FROM tickets WHERE answer_id IS NOT NULL AND number NOT IN (SELECT number FROM ended)"

# Each finds what is still there, so that it ends when nothing is left, and takes no more than a batch.
_TICKETS = f"""WITH ended AS ({_ENDED}) UPDATE tickets SET question = :mark, files = '[]',
    resolution = CASE WHEN resolution IS NULL THEN NULL ELSE :mark END
    WHERE number IN (SELECT number FROM tickets WHERE number IN ended
        AND (question <> :mark OR files <> '[]' OR resolution <> :mark) LIMIT {BATCH}) RETURNING number"""  # noqa: S608
_HISTORY = f"""WITH ended AS ({_ENDED}) UPDATE history SET text = '' WHERE id IN (
    SELECT id FROM history WHERE ticket IN ended AND at < :past AND text <> '' AND step IN ({_SPOKEN}) LIMIT {BATCH})
    RETURNING id"""  # noqa: S608
_ANSWERS = f"""WITH ended AS ({_ENDED}) UPDATE answers SET question = :mark, text = '', files = '[]',
    quotes = {QUOTES_WITHOUT_TEXT}, choices = {CHOICES_WITHOUT_TEXT}
    WHERE id IN (SELECT id FROM answers WHERE asked_at < :past AND (question <> :mark OR text <> '' OR files <> '[]')
        AND id NOT IN ({_OPEN}) LIMIT {BATCH}) RETURNING id"""  # noqa: S608
_LESSONS = f"""UPDATE lessons SET question = :mark, answer = :mark, reason = '', near = '[]' WHERE ticket IN (
    SELECT ticket FROM lessons WHERE state IN ('rejected', 'withdrawn') AND coalesce(decided_at, taught_at) < :past
    AND (question <> :mark OR answer <> :mark) LIMIT {BATCH}) RETURNING ticket"""  # noqa: S608
_INBOX = f"""UPDATE inbox SET payload = '{{}}' WHERE id IN (SELECT id FROM inbox WHERE state = 'failed'
    AND received_at < :past AND payload <> '{{}}' LIMIT {BATCH}) RETURNING id"""  # noqa: S608
_OUTBOX = f"""UPDATE outbox SET content = '{{}}', respond_url = '' WHERE id IN (SELECT id FROM outbox
    WHERE state = 'given_up' AND added_at < :past AND (content <> '{{}}' OR respond_url <> '') LIMIT {BATCH})
    RETURNING id"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Blanked:
    """Rows whose texts went just now."""

    tickets: int
    messages: int
    """Lines of histories."""
    answers: int
    lessons: int
    """Rejected or withdrawn ones: what is approved is published, and a draft waits for its review."""
    undelivered: int
    """What could not be worked on or sent."""

    @property
    def rows(self) -> int:
        return self.tickets + self.messages + self.answers + self.lessons + self.undelivered


class Retention:
    """Removes texts that are older than the settings allow."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def apply(self, now: datetime, kept: timedelta) -> Blanked:
        """Texts of tickets that ended longer ago than `kept`, and of answers given before then. Nothing if it is zero.

        Many short transactions; harmless to repeat, and to break off.
        """
        if not kept:
            return Blanked(0, 0, 0, 0, 0)
        past = stamp(now - kept)
        wipe_what_is_freed(self._store)
        blanked = Blanked(self._all(_TICKETS, past), self._all(_HISTORY, past), self._all(_ANSWERS, past),
                          self._all(_LESSONS, past), self._all(_INBOX, past) + self._all(_OUTBOX, past))
        if blanked.rows:
            flush(self._store)
        return blanked

    def _all(self, sql: str, past: str) -> int:
        values = {"past": past, "mark": NO_LONGER_KEPT}
        count = 0
        while changed := len(self._store.write(sql, values)):
            count += changed
        return count


def wipe_what_is_freed(store: Store) -> None:
    """From now on this thread's connection overwrites with zeros what it deletes or replaces."""
    store.db.execute("PRAGMA secure_delete = ON").fetchall()


def flush(store: Store) -> bool:
    """Bring all that is committed into the database file and empty the log beside it, where old pages stand.

    False: somebody was reading all the time. It is done by a later call, or when the bot is stopped.
    """
    [patience] = store.db.execute("PRAGMA busy_timeout").fetchone()
    store.db.execute(f"PRAGMA busy_timeout = {_FLUSH_MILLISECONDS}").fetchall()
    try:
        busy, _, _ = store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        store.db.execute(f"PRAGMA busy_timeout = {patience}").fetchall()
    return not busy
