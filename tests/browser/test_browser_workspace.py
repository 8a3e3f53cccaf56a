"""The workspace's own side of the page: unread marks, reactions, people, what goes wrong, other apps' messages."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk import WebClient

from tests.browser.screen import Screens, Theme, expect
from tests.stories.floor import BOT, Floor

TASK = {"task_id": "t1", "title": "Look it up", "status": "complete"}
TEXT = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [
    {"type": "text", "text": "bold", "style": {"bold": True}}, {"type": "user", "user_id": "U0ANA"}]}]}
EVERY_BLOCK: list[dict[str, Any]] = [
    {"type": "header", "text": {"type": "plain_text", "text": "A header"}},
    {"type": "section", "text": {"type": "mrkdwn", "text": "*Text*"}, "fields": [{"type": "mrkdwn", "text": "A field"}],
     "accessory": {"type": "overflow", "action_id": "o", "options": [
         {"text": {"type": "plain_text", "text": label}, "value": label} for label in ("One", "Two")]}},
    {"type": "divider"}, TEXT, {"type": "markdown", "text": "# Title\n\n| a | b |\n|---|---|\n| 1 | 2 |"},
    {"type": "context", "elements": [{"type": "mrkdwn", "text": "small"}]},
    {"type": "context_actions", "elements": [
        {"type": "feedback_buttons", "action_id": "f", "positive_button": {
            "text": {"type": "plain_text", "text": "Good"}, "value": "1"}, "negative_button": {
            "text": {"type": "plain_text", "text": "Bad"}, "value": "0"}}]},
    {"type": "actions", "elements": [
        {"type": "datepicker", "action_id": "d"}, {"type": "users_select", "action_id": "u"},
        {"type": "checkboxes", "action_id": "c", "options": [
            {"text": {"type": "plain_text", "text": "Tick me"}, "value": "t"}]}]},
    {"type": "table", "rows": [[{"type": "raw_text", "text": "Head"}], [{"type": "raw_text", "text": "Cell"}]]},
    TASK | {"type": "task_card"}, {"type": "plan", "title": "What I do", "tasks": [TASK]},
    {"type": "card", "title": {"type": "mrkdwn", "text": "A card"}, "body": {"type": "mrkdwn", "text": "Its body"}},
    {"type": "container", "title": {"type": "plain_text", "text": "A box"}, "child_blocks": [TEXT]},
]


def test_what_is_unread_is_marked_until_it_is_looked_at(screens: Screens, floor: Floor) -> None:
    mia = screens.of("U0MIA")
    for text in ("First.", "Second."):
        floor.say("U0TOM", "C0GENERAL", text)
    general = mia.page.locator("#sidebar").get_by_role("button", name="general")
    expect(general.locator(".badge")).to_contain_text("2")
    mia.go("general")
    expect(general.locator(".badge")).to_have_count(0)
    expect(mia.message("Second.")).to_be_in_viewport()


def test_a_reaction_is_added_counted_and_taken_back(screens: Screens, floor: Floor) -> None:
    floor.say("U0TOM", "C0GENERAL", "The scanner works again.")
    mia, priya = screens.of("U0MIA", "C0GENERAL"), screens.of("U0PRIYA", "C0GENERAL")
    mia.message("scanner").hover()
    mia.press(mia.message("scanner"), "Add a reaction")
    mia.page.get_by_role("menuitem", name="tada").click()
    priya.message("scanner").get_by_role("button", name="tada, 1: Mia Lindqvist").click()
    mine = mia.message("scanner").locator(".reaction")
    expect(mine).to_have_text("🎉2")
    mine.click()
    expect(mine).to_have_attribute("aria-pressed", "false")
    expect(mine).to_have_text("🎉1")


def test_somebody_new_is_added_played_and_taken_out_of_a_channel(screens: Screens) -> None:
    eve = screens.of("U0EVE", "C0GOLIVE")
    eve.page.get_by_role("button", name="Be somebody else").click()
    eve.page.get_by_role("menuitem", name="Add somebody").click()
    form = eve.form("Add somebody")
    form.get_by_label("Name").fill("Zoë Quill")
    form.get_by_label("Kind").select_option("outsider")
    eve.press(form, "Add")
    expect(eve.page.get_by_role("radio", name="Zoë")).to_be_checked()
    eve.go("go-live")
    eve.write("Hello from elsewhere")
    expect(eve.message("Hello from elsewhere")).to_contain_text("Zoë Quill")
    eve.page.get_by_role("button", name="members").click()
    eve.page.get_by_role("menuitem", name="Zoë Quill").click()
    eve.press(eve.form("Leave #go-live?"), "Leave")
    expect(eve.page.locator("#sidebar").get_by_role("button", name="go-live")).to_have_count(0)


def test_a_message_that_is_being_written_can_be_stopped(screens: Screens, floor: Floor) -> None:
    asked = floor.say("U0MIA", BOT, "hello")
    floor.reply_with(BOT, "U0MIA", asked, "What would you like to know?")
    web = WebClient(floor.demo.workspace.bot_token, base_url=floor.demo.workspace.api_url)
    web.api_call("chat.startStream", json={"channel": "D0MIA", "thread_ts": asked, "recipient_user_id": "U0MIA",
                                           "recipient_team_id": "T0TARNBROOK", "markdown_text": "Well, to begin with"})
    mia = screens.of("U0MIA", "D0MIA", asked)
    expect(mia.answer("Well, to begin with")).to_be_visible()
    mia.press(mia.page.locator("#thread"), "Stop")
    expect(mia.page.locator("#thread").get_by_role("button", name="Stop")).to_have_count(0)


def test_every_block_that_a_message_may_hold_is_shown(screens: Screens, floor: Floor) -> None:
    web = WebClient(floor.demo.workspace.bot_token, base_url=floor.demo.workspace.api_url)
    web.chat_postMessage(channel="C0GENERAL", text="All of them", blocks=EVERY_BLOCK)
    mia = screens.of("U0MIA", "C0GENERAL")
    shown = mia.page.locator("#channel-list .message").last
    expect(shown.locator(":scope .blocks > .block")).to_have_count(len(EVERY_BLOCK) + 1)
    expect(mia.page.locator(".unsupported")).to_have_count(0)
    for words in ("A header", "A field", "@Ana Duarte", "Head", "Look it up", "What I do", "Its body", "A box"):
        expect(shown).to_contain_text(words)


def test_everybody_is_told_while_the_app_is_not_connected(screens: Screens, floor: Floor) -> None:
    mia = screens.of("U0MIA", "C0GENERAL")
    banner = mia.page.get_by_text("is not connected at the moment")
    expect(banner).to_be_hidden()
    floor.call("fault", kind="disconnect", reason="link_disabled")
    expect(banner).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_behind_the_scenes_stands_beside_the_channel_and_only_lies_over_a_thread(
        screens: Screens, floor: Floor, theme: Theme) -> None:
    root = floor.say("U0TOM", "C0GENERAL", "The scanner beeps all day.")
    floor.say("U0MIA", "C0GENERAL", "Ours, too.", thread_ts=root)
    eve = screens.of("U0EVE", "C0GENERAL", theme=theme)
    eve.page.get_by_role("button", name="Behind the scenes", exact=True).click()
    channel, log = eve.page.locator("#channel").bounding_box(), eve.page.locator("#log").bounding_box()
    assert channel is not None
    assert log is not None
    assert channel["x"] + channel["width"] <= log["x"] + 1, "nothing of the channel is covered"
    assert channel["width"] >= 500
    eve.open("U0EVE", "C0GENERAL", root)
    eve.page.locator("#thread").wait_for()
    beside = eve.page.locator("#channel").bounding_box()
    thread, over = eve.page.locator("#thread").bounding_box(), eve.page.locator("#log").bounding_box()
    assert beside is not None
    assert thread is not None
    assert over is not None
    assert beside["x"] + beside["width"] <= over["x"] + 1
    assert thread["x"] < over["x"]


def test_a_workspace_is_saved_to_a_file_and_begun_afresh(screens: Screens, floor: Floor) -> None:
    floor.say("U0TOM", "C0GENERAL", "To be kept.")
    eve = screens.of("U0EVE", "C0GENERAL")
    eve.page.get_by_role("button", name="Behind the scenes", exact=True).click()
    eve.page.get_by_text("Save or restore the workspace").click()
    with eve.page.expect_download() as download:
        eve.press(eve.page.locator("#log"), "Save to a file")
    eve.press(eve.page.locator("#log"), "Begin afresh")
    eve.press(eve.form("Begin afresh?"), "Begin afresh")
    expect(eve.message("To be kept.")).to_have_count(0)
    eve.page.locator("#log input[type=file]").set_input_files(download.value.path())
    expect(eve.message("To be kept.")).to_be_visible()
