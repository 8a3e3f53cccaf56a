"""Events over a real websocket: nothing is lost, nothing is told twice without saying so."""

from __future__ import annotations

import json
import time
from contextlib import ExitStack

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.request import SocketModeRequest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from bot.workspace import LocalWorkspace, socket_mode
from tests.bot.workspace.playing import Hands, ListeningApp, NoAcknowledgement, wait_for

BOT = "U0FLOORWALKER"


def test_a_mention_comes_as_two_events_about_one_message(app: ListeningApp, hands: Hands) -> None:
    ts = hands.say("@floorwalker how do I claim a taxi?")
    mention, message = app.event("app_mention", ts=ts), app.event("message", ts=ts)
    assert mention["text"] == message["text"] == f"<@{BOT}> how do I claim a taxi?"
    assert (message["channel_type"], "channel_type" in mention) == ("channel", False)
    assert len({request.payload["event_id"] for request in app.heard}) == 2


def test_a_mention_in_direct_messages_is_one_event(app: ListeningApp, hands: Hands) -> None:
    ts = hands.say("@floorwalker hello", channel=BOT)
    assert app.event("message", ts=ts) | {"channel": "D0MIA", "channel_type": "im"} == app.event("message", ts=ts)
    assert not app.events("app_mention")


def test_what_was_said_before_the_app_connected_is_heard(workspace: LocalWorkspace, hands: Hands) -> None:
    first, second = hands.say("first", channel=BOT), hands.say("second", channel=BOT)
    late = ListeningApp(workspace)
    late.event("message", ts=second)
    assert [event["ts"] for event in late.events("message")] == [first, second]
    assert {request.retry_attempt for request in late.heard} == {0}
    late.close()


def test_without_an_acknowledgement_it_comes_again_three_times_and_then_no_more(
    app: ListeningApp, hands: Hands
) -> None:
    def silent(_: SocketModeRequest) -> None:
        raise NoAcknowledgement

    app.answer = silent
    hands.say("hello", channel=BOT)
    wait_for(lambda: len(app.heard) == 4)
    time.sleep(0.6)
    assert [(request.retry_attempt, request.retry_reason) for request in app.heard] == [
        (0, ""),
        (1, "timeout"),
        (2, "timeout"),
        (3, "timeout"),
    ]
    assert len({request.payload["event_id"] for request in app.heard}) == 1
    assert len({request.envelope_id for request in app.heard}) == 4
    assert any(entry["error"] == "no more retries" for entry in hands.see("log")["entries"])


def test_an_event_that_died_with_its_connection_goes_to_the_next_one(workspace: LocalWorkspace, hands: Hands) -> None:
    def silent(_: SocketModeRequest) -> None:
        raise NoAcknowledgement

    dying = ListeningApp(workspace, silent)
    hands.say("hello", channel=BOT)
    wait_for(lambda: dying.heard)
    dying.close()
    next_one = ListeningApp(workspace)
    next_one.event("message", text="hello")
    assert [request.retry_attempt for request in next_one.heard] == [1]
    next_one.close()


def test_after_a_disconnect_the_client_comes_back_and_hears_on(app: ListeningApp, hands: Hands) -> None:
    hands.do("fault", kind="disconnect", reason="refresh_requested")
    ts = hands.say("are you still there?", channel=BOT)
    app.event("message", ts=ts)


def test_a_duplicate_is_marked_as_a_retry(app: ListeningApp, hands: Hands) -> None:
    hands.do("fault", kind="duplicate", count=2)
    hands.say("once", channel=BOT)
    wait_for(lambda: len(app.heard) == 3)
    hands.say("normal again", channel=BOT)
    app.event("message", text="normal again")
    assert [request.retry_attempt for request in app.heard] == [0, 1, 2, 0]
    assert len({request.payload["event_id"] for request in app.heard}) == 2


def test_the_bots_own_messages_come_back(app: ListeningApp, web: WebClient) -> None:
    ts = web.chat_postMessage(channel="C0GOLIVE", text="hello")["ts"]
    event = app.event("message", ts=ts)
    assert (event["bot_id"], event["user"]) == ("B0FLOORWALKER", BOT)
    web.chat_update(channel="C0GOLIVE", ts=ts, text="goodbye")
    changed = app.event("message", subtype="message_changed")
    assert (changed["message"]["text"], changed["previous_message"]["text"]) == ("goodbye", "hello")


def test_edits_and_deletions_are_told(app: ListeningApp, hands: Hands) -> None:
    ts = hands.say("tpyo")
    hands.do("edit", channel="C0GOLIVE", ts=ts, text="typo")
    changed = app.event("message", subtype="message_changed")
    assert changed["message"] | {"ts": ts, "text": "typo"} == changed["message"]
    hands.do("delete", channel="C0GOLIVE", ts=ts)
    assert app.event("message", subtype="message_deleted")["deleted_ts"] == ts


def test_deleting_a_root_with_replies_leaves_a_tombstone(app: ListeningApp, hands: Hands, web: WebClient) -> None:
    ts = hands.say("a question")
    reply = web.chat_postMessage(channel="C0GOLIVE", text="an answer", thread_ts=ts)["ts"]
    hands.do("delete", channel="C0GOLIVE", ts=ts)
    changed = app.event("message", subtype="message_changed")
    assert (changed["message"]["subtype"], changed["previous_message"]["text"]) == ("tombstone", "a question")
    assert [message["text"] for message in hands.messages("C0GOLIVE", thread_ts=ts)] == [
        "This message was deleted.",
        "an answer",
    ]
    web.chat_delete(channel="C0GOLIVE", ts=reply)
    assert hands.messages("C0GOLIVE") == []


def test_channels_without_the_bot_stay_unheard(app: ListeningApp, hands: Hands, workspace: LocalWorkspace) -> None:
    workspace._workspace.state.channels["C0OPS"].members.remove(BOT)
    hands.say("@floorwalker hello?", channel="C0OPS", user="U0EVE")
    ts = hands.say("hello", channel=BOT)
    app.event("message", ts=ts)
    assert [event["ts"] for event in app.events("message")] == [ts]
    assert not app.events("app_mention")


def test_an_address_is_good_for_one_connection_and_the_right_token(workspace: LocalWorkspace, web: WebClient) -> None:
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        web.apps_connections_open(app_token=workspace.bot_token)
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        web.auth_test(token=workspace.app_token)
    first, second = ListeningApp(workspace), ListeningApp(workspace)
    assert first.client.wss_uri != second.client.wss_uri
    answer = httpx.get(
        str(first.client.wss_uri).replace("ws", "http", 1),
        headers={
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        },
    )
    assert answer.status_code == 403
    first.close()
    second.close()


def test_it_stops_at_once_with_streams_and_websockets_open(workspace: LocalWorkspace, app: ListeningApp) -> None:
    with httpx.stream("GET", f"{workspace.base_url}/workspace/stream") as stream:
        lines = stream.iter_lines()
        assert "hello" in next(line for line in lines if line.startswith("data"))
        started = time.monotonic()
        workspace.stop()
        assert time.monotonic() - started < 2
        assert not workspace.running
        list(lines)  # ends by itself


def address(workspace: LocalWorkspace, more: str = "") -> str:
    web = WebClient(workspace.app_token, base_url=workspace.api_url)
    return str(web.apps_connections_open(app_token=workspace.app_token)["url"]) + more


def test_a_connection_says_how_long_it_will_live(workspace: LocalWorkspace) -> None:
    with connect(address(workspace)) as first, connect(address(workspace, "&debug_reconnects=true")) as second:
        hellos = [json.loads(one.recv(5)) for one in (first, second)]
    assert [hello["num_connections"] for hello in hellos] == [1, 2]
    assert [hello["debug_info"]["approximate_connection_time"] for hello in hellos] == [3600, 360]


def test_ten_connections_and_no_more(workspace: LocalWorkspace) -> None:
    spare = address(workspace)
    with ExitStack() as stack:
        for _ in range(10):
            json.loads(stack.enter_context(connect(address(workspace))).recv(5))
        with pytest.raises(SlackApiError, match="too_many_websockets"):
            address(workspace)
        with pytest.raises(InvalidStatus):
            stack.enter_context(connect(spare))


def test_an_old_connection_is_warned_and_ended(workspace: LocalWorkspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket_mode, "LIFETIME_SECONDS", 0.3)
    monkeypatch.setattr(socket_mode, "NOTICE_SECONDS", 0.1)
    with connect(address(workspace)) as connection:
        said = [json.loads(text) for text in connection]
    assert [(one["type"], one.get("reason")) for one in said] == [
        ("hello", None), ("disconnect", "warning"), ("disconnect", "refresh_requested")]
