"""Messages written bit by bit, agent sessions, suggested prompts."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk import WebClient

from bot.workspace import LocalWorkspace
from tests.bot.workspace.playing import Hands, ListeningApp, refusal
from tests.fakes import Clock

GO_LIVE, DIRECT, BOT = "C0GOLIVE", "D0MIA", "U0FLOORWALKER"
TO_MIA = {"recipient_user_id": "U0MIA", "recipient_team_id": "T0TARNBROOK"}
KEY = {"event_type": "floorwalker_message", "event_payload": {"key": "n-1"}}


@pytest.fixture
def thread(hands: Hands) -> dict[str, str]:
    return {"channel": DIRECT, "thread_ts": hands.say("a question", channel=BOT)}


@pytest.fixture
def stream(web: WebClient, thread: dict[str, str]) -> dict[str, str]:
    return {"channel": DIRECT, "ts": web.chat_startStream(**thread)["ts"]}


def in_thread(hands: Hands, thread: dict[str, str]) -> dict[str, Any]:
    return hands.messages(thread["channel"], thread_ts=thread["thread_ts"])[-1]


def test_a_message_grows_and_is_then_like_any_other(
    web: WebClient, hands: Hands, thread: dict[str, str], stream: dict[str, str], app: ListeningApp
) -> None:
    web.chat_appendStream(markdown_text="Open **", **stream)
    assert in_thread(hands, thread)["streaming"]
    assert refusal(web.chat_update, text="x", **stream)["error"] == "streaming_state_conflict"
    web.chat_appendStream(markdown_text="Travel**", **stream)
    web.chat_stopStream(blocks=[{"type": "divider"}], metadata=KEY, **stream)
    message = in_thread(hands, thread)
    assert (message["text"], message["streaming"], message["metadata"]) == ("Open **Travel**", False, KEY)
    assert [block["type"] for block in message["blocks"]] == ["markdown", "divider"]
    changed = app.event("message", subtype="message_changed")["message"]
    assert changed["text"] == "Open **Travel**"
    assert refusal(web.chat_appendStream, markdown_text="more", **stream)["error"] == "message_not_in_streaming_state"
    assert web.chat_update(text="now it can be changed", **stream)["ok"]


def test_the_sdks_own_helper_writes_here(web: WebClient, hands: Hands, thread: dict[str, str]) -> None:
    streamer = web.chat_stream(buffer_size=4, **thread)
    for piece in ("Good ", "morning ", "Mia"):
        streamer.append(markdown_text=piece)
    streamer.stop(metadata=KEY)
    assert in_thread(hands, thread)["text"] == "Good morning Mia"
    empty = web.chat_stream(**thread)
    assert refusal(empty.stop)["error"] == "no_text"


@pytest.mark.parametrize(("given", "code"), [
    ({}, "missing_recipient_team_id"),
    ({"recipient_team_id": "T0TARNBROOK"}, "missing_recipient_user_id"),
    ({**TO_MIA, "recipient_user_id": "U0NOBODY"}, "user_not_found"),
    ({**TO_MIA, "recipient_team_id": "T0OTHER"}, "team_not_found"),
    ({**TO_MIA, "task_display_mode": "table"}, "invalid_arguments"),
    ({**TO_MIA, "task_display_mode": "dense"}, ""),
])
def test_in_a_channel_a_stream_names_its_reader(web: WebClient, hands: Hands, given: dict[str, str], code: str) -> None:
    place = {"channel": GO_LIVE, "thread_ts": hands.say("a question")}
    if code:
        assert refusal(web.chat_startStream, **place, **given)["error"] == code
    else:
        assert web.chat_startStream(**place, **given)["ts"]


@pytest.mark.parametrize(("given", "code"), [
    ({"markdown_text": "x" * 12_000}, ""),
    ({"markdown_text": "x" * 12_001}, "msg_blocks_too_long"),
    ({}, "no_text"),
    ({"chunks": []}, "no_text"),
    ({"chunks": "nonsense"}, "invalid_chunks"),
    ({"chunks": {"type": "markdown_text"}}, "invalid_chunks"),
    ({"chunks": [{"type": "song", "text": "la"}]}, "invalid_chunks"),
    ({"chunks": [{"type": "markdown_text", "text": "la"}]}, ""),
    ({"chunks": [{"type": "plan_update", "title": "Three steps"}]}, ""),
    ({"chunks": [{"type": "task_update", "id": "1", "title": "Look", "status": "complete", "output": "found"}]}, ""),
    ({"chunks": [{"type": "task_update", "id": "1", "title": "Look", "status": "resting"}]}, "invalid_chunks"),
    ({"chunks": [{"type": "blocks", "blocks": [{"type": "divider"}] * 50}]}, ""),
    ({"chunks": [{"type": "blocks", "blocks": [{"type": "divider"}] * 51}]}, "msg_blocks_too_many"),
    ({"chunks": [{"type": "blocks", "blocks": [{"type": "nonsense"}]}]}, "invalid_blocks"),
])
def test_what_can_be_appended(web: WebClient, stream: dict[str, str], given: dict[str, Any], code: str) -> None:
    if code:
        assert refusal(web.api_call, api_method="chat.appendStream", json={**stream, **given})["error"] == code
    else:
        assert web.api_call("chat.appendStream", json={**stream, **given})["ok"]


def test_a_task_keeps_its_card(web: WebClient, hands: Hands, thread: dict[str, str], stream: dict[str, str]) -> None:
    task = {"type": "task_update", "id": "1", "title": "Look it up"}
    for status in ("in_progress", "complete"):
        web.chat_appendStream(chunks=[{**task, "status": status}], **stream)
    blocks = in_thread(hands, thread)["blocks"]
    assert [(block["type"], block["status"]) for block in blocks] == [("task_card", "complete")]


def test_a_stream_holds_a_limited_text_and_fifty_blocks(web: WebClient, stream: dict[str, str]) -> None:
    web.chat_appendStream(markdown_text="x" * 12_000, **stream)
    web.chat_appendStream(markdown_text="x" * 1200, **stream)
    assert refusal(web.chat_appendStream, markdown_text="x", **stream)["error"] == "msg_blocks_too_long"
    fifty = [{"type": "divider"}] * 50
    assert refusal(web.chat_stopStream, blocks=fifty, **stream)["error"] == "msg_blocks_too_many"
    assert web.chat_stopStream(blocks=fifty[:-1], **stream)["ok"]


@pytest.mark.parametrize(("seconds", "code"), [(300, ""), (301, "message_not_in_streaming_state")])
def test_a_stream_lives_five_minutes(
    web: WebClient, stream: dict[str, str], clock: Clock, seconds: int, code: str
) -> None:
    clock.forward(seconds=seconds)
    if code:
        assert refusal(web.chat_appendStream, markdown_text="late", **stream)["error"] == code
    else:
        assert web.chat_appendStream(markdown_text="in time", **stream)["ok"]


def test_only_own_streams_are_continued(web: WebClient, thread: dict[str, str], hands: Hands) -> None:
    place = {"channel": DIRECT, "markdown_text": "x"}
    assert refusal(web.chat_appendStream, ts="1.000001", **place)["error"] == "message_not_found"
    assert refusal(web.chat_appendStream, ts=thread["thread_ts"], **place)["error"] == "message_not_owned_by_app"
    posted = web.chat_postMessage(text="whole", **thread)["ts"]
    assert refusal(web.chat_appendStream, ts=posted, **place)["error"] == "message_not_in_streaming_state"


def test_a_person_stops_the_agent(
    web: WebClient, hands: Hands, app: ListeningApp, thread: dict[str, str], stream: dict[str, str]
) -> None:
    web.chat_appendStream(markdown_text="Once upon a time", **stream)
    hands.do("stop", channel=DIRECT, ts=thread["thread_ts"])
    event = app.event("agent_session_stopped", user="U0MIA", channel=DIRECT, thread_ts=thread["thread_ts"])
    assert event["streaming_message_ts"] == [stream["ts"]]
    assert refusal(web.chat_appendStream, markdown_text="there was", **stream)["error"] == "stopped_by_user"
    assert refusal(web.chat_stopStream, **stream)["error"] == "stopped_by_user"
    assert in_thread(hands, thread)["text"] == "Once upon a time"
    assert hands.refused("stop", channel=DIRECT, ts=thread["thread_ts"])[0] == 409


def test_a_session_begins_is_stopped_renamed_and_closed(
    web: WebClient, hands: Hands, app: ListeningApp, thread: dict[str, str]
) -> None:
    place = {"channel_id": DIRECT, "thread_ts": thread["thread_ts"]}
    assert refusal(web.agents_sessions_rename, title="x", **place)["error"] == "session_not_found"
    begun = web.agents_sessions_setStatus(status="processing", title="Travel", initiator_user_id="U0MIA", **place)
    assert (begun["status"], begun["title"], begun.get("warning")) == ("processing", "Travel", None)
    assert web.agents_sessions_setStatus(status="processing", title="ignored now", **place)["title"] == "Travel"
    hands.do("stop", channel=DIRECT, ts=thread["thread_ts"])
    assert app.event("agent_session_stopped")["streaming_message_ts"] == []
    hands.do("rename_session", channel=DIRECT, ts=thread["thread_ts"], title="Trips")
    assert app.event("agent_session_title_changed")["title"] == "Trips"
    web.agents_sessions_rename(title="Journeys", **place)
    web.agents_sessions_setStatus(status="closed", **place)
    session = hands.see("messages", channel=DIRECT)["assistant"][0]
    assert (session["session"], session["title"]) == ("closed", "Journeys")


@pytest.mark.parametrize(("given", "code"), [
    ({"status": "sleeping"}, "invalid_arguments"),
    ({"status": "active", "title": "x" * 200}, ""),
    ({"status": "active", "title": "x" * 201}, "invalid_arguments"),
    ({"status": "active", "initiator_user_id": "U0NOBODY"}, "invalid_arguments"),
    ({"status": "active", "thread_ts": "1.000001"}, "message_not_found"),
    ({"status": "active", "channel_id": "C0NOWHERE"}, "channel_not_found"),
])
def test_what_a_session_takes(web: WebClient, thread: dict[str, str], given: dict[str, str], code: str) -> None:
    arguments = {"channel_id": DIRECT, "thread_ts": thread["thread_ts"], **given}
    if code:
        assert refusal(web.agents_sessions_setStatus, **arguments)["error"] == code
    else:
        assert web.agents_sessions_setStatus(**arguments)["ok"]


def manifest(*events: str, agent: bool = True) -> dict[str, Any]:
    view = {"agent_view": {"agent_description": "Helps"}} if agent else {}
    scopes = ["chat:write", "assistant:write", "im:history"]
    return {"features": {"app_home": {"messages_tab_enabled": True}, **view},
            "oauth_config": {"scopes": {"bot": scopes}},
            "settings": {"event_subscriptions": {"bot_events": [*events]}}}


def test_who_does_not_listen_for_stop_is_warned_and_who_is_no_agent_is_refused() -> None:
    for given, answer in ((manifest(), "missing_agent_session_stopped_event_subscription"),
                          (manifest("agent_session_stopped"), None), (manifest(agent=False), "feature_not_enabled")):
        with LocalWorkspace(manifest=given) as workspace:
            web, hands = WebClient(workspace.bot_token, base_url=workspace.api_url), Hands(workspace)
            place = {"channel_id": DIRECT, "thread_ts": hands.say("a question", channel=BOT), "status": "processing"}
            if answer == "feature_not_enabled":
                assert refusal(web.agents_sessions_setStatus, **place)["error"] == answer
            else:
                assert web.agents_sessions_setStatus(**place).get("warning") == answer


def test_with_agent_view_prompts_for_a_thread_do_nothing_and_say_nothing(
    web: WebClient, hands: Hands, thread: dict[str, str]
) -> None:
    prompts = [{"title": "Log in", "message": "How do I log in?"}]
    place = {"channel_id": DIRECT, "prompts": prompts}
    assert web.assistant_threads_setSuggestedPrompts(thread_ts=thread["thread_ts"], **place)["ok"]
    assert hands.see("messages", channel=DIRECT)["assistant"] == []
    web.api_call("assistant.threads.setSuggestedPrompts", json=place)
    assert hands.see("messages", channel=DIRECT)["assistant"][0]["prompts"] == prompts


@pytest.mark.parametrize(("count", "taken"), [(0, False), (1, True), (4, True), (5, False)])
def test_one_to_four_prompts(web: WebClient, count: int, taken: bool) -> None:
    arguments = {"channel_id": DIRECT, "prompts": [{"title": "t", "message": "m"}] * count}
    call = "assistant.threads.setSuggestedPrompts"
    if taken:
        assert web.api_call(call, json=arguments)["ok"]
    else:
        assert refusal(web.api_call, api_method=call, json=arguments)["error"] == "invalid_arguments"


@pytest.mark.parametrize(("count", "taken"), [(10, True), (11, False)])
def test_ten_loading_messages(web: WebClient, thread: dict[str, str], count: int, taken: bool) -> None:
    arguments = {"channel_id": DIRECT, "thread_ts": thread["thread_ts"], "status": "thinks",
                 "loading_messages": ["…"] * count}
    if taken:
        assert web.assistant_threads_setStatus(**arguments)["ok"]
    else:
        assert refusal(web.assistant_threads_setStatus, **arguments)["error"] == "invalid_arguments"


def test_what_a_person_looks_at_is_told_to_an_agent(hands: Hands, app: ListeningApp) -> None:
    hands.do("look_at", channel=GO_LIVE)
    entities = app.event("app_context_changed", user="U0MIA")["context"]["entities"]
    assert entities == [{"type": "slack#/types/channel_id", "value": GO_LIVE, "team_id": "T0TARNBROOK"}]
    hands.do("look_at")
    assert app.event("app_context_changed", context={})["channel"] == DIRECT
