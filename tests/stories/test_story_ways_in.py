"""Every way in: shortcuts, the form, emoji, the agent pane, the words of the command. One answer, however it came."""

from __future__ import annotations

from typing import Any

import pytest

from tests.stories.floor import BOT, COACHES, Floor

QUESTION = "How do I attach a receipt to a claim?"
PROBLEM = "The scanner in bay 4 blinks red"


@pytest.fixture
def more_settings() -> str:
    return '[slack]\nemoji_ask = "question"\n'


def modal(floor: Floor, user: str) -> dict[str, Any]:
    view: dict[str, Any] | None = floor.http.get("/workspace/views", params={"user": user}).json()["modal"]
    return view or {}


def told(floor: Floor, user: str, channel: str, words: str) -> list[dict[str, Any]]:
    """Wait for messages there that this person sees, with these words."""
    return floor.wait_for(lambda: [m for m in floor.messages(channel, user) if words in m["text"]], words)


def cards(floor: Floor, words: str) -> list[dict[str, Any]]:
    return [card for card in floor.messages(COACHES, "U0ANA") if words in str(card["blocks"])]


# ---- Create ticket on a message -------------------------------------------------------------------------------------

def test_an_own_message_becomes_a_ticket_whose_thread_is_in_the_direct_messages(floor: Floor) -> None:
    ts = floor.say("U0MIA", "C0GOLIVE", PROBLEM)
    floor.call("shortcut", user="U0MIA", name="create_ticket", channel="C0GOLIVE", ts=ts)
    told(floor, "U0MIA", "C0GOLIVE", "Your ticket is *FW-1*")
    assert not [m for m in floor.messages("C0GOLIVE", "U0TOM") if "FW-1" in m["text"]], "only the asker is told"
    told(floor, "U0MIA", BOT, "FW-1")
    card = floor.card_of(PROBLEM)
    assert f"/archives/C0GOLIVE/p{ts.replace('.', '')}" in str(card["blocks"])
    assert "The asker wants a person" in str(card["blocks"])


def test_a_coach_hands_over_what_somebody_wrote_and_that_person_is_the_asker(floor: Floor) -> None:
    ts = floor.say("U0MIA", "C0GOLIVE", PROBLEM)
    floor.call("shortcut", user="U0ANA", name="create_ticket", channel="C0GOLIVE", ts=ts)
    opener = told(floor, "U0MIA", BOT, "FW-1")[0]
    assert "<@U0ANA> has handed over to the coaches what you wrote" in opener["text"]
    told(floor, "U0ANA", "C0GOLIVE", "FW-1 is open now")
    card = floor.card_of(PROBLEM)
    assert "<@U0ANA> handed over what <@U0MIA> wrote" in str(card["blocks"])
    floor.settle()
    floor.say("U0ANA", COACHES, "Press the green key.", thread_ts=card["ts"])
    floor.reply_with(BOT, "U0MIA", opener["ts"], "Press the green key.")


def test_who_is_no_coach_asks_themselves_about_what_somebody_else_wrote(floor: Floor) -> None:
    ts = floor.say("U0TOM", "C0GOLIVE", PROBLEM)
    floor.call("shortcut", user="U0MIA", name="create_ticket", channel="C0GOLIVE", ts=ts)
    told(floor, "U0MIA", BOT, "FW-1")
    assert "<@U0MIA> handed over what <@U0TOM> wrote" in str(floor.card_of(PROBLEM)["blocks"])
    assert not floor.messages(BOT, "U0TOM")


def test_the_same_message_twice_is_one_ticket(floor: Floor) -> None:
    ts = floor.say("U0MIA", "C0GOLIVE", PROBLEM)
    floor.call("shortcut", user="U0MIA", name="create_ticket", channel="C0GOLIVE", ts=ts)
    floor.card_of(PROBLEM)
    floor.call("shortcut", user="U0ANA", name="create_ticket", channel="C0GOLIVE", ts=ts)
    floor.call("react", user="U0TOM", channel="C0GOLIVE", ts=ts, name="ticket")
    told(floor, "U0ANA", "C0GOLIVE", "with the coaches already: FW-1")
    told(floor, "U0TOM", "C0GOLIVE", "with the coaches already: FW-1")
    floor.settle()
    assert len(cards(floor, PROBLEM)) == 1


def test_a_bots_message_is_refused_with_a_sentence(floor: Floor) -> None:
    asked = floor.say("U0MIA", BOT, QUESTION)
    floor.reply_with(BOT, "U0MIA", asked, "Attach receipt")
    answer = floor.messages(BOT, "U0MIA", asked)[1]
    floor.call("shortcut", user="U0MIA", name="create_ticket", channel=BOT, ts=answer["ts"])
    floor.wait_for(lambda: "I only take what people wrote" in str(
        [*floor.messages(BOT, "U0MIA"), *floor.messages(BOT, "U0MIA", asked)]), "a refusal")
    floor.settle()
    assert not floor.messages(COACHES, "U0ANA")


def test_an_answered_message_goes_on_in_the_thread_of_its_answer(floor: Floor) -> None:
    asked = floor.say("U0MIA", "C0GOLIVE", f"<@{BOT}> {QUESTION}")
    floor.reply_with("C0GOLIVE", "U0MIA", asked, "Attach receipt")
    floor.settle()
    floor.call("shortcut", user="U0MIA", name="create_ticket", channel="C0GOLIVE", ts=asked)
    floor.reply_with("C0GOLIVE", "U0MIA", asked, "Your ticket is *FW-1*")
    assert "is still stuck" in str(floor.card_of(QUESTION)["blocks"])
    floor.wait_for(lambda: "Passed on to the coaches" in str(floor.messages("C0GOLIVE", "U0MIA", asked)[1]["blocks"]))


def test_a_coach_hands_over_what_was_answered_and_nobody_says_that_it_did_not_help(floor: Floor) -> None:
    asked = floor.say("U0MIA", "C0GOLIVE", f"<@{BOT}> {QUESTION}")
    floor.reply_with("C0GOLIVE", "U0MIA", asked, "Attach receipt")
    floor.settle()
    floor.call("shortcut", user="U0ANA", name="create_ticket", channel="C0GOLIVE", ts=asked)
    said = floor.reply_with("C0GOLIVE", "U0MIA", asked, "Your ticket is *FW-1*")
    assert said.startswith("<@U0ANA> has handed over your question to the coaches")
    assert "Sorry" not in said
    card = str(floor.card_of(QUESTION)["blocks"])
    assert "<@U0ANA> handed over what <@U0MIA> wrote. The bot had answered it." in card
    assert "still stuck" not in card


def test_edits_of_the_message_reach_the_card(floor: Floor) -> None:
    ts = floor.say("U0MIA", "C0GOLIVE", PROBLEM)
    floor.call("shortcut", user="U0MIA", name="create_ticket", channel="C0GOLIVE", ts=ts)
    card = floor.card_of(PROBLEM)
    floor.settle()
    floor.call("edit", user="U0MIA", channel="C0GOLIVE", ts=ts, text="The scanner in bay 7 blinks red")
    floor.card_says(card["ts"], "bay 7")


def test_what_was_handed_over_by_the_bot_is_not_handed_over_again(floor: Floor) -> None:
    asked = floor.say("U0MIA", "C0GOLIVE", f"<@{BOT}> {PROBLEM}?")
    floor.reply_with("C0GOLIVE", "U0MIA", asked, "FW-1")
    floor.call("shortcut", user="U0MIA", name="create_ticket", channel="C0GOLIVE", ts=asked)
    floor.wait_for(lambda: "with the coaches already: FW-1" in str(
        [*floor.messages("C0GOLIVE", "U0MIA"), *floor.messages("C0GOLIVE", "U0MIA", asked)]), "the number")
    floor.settle()
    assert len(cards(floor, PROBLEM)) == 1


def test_a_shortcut_and_an_emoji_are_written_down_before_they_are_acknowledged(floor: Floor) -> None:
    bot = floor.demo.bot
    assert bot is not None
    bot.pause()
    shortcut, emoji = (floor.say("U0MIA", "C0GOLIVE", f"{PROBLEM} {again}") for again in ("once", "again"))
    floor.call("shortcut", user="U0MIA", name="create_ticket", channel="C0GOLIVE", ts=shortcut)
    assert bot.inbox.pending() == 1
    floor.call("react", user="U0MIA", channel="C0GOLIVE", ts=emoji, name="eyes")
    floor.call("react", user="U0MIA", channel="C0GOLIVE", ts=emoji, name="ticket")
    floor.wait_for(lambda: bot.inbox.pending() == 2, "the emoji")


# ---- Report a problem -----------------------------------------------------------------------------------------------

def report(floor: Floor, user: str = "U0MIA", **more: str) -> dict[str, Any]:
    return floor.call("submit", user=user, values={"What is wrong?": PROBLEM, **more})


def test_the_form_says_how_bad_it_is_and_whom_it_hits(floor: Floor) -> None:
    floor.call("shortcut", user="U0MIA", name="report_problem")
    assert modal(floor, "U0MIA")["title"]["text"] == "Report a problem"
    assert report(floor, **{"How bad is it?": "I cannot work", "Who is affected?": "My team",
                            "A link to it": "https://erp.example/scan/4"}) == {}
    opener = told(floor, "U0MIA", BOT, "FW-1")[0]
    assert PROBLEM in opener["text"]
    card = str(floor.card_of(PROBLEM)["blocks"])
    for words in ("🚨 Urgent", "affects my team", "<https://erp.example/scan/4|"):
        assert words in card


def test_what_is_wrong_must_be_said(floor: Floor) -> None:
    floor.call("shortcut", user="U0MIA", name="report_problem")
    assert "What is wrong?" in floor.call("submit", user="U0MIA", values={"What is wrong?": "  "})["errors"]
    assert "A link to it" in report(floor, **{"A link to it": "not a url"})["errors"]
    assert report(floor) == {}
    card = str(floor.card_of(PROBLEM)["blocks"])
    assert "Urgent" not in card
    assert "affects" not in card


def test_the_form_opens_from_the_command_and_the_number_is_told_where_it_was_typed(floor: Floor) -> None:
    floor.call("command", user="U0MIA", channel="C0GENERAL", command="/floorwalker", text="report")
    report(floor)
    told(floor, "U0MIA", "C0GENERAL", "Your ticket is *FW-1*")


def test_the_form_opens_from_the_home_tab(floor: Floor) -> None:
    floor.call("open_home", user="U0MIA")
    floor.wait_for(lambda: floor.http.get("/workspace/views", params={"user": "U0MIA"}).json()["home"])
    floor.call("click", user="U0MIA", label="Report a problem")
    report(floor)
    told(floor, "U0MIA", BOT, "FW-1")


@pytest.mark.parametrize("trouble", [{"kind": "server_error"}, {"kind": "error", "error": "expired_trigger_id"}])
def test_a_form_that_does_not_open_from_the_shortcut_is_told_in_the_direct_messages(
        floor: Floor, trouble: dict[str, str]) -> None:
    floor.call("fault", method="views.open", **trouble)
    floor.call("shortcut", user="U0MIA", name="report_problem")
    [told_once] = told(floor, "U0MIA", BOT, "did not open the form")
    assert "/floorwalker ticket" in told_once["text"]
    floor.settle()
    assert len(floor.messages(BOT, "U0MIA")) == 1


def test_whoever_used_the_shortcut_in_the_moment_of_a_crash_hears_that_nothing_opened(floor: Floor) -> None:
    bot = floor.demo.bot
    assert bot is not None
    body = {"type": "shortcut", "callback_id": "report_problem", "trigger_id": "9.9", "user": {"id": "U0MIA"}}
    bot.front.keep("shortcut", body, held=True)
    bot.inbox.take_up(bot.front.now())  # as the next start does
    told(floor, "U0MIA", BOT, "did not open the form")


# ---- emoji ----------------------------------------------------------------------------------------------------------

def test_an_emoji_asks_the_bot_once_for_the_author_whoever_puts_it(floor: Floor) -> None:
    ts = floor.say("U0MIA", "C0GOLIVE", QUESTION)
    for user in ("U0TOM", "U0ANA"):
        floor.call("react", user=user, channel="C0GOLIVE", ts=ts, name="question")
    floor.reply_with("C0GOLIVE", "U0MIA", ts, "Attach receipt")
    floor.settle()
    assert len(floor.replies("C0GOLIVE", "U0MIA", ts)) == 1
    floor.call("click", user="U0MIA", channel="C0GOLIVE", ts=ts, label="That helped")
    floor.wait_for(lambda: "Glad that helped" in str(floor.messages("C0GOLIVE", "U0MIA", ts)[1]["blocks"]))


def test_an_emoji_on_a_reply_asks_too(floor: Floor) -> None:
    root = floor.say("U0TOM", "C0GOLIVE", "Morning all")
    reply = floor.say("U0MIA", "C0GOLIVE", QUESTION, thread_ts=root)
    floor.call("react", user="U0TOM", channel="C0GOLIVE", ts=reply, name="question")
    floor.reply_with("C0GOLIVE", "U0MIA", root, "Attach receipt")


def test_an_emoji_opens_a_ticket(floor: Floor) -> None:
    ts = floor.say("U0MIA", "C0GOLIVE", PROBLEM)
    floor.call("react", user="U0ANA", channel="C0GOLIVE", ts=ts, name="ticket")
    told(floor, "U0MIA", BOT, "FW-1")
    assert "<@U0ANA> handed over what <@U0MIA> wrote" in str(floor.card_of(PROBLEM)["blocks"])


def test_other_emoji_and_those_on_answers_start_nothing(floor: Floor) -> None:
    ts = floor.say("U0MIA", "C0GOLIVE", f"<@{BOT}> {QUESTION}")
    floor.reply_with("C0GOLIVE", "U0MIA", ts, "Attach receipt")
    answer = floor.messages("C0GOLIVE", "U0MIA", ts)[1]
    floor.call("react", user="U0TOM", channel="C0GOLIVE", ts=answer["ts"], name="question")
    floor.call("react", user="U0TOM", channel="C0GOLIVE", ts=ts, name="eyes")
    floor.call("react", user="U0TOM", channel="C0GOLIVE", ts=ts, name="question")
    floor.settle()
    assert len(floor.replies("C0GOLIVE", "U0MIA", ts)) == 1


# ---- the agent pane -------------------------------------------------------------------------------------------------

def pane(floor: Floor, thread_ts: str = "") -> dict[str, Any]:
    shown = floor.http.get("/workspace/messages", params={"channel": BOT, "user": "U0MIA"}).json()["assistant"]
    return next((dict(thread) for thread in shown if (thread["thread_ts"] or "") == thread_ts), {})


def test_the_pane_suggests_questions_of_the_faq(floor: Floor) -> None:
    floor.call("open_home", user="U0MIA", tab="messages")
    prompts = floor.wait_for(lambda: pane(floor).get("prompts"), "suggestions")
    assert [prompt["message"] for prompt in prompts] == ["I am locked out of my account, what now?"]


def test_a_thread_is_named_by_its_question_and_no_status_is_left(floor: Floor) -> None:
    asked = floor.say("U0MIA", BOT, QUESTION)
    floor.reply_with(BOT, "U0MIA", asked, "Attach receipt")
    floor.wait_for(lambda: pane(floor, asked).get("title") == QUESTION, "the title")
    floor.settle()
    floor.wait_for(lambda: not pane(floor, asked)["status"], "no status")


# ---- /floorwalker ---------------------------------------------------------------------------------------------------

def test_a_coach_goes_off_duty_and_back_by_command(floor: Floor) -> None:
    for user, typed, answered in (
        ("U0ANA", "duty off", "You are off duty: nobody passes you new tickets"),
        ("U0ANA", "duty", "You are off duty. `/floorwalker duty on` changes that."),
        ("U0ANA", "Duty ON", "You are on duty: new tickets come to you"),
        ("U0EVE", "duty off", "Only coaches are on duty"),
    ):
        floor.call("command", user=user, channel=COACHES, command="/floorwalker", text=typed)
        told(floor, user, COACHES, answered)


@pytest.mark.parametrize(("typed", "answered"), [
    ("statsu", "Did you mean `/floorwalker status`?"), ("health please", "Did you mean `/floorwalker health`?"),
    ("duty of", "Did you mean `/floorwalker duty off`?"), ("a", "What would you like to know?"),
    ("@ana", "What would you like to know?"), ("status?", "No tickets."), ("FW-7", "You have no ticket FW-7."),
])
def test_a_typing_error_gets_a_question_back_and_makes_no_ticket(floor: Floor, typed: str, answered: str) -> None:
    floor.call("command", user="U0MIA", channel="C0GENERAL", command="/floorwalker", text=typed)
    [shown] = told(floor, "U0MIA", "C0GENERAL", answered)
    assert shown["ephemeral"]
    floor.settle()
    assert not floor.messages(COACHES, "U0ANA")


def test_a_ticket_is_shown_by_its_number_to_its_asker_and_the_coaches_alone(floor: Floor) -> None:
    floor.call("command", user="U0MIA", channel="C0GENERAL", command="/floorwalker", text=f"ticket {PROBLEM}")
    floor.card_of(PROBLEM)
    for user, typed in (("U0MIA", "status FW-1"), ("U0MIA", "ticket fw-1"), ("U0ANA", "status 1")):
        floor.call("command", user=user, channel="C0GOLIVE", command="/floorwalker", text=typed)
        [shown] = [one for one in told(floor, user, "C0GOLIVE", "*FW-1* · ") if one["ephemeral"]][-1:]
        assert PROBLEM in shown["text"]
    floor.call("command", user="U0TOM", channel="C0GOLIVE", command="/floorwalker", text="status FW-1")
    told(floor, "U0TOM", "C0GOLIVE", "You have no ticket FW-1.")
    floor.settle()
    assert len(floor.messages(COACHES, "U0ANA")) == 1


def test_what_stands_behind_report_is_filled_into_the_form(floor: Floor) -> None:
    floor.call("command", user="U0MIA", channel="C0GENERAL", command="/floorwalker", text="report The printer smokes")
    assert "The printer smokes" in str(modal(floor, "U0MIA")["blocks"])
    assert floor.call("submit", user="U0MIA", values={}) == {}
    told(floor, "U0MIA", "C0GENERAL", "Your ticket is *FW-1*")
    floor.card_of("The printer smokes")


def test_an_unknown_word_is_a_question(floor: Floor) -> None:
    floor.call("command", user="U0MIA", channel="C0GENERAL", command="/floorwalker", text="mileage rate for my own car")
    told(floor, "U0MIA", "C0GENERAL", "45p")


# ---- long texts, files ----------------------------------------------------------------------------------------------

def test_a_question_of_forty_thousand_characters_becomes_a_ticket_with_its_buttons(floor: Floor) -> None:
    asked = floor.say("U0MIA", BOT, "Why does bay four blink? " + "marzipan " * 4_400)
    floor.reply_with(BOT, "U0MIA", asked, "FW-1")
    assert floor.card_of("bay four")["blocks"][-1]["type"] == "actions"


def test_a_screenshot_with_a_question_is_acknowledged_and_kept(floor: Floor) -> None:
    known = floor.call("upload", user="U0MIA", channel=BOT, name="claim.png", content="x", text=QUESTION)["ts"]
    floor.reply_with(BOT, "U0MIA", known, "Attach receipt")
    assert "I can't read files or pictures" in str(floor.messages(BOT, "U0MIA", known)[1]["blocks"])
    unknown = floor.call("upload", user="U0MIA", channel=BOT, name="bay.png", content="x", text=PROBLEM + "?")["ts"]
    floor.reply_with(BOT, "U0MIA", unknown, "FW-1")
    assert "I can't read files or pictures, so I have passed" in str(floor.messages(BOT, "U0MIA", unknown)[1]["blocks"])
    assert "bay.png" in str(floor.card_of(PROBLEM)["blocks"])
