"""Edits and deletions reach the other side, whenever they come."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.desk.marks import DELETED
from bot.desk.types import Message
from indexer.types import Findings, Viewer
from tests.bot.desk.desk_fakes import ANA, BEN, COACHES, GENERAL, MIA, House

FILE = {"id": "F1", "name": "screen.png", "url": "https://files.example/F1"}


def steps(house: House) -> list[str]:
    return [entry.step for entry in house.desk.history(1)]


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
    assert house.postman.kinds() == ["relay_deleted", "card_changed"]


def test_a_reply_edited_into_a_note_is_no_response_until_it_is_edited_back(house: House) -> None:
    ticket = house.open_ticket()
    message = house.in_card_thread(ticket, ANA, "Try door 3")
    house.postman.deliver()
    assert house.desk.clocks(1, house.clock.now).first_response.state == "met"
    house.desk.edited(COACHES, message.ts, "// Try door 3", house.clock.forward(minutes=1))
    assert house.desk.clocks(1, house.clock.now).first_response.state in ("running", "stopped")
    assert steps(house)[-1] == "noted"
    house.postman.deliver()
    house.desk.edited(COACHES, message.ts, "Try door 3 first", house.clock.forward(minutes=1))
    assert house.postman.kinds() == ["relay_edited", "card_changed"]
    assert house.desk.clocks(1, house.clock.now).first_response.state == "met", "the asker had read it at once"
    assert [(entry.step, entry.text) for entry in house.desk.history(1)][-1] == ("coach_replied", "Try door 3 first")


def test_a_reply_made_a_note_before_it_was_relayed_never_reaches_the_asker(house: House) -> None:
    ticket = house.open_ticket()
    message = house.in_card_thread(ticket, ANA, "He always does this")
    house.desk.edited(COACHES, message.ts, "// He always does this", house.clock.now)
    assert house.postman.kinds() == ["card_changed"]
    assert steps(house)[-1] == "noted"


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
    assert house.postman.kinds() == ["card_changed"]
    assert "hunter2" not in house.everything()


def test_a_copy_that_may_be_there_already_is_taken_back_after_it(house: House) -> None:
    ticket = house.open_ticket()
    message = house.in_asker_thread(ticket, MIA, "My password is hunter2")
    outgoing = house.desk.outbox.claim_next(house.clock.now)
    assert outgoing is not None
    house.desk.outbox.retry(outgoing.id, house.clock.now, timedelta(), doubtful=True)
    house.desk.deleted(ticket.asker_channel, message.ts, house.clock.now)
    assert house.postman.kinds() == ["relayed", "card_changed", "relay_deleted"]


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
    assert house.everything() == before
    house.desk.deleted(GENERAL, "1.1", house.clock.now)
    assert house.postman.kinds() == []


def edit(house: House, message: Message, text: str) -> list[str]:
    """Edit a message and tell what is sent."""
    house.desk.edited(message.channel, message.ts, text, house.clock.forward(minutes=1))
    return house.postman.kinds()


def test_a_note_edited_into_a_message_is_passed_on_once(house: House) -> None:
    ticket = house.open_ticket()
    note = house.in_card_thread(ticket, ANA, "// try door 3")
    assert edit(house, note, "// try door 4") == []
    house.desk.edited(COACHES, note.ts, "Try door 4", house.clock.now)
    relayed, card = house.postman.deliver()
    assert (relayed.kind, relayed.channel, relayed.thread, card.kind) == (
        "relayed", ticket.asker_channel, ticket.asker_thread, "card_changed")
    assert (relayed.content["text"], relayed.content["author"]) == ("Try door 4", ANA)
    assert house.desk.ticket(1).owner == ANA
    assert [(entry.step, entry.text) for entry in house.desk.history(1)][1:] == [
        ("noted", ""), ("claimed", ""), ("coach_replied", "Try door 4")]
    assert edit(house, note, "Try door 4") == []
    assert edit(house, note, "Try door 5") == ["relay_edited"]
    assert house.desk.history(1)[1].text == ""
    house.desk.deleted(COACHES, note.ts, house.clock.now)
    assert house.postman.kinds() == ["relay_deleted"]
    assert "Try door" not in house.everything()


def test_a_note_of_another_coach_leaves_the_owner(house: House) -> None:
    ticket = house.open_ticket()
    house.desk.claim(1, ANA, house.clock.now)
    note = house.in_card_thread(ticket, BEN, "// the lift")
    house.postman.deliver()
    assert edit(house, note, "Take the lift") == ["relayed", "card_changed"]
    assert house.desk.ticket(1).owner == ANA


def test_a_note_without_words_left_is_not_passed_on(house: House) -> None:
    ticket = house.open_ticket()
    note = house.in_card_thread(ticket, ANA, "// try door 3")
    assert edit(house, note, " ") == []
    assert edit(house, note, "Try door 3") == ["relayed", "card_changed"]


def test_a_reply_that_was_a_note_for_a_while_is_there_again(house: House) -> None:
    ticket = house.open_ticket()
    reply = house.in_card_thread(ticket, ANA, "Try door 3")
    house.postman.deliver()
    assert edit(house, reply, "// Try door 3") == ["relay_deleted", "card_changed"]
    assert edit(house, reply, "Try door 4") == ["relay_edited", "card_changed"]
    assert steps(house) == ["opened", "claimed", "coach_replied"]


def test_a_reply_withdrawn_before_it_was_sent_can_still_be_passed_on(house: House) -> None:
    ticket = house.open_ticket()
    reply = house.in_card_thread(ticket, ANA, "Try dor 3")
    house.desk.edited(COACHES, reply.ts, "Try door 3", house.clock.now)
    assert edit(house, reply, "// Try door 3") == ["card_changed"]
    assert edit(house, reply, "Try door 4") == ["relayed", "card_changed"]
    assert steps(house) == ["opened", "claimed", "noted", "coach_replied"], "the asker hears of it only now"


def test_an_edit_that_comes_after_the_deletion_brings_nothing_back(house: House) -> None:
    ticket = house.open_ticket()
    message = house.in_asker_thread(ticket, MIA, "My password is hunter2")
    house.postman.deliver()
    house.desk.deleted(ticket.asker_channel, message.ts, house.clock.now)
    assert house.postman.kinds() == ["relay_deleted"]
    assert edit(house, message, "My password is hunter3") == []
    assert "hunter" not in house.everything()


@pytest.mark.parametrize("text", ["My badge is broken", "How do I claim expenses?"])
def test_a_question_deleted_before_it_was_taken_up_is_none(house: House, text: str) -> None:
    message = house.message(MIA, text, direct=True)
    house.desk.deleted(message.channel, message.ts, house.clock.now)
    house.desk.receive(message, house.clock.now)
    assert house.postman.kinds() == []
    assert house.desk.tickets_of(MIA) == []
    assert house.library.searched == []


def test_a_question_deleted_while_it_is_looked_up_is_none(house: House) -> None:
    message = house.message(MIA, "My badge is broken", direct=True)

    def find_slowly(question: str, viewer: Viewer) -> Findings:
        house.desk.deleted(message.channel, message.ts, house.clock.now)
        return house.library.find(question, viewer)

    house.desk_with(find_slowly).receive(message, house.clock.now)
    assert house.postman.kinds() == []
    assert house.desk.tickets_of(MIA) == []


def test_a_deletion_told_twice_is_passed_on_once(house: House) -> None:
    ticket = house.open_ticket()
    message = house.in_asker_thread(ticket, MIA, "My password is hunter2")
    house.postman.deliver()
    for _ in range(2):
        house.desk.deleted(ticket.asker_channel, message.ts, house.clock.now)
    assert house.postman.kinds() == ["relay_deleted"]


def test_an_edit_that_comes_before_its_message_is_what_is_asked(house: House) -> None:
    message = house.message(MIA, "How do I claim expanses?", direct=True)
    house.desk.edited(message.channel, message.ts, "How do I claim an expense?", house.clock.now, early=True)
    house.desk.receive(message, house.clock.now)
    assert house.library.searched[-1][0] == "How do I claim an expense?"
    assert house.postman.kinds() == ["answer"]


def test_an_edit_that_comes_while_its_message_is_worked_on_is_not_lost(house: House) -> None:
    message = house.message(MIA, "My badge is brokn", direct=True)

    def find(question: str, viewer: Viewer) -> Findings:
        house.desk.edited(message.channel, message.ts, "My badge is broken", house.clock.now, early=True)
        return house.library.find(question, viewer)

    house.desk_with(find).receive(message, house.clock.now)
    assert house.desk.ticket(1).question == "My badge is broken"


def test_the_latest_of_early_edits_counts_and_a_deletion_takes_them_all(house: House) -> None:
    kept, gone = (house.message(MIA, text, direct=True) for text in ("My badge one", "My badge two"))
    for text in ("My badge is", "My badge is red"):
        house.desk.edited(kept.channel, kept.ts, text, house.clock.now, early=True)
        house.desk.edited(gone.channel, gone.ts, text, house.clock.now, early=True)
    house.desk.deleted(gone.channel, gone.ts, house.clock.now)
    house.desk.receive(gone, house.clock.now)
    house.desk.receive(kept, house.clock.now)
    assert [ticket.question for ticket in house.desk.open_tickets()] == ["My badge is red"]
    assert "My badge is red" not in str(house.store.rows("SELECT * FROM early_edits"))


def test_edits_of_messages_that_never_come_are_forgotten(house: House) -> None:
    house.desk.edited(GENERAL, "1.1", "between others", house.clock.now, early=True)
    house.desk.edited(GENERAL, "1.2", "none of ours", house.clock.now)
    assert [row["ts"] for row in house.store.rows("SELECT ts FROM early_edits")] == ["1.1"]
    house.desk.purge(house.clock.forward(hours=2))
    assert house.store.rows("SELECT ts FROM early_edits") == []


QUESTION = "How do I claim an expense?"


def put_to_the_bot(house: House, message: Message, text: str) -> None:
    """An edit that puts the message to the bot."""
    now = replace(message, text=text, mentioned=not message.direct)
    house.desk.edited(message.channel, message.ts, text, house.clock.forward(seconds=5), early=True, asks=now)


def test_a_mention_that_is_added_afterwards_is_answered_once(house: House) -> None:
    message = house.say(MIA, QUESTION)
    assert house.postman.kinds() == []
    for text in (QUESTION, f"{QUESTION} Please!"):
        put_to_the_bot(house, message, text)
    house.desk.receive(message, house.clock.now)
    [answer] = house.postman.deliver()
    assert (answer.kind, answer.thread) == ("answer", message.ts)


def test_an_edit_that_comes_before_its_message_is_not_answered_twice(house: House) -> None:
    message = house.message(MIA, QUESTION)
    put_to_the_bot(house, message, QUESTION)
    house.desk.receive(replace(message, mentioned=True), house.clock.now)
    assert house.postman.kinds() == ["answer"]


def test_what_was_answered_or_handed_over_is_not_asked_again_by_an_edit(house: House) -> None:
    answered = house.say(MIA, QUESTION, mentioned=True)
    reported = house.message(MIA, "My badge is broken")
    house.desk.report(reported, ANA, house.clock.now)
    house.postman.deliver()
    put_to_the_bot(house, answered, "How do I claim another expense?")
    put_to_the_bot(house, reported, "My badge is broken, who helps?")
    assert house.postman.kinds() == ["card_changed"]
    assert len(house.desk.open_tickets()) == 1


@pytest.mark.parametrize("how", [{"mentioned": True}, {"direct": True}])
def test_words_added_to_what_had_none_are_the_question(house: House, how: dict[str, bool]) -> None:
    message = house.say(MIA, "", **how)
    assert house.postman.kinds() == ["clarify"]
    for _ in range(2):
        put_to_the_bot(house, message, QUESTION)
    assert house.postman.kinds() == ["answer"]


def test_words_added_after_the_question_was_asked_below_are_no_second_question(house: House) -> None:
    message = house.say(MIA, "", mentioned=True)
    house.say(MIA, QUESTION, thread_ts=message.ts)
    assert house.postman.kinds() == ["clarify", "answer"]
    put_to_the_bot(house, message, QUESTION)
    assert house.postman.kinds() == []


def test_a_message_deleted_before_its_edit_comes_is_not_answered(house: House) -> None:
    message = house.say(MIA, QUESTION)
    house.desk.deleted(GENERAL, message.ts, house.clock.now)
    put_to_the_bot(house, message, QUESTION)
    assert house.postman.kinds() == []
