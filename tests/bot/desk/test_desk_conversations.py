"""Small talk, follow-ups and foreign languages, as the desk deals with them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.answering.answerer import Answerer
from bot.desk.desk import Desk
from bot.desk.marks import DELETED
from indexer.types import Findings, Hit, Viewer
from tests.bot.desk.desk_fakes import ANA, GENERAL, MIA, POLICY, TOM, House

PHONE = Hit("faq/phone.yaml#claim", "Claiming on the phone?", "faq", "", "", "Use the app on your phone.", None, 0.8,
            "Claiming on the phone?")
DESK = Hit("training/expenses.md", "Expenses", "training", "Claiming", "claiming", "Open *Expenses*.", None, 0.9)


class Shelf:
    """Knows about expenses, and about the phone only where expenses are named."""

    def __init__(self) -> None:
        self.searched: list[str] = []

    def find(self, question: str, viewer: Viewer) -> Findings:
        self.searched.append(question)
        hits = (DESK, replace(PHONE, score=0.7)) if "expenses" in question else (replace(DESK, score=0.2), )
        if "phone" in question:
            hits = (replace(DESK, score=0.6), PHONE)
        known = "expenses" in question
        return Findings(question, "answer" if known else "handover", 0.9 if known else 0.1, hits, 1)


@pytest.fixture
def shelf(house: House) -> Shelf:
    shelf = Shelf()
    house.desk = Desk(house.store, Answerer(shelf.find, languages=("en",)).answer, house.people, POLICY)
    house.postman._desk = house.desk
    return shelf


@pytest.mark.parametrize(("text", "talk"), [
    ("hello", "greeting"), ("Hi there :wave:", "greeting"), ("who are you?", "help"), ("never mind", "settled"),
    ("thanks!", "thanks"), ("bye", "farewell")])
@pytest.mark.parametrize("how", [{"direct": True}, {"mentioned": True}])
def test_small_talk_gets_a_short_reply_and_no_ticket(house: House, text: str, talk: str, how: dict[str, Any]) -> None:
    message = house.say(MIA, text, **how)
    [reply] = house.postman.deliver()
    assert (reply.kind, reply.thread, reply.content["talk"]) == ("small_talk", message.ts, talk)
    assert house.library.searched == []
    assert house.desk.tickets_of(MIA) == []


def test_small_talk_by_command_is_for_the_asker_alone(house: House) -> None:
    house.desk.ask(house.asked(MIA, "hello"), house.clock.now)
    [reply] = house.postman.deliver()
    assert (reply.kind, reply.user) == ("small_talk", MIA)


def test_small_talk_among_people_is_none_of_the_bots_business(house: House) -> None:
    first = house.say(MIA, "expenses?", mentioned=True)
    house.postman.deliver()
    before = house.everything()
    for text in ("hello Tom", "hi", "never mind", "got it working", "bye"):
        house.say(MIA, text, thread_ts=first.ts)
        house.say(MIA, text)
    assert house.everything() == before


def test_after_a_greeting_the_question_needs_no_mention(house: House) -> None:
    first = house.say(MIA, "hi", mentioned=True)
    house.postman.deliver()
    house.say(MIA, "My badge is broken", thread_ts=first.ts)
    assert house.postman.kinds() == ["handed_over", "card"]


def test_a_greeting_before_a_question_is_not_searched_for(house: House) -> None:
    house.say(MIA, "Hi there! How do I claim expenses?", direct=True)
    assert [question for question, _ in house.library.searched] == ["How do I claim expenses?"]
    [notice] = house.postman.deliver()
    assert house.desk.answer(notice.content["answer"]).answer.question == "Hi there! How do I claim expenses?"


def test_who_needs_a_ticket_no_longer_tells_the_coaches(house: House) -> None:
    ticket = house.open_ticket()
    house.in_asker_thread(ticket, MIA, "never mind, got it working")
    relayed, _, hint = house.postman.deliver()
    assert (relayed.kind, hint.kind, hint.channel) == ("relayed", "not_needed", ticket.card_channel)
    assert house.desk.ticket(1).state == "new"
    house.in_asker_thread(ticket, TOM, "never mind")
    assert house.postman.kinds() == ["relayed", "card_changed"]
    house.desk.dismiss(1, ANA, house.clock.now)
    house.postman.deliver()
    house.in_asker_thread(ticket, MIA, "solved it myself, thanks")
    assert house.postman.kinds() == []
    assert house.desk.ticket(1).state == "closed"


def test_mentioned_in_the_tickets_thread_the_bot_says_that_they_know(house: House) -> None:
    ticket = house.open_ticket()
    house.in_asker_thread(ticket, MIA, "never mind", mentioned=True)
    replies = {notice.kind: notice for notice in house.postman.deliver()}
    assert replies.keys() == {"relayed", "card_changed", "not_needed", "small_talk"}
    assert replies["small_talk"].content["here"] == "FW-1"


def test_never_mind_elsewhere_names_the_open_tickets(house: House) -> None:
    house.open_ticket()
    house.say(MIA, "never mind", direct=True)
    [reply] = house.postman.deliver()
    assert [tuple(named) for named in reply.content["tickets"]] == [("FW-1", "My badge does not open the printer")]


def test_a_follow_up_is_searched_for_with_what_was_asked_before(house: House, shelf: Shelf) -> None:
    first = house.say(MIA, "How do I claim expenses?", mentioned=True)
    house.postman.deliver()
    house.say(MIA, "and on the phone?", thread_ts=first.ts)
    [notice] = house.postman.deliver()
    stored = house.desk.answer(notice.content["answer"])
    assert (notice.kind, stored.answer.quotes[0].document) == ("answer", "faq/phone.yaml#claim")
    assert (stored.answer.question, stored.answer.follows) == ("and on the phone?", stored.id - 1)
    assert shelf.searched[-1] == "How do I claim expenses? on the phone?"


def test_a_row_of_follow_ups_stays_with_its_topic(house: House, shelf: Shelf) -> None:
    first = house.say(MIA, "How do I claim expenses?", direct=True)
    house.say(MIA, "and on the phone?", direct=True, thread_ts=first.ts)
    house.say(MIA, "what about the tablet?", direct=True, thread_ts=first.ts)
    assert shelf.searched[-1] == "How do I claim expenses? what about the tablet?"


def test_a_new_question_in_the_same_thread_is_searched_for_alone(house: House, shelf: Shelf) -> None:
    first = house.say(MIA, "How do I claim expenses?", mentioned=True)
    house.say(MIA, "Who repairs the coffee machine in Hull?", mentioned=True, thread_ts=first.ts)
    assert shelf.searched[-1] == "Who repairs the coffee machine in Hull?"
    assert len(house.desk.open_tickets()) == 1


def test_a_follow_up_that_nobody_can_answer_takes_its_topic_to_the_coach(house: House, shelf: Shelf) -> None:
    first = house.say(MIA, "How do I claim expenses?", mentioned=True)
    house.say(MIA, "and my gym membership?", mentioned=True, thread_ts=first.ts)
    [ticket] = house.desk.open_tickets()
    assert ticket.answer_id is not None
    follows = house.desk.answer(ticket.answer_id).answer.follows
    assert follows is not None
    house.desk.deleted(GENERAL, first.ts, house.clock.now)
    assert house.desk.answer(follows).answer.question == DELETED


def test_a_question_in_another_language_goes_to_a_coach(house: House, shelf: Shelf) -> None:
    house.say(MIA, "Wie reiche ich meine Reisekosten ein?", direct=True)
    assert house.postman.kinds() == ["handed_over", "card"]
    [ticket] = house.desk.open_tickets()
    assert ticket.answer_id is not None
    answer = house.desk.answer(ticket.answer_id).answer
    assert (answer.verdict, answer.language, answer.quotes) == ("handover", "de", ())


@pytest.mark.parametrize("text", [
    "it says error 4711", "My scanner explodes when I touch it, what should I do?",
    "I am stuck, can somebody help me please?"])
def test_alone_with_the_bot_in_their_thread_nobody_is_left_without_a_word(house: House, text: str) -> None:
    first = house.say(MIA, "expenses?", mentioned=True)
    assert house.postman.kinds() == ["answer"]
    house.say(MIA, text, thread_ts=first.ts)
    assert house.postman.kinds() == ["handed_over", "card"]


def test_alone_with_the_bot_a_call_for_help_is_heard_and_contentment_left_alone(house: House) -> None:
    first = house.say(MIA, "expenses?", mentioned=True)
    house.postman.deliver()
    for text in ("thanks!", "ok I will try that, great", "@U0TOM could you have a look?"):
        house.say(MIA, text, thread_ts=first.ts)
    assert house.postman.kinds() == []
    house.say(MIA, "help", thread_ts=first.ts)
    assert house.postman.kinds() == ["small_talk"]


def test_once_somebody_else_writes_in_the_thread_the_bot_speaks_only_where_it_knows(house: House) -> None:
    first = house.say(MIA, "expenses?", mentioned=True)
    house.say(TOM, "I had that, too", thread_ts=first.ts)
    house.postman.deliver()
    for text in ("What did you do with the scanner?", "that did not work"):
        house.say(MIA, text, thread_ts=first.ts)
    assert house.postman.kinds() == []
    house.say(MIA, "and another expense?", thread_ts=first.ts)
    assert house.postman.kinds() == ["answer"]


def test_a_thread_that_somebody_else_began_is_not_the_askers_alone(house: House) -> None:
    root = house.say(TOM, "Look at this")
    house.say(MIA, "expenses?", mentioned=True, thread_ts=root.ts)
    house.postman.deliver()
    house.say(MIA, "Tom, where is the scanner?", thread_ts=root.ts)
    assert house.postman.kinds() == []


@pytest.mark.parametrize("how", [{"direct": True}, {"mentioned": True}])
def test_a_complaint_below_an_answer_does_what_still_stuck_does(house: House, how: dict[str, Any]) -> None:
    first = house.say(MIA, "How do I claim an expense?", **how)
    [answer] = house.postman.deliver()
    where = {"direct": True} if how.get("direct") else {}
    said = house.say(MIA, "That did not work", thread_ts=first.ts, **where)
    house.desk.receive(said, house.clock.now)
    notices = {one.kind: one for one in house.postman.deliver()}
    assert notices.keys() == {"passed_on", "card", "answer_settled"}
    assert notices["answer_settled"].content["outcome"] == "passed_on"
    [ticket] = house.desk.open_tickets()
    assert (ticket.origin, ticket.question, ticket.answer_id) == (
        "still_stuck", "How do I claim an expense?", answer.content["answer"])
    house.say(MIA, "still nothing", thread_ts=first.ts, **where)
    assert house.postman.kinds() == ["relayed", "card_changed"]


def test_a_complaint_where_nothing_was_answered_is_a_question_of_its_own(house: House) -> None:
    first = house.say(MIA, "hi", direct=True)
    house.postman.deliver()
    house.say(MIA, "it does not work", direct=True, thread_ts=first.ts)
    assert house.postman.kinds() == ["handed_over", "card"]
    assert [ticket.origin for ticket in house.desk.open_tickets()] == ["handed_over"]
