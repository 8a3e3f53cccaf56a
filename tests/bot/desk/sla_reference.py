"""The slow, obvious twin of calendars and SLA clocks: somebody looks at the clock on the wall every quarter of an hour.

All that happens, and all opening hours, must lie on quarters of an hour.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from holidays import country_holidays

from bot.desk.types import HistoryEntry
from bot.settings import BusinessTime, DayHours, Target

QUARTER = timedelta(minutes=15)
DAYS = 90
MICROSECOND = timedelta(microseconds=1)


class SlowCalendar:
    """Every quarter of an hour of three months, looked at one by one."""

    def __init__(self, zone: ZoneInfo, week: Sequence[DayHours], holidays: str, closed: frozenset[date],
                 first: date) -> None:
        country, _, part = holidays.partition("-")
        kept = country_holidays(country, subdiv=part or None) if country else {}
        free = {day for day in (first + timedelta(days=number) for number in range(-9, DAYS)) if day in kept} | closed
        at_work = {(weekday, hour, minute)
                   for weekday, hours in enumerate(week) for hour in range(24) for minute in range(0, 60, 15)
                   if any(span.opens <= hour * 60 + minute < span.closes for span in hours.spans)}
        begin = datetime.combine(first, time(), UTC) - timedelta(days=4)
        self.quarters: dict[datetime, date | None] = {}
        """On which business day each quarter is worked; None: nobody works."""
        for number in range(DAYS * 96):
            moment = begin + number * QUARTER
            wall = moment.astimezone(zone)
            works = (wall.weekday(), wall.hour, wall.minute) in at_work and wall.date() not in free
            self.quarters[moment] = wall.date() if works else None
        self.length = Counter(self.quarters.values())

    def is_open(self, moment: datetime) -> bool:
        return any(begin <= moment < begin + QUARTER and day for begin, day in self.quarters.items())

    def next_opening(self, moment: datetime) -> datetime:
        return min(max(begin, moment) for begin, day in self.quarters.items() if day and begin + QUARTER > moment)

    def next_closing(self, moment: datetime) -> datetime:
        opening = self.next_opening(moment)
        return min(begin for begin, day in self.quarters.items() if not day and begin > opening)

    def worked(self, start: datetime, end: datetime) -> timedelta:
        return sum((max(min(begin + QUARTER, end) - max(begin, start), timedelta())
                    for begin, day in self.quarters.items() if day), timedelta())

    def after(self, start: datetime, amount: BusinessTime) -> datetime:
        left = Left(amount)
        for begin, day in self.quarters.items():
            if begin + QUARTER > start:
                due = left.take(max(begin, start), begin + QUARTER, self.length[day] if day else 0)
                if due:
                    return due
        raise AssertionError("the reference looks ahead three months only")


@dataclass
class Left:
    """An amount of business time that melts away."""

    amount: BusinessTime
    days: Fraction = field(init=False)
    hours: timedelta = field(init=False)

    def __post_init__(self) -> None:
        self.days, self.hours = Fraction(self.amount.days), self.amount.hours

    @property
    def nothing(self) -> bool:
        return not self.days and not self.hours

    def take(self, begin: datetime, end: datetime, quarters: int) -> datetime | None:
        """Works from begin to end on a day of so many quarters (0: closed). When nothing was left, if it was then."""
        if not quarters:
            return None
        length = quarters * QUARTER // MICROSECOND
        share = Fraction((end - begin) // MICROSECOND, length)
        if self.days >= share:
            self.days -= share
            return None
        begin += math.ceil(self.days * length) * MICROSECOND
        self.days = Fraction(0)
        worked = min(self.hours, end - begin)
        self.hours -= worked
        return None if self.hours else begin + worked


@dataclass
class SlowClock:
    """A clock that somebody starts and stops by hand."""

    started_at: datetime
    left: Left
    used: timedelta = timedelta()
    running: bool = False
    due: datetime | None = None
    missed_at: datetime | None = None
    ended_at: datetime | None = None
    answered: bool = False

    def live(self, begin: datetime, quarters: int, *, running: bool) -> None:
        """A quarter of an hour passes."""
        resumed, self.running = running and not self.running, running
        if not running:
            return
        self.used += QUARTER if quarters else timedelta()
        if self.missed_at:
            return
        if self.left.nothing and resumed:
            self.due = begin
        if not self.due:
            self.due = self.left.take(begin, begin + QUARTER, quarters)
        if self.due and begin + QUARTER > self.due:
            self.missed_at = self.due

    def end(self, at: datetime, *, answered: bool) -> None:
        if not self.ended_at:
            self.ended_at, self.answered = at, answered


@dataclass
class SlowTicket:
    """A ticket that is lived through, quarter by quarter."""

    history: Sequence[HistoryEntry]
    calendar: SlowCalendar
    target: Target
    state: str = "open"

    def __post_init__(self) -> None:
        opened = self.history[0]
        self.first = SlowClock(opened.at, Left(self.target.first_response))
        self.rounds: list[SlowClock] = []
        self.resolution = SlowClock(opened.at, Left(self.target.resolution))

    def live_until(self, now: datetime) -> None:
        coming = list(self.history[1:])
        for begin, day in self.calendar.quarters.items():
            while coming and coming[0].at <= begin:
                self.happens(coming.pop(0))
            if self.history[0].at <= begin < now:
                self.quarter(begin, self.calendar.length[day] if day else 0)

    def quarter(self, begin: datetime, quarters: int) -> None:
        for clock in (self.first, *self.rounds):
            clock.live(begin, quarters, running=not clock.ended_at and self.state in ("open", "parked"))
        self.resolution.live(begin, quarters, running=not self.resolution.ended_at and self.state == "open")

    def happens(self, entry: HistoryEntry) -> None:
        asker = entry.actor == self.history[0].actor
        match self.state, entry.step:
            case _, "reopened":
                self.state = "open"
                self.resolution.ended_at = None
                if not self.first.answered:
                    self.first.ended_at = None
            case "over", _:
                return
            case _, "resolved" | "dismissed" | "merged":
                self.state = "over"
                self.resolution.end(entry.at, answered=True)
            case _, "asked_back":
                self.state = "asked"
            case _, "parked":
                self.state = "parked"
            case ("asked", "asker_replied") | ("parked", "resumed") | (_, "released" | "moved"):
                self.state = "open"
        self.speaks(entry, asker=asker)

    def speaks(self, entry: HistoryEntry, *, asker: bool) -> None:
        over = self.state == "over"
        if over or (entry.step in ("coach_replied", "asked_back", "parked") and not asker):
            for clock in (self.first, *self.rounds):
                clock.end(entry.at, answered=not asker)
        elif (entry.step in ("asker_replied", "reopened") and asker and self.first.answered
              and all(clock.ended_at for clock in self.rounds)):
            self.rounds.append(SlowClock(entry.at, Left(self.target.next_response)))

    def live_on(self, now: datetime) -> None:
        """Nothing happens any more: the clocks that run do so until they are due."""
        for begin, day in self.calendar.quarters.items():
            if begin >= now:
                self.quarter(begin, self.calendar.length[day] if day else 0)
                if all(clock.due or not clock.running for clock in (self.first, *self.rounds, self.resolution)):
                    break
