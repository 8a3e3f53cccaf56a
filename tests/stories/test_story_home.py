"""App Home: each role finds what it looks for there, and it follows what happens while somebody looks."""

from __future__ import annotations

import time
from typing import Any

import pytest

from bot.assemble.app import Bot
from bot.slack.listeners import submissions
from bot.slack.views import home as home_views
from bot.slack.views.parts import Block
from tests.fakes import ToyEmbedder
from tests.stories.floor import BOT, COACHES, Floor

QUESTION = "How do I attach a receipt to a claim?"
UNKNOWN = "Where do we park the forklift on Sundays?"


def views(floor: Floor, user: str) -> dict[str, Any]:
    shown: dict[str, Any] = floor.http.get("/workspace/views", params={"user": user}).json()
    return shown


def home(floor: Floor, user: str, words: str) -> str:
    """Wait until somebody's Home shows these words."""
    return floor.wait_for(lambda: words in (shown := str(views(floor, user)["home"])) and shown, words)


def modal(floor: Floor, user: str, words: str) -> str:
    return floor.wait_for(lambda: words in (shown := str(views(floor, user)["modal"])) and shown, words)


def open_home(floor: Floor, user: str, words: str = "How can I help?") -> str:
    floor.call("open_home", user=user)
    return home(floor, user, words)


def ask_at_home(floor: Floor, text: str) -> None:
    open_home(floor, "U0MIA")
    floor.call("click", user="U0MIA", label="Ask")
    modal(floor, "U0MIA", "Your question")
    assert floor.call("submit", user="U0MIA", values={"Your question": text}) == {}


def opened(floor: Floor, text: str = UNKNOWN, user: str = "U0MIA") -> str:
    """An unknown question; returns its card."""
    asked = floor.say(user, BOT, text)
    floor.wait_for(lambda: floor.replies(BOT, user, asked), "the number")
    floor.settle()
    return str(floor.card_of(text)["ts"])


def test_a_question_asked_at_home_is_answered_in_the_form(floor: Floor) -> None:
    ask_at_home(floor, QUESTION)
    shown = modal(floor, "U0MIA", "Attach receipt")
    assert "Source" in shown
    floor.call("click", user="U0MIA", label="That helped")
    modal(floor, "U0MIA", "Glad that helped")
    floor.settle()
    assert floor.messages(BOT, "U0MIA") == []


def test_the_word_that_it_is_looking_never_covers_up_an_answer(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    def drawn_late() -> Block:
        time.sleep(0.5)  # workers are faster than that
        return home_views.looking()

    monkeypatch.setattr(submissions, "looking", drawn_late)
    ask_at_home(floor, QUESTION)
    assert "Looking" in modal(floor, "U0MIA", "Looking")
    modal(floor, "U0MIA", "Attach receipt")


def test_who_is_still_stuck_in_the_form_gets_a_ticket_and_sees_it_at_home(floor: Floor) -> None:
    ask_at_home(floor, QUESTION)
    modal(floor, "U0MIA", "Still stuck")
    floor.call("click", user="U0MIA", label="Still stuck")
    modal(floor, "U0MIA", "FW-1")
    floor.wait_for(lambda: [one for one in floor.messages(BOT, "U0MIA") if "FW-1" in one["text"]])
    assert "waits for a coach" in home(floor, "U0MIA", "FW-1")


def test_what_is_not_known_is_said_in_the_form_too(floor: Floor) -> None:
    ask_at_home(floor, UNKNOWN)
    modal(floor, "U0MIA", "FW-1")
    floor.card_of("forklift")


def test_an_answer_for_a_form_that_was_closed_is_shown_in_the_direct_messages(floor: Floor) -> None:
    bot = floor.demo.bot
    assert bot is not None
    bot.pause()
    ask_at_home_then_close(floor)
    bot.stop()
    restart(floor)
    [shown] = floor.wait_for(lambda: floor.messages(BOT, "U0MIA"))
    assert shown["ephemeral"]
    assert "Attach receipt" in shown["text"]


def ask_at_home_then_close(floor: Floor) -> None:
    """The bot takes in what comes, and works on nothing: its Home is one that was drawn before."""
    bot = floor.demo.bot
    assert bot is not None
    floor.call("open_home", user="U0MIA")
    bot.client.views_publish(user_id="U0MIA", view=bot.homes.draw("U0MIA"))
    floor.call("click", user="U0MIA", label="Ask")
    modal(floor, "U0MIA", "Your question")
    floor.call("submit", user="U0MIA", values={"Your question": QUESTION})
    floor.call("close", user="U0MIA")


def restart(floor: Floor) -> None:
    floor.demo.bot = Bot(floor.demo.settings, floor.demo.data, embedder=ToyEmbedder())
    floor.demo.bot.start()


@pytest.mark.parametrize("label", ["Ask", "Report a problem"])
def test_a_form_that_does_not_open_from_home_is_told_in_the_direct_messages(floor: Floor, label: str) -> None:
    open_home(floor, "U0MIA")
    floor.call("fault", kind="server_error", method="views.open")
    floor.call("click", user="U0MIA", label=label)
    [told] = floor.wait_for(lambda: floor.messages(BOT, "U0MIA"), "a word")
    assert "did not open the form" in told["text"]
    assert not told.get("ephemeral")
    floor.settle()
    assert len(floor.messages(BOT, "U0MIA")) == 1
    floor.call("click", user="U0MIA", label=label)
    floor.wait_for(lambda: views(floor, "U0MIA")["modal"], "the form")


def test_a_refusal_of_a_click_at_home_is_told_in_the_direct_messages(floor: Floor, monkeypatch: pytest.MonkeyPatch
                                                                     ) -> None:
    bot = floor.demo.bot
    assert bot is not None
    open_home(floor, "U0ANA", "For you as a coach")
    monkeypatch.setattr(bot.people, "is_coach", lambda _user: False)  # they are none any more, the tab is older
    floor.call("click", user="U0ANA", label="Go off duty")
    [told] = floor.wait_for(lambda: floor.messages(BOT, "U0ANA"), "a refusal")
    assert "Only coaches" in told["text"]
    assert not told.get("ephemeral")


def test_home_follows_a_ticket_while_its_asker_looks(floor: Floor) -> None:
    open_home(floor, "U0MIA", "No tickets.")
    card = opened(floor)
    home(floor, "U0MIA", "waits for a coach")
    floor.call("click", user="U0ANA", channel=COACHES, ts=card, label="Claim")
    shown = home(floor, "U0MIA", "<@U0ANA> looks after it")
    assert "/archives/D0MIA/p" in shown
    assert "For you as" not in shown


def test_a_coach_sees_what_is_theirs_and_what_is_free(floor: Floor) -> None:
    card = opened(floor)
    assert "forklift" in open_home(floor, "U0ANA", "For you as a coach")
    floor.call("click", user="U0ANA", channel=COACHES, ts=card, label="Claim")
    home(floor, "U0ANA", "*🙋 Yours* (1)")
    assert "🙋 Yours* (1)" not in open_home(floor, "U0BEN", "For you as a coach")


def test_a_known_issue_is_shown_to_everybody_while_it_is_open(floor: Floor) -> None:
    card = opened(floor)
    open_home(floor, "U0TOM")
    assert "forklift" not in str(views(floor, "U0TOM")["home"])
    floor.call("click", user="U0ANA", channel=COACHES, ts=card, label="Priority, area, tags")
    assert floor.call("submit", user="U0ANA", values={"Tags": "Known issue"}) == {}
    assert "forklift" in home(floor, "U0TOM", "Known issues")
    floor.call("click", user="U0ANA", channel=COACHES, ts=card, label="Not a request")
    floor.wait_for(lambda: "forklift" not in str(views(floor, "U0TOM")["home"]), "its end")


def test_a_new_answer_is_news(floor: Floor) -> None:
    open_home(floor, "U0TOM")
    card = opened(floor)
    floor.call("click", user="U0ANA", channel=COACHES, ts=card, label="Resolve")
    floor.call("submit", user="U0ANA", values={"Resolution": "In bay 7.", "Add to the FAQ": True})
    [review] = floor.wait_for(lambda: [one for one in floor.messages(COACHES, "U0BEN", card)
                                       if "Approve" in str(one["blocks"])], "the review")
    floor.call("click", user="U0BEN", channel=COACHES, ts=review["ts"], label="Approve")
    assert "forklift" in home(floor, "U0TOM", "What's new")


def test_an_admin_reindexes_at_home_and_sees_how_it_ends(floor: Floor) -> None:
    shown = open_home(floor, "U0EVE", "For you as an admin")
    assert "4 documents" in shown
    assert "Golden questions" in shown
    (floor.knowledge / "training" / "parking.md").write_text("# Parking\n\nThe forklift parks in bay 7.\n", "utf-8")
    (floor.knowledge / "training" / "broken.md").write_bytes(b"\xff\xfe broken \xff")
    floor.call("click", user="U0EVE", label="Reindex")
    shown = home(floor, "U0EVE", "1 added")
    assert "`training/parking.md` added" in shown
    assert "`training/broken.md`: " in shown
    assert floor.messages(BOT, "U0EVE") == []


def test_only_admins_reindex_and_others_are_told(floor: Floor) -> None:
    floor.call("command", user="U0MIA", channel="C0GENERAL", command="/floorwalker", text="reindex")
    [told] = floor.wait_for(lambda: [one for one in floor.messages("C0GENERAL", "U0MIA") if one["user"] == BOT])
    assert "Only admins" in told["text"]
    assert "[desk]" not in told["text"]
    assert "Only admins" not in str(floor.messages("C0GENERAL", "U0TOM"))


def test_a_reindex_by_command_is_one_message_with_names(floor: Floor) -> None:
    (floor.knowledge / "training" / "mileage.md").unlink()
    floor.call("command", user="U0EVE", channel="C0GENERAL", command="/floorwalker", text="reindex")
    [told] = floor.wait_for(lambda: [one for one in floor.messages(BOT, "U0EVE") if "1 removed" in one["text"]])
    assert "`training/mileage.md` removed" in told["text"]
    [where] = floor.wait_for(lambda: [one for one in floor.messages("C0GENERAL", "U0EVE") if one["user"] == BOT])
    assert where["ephemeral"]
    assert "in our direct messages" in where["text"]
    assert len(floor.messages(BOT, "U0EVE")) == 1
