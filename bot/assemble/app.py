"""The whole bot, wired: the one place where all rooms meet."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from bot.answering.answerer import Answerer
from bot.desk.desk import Desk
from bot.desk.inbox import Inbox
from bot.desk.store import Store
from bot.desk.teaching import Teaching
from bot.errors import DataInUse, SettingsInvalid
from bot.jobs.housekeeping import Daily
from bot.jobs.reindexing import Progress, Reindexing
from bot.jobs.workers import Workers
from bot.settings import Settings
from bot.slack.admin import AdminDesk
from bot.slack.app import bolt_app
from bot.slack.channels import channel_id
from bot.slack.connection import WebClient, sign_in, web_client
from bot.slack.front import Front
from bot.slack.http import Health
from bot.slack.intake import Intake
from bot.slack.notifier import Notifier
from bot.slack.people import Named, SlackPeople
from bot.slack.socket import SocketConnection
from indexer.embedder import Embedder, embedder_for
from indexer.reindex import reindex
from indexer.reranker import reranker_for
from indexer.search import KnowledgeBase
from indexer.sources import Source
from indexer.types import Report

log = logging.getLogger(__name__)

INTAKE_THREADS, SENDING_THREADS = 4, 4


def utc_now() -> datetime:
    return datetime.now(UTC)


def sources_of(settings: Settings) -> list[Source]:
    """The knowledge base's sources as the indexer takes them."""
    return [Source(source.location, source.name) for source in settings.knowledge.sources]


class Bot:
    """The whole bot on one data folder, from the settings: `start`, answer, `stop`."""

    def __init__(self, settings: Settings, data: Path, *, embedder: Embedder | None = None,
                 now: Callable[[], datetime] = utc_now) -> None:
        """Signs in to Slack and opens the index.

        Raises:
            FloorwalkerError: a setting, a token or the index cannot be used; nothing was started.
        """
        self.settings, self.data, self._now = settings, data, now
        self.embedder = embedder or embedder_for(data, settings.model.name)
        self._lock = FileLock(data / "bot.lock", timeout=0)
        self.client = web_client(secret(settings.slack.bot_token), settings.slack.api_url)
        self.identity = sign_in(self.client)
        self.reranker = reranker_for(settings.model.reranker)
        self.knowledge = KnowledgeBase(data, self.embedder, false_answers=settings.answers.false_answers,
                                       reranker=self.reranker)
        self.store = Store(data / "desk.sqlite")
        self.inbox = Inbox(self.store)
        self.people = _people(self.client, settings, now)
        self.reindexing = Reindexing(self._reindex, self.knowledge.refresh)
        self.teaching = Teaching(self.store, data / "taught", self.reindexing.soon)
        self.desk = self._make_desk()
        admin_desk = AdminDesk(self.client, self.reindexing, self._told_health)
        self.front = Front(self.inbox, self.desk, self.people, admin_desk, self.client, self.identity, now,
                           self.inbox.added.set)
        self.app = bolt_app(self.front, secret(settings.slack.bot_token))
        ops_channel = self._channel(settings.desk.ops_channel)
        self.notifier = Notifier(self.desk.outbox, self.desk, self.client, ops_channel, now)
        intake = Intake(self.front)
        self._intake = Workers("intake", intake.work_next, self.inbox.added, INTAKE_THREADS)
        self._sending = Workers("sending", self.notifier.send_next, self.desk.outbox.added, SENDING_THREADS)
        self._housekeeping = Workers("housekeeping", Daily(self._purge, now), threading.Event(), 1)
        self._socket: SocketConnection | None = None
        self._started = threading.Event()

    def start(self) -> None:
        """Take up what an earlier process left, then let Slack in.

        Raises:
            DataInUse: another bot would send the same messages from the same outbox.
            SlackRefused: Slack does not let it in.
        """
        try:
            self._lock.acquire()
        except Timeout:
            raise DataInUse(f"Another Floorwalker is at work on {self.data}.") from None
        self.inbox.take_up(self._now())
        self.desk.start(self._now())
        self.knowledge.refresh()
        self.embedder.embed(["The first question must not wait until the model is loaded."])
        if self.reranker is not None:
            self.reranker.scores("Must it wait for this one?", ["No."])
        self._intake.start()
        self._sending.start()
        self._housekeeping.start()
        if self.settings.slack.mode == "socket":
            self._socket = SocketConnection(self.app, self.client, secret(self.settings.slack.app_token))
            self._socket.start()
        self._started.set()

    def pause(self) -> None:
        """Still take in what Slack sends, but leave it in the inbox."""
        self._intake.stop()

    def stop(self) -> None:
        """Take nothing more in, finish what is in hand, close the store. What is left is taken up at the next start."""
        self._started.clear()
        if self._socket is not None:
            self._socket.stop()
        self._intake.stop()
        self.notifier.stop()
        self._sending.stop()
        self._housekeeping.stop()
        self.reindexing.wait(30)
        self.store.close()
        self._lock.release()

    def health(self) -> Health:
        """What `/healthz` tells."""
        connected = self._started.is_set() and (self._socket is None or self._socket.connected)
        return Health(ready=connected, details={
            "slack": connected, "generation": self.knowledge.generation, "inbox": self.inbox.pending(),
            "outbox": self.desk.outbox.pending(),
        })

    def _purge(self, now: datetime) -> None:
        self.inbox.purge(now)
        self.desk.purge(now)

    def _make_desk(self) -> Desk:
        answerer = Answerer(self.knowledge.find, self.embedder.embed, self.settings.model.languages)
        channel = self._channel(self.settings.desk.coach_channel)
        desk_settings = self.settings.desk.model_copy(update={"coach_channel": channel})
        return Desk(self.store, answerer.answer, self.people, desk_settings, self.teaching)

    def _channel(self, name: str) -> str:
        return channel_id(self.client, name)

    def _reindex(self, progress: Progress) -> Report:
        lessons = self.teaching.untaken()
        report = reindex(sources_of(self.settings), self.data, self.embedder, progress=progress, now=self._now())
        self.teaching.taken_in(lessons, self._now())
        return report

    def _told_health(self) -> Mapping[str, Any]:
        about = self.knowledge.about()
        counts = self.desk.counts()
        open_tickets = counts["new"] + counts["claimed"] + counts["waiting"]
        return {
            "Knowledge base": f"{about['documents']:,} documents, {about['passages']:,} passages",
            "Index": f"generation {about['generation']}, built {about['built_at']:%d %b %Y, %H:%M} UTC",
            "Model": about["model"],
            "Tickets": f"{open_tickets} open, {counts['new']} of them unclaimed",
            "Waiting": f"{self.inbox.pending()} to work on, {self.desk.outbox.pending()} to send",
            "Reindexing": "running" if self.reindexing.running else "no",
        }


def _people(client: WebClient, settings: Settings, now: Callable[[], datetime]) -> SlackPeople:
    zone = settings.desk.timezone
    return SlackPeople(
        client, coaches=settings.desk.coaches, admins=settings.desk.admins,
        named=[Named(person.user or person.group, person.audiences) for person in settings.people],
        today=lambda: now().astimezone(zone).date(),
    )


def secret(value: Any) -> str:
    if value is None:
        raise SettingsInvalid("A secret is missing.", hint="The README says which ones are needed.")
    return str(value.get_secret_value())


