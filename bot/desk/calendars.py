"""Business calendars: when a desk, an area or a coach is at work, and how business time passes there.

It is business time whenever a clock on the wall of the calendar's zone shows opening hours on a day that is not closed.
Where clocks are put forward, the skipped minutes never come; where they are put back, the repeated ones come twice.

A *business day* is a date with any business time. Amounts of days are counted on a scale on which every business day
is one, however long: two days from Tuesday 15:00 is Thursday 15:00, and after half of a long Friday comes half of a
short Saturday. A count of days that ends at a closing ends at the opening that follows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from fractions import Fraction
from functools import lru_cache

from bot.settings import Area, BusinessTime, DayHours, DeskSettings, Duty, Settings

_TICK = timedelta(microseconds=1)
_DAY = timedelta(days=1)
_PATIENCE = 731
"""Days that may pass without one business minute, before it is said that none will come."""


@dataclass(frozen=True, slots=True)
class Day:
    """A date and its opening hours as moments, in order; without any where nothing is open."""

    date: date
    openings: tuple[tuple[datetime, datetime], ...]

    def worked(self, start: datetime, end: datetime) -> timedelta:
        """Business time of this day between two moments."""
        return sum((max(min(closes, end) - max(opens, start), timedelta()) for opens, closes in self.openings),
                   timedelta())

    @property
    def length(self) -> timedelta:
        """All its business time."""
        return sum((closes - opens for opens, closes in self.openings), timedelta())

    def at(self, position: timedelta) -> datetime:
        """The moment at which so much of the day's business time has passed; at a break, the end of the break."""
        for opens, closes in self.openings:
            if position < closes - opens:
                return opens + position
            position -= closes - opens
        return self.openings[-1][1]


@dataclass(frozen=True, slots=True)
class Calendar:
    """When business is done in one place. All moments that come out are UTC; all that go in must be aware."""

    zone: tzinfo
    week: tuple[DayHours, ...]
    """Opening hours, Monday first, as the clock in `zone` shows them."""
    holidays: str = ""
    """Whose public holidays are kept: a code such as `GB-ENG`; empty: none."""
    closed: frozenset[date] = frozenset()
    """Dates on which it is closed besides."""
    _days: dict[date, Day] = field(default_factory=dict, init=False, repr=False, compare=False)

    def is_open(self, moment: datetime) -> bool:
        """True in business time; the moment of closing is not part of it."""
        local = moment.astimezone(self.zone).date()
        return any(opens <= moment < closes for opens, closes in self.day(local).openings)

    def is_closed_on(self, day: date) -> bool:
        """True on a holiday and on other dates without business, whatever the hours of the week."""
        return day in self.closed or (bool(self.holidays) and day in _public_holidays(self.holidays, day.year))

    def next_opening(self, moment: datetime) -> datetime:
        """The moment itself if it is in business time, else the next opening. Raises ValueError if there is none."""
        return max(next(self._openings(moment))[0], moment).astimezone(UTC)

    def next_closing(self, moment: datetime) -> datetime | None:
        """The end of the business time that is running, or of the next one; None if it runs on for years.

        Raises ValueError if it never opens.
        """
        end = next(self._openings(moment))[1]
        while self.is_open(end):
            if end - moment > _PATIENCE * _DAY:
                return None
            end = next(self._openings(end))[1]
        return end.astimezone(UTC)

    def worked(self, start: datetime, end: datetime) -> timedelta:
        """Business time between two moments; none if the end comes first."""
        days = (self.day(each) for each in self._dates(start, end))
        return sum((day.worked(start, end) for day in days), timedelta())

    def after(self, start: datetime, amount: BusinessTime) -> datetime:
        """The moment when so much business time has passed since the start: first the days, then the hours.

        Nothing passes before the next opening. Hours that end with a day end at its closing. Rounded up to a
        microsecond. Raises ValueError if the calendar stays closed for two years on the way.
        """
        moment = self._after_days(start, Fraction(amount.days)) if amount.days > 0 else start
        return (self._after_hours(moment, amount.hours) if amount.hours > timedelta() else moment).astimezone(UTC)

    def left(self, amount: BusinessTime, start: datetime, end: datetime) -> BusinessTime:
        """What is left of the amount when the time between the two moments is taken from it; never below zero.

        If something is left, `after(end, left)` is `after(start, amount)`.
        """
        days = Fraction(amount.days)
        used = self.days_worked(start, end) if days else Fraction(0)
        if used < days:
            return BusinessTime(days - used, amount.hours)
        moment = self._after_days(start, days) if days else start
        return BusinessTime(0, max(amount.hours - self.worked(moment, end), timedelta()))

    def days_worked(self, start: datetime, end: datetime) -> Fraction:
        """Business days between two moments, parts of days included."""
        days = (self.day(each) for each in self._dates(start, end))
        return sum((Fraction(day.worked(start, end) // _TICK, day.length // _TICK) for day in days if day.openings),
                   Fraction(0))

    def day(self, day: date) -> Day:
        """A date as moments; without any where it is closed."""
        known = self._days.get(day)
        if known is None:
            hours = DayHours() if self.is_closed_on(day) else self.week[day.weekday()]
            known = self._days[day] = Day(day, tuple(_moments(day, hours, self.zone)) if hours else ())
        return known

    def _after_days(self, start: datetime, days: Fraction) -> datetime:
        for day in self._business_days(start):
            length, worked = day.length // _TICK, day.worked(start, day.openings[-1][1]) // _TICK
            if Fraction(worked, length) > days:
                return day.at((length - worked - (-days * length // 1)) * _TICK)
            days -= Fraction(worked, length)
        raise AssertionError("business days do not end")

    def _after_hours(self, start: datetime, hours: timedelta) -> datetime:
        for opens, closes in self._openings(start):
            begins = max(opens, start)
            if closes - begins >= hours:
                return begins + hours
            hours -= closes - begins
        raise AssertionError("openings do not end")

    def _openings(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """What is still to come of all openings, without end."""
        for day in self._business_days(moment):
            yield from (opening for opening in day.openings if opening[1] > moment)

    def _business_days(self, moment: datetime) -> Iterator[Day]:
        """Days with business time, from that of the moment on, without end. Raises ValueError when none follows."""
        on, waited = moment.astimezone(self.zone).date(), 0
        while waited < _PATIENCE:
            day = self.day(on)
            if day.openings:
                yield day
            waited = 0 if day.openings else waited + 1
            on += _DAY
        raise ValueError(f"This calendar has no business hours in the {_PATIENCE} days before {on}.")

    def _dates(self, start: datetime, end: datetime) -> Iterator[date]:
        each, last = start.astimezone(self.zone).date(), end.astimezone(self.zone).date()
        while each <= last:
            yield each
            each += _DAY


def calendar_of(zone: tzinfo, week: Iterable[DayHours], holidays: str = "", closed: Iterable[date] = ()) -> Calendar:
    """A calendar from plain values: seven days' hours from Monday on, a holiday code, dates."""
    return Calendar(zone, tuple(week), holidays, frozenset(closed))


@dataclass(frozen=True, slots=True)
class Calendars:
    """The calendars that the settings describe. Whoever has none of their own has the desk's."""

    desk: Calendar
    areas: dict[str, Calendar]
    people: dict[str, Calendar]

    def of_area(self, name: str) -> Calendar:
        """That of an area; an area that is no longer in the settings has the desk's."""
        return self.areas.get(name, self.desk)

    def of_person(self, user: str) -> Calendar:
        """Working hours and days off of a coach or super user."""
        return self.people.get(user, self.desk)


def calendars_of(settings: Settings) -> Calendars:
    """Those of the desk, of every area and of everybody on the list of duty."""
    desk = settings.desk
    return Calendars(
        calendar_of(desk.timezone, desk.hours.week, desk.holidays, _dates_of(desk)),
        {area.name: _own(desk, area, _dates_of(desk if area.closed_on is None else area)) for area in settings.areas},
        {duty.user: _own(desk, duty, [*_dates_of(desk), *(day for days in duty.days_off for day in days)])
         for duty in settings.duty})


def _own(desk: DeskSettings, own: Area | Duty, closed: Iterable[date]) -> Calendar:
    holidays = desk.holidays if own.holidays is None else own.holidays
    return calendar_of(own.timezone or desk.timezone, own.hours.over(desk.hours).week, holidays, closed)


def _dates_of(place: DeskSettings | Area) -> list[date]:
    return [day for days in place.closed_on or () for day in days]


@lru_cache(maxsize=256)
def _public_holidays(code: str, year: int) -> frozenset[date]:
    """The public holidays of a year, those included that are kept in place of one of a neighbouring year."""
    from holidays import country_holidays  # a quarter of a second: only for who keeps holidays

    country, _, part = code.partition("-")
    found = country_holidays(country, subdiv=part or None, years=[year - 1, year, year + 1], expand=False)
    return frozenset(day for day in found if day.year == year)


def _moments(day: date, hours: DayHours, zone: tzinfo) -> Iterator[tuple[datetime, datetime]]:
    """The openings of a date, in order."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    for offset, since, until in _offsets(midnight - _DAY, midnight + 2 * _DAY, zone):
        for span in hours.spans:
            opens = max(midnight + timedelta(minutes=span.opens) - offset, since)
            closes = min(midnight + timedelta(minutes=span.closes) - offset, until)
            if opens < closes:
                yield opens, closes


def _offsets(since: datetime, until: datetime, zone: tzinfo) -> list[tuple[timedelta, datetime, datetime]]:
    """The zone's offsets from UTC, each with the time in which it holds. Clocks change at most once in that time."""
    before, after = _offset(since, zone), _offset(until, zone)
    if before == after:
        return [(before, since, until)]
    early, late = since, until
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) // timedelta(seconds=2) * timedelta(seconds=1)
        early, late = (middle, late) if _offset(middle, zone) == before else (early, middle)
    return [(before, since, late), (after, late, until)]


def _offset(moment: datetime, zone: tzinfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()
