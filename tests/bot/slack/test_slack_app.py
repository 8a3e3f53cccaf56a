"""What the app lets in at all: only what comes from its own workspace, and only what may concern the bot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from slack_bolt import BoltRequest

from bot.slack.app import bolt_app
from bot.slack.connection import Identity, web_client
from bot.slack.front import Front
from tests.bot.desk.desk_fakes import House


def kept(folder: Path, body: dict[str, Any]) -> int:
    """How many things are in the inbox after this event."""
    house = House(folder)
    nobody: Any = None
    front = Front(house.inbox, house.desk, house.people, nobody, web_client("xoxb-1", "http://127.0.0.1:9/"),
                  Identity("T0", "Here", "U0BOT", "B0BOT"), house.clock, lambda: None)
    answered = bolt_app(front, "xoxb-1").dispatch(BoltRequest(body=body, mode="socket_mode"))
    assert answered.status == 200
    return house.inbox.pending()


def event(team: str = "T0", **inner: Any) -> dict[str, Any]:
    usual = {"type": "message", "channel": "C1", "channel_type": "channel", "ts": "1.1", "user": "U1",
             "text": "<@U0BOT> how?"}
    return {"type": "event_callback", "team_id": team, "event_id": "Ev1", "event": usual | inner}


def test_another_workspaces_events_are_not_taken_in(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert kept(tmp_path, event("T9")) == 0
    assert "foreign workspace 'T9'" in caplog.text


def test_a_mention_is_taken_in_and_what_people_say_among_themselves_is_not(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    assert kept(tmp_path / "one", event()) == 1
    assert kept(tmp_path / "two", event(text="how do I attach a receipt?")) == 0


@pytest.mark.parametrize("team", [None, "", {}, ["T0"], {"id": "T0"}])
def test_what_names_no_workspace_is_not_taken_in(tmp_path: Path, team: Any) -> None:
    assert kept(tmp_path, event() | {"team_id": team}) == 0


def test_what_slack_does_not_send_is_acknowledged_and_left_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert kept(tmp_path, event(ts=None)) == 0
    assert "not what Slack sends" in caplog.text


def test_half_a_character_is_no_reason_to_lose_a_question(tmp_path: Path) -> None:
    assert kept(tmp_path, event(text="<@U0BOT> how \ud83d?")) == 1


def test_that_somebody_deleted_a_message_of_the_bots_is_heard(tmp_path: Path) -> None:
    gone = event(subtype="message_deleted", deleted_ts="1.1", previous_message={"user": "U0BOT", "bot_id": "B0BOT"})
    assert kept(tmp_path, gone) == 1


def test_what_the_bot_says_itself_is_not_taken_in(tmp_path: Path) -> None:
    assert kept(tmp_path, event(user="U0BOT", bot_id="B0BOT", channel="D1", channel_type="im")) == 0
