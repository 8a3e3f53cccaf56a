"""How this desk is run, as the settings say: areas, priorities, service levels, hours. Channels are ids here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import get_args

from bot.desk.areas import Area
from bot.desk.calendars import Calendars, calendars_of
from bot.desk.manners import Manners
from bot.desk.service_levels import Policy, policy_of
from bot.desk.types import Priority
from bot.settings import Settings


@dataclass(frozen=True, slots=True)
class DeskPolicy:
    """What the desk goes by. The defaults are those of a desk with one channel and nothing else set."""

    coach_channel: str
    """Where tickets are triaged unless their area has a channel."""
    areas: tuple[Area, ...] = ()
    priority_words: Mapping[Priority, tuple[str, ...]] = field(default_factory=dict)
    """Words that give a new ticket a priority other than normal."""
    calendars: Calendars = field(default_factory=lambda: calendars_of(Settings()))
    """Business hours of the desk and its areas, and when each coach is at work."""
    targets: Policy = field(default_factory=lambda: policy_of(Settings()))
    admin_channel: str = ""
    """Where tickets are triaged if the coach channel is gone; empty: nowhere."""
    programme_channel: str = ""
    """Where the programme hears of what neither coaches nor leads have looked after; empty: the coach channel."""
    manners: Manners = field(default_factory=Manners)
    """What the bot answers in which channel, and to whom."""
    close_after: timedelta = timedelta(days=5)
    """How long a resolved ticket waits for the asker's objection before it is closed."""

    def channel_of(self, area: str) -> str:
        """Where the tickets of an area are triaged."""
        return next((one.channel for one in self.areas if one.name == area), self.coach_channel)

    def priority_of(self, question: str) -> Priority:
        """By the words in it; the highest that fits."""
        for priority in get_args(Priority):
            if any(_occurs(words, question) for words in self.priority_words.get(priority, ())):
                chosen: Priority = priority
                return chosen
        return "normal"


def _occurs(words: str, text: str) -> bool:
    pattern = r"\s+".join(map(re.escape, words.split()))
    return bool(pattern) and re.search(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE) is not None
