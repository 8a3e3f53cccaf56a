"""A message is handed over by whoever came across it: whose ticket it is, and that it is only one."""

from __future__ import annotations

from typing import Any

from bot.desk.types import Asked, Message, Notice
from tests.bot.desk.desk_fakes import ANA, GENERAL, MIA, TOM, House

LINK = "https://slack.example/archives/C0GENERAL/p1"


def hand_over(house: House, message: Message, reporter: str, **more: Any) -> list[Notice]:
    house.desk.report(message, reporter, house.clock.now, link=LINK, respond_url="https://hooks.example/1", **more)
    return house.postman.deliver()


def kinds(notices: list[Notice]) -> list[tuple[str, str]]:
    return [(notice.kind, notice.user) for notice in notices]


def test_who_reports_is_the_asker(house: House) -> None:
    notices = hand_over(house, house.message(TOM, "The printer burns"), MIA)
    ticket = house.desk.ticket(1)
    assert (ticket.asker, ticket.question, ticket.origin, ticket.asker_channel) == (
        MIA, "The printer burns", "requested", house.people.direct_channel(MIA))
    assert ticket.files == ({"id": "", "name": "the message", "url": LINK},)
    assert kinds(notices) == [("thread_opener", ""), ("ticket_pointer", MIA), ("card", "")]
    assert notices[1].respond_url, "only the shortcut's own address reaches people where the bot is not"
    opened = house.desk.history(1)[0]
    assert (opened.actor, opened.text) == (MIA, TOM)


def test_what_a_coach_reports_is_its_authors(house: House) -> None:
    notices = hand_over(house, house.message(TOM, "The printer burns"), ANA)
    assert house.desk.ticket(1).asker == TOM
    told = {notice.user: notice for notice in notices if notice.user}
    assert told.keys() == {TOM, ANA}
    assert not told[TOM].respond_url, "it is the coach's, and would show it to the coach"
    assert "FW-1 is open now" in told[ANA].content["text"]
    opened = house.desk.history(1)[0]
    assert (opened.actor, opened.text) == (ANA, TOM)


def test_a_coach_asks_for_an_author_who_cannot_be_written_to(house: House) -> None:
    hand_over(house, house.message(TOM, "The printer burns", outsider=True), ANA)
    hand_over(house, house.message(MIA, "My badge is broken"), ANA, reachable=False)
    assert [house.desk.ticket(number).asker for number in (1, 2)] == [ANA, ANA]


def test_a_message_is_handed_over_once_and_its_ticket_named(house: House) -> None:
    message = house.message(TOM, "The printer burns")
    hand_over(house, message, TOM)
    (again,) = hand_over(house, message, MIA)
    assert (again.kind, again.user) == ("whisper", MIA)
    assert "with the coaches already: FW-1" in again.content["text"]
    house.desk.dismiss(1, ANA, house.clock.now)
    house.postman.deliver()
    (ended,) = hand_over(house, message, MIA)
    assert "FW-1, which has ended" in ended.content["text"]


def test_what_stands_in_a_tickets_thread_is_with_the_coaches_already(house: House) -> None:
    ticket = house.open_ticket()
    message = house.in_asker_thread(ticket, MIA, "It says E42")
    house.postman.deliver()
    (told,) = hand_over(house, message, MIA)
    assert "with the coaches already: FW-1" in told.content["text"]


def test_what_the_bot_answered_goes_on_there_as_still_stuck(house: House) -> None:
    message = house.say(MIA, "How do I submit an expense claim?", mentioned=True)
    assert house.postman.kinds() == ["answer"]
    notices = hand_over(house, message, ANA)
    ticket = house.desk.ticket(1)
    assert (ticket.asker, ticket.origin, ticket.asker_thread) == (MIA, "still_stuck", message.ts)
    assert ("whisper", ANA) in kinds(notices)
    [told] = [notice for notice in notices if notice.kind == "passed_on"]
    assert told.content["reporter"] == ANA, "the asker did not say that they are stuck"
    opened = house.desk.history(1)[0]
    assert (opened.actor, opened.text) == (ANA, MIA)


def test_the_asker_themselves_is_still_stuck(house: House) -> None:
    message = house.say(MIA, "How do I submit an expense claim?", mentioned=True)
    house.postman.deliver()
    [told] = [notice for notice in hand_over(house, message, MIA) if notice.kind == "passed_on"]
    assert told.content["reporter"] == ""
    assert house.desk.history(1)[0].actor == MIA


def test_the_asker_says_how_bad_it_is_and_the_card_gets_its_tags(house: House) -> None:
    ticket = house.desk.request(
        Asked("report:1", MIA, "The printer is slow", "shortcut", "", None, priority="urgent",
              tags=("affects my team",)), house.clock.now)
    assert ticket is not None
    assert (ticket.priority, house.desk.tags(1)) == ("urgent", ("affects my team",))
    assert house.postman.kinds() == ["thread_opener", "card"], "where it was asked from is told by the opener alone"


def test_a_bot_is_asked_only_where_it_will_say_something(house: House) -> None:
    asked = house.message(MIA, "How do I submit an expense claim?", mentioned=True)
    assert house.desk.is_asked(asked)
    house.desk.receive(asked, house.clock.now)
    assert not house.desk.is_asked(asked), "it is answered"
    assert not house.desk.is_asked(house.message(MIA, "Lunch?", channel=GENERAL))
    ticket = house.open_ticket()
    reply = house.message(MIA, "More", channel=ticket.asker_channel, thread_ts=ticket.asker_thread)
    assert not house.desk.is_asked(reply), "in a ticket's thread it is silent"
