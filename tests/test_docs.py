"""What the documents say is what the code does."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import click
import pytest
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from bot.cli import main
from bot.settings import Settings, SourceSettings
from bot.settings.environment import ADDRESS, SECRETS
from bot.slack.manifest import SCOPES

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", ROOT / "knowledge" / "README.md"]


def settings_in(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, FieldInfo, Any]]:
    """Every setting that may stand in the file: its name as documents write it, and its default."""
    for name, field in model.model_fields.items():
        kinds = [field.annotation, *get_args(field.annotation)]
        table = next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)
        if table is None or table is SourceSettings:
            if SecretStr not in kinds:
                yield f"{prefix}{name}", field, field.get_default()
        else:
            many = "[]" if field.annotation is not table else ""
            yield from settings_in(table, f"{prefix}{name}{many}.")


def in_file(tree: Any, prefix: str = "") -> set[str]:
    if isinstance(tree, dict):
        return {name for key, value in tree.items() for name in in_file(value, f"{prefix}.{key}" if prefix else key)}
    if isinstance(tree, list) and tree and all(isinstance(item, dict) for item in tree):
        return {name for item in tree for name in in_file(item, f"{prefix}[]")}
    return {prefix}


def section(title: str) -> str:
    """The text below a heading of the README, down to the next part."""
    found = re.search(rf"^##+ {re.escape(title)}\n(.*?)(?=^## |\Z)", README, re.MULTILINE | re.DOTALL)
    assert found, f"README.md has no heading {title!r}"
    return found[1]


def test_the_example_settings_name_every_setting() -> None:
    example = tomllib.loads((ROOT / "config.example.toml").read_text(encoding="utf-8"))
    assert in_file(example) == {name for name, _, _ in settings_in(Settings)}


def as_toml(default: Any) -> str:
    if isinstance(default, str):
        return f'"{default}"'
    if isinstance(default, tuple):
        return f"[{', '.join(as_toml(item) for item in default)}]"
    if isinstance(default, SourceSettings):
        return as_toml(default.location)
    return str(default) if isinstance(default, int | float) else f'"{default}"'


def test_the_settings_table_names_every_setting_and_its_default() -> None:
    rows = re.findall(r"^\| `([a-z][\w.\[\]]*)` \| ([^|]*) \|", section("Settings"), re.MULTILINE)
    told = {name: default.strip().strip("`") for name, default in rows}
    known = {}
    for name, field, default in settings_in(Settings):
        targets = re.fullmatch(r"desk\.targets\.(\w+)\.(\w+)", name)
        if targets:
            default = getattr(getattr(Settings().desk.targets, targets[1]), targets[2])
        known[name] = "required" if field.is_required() and not targets else as_toml(default) if default else ""
    assert told == known


def test_the_settings_section_names_every_variable() -> None:
    text = section("Settings")
    assert not [name for name in [*SECRETS.values(), ADDRESS] if f"`{name}`" not in text]


def commands(group: click.Group, prefix: str = "floorwalker") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{prefix} {name}")
        elif not command.hidden:
            yield f"{prefix} {name}", command


def told_commands() -> dict[str, str]:
    parts = re.split(r"^### `(floorwalker[\w -]*)`\n", section("Command reference"), flags=re.MULTILINE)
    return {"": parts[0], **dict(zip(parts[1::2], parts[2::2], strict=True))}


def test_the_command_reference_has_every_command() -> None:
    assert told_commands().keys() - {""} == {name for name, _ in commands(main)}


@pytest.mark.parametrize("name", [name for name, _ in commands(main)])
def test_the_command_reference_has_every_option(name: str) -> None:
    told = told_commands()
    command = dict(commands(main))[name]
    options = {word for parameter in [*command.params, *main.params] if isinstance(parameter, click.Option)
               for word in parameter.opts if word.startswith("--")}
    common, own = (set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", text)) for text in (told[""], told[name]))
    assert options - own - common == set(), "not in the README"
    assert own - options == set(), "only in the README"
    for argument in command.params:
        if isinstance(argument, click.Argument):
            assert argument.make_metavar(click.Context(command)).strip("[].").rstrip(".") in told[name]


def links(page: Path) -> set[str]:
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return set(re.findall(r"\]\(([^)\s]+)\)", text)) | set(re.findall(r'src="([^"]+)"', text))


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    for link in links(page):
        path, _, anchor = link.partition("#")
        if re.match(r"[a-z]+:", link):
            continue
        target = (page.parent / path) if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_the_reason_for_each_scope_is_the_one_in_the_code() -> None:
    rows = re.findall(r"^\| `([\w:.]+)` \| ([^|]+) \|$", section("Why each scope"), re.MULTILINE)
    assert rows == [(scope.name, scope.reason) for scope in SCOPES]
