"""Slack's Web API: the methods that an app may call here, and what they refuse."""

# importing a family registers its methods
from bot.workspace.web_api import (  # noqa: F401
    assistant,
    auth,
    chat,
    conversations,
    files,
    history,
    reactions,
    scheduled,
    sessions,
    streams,
    users,
    views,
)
from bot.workspace.web_api.dispatch import call_method
from bot.workspace.web_api.registry import METHODS

__all__ = ["METHODS", "call_method"]
