"""The workspace's README says what there is: its tables are those of the code. And what the bot calls is in them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from inspect import getdoc, getsource
from pathlib import Path

import pytest
from slack_sdk import WebClient

from bot.slack.manifest import manifest
from bot.workspace import cast, events
from bot.workspace.app_config import from_manifest
from bot.workspace.people_api.fault_kinds import KINDS
from bot.workspace.people_api.routes import DOING, LOOKING
from bot.workspace.web_api import METHODS

ROOT = Path(__file__).resolve().parents[3]
README = ROOT / "bot" / "workspace" / "README.md"
THROUGH_BOLT = {
    "say": {"chat.postMessage"}, "set_status": {"assistant.threads.setStatus"},
    "set_title": {"assistant.threads.setTitle"}, "set_suggested_prompts": {"assistant.threads.setSuggestedPrompts"},
    "say_stream": {"chat.startStream", "chat.appendStream", "chat.stopStream"},
}
"""What Bolt's listener arguments call."""


def first_sentence(function: object) -> str:
    return (getdoc(function) or "").split("\n")[0].rstrip(".")


def code(names: frozenset[str] | set[str] | tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names)) or "–"


def methods() -> list[str]:
    return [f"| `{name}` | {one.tier} | {code(one.scopes)} | {first_sentence(one.run)} |"
            for name, one in sorted(METHODS.items())]


def faults() -> list[str]:
    return [f"| `{name}` | {kind.does} | {', '.join(f'`{field.name}`' for field in kind.fields) or '–'} |"
            for name, kind in KINDS.items()]


def heard() -> list[str]:
    return [f"| `{name}` | {code(scopes)} | {'only with `agent_view`' if name in events.FOR_AGENTS else ''} |"
            for name, scopes in sorted(events.SCOPES.items())]


def addresses() -> list[str]:
    looking = [f"| `GET /workspace/{name}` | {first_sentence(one)} |" for name, one in LOOKING.items()]
    return looking + [f"| `POST /workspace/{name}` | {first_sentence(one)} |" for name, one in DOING.items()]


@pytest.mark.parametrize("rows", [methods, faults, heard, addresses])
def test_the_tables_of_the_readme_are_those_of_the_code(rows: object) -> None:
    assert callable(rows)
    expected = rows()
    there = [line for line in README.read_text(encoding="utf-8").split("\n") if line in expected]
    assert there == expected, "\n".join(["put this into bot/workspace/README.md:", *expected])


def test_the_readme_names_no_method_that_is_not_there() -> None:
    lines = README.read_text(encoding="utf-8").split("\n")
    table = lines[lines.index("| method | tier | scope (one of) | what it does |") + 2 :]
    named = [line.split("`")[1] for line in table[: table.index("")]]
    assert named == sorted(METHODS)


def called_methods(tree: ast.AST) -> Iterator[str]:
    """The Web API methods that a module calls, or hands on to be called, through the client or through Bolt."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield from behind(node.attr)
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name):
            yield from THROUGH_BOLT.get(node.func.id, ())
        elif isinstance(node.func, ast.Attribute) and node.func.attr == "api_call":
            if isinstance(node.func.value, ast.Call):
                continue  # super().api_call: the client's own machinery
            first = node.args[0] if node.args else None
            assert isinstance(first, ast.Constant), "name the method where it is called"
            yield str(first.value)


@cache
def behind(name: str) -> frozenset[str]:
    """The Web API methods that a method of the client calls; nothing if the client has no such method."""
    known = {"chat_stream": THROUGH_BOLT["say_stream"],
             "files_upload_v2": {"files.getUploadURLExternal", "files.completeUploadExternal"}}
    if name in known:
        return frozenset(known[name])
    method = vars(WebClient).get(name)
    if not callable(method) or name.startswith("_"):
        return frozenset()
    tree = ast.parse("if True:\n" + getsource(method))
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute))
    made = [call.args[0] for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "api_call"]
    return frozenset(str(argument.value) for argument in made if isinstance(argument, ast.Constant))


def test_everything_that_the_bot_calls_is_there() -> None:
    files = [file for file in (ROOT / "bot").rglob("*.py") if "workspace" not in file.relative_to(ROOT).parts]
    called = {
        (str(file.relative_to(ROOT)), method)
        for file in files
        for method in called_methods(ast.parse(file.read_text(encoding="utf-8")))
    }
    methods_called = {method for _, method in called}
    assert {"chat.postMessage", "chat.update", "views.open", "views.publish", "auth.test"} <= methods_called
    assert sorted(one for one in called if one[1] not in METHODS) == []


def test_calls_are_found_however_they_are_written() -> None:
    lines = ["client.chat_postMessage(x)", "self.web.api_call('a.b')", "set_status('x')", "c.chat_stream()",
             "other.go(client.auth_test)", "other.thing()"]
    source = "\n".join(lines)
    assert set(called_methods(ast.parse(source))) == {
        "chat.postMessage", "a.b", "assistant.threads.setStatus", "chat.startStream", "chat.appendStream",
        "chat.stopStream", "auth.test"}


def test_the_cast_has_the_bot_as_its_manifest_says() -> None:
    assert from_manifest(manifest(())) == replace(cast.FLOORWALKER, name="Floorwalker", bot_name="floorwalker")
