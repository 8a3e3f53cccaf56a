"""How the app is configured in the workspace: what a manifest says, as far as the workspace acts on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml


@dataclass(frozen=True, slots=True)
class SlashCommand:
    """A command that people can type."""

    command: str
    description: str = ""
    usage_hint: str = ""
    should_escape: bool = False
    """Mentions in the text arrive as `<@U…|name>`."""


@dataclass(frozen=True, slots=True)
class Shortcut:
    """An entry in the menu of a message, or in the global menu."""

    callback_id: str
    title: str
    type: Literal["message", "global"]
    description: str = ""


@dataclass(frozen=True, slots=True)
class AppConfig:
    """What the app may do and hears of."""

    scopes: frozenset[str]
    events: frozenset[str]
    """Subscriptions as the manifest names them: `app_mention`, `message.im`, …"""
    commands: tuple[SlashCommand, ...] = ()
    shortcuts: tuple[Shortcut, ...] = ()
    home_tab: bool = True
    messages_tab: bool = True
    agent_view: bool = False
    """The agent pane, with sessions; without it the app is a plain bot."""
    prompts: tuple[tuple[str, str], ...] = ()
    """Title and message of what the agent pane suggests until the app sets something else."""
    name: str = ""
    """What the app is called; empty: as in the cast."""
    bot_name: str = ""
    """What its bot user is called; empty: as the app."""


class ManifestUnreadable(Exception):
    """The file is no app manifest."""


def read_manifest(path: Path) -> dict[str, Any]:
    """A manifest from a file, JSON or YAML.

    Raises:
        ManifestUnreadable: no such file, or something else in it.
    """
    try:
        manifest = yaml.safe_load(path.read_text(encoding="utf-8"))
        from_manifest(manifest)
    except OSError as error:
        raise ManifestUnreadable(f"{path} cannot be read: {error.strerror}.") from error
    except KeyError as error:
        raise ManifestUnreadable(f"{path} is no app manifest: {error} is missing somewhere in it.") from error
    except (yaml.YAMLError, ValueError, TypeError, AttributeError) as error:
        raise ManifestUnreadable(f"{path} is no app manifest in JSON or YAML.") from error
    return dict(manifest)


def from_manifest(manifest: Mapping[str, Any]) -> AppConfig:
    """Read a Slack app manifest (already parsed from JSON or YAML)."""
    features = manifest.get("features", {})
    home = features.get("app_home", {})
    bot_user = features.get("bot_user", {})
    bot_scopes = manifest.get("oauth_config", {}).get("scopes", {})
    events = manifest.get("settings", {}).get("event_subscriptions", {}).get("bot_events", [])
    return AppConfig(
        scopes=frozenset(bot_scopes.get("bot", [])) | frozenset(bot_scopes.get("bot_optional", [])),
        events=frozenset(events),
        commands=tuple(
            SlashCommand(entry["command"], entry.get("description", ""), entry.get("usage_hint", ""),
                         entry.get("should_escape") is True)
            for entry in features.get("slash_commands", [])
        ),
        shortcuts=tuple(
            Shortcut(entry["callback_id"], entry["name"], entry["type"], entry.get("description", ""))
            for entry in features.get("shortcuts", [])
        ),
        home_tab=bool(home.get("home_tab_enabled", False)),
        messages_tab=bool(home.get("messages_tab_enabled", True)),
        agent_view="agent_view" in features,
        prompts=tuple(
            (entry["title"], entry["message"])
            for entry in features.get("agent_view", {}).get("suggested_prompts", [])
        ),
        name=str(manifest.get("display_information", {}).get("name", "")),
        bot_name=str(bot_user.get("display_name", "")),
    )
