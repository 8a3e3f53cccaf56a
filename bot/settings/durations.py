"""Time as the help desk counts it: hours and minutes in which somebody is at work, and whole business days."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

_PARTS = re.compile(r"(?:(?P<days>\d{1,3})d)?\s*(?:(?P<hours>\d{1,3})h)?\s*(?:(?P<minutes>\d{1,4})m)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class BusinessTime:
    """An amount of working time. Days stay apart: how long a business day is, the calendar knows."""

    days: int
    """Whole business days."""
    hours: timedelta
    """What comes on top of the days, counted in business hours only."""

    def __str__(self) -> str:
        hours, minutes = divmod(round(self.hours.total_seconds() / 60), 60)
        parts = ((self.days, "d"), (hours, "h"), (minutes, "m"))
        return " ".join(f"{amount}{unit}" for amount, unit in parts if amount)


def business_time(text: str) -> BusinessTime:
    """Reads `30m`, `2h`, `2d` or `1d 4h`. Raises ValueError with a sentence."""
    found = _PARTS.fullmatch(text.strip())
    amounts = {unit: int(amount) for unit, amount in found.groupdict("0").items()} if found else {}
    if not any(amounts.values()):
        raise ValueError('must be a time like "30m", "2h", "2d" (business days) or "1d 4h"')
    return BusinessTime(amounts["days"], timedelta(hours=amounts["hours"], minutes=amounts["minutes"]))
