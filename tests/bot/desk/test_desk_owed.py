"""The work is done, but it cannot be noted: the database is locked, or the disk is full. It is noted later."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.desk.inbox import Inbox
from bot.desk.outbox import Outbox
from bot.desk.owed import Owed
from bot.desk.store import Store
from bot.desk.types import Notice
from bot.errors import StoreBusy

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "desk.sqlite", patience=0.05)
    yield opened
    opened.close()


@contextmanager
def locked(store: Store) -> Iterator[None]:
    """Somebody else is writing."""
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.close()


def test_a_message_that_was_sent_while_the_database_was_locked_holds_up_nobody_and_is_not_sent_again(
        store: Store) -> None:
    outbox = Outbox(store)
    for text in ("first", "second"):
        outbox.add(Notice("ops", "C1", content={"text": text}), NOW)
    first = outbox.claim_next(NOW)
    assert first is not None
    with locked(store), pytest.raises(StoreBusy):
        outbox.sent(first.id, NOW, "1.1")
    second = outbox.claim_next(NOW)
    assert second is not None
    assert second.notice.content["text"] == "second"
    outbox.sent(second.id, NOW, "1.2")
    assert outbox.pending() == 0


def test_a_failed_sending_is_noted_as_doubtful_after_the_lock(store: Store) -> None:
    outbox = Outbox(store)
    outbox.add(Notice("ops", "C1", content={"text": "first"}), NOW)
    first = outbox.claim_next(NOW)
    assert first is not None
    with locked(store), pytest.raises(StoreBusy):
        outbox.retry(first.id, NOW, timedelta(seconds=1), doubtful=True)
    again = outbox.claim_next(NOW + timedelta(seconds=2))
    assert again is not None
    assert (again.key, again.doubtful, again.attempts) == (first.key, True, 1)


def test_an_item_that_was_done_while_the_database_was_locked_is_not_done_again(store: Store) -> None:
    inbox = Inbox(store)
    for key in ("Ev1", "Ev2"):
        inbox.record(key, "event", {}, "C1:1.1", NOW)
    first = inbox.claim_next(NOW)
    assert first is not None
    with locked(store), pytest.raises(StoreBusy):
        inbox.done(first.id, NOW)
    second = inbox.claim_next(NOW)
    assert second is not None
    assert second.key == "Ev2"


def test_an_item_whose_recorder_failed_is_given_out_after_half_a_minute(store: Store) -> None:
    inbox = Inbox(store)
    inbox.record("submission:V1", "submission", {}, "", NOW, held=True)
    assert inbox.claim_next(NOW + timedelta(seconds=29)) is None
    taken = inbox.claim_next(NOW + timedelta(seconds=30))
    assert taken is not None
    assert taken.key == "submission:V1"


def test_an_ending_that_cannot_be_written_any_more_does_not_hold_up_the_others() -> None:
    owed = Owed()
    written: list[str] = []
    troubles = iter([StoreBusy(), IndexError("the row has gone"), sqlite3.OperationalError("disk is full")])

    def ending(text: str, *, fails: bool) -> None:
        if fails:
            raise next(troubles)
        written.append(text)

    gone = partial(ending, "gone", fails=True)
    with pytest.raises(StoreBusy):
        owed.write(gone)
    owed.settle()
    assert written == []

    disk = [True]
    with pytest.raises(sqlite3.OperationalError):
        owed.write(lambda: ending("kept", fails=disk[0]))
    disk[0] = False
    owed.settle()
    owed.settle()
    assert written == ["kept"]
