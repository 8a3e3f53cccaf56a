"""One typed tree of settings, from a TOML file and the environment."""

from __future__ import annotations

from bot.settings.durations import BusinessTime
from bot.settings.load import load_settings
from bot.settings.ready import check_ready_to_serve
from bot.settings.tree import (
    AnswerSettings,
    Area,
    DeskSettings,
    KnowledgeSettings,
    ModelSettings,
    Person,
    Priority,
    Settings,
    SlackSettings,
    SourceSettings,
    Target,
    Targets,
)

__all__ = [
    "AnswerSettings", "Area", "BusinessTime", "DeskSettings", "KnowledgeSettings", "ModelSettings", "Person",
    "Priority", "Settings", "SlackSettings", "SourceSettings", "Target", "Targets", "check_ready_to_serve",
    "load_settings",
]
