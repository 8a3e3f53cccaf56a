"""Who is on duty, and who has how much to do."""

from __future__ import annotations

from datetime import datetime

from bot.desk.assigning import Candidate, choose
from bot.desk.columns import moment, stamp
from bot.desk.lifecycle import OPEN
from bot.desk.policy import DeskPolicy
from bot.desk.store import Store
from bot.desk.types import People


class Roster:
    """Coaches as the desk counts on them: their hours by the settings, and the switch by which they go off duty."""

    def __init__(self, store: Store, people: People, policy: DeskPolicy) -> None:
        self._store, self._people, self._policy = store, people, policy

    def on_duty(self, coach: str, now: datetime) -> bool:
        """At work by their hours, and not switched off."""
        return not self.is_off(coach) and self._policy.calendars.of_person(coach).is_open(now)

    def is_off(self, coach: str) -> bool:
        """They said that they are off duty, until they say otherwise."""
        row = self._store.row("SELECT on_duty FROM duty WHERE coach = ?", (coach,))
        return row is not None and not row["on_duty"]

    def switch(self, coach: str, on: bool, now: datetime) -> None:
        """A coach goes on or off duty."""
        self._store.write("INSERT INTO duty (coach, on_duty, changed_at) VALUES (?, ?, ?) ON CONFLICT (coach)"
                          " DO UPDATE SET on_duty = excluded.on_duty, changed_at = excluded.changed_at",
                          (coach, int(on), stamp(now)))

    def last_switch(self) -> str:
        """Changes with every `switch`."""
        row = self._store.row("SELECT max(changed_at) AS at FROM duty")
        return str(row["at"] or "") if row else ""

    def pick(self, coaches: tuple[str, ...], asker: str, now: datetime, *, but: frozenset[str] = frozenset()
             ) -> str | None:
        """Whom of these to ask for this asker; None if nobody is on duty. `but`: not these."""
        loads, asked, site = self._loads(), self._last_asked(), self._people.site(asker)
        return choose([Candidate(coach, self.on_duty(coach, now), bool(site) and self._people.site(coach) == site,
                                 loads.get(coach, 0), asked.get(coach)) for coach in coaches if coach != asker],
                      but=but)

    def _loads(self) -> dict[str, int]:
        holes = ", ".join("?" for _ in OPEN)
        rows = self._store.rows(f"SELECT coalesce(owner, assigned) AS coach, count(*) AS n FROM tickets"  # noqa: S608
                                f" WHERE state IN ({holes}) GROUP BY coach", OPEN)
        return {row["coach"]: row["n"] for row in rows if row["coach"]}

    def _last_asked(self) -> dict[str, datetime]:
        rows = self._store.rows("SELECT text AS coach, max(at) AS at FROM history WHERE step = 'assigned'"
                                " GROUP BY text")
        return {row["coach"]: moment(row["at"]) for row in rows}
