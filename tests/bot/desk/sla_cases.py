"""Random calendars, moments and histories for the SLA tests."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from bot.desk.calendars import Calendar, calendar_of
from bot.desk.types import HistoryEntry
from bot.settings import DayHours, Span
from tests.bot.desk.sla_reference import QUARTER, SlowCalendar

ZONES = ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Santiago",
         "Africa/Casablanca", "Pacific/Chatham", "UTC"]
CHANGES = [date(2026, 3, 6), date(2026, 3, 27), date(2026, 4, 3), date(2026, 9, 4), date(2026, 9, 25),
           date(2026, 10, 2), date(2026, 10, 23), date(2026, 10, 30), date(2026, 12, 22)]
"""Shortly before clocks change somewhere, or before holidays."""
QUARTERS = st.integers(0, 60).map(lambda number: number * QUARTER)
STEPS = ["asked_back", "asker_replied", "asker_replied", "coach_replied", "resolved", "dismissed", "merged", "reopened",
         "reopened", "parked", "resumed", "released", "moved", "noted"]


def _hours(points: list[int]) -> DayHours:
    points = sorted(points)[:len(points) // 2 * 2]
    return DayHours(tuple(Span(opens * 15, closes * 15)
                          for opens, closes in zip(points[::2], points[1::2], strict=True)))


OPEN = (st.lists(st.integers(0, 96), min_size=2, max_size=6, unique=True).map(_hours)
        .filter(lambda hours: sum(span.closes - span.opens for span in hours.spans) >= 120))
"""Two hours at least, so that whatever is due is so within the days that the reference knows."""
HOURS = st.one_of(OPEN, st.just(DayHours((Span(9 * 60, 17 * 60),))), st.just(DayHours((Span(0, 24 * 60),))))


@st.composite
def calendars(draw: st.DrawFn) -> tuple[Calendar, SlowCalendar]:
    """A calendar and its slow twin, around a day on which clocks change somewhere."""
    zone, first = ZoneInfo(draw(st.sampled_from(ZONES))), draw(st.sampled_from(CHANGES))
    week = draw(st.lists(st.one_of(HOURS, st.just(DayHours())), min_size=5, max_size=5))
    week = [draw(HOURS), *week, draw(HOURS)]
    holidays = draw(st.sampled_from(["", "", "GB-ENG", "US", "NP"]))
    days = st.integers(-2, 20).map(lambda number: first + timedelta(days=number))
    closed = draw(st.frozensets(days, max_size=4))
    return calendar_of(zone, week, holidays, closed), SlowCalendar(zone, week, holidays, closed, first)


@st.composite
def moments(draw: st.DrawFn, slow: SlowCalendar, *, minutes: bool = False) -> datetime:
    """A moment of about a week; the reference knows the days before it as well, so that it can measure the first."""
    begin = next(iter(slow.quarters)) + timedelta(days=2)
    moment = begin + draw(st.integers(0, 8 * 96)) * QUARTER
    return moment + draw(st.integers(0, 14)) * timedelta(minutes=1) if minutes else moment


@st.composite
def histories(draw: st.DrawFn, slow: SlowCalendar) -> list[HistoryEntry]:
    """What may happen to a ticket, sensible or not, in order."""
    at = draw(moments(slow))
    history = [HistoryEntry(1, "opened", "U0MIA", at)]
    waits = st.one_of(st.integers(0, 3), st.integers(0, 80))
    for step in draw(st.lists(st.sampled_from(STEPS), min_size=draw(st.integers(0, 12)), max_size=12)):
        at += draw(waits) * QUARTER
        asks = step in ("asker_replied", "reopened") or draw(st.integers(0, 9)) == 0
        history.append(HistoryEntry(1, step, "U0MIA" if asks else "U0ANA", at))
    return history
