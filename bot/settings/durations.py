"""Time as the help desk counts it: business hours and days, opening hours of a day, ranges of dates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

_PARTS = re.compile(r"(?:(?P<days>\d{1,3})d)?\s*(?:(?P<hours>\d{1,3})h)?\s*(?:(?P<minutes>\d{1,4})m)?", re.ASCII)
_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})", re.ASCII)
_DAYS = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\s*\.\.\s*(\d{4}-\d{2}-\d{2}))?", re.ASCII)
_MIDNIGHT = 24 * 60
_LONGEST_RANGE = 366


@dataclass(frozen=True, slots=True)
class BusinessTime:
    """An amount of working time. Days stay apart: how long a business day is, the calendar knows."""

    days: int | Fraction
    """Business days; whole ones, unless the amount was multiplied."""
    hours: timedelta
    """What comes on top of the days, counted in business hours only."""

    def times(self, factor: Fraction) -> BusinessTime:
        """That many times as much; the hours to the microsecond."""
        microseconds = (self.hours // timedelta(microseconds=1)) * factor
        return BusinessTime(self.days * factor, timedelta(microseconds=round(microseconds)))

    def __str__(self) -> str:
        hours, minutes = divmod(round(self.hours.total_seconds() / 60), 60)
        parts = ((f"{float(self.days):g}", "d"), (hours, "h"), (minutes, "m"))
        return " ".join(f"{amount}{unit}" for amount, unit in parts if amount not in (0, "0"))


def business_time(text: str) -> BusinessTime:
    """Reads `30m`, `2h`, `2d` or `1d 4h`. Raises ValueError with a sentence."""
    found = _PARTS.fullmatch(text.strip())
    amounts = {unit: int(amount) for unit, amount in found.groupdict("0").items()} if found else {}
    if not any(amounts.values()):
        raise ValueError('must be a time like "30m", "2h", "2d" (business days) or "1d 4h"')
    return BusinessTime(amounts["days"], timedelta(hours=amounts["hours"], minutes=amounts["minutes"]))


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Opening hours without a break, in minutes after midnight as the clock on the wall shows them."""

    opens: int
    closes: int
    """Not open any more in this minute; 1440 is the end of the day."""

    def __str__(self) -> str:
        return f"{_clock(self.opens)}-{_clock(self.closes)}"


@dataclass(frozen=True, slots=True)
class DayHours:
    """The opening hours of one day, in order. False for a day that is closed."""

    spans: tuple[Span, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.spans)

    def __str__(self) -> str:
        return ", ".join(map(str, self.spans))


def day_hours(text: str) -> DayHours:
    """Reads `09:00-17:00` or `09:00-12:30, 13:30-17:00`; an empty text is a closed day. Raises ValueError."""
    spans = sorted(_span(part) for part in text.split(",")) if text.strip() else []
    for before, after in pairwise(spans):
        if after.opens < before.closes:
            raise ValueError(f'has {before} and {after}, which overlap')
    return DayHours(tuple(spans))


def _span(text: str) -> Span:
    found = _SPAN.fullmatch(text.strip())
    first, last, *minutes = (int(found[1]), int(found[3]), int(found[2]), int(found[4])) if found else (0, 0, 60)
    span = Span(first * 60 + minutes[0], last * 60 + minutes[-1])
    if max(minutes) > 59 or max(span.opens, span.closes) > _MIDNIGHT:
        raise ValueError('must be opening hours like "09:00-17:00" or "09:00-12:30, 13:30-17:00", or "" for closed')
    if span.closes <= span.opens:
        raise ValueError(f'must not end before it begins, as {span} does; '
                         'what goes on after midnight belongs to the next day: "22:00-24:00", then "00:00-06:00"')
    return span


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


@dataclass(frozen=True, slots=True)
class DateRange:
    """Dates from the first to the last one, both included."""

    first: date
    last: date

    def __iter__(self) -> Iterator[date]:
        return (self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1))

    def __str__(self) -> str:
        return f"{self.first}" if self.first == self.last else f"{self.first}..{self.last}"


def date_range(text: str) -> DateRange:
    """Reads `2026-12-24` or `2026-12-24..2027-01-02`. Raises ValueError with a sentence."""
    found = _DAYS.fullmatch(text.strip())
    first = last = None
    if found:
        with suppress(ValueError):  # the 30th of February
            first, last = date.fromisoformat(found[1]), date.fromisoformat(found[2] or found[1])
    if first is None or last is None:
        raise ValueError('must be dates like "2026-12-24", or first and last day like "2026-12-24..2027-01-02"')
    if not 0 <= (last - first).days < _LONGEST_RANGE:
        raise ValueError(f"must run from the first day to a later one within a year, which {first}..{last} does not")
    return DateRange(first, last)
