"""The SLA clocks: readable examples, and random histories against one who lives through them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as tried
from hypothesis import strategies as st

from bot.desk.calendars import Calendar, calendar_of
from bot.desk.service_levels import Clock, Clocks, expected_by, next_due, policy_of, service_levels
from bot.desk.types import HistoryEntry
from bot.settings import BusinessTime, DayHours, Settings, Target
from bot.settings.durations import business_time, day_hours
from tests.bot.desk.sla_cases import QUARTERS, calendars, histories
from tests.bot.desk.sla_reference import SlowClock, SlowTicket

LONDON, NEW_YORK = ZoneInfo("Europe/London"), ZoneInfo("America/New_York")
NINE_TO_FIVE = [day_hours("09:00-17:00")] * 5 + [DayHours()] * 2
OFFICE = calendar_of(LONDON, NINE_TO_FIVE)
TARGETS = {
    "urgent": Target(first_response="30m", next_response="15m", resolution="4h"),
    "normal": Target(first_response="2h", next_response="1h", resolution="2d"),
}
MIA, ANA = "U0MIA", "U0ANA"


def at(text: str) -> datetime:
    """A time in the week of Monday, the 1st of June 2026: `Tue 15:00`."""
    day, clock = text.split()
    number = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].index(day) + 1
    return datetime.fromisoformat(f"2026-06-{number:02} {clock}").replace(tzinfo=LONDON)


def history(*steps: str) -> list[HistoryEntry]:
    """Each step as `Tue 15:00 opened`; what askers do is Mia's, the rest Ana's. A fourth word is the step's text."""
    entries = []
    for line in steps:
        day, clock, step, *text = line.split()
        who = MIA if step in ("opened", "asker_replied", "reopened") else ANA
        entries.append(HistoryEntry(1, step, who, at(f"{day} {clock}"), " ".join(text)))
    return entries


def clocks(now: str, *steps: str, calendar: Calendar = OFFICE) -> Clocks:
    return service_levels(history(*steps), lambda priority, area, started: TARGETS[priority], lambda area: calendar,
                          at(now))


def told(clock: Clock) -> tuple[str, datetime | None, timedelta, bool]:
    return clock.state, clock.due, clock.used, clock.late


def hours(amount: float) -> timedelta:
    return timedelta(hours=amount)


def test_a_new_ticket_has_two_clocks_that_run() -> None:
    found = clocks("Tue 16:00", "Tue 15:30 opened")
    assert told(found.first_response) == ("running", at("Wed 09:30"), hours(0.5), False)
    assert told(found.resolution) == ("running", at("Thu 15:30"), hours(0.5), False)
    assert found.next_response is None
    assert next_due(found) == found.first_response
    assert found.first_response.remaining(at("Tue 16:00")) == hours(1.5)


def test_a_coachs_first_word_ends_the_first_clock_a_claim_does_not() -> None:
    steps = "Tue 10:00 opened", "Tue 10:10 claimed"
    assert clocks("Tue 11:00", *steps).first_response.state == "running"
    answered = clocks("Tue 15:00", *steps, "Tue 12:00 coach_replied").first_response
    assert told(answered) == ("met", None, hours(2), False)
    assert answered.ended_at == at("Tue 12:00")
    assert answered.remaining(at("Tue 15:00")) == timedelta()


def test_a_late_answer_is_missed_from_the_moment_when_it_was_due() -> None:
    running = clocks("Tue 13:00", "Tue 10:00 opened").first_response
    assert told(running) == ("running", at("Tue 12:00"), hours(3), True)
    assert running.remaining(at("Tue 13:00")) == -hours(1)
    ended = clocks("Wed 13:00", "Tue 10:00 opened", "Tue 12:01 coach_replied").first_response
    assert (ended.state, ended.missed_at) == ("missed", at("Tue 12:00"))


def test_nothing_counts_while_the_ticket_waits_for_its_asker() -> None:
    asked = "Tue 10:00 opened", "Tue 11:00 asked_back"
    waiting = clocks("Fri 11:00", *asked).resolution
    assert told(waiting) == ("stopped", None, hours(1), False)
    assert waiting.remaining(at("Fri 11:00")) == hours(15)
    back = clocks("Wed 11:00", *asked, "Wed 11:00 asker_replied").resolution
    assert told(back) == ("running", at("Fri 10:00"), hours(1), False)   # Thursday 10:00, and a day of pause


def test_waiting_for_a_third_party_stops_the_resolution_only() -> None:
    found = clocks("Tue 16:00", "Tue 10:00 opened", "Tue 11:00 coach_replied", "Tue 12:00 parked",
                   "Tue 15:00 asker_replied")
    assert told(found.resolution) == ("stopped", None, hours(2), False)
    assert found.next_response is not None
    assert told(found.next_response) == ("running", at("Tue 16:00"), hours(1), False)


def test_each_word_of_the_asker_that_waits_has_a_clock_of_its_own() -> None:
    found = clocks("Tue 16:00", "Tue 10:00 opened", "Tue 10:30 asker_replied", "Tue 11:00 coach_replied",
                   "Tue 12:00 asker_replied", "Tue 12:30 asker_replied", "Tue 13:30 coach_replied",
                   "Tue 15:30 asker_replied")
    assert [(clock.started_at, clock.state) for clock in found.next_responses] == [
        (at("Tue 12:00"), "missed"), (at("Tue 15:30"), "running")]
    assert next_due(found) == found.next_response


def test_reopened_the_time_used_so_far_is_kept() -> None:
    steps = "Mon 09:00 opened", "Mon 10:00 coach_replied", "Mon 15:00 resolved", "Wed 09:00 reopened"
    before, after = clocks("Wed 08:00", *steps[:3]), clocks("Wed 10:00", *steps)
    assert told(before.resolution) == ("met", None, hours(6), False)
    assert told(after.resolution) == ("running", at("Thu 11:00"), hours(7), False)
    assert after.first_response.state == "met"
    assert after.next_response is not None
    assert after.next_response.due == at("Wed 10:00")


def test_what_the_asker_ends_needs_no_answer_any_more() -> None:
    opened, *_ = history("Tue 10:00 opened")
    ended = HistoryEntry(1, "dismissed", MIA, at("Tue 11:00"))
    found = service_levels([opened, ended], lambda *_: TARGETS["normal"], lambda _: OFFICE, at("Tue 16:00"))
    assert (found.first_response.state, found.resolution.state) == ("dropped", "met")
    assert next_due(found) is None


def test_a_new_priority_counts_from_the_beginning() -> None:
    found = clocks("Tue 12:00", "Tue 10:00 opened", "Tue 11:00 prioritised urgent")
    assert told(found.first_response) == ("running", at("Tue 10:30"), hours(2), True)
    assert found.resolution.due == at("Tue 14:00")
    eased = clocks("Tue 12:00", "Tue 10:00 opened", "Tue 10:05 prioritised urgent", "Tue 11:00 prioritised normal")
    assert told(eased.first_response) == ("running", at("Tue 12:00"), hours(2), False)


def test_in_another_area_its_calendar_and_targets_count_from_the_beginning() -> None:
    seen = []

    def policy(priority: str, area: str, started: datetime) -> Target:
        seen.append((priority, area, started))
        return TARGETS["urgent" if area == "Plant" else "normal"]

    plant = calendar_of(NEW_YORK, NINE_TO_FIVE)      # 14:00 to 22:00 in London
    found = service_levels(history("Tue 10:00 opened", "Tue 11:00 moved Plant"), policy,
                           lambda area: plant if area == "Plant" else OFFICE, at("Tue 15:00"))
    assert told(found.first_response) == ("running", at("Tue 14:30"), hours(1), True)
    assert found.resolution.due == at("Tue 18:00")
    assert set(seen) == {("normal", "Plant", at("Tue 10:00"))}


def test_a_ticket_without_history_has_no_clocks() -> None:
    with pytest.raises(ValueError, match="without history"):
        clocks("Tue 10:00")


def test_a_clock_that_was_put_back_counts_no_time_twice() -> None:
    found = clocks("Tue 12:00", "Tue 11:00 opened", "Tue 11:30 asked_back", "Tue 11:10 asker_replied")
    assert found.resolution.used == hours(1)


@pytest.mark.parametrize("step", ["moved Plant", "released"])
def test_a_ticket_that_goes_back_to_all_coaches_waits_for_nobody_else(step: str) -> None:
    waiting = "Tue 10:00 opened", "Tue 11:00 asked_back"
    assert told(clocks("Tue 13:00", *waiting, f"Tue 12:00 {step}").resolution)[:3] == (
        "running", at("Thu 11:00"), hours(2))
    assert clocks("Tue 13:00", *waiting, f"Tue 12:00 {step}", "Tue 12:30 parked").resolution.used == hours(1.5)


def test_thanks_after_the_end_start_no_clock() -> None:
    found = clocks("Tue 16:00", "Tue 10:00 opened", "Tue 11:00 resolved", "Tue 12:00 asker_replied")
    assert (found.next_responses, found.resolution.state, next_due(found)) == ((), "met", None)


def test_the_asker_can_be_told_when_to_expect_someone() -> None:
    target = TARGETS["normal"]
    open_now, closed = expected_by(OFFICE, target, at("Tue 10:00")), expected_by(OFFICE, target, at("Sat 10:00"))
    assert (open_now.opens_at, open_now.due) == (at("Tue 10:00"), at("Tue 12:00"))
    assert closed.opens_at == datetime(2026, 6, 8, 9, tzinfo=LONDON)
    assert closed.due == datetime(2026, 6, 8, 11, tzinfo=LONDON)


def test_an_areas_targets_win_over_the_desks_and_hypercare_over_both() -> None:
    policy = policy_of(Settings.model_validate({
        "desk": {"timezone": "Europe/London", "targets": {"high": {"first_response": "1h", "resolution": "3d"}},
                 "hypercare": {"first_day": "2026-06-01", "last_day": "2026-06-12", "factor": 0.5,
                               "targets": {"high": {"resolution": "2h"}}}},
        "areas": [{"name": "Finance", "targets": {"high": {"first_response": "40m"}}}],
    }))
    usual, tight = datetime(2026, 5, 31, 22, 59, tzinfo=UTC), datetime(2026, 5, 31, 23, tzinfo=UTC)

    def told_of(priority: str, area: str, moment: datetime) -> list[str]:
        target = policy(priority, area, moment)
        return [str(target.first_response), str(target.next_response), str(target.resolution)]

    assert told_of("high", "", usual) == ["1h", "1h", "3d"]
    assert told_of("high", "Finance", usual) == ["40m", "1h", "3d"]
    assert told_of("high", "Finance", tight) == ["20m", "30m", "2h"]       # midnight has passed in London
    assert told_of("low", "renamed", tight) == ["0.5d", "0.5d", "2.5d"]
    assert told_of("high", "", datetime(2026, 6, 12, 22, 59, tzinfo=UTC))[2] == "2h"
    assert told_of("high", "", datetime(2026, 6, 12, 23, tzinfo=UTC))[2] == "3d"


def test_half_a_business_day_is_half_of_that_days_hours() -> None:
    half = business_time("1d").times(Fraction(1, 2))
    assert OFFICE.after(at("Tue 09:00"), half) == at("Tue 13:00")
    assert OFFICE.after(at("Tue 16:00"), half) == at("Wed 12:00")


def comparable(clock: Clock | SlowClock) -> tuple[object, ...]:
    return clock.used, clock.missed_at, clock.ended_at


@st.composite
def amounts(draw: st.DrawFn) -> BusinessTime:
    """Up to three days and some hours, perhaps halved; never nothing."""
    amount = BusinessTime(draw(st.integers(0, 3)), draw(QUARTERS))
    return amount if amount.days or amount.hours else BusinessTime(1, timedelta())


@tried(max_examples=100, deadline=None)
@given(data=st.data())
def test_any_history_agrees_with_living_through_it(data: st.DataObject) -> None:
    calendar, slow = data.draw(calendars())
    entries = data.draw(histories(slow))
    now = entries[-1].at + data.draw(st.integers(0, 120)) * timedelta(minutes=15)
    first, following, resolution = (data.draw(amounts()) for _ in range(3))
    target = Target(first_response=first, next_response=following, resolution=resolution)
    found = service_levels(entries, lambda *_: target, lambda _: calendar, now)
    slowly = SlowTicket(entries, slow, target)
    slowly.live_until(now)

    pairs = list(zip(found.all, [slowly.first, *slowly.rounds, slowly.resolution], strict=True))
    for clock, lived in pairs:
        assert comparable(clock) == comparable(lived)
    expected = ["missed" if lived.ended_at and lived.missed_at else "met" if lived.ended_at and lived.answered
                else "dropped" if lived.ended_at else "open" for _, lived in pairs]
    assert [clock.state if clock.ended_at else "open" for clock in found.all] == expected

    due = {clock: clock.due for clock in found.all if clock.due}
    slowly.live_on(now)
    for clock, lived in pairs:
        assert (clock in due) == (lived.running and not lived.ended_at)
        assert due.get(clock) == (lived.due if clock in due else None)
