"""Every question ends in an answer, a question back or a ticket: once."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from bot.desk.asking import COULD_NOT_SEARCH, ONLY_A_FILE
from bot.desk.types import Notice
from bot.errors import UnknownAnswer
from indexer.errors import IndexDamaged
from indexer.types import Findings, Viewer
from tests.bot.desk.desk_fakes import COACHES, GENERAL, MIA, TOM, House

FILE = {"id": "F1", "name": "screen.png", "url": "https://files.example/F1"}


def one(notices: list[Notice], kind: str) -> Notice:
    found = [notice for notice in notices if notice.kind == kind]
    assert len(found) == 1, [notice.kind for notice in notices]
    return found[0]


def answered(house: House, **more: object) -> int:
    house.say(MIA, "How do I claim expenses?", **more)
    return int(one(house.postman.deliver(), "answer").content["answer"])


@pytest.mark.parametrize("how", [{"direct": True}, {"mentioned": True}])
def test_a_known_question_is_answered_in_its_thread(house: House, how: dict[str, bool]) -> None:
    message = house.say(MIA, "How do I claim expenses?", **how)
    [notice] = house.postman.deliver()
    assert (notice.kind, notice.channel, notice.thread, notice.user) == ("answer", message.channel, message.ts, "")
    stored = house.desk.answer(notice.content["answer"])
    assert stored.answer.quotes[0].text == "Open *Expenses* and choose **New claim**."
    assert stored.answer.quotes[0].url == "https://example.com/expenses#claiming"
    assert (stored.asker, stored.source_ts, stored.message_ts) == (MIA, message.ts, house.postman.sent[0][1])
    assert house.library.searched == [("How do I claim expenses?", Viewer(frozenset({f"group of {MIA}"})))]
    assert house.desk.open_tickets() == []


def test_an_unknown_question_becomes_a_ticket(house: House) -> None:
    message = house.say(MIA, "My badge is broken", mentioned=True)
    notices = house.postman.deliver()
    told, card = one(notices, "handed_over"), one(notices, "card")
    assert (told.channel, told.thread, told.ticket, card.channel, card.thread) == (GENERAL, message.ts, 1, COACHES, "")
    ticket = house.desk.ticket(1)
    assert (ticket.state, ticket.origin, ticket.question) == ("new", "handed_over", "My badge is broken")
    assert (ticket.asker, ticket.asker_channel, ticket.asker_thread) == (MIA, GENERAL, message.ts)
    assert ticket.answer_id is not None
    assert [hit.document_id for hit in house.desk.answer(ticket.answer_id).answer.hits] == ["training/expenses.md"]
    assert [entry.step for entry in house.desk.history(1)] == ["opened"]
    assert not house.people.direct_opened


def test_a_question_without_a_thread_is_answered_for_the_asker_only(house: House) -> None:
    house.desk.ask(house.asked(MIA, "expenses?"), house.clock.now)
    [notice] = house.postman.deliver()
    assert (notice.kind, notice.channel, notice.thread, notice.user) == ("answer", GENERAL, "", MIA)
    assert notice.respond_url


def test_a_ticket_without_a_thread_opens_one_and_says_where(house: House) -> None:
    house.desk.ask(house.asked(MIA, "My badge is broken"), house.clock.now)
    notices = house.postman.deliver()
    opener, pointer = one(notices, "thread_opener"), one(notices, "ticket_pointer")
    assert (opener.channel, opener.thread, opener.ticket) == (f"D-{MIA}", "", 1)
    assert (pointer.channel, pointer.user, pointer.ticket) == (GENERAL, MIA, 1)
    ticket = house.desk.ticket(1)
    assert (ticket.asker_channel, ticket.card_channel) == (f"D-{MIA}", COACHES)
    assert ticket.asker_thread is not None


def test_asked_in_the_direct_messages_the_opener_is_enough(house: House) -> None:
    house.desk.ask(house.asked(MIA, "My badge is broken", channel=f"D-{MIA}"), house.clock.now)
    assert house.postman.kinds() == ["thread_opener", "card"]


def test_a_known_key_is_asked_once(house: House) -> None:
    asked = house.asked(MIA, "My badge is broken")
    for _ in range(3):
        house.desk.ask(asked, house.clock.now)
    assert len(house.desk.open_tickets()) == 1
    assert len(house.library.searched) == 1


@pytest.mark.parametrize("text", ["How do I claim expenses?", "My badge is broken"])
def test_twin_events_at_the_same_moment_give_one_reply(house: House, text: str) -> None:
    both_search = threading.Barrier(2, timeout=5)
    find = house.library.find

    def slow_find(question: str, viewer: Viewer) -> Findings:
        both_search.wait()
        return find(question, viewer)

    desk = house.desk_with(slow_find)
    message = house.message(MIA, text, mentioned=True)
    twins = [threading.Thread(target=desk.receive, args=(twin, house.clock.now))
             for twin in (message, replace(message))]
    for twin in twins:
        twin.start()
    for twin in twins:
        twin.join()
    kinds = house.postman.kinds()
    assert kinds in (["answer"], ["handed_over", "card"])
    assert len(house.desk.tickets_of(MIA)) == (len(kinds) - 1)


def test_nothing_but_a_mention_gets_a_question_back(house: House) -> None:
    message = house.say(MIA, "  ", mentioned=True)
    [notice] = house.postman.deliver()
    assert (notice.kind, notice.thread, notice.content) == ("clarify", message.ts, {"reason": "empty"})


def test_a_file_alone_gets_a_question_back_and_stays_with_the_ticket(house: House) -> None:
    first = house.say(MIA, "", direct=True, files=(FILE,))
    [notice] = house.postman.deliver()
    assert notice.content == {"reason": "only_file"}
    house.say(MIA, "My screen looks like this", direct=True, thread_ts=first.ts)
    house.say(MIA, "And my badge is broken", direct=True)
    with_file, without = house.desk.open_tickets()
    assert (with_file.files, without.files) == ((FILE,), ())


def test_a_file_with_the_question_stays_with_the_ticket(house: House) -> None:
    house.say(MIA, "My screen looks like this", direct=True, files=(FILE,))
    assert house.desk.ticket(1).files == (FILE,)


def test_a_file_of_somebody_else_or_of_yesterday_does_not(house: House) -> None:
    house.say(TOM, "", mentioned=True, files=(FILE,))
    house.say(MIA, "", mentioned=True, files=(FILE,))
    house.clock.forward(days=1)
    house.say(MIA, "My screen looks like this", mentioned=True)
    assert house.desk.ticket(1).files == ()


def test_a_knowledge_base_that_cannot_be_searched_ends_in_a_ticket(house: House) -> None:
    def broken(question: str, viewer: Viewer) -> Findings:
        raise IndexDamaged

    house.desk_with(broken).receive(house.message(MIA, "expenses?", direct=True), house.clock.now)
    ticket = house.desk.ticket(1)
    assert ticket.answer_id is not None
    assert house.desk.answer(ticket.answer_id).answer.text == COULD_NOT_SEARCH


def test_that_helped_settles_the_answer_once(house: House) -> None:
    answer_id = answered(house, direct=True)
    house.desk.helped(answer_id, MIA, house.clock.now)
    house.desk.helped(answer_id, MIA, house.clock.now)
    [notice] = house.postman.deliver()
    assert (notice.kind, notice.content) == ("answer_settled", {"answer": answer_id, "outcome": "helped"})
    assert house.desk.answer(answer_id).outcome == "helped"


def test_the_buttons_are_for_the_asker(house: House) -> None:
    answer_id = answered(house, mentioned=True)
    thread = house.desk.answer(answer_id).thread
    house.desk.helped(answer_id, TOM, house.clock.now)
    house.desk.still_stuck(answer_id, TOM, house.clock.now)
    assert [(notice.kind, notice.user, notice.thread) for notice in house.postman.deliver()] == [
        ("whisper", TOM, thread)] * 2
    assert house.desk.answer(answer_id).outcome is None
    assert house.desk.open_tickets() == []


def test_still_stuck_opens_a_ticket_once(house: House) -> None:
    answer_id = answered(house, mentioned=True)
    house.desk.still_stuck(answer_id, MIA, house.clock.now)
    assert house.postman.kinds() == ["passed_on", "card", "answer_settled"]
    assert house.postman.sent[-1][0].ticket == 1
    ticket = house.desk.ticket(1)
    assert (ticket.origin, ticket.question, ticket.answer_id) == ("still_stuck", "How do I claim expenses?", answer_id)
    house.desk.still_stuck(answer_id, MIA, house.clock.now)
    [whisper] = house.postman.deliver()
    assert "FW-1" in whisper.content["text"]
    assert whisper.thread == ticket.asker_thread
    assert len(house.desk.open_tickets()) == 1


def test_who_was_helped_may_still_be_stuck(house: House) -> None:
    answer_id = answered(house, mentioned=True)
    house.desk.helped(answer_id, MIA, house.clock.now)
    house.desk.still_stuck(answer_id, MIA, house.clock.now)
    assert house.desk.ticket(1).origin == "still_stuck"


def test_still_stuck_on_an_answer_that_only_the_asker_sees(house: House) -> None:
    house.desk.ask(house.asked(MIA, "expenses?"), house.clock.now)
    answer_id = one(house.postman.deliver(), "answer").content["answer"]
    house.desk.still_stuck(answer_id, MIA, house.clock.now, respond_url="https://hooks.example/2")
    notices = house.postman.deliver()
    settled = one(notices, "answer_settled")
    assert (settled.user, settled.respond_url) == (MIA, "https://hooks.example/2")
    assert {notice.kind for notice in notices} == {"answer_settled", "thread_opener", "ticket_pointer", "card"}
    assert house.desk.ticket(1).asker_channel == f"D-{MIA}"


def test_an_answer_that_nobody_knows_is_told(house: House) -> None:
    with pytest.raises(UnknownAnswer):
        house.desk.helped(99, MIA, house.clock.now)


def test_a_ticket_can_be_asked_for(house: House) -> None:
    asked = house.asked(MIA, "I need a new badge")
    ticket = house.desk.request(asked, house.clock.now)
    assert ticket is not None
    assert (ticket.name, ticket.origin, ticket.question, ticket.answer_id) == ("FW-1", "requested",
                                                                              "I need a new badge", None)
    assert house.library.searched == []
    again = house.desk.request(asked, house.clock.now)
    assert again is not None
    assert again.number == 1
    assert house.postman.kinds() == ["thread_opener", "ticket_pointer", "card"]


def test_a_ticket_for_a_file_alone_has_words_to_show(house: House) -> None:
    ticket = house.desk.request(house.asked(MIA, "", files=(FILE,)), house.clock.now)
    assert ticket is not None
    assert (ticket.question, ticket.files) == (ONLY_A_FILE, (FILE,))


def test_a_ticket_for_nothing_is_not_opened(house: House) -> None:
    assert house.desk.request(house.asked(MIA, " "), house.clock.now) is None
    [notice] = house.postman.deliver()
    assert (notice.kind, notice.user) == ("clarify", MIA)


def test_numbers_are_never_reused(house: House) -> None:
    first, second = house.open_ticket(MIA), house.open_ticket(TOM)
    with house.store.transaction() as db:
        for table, column in (("history", "ticket"), ("outbox", "ticket"), ("tickets", "number")):
            db.execute(f"DELETE FROM {table} WHERE {column} = ?", (second.number,))  # noqa: S608
    assert house.open_ticket(TOM).number == second.number + 1 == first.number + 2


def test_figures_and_lists(house: House) -> None:
    house.open_ticket(MIA)
    house.open_ticket(TOM)
    house.open_ticket(MIA, "Another thing")
    assert [ticket.number for ticket in house.desk.tickets_of(MIA)] == [3, 1]
    assert [ticket.number for ticket in house.desk.open_tickets()] == [1, 2, 3]
    assert house.desk.counts() == {
        "new": 3, "claimed": 0, "waiting": 0, "parked": 0, "resolved": 0, "closed": 0}
