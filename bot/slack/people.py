"""Who is a coach, an admin, or in a wave: the settings' users and user groups, with Slack asked for the members."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.errors import NotReachable
from bot.slack.posting import GONE, UNREACHED, trouble_of
from indexer.types import Viewer

log = logging.getLogger(__name__)

MEMBERS_SECONDS = 300
"""How long the members of a user group, and what Slack says of a person, are remembered."""
AGAIN_SECONDS = 15
"""When a person is asked for again of whom Slack did not tell."""
MOST_PEOPLE = 10_000
"""How many people are remembered at once."""


@dataclass(frozen=True, slots=True)
class Named:
    """A user or user group with the groups (role, site, wave) that the settings give them."""

    id: str
    groups: frozenset[str]
    site: str = ""
    role: str = ""


class SlackPeople:
    """Implements `bot.desk.types.People` on the settings and Slack's user groups."""

    def __init__(
        self, client: WebClient, *, coaches: Mapping[str, Iterable[str]], admins: Iterable[str], named: Iterable[Named],
        today: Callable[[], date], leads: Mapping[str, Iterable[str]] | None = None,
        programme: Iterable[str] = (), team: str = "", clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`coaches` and `leads`: users and user groups by area; under "" those of the desk. `team`: the workspace."""
        self._client, self._team = client, team
        self._coaches = {area: tuple(ids) for area, ids in coaches.items()}
        self._leads = {area: tuple(ids) for area, ids in (leads or {}).items()}
        self._programme = tuple(programme)
        self._admins, self._named = tuple(admins), tuple(named)
        self._today, self._clock = today, clock
        self._lock = threading.Lock()
        self._members: dict[str, tuple[float, frozenset[str]]] = {}
        self._direct: dict[str, str] = {}
        self._full: dict[str, tuple[float, bool]] = {}

    def is_coach(self, user: str) -> bool:
        return any(self._belongs(user, ids) for ids in self._coaches.values())

    def is_admin(self, user: str) -> bool:
        return self._belongs(user, self._admins)

    def coaches(self, area: str) -> tuple[str, ...]:
        return self._users(self._coaches.get(area) or self._coaches.get("", ()))

    def leads(self, area: str) -> tuple[str, ...]:
        return self._users(self._leads.get(area) or self._leads.get("", ()))

    def programme(self) -> tuple[str, ...]:
        return self._users(self._programme)

    def site(self, user: str) -> str:
        return next((entry.site for entry in self._named if entry.site and self._belongs(user, (entry.id,))), "")

    def role(self, user: str) -> str:
        return next((entry.role for entry in self._named if entry.role and self._belongs(user, (entry.id,))), "")

    def viewer(self, user: str) -> Viewer:
        groups: set[str] = set()
        for entry in self._named:
            if self._belongs(user, (entry.id,)):
                groups |= entry.groups
        if groups and not self._is_full_member(user):
            groups = set()
        return Viewer(groups=frozenset(groups), on=self._today())

    def direct_channel(self, user: str) -> str:
        known = self._direct.get(user)
        if known is None:
            try:
                known = str(self._client.conversations_open(users=user)["channel"]["id"])
            except SlackApiError as error:
                if trouble_of(error).reason in GONE | {"cannot_dm_bot"}:
                    raise NotReachable from error
                raise
            self._direct[user] = known
        return known

    def _is_full_member(self, user: str) -> bool:
        """Not a guest, nor of another organisation. As last known if Slack does not tell; who was never known is none:
        what is not for everybody must not reach them."""
        now = self._clock()
        with self._lock:
            asked, full = self._full.get(user, (float("-inf"), False))
        if now - asked < MEMBERS_SECONDS:
            return full
        try:
            told = self._client.users_info(user=user)["user"]
            elsewhere = bool(self._team) and (told.get("team_id") or self._team) != self._team
            full = not (told.get("is_restricted") or told.get("is_stranger") or elsewhere)
        except UNREACHED as error:
            log.warning("who %s is is not to be had: %s", user, type(error).__name__)
            now -= MEMBERS_SECONDS - AGAIN_SECONDS
        with self._lock:
            if len(self._full) >= MOST_PEOPLE:
                self._full.clear()
            self._full[user] = (now, full)
        return full

    def _users(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Users as they are, user groups as their members."""
        members = [sorted(self._group(id_)) if id_.startswith("S") else [id_] for id_ in ids]
        return tuple(dict.fromkeys(user for users in members for user in users))

    def _belongs(self, user: str, ids: Iterable[str]) -> bool:
        return any(user in self._group(id_) if id_.startswith("S") else user == id_ for id_ in ids)

    def _group(self, group: str) -> frozenset[str]:
        """Members, asked for at most every five minutes. If Slack does not tell, those last known stay."""
        now = self._clock()
        with self._lock:
            told, members = self._members.get(group, (float("-inf"), frozenset()))
        if now - told < MEMBERS_SECONDS:
            return members
        try:
            members = frozenset(self._client.usergroups_users_list(usergroup=group)["users"])
        except UNREACHED as error:
            log.warning("members of user group %s are not to be had: %s", group, type(error).__name__)
        with self._lock:
            self._members[group] = (now, members)
        return members
