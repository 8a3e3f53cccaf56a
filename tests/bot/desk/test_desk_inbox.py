"""Nothing that came in is lost or done twice, and one conversation is done in order."""

from __future__ import annotations

import threading
from datetime import timedelta

from bot.desk.inbox import TRIES, Inbox, InboxItem
from tests.bot.desk.desk_fakes import House


def claim(house: House) -> InboxItem:
    item = house.inbox.claim_next(house.clock.now)
    assert item is not None
    return item


def test_a_key_is_recorded_once_also_after_it_was_done(house: House) -> None:
    now = house.clock.now
    assert house.inbox.record("e1", "event", {"text": "häßlich"}, "c", now) is not None
    assert house.inbox.record("e1", "event", {}, "c", now) is None
    item = claim(house)
    assert (item.key, item.kind, item.payload, item.attempts) == ("e1", "event", {"text": "häßlich"}, 0)
    house.inbox.done(item.id, now)
    assert house.inbox.record("e1", "event", {}, "c", now) is None
    assert house.inbox.claim_next(now) is None
    assert "häßlich" not in house.everything(), "the text of what is done does not stay"


def test_one_conversation_is_done_in_order_and_others_beside_it(house: House) -> None:
    for key, conversation in (("a1", "a"), ("a2", "a"), ("b1", "b"), ("x1", ""), ("x2", "")):
        house.inbox.record(key, "event", {}, conversation, house.clock.now)
    first = claim(house)
    assert [first.key, *(claim(house).key for _ in range(3))] == ["a1", "b1", "x1", "x2"]
    assert house.inbox.claim_next(house.clock.now) is None
    house.inbox.done(first.id, house.clock.now)
    assert claim(house).key == "a2"


def test_what_fails_is_tried_again_after_growing_waits_and_given_up_in_the_end(house: House) -> None:
    house.inbox.record("e1", "event", {}, "c", house.clock.now)
    waits = []
    for attempt in range(1, TRIES):
        item = claim(house)
        assert item.attempts == attempt - 1
        assert house.inbox.retry(item.id, house.clock.now, "StoreBusy")
        began = house.clock.now
        while house.inbox.claim_next(house.clock.now) is None:
            house.clock.forward(seconds=0.5)
        waits.append((house.clock.now - began) / timedelta(seconds=1))
        house.inbox.take_up(house.clock.now)
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256]
    assert not house.inbox.retry(claim(house).id, house.clock.now, "StoreBusy")
    assert house.inbox.claim_next(house.clock.forward(days=1)) is None
    assert house.inbox.pending() == 0


def test_what_a_killed_process_left_is_taken_up(house: House) -> None:
    house.inbox.record("half done", "event", {"n": 1}, "c", house.clock.now)
    claim(house)
    held = house.inbox.record("held", "view", {"n": 2}, "c", house.clock.now, held=True)
    assert held is not None
    assert house.inbox.claim_next(house.clock.now) is None
    again = Inbox(house.store)
    assert again.take_up(house.clock.now) == 2
    assert claim(house).payload == {"n": 1}


def test_a_held_item_that_is_done_is_not_taken_up(house: House) -> None:
    held = house.inbox.record("held", "view", {}, "c", house.clock.now, held=True)
    assert held is not None
    house.inbox.done(held, house.clock.now)
    assert house.inbox.take_up(house.clock.now) == 0


def test_keys_survive_a_week_and_no_longer(house: House) -> None:
    house.inbox.record("e1", "event", {}, "c", house.clock.now)
    house.inbox.record("e2", "event", {}, "c", house.clock.now)
    house.inbox.done(claim(house).id, house.clock.now)
    assert house.inbox.purge(house.clock.forward(days=7)) == 0
    assert house.inbox.purge(house.clock.forward(seconds=1)) == 1
    assert house.inbox.pending() == 1, "what is not done is never purged"


def test_workers_side_by_side_never_get_the_same_item(house: House) -> None:
    for n in range(40):
        house.inbox.record(f"e{n}", "event", {}, f"c{n % 20}", house.clock.now)
    got: list[str] = []

    def work() -> None:
        while (item := house.inbox.claim_next(house.clock.now)) is not None:
            got.append(item.key)
            house.inbox.done(item.id, house.clock.now)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    # A worker may have gone home because all that was left was of conversations just being worked on.
    work()
    assert sorted(got) == sorted(f"e{n}" for n in range(40))


def test_whoever_waits_is_woken(house: House) -> None:
    assert not house.inbox.added.is_set()
    house.inbox.record("e1", "event", {}, "c", house.clock.now)
    assert house.inbox.added.is_set()
