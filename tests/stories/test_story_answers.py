"""What an end user lives through: asked and answered, with the source, exactly once."""

from __future__ import annotations

from bot.jobs.reindexing import Reindexing
from tests.stories.floor import BOT, Floor

QUESTION = "How do I attach a receipt to a claim?"


def test_a_known_question_is_answered_in_its_thread_with_the_source(floor: Floor) -> None:
    asked = floor.say("U0MIA", BOT, QUESTION)
    answer = floor.reply_with(BOT, "U0MIA", asked, "Attach receipt")
    assert "Open the claim under *Expenses*" in answer
    assert "Receipts › Attach a receipt to a claim" in answer
    assert "https://intranet.example/receipts" in answer
    floor.settle()
    assert len(floor.replies(BOT, "U0MIA", asked)) == 1
    floor.call("click", user="U0MIA", channel=BOT, ts=asked, label="That helped")
    floor.wait_for(lambda: "Glad that helped" in str(floor.messages(BOT, "U0MIA", asked)[1]["blocks"]))


def test_an_faq_entry_is_found_in_other_words_and_shown_as_written(floor: Floor) -> None:
    asked = floor.say("U0TOM", "C0GOLIVE", f"<@{BOT}> my password does not work")
    assert "Wait fifteen minutes, then use _Forgot password_ on the sign-in page." in floor.reply_with(
        "C0GOLIVE", "U0MIA", asked, "fifteen minutes")


def test_three_retries_and_a_twin_give_one_answer(floor: Floor) -> None:
    floor.call("fault", kind="duplicate", count=3)
    asked = floor.say("U0MIA", "C0GOLIVE", f"<@{BOT}> {QUESTION}")
    floor.reply_with("C0GOLIVE", "U0MIA", asked, "Attach receipt")
    floor.settle()
    assert len(floor.replies("C0GOLIVE", "U0MIA", asked)) == 1


def test_a_command_is_answered_for_the_asker_alone(floor: Floor) -> None:
    floor.call("command", user="U0MIA", channel="C0GENERAL", command="/floorwalker", text=QUESTION)
    floor.wait_for(lambda: [m for m in floor.messages("C0GENERAL", "U0MIA") if "Attach receipt" in m["text"]])
    assert not [m for m in floor.messages("C0GENERAL", "U0TOM") if "Attach receipt" in m["text"]]


def test_people_among_themselves_edits_and_deletions_start_nothing(floor: Floor) -> None:
    floor.say("U0MIA", "C0GENERAL", QUESTION)
    asked = floor.say("U0MIA", BOT, QUESTION)
    floor.reply_with(BOT, "U0MIA", asked, "Attach receipt")
    floor.call("edit", user="U0MIA", channel=BOT, ts=asked, text="What is the mileage rate for my own car?")
    floor.settle()
    assert len(floor.replies(BOT, "U0MIA", asked)) == 1
    assert not [m for m in floor.messages("C0GENERAL", "U0MIA") if m["user"] == BOT]


def test_a_bare_mention_gets_a_short_question_back(floor: Floor) -> None:
    asked = floor.say("U0MIA", "C0GOLIVE", f"<@{BOT}>")
    assert "What would you like to know?" in floor.reply_with("C0GOLIVE", "U0MIA", asked, "?")


def test_a_document_changed_and_reindexed_changes_the_next_answer(floor: Floor) -> None:
    before = floor.say("U0MIA", BOT, "What is the mileage rate for my own car?")
    floor.reply_with(BOT, "U0MIA", before, "45p")
    document = floor.knowledge / "training/mileage.md"
    document.write_text(document.read_text(encoding="utf-8").replace("45p", "52p"), encoding="utf-8")
    floor.call("command", user="U0EVE", channel="C0OPS", command="/floorwalker", text="reindex")
    told = floor.wait_for(lambda: [m["text"] for m in floor.messages(BOT, "U0EVE") if "1 changed" in m["text"]])
    assert "training/mileage.md" in told[0]
    after = floor.say("U0TOM", BOT, "What is the mileage rate for my own car?")
    floor.reply_with(BOT, "U0TOM", after, "52p")


def test_only_admins_reindex(floor: Floor) -> None:
    floor.call("command", user="U0MIA", channel="C0GENERAL", command="/floorwalker", text="reindex")
    floor.wait_for(lambda: [m for m in floor.messages("C0GENERAL", "U0MIA") if "Only admins" in m["text"]])
    bot = floor.demo.bot
    assert bot is not None
    assert isinstance(bot.reindexing, Reindexing)
    assert not bot.reindexing.running
