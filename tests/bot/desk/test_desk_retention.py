"""After the time that is set the words go, from the bytes of the files too, and every figure stays."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.desk.marks import NO_LONGER_KEPT
from bot.desk.retention import BATCH, Retention, flush
from bot.desk.store import Store
from tests.bot.desk.desk_fakes import ANA, MIA, TOM, House

DAYS = timedelta(days=90)
WORD = b"xylophone"


def bytes_of(store: Store) -> bytes:
    """All that stands on the disk."""
    flush(store)
    return b"".join(file.read_bytes() for file in sorted(store.path.parent.glob("desk.sqlite*")))


def figures(store: Store) -> list[Any]:
    return [store.rows(sql) for sql in (
        "SELECT number, state, priority, asker, owner, reason, opened_at, changed_at FROM tickets",
        "SELECT ticket, step, actor, at FROM history ORDER BY id",
        "SELECT id, asker, verdict, confidence, outcome, hits, asked_at FROM answers ORDER BY id",
        "SELECT ticket, minutes_to_first_response, minutes_to_resolution, resolved_at FROM tickets_overview",
        "SELECT quoted_document, verdict FROM questions_and_verdicts ORDER BY asked_at")]


def talk(house: House) -> None:
    """A whole ticket with the word in every place where people write."""
    ticket = house.open_ticket(MIA, "My xylophone is broken")
    house.in_asker_thread(ticket, MIA, "A xylophone in bay 4")
    house.desk.ask_back(1, ANA, "Which xylophone?", house.clock.now)
    house.in_card_thread(ticket, ANA, "// xylophone, really")
    house.desk.prioritise(1, ANA, "high", house.clock.now)
    house.desk.park(1, ANA, "the xylophone maker", None, house.clock.now)
    house.desk.resolve(1, ANA, "A new xylophone is there.", False, house.clock.now)
    house.say(TOM, "expenses for a xylophone?", direct=True)
    house.postman.deliver()


@pytest.fixture
def talked(house: House) -> House:
    talk(house)
    return house


def test_texts_go_when_their_time_is_over_and_figures_stay(talked: House) -> None:
    store, before = talked.store, figures(talked.store)
    retention = Retention(store)
    assert WORD in bytes_of(store)
    assert retention.apply(talked.clock.forward(days=89), DAYS).rows == 0
    done = retention.apply(talked.clock.forward(days=2), DAYS)
    assert (done.tickets, done.answers) == (1, 2)
    assert done.messages >= 4
    assert WORD not in bytes_of(store)
    assert figures(store) == before
    assert [row["text"] for row in store.rows("SELECT text FROM history WHERE step = 'prioritised'")] == ["high"]
    assert retention.apply(talked.clock.now, DAYS).rows == 0, "nothing is left to do"


def test_zero_keeps_everything(talked: House) -> None:
    before = talked.everything()
    assert Retention(talked.store).apply(talked.clock.forward(days=9999), timedelta()).rows == 0
    assert talked.everything() == before


def test_an_open_ticket_keeps_its_words_however_old(house: House) -> None:
    house.open_ticket(MIA, "My xylophone is broken")
    assert Retention(house.store).apply(house.clock.forward(days=400), DAYS).rows == 0
    house.desk.dismiss(1, ANA, house.clock.now)
    assert Retention(house.store).apply(house.clock.forward(days=91), DAYS).tickets == 1


def test_what_was_said_lately_about_an_old_ticket_stays_for_its_own_time(talked: House) -> None:
    talked.clock.forward(days=60)
    talked.in_card_thread(talked.desk.ticket(1), ANA, "// seen again")
    talked.clock.forward(days=31)
    Retention(talked.store).apply(talked.clock.now, DAYS)
    assert any("seen again" in entry.text for entry in talked.desk.history(1))
    Retention(talked.store).apply(talked.clock.forward(days=60), DAYS)
    assert not any("seen again" in entry.text for entry in talked.desk.history(1))


def test_an_old_answer_can_still_be_settled_and_drawn(talked: House) -> None:
    """In Slack its buttons are still there: its source must be named, and nothing may break."""
    Retention(talked.store).apply(talked.clock.forward(days=91), DAYS)
    [answer] = talked.store.rows("SELECT id FROM answers WHERE verdict = 'answer'")
    talked.desk.helped(answer["id"], TOM, talked.clock.now)
    kept = talked.desk.answer(answer["id"])
    assert kept.outcome == "helped"
    assert [(quote.document, quote.text) for quote in kept.answer.quotes] == [("training/expenses.md", NO_LONGER_KEPT)]
    talked.desk.still_stuck(answer["id"], TOM, talked.clock.now)
    assert talked.desk.tickets_of(TOM)[0].question == NO_LONGER_KEPT


def test_of_lessons_only_what_is_not_published_goes(house: House) -> None:
    for number, state in enumerate(("draft", "approved", "rejected", "withdrawn"), start=1):
        house.open_ticket(f"U0A{number}", f"xylophone {number}")
        house.desk.resolve(number, ANA, "Tune it.", True, house.clock.now)
        house.store.write("UPDATE lessons SET state = ?, decided_at = taught_at WHERE ticket = ?", (state, number))
    Retention(house.store).apply(house.clock.forward(days=91), DAYS)
    kept = {row["state"]: row["question"] for row in house.store.rows("SELECT state, question FROM lessons")}
    assert kept == {"draft": "xylophone 1", "approved": "xylophone 2", "rejected": NO_LONGER_KEPT,
                    "withdrawn": NO_LONGER_KEPT}


def test_what_could_not_be_worked_on_or_sent_goes_too(house: House) -> None:
    old = house.clock.now
    item = house.inbox.record("k", "event", {"text": "xylophone"}, "", old)
    house.store.write("UPDATE inbox SET state = 'failed' WHERE id = ?", (item,))
    house.inbox.record("waiting", "event", {"text": "waits"}, "", old)
    house.desk.whisper("C0GENERAL", MIA, "xylophone", old, respond_url="https://hooks.example/secret")
    outgoing = house.desk.outbox.claim_next(old)
    assert outgoing is not None
    house.desk.outbox.give_up(outgoing.id, old, "user_not_found")
    assert Retention(house.store).apply(house.clock.forward(days=2), timedelta(days=1)).undelivered == 2
    assert WORD not in bytes_of(house.store)
    assert house.store.rows("SELECT payload FROM inbox WHERE key = 'waiting'") == [{"payload": '{"text":"waits"}'}]


def test_many_rows_go_in_short_transactions(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.say(TOM, "expenses?", direct=True)
    columns = ("asker, via, channel, thread, source_ts, question, files, asked_at, verdict, confidence, text, quotes,"
               " hits")
    with house.store.transaction():
        for n in range(2 * BATCH):
            house.store.write(f"INSERT INTO answers (key, generation, {columns}) SELECT ?, 1, {columns} FROM answers"  # noqa: S608
                              " WHERE id = 1", (f"key {n}",))
    write, most = house.store.write, 0

    def counted(sql: str, values: Any = ()) -> list[dict[str, Any]]:
        nonlocal most
        rows = write(sql, values)
        most = max(most, len(rows))
        return rows

    monkeypatch.setattr(house.store, "write", counted)
    assert Retention(house.store).apply(house.clock.forward(days=91), DAYS).answers == 2 * BATCH + 1
    assert most == BATCH
