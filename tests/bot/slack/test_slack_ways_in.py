"""Shortcuts, emoji, the report form and the agent pane, each without a workspace around it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.slack import keys, payloads, report_steps
from bot.slack.messages import read_message
from bot.slack.pane import MAX_TITLE, WORKING, Pane
from bot.slack.views import answers, cards, history, problems
from bot.slack.ways import Ways
from bot.workspace.block_kit import view_problems
from indexer.types import Viewer
from tests.bot.slack.test_slack_views import accepted, answer, texts, ticket, urls, whole_history

BOT = "U0BOT"
MESSAGE = {"type": "message", "user": "U0MIA", "text": f"<@{BOT}> it &lt;blinks&gt;", "ts": "1.5", "thread_ts": "1.1"}


def shortcut(**message: Any) -> dict[str, Any]:
    return {"type": "message_action", "callback_id": "create_ticket", "trigger_id": "9.9", "team": {"id": "T1"},
            "channel": {"id": "C1"}, "user": {"id": "U0ANA"}, "response_url": "https://hooks.example/1",
            "message": MESSAGE | message}


# ---- what Slack sends -----------------------------------------------------------------------------------------------

def test_a_message_shortcut_says_who_points_at_whose_message() -> None:
    pointed = payloads.shortcut(shortcut(), BOT)
    assert (pointed.user, pointed.channel, pointed.thread_ts) == ("U0ANA", "C1", "1.1")
    assert pointed.message is not None
    assert (pointed.message.team, pointed.message.user, pointed.message.text) == ("T1", "U0MIA", "it <blinks>")
    assert not pointed.message.outsider


@pytest.mark.parametrize("message", [{"bot_id": "B1"}, {"user": BOT}, {"subtype": "channel_join"}, {"user": None}])
def test_what_no_person_wrote_is_pointed_at_in_vain(message: dict[str, Any]) -> None:
    assert payloads.shortcut(shortcut(**message), BOT).message is None


def test_an_author_of_another_organisation_is_known_as_such() -> None:
    pointed = payloads.shortcut(shortcut(user_team="T9"), BOT)
    assert pointed.message is not None
    assert pointed.message.outsider


def test_a_shortcut_waits_for_its_messages_conversation_and_counts_once() -> None:
    assert keys.conversation_of(shortcut()) == "C1:1.1"
    assert keys.key_of(shortcut()) == keys.key_of(shortcut(text="edited meanwhile"))
    assert keys.key_of(shortcut()) != keys.key_of(shortcut() | {"trigger_id": "9.8"})


def reaction(**changes: Any) -> dict[str, Any]:
    inner = {"type": "reaction_added", "user": "U0TOM", "reaction": "ticket",
             "item": {"type": "message", "channel": "C1", "ts": "1.5"}} | changes
    return {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": inner}


def test_a_reaction_tells_where_the_message_is() -> None:
    assert payloads.event(reaction(), BOT) == payloads.Reacted("ticket", "U0TOM", "C1", "1.5")
    assert keys.conversation_of(reaction()) == "C1:1.5"
    assert payloads.event(reaction(user=BOT), BOT) is None
    assert payloads.event(reaction(item={"type": "file", "file": "F1"}), BOT) is None


def test_looking_at_the_pane_is_told_by_both_generations_of_it() -> None:
    new = {"type": "app_home_opened", "user": "U0MIA", "tab": "messages", "channel": "D1"}
    old = {"type": "assistant_thread_started",
           "assistant_thread": {"user_id": "U0MIA", "channel_id": "D1", "thread_ts": "1.1"}}
    told = [payloads.event(reaction() | {"event": event}, BOT) for event in (new, old)]
    assert told == [payloads.PaneOpened("U0MIA", "D1"), payloads.PaneOpened("U0MIA", "D1", "1.1")]


def test_an_emoji_means_what_the_settings_say_in_any_skin_tone() -> None:
    ways = Ways("raised_hand", "ticket")
    assert ways.meaning("ticket") == "ticket"
    assert ways.meaning("raised_hand::skin-tone-3") == "ask"
    assert ways.meaning("question") is None
    assert Ways().meaning("") is None
    assert Ways().questions(Viewer()) == ()


# ---- the form -------------------------------------------------------------------------------------------------------

def test_the_form_fits_into_slack_and_carries_where_it_was_opened() -> None:
    for form in (report_steps.form(), report_steps.form("C1", "https://hooks.example/1"),
                 report_steps.form("C1", "https://hooks.example/" + "x" * 4000)):
        assert not view_problems(form), view_problems(form)
    assert report_steps.form("C1", "https://hooks.example/" + "x" * 4000)["private_metadata"] == "C1"


def test_every_answer_of_the_form_is_a_priority_that_the_card_knows() -> None:
    assert {value for _, value in problems.HOW_BAD_IT_IS} == set(cards.PRIORITIES)


@settings(deadline=None)
@given(texts, urls)
def test_what_is_said_of_a_message_that_was_handed_over(text: str, url: str | None) -> None:
    for view in (
        answers.thread_opener(ticket(text), "U0ANA"), answers.answer(7, answer(text, url), with_files=True),
        answers.files_passed_on(answers.handed_over(ticket(text), answer(text, url).hits)),
        cards.card(ticket(text), None, whole_history(text)[:1]),
    ):
        accepted(view)
    assert answers.answer(7, answer(text, url), with_files=True).blocks[-1]["type"] == "actions"


@pytest.mark.parametrize("author", ["U0TOM", "forgotten-3"])
def test_a_history_tells_who_wrote_what_another_handed_over(author: str) -> None:
    entry = whole_history(author)[0]
    assert history.handed_over_by([entry]).endswith("wrote.")
    assert author in history.handed_over_by([entry])
    assert history.handed_over_by([]) == ""


# ---- reading one message --------------------------------------------------------------------------------------------

class Pages(WebClient):
    """A channel with a root and a reply."""

    def __init__(self, error: str = "") -> None:
        super().__init__()
        self._error = error

    def conversations_history(self, **arguments: Any) -> Any:
        if self._error:
            raise SlackApiError("no", Refusal(self._error))
        assert arguments["latest"] == arguments["oldest"]
        return {"messages": [{"ts": "1.1"}] if arguments["latest"] == "1.1" else []}

    def conversations_replies(self, **arguments: Any) -> Any:
        return {"messages": [{"ts": "1.1"}, {"ts": "1.5"}] if arguments["ts"] == "1.5" else []}


class Refusal(dict[str, Any]):
    """As the SDK's response to a call that was refused."""

    def __init__(self, error: str) -> None:
        super().__init__(error=error)
        self.status_code, self.data, self.headers = 200, {"error": error}, dict[str, str]()


def test_a_message_is_read_at_top_level_and_in_threads() -> None:
    assert read_message(Pages(), "C1", "1.1") == {"ts": "1.1", "channel": "C1"}
    assert read_message(Pages(), "C1", "1.5") == {"ts": "1.5", "channel": "C1"}
    assert read_message(Pages(), "C1", "7.7") is None
    assert read_message(Pages("not_in_channel"), "C1", "1.1") is None
    with pytest.raises(SlackApiError):
        read_message(Pages("internal_error"), "C1", "1.1")


# ---- the agent pane -------------------------------------------------------------------------------------------------

class Slow(WebClient):
    """A client whose calls can be held up and refused."""

    def __init__(self, error: str = "") -> None:
        super().__init__()
        self.calls: list[tuple[str, Any]] = []
        self.begun, self.go_on = threading.Event(), threading.Event()
        self.go_on.set()
        self._error = error

    def api_call(self, api_method: str, **arguments: Any) -> Any:
        self.begun.set()
        assert self.go_on.wait(10)
        sent = arguments.get("json") or arguments.get("params") or {}
        self.calls.append((api_method.rpartition(".")[2], sent.get("status", sent.get("title", sent.get("prompts")))))
        if self._error:
            raise SlackApiError("no", Refusal(self._error))
        return {"ok": True}


def done(pane: Pane) -> None:
    """Wait until the pane has nothing left to do."""
    pane.stop()
    assert pane._thread is not None
    pane._thread.join(10)


def test_a_status_is_shown_and_left_to_the_answer() -> None:
    client = Slow()
    pane = Pane(client)
    pane.working("D1", "1.1")
    done(pane)
    pane.answering("D1", "1.1")
    assert client.calls == [("setStatus", WORKING)]


def test_an_answer_that_is_faster_leaves_no_status_behind() -> None:
    client = Slow()
    client.go_on.clear()
    pane = Pane(client)
    pane.working("D1", "1.1")
    assert client.begun.wait(10)
    pane.working("D1", "2.2")  # waits behind the first one
    pane.answering("D1", "1.1")
    pane.answering("D1", "2.2")
    client.go_on.set()
    done(pane)
    assert client.calls == [("setStatus", WORKING), ("setStatus", "")]


def test_a_title_is_short_and_on_one_line() -> None:
    client = Slow()
    pane = Pane(client)
    pane.title("D1", "1.1", "How do I\n" + "attach a receipt " * 30)
    pane.title("D1", "1.1", "   ")
    done(pane)
    ((method, title),) = client.calls
    assert method == "setTitle"
    assert title.startswith("How do I attach a receipt")
    assert len(title) <= MAX_TITLE


def test_at_most_four_questions_are_suggested_and_none_is_no_call() -> None:
    client = Slow()
    pane = Pane(client)
    pane.suggest("D1", lambda: ["a?", "b?", "c?", "d?", "e?"])
    pane.suggest("D1", list)
    done(pane)
    ((_, prompts),) = client.calls
    assert [one["message"] for one in prompts] == ["a?", "b?", "c?", "d?"]


@pytest.mark.parametrize(("error", "calls"), [("missing_scope", 1), ("channel_not_found", 2)])
def test_without_the_scope_it_is_not_tried_again(error: str, calls: int) -> None:
    client = Slow(error)
    pane = Pane(client)
    pane.title("D1", "1.1", "one")
    pane.title("D1", "1.1", "two")
    done(pane)
    assert len(client.calls) == calls


def test_a_fault_in_what_is_suggested_ends_nothing() -> None:
    def broken() -> list[str]:
        raise RuntimeError

    suggest: Callable[[], list[str]] = broken
    client = Slow()
    pane = Pane(client)
    pane.suggest("D1", suggest)
    pane.title("D1", "1.1", "still there")
    done(pane)
    assert client.calls == [("setTitle", "still there")]
