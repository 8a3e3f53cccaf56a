"""The Web API through the real client: what it does, and what it refuses with Slack's codes."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from bot.workspace import LocalWorkspace
from bot.workspace.web_api import METHODS
from tests.bot.workspace.playing import Hands, refusal

GO_LIVE = "C0GOLIVE"
KEY = {"event_type": "floorwalker_message", "event_payload": {"key": "n-1"}}


def test_who_am_i(web: WebClient) -> None:
    me = web.auth_test()
    assert (me["user_id"], me["bot_id"], me["team_id"]) == ("U0FLOORWALKER", "B0FLOORWALKER", "T0TARNBROOK")
    assert web.bots_info(bot=me["bot_id"])["bot"]["user_id"] == me["user_id"]
    assert web.team_info()["team"]["id"] == me["team_id"]


def test_tokens(workspace: LocalWorkspace, web: WebClient) -> None:
    assert refusal(WebClient(None, base_url=workspace.api_url).auth_test)["error"] == "not_authed"
    assert refusal(web.auth_test, token="xoxb-else")["error"] == "invalid_auth"
    in_query = httpx.post(f"{workspace.api_url}auth.test?token={workspace.bot_token}").json()
    assert in_query["error"] == "not_authed"
    in_form = httpx.post(f"{workspace.api_url}auth.test", data={"token": workspace.bot_token}).json()
    assert in_form["ok"]


def test_unknown_methods_and_arguments_are_refused_loudly(web: WebClient, hands: Hands) -> None:
    assert refusal(web.api_call, api_method="chat.shout")["error"] == "unknown_method"
    unknown = refusal(web.chat_postMessage, channel=GO_LIVE, text="hello", tread_ts="1")
    assert unknown["response_metadata"]["messages"] == ["[ERROR] unexpected argument: tread_ts"]
    missing = refusal(web.api_call, api_method="conversations.info")
    assert (missing["error"], missing["response_metadata"]["messages"]) == (
        "invalid_arguments",
        ["[ERROR] missing required field: channel"],
    )
    failed = [entry["summary"] for entry in hands.see("log")["entries"] if not entry["ok"]]
    assert failed == ["chat.shout", "chat.postMessage", "conversations.info"]


def test_team_id_is_taken_everywhere(web: WebClient) -> None:
    """Bolt adds it to every call."""
    assert web.users_info(user="U0MIA", team_id="T0TARNBROOK")["ok"]


def test_a_message_in_a_thread(web: WebClient, hands: Hands) -> None:
    ts = hands.say("a question")
    posted = web.chat_postMessage(channel=GO_LIVE, thread_ts=ts, text="an answer", metadata=KEY)
    plain = web.conversations_replies(channel=GO_LIVE, ts=ts)["messages"]
    assert [(one["ts"], one["text"], one.get("reply_count")) for one in plain] == [
        (ts, "a question", 1),
        (posted["ts"], "an answer", None),
    ]
    assert "metadata" not in plain[1]
    found = web.conversations_replies(channel=GO_LIVE, ts=ts, include_all_metadata=True)["messages"]
    assert found[1]["metadata"] == KEY
    assert [one["ts"] for one in web.conversations_history(channel=GO_LIVE)["messages"]] == [ts]


def test_a_broadcast_reply_stands_in_the_channel_too(web: WebClient, hands: Hands) -> None:
    ts = hands.say("a question")
    web.chat_postMessage(channel=GO_LIVE, thread_ts=ts, text="for all", reply_broadcast=True)
    assert [one["text"] for one in hands.messages(GO_LIVE)] == ["a question", "for all"]


def test_where_a_message_may_go(web: WebClient, hands: Hands, workspace: LocalWorkspace) -> None:
    assert web.chat_postMessage(channel="U0MIA", text="hello")["channel"] == "D0MIA"
    assert web.chat_postMessage(channel="#go-live", text="hello")["channel"] == GO_LIVE
    assert refusal(web.chat_postMessage, channel="C0NOWHERE", text="hello")["error"] == "channel_not_found"
    channels = workspace._workspace.state.channels
    channels["C0GENERAL"].members.remove("U0FLOORWALKER")
    assert refusal(web.chat_postMessage, channel="C0GENERAL", text="hello")["error"] == "not_in_channel"
    web.conversations_join(channel="C0GENERAL")
    assert web.chat_postMessage(channel="C0GENERAL", text="hello")["ok"]
    channels["C0GENERAL"].archived = True
    assert refusal(web.chat_postMessage, channel="C0GENERAL", text="hello")["error"] == "is_archived"
    channels["C0OPS"].private = True
    channels["C0OPS"].members.remove("U0FLOORWALKER")
    assert refusal(web.chat_postMessage, channel="C0OPS", text="hello")["error"] == "channel_not_found"


def test_threads_that_are_none(web: WebClient, hands: Hands) -> None:
    ts = hands.say("a question")
    reply = web.chat_postMessage(channel=GO_LIVE, thread_ts=ts, text="an answer")["ts"]
    assert refusal(web.chat_postMessage, channel=GO_LIVE, thread_ts="1.000001", text="x")["error"] == "thread_not_found"
    assert (
        refusal(web.chat_postMessage, channel=GO_LIVE, thread_ts=reply, text="x")["error"] == "cannot_reply_to_message"
    )
    assert refusal(web.conversations_replies, channel=GO_LIVE, ts="1.000001")["error"] == "thread_not_found"


@pytest.mark.filterwarnings("ignore:The top-level `text` argument")
def test_what_a_message_must_consist_of(web: WebClient) -> None:
    def error(**content: Any) -> str:
        return str(refusal(web.chat_postMessage, channel=GO_LIVE, **content)["error"])

    assert error(text="") == "no_text"
    assert error(text="x", blocks="{") == "invalid_blocks_format"
    assert error(text="x", markdown_text="y") == "markdown_text_conflict"
    assert error(text="x", attachments=[{"text": "a"}] * 101) == "too_many_attachments"
    assert error(text="x", metadata={"event_type": "a"}) == "invalid_metadata_schema"
    assert error(text="x", metadata={"event_type": "a", "event_payload": {"k": "v" * 20_000}}) == "metadata_too_large"


def test_blocks_are_refused_with_a_pointer(web: WebClient) -> None:
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}
    answer = refusal(web.chat_postMessage, channel=GO_LIVE, text="x", blocks=[{"type": "divider"}, section])
    assert answer["error"] == "invalid_blocks"
    assert answer["errors"] == ["must be less than 3001 characters [json-pointer:/blocks/1/text/text]"]
    assert answer["response_metadata"]["messages"] == [f"[ERROR] {answer['errors'][0]}"]


def test_block_and_action_ids_are_filled_in(web: WebClient) -> None:
    button = {"type": "button", "text": {"type": "plain_text", "text": "Press"}}
    blocks = web.chat_postMessage(
        channel=GO_LIVE,
        text="x",
        blocks=[{"type": "actions", "elements": [button]}, {"type": "divider", "block_id": "mine"}],
    )["message"]["blocks"]
    assert blocks[0]["block_id"]
    assert blocks[0]["elements"][0]["action_id"]
    assert blocks[1]["block_id"] == "mine"


def test_long_text_is_cut_off_on_posting_and_refused_on_updating(web: WebClient) -> None:
    posted = web.chat_postMessage(channel=GO_LIVE, text="x" * 40_001)
    assert len(posted["message"]["text"]) == 40_000
    assert web.chat_update(channel=GO_LIVE, ts=posted["ts"], text="y" * 4000)["ok"]
    assert refusal(web.chat_update, channel=GO_LIVE, ts=posted["ts"], text="y" * 4001)["error"] == "msg_too_long"
    assert refusal(web.chat_update, channel=GO_LIVE, ts=posted["ts"], text="ü" * 2001)["error"] == "msg_too_long"


def test_an_update_without_blocks_takes_them_away_and_keeps_metadata(web: WebClient, hands: Hands) -> None:
    ts = web.chat_postMessage(channel=GO_LIVE, text="x", blocks=[{"type": "divider"}], metadata=KEY)["ts"]
    web.chat_update(channel=GO_LIVE, ts=ts, text="y")
    message = hands.messages(GO_LIVE)[0]
    assert (message["blocks"], message["metadata"], message["edited"]["user"]) == ([], KEY, "U0FLOORWALKER")


def test_only_own_messages_can_be_changed(web: WebClient, hands: Hands) -> None:
    ts = hands.say("mine")
    assert refusal(web.chat_update, channel=GO_LIVE, ts=ts, text="x")["error"] == "cant_update_message"
    assert refusal(web.chat_delete, channel=GO_LIVE, ts=ts)["error"] == "cant_delete_message"
    assert refusal(web.chat_delete, channel=GO_LIVE, ts="1.000001")["error"] == "message_not_found"


def test_ephemeral_messages_are_for_one_person_and_in_no_history(web: WebClient, hands: Hands) -> None:
    ts = web.chat_postEphemeral(channel=GO_LIVE, user="U0MIA", text="only you")["message_ts"]
    assert [(one["text"], one["visible_to"]) for one in hands.messages(GO_LIVE)] == [("only you", "U0MIA")]
    assert hands.messages(GO_LIVE, "U0TOM") == []
    assert web.conversations_history(channel=GO_LIVE)["messages"] == []
    assert refusal(web.chat_update, channel=GO_LIVE, ts=ts, text="x")["error"] == "message_not_found"
    assert refusal(web.chat_postEphemeral, channel="C0OPS", user="U0MIA", text="x")["error"] == "user_not_in_channel"


def test_pages(web: WebClient, hands: Hands) -> None:
    written = [hands.say(f"message {number}") for number in range(5)]
    seen = [one["ts"] for answer in web.conversations_history(channel=GO_LIVE, limit=2) for one in answer["messages"]]
    assert seen == written[::-1]
    assert refusal(web.conversations_history, channel=GO_LIVE, cursor="nonsense")["error"] == "invalid_cursor"
    assert refusal(web.conversations_history, channel=GO_LIVE, oldest="yesterday")["error"] == "invalid_ts_oldest"
    one = web.conversations_history(channel=GO_LIVE, oldest=written[2], latest=written[2], inclusive=True)["messages"]
    assert [message["ts"] for message in one] == [written[2]]


def test_people_and_groups(web: WebClient) -> None:
    mia = web.users_info(user="U0MIA")["user"]
    assert (mia["real_name"], mia["is_bot"], mia["profile"]["email"]) == (
        "Mia Lindqvist",
        False,
        "mia@tarnbrook.example",
    )
    assert web.users_lookupByEmail(email=mia["profile"]["email"])["user"]["id"] == "U0MIA"
    assert refusal(web.users_info, user="U0NOBODY")["error"] == "user_not_found"
    assert len(web.users_list()["members"]) == 7
    assert web.usergroups_users_list(usergroup="S0COACHES")["users"] == ["U0ANA", "U0BEN"]
    assert refusal(web.usergroups_users_list, usergroup="S0NONE")["error"] == "no_such_subteam"
    assert {group["handle"] for group in web.usergroups_list()["usergroups"]} == {"coaches", "admins"}


def test_channels(web: WebClient) -> None:
    assert web.conversations_open(users="U0TOM")["channel"]["id"] == "D0TOM"
    assert refusal(web.conversations_open, users="U0NOBODY")["error"] == "user_not_found"
    assert {channel["name"] for channel in web.conversations_list()["channels"]} == {
        "general",
        "go-live",
        "finance-help",
        "coaches",
        "ops",
    }
    assert [channel["id"] for channel in web.users_conversations(user="U0MIA", types="im")["channels"]] == ["D0MIA"]
    assert refusal(web.conversations_list, types="secret")["error"] == "invalid_types"
    assert "U0FLOORWALKER" in web.conversations_members(channel="C0COACHES")["members"]
    assert web.conversations_info(channel="D0MIA")["channel"]["user"] == "U0MIA"


def test_reactions(web: WebClient, hands: Hands) -> None:
    ts = hands.say("hello")
    place = {"channel": GO_LIVE, "timestamp": ts}
    web.reactions_add(name="eyes", **place)
    assert hands.messages(GO_LIVE)[0]["reactions"] == [{"name": "eyes", "users": ["U0FLOORWALKER"], "count": 1}]
    assert refusal(web.reactions_add, name="eyes", **place)["error"] == "already_reacted"
    assert refusal(web.reactions_add, name="no such", **place)["error"] == "invalid_name"
    assert refusal(web.reactions_remove, name="wave", **place)["error"] == "no_reaction"
    assert refusal(web.reactions_add, name="wave", channel=GO_LIVE, timestamp="now")["error"] == "bad_timestamp"


def test_a_status_is_gone_with_the_next_post(web: WebClient, hands: Hands) -> None:
    ts = hands.say("a question", channel="U0FLOORWALKER")
    web.assistant_threads_setStatus(channel_id="D0MIA", thread_ts=ts, status="is searching")
    assert hands.see("messages", channel="D0MIA")["assistant"][0]["status"] == "is searching"
    web.chat_postMessage(channel="D0MIA", thread_ts=ts, text="an answer")
    assert hands.see("messages", channel="D0MIA")["assistant"][0]["status"] == ""
    unknown = refusal(web.assistant_threads_setStatus, channel_id="D0MIA", thread_ts="1.000001", status="x")
    assert unknown["error"] == "invalid_thread_ts"
    too_many = [{"title": "t", "message": "m"}] * 5
    assert (
        refusal(web.assistant_threads_setSuggestedPrompts, channel_id="D0MIA", thread_ts=ts, prompts=too_many)["error"]
        == "invalid_arguments"
    )


def test_a_permalink_leads_to_the_page(web: WebClient, hands: Hands) -> None:
    ts = hands.say("a question")
    link = web.chat_getPermalink(channel=GO_LIVE, message_ts=ts)["permalink"]
    assert httpx.get(link).headers["location"] == f"/?channel={GO_LIVE}&ts={ts}"


def test_rate_limits_and_failures_on_demand(web: WebClient, hands: Hands) -> None:
    hands.do("fault", kind="rate_limited", method="chat.postMessage", seconds=7)
    with pytest.raises(SlackApiError) as caught:
        web.chat_postMessage(channel=GO_LIVE, text="hello")
    assert (caught.value.response.status_code, caught.value.response.headers["Retry-After"]) == (429, "7")
    assert web.chat_postMessage(channel=GO_LIVE, text="hello")["ok"]
    hands.do("fault", kind="server_error", done=True)
    with pytest.raises(SlackApiError) as caught:
        web.chat_postMessage(channel=GO_LIVE, text="arrived all the same")
    assert caught.value.response.status_code == 500
    assert hands.messages(GO_LIVE)[-1]["text"] == "arrived all the same"
    web.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=1))
    hands.do("fault", kind="rate_limited", seconds=1)
    assert web.auth_test()["ok"]


def test_a_scope_that_was_not_granted() -> None:
    manifest = {"oauth_config": {"scopes": {"bot": ["chat:write", "channels:history"]}}}
    with LocalWorkspace(manifest=manifest) as workspace:
        web = WebClient(workspace.bot_token, base_url=workspace.api_url)
        assert web.conversations_history(channel=GO_LIVE)["ok"]
        missing = refusal(web.conversations_history, channel="D0MIA")
        assert (missing["error"], missing["needed"], missing["provided"]) == (
            "missing_scope",
            "im:history",
            "channels:history,chat:write",
        )
        assert refusal(web.users_info, user="U0MIA")["needed"] == "users:read"


def test_every_method_says_its_tier_and_names_its_arguments_once() -> None:
    assert len(METHODS) >= 33
    for method in METHODS.values():
        assert not method.required & method.optional, method.name
