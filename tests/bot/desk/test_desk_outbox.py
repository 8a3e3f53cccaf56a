"""Messages go out in order per channel, and what became of them is written back."""

from __future__ import annotations

from datetime import timedelta

from bot.desk.types import Notice, Outgoing
from tests.bot.desk.desk_fakes import ANA, COACHES, GENERAL, MIA, House, broken_off


def put(house: House, text: str, channel: str = GENERAL) -> None:
    house.desk.outbox.add(Notice("whisper", channel, user=MIA, content={"text": text}), house.clock.now)


def claim(house: House) -> Outgoing:
    outgoing = house.desk.outbox.claim_next(house.clock.now)
    assert outgoing is not None
    return outgoing


def text_of(outgoing: Outgoing) -> str:
    return str(outgoing.notice.content["text"])


def test_a_channel_is_served_in_order_while_others_go_on(house: House) -> None:
    for text, channel in (("a1", "A"), ("a2", "A"), ("b1", "B")):
        put(house, text, channel)
    a1, b1 = claim(house), claim(house)
    assert [text_of(a1), text_of(b1)] == ["a1", "b1"]
    assert house.desk.outbox.claim_next(house.clock.now) is None
    house.desk.outbox.retry(a1.id, house.clock.now, timedelta(seconds=30), doubtful=False)
    assert house.desk.outbox.claim_next(house.clock.now) is None, "the head of the channel waits, so the channel waits"
    house.clock.forward(seconds=30)
    again = claim(house)
    assert (text_of(again), again.attempts, again.doubtful, again.key) == ("a1", 1, False, a1.key)
    house.desk.outbox.sent(again.id, house.clock.now, None)
    assert text_of(claim(house)) == "a2"


def test_doubt_stays_until_it_is_sent(house: House) -> None:
    put(house, "a1")
    first = claim(house)
    house.desk.outbox.retry(first.id, house.clock.now, timedelta(), doubtful=True)
    second = claim(house)
    assert second.doubtful
    house.desk.outbox.retry(second.id, house.clock.now, timedelta(), doubtful=False)
    assert claim(house).doubtful


def test_what_was_being_sent_when_the_process_died_is_doubtful(house: House) -> None:
    put(house, "a1")
    put(house, "a2")
    claim(house)
    house.desk.start(house.clock.now)
    a1 = claim(house)
    assert (text_of(a1), a1.doubtful) == ("a1", True)
    house.desk.outbox.sent(a1.id, house.clock.now, "1.1")
    assert not claim(house).doubtful


def test_giving_up_frees_the_channel(house: House) -> None:
    put(house, "a1")
    put(house, "a2")
    house.desk.outbox.give_up(claim(house).id, house.clock.now, "is_archived")
    assert text_of(claim(house)) == "a2"
    assert house.desk.outbox.pending() == 1


def test_it_belongs_to_the_transaction_that_is_open(house: House) -> None:
    with broken_off(house.store):
        put(house, "never happened")
    assert house.desk.outbox.pending() == 0
    assert not house.desk.outbox.added.is_set()
    put(house, "happened")
    assert house.desk.outbox.added.is_set()


def test_threads_are_known_once_their_first_message_is_sent(house: House) -> None:
    house.desk.request(house.asked(MIA, "I need a new badge"), house.clock.now)
    house.desk.claim(1, ANA, house.clock.now)
    house.desk.ask_back(1, ANA, "Which floor?", house.clock.now)
    sent = {notice.kind: notice for notice in house.postman.deliver()}
    ts = {notice.kind: ts for notice, ts in house.postman.sent}
    ticket = house.desk.ticket(1)
    assert (ticket.asker_thread, ticket.card_ts) == (ts["thread_opener"], ts["card"])
    assert sent["asked_back"].thread == ticket.asker_thread
    assert sent["noted_in_thread"].thread == ticket.card_ts


def test_a_card_that_could_not_be_posted_is_posted_by_its_next_change(house: House) -> None:
    house.say(MIA, "My badge is broken", direct=True)
    while (outgoing := house.desk.outbox.claim_next(house.clock.now)) is not None:
        house.desk.outbox.give_up(outgoing.id, house.clock.now, "channel_not_found")
    house.desk.ask_back(1, ANA, "Which floor?", house.clock.now)
    kinds = house.postman.kinds()
    assert kinds == ["asked_back", "card", "noted_in_thread"]
    assert house.desk.ticket(1).card_ts is not None


def test_only_one_change_of_a_card_waits_at_a_time(house: House) -> None:
    ticket = house.open_ticket()
    house.desk.claim(ticket.number, ANA, house.clock.now)
    house.desk.release(ticket.number, ANA, house.clock.now)
    assert house.postman.kinds().count("card_changed") == 1
    house.desk.claim(ticket.number, ANA, house.clock.now)
    assert house.postman.kinds().count("card_changed") == 1


def test_a_change_that_comes_while_the_card_is_being_drawn_is_drawn_afterwards(house: House) -> None:
    house.say(MIA, "My badge is broken", direct=True)
    house.postman.deliver()
    house.desk.claim(1, ANA, house.clock.now)
    while (drawing := claim(house)).notice.kind != "card_changed":
        house.desk.outbox.sent(drawing.id, house.clock.now, "1.5")
    house.desk.release(1, ANA, house.clock.now)
    house.desk.outbox.sent(drawing.id, house.clock.now, None)
    assert "card_changed" in house.postman.kinds()


def test_a_change_of_a_doubtful_card_is_drawn_after_it(house: House) -> None:
    house.say(MIA, "My badge is broken", direct=True)
    while (outgoing := house.desk.outbox.claim_next(house.clock.now)) is not None:
        house.desk.outbox.retry(outgoing.id, house.clock.now, timedelta(seconds=5), doubtful=True)
    house.desk.claim(1, ANA, house.clock.now)
    house.clock.forward(seconds=5)
    assert [kind for kind in house.postman.kinds() if kind.startswith("card")] == ["card", "card_changed"]


def test_the_text_of_what_was_sent_does_not_stay(house: House) -> None:
    put(house, "secret words")
    house.postman.deliver()
    assert "secret words" not in house.everything()


def test_a_week_later_it_is_forgotten_unless_it_is_still_to_be_sent(house: House) -> None:
    put(house, "a1")
    house.postman.deliver()
    put(house, "a2")
    house.desk.purge(house.clock.forward(days=8))
    assert house.store.rows("SELECT count(*) AS n FROM outbox") == [{"n": 1}]
    assert house.desk.outbox.pending() == 1


def test_each_channel_of_coaches_and_askers_is_its_own_queue(house: House) -> None:
    house.say(MIA, "My badge is broken", direct=True)
    assert {claim(house).notice.channel, claim(house).notice.channel} == {COACHES, f"D-{MIA}"}
