"""Each limit at its edge: the last that is taken, and the first that is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.workspace import LocalWorkspace
from tests.bot.workspace.playing import GENEROUS, Hands, ListeningApp, refusal, wait_for
from tests.fakes import Clock

GO_LIVE = "C0GOLIVE"
Sized = Callable[[int], dict[str, Any]]


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def metadata(size: int) -> dict[str, Any]:
    empty = len('{"event_type": "e", "event_payload": {"k": ""}}')
    return {"event_type": "e", "event_payload": {"k": "v" * (size - empty)}}


def modal(**more: Any) -> dict[str, Any]:
    return {"type": "modal", "title": plain("Title"), "blocks": [{"type": "divider"}], **more}


POSTING: list[tuple[str, str, int, str, Sized]] = [
    # what, method, the most, code beyond it, arguments of that size
    ("blocks", "chat.postMessage", 50, "invalid_blocks",
     lambda n: {"text": "x", "blocks": [{"type": "divider"}] * n}),
    ("markdown text", "chat.postMessage", 12_000, "msg_blocks_too_long", lambda n: {"markdown_text": "x" * n}),
    ("markdown text for one person", "chat.postEphemeral", 12_000, "msg_too_long",
     lambda n: {"markdown_text": "x" * n, "user": "U0MIA"}),
    ("attachments", "chat.postMessage", 100, "too_many_attachments",
     lambda n: {"text": "x", "attachments": [{"text": "a"}] * n}),
    ("metadata", "chat.postMessage", 16_000, "metadata_too_large", lambda n: {"text": "x", "metadata": metadata(n)}),
    ("text of an ephemeral message", "chat.postEphemeral", 40_000, "msg_too_long",
     lambda n: {"text": "x" * n, "user": "U0MIA"}),
    ("text of a scheduled message", "chat.scheduleMessage", 40_000, "msg_too_long",
     lambda n: {"text": "x" * n, "post_at": 1_763_900_000}),
]


@pytest.mark.filterwarnings("ignore:The top-level `text` argument")
@pytest.mark.parametrize(("method", "most", "code", "sized"), [row[1:] for row in POSTING],
                         ids=[row[0] for row in POSTING])
def test_what_a_message_may_hold(
    web: WebClient, clock: Clock, method: str, most: int, code: str, sized: Sized
) -> None:
    def call(size: int) -> Any:
        arguments = sized(size)
        if "post_at" in arguments:
            arguments["post_at"] = int(clock().timestamp()) + 60
        return web.api_call(method, json={"channel": GO_LIVE, **arguments})

    assert call(most)["ok"]
    with pytest.raises(SlackApiError) as caught:
        call(most + 1)
    assert caught.value.response["error"] == code


@pytest.mark.parametrize(("text", "taken"), [
    ("x" * 4000, True), ("x" * 4001, False), ("é" * 2000, True), ("é" * 2000 + "x", False),
    ("&" * 800, True), ("&" * 800 + "x", False), ("&amp;" * 800, True), ("&amp;" * 800 + "x", False),
])
def test_an_update_is_counted_in_bytes_after_escaping(web: WebClient, text: str, taken: bool) -> None:
    ts = web.chat_postMessage(channel=GO_LIVE, text="first")["ts"]
    if taken:
        assert web.chat_update(channel=GO_LIVE, ts=ts, text=text)["ok"]
    else:
        assert refusal(web.chat_update, channel=GO_LIVE, ts=ts, text=text)["error"] == "msg_too_long"


@pytest.mark.parametrize(("size", "kept"), [(40_000, 40_000), (40_001, 40_000)])
def test_a_post_is_cut_off_at_forty_thousand(web: WebClient, size: int, kept: int) -> None:
    assert len(web.chat_postMessage(channel=GO_LIVE, text="x" * size)["message"]["text"]) == kept


VIEWS: list[tuple[str, int, Callable[[int], dict[str, Any]]]] = [
    ("title", 24, lambda n: modal(title=plain("x" * n))),
    ("submit", 24, lambda n: modal(submit=plain("x" * n))),
    ("close", 24, lambda n: modal(close=plain("x" * n))),
    ("private metadata", 3000, lambda n: modal(private_metadata="x" * n)),
    ("callback id", 255, lambda n: modal(callback_id="x" * n)),
    ("external id", 255, lambda n: modal(external_id="x" * n)),
    ("blocks", 100, lambda n: modal(blocks=[{"type": "divider"}] * n)),
]


@pytest.mark.parametrize(("most", "sized"), [row[1:] for row in VIEWS], ids=[row[0] for row in VIEWS])
def test_what_a_modal_may_hold(
    app: ListeningApp, hands: Hands, most: int, sized: Callable[[int], dict[str, Any]]
) -> None:
    hands.do("shortcut", name="report_problem")
    trigger = app.interaction("shortcut")["trigger_id"]
    assert refusal(app.web.views_open, trigger_id=trigger, view=sized(most + 1))["error"] == "invalid_arguments"
    assert app.web.views_open(trigger_id=trigger, view=sized(most))["ok"]


def test_a_view_has_at_most_250_kilobytes(web: WebClient) -> None:
    def home(size: int) -> dict[str, Any]:
        sections = [{"type": "section", "fields": [plain("é" * 1230)] * 10} for _ in range(10)]
        view = {"type": "home", "blocks": sections, "private_metadata": ""}
        return view | {"private_metadata": "x" * (size - len(json.dumps(view, ensure_ascii=False).encode()))}

    assert web.views_publish(user_id="U0MIA", view=home(250_000))["ok"]
    assert refusal(web.views_publish, user_id="U0MIA", view=home(250_001))["error"] == "view_too_large"


@pytest.mark.parametrize(("seconds", "code"), [(3.0, ""), (3.001, "expired_trigger_id")])
def test_a_trigger_lives_three_seconds(
    app: ListeningApp, hands: Hands, clock: Clock, seconds: float, code: str
) -> None:
    hands.do("shortcut", name="report_problem")
    trigger = app.interaction("shortcut")["trigger_id"]
    clock.forward(seconds=seconds)
    if code:
        assert refusal(app.web.views_open, trigger_id=trigger, view=modal())["error"] == code
    else:
        assert app.web.views_open(trigger_id=trigger, view=modal())["ok"]
        assert refusal(app.web.views_open, trigger_id=trigger, view=modal())["error"] == "exchanged_trigger_id"


def test_a_response_url_is_good_for_five_answers(app: ListeningApp, hands: Hands) -> None:
    hands.do("command", channel="C0GENERAL", command="/floorwalker")
    url = app.heard[-1].payload["response_url"]
    assert [httpx.post(url, json={"text": str(n)}).status_code for n in range(6)] == [200] * 5 + [404]
    assert httpx.post(url, json={"text": "again"}).text == "used_url"


@pytest.mark.parametrize(("minutes", "status"), [(30, 200), (30.01, 404)])
def test_a_response_url_is_good_for_half_an_hour(
    app: ListeningApp, hands: Hands, clock: Clock, minutes: float, status: int
) -> None:
    hands.do("command", channel="C0GENERAL", command="/floorwalker")
    clock.forward(minutes=minutes)
    assert httpx.post(app.heard[-1].payload["response_url"], json={"text": "x"}).status_code == status


@pytest.mark.parametrize(("body", "status", "text"), [
    (b"{", 400, "invalid_payload"),
    (b"[]", 400, "invalid_payload"),
    (b'{"txt": "x"}', 400, "invalid_payload"),
    (b"{}", 400, "no_text"),
    (b'{"text": "x", "blocks": [{"type": "nonsense"}]}', 400, "invalid_blocks"),
    (b'{"delete_original": true}', 404, "message_not_found"),
])
def test_what_a_response_url_refuses(
    app: ListeningApp, hands: Hands, body: bytes, status: int, text: str
) -> None:
    hands.do("command", channel="C0GENERAL", command="/floorwalker")
    answer = httpx.post(app.heard[-1].payload["response_url"], content=body)
    assert (answer.status_code, answer.text) == (status, text)


@pytest.mark.parametrize(("method", "most", "code"), [
    ("conversations.history", 999, "invalid_arguments"), ("conversations.members", 999, "invalid_limit"),
    ("conversations.list", 999, "invalid_limit"), ("users.list", 1000, "invalid_arguments"),
])
def test_how_much_stands_on_a_page(web: WebClient, method: str, most: int, code: str) -> None:
    place = {} if method.endswith("list") else {"channel": GO_LIVE}
    for least_or_most in (1, most):
        assert web.api_call(method, params={**place, "limit": least_or_most})["ok"]
    for outside in (-1, most + 1):
        assert refusal(web.api_call, api_method=method, params={**place, "limit": outside})["error"] == code


def test_replies_come_in_pages_of_the_limit_with_the_root_first(web: WebClient, hands: Hands) -> None:
    root = hands.say("root")
    written = [root] + [web.chat_postMessage(channel=GO_LIVE, thread_ts=root, text=str(n))["ts"] for n in range(4)]
    first = web.conversations_replies(channel=GO_LIVE, ts=root, limit=2)
    assert ([one["ts"] for one in first["messages"]], first["has_more"]) == (written[:2], True)
    pages = [answer["messages"] for answer in web.conversations_replies(channel=GO_LIVE, ts=root, limit=2)]
    assert [one["ts"] for page in pages for one in page] == written
    assert [len(page) for page in pages] == [2, 2, 1]


def test_twenty_three_different_emoji_on_a_message(web: WebClient, hands: Hands) -> None:
    ts = hands.say("popular")
    for number in range(23):
        web.reactions_add(channel=GO_LIVE, timestamp=ts, name=f"emoji{number}")
    assert refusal(web.reactions_add, channel=GO_LIVE, timestamp=ts, name="one_more")["error"] == "too_many_emoji"


@pytest.mark.parametrize(("users", "code"), [
    ("", "users_list_not_supplied"), (",".join(["U0MIA"] * 9), "too_many_users"),
    (",".join(["U0MIA"] * 8), "not_enough_users"), ("U0NOBODY", "user_not_found"),
])
def test_who_a_conversation_is_opened_with(web: WebClient, users: str, code: str) -> None:
    assert refusal(web.conversations_open, users=users)["error"] == code


@pytest.mark.parametrize(("seconds", "code"), [
    (0, "time_in_past"), (1, ""), (120 * 86_400, ""), (120 * 86_400 + 1, "time_too_far"),
])
def test_when_a_message_may_be_scheduled(web: WebClient, clock: Clock, seconds: int, code: str) -> None:
    arguments = {"channel": GO_LIVE, "text": "later", "post_at": int(clock().timestamp()) + seconds}
    if code:
        assert refusal(web.chat_scheduleMessage, **arguments)["error"] == code
    else:
        assert web.chat_scheduleMessage(**arguments)["scheduled_message_id"]


def test_thirty_scheduled_messages_within_five_minutes(web: WebClient, clock: Clock) -> None:
    soon = int(clock().timestamp()) + 3600
    for number in range(30):
        web.chat_scheduleMessage(channel=GO_LIVE, text="later", post_at=soon + number)
    more = {"channel": GO_LIVE, "text": "later"}
    assert refusal(web.chat_scheduleMessage, post_at=soon + 30, **more)["error"] == "restricted_too_many"
    assert web.chat_scheduleMessage(post_at=soon + 29 + 300, **more)["ok"]
    assert web.chat_scheduleMessage(channel="C0GENERAL", text="later", post_at=soon)["ok"]


def test_a_scheduled_message_is_posted_at_its_time(web: WebClient, hands: Hands, clock: Clock) -> None:
    due = int(clock().timestamp()) + 60
    kept = web.chat_scheduleMessage(channel=GO_LIVE, text="later", post_at=due)["scheduled_message_id"]
    gone = web.chat_scheduleMessage(channel=GO_LIVE, text="never", post_at=due)["scheduled_message_id"]
    assert refusal(web.chat_deleteScheduledMessage, channel="C0GENERAL", scheduled_message_id=gone)["error"] == (
        "invalid_scheduled_message_id")
    web.chat_deleteScheduledMessage(channel=GO_LIVE, scheduled_message_id=gone)
    listed = web.chat_scheduledMessages_list(channel=GO_LIVE)["scheduled_messages"]
    assert [one["id"] for one in listed] == [kept]
    assert hands.messages(GO_LIVE) == []
    clock.forward(seconds=60)
    assert [one["text"] for one in wait_for(lambda: hands.messages(GO_LIVE))] == ["later"]
    assert web.chat_scheduledMessages_list()["scheduled_messages"] == []


def test_the_pace_holds_over_http() -> None:
    with LocalWorkspace(app=GENEROUS) as strict:
        web = WebClient(strict.bot_token, base_url=strict.api_url)
        for number in range(5):
            web.chat_postMessage(channel=GO_LIVE, text=str(number))
        with pytest.raises(SlackApiError) as caught:
            web.chat_postMessage(channel=GO_LIVE, text="too fast")
    response = caught.value.response
    assert (response.status_code, response["error"], response.headers["Retry-After"]) == (429, "ratelimited", "1")


@pytest.mark.parametrize(("given", "code"), [
    ({}, "invalid_arguments"),
    ({"blocks": [{"type": "divider"}], "view": modal()}, "invalid_arguments"),
    ({"blocks": [{"type": "nonsense"}]}, "invalid_blocks"),
    ({"view": {"type": "modal"}}, "invalid_view"),
    ({"message": {"blocks": [{"type": "section"}]}}, "invalid_message"),
])
def test_blocks_can_be_checked_without_being_sent(web: WebClient, given: dict[str, Any], code: str) -> None:
    assert refusal(web.api_call, api_method="blocks.validate", json=given)["error"] == code
    assert web.api_call("blocks.validate", json={"view": modal()})["ok"]
