"""A go-live fortnight on a moved clock: hundreds of tickets, six coaches in three time zones, a holiday, a sick coach.

The real desk with real calendars; people and Slack are played. `python -m tests.stories.fortnight` prints the figures.
"""

from __future__ import annotations

import itertools
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot.assemble.policy import policy_of
from bot.desk.desk import Desk
from bot.desk.policy import DeskPolicy
from bot.desk.store import Store
from bot.desk.types import Asked, Message, Notice, Ticket
from bot.errors import FloorwalkerError
from bot.settings import Settings
from indexer.types import Viewer

START, DAYS = datetime(2026, 5, 18, 0, 0, tzinfo=UTC), 14.6  # the next Monday is a bank holiday in England
STEP = timedelta(minutes=10)
COACHES = {"U0ANA": "Europe/London", "U0BEN": "Europe/London", "U0CAM": "America/New_York", "U0DEE": "America/New_York",
           "U0ELI": "Asia/Kolkata", "U0FAY": "Asia/Kolkata"}
SICK, SICK_FROM, SICK_UNTIL = "U0BEN", datetime(2026, 5, 20, 10, 0, tzinfo=UTC), datetime(2026, 5, 22, 7, 0, tzinfo=UTC)
HOLIDAY = date(2026, 5, 25)
ASKERS = [f"U1{n:03d}" for n in range(120)]
TOPICS = ("invoice", "scanner", "badge", "login", "report")


def settings() -> Settings:
    hours = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "09:00-17:00")
    return Settings.model_validate({
        "desk": {"coach_channel": "C0COACHES", "coaches": list(COACHES), "leads": ["U0LEA"], "programme": ["U0PAM"],
                 "programme_channel": "C0PROGRAMME", "timezone": "Europe/London", "holidays": "GB-ENG",
                 "hypercare": {"first_day": "2026-05-18", "last_day": "2026-05-22", "factor": 0.5}},
        "areas": [{"name": "Finance", "about": "invoices", "channel": "C0FINANCE", "coaches": ["U0ANA", "U0CAM"]},
                  {"name": "Warehouse", "about": "scanners", "channel": "C0WAREHOUSE",
                   "coaches": ["U0BEN", "U0DEE", "U0ELI"], "timezone": "Europe/London"}],
        "duty": [{"user": user, "timezone": zone, "hours": hours} for user, zone in COACHES.items()],
    })


def area_of(question: str) -> str:
    return "Finance" if "invoice" in question else "Warehouse" if "scanner" in question else ""


class Floor:
    """Everybody on the floor: whom the desk asks who is who."""

    def __init__(self, policy: Settings) -> None:
        self._coaches = {"": tuple(policy.desk.coaches), **{area.name: area.coaches for area in policy.areas}}

    def is_coach(self, user: str) -> bool:
        return user in COACHES

    def is_admin(self, user: str) -> bool:
        return False

    def coaches(self, area: str) -> tuple[str, ...]:
        return self._coaches[area]

    def leads(self, area: str) -> tuple[str, ...]:
        return ("U0LEA",)

    def programme(self) -> tuple[str, ...]:
        return ("U0PAM",)

    def site(self, user: str) -> str:
        return ""

    def role(self, user: str) -> str:
        return ""

    def viewer(self, user: str) -> Viewer:
        return Viewer(frozenset())

    def direct_channel(self, user: str) -> str:
        return f"D-{user}"


@dataclass
class Figures:
    """What happened in the fortnight."""

    tickets: int = 0
    states: Counter[str] = field(default_factory=Counter)
    sent: Counter[str] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)
    """Reminders and escalations by clock and tier."""
    twice: list[str] = field(default_factory=list)
    """What was told more than once."""
    at_night: list[str] = field(default_factory=list)
    """Reminders outside the area's business hours for tickets that are not urgent."""
    to_the_sick: int = 0
    """Tickets for which the sick coach was asked while away."""
    asked_on_holiday: int = 0
    unseen: list[str] = field(default_factory=list)
    """Tickets without a card, or late without anybody having heard of it."""
    missed: Counter[str] = field(default_factory=Counter)
    digests: int = 0

    def lines(self) -> Iterator[str]:
        """The figures, a line each."""
        yield f"tickets              {self.tickets}: " + ", ".join(f"{n} {s}" for s, n in sorted(self.states.items()))
        yield f"messages sent        {self.sent.total()}"
        yield f"reminders            {', '.join(f'{n} {what}' for what, n in sorted(self.told.items()))}"
        yield f"targets missed       {', '.join(f'{n} {what}' for what, n in sorted(self.missed.items())) or 'none'}"
        yield f"digests              {self.digests}"
        yield f"told twice           {len(self.twice)}"
        yield f"told at night        {len(self.at_night)}"
        yield f"asked while sick     {self.to_the_sick}"
        yield f"asked on the holiday {self.asked_on_holiday}"
        yield f"unseen               {len(self.unseen)}"


class Fortnight:
    """One run. People act at random, but the same way for the same seed."""

    def __init__(self, folder: Path, seed: int, start: datetime = START, days: float = DAYS) -> None:
        chosen = settings()
        self._chance = random.Random(seed)
        self.policy: DeskPolicy = policy_of(chosen, lambda channel: channel)
        self.store = Store(folder / "desk.sqlite")
        self.store.db.execute("PRAGMA synchronous = OFF")
        self.desk = Desk(self.store, _knows_nothing, Floor(chosen), self.policy, area_of)
        self.now, self._until = start, start + timedelta(days=days)
        self.figures = Figures()
        self._ts = (f"1800.{n:06d}" for n in itertools.count(1))
        self._keys: Counter[str] = Counter()

    def run(self) -> Figures:
        while self.now < self._until:
            self.now += STEP
            self._sickness()
            self._ask()
            self._work()
            self._tick()
        self._judge()
        return self.figures

    def _sickness(self) -> None:
        self.desk.switch_duty(SICK, not SICK_FROM <= self.now < SICK_UNTIL, self.now)

    def _ask(self) -> None:
        """Most people ask by day, most of them in the first days."""
        busy = 6 <= self.now.hour < 19 and self.now.weekday() < 5
        rate = (0.8 if self.now.day < 21 else 0.4) if busy else 0.03
        if self._chance.random() < rate:
            topic = self._chance.choice(TOPICS)
            urgent = self._chance.random() < 0.05
            asked = Asked(key=f"q:{next(self._ts)}", user=self._chance.choice(ASKERS), via="message",
                          text=f"My {topic} is stuck", channel="C0GENERAL", thread_ts=next(self._ts))
            ticket = self.desk.request(asked, self.now)
            assert ticket is not None
            if urgent:
                self.desk.prioritise(ticket.number, "U0ANA", "urgent", self.now)

    def _work(self) -> None:
        for coach in COACHES:
            sick = coach == SICK and SICK_FROM <= self.now < SICK_UNTIL
            if not sick and self.policy.calendars.of_person(coach).is_open(self.now) and self._chance.random() < 0.75:
                self._work_of(coach)
        for ticket in self.desk.open_tickets():
            if ticket.state == "waiting" and self._chance.random() < 0.02:
                self._say(ticket.asker, "It is the blue one", ticket)
            if ticket.state == "parked" and ticket.owner and self._chance.random() < 0.01:
                self.desk.resume(ticket.number, ticket.owner, self.now)

    def _work_of(self, coach: str) -> None:
        mine = [ticket for ticket in self.desk.open_tickets() if ticket.owner == coach and ticket.state == "claimed"]
        free = [ticket for ticket in self.desk.open_tickets() if ticket.state == "new"
                and (ticket.assigned == coach or self._chance.random() < 0.15)]
        try:
            if mine and self._chance.random() < 0.7:
                self._step(coach, self._chance.choice(mine))
            elif free:
                self.desk.claim(free[0].number, coach, self.now)
        except FloorwalkerError:
            pass  # somebody was quicker

    def _step(self, coach: str, ticket: Ticket) -> None:
        match self._chance.choices(["resolve", "reply", "back", "park", "pass", "leave"], [45, 20, 12, 4, 5, 14])[0]:
            case "resolve":
                self.desk.resolve(ticket.number, coach, "Restarted it", False, self.now)
            case "reply":
                self._say(coach, "I am on it", ticket)
            case "back":
                self.desk.ask_back(ticket.number, coach, "Which one?", self.now)
            case "park":
                self.desk.park(ticket.number, coach, "the vendor", self.now + timedelta(hours=20), self.now)
            case "pass":
                other = self._chance.choice([one for one in COACHES if one != coach])
                self.desk.pass_on(ticket.number, coach, other, self.now)

    def _say(self, user: str, text: str, ticket: Ticket) -> None:
        ts = next(self._ts)
        thread = ticket.card_ts if user in COACHES else ticket.asker_thread
        channel = ticket.card_channel if user in COACHES else ticket.asker_channel
        if thread is not None:
            self.desk.receive(Message("T0", channel, ts, user, text, thread), self.now)

    def _tick(self) -> None:
        for missed in self.desk.look_at_the_clock(self.now):
            self.figures.missed[f"{missed.priority} {missed.clock}"] += 1
        self.desk.send_digests(self.now)
        while (outgoing := self.desk.outbox.claim_next(self.now)) is not None:
            self._hear(outgoing.notice)
            self.desk.outbox.sent(outgoing.id, self.now, next(self._ts))

    def _hear(self, notice: Notice) -> None:
        self.figures.sent[notice.kind] += 1
        if notice.kind == "digest":
            self.figures.digests += 1
        if notice.kind not in ("reminder", "escalation") or notice.ticket is None:
            return
        ticket, clock = self.desk.ticket(notice.ticket), str(notice.content["clock"])
        self.figures.told[f"{clock or 'put off'} {notice.content['tier'] or 'reminder'}"] += 1
        calendar = self.policy.calendars.of_area(ticket.area)
        if clock and ticket.priority != "urgent" and not calendar.is_open(self.now):
            self.figures.at_night.append(f"{ticket.name} {self.now}")

    def _judge(self) -> None:
        figures = self.figures
        for row in self.store.rows("SELECT number FROM tickets"):
            ticket = self.desk.ticket(row["number"])
            history = self.desk.history(ticket.number)
            figures.tickets += 1
            figures.states[ticket.state] += 1
            self._judge_told(ticket)
            asked = [entry for entry in history if entry.step == "assigned" and entry.text == SICK]
            figures.to_the_sick += sum(SICK_FROM <= entry.at < SICK_UNTIL for entry in asked)
            figures.asked_on_holiday += sum(entry.at.date() == HOLIDAY for entry in history if entry.step == "assigned")
            clocks = self.desk.clocks(ticket.number, self.now)
            heard = {entry.text.split()[0] for entry in history if entry.step == "escalated"}
            late = {clock.name for clock in clocks.all if clock.missed_at and clock.due is not None}
            if ticket.card_ts is None or (late - heard and ticket.snoozed_until is None):
                figures.unseen.append(ticket.name)

    def _judge_told(self, ticket: Ticket) -> None:
        """The same about the same clock, more than once: `next_response` begins anew with each word of the asker."""
        seen: Counter[str] = Counter()
        for entry in self.desk.history(ticket.number):
            if entry.step in ("asker_replied", "reopened"):
                seen = Counter({what: n for what, n in seen.items() if "next_response" not in what})
            if entry.step in ("parked", "snoozed"):
                seen = Counter({what: n for what, n in seen.items() if "until" not in what})
            if entry.step in ("reminded", "escalated"):
                seen[f"{entry.step} {entry.text}"] += 1
        self.figures.twice += [f"{ticket.name} {what}" for what, n in seen.items() if n > 1]


def _knows_nothing(*_: object) -> object:
    raise AssertionError("all of them asked for a person")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        print("\n".join(Fortnight(Path(folder), int(sys.argv[1]) if sys.argv[1:] else 1).run().lines()))


if __name__ == "__main__":
    main()
