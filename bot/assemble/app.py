"""The whole bot, wired: the one place where all rooms meet."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from bot.answering.answerer import Answerer
from bot.assemble.background import IndexRuns
from bot.assemble.basics import BOT_LOCK, utc_now
from bot.assemble.health_words import age_told, golden_told
from bot.assemble.likeness import SimilarForAsker
from bot.assemble.policy import people_of, policy_of
from bot.assemble.watch import Rooms, Watch, counted
from bot.desk.answers import Answers
from bot.desk.areas import AreaFinder
from bot.desk.desk import Desk
from bot.desk.inbox import Inbox
from bot.desk.lifecycle import OPEN
from bot.desk.retention import Retention
from bot.desk.similar import Similar
from bot.desk.store import Store
from bot.desk.teaching import Teaching
from bot.desk.tickets import Tickets
from bot.errors import DataInUse, SettingsInvalid
from bot.jobs.apart import Progress
from bot.jobs.housekeeping import Regular
from bot.jobs.reindexing import Reindexing, Wish
from bot.jobs.workers import Workers
from bot.settings import Settings
from bot.slack.admin import AdminDesk
from bot.slack.app import bolt_app
from bot.slack.channels import channel_id
from bot.slack.connection import Contact, sign_in, web_client
from bot.slack.front import Front
from bot.slack.homes import LOOK_EVERY as LOOK_EVERY_HOME
from bot.slack.http import Health
from bot.slack.intake import Intake
from bot.slack.lost_channels import LostChannels
from bot.slack.manifest import MOST_PROMPTS
from bot.slack.notifier import Notifier
from bot.slack.pane import Pane
from bot.slack.socket import SocketConnection
from bot.slack.ways import Ways
from bot.watching.metrics import Metrics
from indexer.embedder import Embedder, embedder_for
from indexer.reading import TAUGHT
from indexer.reranker import reranker_for
from indexer.search import KnowledgeBase
from indexer.types import Report

log = logging.getLogger(__name__)

INTAKE_THREADS, SENDING_THREADS = 4, 4
LOOK_EVERY = timedelta(seconds=20)
STOP_SECONDS, SEND_SECONDS = 20.0, 8.0
"""How long stopping may take, and sending what is due as a part of it. Service managers kill after 30 seconds."""


class Bot:
    """The whole bot on one data folder, from the settings: `start`, answer, `stop`."""

    def __init__(self, settings: Settings, data: Path, *, embedder: Embedder | None = None,
                 now: Callable[[], datetime] = utc_now) -> None:
        """Signs in to Slack and opens the index.

        Raises FloorwalkerError where a setting, a token or the index cannot be used; nothing was started then.
        """
        self.settings, self.data, self._now = settings, data, now
        self.embedder = embedder or embedder_for(data, settings.model.name)
        self._lock = FileLock(data / BOT_LOCK, timeout=0)
        self.metrics = Metrics()
        contact = Contact(self.metrics.slack_error)
        self.client = web_client(secret(settings.slack.bot_token), settings.slack.api_url, contact)
        self.identity = sign_in(self.client)
        self.reranker = reranker_for(settings.model.reranker)
        self.knowledge = KnowledgeBase(data, self.embedder, false_answers=settings.answers.false_answers,
                                       reranker=self.reranker)
        self.store = Store(data / "desk.sqlite")
        self.inbox = Inbox(self.store)
        self.people = people_of(self.client, settings, now, self.identity.team)
        self.reindexing = Reindexing(self._reindex)
        self.runs = IndexRuns(settings, data, self.embedder, self.knowledge, self.reindexing, now)
        self.teaching = Teaching(self.store, data / "taught", self.reindexing.soon)
        self.desk = self._make_desk()
        admin_desk = AdminDesk(self.client, self.reindexing, self._told_health, troubles=self._troubles,
                               failures=self.runs.failures, now=now)
        self.pane = Pane(self.client)
        self.front = Front(self.inbox, self.desk, self.people, admin_desk, self.client, self.identity, now,
                           self.inbox.added.set, self.metrics, self._ways(), self.pane)
        self.app = bolt_app(self.front, secret(settings.slack.bot_token))
        self.lost = LostChannels(self.client, self.desk, self._channel(settings.desk.ops_channel))
        self.notifier = self._make_notifier()
        intake = Intake(self.front)
        self.homes = intake.homes
        self._homes = Workers("homes", Regular(self.homes.look, now, every=LOOK_EVERY_HOME), threading.Event(), 1)
        self._intake = Workers("intake", intake.work_next, self.inbox.added, INTAKE_THREADS)
        self._sending = Workers("sending", self.notifier.send_next, self.desk.outbox.added, SENDING_THREADS)
        self._housekeeping = Workers("housekeeping", Regular(self._purge, now), threading.Event(), 1)
        self._clock = Workers("clock", Regular(self._look_at_the_clock, now, every=LOOK_EVERY), threading.Event(), 1)
        self._socket: SocketConnection | None = None
        self._started = threading.Event()
        self.watch = Watch(Rooms(
            data, self.store, self.inbox, self.desk, self.knowledge, contact, self._connected, self._started.is_set,
            (self._intake, self._sending, self._housekeeping, self._clock, *self.runs.workers), now))
        self._watching = Workers("watching", self.watch.look, threading.Event(), 1)
        self.metrics.watch(self.watch.standing)

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
        self._clock.start()
        self._homes.start()
        for workers in self.runs.workers:
            workers.start()
        if self.settings.slack.mode == "socket":
            self._socket = SocketConnection(self.app, self.client, secret(self.settings.slack.app_token),
                                            self.metrics.slack_error)
            self._socket.start()
        self._started.set()
        self._watching.start()
        self.runs.see_to_quality()

    def pause(self) -> None:
        """Still take in what Slack sends, but leave it in the inbox."""
        self._intake.stop()

    def stop(self) -> None:
        """Take nothing more in, finish what is in hand, send what is due, close the store. The next start takes up
        what is left.

        Takes no longer than `STOP_SECONDS`: what hangs is left as if the process had been killed.
        """
        until = time.monotonic() + STOP_SECONDS
        self._started.clear()
        if self._socket is not None:
            self._socket.stop()
        self._watching.stop(1)
        self._intake.stop(STOP_SECONDS - SEND_SECONDS)
        self._sending.stop(SEND_SECONDS, finish=SEND_SECONDS)
        self.notifier.stop()
        self.pane.stop()
        for workers in (self._intake, self._sending, self._housekeeping, self._clock, self._homes, *self.runs.workers):
            if not workers.stop(max(0.0, until - time.monotonic())):
                log.warning("%s did not end in time; the next start takes up what it held", workers.name)
        self.reindexing.wait(max(0.0, until - time.monotonic()))
        self.store.close()
        self._lock.release()

    def health(self) -> Health:
        """What `/healthz` tells."""
        return self.watch.health()

    def _connected(self) -> bool:
        return self._socket is None or self._socket.connected

    def _look_at_the_clock(self, now: datetime) -> None:
        for missed in self.desk.look_at_the_clock(now):
            self.metrics.target_missed(missed.clock, missed.priority)
        self.desk.send_digests(now)
        self.lost.look(now)

    def _purge(self, now: datetime) -> None:
        self.inbox.purge(now)
        self.desk.purge(now)
        Retention(self.store).apply(now, timedelta(days=self.settings.desk.keep_text_days))

    def _make_desk(self) -> Desk:
        answerer = Answerer(self.knowledge.find, self.embedder.embed, self.settings.model.languages)
        policy = policy_of(self.settings, self._channel)
        tickets = Tickets(self.store)
        areas = AreaFinder(policy.areas, self.embedder.embed, tickets.latest_questions)
        similar = SimilarForAsker(Similar(self.embedder.embed, tickets.resolved_lately).to, Answers(self.store),
                                  self.people, self.knowledge.hidden)
        return Desk(self.store, counted(answerer.answer), self.people, policy, areas.find, self.teaching, similar.to,
                    self.knowledge.hidden)

    def _make_notifier(self) -> Notifier:
        return Notifier(self.desk.outbox, self.desk, self.client, self.lost.admin_channel, self._now,
                        metrics=self.metrics, posting=self.pane.answering, lost=self.lost.lost)

    def _ways(self) -> Ways:
        slack = self.settings.slack
        given = slack.suggested_prompts
        return Ways(slack.emoji_ask, slack.emoji_ticket,
                    lambda viewer: given or self.knowledge.questions(viewer, MOST_PROMPTS))

    def _channel(self, name: str) -> str:
        return channel_id(self.client, name)

    def _reindex(self, progress: Progress, wish: Wish) -> Report:
        lessons = self.teaching.untaken()
        report = self.runs.run(progress, wish)
        self.knowledge.refresh()
        unread = {failure.document.partition("#")[0] for failure in report.failed}
        self.desk.lessons_taken_in(
            [lesson for lesson in lessons if f"{TAUGHT}/fw-{lesson.held_in}.yaml" not in unread], self._now())
        return report

    def _told_health(self) -> Mapping[str, Any]:
        about = self.knowledge.about()
        counts = self.desk.counts()
        open_tickets = sum(counts[state] for state in OPEN)
        return {
            "Knowledge base": f"{about['documents']:,} documents, {about['passages']:,} passages",
            "Index": f"generation {about['generation']}, built {about['built_at']:%d %b %Y, %H:%M} UTC, "
                     f"{age_told(self._now() - about['built_at'])}",
            "Model": about["model"],
            "Tickets": f"{open_tickets} open, {counts['new']} of them unclaimed",
            "Waiting": f"{self.inbox.pending()} to work on, {self.desk.outbox.pending()} to send",
            "Reindexing": "running" if self.reindexing.running else "no",
            "Golden questions": golden_told(self.data), **self.runs.told(), **self._told_reviews(),
        }

    def _told_reviews(self) -> Mapping[str, str]:
        due = len(self.knowledge.past_review(self._now().astimezone(self.settings.desk.timezone).date()))
        told = f"{due:,} document{'s' if due > 1 else ''} past the date; `floorwalker reviews` lists them"
        return {"Reviews": told} if due else {}

    def _troubles(self) -> list[str]:
        """What is wrong now, in sentences."""
        checks = self.watch.health().details["checks"]
        wrong = [str(told) for told in checks.values() if told != "ok"] if isinstance(checks, dict) else []
        return [*wrong, *self.lost.troubles(), *self.runs.schedule.troubles()]


def secret(value: Any) -> str:
    if value is None:
        raise SettingsInvalid("A secret is missing.", hint="The README says which ones are needed.")
    return str(value.get_secret_value())


