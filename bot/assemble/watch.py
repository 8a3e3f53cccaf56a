"""How the bot is seen from outside, read from its rooms: health for `/healthz`, how things stand for `/metrics`."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.answering.types import Answer, Turn
from bot.desk.desk import Desk
from bot.desk.inbox import Inbox
from bot.desk.office import Answering
from bot.desk.store import Store
from bot.errors import FloorwalkerError
from bot.jobs.workers import Workers
from bot.slack.connection import PASSING_SECONDS, Contact
from bot.slack.http import Health
from bot.watching import work
from bot.watching.checks import Checks, Lasting
from bot.watching.metrics import Index, Standing, Waiting
from indexer.search import KnowledgeBase
from indexer.types import Viewer

ROOM_BYTES = 50 * 1024 * 1024
"""With less than this free, the next reindex or a busy day fills the disk."""
LOCK_SECONDS = 0.4


@dataclass(frozen=True, slots=True)
class Rooms:
    """What is looked at."""

    data: Path
    store: Store
    inbox: Inbox
    desk: Desk
    knowledge: KnowledgeBase
    contact: Contact
    connected: Callable[[], bool]
    """Whether Slack can reach us now."""
    started: Callable[[], bool]
    workers: Sequence[Workers]
    now: Callable[[], datetime]


class Watch:
    """Looks at a bot; changes nothing."""

    def __init__(self, rooms: Rooms, offline: Lasting | None = None) -> None:
        self._rooms = rooms
        self._offline = offline or Lasting()
        self._was_up = False
        self._checks = Checks({
            "index": self._index, "slack": self._slack, "store": self._store, "workers": self._workers,
            "disk": self._disk,
        })
        self._generation = 0
        self._pending: dict[str, int] = {}

    def look(self) -> bool:
        """A step for a worker: sees whether the socket is up, so that it is known since when it is not."""
        self._offline.see(well=self._rooms.connected())
        return False

    def health(self) -> Health:
        """What `/healthz` tells; there within a second."""
        rooms = self._rooms
        self.look()
        if not rooms.started():
            told = {"bot": "The bot has stopped." if self._was_up else "The bot is starting."}
            return Health(details={"checks": told}, starting=not self._was_up)
        found = self._checks.run()
        ready = not any(found.values())
        self._was_up = self._was_up or ready
        return Health(ready, {
            "slack": not found["slack"], "generation": self._generation, **self._pending,
            "checks": {name: wrong or "ok" for name, wrong in found.items()},
        }, starting=not self._was_up)

    def standing(self) -> Standing:
        """How things stand, for `/metrics`."""
        rooms, now = self._rooms, self._rooms.now()
        return Standing(
            tickets=_tickets(rooms.desk, now),
            inbox=Waiting(rooms.inbox.pending(), _age(rooms.inbox.oldest_waiting(), now)),
            outbox=Waiting(rooms.desk.outbox.pending(), _age(rooms.desk.outbox.oldest_waiting(), now)),
            index=_about(rooms.knowledge, now),
        )

    def _index(self) -> str:
        try:
            self._generation = self._rooms.knowledge.generation
        except FloorwalkerError as error:
            return error.sentence
        return ""

    def _slack(self) -> str:
        if self._rooms.connected():
            return self._rooms.contact.trouble()
        if not self._was_up:
            return "The connection from Slack is not up yet."
        seconds = self._offline.seconds
        lasting = seconds > PASSING_SECONDS
        return f"The connection from Slack has been down for {seconds:.0f} seconds." if lasting else ""

    def _store(self) -> str:
        rooms = self._rooms
        self._pending = {"inbox": rooms.inbox.pending(), "outbox": rooms.desk.outbox.pending()}
        why = rooms.store.trouble(LOCK_SECONDS)
        return f"Nothing can be written to the database ({why})." if why else ""

    def _workers(self) -> str:
        dead = [workers.name for workers in self._rooms.workers if not workers.alive]
        return f"Not at work any more: {', '.join(dead)}." if dead else ""

    def _disk(self) -> str:
        free = shutil.disk_usage(self._rooms.data).free
        return f"Only {free / 1024 / 1024:.0f} MB are free on the disk of the data folder." if free < ROOM_BYTES else ""


def counted(answer: Answering) -> Answering:
    """The same way to answer, with each verdict noted in the work that asked for it."""

    def find(question: str, viewer: Viewer, earlier: Sequence[Turn] = ()) -> Answer:
        verdict = "handover"  # also where the search fails: the question goes to the coaches then
        try:
            found = answer(question, viewer, earlier)
            verdict = found.verdict
        finally:
            doing = work.current()
            if doing is not None:
                doing.verdicts.append(verdict)
        return found

    return find


def _tickets(desk: Desk, now: datetime) -> dict[str, Waiting]:
    opened = desk.oldest_open()
    return {state: Waiting(number, _age(opened.get(state), now)) for state, number in desk.counts().items()}


def _age(since: datetime | None, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds()) if since else 0.0


def _about(knowledge: KnowledgeBase, now: datetime) -> Index | None:
    try:
        about = knowledge.about()
    except FloorwalkerError:
        return None  # none is loaded; /healthz says so
    return Index(about["generation"], _age(about["built_at"], now), about["documents"], about["passages"])
