"""Who is a coach, an admin, or in a wave: the settings' users and user groups, with Slack asked for the members."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from slack_sdk import WebClient

from bot.slack.posting import UNREACHED
from indexer.types import Viewer

log = logging.getLogger(__name__)

MEMBERS_SECONDS = 300
"""How long the members of a user group are remembered."""


@dataclass(frozen=True, slots=True)
class Named:
    """A user or user group with the groups (role, site, wave) that the settings give them."""

    id: str
    groups: frozenset[str]


class SlackPeople:
    """Implements `bot.desk.types.People` on the settings and Slack's user groups."""

    def __init__(
        self, client: WebClient, *, coaches: Iterable[str], admins: Iterable[str], named: Iterable[Named],
        today: Callable[[], date], clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._coaches, self._admins, self._named = tuple(coaches), tuple(admins), tuple(named)
        self._today, self._clock = today, clock
        self._lock = threading.Lock()
        self._members: dict[str, tuple[float, frozenset[str]]] = {}
        self._direct: dict[str, str] = {}

    def is_coach(self, user: str) -> bool:
        return self._belongs(user, self._coaches)

    def is_admin(self, user: str) -> bool:
        return self._belongs(user, self._admins)

    def viewer(self, user: str) -> Viewer:
        groups: set[str] = set()
        for entry in self._named:
            if self._belongs(user, (entry.id,)):
                groups |= entry.groups
        return Viewer(groups=frozenset(groups), on=self._today())

    def direct_channel(self, user: str) -> str:
        known = self._direct.get(user)
        if known is None:
            known = str(self._client.conversations_open(users=user)["channel"]["id"])
            self._direct[user] = known
        return known

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
