"""How the app is configured in the workspace: what a manifest says, as far as the workspace acts on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class SlashCommand:
    """A command that people can type."""

    command: str
    description: str = ""
    usage_hint: str = ""


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


def from_manifest(manifest: Mapping[str, Any]) -> AppConfig:
    """Read a Slack app manifest (already parsed from JSON or YAML)."""
    features = manifest.get("features", {})
    home = features.get("app_home", {})
    bot_scopes = manifest.get("oauth_config", {}).get("scopes", {})
    events = manifest.get("settings", {}).get("event_subscriptions", {}).get("bot_events", [])
    return AppConfig(
        scopes=frozenset(bot_scopes.get("bot", [])) | frozenset(bot_scopes.get("bot_optional", [])),
        events=frozenset(events),
        commands=tuple(
            SlashCommand(entry["command"], entry.get("description", ""), entry.get("usage_hint", ""))
            for entry in features.get("slash_commands", [])
        ),
        shortcuts=tuple(
            Shortcut(entry["callback_id"], entry["name"], entry["type"], entry.get("description", ""))
            for entry in features.get("shortcuts", [])
        ),
        home_tab=bool(home.get("home_tab_enabled", False)),
        messages_tab=bool(home.get("messages_tab_enabled", True)),
    )
