"""What the bot said to whom: the record behind each answer's buttons, and behind a ticket's card."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from bot.answering.types import Answer, Choice, Quote, Turn
from bot.desk.columns import moment, stamp, to_json
from bot.desk.marks import WORDLESS
from bot.desk.store import Row, Store
from bot.desk.types import Asked, Via
from bot.errors import UnknownAnswer
from indexer.types import Hit, Verdict

Outcome = Literal["helped", "passed_on"]
_FILE_WAITS = timedelta(hours=1)
_TURNS = 8  # of a conversation that are remembered: enough to get from a row of follow-ups to their beginning


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """An answer that was given; the verdict may also be `clarify` or `handover`."""

    id: int
    asker: str
    via: Via
    channel: str
    """Where it was asked."""
    thread: str | None
    """The thread it was given in; None: shown only to the asker."""
    source_ts: str
    """The message that asked; empty if there was none."""
    beside: str
    """The thread into which the asker may share it; empty: there is none."""
    answer: Answer
    """As it was given; of its hits only the best one's text is kept, and where a coach may need it."""
    files: tuple[Mapping[str, Any], ...]
    asked_at: datetime
    message_channel: str | None
    message_ts: str | None
    """Where the answer stands in Slack, once it is there; None for ephemeral ones."""
    outcome: Outcome | None
    restricted: frozenset[str] = frozenset()
    """Which of the documents that were found were not for everybody then."""

    @property
    def is_restricted(self) -> bool:
        """Whether any document that it was made from is among them."""
        return not self.restricted.isdisjoint(self.answer.sources)


class Answers:
    """The table of answers."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, asked: Asked, answer: Answer, now: datetime, restricted: Collection[str] = ()) -> int:
        """Keep an answer. `restricted`: what of it comes from documents that are not for everybody. Returns its id."""
        return int(self._store.write(
            "INSERT INTO answers (key, asker, via, channel, thread, source_ts, question, files, asked_at, verdict,"
            " confidence, text, quotes, hits, generation, choices, language, follows, beside,"
            " restricted) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
            (asked.key, asked.user, asked.via, asked.channel, asked.thread_ts, asked.source_ts, asked.text,
             to_json([dict(file) for file in asked.files]), stamp(now), answer.verdict, answer.confidence, answer.text,
             to_json([asdict(quote) for quote in answer.quotes]),
             to_json([asdict(hit) for hit in _kept(answer)]), answer.generation,
             to_json([asdict(choice) for choice in answer.choices]), answer.language, answer.follows,
             asked.beside, to_json(sorted(restricted))))[0]["id"])

    def get(self, answer_id: int) -> StoredAnswer:
        """Raises `UnknownAnswer`."""
        row = self._store.row("SELECT * FROM answers WHERE id = ?", (answer_id,))
        if row is None:
            raise UnknownAnswer
        return _stored(row)

    def to_message(self, channel: str, ts: str) -> StoredAnswer | None:
        """What this message was answered with, quoted or offered; None if it was not."""
        row = self._store.row("SELECT * FROM answers WHERE channel = ? AND source_ts = ? AND (quotes <> '[]'"
                              " OR choices <> '[]') ORDER BY id DESC LIMIT 1", (channel, ts))
        return _stored(row) if row else None

    def settle(self, answer_id: int, outcome: Outcome) -> bool:
        """Note what became of it. False if that was known; having been helped may still become passed on."""
        return bool(self._store.write(
            "UPDATE answers SET outcome = :outcome WHERE id = :id AND (outcome IS NULL"
            " OR outcome = 'helped' AND :outcome = 'passed_on') RETURNING id", {"outcome": outcome, "id": answer_id}))

    def choose(self, answer_id: int, quote: Quote, text: str) -> bool:
        """The asker said which document they mean: from now on that is the answer. False if it was settled before."""
        return bool(self._store.write(
            "UPDATE answers SET verdict = 'answer', quotes = ?, text = ? WHERE id = ? AND verdict = 'clarify'"
            " AND outcome IS NULL RETURNING id", (to_json([asdict(quote)]), text, answer_id)))

    def conversation(self, channel: str, thread: str) -> tuple[Turn, ...]:
        """What was asked in this thread, by anybody, and what was quoted; the latest few, oldest first."""
        rows = self._store.rows(
            "SELECT id, question, quotes FROM answers WHERE channel = ? AND coalesce(thread, beside) = ?"
            " AND question NOT IN ('', ?, ?)"
            " AND language = '' AND (verdict <> 'clarify' OR choices <> '[]') ORDER BY id DESC LIMIT ?",
            (channel, thread, *WORDLESS, _TURNS))
        return tuple(Turn(row["id"], row["question"], tuple(Quote(**quote) for quote in json.loads(row["quotes"])))
                     for row in reversed(rows))

    def last_verdict(self, user: str, channel: str, thread: str) -> Verdict | None:
        """How the bot's last word to this very user in this thread was meant; None if it never spoke with them."""
        row = self._store.row("SELECT verdict FROM answers WHERE channel = ?"
                              " AND coalesce(thread, beside) = ? AND asker = ?"
                              " ORDER BY id DESC LIMIT 1", (channel, thread, user))
        return row["verdict"] if row else None

    def last_to(self, user: str, channel: str, thread: str) -> StoredAnswer | None:
        """The bot's last word to this very user in this thread; None if it never spoke with them."""
        row = self._store.row("SELECT * FROM answers WHERE channel = ? AND coalesce(thread, beside) = ? AND asker = ?"
                              " ORDER BY id DESC LIMIT 1", (channel, thread, user))
        return _stored(row) if row else None

    def asker_of(self, channel: str, ts: str) -> str | None:
        """Whom the bot answered when they wrote this message; None if it said nothing to it."""
        row = self._store.row("SELECT asker FROM answers WHERE channel = ? AND source_ts = ? ORDER BY id LIMIT 1",
                              (channel, ts))
        return str(row["asker"]) if row else None

    def given_in(self, channel: str, thread: str) -> frozenset[int]:
        """The answers that stand in this thread for all to see."""
        rows = self._store.rows("SELECT id FROM answers WHERE channel = ? AND thread = ?", (channel, thread))
        return frozenset(int(row["id"]) for row in rows)

    def files_left(self, user: str, channel: str, now: datetime) -> tuple[Mapping[str, Any], ...]:
        """Files that this user sent here without a word within the last hour, and that are with no ticket yet."""
        rows = self._store.rows("SELECT files FROM answers WHERE asker = ? AND channel = ? AND verdict = 'clarify'"
                                " AND outcome IS NULL AND choices = '[]' AND asked_at >= ? ORDER BY id",
                                (user, channel, stamp(now - _FILE_WAITS)))
        return tuple(file for row in rows for file in json.loads(row["files"]))

    def files_taken(self, user: str, channel: str) -> None:
        """The files of `files_left` are with a ticket now."""
        self._store.write("UPDATE answers SET outcome = 'passed_on' WHERE asker = ? AND channel = ?"
                          " AND verdict = 'clarify' AND outcome IS NULL AND choices = '[]'", (user, channel))

    def rewrite(self, channel: str, ts: str, text: str) -> bool:
        """The message that asked reads otherwise now. False if it is none that asked."""
        return bool(self._store.write("UPDATE answers SET question = ? WHERE channel = ? AND source_ts = ?"
                                      " RETURNING id", (text, channel, ts)))


def _kept(answer: Answer) -> list[Hit]:
    """Its hits without their texts; but a coach may want to pass on the best one's that the bot did not quote."""
    handed_over = answer.verdict == "handover"
    return [replace(hit, text=hit.text if handed_over and rank == 0 else "", before=(), after=())
            for rank, hit in enumerate(answer.hits)]


def _stored(row: Row) -> StoredAnswer:
    answer = Answer(row["question"], row["verdict"], row["confidence"], row["text"],
                    tuple(Quote(**quote) for quote in json.loads(row["quotes"])),
                    tuple(_hit(hit) for hit in json.loads(row["hits"])), row["generation"],
                    tuple(Choice(choice["label"], Quote(**choice["quote"])) for choice in json.loads(row["choices"])),
                    row["language"], row["follows"])
    return StoredAnswer(row["id"], row["asker"], row["via"], row["channel"], row["thread"], row["source_ts"],
                        row["beside"], answer,
                        tuple(json.loads(row["files"])), moment(row["asked_at"]), row["message_channel"],
                        row["message_ts"], row["outcome"], frozenset(json.loads(row["restricted"])))


def _hit(stored: Mapping[str, Any]) -> Hit:
    return Hit(**{**stored, "before": (), "after": ()})
