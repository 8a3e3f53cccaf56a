"""People talk as people do: they greet, follow up, mean one of three things, change their mind, write in Polish."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.assemble.app import Bot
from indexer.search import KnowledgeBase
from indexer.types import Findings, Viewer
from tests.stories.floor import BOT, COACHES, Floor

QUESTION = "How do I attach a receipt to a claim?"
RECEIPT = "Receipts › Attach a receipt to a claim"


@pytest.fixture
def unsure(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> Floor:
    """The search is in the grey zone between an answer and a hand-over."""
    find = KnowledgeBase.find

    def in_doubt(self: KnowledgeBase, question: str, viewer: Viewer) -> Findings:
        found = find(self, question, viewer)
        near = tuple(replace(hit, score=0.9) for hit in found.hits)
        return replace(found, verdict="clarify", confidence=0.4, hits=near)

    monkeypatch.setattr(KnowledgeBase, "find", in_doubt)
    bot = floor.demo.bot
    assert bot is not None
    bot.stop()
    floor.demo.bot = Bot(floor.demo.settings, floor.demo.data, embedder=bot.embedder)
    floor.demo.bot.start()
    return floor


def labels(message: dict[str, Any]) -> list[str]:
    return [element["text"]["text"] for block in message["blocks"] if block["type"] == "actions"
            for element in block["elements"]]


def only_reply(floor: Floor, asked: str, user: str = "U0MIA", channel: str = BOT) -> dict[str, Any]:
    floor.settle()
    replies = floor.messages(channel, user, asked)[1:]
    assert len(replies) == 1, [reply["text"] for reply in replies]
    return replies[0]


def test_which_of_these_the_choice_becomes_the_answer_in_place(unsure: Floor) -> None:
    asked = unsure.say("U0MIA", BOT, "receipt claim")
    unsure.reply_with(BOT, "U0MIA", asked, "Which of these")
    offer = only_reply(unsure, asked)
    assert labels(offer)[0] == RECEIPT
    assert labels(offer)[-1] == "None of these"
    assert 3 <= len(labels(offer)) <= 4
    unsure.call("click", user="U0MIA", channel=BOT, ts=offer["ts"], label=RECEIPT)
    unsure.reply_with(BOT, "U0MIA", asked, "Open the claim under *Expenses*")
    answer = only_reply(unsure, asked)
    assert (answer["ts"], labels(answer)) == (offer["ts"], ["That helped", "Still stuck"])
    unsure.call("click", user="U0MIA", channel=BOT, ts=offer["ts"], label="That helped")
    unsure.wait_for(lambda: "Glad that helped" in str(only_reply(unsure, asked)["blocks"]))
    assert unsure.demo.bot.desk.open_tickets() == []  # type: ignore[union-attr]


def test_none_of_these_is_a_ticket(unsure: Floor) -> None:
    asked = unsure.say("U0TOM", "C0GOLIVE", f"<@{BOT}> receipt claim")
    unsure.reply_with("C0GOLIVE", "U0TOM", asked, "Which of these")
    offer = only_reply(unsure, asked, "U0TOM", "C0GOLIVE")
    unsure.call("click", user="U0MIA", channel="C0GOLIVE", ts=offer["ts"], label="None of these")
    unsure.settle()
    assert unsure.demo.bot.desk.open_tickets() == []  # type: ignore[union-attr]
    unsure.call("click", user="U0TOM", channel="C0GOLIVE", ts=offer["ts"], label="None of these")
    unsure.reply_with("C0GOLIVE", "U0TOM", asked, "Your ticket is *FW-1*")
    assert "none of it" in str(unsure.card_of("receipt claim")["blocks"])
    unsure.settle()
    settled = unsure.messages("C0GOLIVE", "U0TOM", asked)[1]
    assert labels(settled) == []
    assert "None of these: passed on" in str(settled["blocks"])


def test_which_of_these_from_a_command_is_settled_for_the_asker_alone(unsure: Floor) -> None:
    unsure.call("command", user="U0MIA", channel="C0GENERAL", command="/floorwalker", text="receipt claim")
    [offer] = unsure.wait_for(lambda: [m for m in unsure.messages("C0GENERAL", "U0MIA") if "Which of" in m["text"]])
    unsure.call("click", user="U0MIA", channel="C0GENERAL", ts=offer["ts"], label=RECEIPT)
    unsure.wait_for(lambda: [m for m in unsure.messages("C0GENERAL", "U0MIA") if "Open the claim" in m["text"]])
    unsure.settle()
    assert not [m for m in unsure.messages("C0GENERAL", "U0MIA") if "Which of" in m["text"]]
    assert not [m for m in unsure.messages("C0GENERAL", "U0TOM") if "Open the claim" in m["text"]]


@pytest.mark.parametrize("more_settings", ['[[channels]]\nchannel = "C0GOLIVE"\nprivate = true\n'])
def test_which_of_these_asked_in_private_may_be_answered_in_writing(unsure: Floor) -> None:
    asked = unsure.say("U0TOM", "C0GOLIVE", f"<@{BOT}> receipt claim")
    unsure.wait_for(lambda: "Which of these" in str(unsure.messages("C0GOLIVE", "U0TOM")))
    unsure.settle()
    unsure.say("U0TOM", "C0GOLIVE", "the first one", thread_ts=asked)
    [told] = unsure.wait_for(lambda: [one for one in unsure.messages("C0GOLIVE", "U0TOM", asked)
                                      if "Open the claim" in one["text"]])
    assert told["ephemeral"]
    assert labels(told)[:2] == ["That helped", "Still stuck"]
    assert "Open the claim" not in str(unsure.messages("C0GOLIVE", "U0MIA", asked))


def test_a_hello_is_answered_and_opens_no_ticket(floor: Floor) -> None:
    asked = floor.say("U0MIA", BOT, "hello")
    floor.reply_with(BOT, "U0MIA", asked, "What would you like to know?")
    only_reply(floor, asked)
    floor.say("U0MIA", BOT, QUESTION, thread_ts=asked)
    floor.reply_with(BOT, "U0MIA", asked, "Attach receipt")
    for text, words in (("who are you?", "training material"), ("never mind", "All right"), ("bye!", "See you")):
        said = floor.say("U0MIA", BOT, text)
        floor.reply_with(BOT, "U0MIA", said, words)
    floor.say("U0MIA", "C0GENERAL", "hi")
    floor.settle()
    assert not [m for m in floor.messages("C0GENERAL", "U0MIA") if m["user"] == BOT]
    assert floor.demo.bot.desk.open_tickets() == []  # type: ignore[union-attr]


def test_a_greeting_before_the_question_changes_nothing(floor: Floor) -> None:
    asked = floor.say("U0MIA", "C0GOLIVE", f"<@{BOT}> hi, {QUESTION}")
    floor.reply_with("C0GOLIVE", "U0MIA", asked, "Attach receipt")


def test_a_follow_up_is_understood_with_the_question_before(floor: Floor) -> None:
    asked = floor.say("U0MIA", "C0GOLIVE", f"<@{BOT}> {QUESTION}")
    floor.reply_with("C0GOLIVE", "U0MIA", asked, "Attach receipt")
    floor.say("U0MIA", "C0GOLIVE", "and lost ones?", thread_ts=asked)
    floor.reply_with("C0GOLIVE", "U0MIA", asked, "Receipt missing")


def test_a_question_in_another_language_gets_its_ticket_in_two_languages(floor: Floor) -> None:
    asked = floor.say("U0MIA", BOT, "Jak mogę złożyć wniosek o zwrot kosztów podróży?")
    reply = floor.reply_with(BOT, "U0MIA", asked, "FW-1")
    assert "Niestety nie rozumiem tego języka" in reply
    assert "I can't read this language" in reply
    only_reply(floor, asked)
    assert "Polish" in str(floor.card_of("zwrot")["blocks"])


def test_who_solved_it_alone_lets_a_coach_close_it_in_one_click(floor: Floor) -> None:
    asked = floor.say("U0MIA", BOT, "Where do we park the forklift on Sundays?")
    floor.reply_with(BOT, "U0MIA", asked, "FW-1")
    card = floor.card_of("forklift")
    floor.say("U0MIA", BOT, "never mind, got it working", thread_ts=asked)
    floor.reply_with(COACHES, "U0ANA", card["ts"], "seems to need *FW-1* no longer")
    only = [m for m in floor.messages(COACHES, "U0ANA", card["ts"]) if "no longer" in m["text"]]
    floor.call("click", user="U0ANA", channel=COACHES, ts=only[0]["ts"], label="Close without an answer")
    floor.reply_with(BOT, "U0MIA", asked, "closed *FW-1*")
    floor.say("U0MIA", BOT, "thanks, bye", thread_ts=asked)
    floor.settle()
    assert floor.demo.bot.desk.open_tickets() == []  # type: ignore[union-attr]


def test_who_follows_up_alone_in_their_channel_thread_is_never_left_without_a_word(floor: Floor) -> None:
    asked = floor.say("U0MIA", "C0GENERAL", f"<@{BOT}> {QUESTION}")
    floor.reply_with("C0GENERAL", "U0MIA", asked, "Attach receipt")
    floor.say("U0MIA", "C0GENERAL", "My scanner explodes when I touch it, what should I do?", thread_ts=asked)
    floor.reply_with("C0GENERAL", "U0MIA", asked, "FW-1")


def test_that_did_not_work_below_an_answer_is_still_stuck(floor: Floor) -> None:
    asked = floor.say("U0MIA", BOT, QUESTION)
    floor.reply_with(BOT, "U0MIA", asked, "Attach receipt")
    answer = only_reply(floor, asked)
    floor.say("U0MIA", BOT, "That did not work", thread_ts=asked)
    floor.reply_with(BOT, "U0MIA", asked, "FW-1")
    floor.settle()
    [ticket] = floor.demo.bot.desk.open_tickets()  # type: ignore[union-attr]
    assert (ticket.origin, ticket.question) == ("still_stuck", QUESTION)
    [settled] = [one for one in floor.messages(BOT, "U0MIA", asked) if one["ts"] == answer["ts"]]
    assert labels(settled) == []
