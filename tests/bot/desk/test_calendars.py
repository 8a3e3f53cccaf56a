"""Business calendars: readable examples, and any calendar against one who looks at the clock on the wall."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.desk.calendars import Calendar, calendar_of, calendars_of
from bot.settings import BusinessTime, DayHours, Settings
from bot.settings.durations import business_time, day_hours
from tests.bot.desk.sla_cases import QUARTERS, calendars, moments

LONDON = ZoneInfo("Europe/London")
WORK, CLOSED = day_hours("09:00-17:00"), DayHours()
NINE_TO_FIVE = [WORK] * 5 + [CLOSED] * 2
ALWAYS = [day_hours("00:00-24:00")] * 7


def at(text: str, zone: ZoneInfo = LONDON) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def hours(amount: float) -> timedelta:
    return timedelta(hours=amount)


OFFICE = calendar_of(LONDON, NINE_TO_FIVE)


@pytest.mark.parametrize(("start", "amount", "due"), [
    ("2026-06-02 15:00", "2d", "2026-06-04 15:00"),       # Tuesday to Thursday
    ("2026-06-05 16:00", "2h", "2026-06-08 10:00"),       # over a week-end
    ("2026-06-06 12:00", "30m", "2026-06-08 09:30"),      # a Saturday counts from Monday's opening
    ("2026-06-06 12:00", "1d", "2026-06-09 09:00"),
    ("2026-06-01 09:00", "8h", "2026-06-01 17:00"),       # hours end with the day…
    ("2026-06-01 09:00", "1d", "2026-06-02 09:00"),       # …days at the opening that follows
    ("2026-06-01 17:00", "1d", "2026-06-03 09:00"),       # the moment of closing is outside of hours
    ("2026-06-05 16:00", "1d 4h", "2026-06-09 12:00"),
])
def test_business_time_passes_in_business_hours(start: str, amount: str, due: str) -> None:
    assert OFFICE.after(at(start), business_time(amount)) == at(due)


def test_what_comes_out_is_utc() -> None:
    assert OFFICE.next_opening(at("2026-06-02 15:00")).tzinfo is UTC
    assert OFFICE.after(at("2026-06-02 15:00"), business_time("1h")).tzinfo is UTC
    assert OFFICE.after(at("2026-06-02 15:00"), BusinessTime(0, timedelta())) == at("2026-06-02 15:00")


def test_half_a_long_day_is_half_a_short_one() -> None:
    calendar = calendar_of(LONDON, [WORK, WORK, WORK, WORK, day_hours("09:00-13:00"), CLOSED, CLOSED])
    assert calendar.after(at("2026-06-04 15:00"), business_time("1d")) == at("2026-06-05 12:00")
    assert calendar.after(at("2026-06-04 15:00"), business_time("2d")) == at("2026-06-08 15:00")


def test_a_break_is_no_business_time() -> None:
    calendar = calendar_of(LONDON, [day_hours("09:00-12:30, 13:30-17:00")] * 5 + [CLOSED] * 2)
    assert calendar.after(at("2026-06-02 12:00"), business_time("1h")) == at("2026-06-02 14:00")
    assert calendar.after(at("2026-06-02 13:30"), business_time("1d")) == at("2026-06-03 13:30")
    assert not calendar.is_open(at("2026-06-02 12:30"))
    assert calendar.next_opening(at("2026-06-02 12:30")) == at("2026-06-02 13:30")
    assert calendar.next_closing(at("2026-06-02 10:00")) == at("2026-06-02 12:30")
    assert calendar.next_closing(at("2026-06-02 12:30")) == at("2026-06-02 17:00")


def test_hours_over_midnight_are_one_opening() -> None:
    night = day_hours("00:00-06:00, 22:00-24:00")
    calendar = calendar_of(LONDON, [night] * 7)
    assert calendar.next_closing(at("2026-06-02 23:00")) == at("2026-06-03 06:00")
    assert calendar.worked(at("2026-06-02 12:00"), at("2026-06-03 12:00")) == hours(8)


def test_round_the_clock_never_closes() -> None:
    assert calendar_of(LONDON, ALWAYS).next_closing(at("2026-06-02 23:00")) is None


@pytest.mark.parametrize(("zone", "day", "length"), [
    ("Europe/London", "2026-03-29", 23), ("Europe/London", "2026-10-25", 25),
    ("America/New_York", "2026-03-08", 23), ("America/New_York", "2026-11-01", 25),
    ("Australia/Lord_Howe", "2026-10-04", 23.5), ("Australia/Lord_Howe", "2026-04-05", 24.5),
    ("Asia/Kathmandu", "2026-03-29", 24), ("Pacific/Apia", "2011-12-30", 0),
])
def test_the_days_on_which_clocks_change_have_their_true_length(zone: str, day: str, length: float) -> None:
    calendar = calendar_of(ZoneInfo(zone), ALWAYS)
    assert calendar.day(date.fromisoformat(day)).length == hours(length)


def test_hours_that_the_clock_skips_never_come_and_those_it_repeats_come_twice() -> None:
    night = calendar_of(LONDON, [day_hours("01:15-01:45")] * 7)
    assert night.worked(at("2026-03-28 12:00"), at("2026-03-29 12:00")) == timedelta()
    assert night.worked(at("2026-10-24 12:00"), at("2026-10-25 12:00")) == hours(1)


def test_public_holidays_are_closed_also_when_they_are_kept_on_another_day() -> None:
    england = calendar_of(LONDON, NINE_TO_FIVE, "GB-ENG")
    scotland = calendar_of(LONDON, NINE_TO_FIVE, "GB-SCT")
    friday = at("2026-04-03 10:00")                        # Good Friday; Easter Monday is one in England only
    assert england.next_opening(friday) == at("2026-04-07 09:00")
    assert scotland.next_opening(friday) == at("2026-04-06 09:00")
    assert england.is_closed_on(date(2026, 12, 28))        # for Boxing Day, a Saturday
    america = calendar_of(ZoneInfo("America/New_York"), NINE_TO_FIVE, "US")
    assert america.is_closed_on(date(2021, 12, 31))        # for New Year's Day of the next year, a Saturday


def test_dates_may_be_closed_besides() -> None:
    calendar = calendar_of(LONDON, NINE_TO_FIVE, closed=[date(2026, 6, 3)])
    assert calendar.after(at("2026-06-02 15:00"), business_time("1d")) == at("2026-06-04 15:00")


def test_a_calendar_that_never_opens_says_so() -> None:
    closed = {date(2026, 1, 1) + timedelta(days=number) for number in range(1500)}
    for calendar in (calendar_of(LONDON, [CLOSED] * 7), calendar_of(LONDON, NINE_TO_FIVE, closed=closed)):
        with pytest.raises(ValueError, match="has no business hours in the 731 days before 2028"):
            calendar.next_opening(at("2026-06-02 12:00"))
        with pytest.raises(ValueError, match="has no business hours"):
            calendar.after(at("2026-06-02 12:00"), business_time("1d"))
        assert calendar.worked(at("2026-06-02 12:00"), at("2027-06-02 12:00")) == timedelta()


def test_areas_and_people_have_the_desks_calendar_but_for_what_is_their_own() -> None:
    found = calendars_of(Settings.model_validate({
        "desk": {"timezone": "Europe/London", "holidays": "GB-ENG", "closed_on": ["2026-06-03"],
                 "hours": {"friday": "09:00-13:00"}},
        "areas": [{"name": "Plant", "timezone": "America/New_York", "holidays": "", "closed_on": [],
                   "hours": {"monday": "06:00-14:00"}}, {"name": "Finance"}],
        "duty": [{"user": "U0ANA", "days_off": ["2026-06-08..2026-06-09"]}],
    }))
    assert found.of_area("Finance") == found.of_area("renamed since") == found.desk
    assert found.desk.next_closing(at("2026-06-05 10:00")) == at("2026-06-05 13:00")
    plant, ana = found.of_area("Plant"), found.of_person("U0ANA")
    assert plant.next_opening(at("2026-06-01 05:00")) == at("2026-06-01 06:00", ZoneInfo("America/New_York"))
    assert plant.next_closing(at("2026-06-05 16:00")) == at("2026-06-05 13:00", ZoneInfo("America/New_York"))
    assert [plant.is_closed_on(date(2026, *day)) for day in ((6, 3), (5, 25))] == [False, False]
    assert [ana.is_closed_on(date(2026, *day)) for day in ((6, 3), (5, 25), (6, 8), (6, 9))] == [True] * 4
    assert not found.of_person("U0BEN").is_closed_on(date(2026, 6, 8))


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_any_calendar_agrees_with_the_clock_on_the_wall(data: st.DataObject) -> None:
    calendar, slow = data.draw(calendars())
    start, end = data.draw(moments(slow, minutes=True)), data.draw(moments(slow, minutes=True))
    amount = BusinessTime(data.draw(st.integers(0, 3)), data.draw(st.integers(1, 60)) * timedelta(minutes=10))
    assert calendar.is_open(start) == slow.is_open(start)
    assert calendar.next_opening(start) == slow.next_opening(start)
    assert calendar.worked(start, end) == slow.worked(start, end)
    assert calendar.after(start, amount) == slow.after(start, amount)
    if any(day != day_hours("00:00-24:00") for day in calendar.week):
        assert calendar.next_closing(start) == slow.next_closing(start)


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_an_amount_can_be_used_up_in_parts(data: st.DataObject) -> None:
    calendar, slow = data.draw(calendars())
    start, end = sorted([data.draw(moments(slow, minutes=True)), data.draw(moments(slow, minutes=True))])
    amount = BusinessTime(data.draw(st.integers(0, 3)), data.draw(QUARTERS))
    due = calendar.after(start, amount)
    left = calendar.left(amount, start, end)
    if left.days or left.hours:
        assert end < due
        assert calendar.after(end, left) == due
    elif amount.hours:
        assert end >= due
    assert calendar.left(amount, start, due) == BusinessTime(0, timedelta())


def test_equal_calendars_are_equal_whatever_was_asked_of_them() -> None:
    asked = Calendar(LONDON, tuple(NINE_TO_FIVE))
    asked.next_opening(at("2026-06-06 12:00"))
    assert asked == Calendar(LONDON, tuple(NINE_TO_FIVE))
    assert hash(asked) == hash(Calendar(LONDON, tuple(NINE_TO_FIVE)))
