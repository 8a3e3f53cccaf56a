"""Slack's JSON: what is a question, what is not, and what stays the same when it comes again."""

from __future__ import annotations

from typing import Any

import pytest

from bot.desk.types import Message
from bot.slack import keys, payloads

BOT = "U0BOT"


def envelope(inner: dict[str, Any], event_id: str = "Ev1") -> dict[str, Any]:
    return {"type": "event_callback", "team_id": "T1", "event_id": event_id, "event": inner}


def said(**changes: Any) -> dict[str, Any]:
    usual = {"type": "message", "channel": "C1", "ts": "1.1", "user": "U1", "text": "how?", "channel_type": "channel"}
    return usual | changes


def test_a_direct_message_is_a_message_to_the_bot() -> None:
    message = payloads.event(envelope(said(channel="D1", channel_type="im")), BOT)
    assert message == Message(team="T1", channel="D1", ts="1.1", user="U1", text="how?", direct=True)


def test_twins_of_a_mention_read_the_same() -> None:
    text = f"<@{BOT}> how do I &lt;b&gt;?"
    as_message = payloads.event(envelope(said(text=text), "Ev1"), BOT)
    as_mention = payloads.event(envelope(said(type="app_mention", text=text), "Ev2"), BOT)
    assert as_message == as_mention
    assert isinstance(as_message, Message)
    assert as_message.mentioned
    assert as_message.text == "how do I <b>?"


@pytest.mark.parametrize("inner", [
    said(bot_id="B9"),
    said(subtype="bot_message", user=None),
    said(subtype="channel_join"),
    said(user=BOT),
    said(subtype="message_changed", message={"ts": "1.1", "user": "U1", "text": "x", "bot_id": "B1"}),
    said(subtype="message_changed", message={"ts": "1.1", "user": "U1", "text": "x"}, previous_message={"text": "x"}),
    said(subtype="message_deleted", deleted_ts="1.1", previous_message={"bot_id": "B1"}),
    {"type": "team_join", "user": {"id": "U7"}},
    {"type": "app_home_opened", "user": "U1", "tab": "messages"},
])
def test_bots_and_small_changes_are_nobodys_question(inner: dict[str, Any]) -> None:
    assert payloads.event(envelope(inner), BOT) is None


def test_edits_and_deletions_are_told_apart() -> None:
    changed = said(subtype="message_changed", message={"ts": "1.1", "user": "U1", "text": "new &amp; better"},
                   previous_message={"text": "old"})
    assert payloads.event(envelope(changed), BOT) == payloads.Edited("C1", "1.1", "new & better")
    gone = said(subtype="message_deleted", deleted_ts="1.1", previous_message={"user": "U1", "text": "old"})
    assert payloads.event(envelope(gone), BOT) == payloads.Deleted("C1", "1.1")
    buried = {"ts": "1.1", "user": "U1", "subtype": "tombstone", "text": "…"}
    tombstone = said(subtype="message_changed", message=buried, previous_message={"text": "old"})
    assert payloads.event(envelope(tombstone), BOT) == payloads.Deleted("C1", "1.1")


@pytest.mark.parametrize(("channel", "before", "after", "asks"), [
    ("C1", "how?", f"<@{BOT}> how?", "how?"), ("C1", f"<@{BOT}>", f"<@{BOT}> how?", "how?"), ("D1", "", "how?", "how?"),
    ("C1", f"<@{BOT}> how", f"<@{BOT}> how?", None), ("C1", "how", "how?", None), ("D1", "how", "how?", None)])
def test_an_edit_may_put_a_message_to_the_bot(channel: str, before: str, after: str, asks: str | None) -> None:
    message = {"ts": "1.1", "thread_ts": "1.1", "user": "U1", "text": after}
    changed = said(subtype="message_changed", channel=channel, channel_type="im" if channel == "D1" else "channel",
                   message=message, previous_message={"text": before})
    edited = payloads.event(envelope(changed), BOT)
    assert isinstance(edited, payloads.Edited)
    assert (edited.asks and edited.asks.text) == asks
    assert edited.asks is None or (edited.asks.team, edited.asks.thread_ts) == ("T1", None)


def test_files_come_along() -> None:
    shared = said(subtype="file_share", text="", files=[{"id": "F1", "name": "screen.png", "permalink": "https://f"}])
    message = payloads.event(envelope(shared), BOT)
    assert isinstance(message, Message)
    assert message.files == ({"id": "F1", "name": "screen.png", "url": "https://f"},)


def test_a_menu_entry_is_read_like_a_button() -> None:
    container = {"channel_id": "C1", "message_ts": "5.5", "thread_ts": "4.4"}
    base = {"type": "block_actions", "user": {"id": "U1"}, "channel": {"id": "C1"}, "container": container,
            "trigger_id": "t", "response_url": "r"}
    pressed = payloads.click(base | {"actions": [{"type": "button", "action_id": "claim", "value": "7"}]})
    chosen = payloads.click(base | {"actions": [
        {"type": "overflow", "action_id": "more", "selected_option": {"value": "claim:7"}}]})
    assert pressed == chosen
    assert (pressed.action_id, pressed.value, pressed.thread_ts) == ("claim", "7", "4.4")


def test_a_repeated_delivery_has_the_same_key_and_another_click_has_not() -> None:
    first = envelope(said())
    assert keys.key_of(first) == keys.key_of(dict(first, retry_attempt=1))
    click = {"type": "block_actions", "user": {"id": "U1"}, "actions": [{"action_id": "claim", "action_ts": "9.1"}]}
    other = {"type": "block_actions", "user": {"id": "U1"}, "actions": [{"action_id": "claim", "action_ts": "9.2"}]}
    assert keys.key_of(click) != keys.key_of(other)


def test_replies_of_a_thread_are_one_conversation() -> None:
    root = keys.conversation_of(envelope(said()))
    reply = keys.conversation_of(envelope(said(ts="2.2", thread_ts="1.1")))
    click = keys.conversation_of({"container": {"channel_id": "C1", "message_ts": "3.3", "thread_ts": "1.1"}})
    assert root == reply == click


def test_a_form_is_read_by_its_blocks() -> None:
    sent = payloads.submission({
        "user": {"id": "U1"},
        "view": {"id": "V1", "callback_id": "resolve", "private_metadata": "12", "state": {"values": {
            "resolution": {"typed": {"type": "plain_text_input", "value": "  Press it twice. "}},
            "teach": {"ticked": {"type": "checkboxes", "selected_options": [{"value": "teach"}]}},
        }}},
    })
    assert sent.texts == {"resolution": "Press it twice."}
    assert sent.ticked == {"teach"}
    assert (sent.callback_id, sent.private_metadata) == ("resolve", "12")


def form(**values: dict[str, Any]) -> dict[str, Any]:
    """A submission whose fields are all required, but for the note."""
    blocks = [{"type": "context", "elements": []},
              *({"type": "input", "block_id": name, "optional": name == "note"} for name in values)]
    return {"type": "view_submission", "user": {"id": "U1"}, "view": {
        "id": "V1", "hash": "1.a", "callback_id": "pass_on", "private_metadata": "12", "blocks": blocks,
        "state": {"values": {name: {"x": value} for name, value in values.items()}}}}


def test_whatever_is_chosen_in_a_form_is_read() -> None:
    sent = payloads.submission(form(
        what={"type": "radio_buttons", "selected_option": {"value": "pass_on"}},
        area={"type": "static_select", "selected_option": None},
        coach={"type": "users_select", "selected_user": "U0BEN"},
        day={"type": "datepicker", "selected_date": "2026-03-02"},
        at={"type": "datetimepicker", "selected_date_time": 1772442000},
    ))
    assert sent.chosen == {"what": "pass_on", "coach": "U0BEN", "day": "2026-03-02", "at": "1772442000"}
    assert sent.inputs == ("what", "area", "coach", "day", "at")
    assert sent.texts == {}


def test_only_what_must_be_filled_in_can_be_missing() -> None:
    empty: dict[str, Any] = {"type": "plain_text_input", "value": "  "}
    assert payloads.submission(form(question=empty, note=empty)).blank == ("question",)


def test_a_corrected_form_is_another_one_and_the_same_again_is_not() -> None:
    def key(text: str) -> str:
        return keys.key_of(form(question={"type": "plain_text_input", "value": text}))

    assert key("FW-1") == key("FW-1")
    assert key("FW-1") != key("FW-2")


@pytest.mark.parametrize(("shared", "user_team", "outsider"), [
    (True, "T9", True), (True, "T0", False), (True, "", False), (False, "T9", False),
])
def test_only_in_shared_channels_there_are_people_of_other_organisations(
        shared: bool, user_team: str, outsider: bool) -> None:
    body = {**envelope(said(user_team=user_team)), "team_id": "T0", "is_ext_shared_channel": shared}
    message = payloads.event(body, BOT)
    assert isinstance(message, Message)
    assert message.outsider is outsider


def test_a_click_in_an_open_form_knows_the_form() -> None:
    body = {"type": "block_actions", "user": {"id": "U1"}, "container": {"type": "view", "view_id": "V1"},
            "actions": [{"type": "button", "action_id": "helped", "value": "7"}]}
    assert payloads.click(body | {"view": {"id": "V1", "type": "modal"}}).response_url == "view:V1"
    assert payloads.click(body | {"view": {"id": "V1", "type": "home"}}).response_url == ""
