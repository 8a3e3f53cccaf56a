"""What is written in a ticket's threads reaches the other side; edits and deletions follow."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.desk.relaying import NOT_PASSED_ON
from bot.desk.routing import ThreadOpening
from tests.bot.desk.desk_fakes import ANA, BEN, COACHES, MIA, TOM, House

FILE = {"id": "F1", "name": "screen.png", "url": "https://files.example/F1"}


def steps(house: House) -> list[str]:
    return [entry.step for entry in house.desk.history(1)]


def test_a_coachs_reply_reaches_the_asker_and_claims_the_ticket(house: House) -> None:
    ticket = house.open_ticket()
    message = house.in_card_thread(ticket, ANA, "Try the other door", files=(FILE,))
    relayed, card = house.postman.deliver()
    assert (relayed.kind, relayed.channel, relayed.thread) == ("relayed", ticket.asker_channel, ticket.asker_thread)
    assert (relayed.content["text"], relayed.content["author"]) == ("Try the other door", ANA)
    assert relayed.content["files"] == [FILE]
    assert relayed.content["source"] == {"channel": COACHES, "ts": message.ts}
    assert card.kind == "card_changed"
    link = house.desk.link(relayed.content["link"])
    assert (link.source_ts, link.copy_ts) == (message.ts, house.postman.sent[-2][1])
    assert house.desk.ticket(1).owner == ANA
    assert steps(house) == ["opened", "claimed", "coach_replied"]
    house.in_card_thread(ticket, BEN, "Or the lift")
    assert house.postman.kinds() == ["relayed", "card_changed"]
    assert house.desk.ticket(1).owner == ANA


def test_a_note_stays_among_the_coaches(house: House) -> None:
    ticket = house.open_ticket()
    house.in_card_thread(ticket, ANA, " // I know this one")
    assert house.postman.kinds() == []
    assert steps(house) == ["opened", "noted"]
    assert house.desk.ticket(1).owner is None


def test_who_is_no_coach_is_told_that_nothing_was_passed_on(house: House) -> None:
    ticket = house.open_ticket()
    message = house.in_card_thread(ticket, TOM, "Me too!")
    [whisper] = house.postman.deliver()
    assert (whisper.kind, whisper.user, whisper.thread, whisper.content) == ("whisper", TOM, message.thread_ts,
                                                                            {"text": NOT_PASSED_ON})


def test_what_the_asker_adds_reaches_the_coaches_without_an_answer(house: House) -> None:
    ticket = house.open_ticket()
    house.library.searched.clear()
    house.in_asker_thread(ticket, MIA, "It is about expenses")
    relayed, card = house.postman.deliver()
    assert card.kind == "card_changed", "what is due next stands on it"
    assert (relayed.kind, relayed.channel, relayed.thread) == ("relayed", COACHES, house.desk.ticket(1).card_ts)
    assert house.library.searched == []


def test_a_thank_you_in_an_open_ticket_is_passed_on_like_anything_else(house: House) -> None:
    ticket = house.open_ticket()
    house.in_asker_thread(ticket, MIA, "Thanks!")
    assert house.postman.kinds() == ["relayed", "card_changed"]


@pytest.mark.parametrize(("text", "kinds"), [
    ("How do I claim expenses?", ["relayed", "card_changed", "answer"]),
    ("And my chair is broken", ["relayed", "card_changed", "handed_over"]),
    ("", ["clarify"])])
def test_mentioned_in_an_open_ticket_it_answers_without_a_second_one(house: House, text: str, kinds: list[str]) -> None:
    ticket = house.open_ticket()
    house.in_asker_thread(ticket, MIA, text, mentioned=True)
    notices = house.postman.deliver()
    assert sorted(notice.kind for notice in notices) == sorted(kinds)
    assert [ticket.number for ticket in house.desk.open_tickets()] == [1]
    assert all(notice.ticket == 1 for notice in notices if notice.kind == "handed_over")


def test_still_stuck_in_an_open_tickets_thread_opens_no_second_one(house: House) -> None:
    ticket = house.open_ticket()
    house.in_asker_thread(ticket, MIA, "How do I claim expenses?", mentioned=True)
    answer = next(notice for notice in house.postman.deliver() if notice.kind == "answer")
    house.desk.still_stuck(answer.content["answer"], MIA, house.clock.now)
    assert sorted(house.postman.kinds()) == ["answer_settled", "noted_in_thread", "passed_on"]
    assert len(house.desk.open_tickets()) == 1


def test_a_colleague_in_the_thread_is_heard_but_does_not_end_the_waiting(house: House) -> None:
    ticket = house.open_ticket()
    house.desk.ask_back(1, ANA, "Which floor?", house.clock.now)
    house.postman.deliver()
    house.in_asker_thread(ticket, TOM, "It happens to me, too")
    assert house.postman.kinds() == ["relayed", "card_changed"]
    assert house.desk.ticket(1).state == "waiting"
    house.in_asker_thread(ticket, MIA, "The third")
    assert house.postman.kinds() == ["relayed", "card_changed"]
    assert house.desk.ticket(1).state == "claimed"


def test_a_coach_in_the_askers_thread_has_replied(house: House) -> None:
    ticket = house.open_ticket()
    house.in_asker_thread(ticket, BEN, "I come over")
    assert steps(house) == ["opened", "claimed", "coach_replied"]
    relayed, _ = house.postman.deliver()
    assert relayed.channel == COACHES


def test_the_asker_reopens_a_resolved_ticket(house: House) -> None:
    ticket = house.open_ticket()
    house.desk.resolve(1, ANA, "Done.", False, house.clock.now)
    house.postman.deliver()
    house.in_asker_thread(ticket, MIA, "It is broken again")
    to_coaches, to_asker, *more = house.postman.deliver()
    assert [one.kind for one in (to_coaches, to_asker, *more)] == ["reopened", "open_again", "relayed", "card_changed"]
    assert (to_asker.channel, to_asker.thread) == (ticket.asker_channel, ticket.asker_thread)
    assert (house.desk.ticket(1).state, house.desk.ticket(1).owner) == ("claimed", ANA)
    assert steps(house)[-2:] == ["reopened", "asker_replied"]


def test_a_dismissed_ticket_that_nobody_owned_is_new_again(house: House) -> None:
    ticket = house.open_ticket()
    house.desk.dismiss(1, ANA, house.clock.now)
    house.in_asker_thread(ticket, MIA, "I did mean it")
    assert (house.desk.ticket(1).state, house.desk.ticket(1).owner) == ("new", None)


def test_a_thank_you_does_not_reopen(house: House) -> None:
    ticket = house.open_ticket()
    house.desk.resolve(1, ANA, "Done.", False, house.clock.now)
    house.postman.deliver()
    house.in_asker_thread(ticket, MIA, "Thank you so much!")
    assert house.postman.kinds() == []
    assert house.desk.ticket(1).state == "resolved"


def test_others_do_not_reopen_but_may_ask(house: House) -> None:
    ticket = house.open_ticket()
    house.desk.resolve(1, ANA, "Done.", False, house.clock.now)
    house.postman.deliver()
    house.in_asker_thread(ticket, TOM, "Mine is broken, too")
    [heard] = house.postman.deliver()
    assert (heard.kind, heard.channel, heard.content["author"]) == ("relayed", COACHES, TOM)
    assert steps(house)[-1] == "noted"
    house.in_asker_thread(ticket, TOM, "Mine is broken, too", mentioned=True)
    assert house.postman.kinds() == ["handed_over", "card"]
    assert house.desk.ticket(1).state == "resolved"
    assert house.desk.ticket(2).asker == TOM


def test_of_others_a_thank_you_after_the_resolution_is_no_word_to_the_coaches(house: House) -> None:
    ticket = house.open_ticket()
    house.desk.resolve(1, ANA, "Done.", False, house.clock.now)
    house.postman.deliver()
    house.in_asker_thread(ticket, TOM, "Thank you!")
    assert house.postman.kinds() == []


def test_what_others_say_under_a_closed_ticket_is_among_themselves(house: House) -> None:
    ticket = house.open_ticket()
    house.desk.dismiss(1, ANA, house.clock.now)
    house.postman.deliver()
    house.in_asker_thread(ticket, TOM, "Lunch?")
    assert house.postman.kinds() == []


def test_what_a_coach_adds_after_the_resolution_is_passed_on(house: House) -> None:
    ticket = house.open_ticket()
    house.desk.resolve(1, ANA, "Done.", False, house.clock.now)
    house.postman.deliver()
    house.in_card_thread(ticket, ANA, "One more thing")
    assert house.postman.kinds() == ["relayed"]
    assert house.desk.ticket(1).state == "resolved"


def test_in_a_thread_with_the_bot_one_need_not_mention_it_again(house: House) -> None:
    first = house.say(MIA, "expenses?", mentioned=True)
    house.postman.deliver()
    house.say(TOM, "expenses?", thread_ts=first.ts)
    assert house.postman.kinds() == [], "the bot never spoke with Tom here"
    house.say(MIA, "And expenses abroad?", thread_ts=first.ts)
    [answer] = house.postman.deliver()
    assert (answer.kind, answer.thread) == ("answer", first.ts)
    house.say(MIA, "Thanks!", thread_ts=first.ts)
    assert house.postman.kinds() == []


@pytest.mark.parametrize("more", [{"text": "ok Priya, I'll ask Bob"}, {"text": "", "files": (FILE,)}])
def test_talk_among_colleagues_in_the_bots_thread_is_left_alone(house: House, more: dict[str, Any]) -> None:
    first = house.say(MIA, "expenses?", mentioned=True)
    house.say(TOM, "Bob knows", thread_ts=first.ts)
    house.postman.deliver()
    before = house.everything()
    house.say(MIA, **more, thread_ts=first.ts)
    assert house.everything() == before


def test_in_the_direct_messages_all_is_meant_for_the_bot(house: House) -> None:
    first = house.say(MIA, "expenses?", direct=True)
    house.postman.deliver()
    house.say(MIA, "And my badge is broken", direct=True, thread_ts=first.ts)
    assert house.postman.kinds() == ["handed_over", "card"]


def test_who_was_asked_back_by_the_bot_tells_the_bot(house: House) -> None:
    first = house.say(MIA, "", mentioned=True)
    assert house.postman.kinds() == ["clarify"]
    house.say(MIA, "My badge is broken", thread_ts=first.ts)
    assert house.postman.kinds() == ["handed_over", "card"]


def test_what_is_not_for_the_bot_is_left_alone(house: House) -> None:
    before = house.everything()
    house.say(MIA, "expenses, anybody?")
    house.say(MIA, "expenses, anybody?", thread_ts="1500.1")
    assert house.everything() == before


def test_a_twin_that_is_not_for_the_bot_does_not_use_up_the_key(house: House) -> None:
    message = house.say(MIA, "expenses?")
    house.desk.receive(replace(message, mentioned=True), house.clock.now)
    assert house.postman.kinds() == ["answer"]


def test_a_thank_you_out_of_the_blue_is_no_question(house: House) -> None:
    house.say(MIA, "Thanks a lot!", direct=True)
    [reply] = house.postman.deliver()
    assert (reply.kind, reply.content["talk"]) == ("small_talk", "thanks")


def test_a_reply_to_a_card_that_is_just_being_posted_is_not_lost(house: House) -> None:
    house.say(MIA, "My badge is broken", direct=True)
    while (outgoing := house.desk.outbox.claim_next(house.clock.now)).notice.kind != "card":  # type: ignore[union-attr]
        house.desk.outbox.sent(outgoing.id, house.clock.now, "1.5")  # type: ignore[union-attr]
    reply = house.message(ANA, "On my way", channel=COACHES, thread_ts="1700.9")
    with pytest.raises(ThreadOpening):
        house.desk.receive(reply, house.clock.now)
    house.desk.start(house.clock.now)  # killed before it was noted: the card is doubtful now
    with pytest.raises(ThreadOpening):
        house.desk.receive(reply, house.clock.now)
    card = house.desk.outbox.claim_next(house.clock.now)
    assert card is not None
    house.desk.outbox.sent(card.id, house.clock.now, "1700.9")
    house.desk.receive(reply, house.clock.now)
    assert house.postman.kinds() == ["relayed", "card_changed"]
