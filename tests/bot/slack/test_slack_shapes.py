"""What is let in at the door: all that Slack sends, and nothing that would trip whoever works on it."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from slack_bolt import BoltRequest

from bot.desk.store import Store
from bot.slack.out_of_date import OutOfDate, known, moment_in, number_in, typed
from bot.slack.shapes import DEEPEST, is_event_request, is_heard, is_interaction, is_sound, without_half_characters

WHO = {"user": {"id": "U0MIA"}, "team": {"id": "T0OURS"}}
FIELD = {"type": "input", "block_id": "what", "element": {"type": "plain_text_input"}}
VIEW = {"id": "V1", "type": "modal", "callback_id": "resolve", "private_metadata": "1", "hash": "1.a",
        "blocks": [FIELD],
        "state": {"values": {"what": {"typed": {"type": "plain_text_input", "value": None}}}}}
REQUESTS: dict[str, dict[str, Any]] = {
    "event": {"type": "event_callback", "team_id": "T0OURS", "event_id": "Ev1", "event": {
        "type": "message", "channel": "D0MIA", "user": "U0MIA", "text": "Why?", "ts": "1.1", "files": [{"id": "F1"}]}},
    "click": {"type": "block_actions", **WHO, "actions": [{"action_id": "claim", "value": "1", "action_ts": "1.1"}],
              "container": {"channel_id": "C1", "message_ts": "1.1"}, "trigger_id": "1.2.3",
              "response_url": "https://hooks.slack.com/actions/T1/1/x"},
    "submission": {"type": "view_submission", **WHO, "view": VIEW},
    "message shortcut": {"type": "message_action", **WHO, "callback_id": "create_ticket", "trigger_id": "1.2.3",
                         "channel": {"id": "C1"}, "message": {"ts": "1.1", "text": "Why?", "user": "U0TOM"}},
    "shortcut": {"type": "shortcut", **WHO, "callback_id": "report_problem", "trigger_id": "1.2.3"},
    "command": {"command": "/floorwalker", "user_id": "U0MIA", "channel_id": "C1", "team_id": "T0OURS",
                "trigger_id": "1.2.3", "text": ""},
}
BROKEN = [
    ("event", ("event",), None), ("event", ("event_id",), None), ("event", ("team_id",), 5),
    ("event", ("event", "ts"), "soon"), ("event", ("event", "user"), {"id": "U0MIA"}),
    ("event", ("event", "subtype"), []), ("event", ("event", "files"), [None]), ("event", ("event", "channel"), None),
    ("click", ("actions",), []), ("click", ("actions", 0, "action_id"), 7), ("click", ("team",), None),
    ("click", ("user", "id"), "<!channel>"), ("click", ("response_url",), "file:///etc/passwd"),
    ("submission", ("view", "state"), {}), ("submission", ("view", "blocks", 0, "block_id"), None),
    ("submission", ("view", "state", "values"), {"what": {"typed": {"value": "x"}}}),
    ("message shortcut", ("message",), "x"), ("message shortcut", ("channel", "id"), None),
    ("shortcut", ("trigger_id",), ""), ("command", ("user_id",), "x" * 300), ("command", ("text",), ["a"]),
]


@pytest.mark.parametrize("kind", REQUESTS)
def test_what_slack_sends_is_let_in(kind: str) -> None:
    assert is_sound(REQUESTS[kind])
    assert is_heard(REQUESTS[kind])


@pytest.mark.parametrize(("kind", "place", "value"), BROKEN)
def test_what_would_trip_somebody_is_not(kind: str, place: tuple[Any, ...], value: Any) -> None:
    body = copy.deepcopy(REQUESTS[kind])
    holder: Any = body
    for key in place[:-1]:
        holder = holder[key]
    holder[place[-1]] = value
    assert not is_sound(body)


def test_what_nobody_reads_may_look_as_it_likes() -> None:
    body = REQUESTS["event"] | {"event": {"type": "team_join", "user": {"id": 5}}}
    assert is_sound(body)
    assert is_sound({"type": "block_suggestion", "value": 7})
    assert not is_heard({"type": "view_closed"})


def test_what_is_nested_too_deeply_is_refused() -> None:
    deep: Any = "x"
    for _ in range(DEEPEST):
        deep = [deep]
    assert not is_sound(REQUESTS["event"] | {"more": deep})
    assert is_sound(REQUESTS["event"] | {"more": deep[0][0]})


def test_events_and_interactions_are_not_mistaken_for_each_other() -> None:
    assert is_event_request(REQUESTS["event"])
    assert not is_event_request(REQUESTS["click"])
    assert not is_event_request(REQUESTS["command"])
    assert is_interaction(REQUESTS["click"])
    assert not is_interaction(REQUESTS["event"] | WHO)


def test_half_a_character_is_mended_so_that_it_can_be_kept(tmp_path: Any) -> None:
    body = without_half_characters({"text": "How \ud83d?", "more": [{"\ud83d": "🙂"}]})
    assert body == {"text": "How ??", "more": [{"?": "🙂"}]}
    store = Store(tmp_path / "desk.sqlite")
    assert store.row("SELECT ? AS text", (body["text"],)) == {"text": "How ??"}
    whole = {"text": "🙂"}
    assert without_half_characters(whole) is whole


def test_buttons_and_forms_of_an_earlier_version_are_told_as_such() -> None:
    for read in (lambda: number_in("💥"), lambda: number_in("²"), lambda: number_in(""), lambda: number_in("-1"),
                 lambda: typed({}, "what"), lambda: known("x", ("a", "b")), lambda: moment_in("soon"),
                 lambda: moment_in("2026-03-02T09:00:00")):
        with pytest.raises(OutOfDate):
            read()
    assert (number_in("12"), known("a", ("a",)), typed({"what": ""}, "what")) == (12, "a", "")


def test_bolt_reads_the_same_from_what_was_checked() -> None:
    assert BoltRequest(body='{"command": "/x"}', headers={"content-type": "application/json"}).body == {"command": "/x"}
