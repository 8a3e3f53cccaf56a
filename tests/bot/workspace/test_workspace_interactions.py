"""Buttons, modals, commands, App Home: what the app is told, and what becomes of its answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.webhook import WebhookClient

from bot.workspace import LocalWorkspace
from tests.bot.workspace.playing import GENEROUS, Hands, ListeningApp, NoAcknowledgement, wait_for
from tests.fakes import Clock

COACHES = "C0COACHES"


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def button(label: str, **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain(label), **more}


CARD = [
    {
        "type": "actions",
        "block_id": "card",
        "elements": [
            button(":raised_hand: Claim", action_id="claim", value="1"),
            button("Resolve ✅", action_id="resolve", value="1"),
            {
                "type": "overflow",
                "action_id": "more",
                "options": [
                    {"text": plain("Release"), "value": "release"},
                    {"text": plain("Dismiss"), "value": "dismiss"},
                ],
            },
        ],
    }
]
BOX = {"type": "checkboxes", "action_id": "teach", "options": [{"text": plain("Add to the FAQ"), "value": "yes"}]}
FIELDS: list[dict[str, Any]] = [
    {
        "type": "input",
        "block_id": "text",
        "label": plain("Resolution"),
        "element": {"type": "plain_text_input", "action_id": "text", "multiline": True, "max_length": 50},
    },
    {"type": "input", "block_id": "faq", "label": plain("FAQ"), "optional": True, "element": BOX},
    {
        "type": "input",
        "block_id": "area",
        "label": plain("Area"),
        "optional": True,
        "element": {
            "type": "static_select",
            "action_id": "area",
            "options": [{"text": plain("Finance"), "value": "fin"}, {"text": plain("Stock"), "value": "stk"}],
        },
    },
    {
        "type": "input",
        "block_id": "who",
        "label": plain("For whom"),
        "optional": True,
        "element": {"type": "users_select", "action_id": "who"},
    },
]
MODAL = {
    "type": "modal",
    "callback_id": "resolution",
    "title": plain("Resolve FW-1"),
    "submit": plain("Resolve"),
    "private_metadata": "1",
    "notify_on_close": True,
    "blocks": FIELDS,
}


@pytest.fixture
def card(web: WebClient, app: ListeningApp) -> str:
    return str(web.chat_postMessage(channel=COACHES, text="FW-1", blocks=CARD)["ts"])


def open_modal(app: ListeningApp, view: dict[str, Any] = MODAL) -> None:
    """From now on the app opens this modal at each click."""

    def answer(request: SocketModeRequest) -> None:
        if request.payload.get("type") == "block_actions":
            app.web.views_open(trigger_id=request.payload["trigger_id"], view=view)

    app.answer = answer


def test_a_click_tells_everything_about_itself(app: ListeningApp, hands: Hands, card: str) -> None:
    hands.do("click", "U0ANA", channel=COACHES, ts=card, label="Claim")
    payload = app.interaction("block_actions")
    assert (
        payload["actions"][0] | {"action_id": "claim", "block_id": "card", "value": "1", "type": "button"}
        == (payload["actions"][0])
    )
    assert (payload["user"]["id"], payload["channel"], payload["message"]["ts"]) == (
        "U0ANA",
        {"id": COACHES, "name": "coaches"},
        card,
    )
    assert payload["container"] == {"type": "message", "message_ts": card, "channel_id": COACHES, "is_ephemeral": False}


def test_labels_are_compared_as_one_reads_them_out(app: ListeningApp, hands: Hands, card: str) -> None:
    hands.do("click", "U0ANA", channel=COACHES, ts=card, label="resolve")
    assert app.interaction("block_actions")["actions"][0]["action_id"] == "resolve"
    hands.do("click", "U0ANA", channel=COACHES, ts=card, label="Dismiss")
    chosen = app.interaction("block_actions")["actions"][0]
    assert (chosen["type"], chosen["selected_option"]["value"]) == ("overflow", "dismiss")
    hands.do("click", "U0ANA", channel=COACHES, ts=card, block_id="card", action_id="more", value="release")
    assert app.interaction("block_actions")["actions"][0]["selected_option"]["value"] == "release"
    status, sentence = hands.refused("click", "U0ANA", channel=COACHES, ts=card, label="Explode")
    assert (status, "'Dismiss'" in sentence) == (404, True)


def test_the_newest_message_of_the_thread_that_has_the_button_is_meant(
    app: ListeningApp, hands: Hands, web: WebClient
) -> None:
    ts = hands.say("a question")
    for number in ("1", "2"):
        web.chat_postMessage(
            channel="C0GOLIVE",
            thread_ts=ts,
            text="an answer",
            blocks=[{"type": "actions", "elements": [button("That helped", value=number)]}],
        )
    hands.do("click", channel="C0GOLIVE", ts=ts, label="That helped")
    assert app.interaction("block_actions")["actions"][0]["value"] == "2"


def test_what_is_ephemeral_is_not_in_the_payload(app: ListeningApp, hands: Hands, web: WebClient) -> None:
    ts = web.chat_postEphemeral(channel="C0GOLIVE", user="U0MIA", text="x", blocks=CARD)["message_ts"]
    hands.do("click", channel="C0GOLIVE", ts=ts, label="Claim")
    payload = app.interaction("block_actions")
    assert "message" not in payload
    assert payload["container"]["is_ephemeral"]
    assert hands.refused("click", "U0TOM", channel="C0GOLIVE", ts=ts, label="Claim")[0] == 404
    WebhookClient(payload["response_url"]).send(replace_original=True, text="claimed")
    assert [one["text"] for one in hands.messages("C0GOLIVE")] == ["claimed"]
    WebhookClient(payload["response_url"]).send(delete_original=True)
    assert hands.messages("C0GOLIVE") == []


def test_a_click_without_acknowledgement_fails_and_is_not_repeated(app: ListeningApp, hands: Hands, card: str) -> None:
    def silent(_: SocketModeRequest) -> None:
        raise NoAcknowledgement

    app.answer = silent
    before = len(app.heard)
    status, sentence = hands.refused("click", "U0ANA", channel=COACHES, ts=card, label="Claim")
    assert (status, "did not respond in time" in sentence) == (424, True)
    assert [request.type for request in app.heard[before:]].count("interactive") == 1


def test_a_form_is_filled_in_by_its_labels(app: ListeningApp, hands: Hands, card: str) -> None:
    open_modal(app)
    hands.do("click", "U0ANA", channel=COACHES, ts=card, label="Resolve")
    assert hands.see("views", user="U0ANA")["modal"]["callback_id"] == "resolution"
    assert hands.see("views", user="U0BEN")["modal"] is None
    values = {"Resolution": "Ask for role B.", "Add to the FAQ": True, "Area": "stock", "For whom": "mia"}
    assert hands.do("submit", "U0ANA", values=values) == {}
    view = app.interaction("view_submission")["view"]
    state = view["state"]["values"]
    assert view["private_metadata"] == "1"
    assert state["text"]["text"] == {"type": "plain_text_input", "value": "Ask for role B."}
    assert [option["value"] for option in state["faq"]["teach"]["selected_options"]] == ["yes"]
    assert state["area"]["area"]["selected_option"]["value"] == "stk"
    assert state["who"]["who"]["selected_user"] == "U0MIA"
    assert hands.see("views", user="U0ANA")["modal"] is None


def test_the_client_refuses_what_slacks_client_refuses(app: ListeningApp, hands: Hands, card: str) -> None:
    open_modal(app)
    hands.do("click", "U0ANA", channel=COACHES, ts=card, label="Resolve")
    assert "Resolution" in hands.do("submit", "U0ANA", values={})["errors"]
    assert hands.do("submit", "U0ANA", values={"text": "x" * 51})["errors"] == {
        "text": "Please keep it to 50 characters."
    }
    assert hands.refused("submit", "U0ANA", values={"Solution": "x"})[0] == 404
    assert not [request for request in app.heard if request.payload.get("type") == "view_submission"]


@pytest.mark.parametrize(("typed", "taken"), [
    ("not a url", False), ("example", False), ("ftp://files.example/a", False), ("https://", False),
    ("https://a b.example", False), ("https://erp.example/scan/4?bay=7#top", True), ("http://localhost:8080", True),
    ("", True),
])
def test_a_field_for_an_address_takes_addresses_only(app: ListeningApp, hands: Hands, card: str, typed: str,
                                                     taken: bool) -> None:
    element = {"type": "url_text_input", "action_id": "url"}
    link = {"type": "input", "block_id": "link", "label": plain("A link"), "optional": True, "element": element}
    open_modal(app, MODAL | {"blocks": [link]})
    hands.do("click", "U0ANA", channel=COACHES, ts=card, label="Resolve")
    refused = {} if taken else {"errors": {"A link": "Please enter a valid URL."}}
    assert hands.do("submit", "U0ANA", values={"A link": typed}) == refused
    assert taken == bool([one for one in app.heard if one.payload.get("type") == "view_submission"])


def test_the_apps_answers_to_a_form(app: ListeningApp, hands: Hands, card: str) -> None:
    open_modal(app)
    hands.do("click", "U0ANA", channel=COACHES, ts=card, label="Resolve")
    second = {"type": "modal", "title": plain("Second"), "blocks": [{"type": "divider"}]}

    def say(answer: dict[str, Any]) -> dict[str, Any]:
        app.answer = lambda _: answer
        return hands.do("submit", "U0ANA", values={"Resolution": "x"})

    assert say({"response_action": "errors", "errors": {"text": "Too short."}}) == {
        "errors": {"Resolution": "Too short."}
    }
    assert say({"response_action": "push", "view": second}) == {}
    pushed = hands.see("views", user="U0ANA")["modal"]
    assert (pushed["title"]["text"], pushed["previous_view_id"]) == ("Second", pushed["root_view_id"])
    hands.do("close", "U0ANA")
    assert say({"response_action": "update", "view": second}) == {}
    assert hands.see("views", user="U0ANA")["modal"]["title"]["text"] == "Second"
    app.answer = lambda _: {"response_action": "update", "view": {"type": "modal"}}
    status, sentence = hands.refused("submit", "U0ANA", values={})
    assert (status, "invalid_arguments" in sentence) == (424, True)
    app.answer = lambda _: {"response_action": "clear"}
    hands.do("submit", "U0ANA", values={})
    assert hands.see("views", user="U0ANA")["modal"] is None


def test_closing_is_told_where_it_was_asked_for(app: ListeningApp, hands: Hands, card: str) -> None:
    open_modal(app)
    hands.do("click", "U0ANA", channel=COACHES, ts=card, label="Resolve")
    hands.do("close", "U0ANA", clear=True)
    closed = app.interaction("view_closed")
    assert (closed["is_cleared"], closed["view"]["callback_id"]) == (True, "resolution")
    assert hands.refused("close", "U0ANA") == (409, "No modal is open.")


def test_what_was_typed_survives_an_update(app: ListeningApp, hands: Hands, card: str) -> None:
    refresh = {"type": "actions", "block_id": "again", "elements": [button("Refresh", action_id="refresh")]}
    open_modal(app, MODAL | {"blocks": [*FIELDS, refresh]})
    hands.do("click", "U0ANA", channel=COACHES, ts=card, label="Resolve")

    def update(request: SocketModeRequest) -> None:
        view = request.payload["view"]
        app.web.views_update(view_id=view["id"], hash=view["hash"], view=MODAL)

    app.answer = update
    hands.do("click", "U0ANA", label="Refresh", values={"Resolution": "half a sent"})
    modal = hands.see("views", user="U0ANA")["modal"]
    assert modal["state"]["values"]["text"]["text"]["value"] == "half a sent"
    assert "again" not in {block["block_id"] for block in modal["blocks"]}
    with pytest.raises(SlackApiError, match="hash_conflict"):
        app.web.views_update(view_id=modal["id"], hash="old", view=MODAL)


def test_a_command_is_answered_by_acknowledgement_and_by_response_url(app: ListeningApp, hands: Hands) -> None:
    app.answer = lambda _: {"text": "Searching…"}
    hands.do("command", channel="C0GENERAL", command="/floorwalker", text="how?")
    command = app.heard[-1].payload
    assert (command["command"], command["text"], command["user_id"]) == ("/floorwalker", "how?", "U0MIA")
    answers = WebhookClient(command["response_url"])
    for number in range(2, 6):
        assert answers.send(text=f"answer {number}").body == "ok"
    used = answers.send(text="one too many")
    assert (used.status_code, used.body) == (404, "used_url")
    assert len(hands.messages("C0GENERAL")) == 5
    assert hands.messages("C0GENERAL", "U0TOM") == []
    assert hands.refused("command", channel="C0GENERAL", command="/nothing")[0] == 404


def test_an_answer_for_all(app: ListeningApp, hands: Hands) -> None:
    hands.do("command", channel="C0GENERAL", command="/floorwalker")
    url = app.heard[-1].payload["response_url"]
    assert WebhookClient(url).send(text="for all", response_type="in_channel").status_code == 200
    assert [one["text"] for one in hands.messages("C0GENERAL", "U0TOM")] == ["for all"]
    assert httpx.post(url, content=b"{").text == "invalid_payload"
    assert httpx.post(url, json={"text": ""}).text == "no_text"
    assert httpx.post(url, json={"txt": "x"}).text == "invalid_payload"


def test_a_message_shortcut_carries_the_message(app: ListeningApp, hands: Hands) -> None:
    ts = hands.say("it is stuck", channel="C0GENERAL", user="U0TOM")
    hands.do("shortcut", name="create_ticket", channel="C0GENERAL", ts=ts)
    payload = app.interaction("message_action")
    assert (payload["message"]["text"], payload["user"]["id"]) == ("it is stuck", "U0MIA")
    assert hands.refused("shortcut", name="report_problem", channel="C0GENERAL", ts=ts)[0] == 404


def test_app_home_is_told_published_and_clicked(app: ListeningApp, hands: Hands) -> None:
    assert hands.see("views", user="U0MIA")["home"] is None
    hands.do("open_home")
    assert app.event("app_home_opened") | {"user": "U0MIA", "tab": "home", "channel": "D0MIA"} == (
        app.event("app_home_opened")
    )
    view = {"type": "home", "blocks": [{"type": "actions", "elements": [button("Ask", action_id="ask")]}]}
    app.web.views_publish(user_id="U0MIA", view=view)
    hands.do("click", label="Ask")
    payload = app.interaction("block_actions")
    assert (payload["container"]["type"], payload["view"]["type"]) == ("view", "home")
    assert "channel" not in payload
    assert "response_url" not in payload
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        app.web.views_publish(user_id="U0MIA", view=MODAL)
    with pytest.raises(SlackApiError, match="hash_conflict"):
        app.web.views_publish(user_id="U0MIA", view=view, hash="old")


def test_a_box_is_ticked_and_unticked(app: ListeningApp, hands: Hands) -> None:
    duty = {"type": "checkboxes", "action_id": "duty", "options": [{"text": plain("On duty"), "value": "on"}]}
    app.web.views_publish(user_id="U0ANA", view={"type": "home", "blocks": [{"type": "actions", "elements": [duty]}]})

    def ticked() -> list[str]:
        hands.do("click", "U0ANA", label="On duty")
        return [option["value"] for option in app.interaction("block_actions")["actions"][0]["selected_options"]]

    assert [ticked(), ticked(), ticked()] == [["on"], [], ["on"]]


def test_options_of_an_external_select(app: ListeningApp, hands: Hands, web: WebClient) -> None:
    select = {"type": "external_select", "action_id": "find"}
    ts = web.chat_postMessage(
        channel="C0GENERAL", text="x", blocks=[{"type": "actions", "block_id": "b", "elements": [select]}]
    )["ts"]
    app.answer = lambda _: {"options": [{"text": plain("Found"), "value": "1"}]}
    found = hands.do("options", channel="C0GENERAL", ts=ts, block_id="b", action_id="find", value="fo")
    assert found["options"][0]["value"] == "1"
    assert app.interaction("block_suggestion")["value"] == "fo"



@pytest.mark.parametrize(("count", "taken"), [(100, True), (101, False)])
def test_an_external_select_offers_a_hundred_options(
    app: ListeningApp, hands: Hands, web: WebClient, count: int, taken: bool
) -> None:
    find = {"type": "external_select", "action_id": "find", "placeholder": plain("Find")}
    block = {"type": "actions", "block_id": "b", "elements": [find]}
    ts = web.chat_postMessage(channel="C0GENERAL", text="x", blocks=[block])["ts"]
    app.answer = lambda _: {"options": [{"text": plain(str(n)), "value": str(n)} for n in range(count)]}
    place = {"channel": "C0GENERAL", "ts": ts, "block_id": "b", "action_id": "find"}
    if taken:
        assert len(hands.do("options", **place)["options"]) == count
    else:
        assert hands.refused("options", **place)[0] == 424


def test_a_form_can_answer_in_the_channel_that_was_chosen(app: ListeningApp, hands: Hands) -> None:
    chosen = {"type": "conversations_select", "action_id": "where", "response_url_enabled": True}
    view = {
        "type": "modal", "title": plain("Where"), "submit": plain("Go"),
        "blocks": [{"type": "input", "block_id": "b", "label": plain("Channel"), "element": chosen}],
    }
    hands.do("shortcut", name="report_problem")
    app.web.views_open(trigger_id=app.interaction("shortcut")["trigger_id"], view=view)
    assert hands.do("submit", values={"Channel": "#general"}) == {}
    (answer,) = app.interaction("view_submission")["response_urls"]
    assert (answer["channel_id"], answer["block_id"], answer["action_id"]) == ("C0GENERAL", "b", "where")
    assert httpx.post(answer["response_url"], json={"text": "Done", "response_type": "in_channel"}).text == "ok"
    assert hands.messages("C0GENERAL")[-1]["text"] == "Done"


class TestTriggersAndTime:
    """With a clock that is moved by hand."""

    @pytest.fixture
    def clock(self) -> Clock:
        return Clock()

    @pytest.fixture
    def workspace(self, clock: Clock) -> Iterator[LocalWorkspace]:
        with LocalWorkspace(app=GENEROUS, now=clock) as running:
            yield running

    @pytest.fixture
    def trigger(self, app: ListeningApp, hands: Hands) -> str:
        hands.do("shortcut", name="report_problem")
        return str(app.interaction("shortcut")["trigger_id"])

    def refusal(self, app: ListeningApp, trigger: str, view: dict[str, Any] = MODAL) -> str:
        with pytest.raises(SlackApiError) as caught:
            app.web.views_open(trigger_id=trigger, view=view)
        return str(caught.value.response["error"])

    def test_a_trigger_is_good_once(self, app: ListeningApp, trigger: str) -> None:
        assert self.refusal(app, "123.456") == "invalid_trigger_id"
        assert (
            self.refusal(app, trigger, {"type": "modal", "title": plain("x" * 25), "blocks": []}) == "invalid_arguments"
        )
        app.web.views_open(trigger_id=trigger, view=MODAL)  # a refused view has not spent it
        assert self.refusal(app, trigger) == "exchanged_trigger_id"

    def test_a_trigger_is_good_for_three_seconds(self, app: ListeningApp, trigger: str, clock: Clock) -> None:
        clock.forward(seconds=3.01)
        assert self.refusal(app, trigger) == "expired_trigger_id"

    def test_pushing_needs_a_modal_and_stops_at_three(self, app: ListeningApp, trigger: str, hands: Hands) -> None:
        with pytest.raises(SlackApiError, match="not_found"):
            app.web.views_push(trigger_id=trigger, view=MODAL)
        more = {
            "type": "modal",
            "title": plain("More"),
            "blocks": [{"type": "actions", "elements": [button("Deeper", action_id="deeper")]}],
        }
        app.web.views_open(trigger_id=trigger, view=more)
        refused: list[str] = []

        def push(request: SocketModeRequest) -> None:
            try:
                app.web.views_push(trigger_id=request.payload["trigger_id"], view=more)
            except SlackApiError as error:
                refused.append(error.response["error"])

        app.answer = push
        for _ in range(3):
            hands.do("click", label="Deeper")
        assert refused == ["push_limit_reached"]

    def test_a_response_url_is_good_for_thirty_minutes(self, app: ListeningApp, hands: Hands, clock: Clock) -> None:
        hands.do("command", channel="C0GENERAL", command="/floorwalker")
        url = app.heard[-1].payload["response_url"]
        clock.forward(minutes=29)
        assert httpx.post(url, json={"text": "in time"}).status_code == 200
        clock.forward(minutes=2)
        late = httpx.post(url, json={"text": "late"})
        assert (late.status_code, late.text) == (404, "expired_url")

    def test_a_status_is_gone_after_two_minutes(self, app: ListeningApp, hands: Hands, clock: Clock) -> None:
        ts = hands.say("hello", channel="U0FLOORWALKER")
        app.web.assistant_threads_setStatus(channel_id="D0MIA", thread_ts=ts, status="thinks")
        clock.forward(seconds=121)
        assert hands.see("messages", channel="D0MIA")["assistant"][0]["status"] == ""

    def test_an_external_id_stands_for_one_view(self, app: ListeningApp, trigger: str) -> None:
        home = {"type": "home", "external_id": "one", "blocks": []}
        app.web.views_publish(user_id="U0MIA", view=home)
        with pytest.raises(SlackApiError, match="duplicate_external_id"):
            app.web.views_publish(user_id="U0TOM", view=home)
        app.web.views_update(external_id="one", view=home | {"blocks": [{"type": "divider"}]})
        assert wait_for(lambda: app.web.views_publish(user_id="U0MIA", view=home)["ok"])
