"""How the bot behaves among people: where it speaks unasked, for whose eyes, and to whom not at all."""

from __future__ import annotations

from typing import Any

import pytest

from tests.stories.floor import BOT, Floor

QUESTION = "How do I attach a receipt to a claim?"
UNKNOWN = "Where do we park the forklift on Sundays?"
QUESTIONS, PRIVATE, GENERAL = "C0FINANCE", "C0GOLIVE", "C0GENERAL"


@pytest.fixture
def more_settings() -> str:
    return f"""
[[channels]]
channel = "{QUESTIONS}"
answers = "questions"
[[channels]]
channel = "{PRIVATE}"
private = true
[[channels]]
channel = "C0OPS"
answers = "off"
[[channels]]
channel = "C0COACHES"
answers = "off"
[slack]
emoji_ask = "question"
[[people]]
user = "U0TOM"
role = "warehouse"
"""


def by_bot(floor: Floor, channel: str, user: str) -> list[dict[str, Any]]:
    floor.settle()
    return [message for message in floor.messages(channel, user) if message["user"] == BOT]


def labels(message: dict[str, Any]) -> list[str]:
    return [element["text"]["text"] for block in message["blocks"] if block["type"] == "actions"
            for element in block["elements"]]


def test_a_question_is_answered_unasked_only_where_the_settings_say_so(floor: Floor) -> None:
    floor.say("U0MIA", GENERAL, QUESTION)
    asked = floor.say("U0MIA", QUESTIONS, QUESTION)
    floor.reply_with(QUESTIONS, "U0MIA", asked, "Attach receipt")
    assert by_bot(floor, GENERAL, "U0MIA") == []


def test_what_is_not_known_or_no_question_is_left_to_people(floor: Floor) -> None:
    said = [floor.say("U0MIA", QUESTIONS, text) for text in (
        UNKNOWN, "I have attached the receipt to the claim now.", "Thanks all!", "hello", "🎉")]
    floor.settle()
    assert [floor.replies(QUESTIONS, "U0MIA", ts) for ts in said] == [[]] * 5
    assert floor.demo.bot.desk.open_tickets() == []  # type: ignore[union-attr]
    mentioned = floor.say("U0MIA", QUESTIONS, f"<@{BOT}> {UNKNOWN}")
    floor.reply_with(QUESTIONS, "U0MIA", mentioned, "FW-1")


def test_small_talk_among_people_is_not_even_written_down(floor: Floor) -> None:
    bot = floor.demo.bot
    assert bot is not None
    floor.say("U0MIA", QUESTIONS, "I have attached the marzipan receipt.")
    floor.say("U0MIA", GENERAL, "How do I attach a marzipan receipt?")
    floor.settle()
    assert not bot.store.rows("SELECT 1 FROM inbox")


def test_a_coach_who_helps_is_not_talked_over(floor: Floor) -> None:
    asked = floor.say("U0MIA", QUESTIONS, QUESTION)
    floor.reply_with(QUESTIONS, "U0MIA", asked, "Attach receipt")
    floor.say("U0ANA", QUESTIONS, "I'll show you, wait a second.", thread_ts=asked)
    floor.say("U0MIA", QUESTIONS, "and lost ones?", thread_ts=asked)
    floor.settle()
    assert not [text for text in floor.replies(QUESTIONS, "U0MIA", asked) if "Receipt missing" in text]
    floor.say("U0MIA", QUESTIONS, f"<@{BOT}> and lost ones?", thread_ts=asked)
    floor.reply_with(QUESTIONS, "U0MIA", asked, "Receipt missing")


def test_a_coach_who_asks_the_bot_themselves_is_answered_on(floor: Floor) -> None:
    asked = floor.say("U0ANA", GENERAL, f"<@{BOT}> {QUESTION}")
    floor.reply_with(GENERAL, "U0ANA", asked, "Attach receipt")
    floor.say("U0ANA", GENERAL, "and lost ones?", thread_ts=asked)
    floor.reply_with(GENERAL, "U0ANA", asked, "Receipt missing")


def test_where_it_is_off_a_mention_is_told_where_to_ask(floor: Floor) -> None:
    floor.say("U0EVE", "C0OPS", QUESTION)
    floor.say("U0EVE", "C0OPS", f"<@{BOT}> {QUESTION}")
    floor.wait_for(lambda: by_bot(floor, "C0OPS", "U0EVE"))
    [told] = by_bot(floor, "C0OPS", "U0EVE")
    assert told["ephemeral"]
    assert "direct messages" in told["text"]


def test_where_it_is_off_the_one_who_marks_a_message_is_told(floor: Floor) -> None:
    asked = floor.say("U0ANA", "C0COACHES", QUESTION)
    floor.call("react", user="U0EVE", channel="C0COACHES", ts=asked, name="question")
    [told] = floor.wait_for(lambda: by_bot(floor, "C0COACHES", "U0EVE"))
    assert told["ephemeral"]
    assert "direct messages" in told["text"]
    assert by_bot(floor, "C0COACHES", "U0ANA") == []


def test_a_mention_that_is_added_afterwards_counts_once(floor: Floor) -> None:
    said = floor.say("U0MIA", GENERAL, QUESTION)
    assert by_bot(floor, GENERAL, "U0MIA") == []
    for text in (f"<@{BOT}> {QUESTION}", f"<@{BOT}> {QUESTION} Please!"):
        floor.call("edit", user="U0MIA", channel=GENERAL, ts=said, text=text)
    floor.reply_with(GENERAL, "U0MIA", said, "Attach receipt")
    floor.settle()
    assert len(floor.replies(GENERAL, "U0MIA", said)) == 1


def test_a_private_answer_is_for_the_asker_until_they_share_it(floor: Floor) -> None:
    asked = floor.say("U0TOM", PRIVATE, f"<@{BOT}> {QUESTION}")
    [answer] = floor.wait_for(lambda: by_bot(floor, PRIVATE, "U0TOM"))
    assert (answer["ephemeral"], labels(answer)) == (True, ["That helped", "Still stuck", "Share here"])
    assert by_bot(floor, PRIVATE, "U0MIA") == []
    floor.call("click", user="U0TOM", channel=PRIVATE, ts=answer["ts"], label="Share here")
    shared = floor.reply_with(PRIVATE, "U0MIA", asked, "Attach receipt")
    assert "Source" in shared
    assert labels(floor.messages(PRIVATE, "U0MIA", asked)[1]) == []
    floor.settle()
    [left] = [one for one in by_bot(floor, PRIVATE, "U0TOM") if one["ephemeral"]]
    assert labels(left) == ["That helped", "Still stuck"]
    floor.call("click", user="U0TOM", channel=PRIVATE, ts=left["ts"], label="That helped")
    floor.wait_for(lambda: "Glad that helped" in str(by_bot(floor, PRIVATE, "U0TOM")))
    assert len(floor.replies(PRIVATE, "U0MIA", asked)) == 1


def test_who_is_still_stuck_after_a_private_answer_gets_a_ticket_in_private(floor: Floor) -> None:
    floor.say("U0TOM", PRIVATE, f"<@{BOT}> {QUESTION}")
    [answer] = floor.wait_for(lambda: by_bot(floor, PRIVATE, "U0TOM"))
    floor.call("click", user="U0TOM", channel=PRIVATE, ts=answer["ts"], label="Still stuck")
    floor.wait_for(lambda: [one for one in floor.messages(BOT, "U0TOM") if "FW-1" in one["text"]])
    floor.wait_for(lambda: "FW-1" in str(by_bot(floor, PRIVATE, "U0TOM")))
    assert by_bot(floor, PRIVATE, "U0MIA") == []


def test_a_private_follow_up_is_understood_with_the_question_before(floor: Floor) -> None:
    asked = floor.say("U0TOM", PRIVATE, f"<@{BOT}> {QUESTION}")
    floor.wait_for(lambda: by_bot(floor, PRIVATE, "U0TOM"))
    floor.say("U0TOM", PRIVATE, "and lost ones?", thread_ts=asked)
    floor.reply_with(PRIVATE, "U0TOM", asked, "Receipt missing")
    assert floor.replies(PRIVATE, "U0MIA", asked) == ["and lost ones?"]


def test_what_is_not_for_everybody_is_shown_to_the_asker_only_where_others_read_along(floor: Floor) -> None:
    (floor.knowledge / "training" / "forklift.md").write_text(
        "---\naudience: [warehouse]\n---\n# Forklifts\n\n## Where the forklift key hangs\n\n"
        "The forklift key hangs behind the red door of the charging room.\n", encoding="utf-8")
    floor.call("command", user="U0EVE", channel=GENERAL, command="/floorwalker", text="reindex")
    floor.wait_for(lambda: "forklift.md" in str(floor.messages(BOT, "U0EVE")), "the document to be taken in")
    asked = floor.say("U0TOM", GENERAL, f"<@{BOT}> Where does the forklift key hang?")
    [answer] = floor.wait_for(lambda: [one for one in by_bot(floor, GENERAL, "U0TOM") if "red door" in one["text"]])
    assert (answer["ephemeral"], labels(answer)) == (True, ["That helped", "Still stuck", "Share here"])
    assert floor.replies(GENERAL, "U0MIA", asked) == []
    direct = floor.say("U0TOM", BOT, "Where does the forklift key hang?")
    floor.reply_with(BOT, "U0TOM", direct, "red door")
    other = floor.say("U0TOM", GENERAL, f"<@{BOT}> {QUESTION}")
    floor.reply_with(GENERAL, "U0MIA", other, "Attach receipt")


def newcomer(floor: Floor, name: str, kind: str, *channels: str) -> str:
    return str(floor.call("person", user="U0EVE", name=name, kind=kind, channels=list(channels))["user"]["id"])


def test_a_guest_is_answered_from_what_is_for_everybody(floor: Floor) -> None:
    gus = newcomer(floor, "Gus Guest", "guest", QUESTIONS)
    asked = floor.say(gus, QUESTIONS, f"<@{BOT}> {QUESTION}")
    floor.reply_with(QUESTIONS, gus, asked, "Attach receipt")


def test_another_organisations_people_are_told_once_they_ask_and_else_ignored(floor: Floor) -> None:
    olga = newcomer(floor, "Olga Outside", "outsider", QUESTIONS)
    floor.say(olga, QUESTIONS, QUESTION)
    asked = floor.say(olga, QUESTIONS, f"<@{BOT}> {QUESTION}")
    [told] = floor.wait_for(lambda: by_bot(floor, QUESTIONS, olga))
    assert told["ephemeral"]
    assert "organisation" in told["text"]
    floor.settle()
    assert floor.replies(QUESTIONS, "U0MIA", asked) == []
    own = floor.say("U0MIA", QUESTIONS, QUESTION)
    floor.reply_with(QUESTIONS, "U0MIA", own, "Attach receipt")
