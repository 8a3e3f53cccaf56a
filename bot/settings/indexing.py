"""The settings of index runs."""

from __future__ import annotations

from typing import Literal

from bot.settings.forms import Share
from bot.settings.table import Table


class IndexSettings(Table):
    """How a new generation of the index gets published."""

    gate: Literal["off", "warn", "hold"] = "warn"
    """Golden questions that a run makes worse: they are not asked (`off`), they are told (`warn`), or the run is not
    published until somebody says so (`hold`)."""
    gate_tolerance: Share = 0.02
    """With `hold`: the share of the golden questions (0 to 1) that may get worse, net of those that get better."""
