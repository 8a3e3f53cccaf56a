"""What is written in a ticket's threads reaches the other side; edits and deletions follow."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.desk.relaying import NOT_PASSED_ON
from bot.desk.routing import YOU_ARE_WELCOME, ThreadOpening
from bot.desk.tickets import DELETED
from tests.bot.desk.desk_fakes import ANA, BEN, COACHES, GENERAL, MIA, TOM, House

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
    assert house.postman.kinds() == ["relayed"]
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
    [relayed] = house.postman.deliver()
    assert (relayed.kind, relayed.channel, relayed.thread) == ("relayed", COACHES, house.desk.ticket(1).card_ts)
    assert house.library.searched == []


def test_a_thank_you_in_an_open_ticket_is_passed_on_like_anything_else(house: House) -> None:
    ticket = house.open_ticket()
    house.in_asker_thread(ticket, MIA, "Thanks!")
    assert house.postman.kinds() == ["relayed"]


@pytest.mark.parametrize(("text", "kinds"), [
    ("How do I claim expenses?", ["relayed", "answer"]), ("And my chair is broken", ["relayed", "handed_over"]),
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
    assert house.postman.kinds() == ["relayed"]
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
    assert house.postman.kinds() == ["reopened", "relayed", "card_changed"]
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
    assert house.postman.kinds() == []
    house.in_asker_thread(ticket, TOM, "Mine is broken, too", mentioned=True)
    assert house.postman.kinds() == ["handed_over", "card"]
    assert house.desk.ticket(1).state == "resolved"
    assert house.desk.ticket(2).asker == TOM


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
    [whisper] = house.postman.deliver()
    assert (whisper.kind, whisper.user, whisper.content) == ("whisper", MIA, {"text": YOU_ARE_WELCOME})


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


def test_edits_follow_both_ways(house: House) -> None:
    ticket = house.open_ticket()
    from_coach = house.in_card_thread(ticket, ANA, "Try dor 3")
    from_asker = house.in_asker_thread(ticket, MIA, "Wich door?")
    links = [notice.content["link"] for notice in house.postman.deliver() if notice.kind == "relayed"]
    house.desk.edited(COACHES, from_coach.ts, "Try door 3", house.clock.now)
    house.desk.edited(ticket.asker_channel, from_asker.ts, "Which door?", house.clock.now)
    to_asker, to_coaches = house.postman.deliver()
    assert (to_asker.kind, to_asker.channel, to_coaches.kind, to_coaches.channel) == (
        "relay_edited", ticket.asker_channel, "relay_edited", COACHES)
    assert to_asker.content == {"link": links[0], "text": "Try door 3", "author": ANA}
    assert {to_asker.content["link"], to_coaches.content["link"]} == set(links)
    assert [entry.text for entry in house.desk.history(1)][-2:] == ["Try door 3", "Which door?"]


def test_an_edit_that_changes_no_word_is_none(house: House) -> None:
    ticket = house.open_ticket()
    message = house.in_card_thread(ticket, ANA, "See https://example.com")
    house.postman.deliver()
    before = house.everything()
    house.desk.edited(COACHES, message.ts, "See https://example.com", house.clock.now)
    assert house.everything() == before


def test_a_reply_edited_into_a_note_is_taken_back(house: House) -> None:
    ticket = house.open_ticket()
    message = house.in_card_thread(ticket, ANA, "He always does this")
    house.postman.deliver()
    house.desk.edited(COACHES, message.ts, "// He always does this", house.clock.now)
    assert house.postman.kinds() == ["relay_deleted"]


def test_of_a_deleted_message_the_text_goes(house: House) -> None:
    ticket = house.open_ticket()
    message = house.in_asker_thread(ticket, MIA, "My password is hunter2")
    house.postman.deliver()
    house.desk.deleted(ticket.asker_channel, message.ts, house.clock.now)
    [notice] = house.postman.deliver()
    assert (notice.kind, notice.channel, notice.content["author"]) == ("relay_deleted", COACHES, MIA)
    assert "hunter2" not in house.everything()
    assert steps(house) == ["opened", "asker_replied"]


def test_what_is_deleted_before_it_was_relayed_is_never_shown(house: House) -> None:
    ticket = house.open_ticket()
    message = house.in_asker_thread(ticket, MIA, "My password is hunter2")
    house.desk.deleted(ticket.asker_channel, message.ts, house.clock.now)
    assert house.postman.kinds() == []
    assert "hunter2" not in house.everything()


def test_a_copy_that_may_be_there_already_is_taken_back_after_it(house: House) -> None:
    ticket = house.open_ticket()
    message = house.in_asker_thread(ticket, MIA, "My password is hunter2")
    outgoing = house.desk.outbox.claim_next(house.clock.now)
    assert outgoing is not None
    house.desk.outbox.retry(outgoing.id, house.clock.now, timedelta(), doubtful=True)
    house.desk.deleted(ticket.asker_channel, message.ts, house.clock.now)
    assert house.postman.kinds() == ["relayed", "relay_deleted"]


@pytest.mark.parametrize("how", [{"direct": True}, {"mentioned": True}])
def test_of_a_deleted_question_the_text_goes_and_the_ticket_stays(house: House, how: dict[str, bool]) -> None:
    message = house.say(MIA, "My password is hunter2", files=(FILE,), **how)
    house.postman.deliver()
    house.desk.deleted(message.channel, message.ts, house.clock.now)
    assert house.postman.kinds() == ["card_changed"]
    ticket = house.desk.ticket(1)
    assert (ticket.state, ticket.question, ticket.files) == ("new", DELETED, ())
    assert "hunter2" not in house.everything()


def test_an_edited_question_stands_on_the_card_and_starts_no_answer(house: House) -> None:
    message = house.say(MIA, "My badge is brocken", direct=True)
    house.postman.deliver()
    house.desk.edited(message.channel, message.ts, "My expenses are broken", house.clock.now)
    assert house.postman.kinds() == ["card_changed"]
    assert house.desk.ticket(1).question == "My expenses are broken"
    assert len(house.library.searched) == 1


def test_still_stuck_after_an_edit_takes_the_new_words(house: House) -> None:
    message = house.say(MIA, "expenses?", mentioned=True)
    [answer] = house.postman.deliver()
    house.desk.edited(message.channel, message.ts, "How do I claim expenses from March?", house.clock.now)
    house.desk.still_stuck(answer.content["answer"], MIA, house.clock.now)
    assert house.desk.ticket(1).question == "How do I claim expenses from March?"


def test_edits_and_deletions_of_unknown_messages_change_nothing(house: House) -> None:
    house.open_ticket()
    before = house.everything()
    house.desk.edited(GENERAL, "1.1", "expenses?", house.clock.now)
    house.desk.deleted(GENERAL, "1.1", house.clock.now)
    assert house.everything() == before
