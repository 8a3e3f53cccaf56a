"""The manifest asks for what the bot uses, all of it and nothing else, and keeps within Slack's limits."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bot.slack import manifest as manifest_module
from bot.slack.listeners import commands
from bot.slack.manifest import (
    COMMAND,
    EVENTS,
    PROMPT_TITLE,
    SCOPES,
    AddressUnusable,
    Scope,
    manifest,
    prompt,
    request_url,
    scope_names,
)
from bot.workspace import cast
from bot.workspace.app_config import from_manifest
from bot.workspace.events import SCOPES as SCOPES_OF_EVENTS
from bot.workspace.web_api import METHODS

SLACK = Path(__file__).resolve().parents[3] / "bot" / "slack"
BY_CALL = {name.replace(".", "_"): name for name in METHODS}
"""How the SDK's client calls each method."""
HELPERS = {"say": "chat.postMessage", "say_stream": "chat.startStream", "set_status": "assistant.threads.setStatus",
           "set_title": "assistant.threads.setTitle", "set_suggested_prompts": "assistant.threads.setSuggestedPrompts"}
"""Arguments of a listener through which Bolt calls a method."""
URL = "https://floorwalker.example.com/slack/events"
LONG = "Wie reiche ich eine Spesenabrechnung ein, wenn ich den Beleg verloren habe und er über 50 £ lautet? 🧾" * 4


@cache
def trees() -> dict[str, ast.Module]:
    """The bot's Slack room, without the manifest itself."""
    return {path.name: ast.parse(path.read_text(encoding="utf-8"))
            for path in SLACK.rglob("*.py") if path.name != "manifest.py"}


def methods_in(tree: ast.Module) -> Iterator[str]:
    """The Web API methods that a module calls, whether by the client, by name or by Bolt's helpers."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in BY_CALL:
            yield BY_CALL[node.attr]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "api_call":
            yield from (part.value for part in node.args if isinstance(part, ast.Constant) and part.value in METHODS)
        elif isinstance(node, ast.FunctionDef):
            yield from (HELPERS[argument.arg] for argument in node.args.args if argument.arg in HELPERS)


def called() -> set[str]:
    return {method for tree in trees().values() for method in methods_in(tree)}


def words_in_slack() -> set[str]:
    """Every text that stands in the code of the bot's Slack room."""
    return {node.value for tree in trees().values() for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def test_calls_are_found_in_every_form() -> None:
    code = 'def take(ack, set_status):\n  front.client.chat_update(ts=1)\n  client.api_call("users.info", user="U1")'
    assert set(methods_in(ast.parse(code))) == {"chat.update", "users.info", "assistant.threads.setStatus"}
    assert {"chat.postMessage", "views.open", "auth.test", "conversations.replies"} <= called()


def test_every_method_that_is_called_has_its_scope() -> None:
    without = []
    for method in called():
        asked = {scope.name for scope in SCOPES if method in scope.methods}
        assert asked <= set(METHODS[method].scopes), f"{method} does not need {asked}"
        if METHODS[method].scopes and not asked:
            without.append(f"{method}: one of {METHODS[method].scopes}")
    assert not without


def test_every_event_has_its_scope() -> None:
    for event in EVENTS:
        asked = {scope.name for scope in SCOPES if event in scope.events}
        assert asked == SCOPES_OF_EVENTS[event], event


def test_every_scope_is_used_by_all_that_it_is_asked_for() -> None:
    made, words = manifest([LONG]), words_in_slack()
    for scope in SCOPES:
        assert scope.methods or scope.events or scope.also, f"{scope.name} is needed by nothing"
        assert set(scope.methods) <= called(), scope.name
        assert set(scope.events) <= set(EVENTS), scope.name
        assert all(part in made["features"] or part in words for part in scope.also), scope.name
    assert len(set(scope_names())) == len(SCOPES)


def test_a_scope_too_many_or_too_few_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    here = sys.modules[__name__]
    unused = Scope("files:write", "nothing", methods=("files.getUploadURLExternal",))
    monkeypatch.setattr(here, "SCOPES", (*SCOPES, unused))
    with pytest.raises(AssertionError):
        test_every_scope_is_used_by_all_that_it_is_asked_for()
    monkeypatch.setattr(here, "SCOPES", tuple(scope for scope in scopes_asked() if scope.name != "chat:write"))
    with pytest.raises(AssertionError):
        test_every_method_that_is_called_has_its_scope()


def scopes_asked() -> tuple[Scope, ...]:
    """The table itself, whatever a test has put in its place here."""
    return manifest_module.SCOPES


def test_the_local_workspace_is_set_up_as_the_manifest_says() -> None:
    """What works in the demo works with a real app made from the manifest."""
    real = from_manifest(manifest([]))
    for part in ("scopes", "events", "commands", "shortcuts", "home_tab", "messages_tab", "agent_view"):
        assert getattr(real, part) == getattr(cast.FLOORWALKER, part), part


def test_the_command_is_the_one_that_is_listened_to() -> None:
    assert COMMAND["command"] == commands.COMMAND


LIMITS = {
    "display_information.name": (1, 35), "display_information.description": (1, 140),
    "display_information.background_color": (4, 7), "features.agent_view.agent_description": (1, 300),
    "features.bot_user.display_name": (1, 80), "features.shortcuts.name": (1, 24),
    "features.shortcuts.callback_id": (1, 255), "features.shortcuts.description": (1, 150),
    "features.slash_commands.command": (2, 32), "features.slash_commands.description": (1, 2000),
    "features.slash_commands.usage_hint": (1, 1000), "features.slash_commands.url": (9, 3000),
    "features.agent_view.suggested_prompts.title": (1, PROMPT_TITLE),
    "features.agent_view.suggested_prompts.message": (1, 3000), "features.shortcuts.type": (6, 7),
    "oauth_config.scopes.bot": (1, 50), "settings.event_subscriptions.bot_events": (1, 50),
    "settings.event_subscriptions.request_url": (9, 3500), "settings.interactivity.request_url": (9, 3500),
}
"""Shortest and longest text at each place, in characters, as Slack's reference has them; no others are known."""
LISTS = {"features.agent_view.suggested_prompts": 4, "features.shortcuts": 10, "features.slash_commands": 50,
         "oauth_config.scopes.bot": 255, "settings.event_subscriptions.bot_events": 100}
FLAGS = {"features.app_home.home_tab_enabled", "features.app_home.messages_tab_enabled",
         "features.app_home.messages_tab_read_only_enabled", "features.bot_user.always_online",
         "features.slash_commands.should_escape", "settings.interactivity.is_enabled", "settings.socket_mode_enabled",
         "settings.org_deploy_enabled", "settings.token_rotation_enabled"}


def faults(node: Any, place: str = "") -> Iterator[str]:
    """What Slack would refuse."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from faults(value, f"{place}.{key}" if place else key)
    elif isinstance(node, list):
        if place not in LISTS or not len(node) <= LISTS[place]:
            yield f"{place}: {len(node)} entries"
        for value in node:
            yield from faults(value, place)
    elif isinstance(node, bool):
        if place not in FLAGS:
            yield f"{place} is unknown"
    elif place not in LIMITS:
        yield f"{place} is unknown"
    elif not LIMITS[place][0] <= len(node) <= LIMITS[place][1]:
        yield f"{place}: {len(node)} characters"


@pytest.mark.parametrize("url", ["", URL])
@pytest.mark.parametrize("questions", [[], ["How?"], [LONG] * 9, ["x" * 500]])
def test_it_keeps_within_slacks_limits(url: str, questions: list[str]) -> None:
    assert list(faults(manifest(questions, url))) == []


def test_the_limits_can_be_broken() -> None:
    made = manifest([])
    made["features"]["shortcuts"][0]["name"] = "Create ticket from message"
    made["settings"]["hosted"] = True
    assert list(faults(made)) == ["features.shortcuts.name: 26 characters", "settings.hosted is unknown"]


def test_people_can_write_to_the_bot_and_open_its_home() -> None:
    assert manifest([])["features"]["app_home"] == {
        "home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False}


def test_socket_mode_names_no_address_and_http_names_one_in_every_place() -> None:
    def addresses(made: dict[str, Any]) -> list[str | None]:
        settings = made["settings"]
        return [settings["event_subscriptions"].get("request_url"), settings["interactivity"].get("request_url"),
                made["features"]["slash_commands"][0].get("url")]

    socket, http = manifest([]), manifest([], URL)
    assert (socket["settings"]["socket_mode_enabled"], addresses(socket)) == (True, [None] * 3)
    assert (http["settings"]["socket_mode_enabled"], addresses(http)) == (False, [URL] * 3)
    assert from_manifest(socket) == from_manifest(http)


@pytest.mark.parametrize(("address", "url"), [
    ("https://floorwalker.example.com", URL), ("https://floorwalker.example.com/ ", URL), (URL, URL),
    ("https://example.com:8443/bots/", "https://example.com:8443/bots/slack/events")])
def test_where_slack_calls(address: str, url: str) -> None:
    assert request_url(address) == url


@pytest.mark.parametrize("address", ["", "example.com", "http://example.com", "https://", "https://a b", "https://a/?x=1",
                                     "https://me:secret@example.com", "https://[", "https://a:99999"])
def test_where_slack_cannot_call(address: str) -> None:
    with pytest.raises(AddressUnusable):
        request_url(address)


def test_a_long_question_is_cut_in_the_title_only() -> None:
    assert prompt("How do I\n claim?") == {"title": "How do I claim?", "message": "How do I claim?"}
    cut = prompt(LONG)
    assert cut["title"] == "Wie reiche ich eine Spesenabrechnung ein, wenn ich den…"
    assert cut["message"] == LONG
