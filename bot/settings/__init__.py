"""One typed tree of settings, from a TOML file and the environment."""

from __future__ import annotations

from bot.settings.durations import BusinessTime, DateRange, DayHours, Span
from bot.settings.knowledge import KnowledgeSettings, SourceSettings
from bot.settings.load import load_settings
from bot.settings.log import LogSettings
from bot.settings.ready import check_ready_to_serve
from bot.settings.service import Duty, Hours, Hypercare, OwnHours, OwnTarget, OwnTargets, Priority, Target, Targets
from bot.settings.tree import (
    AnswerSettings,
    Area,
    DeskSettings,
    ModelSettings,
    Person,
    Settings,
    SlackSettings,
)

__all__ = [
    "AnswerSettings", "Area", "BusinessTime", "DateRange", "DayHours", "DeskSettings", "Duty", "Hours", "Hypercare",
    "KnowledgeSettings", "LogSettings", "ModelSettings", "OwnHours", "OwnTarget", "OwnTargets", "Person", "Priority",
    "Settings", "SlackSettings", "SourceSettings", "Span", "Target", "Targets", "check_ready_to_serve", "load_settings",
]
