"""Slack's JSON: what is a question, what is not, and what stays the same when it comes again."""

from __future__ import annotations

from typing import Any

import pytest

from bot.desk.types import Message
from bot.slack import payloads

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
    assert payloads.key_of(first) == payloads.key_of(dict(first, retry_attempt=1))
    click = {"type": "block_actions", "user": {"id": "U1"}, "actions": [{"action_id": "claim", "action_ts": "9.1"}]}
    other = {"type": "block_actions", "user": {"id": "U1"}, "actions": [{"action_id": "claim", "action_ts": "9.2"}]}
    assert payloads.key_of(click) != payloads.key_of(other)


def test_replies_of_a_thread_are_one_conversation() -> None:
    root = payloads.conversation_of(envelope(said()))
    reply = payloads.conversation_of(envelope(said(ts="2.2", thread_ts="1.1")))
    click = payloads.conversation_of({"container": {"channel_id": "C1", "message_ts": "3.3", "thread_ts": "1.1"}})
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
