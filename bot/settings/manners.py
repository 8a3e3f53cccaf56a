"""The settings of how the bot behaves in a channel."""

from __future__ import annotations

from typing import Literal

from bot.settings.forms import Channel
from bot.settings.table import Table


class ChannelManners(Table):
    """How the bot behaves in one channel. In channels that are not listed it answers mentions, for all to see."""

    channel: Channel
    """Id or `#name`."""
    answers: Literal["mentions", "questions", "everything", "off"] = "mentions"
    """What it answers: `mentions`; also `questions` that nobody mentions it in, if it knows; `everything` that is
    written there; or nothing (`off`)."""
    private: bool = False
    """Only the asker sees the answer, with a button to share it."""
