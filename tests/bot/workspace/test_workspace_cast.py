"""People of every kind: guests, people of other organisations, deactivated ones, other bots."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk import WebClient

from tests.bot.workspace.playing import Hands, ListeningApp, refusal

GO_LIVE, BOT = "C0GOLIVE", "U0FLOORWALKER"


def somebody(hands: Hands, kind: str, name: str = "Zoe Quist", **more: Any) -> str:
    answer = hands.http.post("/workspace/person", json={"name": name, "kind": kind, **more})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["user"]["id"])


@pytest.mark.parametrize(("kind", "restricted", "ultra", "deleted", "channels"), [
    ("member", False, False, False, 3), ("guest", True, False, False, 2),
    ("single_channel_guest", True, True, False, 1), ("deactivated", False, False, True, 0),
])
def test_how_slack_shows_them(
    web: WebClient, hands: Hands, kind: str, restricted: bool, ultra: bool, deleted: bool, channels: int
) -> None:
    user = somebody(hands, kind)
    shown = web.users_info(user=user)["user"]
    assert (shown["is_restricted"], shown["is_ultra_restricted"], shown["deleted"]) == (restricted, ultra, deleted)
    assert (shown["team_id"], "is_stranger" in shown, "tz" in shown) == ("T0TARNBROOK", False, not deleted)
    listed = web.users_conversations(user=user, types="public_channel")["channels"]
    assert len(listed) == channels


def test_an_outsider_is_of_another_team_in_a_shared_channel(web: WebClient, hands: Hands, app: ListeningApp) -> None:
    zoe = somebody(hands, "outsider", title="Consultant")
    shown = web.users_info(user=zoe)["user"]
    assert (shown["team_id"], shown["is_stranger"]) == ("T0ELSEWHERE", False)
    assert zoe not in {member["id"] for member in web.users_list()["members"]}
    assert refusal(web.users_lookupByEmail, email="zoe@elsewhere.example")["error"] == "users_not_found"
    assert refusal(web.conversations_open, users=zoe)["error"] == "user_not_visible"
    assert refusal(web.chat_postMessage, channel=zoe, text="hello")["error"] == "channel_not_found"
    assert web.conversations_info(channel=GO_LIVE)["channel"]["is_ext_shared"]
    assert not web.conversations_info(channel="C0GENERAL")["channel"]["is_ext_shared"]
    hands.say(f"<@{BOT}> may I ask?", user=zoe)
    event = app.event("app_mention", user=zoe)
    assert (event["user_team"], event["source_team"], event["team"]) == ("T0ELSEWHERE",) * 3
    heard = next(request.payload for request in app.heard if request.payload["event"]["type"] == "app_mention")
    assert heard["is_ext_shared_channel"] is True
    hands.say("and I?")
    assert app.event("message", user="U0MIA")["user_team"] == "T0TARNBROOK"


def test_an_outsider_without_a_shared_channel_is_a_stranger(web: WebClient, hands: Hands) -> None:
    zoe = somebody(hands, "outsider", channels=[])
    assert web.users_info(user=zoe)["user"]["is_stranger"] is True


def test_an_outsider_has_nothing_of_the_app_but_its_messages(hands: Hands, web: WebClient, app: ListeningApp) -> None:
    zoe = somebody(hands, "outsider")
    assert hands.refused("command", zoe, channel=GO_LIVE, command="/floorwalker")[0] == 403
    assert hands.refused("shortcut", zoe, name="report_problem")[0] == 403
    assert hands.refused("open_home", zoe)[0] == 403
    assert hands.refused("say", zoe, channel="C0GENERAL", text="x")[0] == 403
    assert hands.refused("say", zoe, channel=BOT, text="x")[0] == 404
    button = {"type": "button", "action_id": "press", "text": {"type": "plain_text", "text": "Press"}}
    web.chat_postMessage(channel=GO_LIVE, text="x", blocks=[{"type": "actions", "elements": [button]}])
    hands.do("click", zoe, channel=GO_LIVE, label="Press")
    assert app.interaction("block_actions")["user"]["team_id"] == "T0ELSEWHERE"


def test_a_guest_sees_their_own_channels_only_and_may_ask(hands: Hands, app: ListeningApp) -> None:
    guest = somebody(hands, "single_channel_guest")
    assert hands.http.get("/workspace/messages", params={"channel": "C0FINANCE", "user": guest}).status_code == 403
    assert hands.messages(GO_LIVE, guest) == []
    hands.do("command", guest, channel=GO_LIVE, command="/floorwalker")
    hands.say("a question", channel=BOT, user=guest)
    assert app.event("message", user=guest)["channel_type"] == "im"


def test_another_bot_speaks_under_its_own_id(hands: Hands, app: ListeningApp, web: WebClient) -> None:
    alarm = somebody(hands, "app", "Alarm Bell")
    ts = hands.say(f"<@{BOT}> the server is down", user=alarm)
    event = app.event("app_mention", ts=ts)
    assert (event["bot_id"], event["app_id"], event["user"]) == ("B0ALARM", "A0ALARM", alarm)
    assert event["bot_profile"]["name"] == "Alarm Bell"
    assert refusal(web.chat_update, channel=GO_LIVE, ts=ts, text="x")["error"] == "cant_update_message"
    assert web.users_info(user=alarm)["user"]["is_bot"]


def test_coming_and_going_is_told(hands: Hands, app: ListeningApp) -> None:
    hands.do("join", channel="C0COACHES")
    assert app.event("member_joined_channel", user="U0MIA")["team"] == "T0TARNBROOK"
    assert hands.refused("join", channel="C0COACHES")[0] == 409
    hands.do("leave", channel="C0COACHES")
    assert app.event("member_left_channel", user="U0MIA", channel="C0COACHES")
    hands.do("leave", "U0EVE", channel="C0COACHES", who=BOT)
    assert app.event("channel_left")["actor_id"] == "U0EVE"


@pytest.mark.parametrize("wish", [
    {"name": ""}, {"name": "x" * 81}, {"name": "Zoe", "kind": "ghost"}, {"name": "Zoe", "role": "bot"},
    {"name": "Zoe", "channels": ["C0NOWHERE"]}, {"name": "Zoe", "channels": "C0GENERAL"},
    {"name": "Zoe", "kind": "single_channel_guest", "channels": ["C0GENERAL", GO_LIVE]},
    {"name": "Zoe", "kind": "deactivated", "channels": [GO_LIVE]},
])
def test_who_cannot_be(hands: Hands, wish: dict[str, Any]) -> None:
    before = len(hands.see("state")["users"])
    assert 400 <= hands.http.post("/workspace/person", json=wish).status_code < 500
    assert len(hands.see("state")["users"]) == before


def test_namesakes_are_different_people(hands: Hands) -> None:
    names = [hands.http.post("/workspace/person", json={"name": "Mia Other"}).json()["user"] for _ in range(3)]
    assert len({one["id"] for one in names} | {"U0MIA"}) == 4
    assert [one["name"] for one in names] == ["mia2", "mia3", "mia4"]
    assert hands.see("state")["users"][-1]["role"] == "end_user"
