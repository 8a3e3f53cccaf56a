"""The whole workspace saved over HTTP and put back; and the workspace as a program of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from slack_sdk import WebClient

from bot.assemble.demo import ManifestUnusable, open_workspace
from bot.workspace import LocalWorkspace
from bot.workspace.app_config import ManifestUnreadable, read_manifest
from tests.bot.workspace.playing import GENEROUS, Hands, ListeningApp

GO_LIVE, BOT = "C0GOLIVE", "U0FLOORWALKER"


def post(hands: Hands, what: str, **body: Any) -> httpx.Response:
    return hands.http.post(f"/workspace/{what}", json=body)


def test_a_saved_workspace_is_put_back_as_it_was(web: WebClient, hands: Hands, app: ListeningApp) -> None:
    post(hands, "person", name="Zoe Quist", kind="guest")
    ts = hands.say("a question")
    web.chat_postMessage(channel=GO_LIVE, thread_ts=ts, text="an answer")
    web.views_publish(user_id="U0MIA", view={"type": "home", "blocks": [{"type": "divider"}]})
    web.chat_scheduleMessage(channel=GO_LIVE, text="later", post_at=int(time.time()) + 3600)
    hands.do("upload", channel=GO_LIVE, name="a.txt", content="x")
    saved = hands.see("save")
    assert "secrets" not in saved
    assert web.token not in json.dumps(saved)
    hands.say("to be forgotten")
    post(hands, "load")
    assert hands.messages(GO_LIVE) == []
    assert post(hands, "load", state=saved).json() == {"messages": 3}
    assert hands.see("save") | {"last_ts": 0} == saved | {"last_ts": 0}
    assert web.auth_test()["ok"]
    assert [one["text"] for one in hands.messages(GO_LIVE, thread_ts=ts)] == ["a question", "an answer"]
    assert app.event("message", ts=hands.say("heard again", channel=BOT))


def test_a_time_stamp_is_never_given_out_twice(hands: Hands) -> None:
    saved = hands.see("save")
    ts = hands.say("one")
    post(hands, "load", state=saved)
    assert hands.say("two") > ts


@pytest.mark.parametrize("state", [
    {"format": 1}, {"format": 2}, {"nonsense": True},
    {"format": 1, "users": 3}, {"format": 1, "users": [{"id": "U1"}]},
])
def test_what_was_not_saved_here_is_refused_and_changes_nothing(hands: Hands, state: dict[str, Any]) -> None:
    ts = hands.say("still here")
    answer = post(hands, "load", state=state)
    assert (answer.status_code, list(answer.json())) == (400, ["error"])
    assert [one["ts"] for one in hands.messages(GO_LIVE)] == [ts]


def test_what_was_put_back_survives_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "workspace.json"
    with LocalWorkspace(state_file=file, app=GENEROUS) as first:
        hands = Hands(first)
        hands.say("kept")
        post(hands, "person", name="Zoe Quist", kind="outsider")
        saved = hands.see("save")
        hands.say("dropped")
        post(hands, "load", state=saved)
        hands.say("said afterwards")
        token = first.bot_token
    with LocalWorkspace(state_file=file, app=GENEROUS) as second:
        hands = Hands(second)
        assert [one["text"] for one in hands.messages(GO_LIVE)] == ["kept", "said afterwards"]
        assert hands.see("state")["users"][-1]["kind"] == "outsider"
        assert second.bot_token == token


MANIFEST = """
display_information: {name: Lunch Club}
features:
  bot_user: {display_name: Lunch Bot}
  slash_commands:
    - {command: /lunch, description: What is there to eat, should_escape: true}
  agent_view: {agent_description: Knows the menu}
oauth_config: {scopes: {bot: [chat:write, commands]}}
settings: {event_subscriptions: {bot_events: [app_mention]}}
"""


def test_the_workspace_runs_alone_for_another_app(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.yaml"
    manifest.write_text(MANIFEST, encoding="utf-8")
    command = [sys.executable, "-m", "bot.workspace", "--port", "0", "--manifest", str(manifest)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            lines = [process.stdout.readline().strip() for _ in range(5)]
            variables = dict(line.removeprefix("export ").split("=", 1) for line in lines[1:])
            web = WebClient(variables["SLACK_BOT_TOKEN"], base_url=variables["SLACK_API_URL"])
            assert web.auth_test()["user"] == "lunchbot"
            state = httpx.get(variables["SLACK_API_URL"].replace("/api/", "/workspace/state")).json()
            assert [one["command"] for one in state["commands"]] == ["/lunch"]
        finally:
            os.kill(process.pid, signal.SIGTERM)
        assert process.wait(10) == 0


@pytest.mark.parametrize("text", ["{", "- a list", "features: {slash_commands: [{description: x}]}", "42"])
def test_a_file_that_is_no_manifest_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "manifest.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ManifestUnreadable, match=r"manifest\.yaml is no app manifest"):
        read_manifest(file)
    command = [sys.executable, "-m", "bot.workspace", "--port", "0", "--manifest", str(tmp_path / "none.yaml")]
    if text == "{":
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (ended.returncode, "cannot be read" in ended.stdout) == (1, True)


def test_a_command_may_ask_for_names_with_its_mentions() -> None:
    manifest = {
        "features": {"slash_commands": [{"command": "/lunch", "should_escape": True}]},
        "oauth_config": {"scopes": {"bot": ["commands"]}},
    }
    with LocalWorkspace(manifest=manifest) as workspace:
        app = ListeningApp(workspace)
        Hands(workspace).do("command", channel=GO_LIVE, command="/lunch", text="with <@U0TOM> in <#C0OPS>")
        assert app.heard[-1].payload["text"] == "with <@U0TOM|tom> in <#C0OPS|ops>"
        app.close()


def test_the_agent_pane_suggests_what_the_manifest_says_until_the_app_says_more() -> None:
    ours, theirs = [{"title": "Menu", "message": "What is there today?"}], [{"title": "Soup", "message": "Which soup?"}]
    manifest = {
        "features": {"agent_view": {"suggested_prompts": ours}},
        "oauth_config": {"scopes": {"bot": ["assistant:write"]}},
    }
    with LocalWorkspace(manifest=manifest) as workspace:
        web, hands = WebClient(workspace.bot_token, base_url=workspace.api_url), Hands(workspace)
        assert [one["prompts"] for one in hands.see("messages", channel="D0MIA")["assistant"]] == [ours]
        assert hands.see("messages", channel=GO_LIVE)["assistant"] == []
        web.api_call("assistant.threads.setSuggestedPrompts", json={"channel_id": "D0MIA", "prompts": theirs})
        assert [one["prompts"] for one in hands.see("messages", channel="D0MIA")["assistant"]] == [theirs]


def test_what_an_earlier_version_saved_is_read(hands: Hands) -> None:
    hands.say("kept")
    saved = hands.see("save")
    del saved["scheduled"]
    for user in saved["users"]:
        del user["kind"], user["team"]
    for message in saved["messages"]:
        del message["stream"]
    assert post(hands, "load", state=saved).json() == {"messages": 1}
    assert hands.messages(GO_LIVE)[0]["streaming"] is False


def test_the_programs_own_door_takes_a_manifest_too(tmp_path: Path) -> None:
    file = tmp_path / "manifest.yaml"
    file.write_text(MANIFEST, encoding="utf-8")
    with open_workspace(0, tmp_path / "state.json", None, manifest_file=file) as workspace:
        assert [one["command"] for one in Hands(workspace).see("state")["commands"]] == ["/lunch"]
    file.write_text("- nonsense", encoding="utf-8")
    with pytest.raises(ManifestUnusable, match="no app manifest"):
        open_workspace(0, tmp_path / "state.json", None, manifest_file=file)
