"""How the bot keeps its log."""

from __future__ import annotations

from typing import Literal

from bot.settings.table import Table


class LogSettings(Table):
    """The log of `serve` and `demo`, on standard error."""

    format: Literal["text", "json"] = "text"
    """`text` (readable lines) or `json` (an object a line)."""
    level: Literal["debug", "info", "warning", "error"] = "info"
    """From which level on; `FLOORWALKER_LOG` in the environment wins."""
