"""Who writes “the first one” under “Which of these?” has chosen, as if they had pressed its button."""

from __future__ import annotations

import pytest

from bot.desk.types import Message
from tests.bot.desk.desk_fakes import ANA, CARD, GENERAL, MIA, RECEIPTS, TOM, House, Shelf

QUESTION = "I lost it on the train"


def offered(house: House) -> tuple[Message, int]:
    asked = house.say(MIA, QUESTION, mentioned=True)
    [notice] = house.postman.deliver()
    assert notice.kind == "choices"
    return asked, int(notice.content["answer"])


@pytest.mark.parametrize(("text", "document"), [
    ("the first one", "training/receipts.md"), ("2.", "faq/card.yaml#lost"), ("My card is lost", "faq/card.yaml#lost"),
    ("lost receipts", "training/receipts.md"),
])
def test_what_is_written_in_the_thread_is_the_click(house: House, shelf: Shelf, text: str, document: str) -> None:
    asked, answer_id = offered(house)
    house.say(MIA, text, thread_ts=asked.ts)
    [notice] = house.postman.deliver()
    assert (notice.kind, notice.thread, notice.content) == ("answer_chosen", asked.ts, {"answer": answer_id})
    answer = house.desk.answer(answer_id).answer
    assert (answer.verdict, answer.quotes[0].document) == ("answer", document)
    assert house.desk.open_tickets() == []


def test_in_direct_messages_too(house: House, shelf: Shelf) -> None:
    asked = house.say(MIA, QUESTION, direct=True)
    house.postman.deliver()
    house.say(MIA, "the last one", direct=True, thread_ts=asked.ts)
    assert house.postman.kinds() == ["answer_chosen"]


def test_none_of_these_becomes_a_ticket_with_the_question_that_was_asked(house: House, shelf: Shelf) -> None:
    asked, answer_id = offered(house)
    said = house.say(MIA, "none of these", thread_ts=asked.ts)
    house.desk.receive(said, house.clock.now)
    assert house.postman.kinds() == ["passed_on", "card", "answer_settled"]
    [ticket] = house.desk.open_tickets()
    assert (ticket.origin, ticket.question, ticket.answer_id) == ("handed_over", QUESTION, answer_id)
    assert house.desk.answer(answer_id).outcome == "passed_on"


def test_the_same_message_by_two_events_chooses_once(house: House, shelf: Shelf) -> None:
    asked, _ = offered(house)
    said = house.say(MIA, "2", thread_ts=asked.ts)
    house.desk.receive(said, house.clock.now)
    assert house.postman.kinds() == ["answer_chosen"]


def test_only_the_asker_chooses_by_writing(house: House, shelf: Shelf) -> None:
    asked, answer_id = offered(house)
    before = house.store.rows("SELECT * FROM answers")
    house.say(TOM, "the first one", thread_ts=asked.ts)
    assert house.store.rows("SELECT * FROM answers") == before
    assert house.postman.kinds() == []
    house.say(ANA, "the first one", thread_ts=asked.ts, mentioned=True)
    assert "answer_chosen" not in house.postman.kinds()
    assert house.desk.answer(answer_id).answer.verdict == "clarify"


def test_a_new_question_in_the_thread_stays_a_question(house: House, shelf: Shelf) -> None:
    asked, answer_id = offered(house)
    house.say(MIA, "Who repairs the coffee machine in Hull?", thread_ts=asked.ts)
    [notice] = house.postman.deliver()
    assert notice.kind == "choices"
    assert notice.content["answer"] != answer_id
    assert shelf.searched[-1] == "Who repairs the coffee machine in Hull?"


def test_what_was_offered_last_is_meant(house: House, shelf: Shelf) -> None:
    asked, first = offered(house)
    shelf.hits = (CARD, RECEIPTS)
    house.say(MIA, "I lost mine in the canteen of the Hull site", thread_ts=asked.ts)
    [second] = house.postman.deliver()
    house.say(MIA, "1", thread_ts=asked.ts)
    [chosen] = house.postman.deliver()
    assert chosen.content == second.content
    assert house.desk.answer(second.content["answer"]).answer.quotes[0].document == CARD.document_id
    assert house.desk.answer(first).answer.verdict == "clarify"


def test_what_is_settled_is_not_chosen_again(house: House, shelf: Shelf) -> None:
    asked, answer_id = offered(house)
    house.desk.choose(answer_id, 0, MIA, house.clock.now)
    house.postman.deliver()
    house.say(MIA, "2", thread_ts=asked.ts, mentioned=True)
    assert "answer_chosen" not in house.postman.kinds()
    assert house.desk.answer(answer_id).answer.quotes[0].document == "training/receipts.md"


def test_in_the_thread_of_the_ticket_a_number_is_a_reply_to_the_coaches(house: House, shelf: Shelf) -> None:
    asked, answer_id = offered(house)
    house.desk.still_stuck(answer_id, MIA, house.clock.now)
    house.postman.deliver()
    house.say(MIA, "2", thread_ts=asked.ts)
    assert house.postman.kinds() == ["relayed", "card_changed"]


def test_what_may_no_longer_be_seen_is_not_told_to_who_types_it(house: House, shelf: Shelf) -> None:
    asked, answer_id = offered(house)
    shelf.hits = (CARD,)
    house.say(MIA, "1", thread_ts=asked.ts)
    assert house.postman.kinds() == ["passed_on", "card", "answer_settled"]
    assert house.desk.answer(answer_id).answer.quotes == ()


@pytest.mark.parametrize("more", [{"files": ({"id": "F1", "name": "a.png", "url": "https://example.com/a"},)},
                                  {"channel": GENERAL, "thread_ts": None, "mentioned": True}])
def test_with_a_file_or_outside_of_the_thread_it_is_no_choice(
        house: House, shelf: Shelf, more: dict[str, object]) -> None:
    asked, answer_id = offered(house)
    house.say(MIA, "2", **{"thread_ts": asked.ts, **more})
    assert "answer_chosen" not in house.postman.kinds()
    assert house.desk.answer(answer_id).answer.verdict == "clarify"


def test_a_greeting_or_a_thank_you_is_no_choice(house: House, shelf: Shelf) -> None:
    asked, answer_id = offered(house)
    house.say(MIA, "no thanks", thread_ts=asked.ts)
    assert house.postman.kinds() == ["small_talk"]
    assert house.desk.answer(answer_id).outcome is None
    assert house.desk.open_tickets() == []
