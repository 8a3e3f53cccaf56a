"""A ticket outlives the thread that it began in."""

from __future__ import annotations

import pytest

from bot.desk.areas import Area
from bot.desk.policy import DeskPolicy
from bot.desk.types import Outgoing, Ticket
from bot.errors import UnknownTicket
from tests.bot.desk.desk_fakes import ANA, COACHES, GENERAL, MIA, TOM, House

DIRECT = f"D-{MIA}"


def asked_in_a_channel(house: House) -> Ticket:
    """A ticket whose question was deleted after it was answered."""
    message = house.say(MIA, "My badge is broken", mentioned=True)
    house.postman.deliver()
    house.desk.deleted(GENERAL, message.ts, house.clock.now)
    house.postman.deliver()
    return house.desk.ticket(1)


def claim_in(house: House, channel: str) -> Outgoing:
    """Begin to send what is next in a channel; what is due in others before it is sent."""
    while True:
        outgoing = house.desk.outbox.claim_next(house.clock.now)
        assert outgoing is not None
        if outgoing.notice.channel == channel:
            return outgoing
        house.desk.outbox.sent(outgoing.id, house.clock.now, f"1650.{outgoing.id}")


def test_what_met_with_the_missing_thread_and_what_follows_goes_to_the_direct_messages(house: House) -> None:
    ticket = asked_in_a_channel(house)
    reply = house.in_card_thread(ticket, ANA, "Try dor 3")
    failed = claim_in(house, GENERAL)
    assert failed.notice.kind == "relayed"
    house.desk.edited(COACHES, reply.ts, "Try door 3", house.clock.now)
    house.desk.ask_back(1, ANA, "Which floor?", house.clock.now)
    history = house.desk.history(1)
    assert house.desk.thread_gone(1, house.clock.now, thread=failed.notice.thread)
    moved = house.desk.ticket(1)
    assert (moved.asker_channel, moved.asker_thread, moved.state) == (DIRECT, None, "waiting")
    assert house.desk.history(1) == history
    sent = [notice for notice in house.postman.deliver() if notice.channel in (DIRECT, GENERAL)]
    opener = next(ts for notice, ts in house.postman.sent if notice.kind == "thread_opener")
    assert [(notice.kind, notice.channel, notice.thread) for notice in sent] == [
        ("thread_opener", DIRECT, ""), ("relayed", DIRECT, opener), ("relay_edited", DIRECT, ""),
        ("asked_back", DIRECT, opener)]
    link = house.desk.link(sent[1].content["link"])
    assert link.copy_channel == DIRECT
    assert link.copy_ts is not None
    moved = house.desk.ticket(1)
    house.in_asker_thread(moved, MIA, "The third")
    assert "relayed" in house.postman.kinds(), "the new thread is the ticket's"


def test_it_moves_once(house: House) -> None:
    old = asked_in_a_channel(house).asker_thread or ""
    assert house.desk.thread_gone(1, house.clock.now)
    assert not house.desk.thread_gone(1, house.clock.now)
    assert house.postman.kinds() == ["thread_opener"]
    before = house.everything()
    assert not house.desk.thread_gone(1, house.clock.now, thread=old), "the new thread is there"
    assert house.everything() == before


def test_another_thread_than_the_askers_moves_nothing(house: House) -> None:
    ticket = asked_in_a_channel(house)
    before = house.everything()
    assert not house.desk.thread_gone(1, house.clock.now, thread=ticket.card_ts or "")
    assert house.everything() == before
    with pytest.raises(UnknownTicket):
        house.desk.thread_gone(2, house.clock.now)


def test_that_it_was_handed_over_is_told_by_the_new_thread_alone(house: House) -> None:
    message = house.say(MIA, "My badge is broken", mentioned=True)
    failed = claim_in(house, GENERAL)
    assert (failed.notice.kind, failed.notice.thread) == ("handed_over", message.ts)
    assert house.desk.thread_gone(1, house.clock.now, thread=failed.notice.thread)
    assert sorted(house.postman.kinds()) == ["card", "thread_opener"]
    assert house.desk.outbox.pending() == 0


def test_in_the_direct_messages_too_the_new_thread_is_opened_first(house: House) -> None:
    ticket = house.open_ticket()
    house.in_card_thread(ticket, ANA, "Try door 3")
    failed = claim_in(house, DIRECT)
    assert house.desk.thread_gone(1, house.clock.now, thread=failed.notice.thread)
    kinds = [notice.kind for notice in house.postman.deliver() if notice.channel == DIRECT]
    assert kinds == ["thread_opener", "relayed"]


def test_other_tickets_keep_their_messages(house: House) -> None:
    asked_in_a_channel(house)
    house.say("U0TOM", "My chair is broken", mentioned=True)
    house.postman.deliver()
    house.desk.claim(1, ANA, house.clock.now)
    house.desk.claim(2, ANA, house.clock.now)
    house.desk.thread_gone(1, house.clock.now)
    told = {notice.ticket: notice.channel for notice in house.postman.deliver() if notice.kind == "claimed"}
    assert told == {1: DIRECT, 2: GENERAL}


def test_when_the_cards_channel_is_archived_the_ticket_is_shown_where_the_other_coaches_look(house: House) -> None:
    house.run_by(DeskPolicy(COACHES, (Area("Finance", "", "C0FINANCE"),), admin_channel="C0OPS"), lambda _: "Finance")
    house.say(MIA, "My badge is broken", direct=True)
    failed = claim_in(house, "C0FINANCE")
    house.in_asker_thread(house.desk.ticket(1), MIA, "Both sides of it")
    assert house.desk.card_gone(1, house.clock.now, channel="C0FINANCE")
    sent = [(notice.kind, notice.channel) for notice in house.postman.deliver() if notice.channel.startswith("C0")]
    assert (failed.notice.kind, sent) == ("card", [("card", COACHES), ("relayed", COACHES)])
    assert not house.desk.card_gone(1, house.clock.now, channel="C0FINANCE")


def test_what_was_being_said_in_an_archived_channel_is_said_in_the_next(house: House) -> None:
    house.run_by(DeskPolicy(COACHES, admin_channel="C0OPS"))
    ticket = house.open_ticket()
    house.in_asker_thread(ticket, MIA, "Both sides of it")
    assert claim_in(house, COACHES).notice.kind == "relayed"
    assert house.desk.card_gone(1, house.clock.now, channel=COACHES)
    sent = [(notice.kind, notice.channel) for notice in house.postman.deliver() if notice.channel.startswith("C0")]
    assert sent == [("card", "C0OPS"), ("relayed", "C0OPS")]


def test_without_another_channel_nothing_moves(house: House) -> None:
    house.open_ticket()
    before = house.everything()
    assert not house.desk.card_gone(1, house.clock.now, channel=COACHES)
    assert house.everything() == before


def test_a_card_that_was_deleted_is_posted_anew_with_what_waits_for_its_thread(house: House) -> None:
    ticket = house.open_ticket()
    house.in_asker_thread(ticket, MIA, "Both sides of it")
    assert claim_in(house, COACHES).notice.kind == "relayed"
    assert ticket.card_ts is not None
    assert house.desk.card_gone(1, house.clock.now, channel=COACHES, ts=ticket.card_ts)
    sent = [notice for notice in house.postman.deliver() if notice.channel == COACHES]
    assert [notice.kind for notice in sent] == ["card", "relayed"]
    assert sent[1].thread == house.desk.ticket(1).card_ts != ticket.card_ts
    assert not house.desk.card_gone(1, house.clock.now, channel=COACHES, ts=ticket.card_ts)


def test_what_the_asker_writes_in_the_old_thread_still_reaches_the_coaches(house: House) -> None:
    message = house.say(MIA, "My badge is broken", mentioned=True)
    house.postman.deliver()
    ticket = house.desk.ticket(1)
    assert house.desk.thread_gone(1, house.clock.now, thread=ticket.asker_thread or "")
    house.postman.deliver()
    said = house.say(MIA, "any news?", thread_ts=message.ts)
    house.desk.receive(said, house.clock.now)
    notices = {one.kind: one for one in house.postman.deliver()}
    assert notices.keys() == {"relayed", "card_changed", "whisper"}
    assert (notices["relayed"].channel, notices["relayed"].content["text"]) == (COACHES, "any news?")
    told = notices["whisper"]
    assert (told.channel, told.thread, told.user) == (GENERAL, message.ts, MIA)
    assert "FW-1" in told.content["text"]
    house.say(MIA, "hello?", thread_ts=message.ts)
    assert house.postman.kinds() == ["relayed", "card_changed"], "they have been told where it goes on"


def test_what_others_write_in_the_old_thread_stays_there(house: House) -> None:
    message = house.say(MIA, "My badge is broken", mentioned=True)
    house.postman.deliver()
    house.desk.thread_gone(1, house.clock.now)
    house.postman.deliver()
    house.say(TOM, "any news?", thread_ts=message.ts)
    assert house.postman.kinds() == []
    house.say(MIA, "How do I claim an expense?", thread_ts=message.ts, mentioned=True)
    assert house.postman.kinds() == ["answer"]
    house.desk.dismiss(1, ANA, house.clock.now)
    house.postman.deliver()
    house.say(MIA, "thanks", thread_ts=message.ts)
    assert house.postman.kinds() == []
