"""The SLA clocks of a ticket, derived from its history: how much business time was used, and when it is due.

Three clocks, each counted in the business time of the area in which the ticket is *now*, against the targets of the
area and the priority that it has *now*, however it came to them: a change of either recalculates everything.

- first response: from the opening to a coach's first word to the asker.
- next response: from the asker's word that no coach has answered to a coach's next one; a new round each time.
- resolution: from the opening to the end of the ticket; reopened, it runs on, and what was used stays used.

All stand still while the ticket waits for its asker and after its end; the resolution also while it waits for a third
party. A target is used up by running time only: first its days, then its hours (see `Calendar`), so that each pause
moves the due moment by the business time of the pause.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol

from bot.desk.calendars import Calendar
from bot.settings import BusinessTime, Priority, Settings, Target

ClockName = Literal["first_response", "next_response", "resolution"]
ClockState = Literal["running", "stopped", "met", "missed", "dropped"]
"""`dropped`: the ticket ended in time without what the clock waits for, and needs it no longer."""
Policy = Callable[[Priority, str, datetime], Target]
"""(priority, area, when the clock started) -> the targets."""

_ENDS = ("resolved", "dismissed", "merged")
_ANSWERS = ("coach_replied", "asked_back", "parked", *_ENDS)  # whoever parks a ticket tells its asker why
_PRIORITIES: dict[str, Priority] = {"urgent": "urgent", "high": "high", "normal": "normal", "low": "low"}


class Happening(Protocol):
    """What the clocks need of a `HistoryEntry`."""

    @property
    def step(self) -> str: ...

    @property
    def actor(self) -> str: ...

    @property
    def at(self) -> datetime: ...

    @property
    def text(self) -> str:
        """The priority of `prioritised`, the area's name of `moved`."""
        ...


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock, as it stands."""

    name: ClockName
    state: ClockState
    """`met` and `missed` are final unless the ticket is reopened; one that runs or stands may be late already."""
    started_at: datetime
    target: BusinessTime
    used: timedelta
    """Business time that ran."""
    left: BusinessTime
    """What of the target is not used yet."""
    due: datetime | None
    """By when it has to happen, maybe in the past; None unless it is running."""
    missed_at: datetime | None
    """When the target was missed, also if it happened later; None while it is not, and if it was met."""
    ended_at: datetime | None
    """When what it waits for happened, or the ticket ended."""
    calendar: Calendar

    @property
    def late(self) -> bool:
        """The target was missed, whether the clock still runs or not."""
        return self.missed_at is not None

    def remaining(self, now: datetime) -> timedelta:
        """Business time until it is due; below zero by how late it is. As if it went on now where it stands still.

        Zero once the clock has ended.
        """
        if self.ended_at is not None:
            return timedelta()
        due = self.due or (now if self.late else self.calendar.after(now, self.left))
        return self.calendar.worked(now, due) - self.calendar.worked(due, now)


@dataclass(frozen=True, slots=True)
class Clocks:
    """All clocks of a ticket."""

    first_response: Clock
    next_responses: tuple[Clock, ...]
    """A clock for each time that the asker wrote and waited, in order; only the last one may still be open."""
    resolution: Clock

    @property
    def next_response(self) -> Clock | None:
        """The latest of them."""
        return self.next_responses[-1] if self.next_responses else None

    @property
    def all(self) -> tuple[Clock, ...]:
        """First response, next responses, resolution."""
        return (self.first_response, *self.next_responses, self.resolution)


@dataclass(frozen=True, slots=True)
class Expectation:
    """When somebody can be expected."""

    opens_at: datetime
    """When business time begins; now, if it is running."""
    due: datetime
    """By when there should be a first response."""


def service_levels(history: Iterable[Happening], policy: Policy, calendar: Callable[[str], Calendar], now: datetime, *,
                   priority: Priority = "normal", area: str = "") -> Clocks:
    """The clocks of a ticket at `now`. The history is in order and begins with its opening.

    `priority` and `area` are those of the opening; later ones are read from the history. `calendar` gives that of an
    area. Raises ValueError if the history is empty, and if a calendar never opens.
    """
    steps = list(history)
    if not steps:
        raise ValueError("A ticket without history has no clocks.")
    for step in steps:
        if step.step == "prioritised":
            priority = _PRIORITIES.get(step.text, priority)
        area = step.text if step.step == "moved" else area
    moment = max(now, *(step.at for step in steps))
    runs = _Runs(steps[0])
    for step in steps[1:]:
        runs.take(step)

    def clock(name: ClockName, run: _Run) -> Clock:
        target: BusinessTime = getattr(policy(priority, area, run.started_at), name)
        return _clock(name, run, target, calendar(area), moment)

    return Clocks(clock("first_response", runs.first),
                  tuple(clock("next_response", run) for run in runs.next),
                  clock("resolution", runs.resolution))


def next_due(clocks: Clocks) -> Clock | None:
    """The running clock that is due first, or has been for the longest time."""
    running = (clock for clock in clocks.all if clock.due is not None)
    return min(running, key=lambda clock: (clock.due, clock.name), default=None)


def expected_by(calendar: Calendar, target: Target, now: datetime) -> Expectation:
    """What an asker who writes now may be told. Raises ValueError if the calendar never opens."""
    return Expectation(calendar.next_opening(now), calendar.after(now, target.first_response))


def policy_of(settings: Settings) -> Policy:
    """The targets of the settings: the desk's, the area's over them, hypercare over both.

    Hypercare counts if the clock started on one of its dates in the desk's zone.
    """
    desk = settings.desk
    by_area = {area.name: area.targets.over(desk.targets) for area in settings.areas}

    def policy(priority: Priority, area: str, started_at: datetime) -> Target:
        target: Target = getattr(by_area.get(area, desk.targets), priority)
        tight = desk.hypercare.covers(started_at.astimezone(desk.timezone).date())
        return desk.hypercare.tightened(target, priority) if tight else target

    return policy


_Hold = Literal["", "asker", "third party", "end"]
"""What the ticket waits for."""


def _held(hold: _Hold, step: str) -> _Hold:
    """What the ticket waits for after a step; the life cycle's states, as far as clocks care."""
    if step in _ENDS:
        return "end"
    if step == "reopened":
        return ""
    if hold == "end":
        return "end"
    if step == "asked_back":
        return "asker"
    if step == "parked":
        return "third party"
    freed = step in ("released", "moved") or (step, hold) in (("asker_replied", "asker"), ("resumed", "third party"))
    return "" if freed else hold


@dataclass(slots=True)
class _Run:
    """When a clock ran."""

    started_at: datetime
    since: datetime | None
    """Since when it is running; None: it stands still."""
    spans: list[tuple[datetime, datetime]] = field(default_factory=list)
    """When it ran before."""
    answered: bool = False
    """What it waits for has happened."""
    ended_at: datetime | None = None

    def turn(self, at: datetime, *, on: bool) -> None:
        """Runs or stands still from now on, unless it has ended."""
        if on and self.since is None and self.ended_at is None:
            self.since = at
        if not on and self.since is not None:
            self.spans.append((self.since, at))
            self.since = None

    def end(self, at: datetime, *, answered: bool) -> None:
        """What it waits for has happened, or is needed no longer."""
        if self.ended_at is None:
            self.turn(at, on=False)
            self.answered, self.ended_at = answered, at


class _Runs:
    """Reads a history step by step, and notes when which clock ran."""

    def __init__(self, opened: Happening) -> None:
        self.first = _Run(opened.at, opened.at)
        self.next: list[_Run] = []
        self.resolution = _Run(opened.at, opened.at)
        self._asker, self._latest = opened.actor, opened.at
        self._hold: _Hold = ""

    def take(self, step: Happening) -> None:
        """The next step. Where the machine's clock was put back, no time has passed."""
        at = self._latest = max(self._latest, step.at)
        was, self._hold = self._hold, _held(self._hold, step.step)
        if step.step == "reopened":
            self.resolution.ended_at = None
            self.first.ended_at = self.first.ended_at if self.first.answered else None
        if was != "end" or step.step == "reopened":
            self._hear(step.step, at, by_asker=step.actor == self._asker)
        for run in (self.first, *self.next):
            run.turn(at, on=self._hold in ("", "third party"))
        self.resolution.turn(at, on=self._hold == "")

    def _hear(self, step: str, at: datetime, *, by_asker: bool) -> None:
        """A coach's word answers; the asker's, once a coach has answered at all, waits for the next answer."""
        answers = step in _ANSWERS and not by_asker
        if answers or step in _ENDS:
            for run in (self.first, *self.next):
                run.end(at, answered=answers)
        if step in _ENDS:
            self.resolution.end(at, answered=True)
        open_round = bool(self.next) and self.next[-1].ended_at is None
        if by_asker and step in ("asker_replied", "reopened") and self.first.answered and not open_round:
            self.next.append(_Run(at, at))


def _clock(name: ClockName, run: _Run, target: BusinessTime, calendar: Calendar, now: datetime) -> Clock:
    left, used = target, timedelta()
    due = missed_at = None
    for start, end in [*run.spans, *([(run.since, now)] if run.since else [])]:
        used += calendar.worked(start, end)
        if missed_at is None:
            due = calendar.after(start, left)
            missed_at = due if end > due else None
            left = calendar.left(left, start, end)
    state: ClockState = "running" if run.since else "stopped"
    if run.ended_at is not None:
        state = "missed" if missed_at else "met" if run.answered else "dropped"
    return Clock(name, state, run.started_at, target, used, left, due if run.since else None, missed_at,
                 run.ended_at, calendar)
