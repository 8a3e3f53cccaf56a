"""The settings of service levels: how soon, in which hours, on which days, and who is on duty."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from bot.settings.durations import BusinessTime, DayHours, business_time, day_hours
from bot.settings.forms import (
    Dates,
    Day,
    Duration,
    Factor,
    HolidayCode,
    HoursOfDay,
    Label,
    OwnDuration,
    User,
    Words,
    Zone,
)
from bot.settings.table import Table

Priority = Literal["urgent", "high", "normal", "low"]

_TARGETS = {
    "urgent": {"first_response": "30m", "resolution": "4h"},
    "high": {"first_response": "1h", "resolution": "1d"},
    "normal": {"first_response": "2h", "resolution": "2d"},
    "low": {"first_response": "1d", "resolution": "5d"},
}
_UNKNOWN = business_time("1h")  # in place of a target that was refused: the settings are refused with it
_NINE_TO_FIVE = day_hours("09:00-17:00")
_CLOSED = DayHours()


class Target(Table):
    """How soon a ticket should be looked after, in business hours."""

    first_response: Duration
    """Until a coach's first answer."""
    next_response: Duration = Field(default=_UNKNOWN, validate_default=True)
    """Until a coach answers what the asker wrote later; default: as the first response."""
    resolution: Duration
    """Until the ticket is resolved."""

    @model_validator(mode="before")
    @classmethod
    def _marked(cls, given: Any) -> Any:
        return {"next_response": None, **given} if isinstance(given, dict) else given

    @field_validator("next_response", mode="before")
    @classmethod
    def _as_the_first(cls, value: Any, info: ValidationInfo) -> Any:
        return info.data.get("first_response", _UNKNOWN) if value is None else value


class Targets(Table):
    """The targets of each priority. What a table leaves out keeps its default."""

    urgent: Target
    high: Target
    normal: Target
    low: Target

    @model_validator(mode="before")
    @classmethod
    def _over_defaults(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        merged = {priority: {**default, **given[priority]} if isinstance(given.get(priority), dict)
                  else given.get(priority, default) for priority, default in _TARGETS.items()}
        return {**given, **merged}


DEFAULT_TARGETS = Targets(**{
    priority: Target(**{name: business_time(text) for name, text in target.items()})
    for priority, target in _TARGETS.items()
})


class OwnTarget(Table):
    """What differs from a target."""

    first_response: OwnDuration = None
    next_response: OwnDuration = None
    resolution: OwnDuration = None

    def over(self, base: Target) -> Target:
        """The base, but for what is given here."""
        given: dict[str, BusinessTime] = {name: value for name, value in self if value is not None}
        return base.model_copy(update=given)


class OwnTargets(Table):
    """What differs from the targets of each priority."""

    urgent: OwnTarget = OwnTarget()
    high: OwnTarget = OwnTarget()
    normal: OwnTarget = OwnTarget()
    low: OwnTarget = OwnTarget()

    def over(self, base: Targets) -> Targets:
        """The base, but for what is given here."""
        return base.model_copy(update={name: own.over(getattr(base, name)) for name, own in self})


class OwnHours(Table):
    """Opening hours that differ from the desk's. What the table leaves out is as there."""

    monday: HoursOfDay | None = None
    tuesday: HoursOfDay | None = None
    wednesday: HoursOfDay | None = None
    thursday: HoursOfDay | None = None
    friday: HoursOfDay | None = None
    saturday: HoursOfDay | None = None
    sunday: HoursOfDay | None = None

    @model_validator(mode="after")
    def _ever_open(self) -> Self:
        if not any(day is None or day for _, day in self):
            raise ValueError("is closed the whole week; give at least one day its hours")
        return self

    def over(self, base: Hours) -> Hours:
        """The desk's hours, but for what is given here. Raises ValueError if nothing is left."""
        return Hours(**{name: getattr(base, name) if day is None else day for name, day in self})


class Hours(Table):
    """The opening hours of a week. What the table leaves out keeps its default."""

    monday: HoursOfDay = _NINE_TO_FIVE
    tuesday: HoursOfDay = _NINE_TO_FIVE
    wednesday: HoursOfDay = _NINE_TO_FIVE
    thursday: HoursOfDay = _NINE_TO_FIVE
    friday: HoursOfDay = _NINE_TO_FIVE
    saturday: HoursOfDay = _CLOSED
    sunday: HoursOfDay = _CLOSED

    @model_validator(mode="after")
    def _ever_open(self) -> Self:
        if not any(self.week):
            raise ValueError("is closed the whole week; give at least one day its hours")
        return self

    @property
    def week(self) -> tuple[DayHours, ...]:
        """Monday first."""
        return (self.monday, self.tuesday, self.wednesday, self.thursday, self.friday, self.saturday, self.sunday)


class PriorityWords(Table):
    """Words that give a new ticket its priority; the highest that fits. Without any it is normal."""

    urgent: tuple[Words, ...] = ()
    """Such as "nobody can" or "production is down"."""
    high: tuple[Words, ...] = ()
    low: tuple[Words, ...] = ()


class Hypercare(Table):
    """The weeks around a go-live, in which targets are tighter. Off unless both days are given."""

    first_day: Day = None
    """What begins on this day or later, in the desk's time zone…"""
    last_day: Day = None
    """…up to this one, included, has the tighter targets."""
    factor: Factor = 0.5
    """Targets are multiplied by it."""
    targets: OwnTargets = OwnTargets()
    """Targets of these weeks, which are not multiplied; what is left out is."""

    @model_validator(mode="after")
    def _both_in_order(self) -> Self:
        if (self.first_day is None) != (self.last_day is None):
            raise ValueError("must have both first_day and last_day, or neither")
        if self.first_day and self.last_day and self.last_day < self.first_day:
            raise ValueError(f"must not end before it begins: last_day {self.last_day} is before {self.first_day}")
        return self

    def covers(self, day: date) -> bool:
        """True in the weeks of tighter targets."""
        return self.first_day is not None and self.last_day is not None and self.first_day <= day <= self.last_day

    def tightened(self, target: Target, priority: Priority) -> Target:
        """The target of this priority in these weeks."""
        factor = Fraction(str(self.factor))
        multiplied = target.model_copy(update={name: value.times(factor) for name, value in target})
        own: OwnTarget = getattr(self.targets, priority)
        return own.over(multiplied)


class Duty(Table):
    """When one of the coaches or super users works. Who is not listed works in the desk's hours."""

    user: User
    timezone: Zone | None = None
    """Default: the desk's."""
    hours: OwnHours = OwnHours()
    """Default: the desk's."""
    holidays: HolidayCode | None = None
    """Default: the desk's."""
    days_off: Dates = ()
    """On these days they are away."""
    site: Label = ""
    """Of a super user: the askers of this site come to them first."""
