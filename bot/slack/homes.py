"""Home tabs: drawn when somebody opens theirs, and again while they look at it and something on it has changed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.desk.types import Ticket
from bot.slack.front import Front
from bot.slack.posting import UNREACHED
from bot.slack.views.home import NAMED, AskerPart, home
from bot.slack.views.home_admin import AdminPart
from bot.slack.views.home_coach import SHOWN, CoachPart, Placed
from bot.slack.views.parts import Block

log = logging.getLogger(__name__)

LOOK_EVERY = timedelta(seconds=2)
"""How often a Home tab is drawn anew at most, while something happens."""
LOOKED_AT = timedelta(minutes=15)
"""For how long somebody who opened theirs is taken to look at it: Slack does not tell when they leave."""
MOST_WATCHED, MOST_AT_ONCE = 200, 20
"""People whose tabs are kept up to date, and how many at one look: Slack takes a hundred a minute."""
NEW_FOR = timedelta(days=30)
"""For how long a new answer is news."""
_ANEW = timedelta(minutes=1)  # what no step tells of, such as a target that comes near, is seen after this


@dataclass(frozen=True, slots=True)
class _Tab:
    """What somebody sees."""

    opened_at: datetime
    drawn_at: datetime
    mark: tuple[Any, ...]
    """Changes with whatever the tab shows."""
    view: Block


@dataclass(frozen=True, slots=True)
class _Seen:
    """How things stand at one look."""

    mark: tuple[object, ...]
    admin: AdminPart | None
    admins: frozenset[str]

    def of(self, user: str) -> tuple[Any, ...]:
        """Changes with what this person's tab shows."""
        return self.mark, self.admin if user in self.admins else None


class Homes:
    """Safe to use from any thread. Nothing is kept over a restart: whoever looks then opens it again."""

    def __init__(self, front: Front) -> None:
        self._front = front
        self._lock = threading.Lock()  # of the tabs only; never held while Slack is called
        self._tabs: dict[str, _Tab] = {}

    def opened(self, user: str) -> None:
        """Somebody looks at their tab, or did something there: draw it. Raises what the call to Slack raises."""
        seen = self._seen([user])
        self._publish(user, seen.of(user), self._draw(user, seen), opened_at=self._front.now())

    def look(self, now: datetime) -> None:
        """Draw those anew that have changed. What fails is left for the next time (best effort)."""
        with self._lock:
            self._tabs = {user: tab for user, tab in self._tabs.items() if now - tab.opened_at < LOOKED_AT}
            tabs = sorted(self._tabs.items(), key=lambda one: one[1].drawn_at)
        seen, left = self._seen([user for user, _ in tabs]), MOST_AT_ONCE
        for user, tab in tabs:
            if left and (seen.of(user) != tab.mark or now - tab.drawn_at >= _ANEW):
                left -= self._again(user, tab, seen)

    def draw(self, user: str) -> Block:
        """The tab as it is for this person now."""
        return self._draw(user, self._seen([user]))

    def _seen(self, users: Iterable[str]) -> _Seen:
        """What is found out much faster than a tab is drawn, once for all who look."""
        admins = frozenset(user for user in users if self._front.people.is_admin(user))
        return _Seen(self._front.desk.mark(), self._front.admin.part() if admins else None, admins)

    def _draw(self, user: str, seen: _Seen) -> Block:
        coach = self._coach_part(user) if self._front.people.is_coach(user) else None
        return home(self._asker_part(user), coach, seen.admin if user in seen.admins else None)

    def _again(self, user: str, tab: _Tab, seen: _Seen) -> bool:
        """Whether Slack was asked to show it."""
        try:
            view = self._draw(user, seen)
            if view != tab.view:
                self._publish(user, seen.of(user), view, opened_at=tab.opened_at)
                return True
            self._remember(user, seen.of(user), view, tab.opened_at)
        except UNREACHED as error:
            log.info("a Home tab was not drawn anew: %s", type(error).__name__)
        return False

    def _publish(self, user: str, mark: tuple[Any, ...], view: Block, *, opened_at: datetime) -> None:
        self._front.client.views_publish(user_id=user, view=view)
        self._remember(user, mark, view, opened_at)

    def _remember(self, user: str, mark: tuple[Any, ...], view: Block, opened_at: datetime) -> None:
        with self._lock:
            if user in self._tabs or len(self._tabs) < MOST_WATCHED:
                self._tabs[user] = _Tab(opened_at, self._front.now(), mark, view)

    def _asker_part(self, user: str) -> AskerPart:
        desk = self._front.desk
        known = [ticket.question for ticket in desk.known_issues()]
        news = [lesson.question for lesson in desk.taught_since(self._front.now() - NEW_FOR, user)]
        return AskerPart(
            [Placed(ticket, self._address(ticket.asker_channel, ticket.asker_thread))
             for ticket in desk.tickets_of(user)],
            list(dict.fromkeys(known))[:NAMED], list(dict.fromkeys(news))[:NAMED])

    def _coach_part(self, user: str) -> CoachPart:
        desk, now = self._front.desk, self._front.now()
        digest = desk.digest(user, now)
        waiting = {ticket.number for ticket in digest.waiting}
        return CoachPart(
            user, self._cards(digest.near), self._cards(t for t in digest.mine if t.number not in waiting),
            self._cards(digest.waiting), self._cards(digest.unclaimed), desk.off_duty(user))

    def _cards(self, tickets: Iterable[Ticket]) -> list[Placed]:
        """Only of those that are named it is found out when they are due."""
        desk, now = self._front.desk, self._front.now()
        return [Placed(ticket, self._address(ticket.card_channel, ticket.card_ts),
                       desk.due(ticket.number, now) if place < SHOWN else None)
                for place, ticket in enumerate(tickets)]

    def _address(self, channel: str, ts: str | None) -> str:
        """Of a thread, as Slack writes it; empty where there is none yet."""
        base = self._front.identity.url
        return f"{base}archives/{channel}/p{ts.replace('.', '')}?thread_ts={ts}&cid={channel}" if base and ts else ""
