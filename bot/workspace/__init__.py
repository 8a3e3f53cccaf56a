"""A strict local Slack: Web API, Socket Mode, signed HTTP events and a page. The bot cannot tell it from Slack."""

from bot.workspace.server import LocalWorkspace

__all__ = ["LocalWorkspace"]
