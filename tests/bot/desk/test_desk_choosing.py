"""“Which of these?”: one message, in which the asker's choice becomes the answer, or a ticket."""

from __future__ import annotations

import pytest

from bot.errors import UnknownAnswer
from tests.bot.desk.desk_fakes import CARD, COACHES, GENERAL, MIA, TOM, House, Shelf


def offered(house: House) -> int:
    house.say(MIA, "I lost it on the train", mentioned=True)
    [notice] = house.postman.deliver()
    assert (notice.kind, notice.channel) == ("choices", GENERAL)
    return int(notice.content["answer"])


def test_the_best_candidates_are_offered_each_document_once(house: House, shelf: Shelf) -> None:
    stored = house.desk.answer(offered(house))
    assert [choice.label for choice in stored.answer.choices] == ["Receipts › Lost receipts", "My card is lost?"]
    assert (stored.answer.verdict, stored.answer.quotes) == ("clarify", ())
    assert stored.message_ts == house.postman.sent[0][1]


def test_a_choice_becomes_the_answer_in_the_same_message(house: House, shelf: Shelf) -> None:
    answer_id = offered(house)
    before = house.desk.answer(answer_id).message_ts
    house.desk.choose(answer_id, 1, MIA, house.clock.now)
    house.desk.choose(answer_id, 0, MIA, house.clock.now)  # pressed once more
    [notice] = house.postman.deliver()
    assert (notice.kind, notice.content) == ("answer_chosen", {"answer": answer_id})
    stored = house.desk.answer(answer_id)
    assert (stored.answer.verdict, stored.answer.quotes[0].document) == ("answer", "faq/card.yaml#lost")
    assert stored.message_ts == before
    house.desk.helped(answer_id, MIA, house.clock.now)
    assert house.postman.kinds() == ["answer_settled"]
    assert house.desk.answer(answer_id).outcome == "helped"
    assert house.desk.open_tickets() == []


def test_none_of_these_is_a_question_without_an_answer(house: House, shelf: Shelf) -> None:
    answer_id = offered(house)
    for _ in range(2):
        house.desk.still_stuck(answer_id, MIA, house.clock.now)
    assert house.postman.kinds() == ["passed_on", "card", "answer_settled", "whisper"]
    [ticket] = house.desk.open_tickets()
    assert (ticket.origin, ticket.question, ticket.answer_id) == ("handed_over", "I lost it on the train", answer_id)
    assert house.desk.answer(answer_id).message_ts == house.postman.sent[0][1]
    house.desk.choose(answer_id, 0, MIA, house.clock.now)
    assert house.postman.kinds() == []


def test_only_the_asker_chooses(house: House, shelf: Shelf) -> None:
    answer_id = offered(house)
    house.desk.choose(answer_id, 0, TOM, house.clock.now)
    [whisper] = house.postman.deliver()
    assert (whisper.kind, whisper.user) == ("whisper", TOM)
    assert house.desk.answer(answer_id).answer.verdict == "clarify"
    with pytest.raises(UnknownAnswer):
        house.desk.choose(answer_id, 7, MIA, house.clock.now)


def test_what_may_no_longer_be_seen_is_not_quoted(house: House, shelf: Shelf) -> None:
    answer_id = offered(house)
    shelf.hits = (CARD,)
    house.desk.choose(answer_id, 0, MIA, house.clock.now)
    assert house.postman.kinds() == ["passed_on", "card", "answer_settled"]
    assert house.desk.answer(answer_id).answer.quotes == ()


def test_asked_by_command_it_is_offered_to_the_asker_alone(house: House, shelf: Shelf) -> None:
    house.desk.ask(house.asked(MIA, "I lost it"), house.clock.now)
    [notice] = house.postman.deliver()
    assert (notice.kind, notice.user, notice.respond_url) == ("choices", MIA, "https://hooks.example/1")
    house.desk.choose(int(notice.content["answer"]), 0, MIA, house.clock.now, respond_url="https://hooks.example/2")
    [chosen] = house.postman.deliver()
    assert (chosen.kind, chosen.user, chosen.respond_url) == ("answer_chosen", MIA, "https://hooks.example/2")


def test_another_ticket_does_not_take_the_choice_away(house: House, shelf: Shelf) -> None:
    answer_id = offered(house)
    house.desk.request(house.asked(MIA, "I need a badge"), house.clock.now)
    house.postman.deliver()
    house.desk.choose(answer_id, 0, MIA, house.clock.now)
    assert house.postman.kinds() == ["answer_chosen"]


def test_overheard_among_colleagues_nothing_is_offered(house: House, shelf: Shelf) -> None:
    answer_id = offered(house)
    house.desk.choose(answer_id, 0, MIA, house.clock.now)
    house.postman.deliver()
    house.say(TOM, "Is it with the stamps?", thread_ts=house.desk.answer(answer_id).thread)
    house.say(MIA, "Tom, where did I put it?", thread_ts=house.desk.answer(answer_id).thread)
    assert house.postman.kinds() == []
    assert house.desk.open_tickets() == []
    assert COACHES not in [notice.channel for notice, _ in house.postman.sent]
