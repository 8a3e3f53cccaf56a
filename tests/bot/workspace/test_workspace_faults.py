"""What goes wrong on demand: each fault is asked for over HTTP, and the app meets it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.workspace import LocalWorkspace
from bot.workspace.people_api.fault_kinds import KINDS
from tests.bot.workspace.playing import Hands, ListeningApp, refusal, wait_for

GO_LIVE, BOT, DIRECT = "C0GOLIVE", "U0FLOORWALKER", "D0MIA"
HOME: dict[str, Any] = {"type": "home", "blocks": [{"type": "divider"}]}


def modal(title: str = "Title") -> dict[str, Any]:
    return {"type": "modal", "title": {"type": "plain_text", "text": title}, "blocks": [{"type": "divider"}]}


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_server_error_of_any_kind(web: WebClient, hands: Hands, status: int) -> None:
    hands.do("fault", kind="server_error", status=status)
    with pytest.raises(SlackApiError) as caught:
        web.auth_test()
    assert caught.value.response.status_code == status
    assert web.auth_test()["ok"]


@pytest.mark.parametrize("done", [False, True])
def test_a_reset_leaves_the_app_in_doubt(workspace: LocalWorkspace, hands: Hands, done: bool) -> None:
    hands.do("fault", kind="reset", method="chat.postMessage", done=done)
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.post(f"{workspace.api_url}chat.postMessage", data={"channel": GO_LIVE, "text": "doubtful"},
                   headers={"Authorization": f"Bearer {workspace.bot_token}"})
    assert [one["text"] for one in hands.messages(GO_LIVE)] == (["doubtful"] if done else [])


def test_a_code_for_one_method_so_many_times(web: WebClient, hands: Hands) -> None:
    hands.do("fault", kind="error", error="channel_not_found", method="chat.postMessage", count=2)
    assert web.auth_test()["ok"]
    for _ in range(2):
        assert refusal(web.chat_postMessage, channel=GO_LIVE, text="x")["error"] == "channel_not_found"
    assert web.chat_postMessage(channel=GO_LIVE, text="x")["ok"]


def test_slow(web: WebClient, hands: Hands) -> None:
    hands.do("fault", kind="slow", seconds=0.3)
    before = time.monotonic()
    assert web.auth_test()["ok"]
    assert time.monotonic() - before >= 0.3


def test_an_event_is_overtaken_by_the_next_one(app: ListeningApp, hands: Hands) -> None:
    hands.do("fault", kind="out_of_order")
    for text in ("first", "second", "third"):
        hands.say(text, channel=BOT)
        if text == "second":
            wait_for(lambda: len(app.events("message")) == 2)
    wait_for(lambda: len(app.events("message")) == 3)
    assert [event["text"] for event in app.events("message")] == ["second", "first", "third"]


def test_an_event_comes_late(app: ListeningApp, hands: Hands) -> None:
    hands.do("fault", kind="late_event", seconds=0.3)
    before = time.monotonic()
    hands.say("late", channel=BOT)
    app.event("message", text="late")
    assert time.monotonic() - before >= 0.3


def test_after_a_warning_the_old_connection_stays_for_a_while(app: ListeningApp, hands: Hands) -> None:
    hands.do("fault", kind="disconnect", reason="warning", seconds=0.2)
    ts = hands.say("still there?", channel=BOT)
    app.event("message", ts=ts)


def test_a_disabled_link_stays_closed_until_it_is_given_back(workspace: LocalWorkspace, hands: Hands) -> None:
    web = WebClient(workspace.app_token, base_url=workspace.api_url)
    assert web.apps_connections_open(app_token=workspace.app_token)["url"]
    hands.do("fault", kind="disconnect", reason="link_disabled")
    assert refusal(web.apps_connections_open, app_token=workspace.app_token)["error"] == "forbidden_team"
    hands.do("fault", kind="none")
    assert web.apps_connections_open(app_token=workspace.app_token)["url"]


@pytest.mark.parametrize("code", ["token_revoked", "account_inactive"])
def test_a_revoked_token(app: ListeningApp, web: WebClient, hands: Hands, code: str) -> None:
    hands.do("fault", kind="token_revoked", error=code)
    assert refusal(web.auth_test)["error"] == code
    assert app.event("tokens_revoked")["tokens"]["bot"] == [BOT]
    hands.do("fault", kind="none")
    assert web.auth_test()["ok"]


def test_the_app_may_revoke_its_token_itself(web: WebClient) -> None:
    assert web.auth_revoke(test=True)["revoked"] is False
    assert web.auth_test()["ok"]
    assert web.auth_revoke()["revoked"] is True
    assert refusal(web.auth_test)["error"] == "token_revoked"


def test_a_scope_is_taken_away_and_given_back(web: WebClient, app: ListeningApp, hands: Hands) -> None:
    hands.do("fault", kind="scope_removed", scope="reactions:write")
    ts = hands.say("hello")
    missing = refusal(web.reactions_add, channel=GO_LIVE, timestamp=ts, name="eyes")
    assert (missing["error"], missing["needed"]) == ("missing_scope", "reactions:write")
    assert "reactions:write" not in missing["provided"].split(",")
    hands.do("fault", kind="none")
    assert web.reactions_add(channel=GO_LIVE, timestamp=ts, name="eyes")["ok"]


def test_without_the_scope_there_is_no_event_and_no_command(app: ListeningApp, hands: Hands) -> None:
    hands.do("fault", kind="scope_removed", scope="im:history")
    hands.do("fault", kind="scope_removed", scope="commands")
    hands.say("not heard", channel=BOT)
    assert hands.refused("command", channel=GO_LIVE, command="/floorwalker")[0] == 403
    assert hands.refused("shortcut", name="report_problem")[0] == 403
    hands.do("fault", kind="none")
    hands.say("heard", channel=BOT)
    app.event("message", text="heard")
    assert [event["text"] for event in app.events("message")] == ["heard"]


def test_a_channel_is_archived_in_the_middle_of_a_thread(app: ListeningApp, web: WebClient, hands: Hands) -> None:
    ts = hands.say("a question")
    hands.do("fault", kind="channel_archived", channel=GO_LIVE)
    assert app.event("channel_archive", channel=GO_LIVE)
    assert refusal(web.chat_postMessage, channel=GO_LIVE, thread_ts=ts, text="x")["error"] == "is_archived"
    assert refusal(web.reactions_add, channel=GO_LIVE, timestamp=ts, name="eyes")["error"] == "is_archived"
    assert hands.refused("say", channel=GO_LIVE, text="x")[0] == 403
    hands.do("fault", kind="channel_archived", channel=GO_LIVE, undo=True)
    assert web.chat_postMessage(channel=GO_LIVE, thread_ts=ts, text="x")["ok"]


def test_the_bot_is_taken_out_of_a_channel(app: ListeningApp, web: WebClient, hands: Hands) -> None:
    hands.do("fault", kind="bot_removed", channel=GO_LIVE)
    assert app.event("channel_left", channel=GO_LIVE)
    assert refusal(web.chat_postMessage, channel=GO_LIVE, text="x")["error"] == "not_in_channel"
    hands.say("not heard")
    hands.do("fault", kind="bot_removed", channel=GO_LIVE, undo=True)
    assert app.event("member_joined_channel", user=BOT)["inviter"] == "U0MIA"
    assert app.events("message") == []


def test_a_person_is_deactivated(app: ListeningApp, web: WebClient, hands: Hands) -> None:
    hands.do("fault", kind="user_deactivated", user="U0TOM")
    assert app.event("user_change")["user"]["deleted"]
    assert web.users_info(user="U0TOM")["user"]["deleted"]
    assert refusal(web.conversations_open, users="U0TOM")["error"] == "user_disabled"
    assert refusal(web.chat_postEphemeral, channel=GO_LIVE, user="U0TOM", text="x")["error"] == "user_not_in_channel"
    assert "U0TOM" not in web.conversations_members(channel=GO_LIVE)["members"]
    assert hands.refused("say", "U0TOM", channel=GO_LIVE, text="x") == (403, "Tom Okafor is deactivated.")
    hands.http.post("/workspace/fault", json={"kind": "user_deactivated", "user": "U0TOM", "undo": True})
    assert hands.say("back again", user="U0TOM")


def test_a_message_is_gone_before_it_is_updated(web: WebClient, hands: Hands) -> None:
    older = web.chat_postMessage(channel=GO_LIVE, text="older")["ts"]
    newest = web.chat_postMessage(channel=GO_LIVE, text="newest")["ts"]
    assert hands.do("fault", kind="message_gone", channel=GO_LIVE)["ts"] == newest
    assert refusal(web.chat_update, channel=GO_LIVE, ts=newest, text="x")["error"] == "message_not_found"
    assert web.chat_update(channel=GO_LIVE, ts=older, text="x")["ok"]


def test_somebody_else_was_quicker_with_a_view(web: WebClient, hands: Hands) -> None:
    view = web.views_publish(user_id="U0MIA", view=HOME)["view"]
    hands.do("fault", kind="hash_conflict")
    assert refusal(web.views_publish, user_id="U0MIA", view=HOME, hash=view["hash"])["error"] == "hash_conflict"
    current = web.views_publish(user_id="U0MIA", view=HOME)["view"]["hash"]
    assert web.views_publish(user_id="U0MIA", view=HOME, hash=current)["ok"]


def test_a_modal_is_closed_before_it_is_updated(app: ListeningApp, hands: Hands) -> None:
    hands.do("shortcut", name="report_problem")
    view = app.web.views_open(trigger_id=app.interaction("shortcut")["trigger_id"], view=modal())["view"]
    stale = refusal(app.web.views_update, view_id=view["id"], view=modal("Other"), hash="old")
    assert stale["error"] == "hash_conflict"
    hands.do("fault", kind="view_gone")
    assert refusal(app.web.views_update, view_id=view["id"], view=modal("Other"))["error"] == "not_found"
    assert hands.see("views", user="U0MIA")["modal"] is None


def test_a_stream_is_stopped_wherever_it_runs(web: WebClient, hands: Hands) -> None:
    ts = hands.say("a question", channel=BOT)
    assert hands.refused("fault", kind="stream_stopped")[0] == 409
    stream = web.chat_startStream(channel=DIRECT, thread_ts=ts)["ts"]
    assert hands.do("fault", kind="stream_stopped")["stopped"] == [stream]
    assert refusal(web.chat_appendStream, channel=DIRECT, ts=stream, markdown_text="x")["error"] == "stopped_by_user"


def test_signatures_are_a_matter_of_http(hands: Hands) -> None:
    assert hands.refused("fault", kind="signature")[0] == 409


@pytest.mark.parametrize("wish", [
    {"kind": "volcano"}, {"kind": "rate_limited", "count": 0}, {"kind": "rate_limited", "count": 1001},
    {"kind": "slow", "seconds": 601}, {"kind": "slow", "seconds": "long"}, {"kind": "error"},
    {"kind": "server_error", "status": 200}, {"kind": "duplicate", "count": 101}, {"kind": "duplicate", "count": True},
    {"kind": "disconnect", "reason": "boredom"}, {"kind": "slow", "secnds": 3}, {"kind": "scope_removed", "scope": "x"},
    {"kind": "channel_archived", "channel": "C0NOWHERE"}, {"kind": "message_gone", "channel": GO_LIVE},
    {"kind": "user_deactivated", "user": BOT}, {"kind": "view_gone"}, {},
])
def test_what_cannot_go_wrong_is_refused_with_a_sentence(hands: Hands, wish: dict[str, Any]) -> None:
    answer = hands.http.post("/workspace/fault", json=wish)
    assert 400 <= answer.status_code < 500
    assert answer.json()["error"].endswith((".", ";"))


def test_what_is_to_come_is_listed_and_cleared(hands: Hands) -> None:
    hands.do("fault", kind="rate_limited", count=3)
    hands.do("fault", kind="duplicate", count=2)
    hands.do("fault", kind="late_event")
    hands.do("fault", kind="scope_removed", scope="commands")
    listed = hands.see("faults")
    assert [one["kind"] for one in listed["faults"]] == ["rate_limited", "duplicate", "late_event", "scope_removed"]
    assert {one["kind"] for one in listed["kinds"]} == set(KINDS)
    hands.do("fault", kind="none")
    assert hands.see("faults")["faults"] == []


@pytest.mark.parametrize("announced", [True, False])
def test_bodies_have_a_limit(hands: Hands, announced: bool) -> None:
    def post(path: str, size: int) -> int:
        body = b" " * size
        pieces: Callable[[], Any] = lambda: (body[at : at + 65_536] for at in range(0, size, 65_536))  # noqa: E731
        return hands.http.post(path, content=body if announced else pieces()).status_code

    assert post("/workspace/say", 4 * 1024 * 1024) == 400
    assert post("/workspace/say", 4 * 1024 * 1024 + 1) == 413
    assert post("/api/chat.postMessage", 4 * 1024 * 1024 + 1) == 413
    assert post("/response/x", 4 * 1024 * 1024 + 1) == 413
