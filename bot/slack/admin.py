"""What admins do from Slack: reindex and ask how the bot is."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

from slack_sdk import WebClient

from bot.errors import FloorwalkerError
from bot.slack.mrkdwn import escape
from bot.slack.posting import UNREACHED, metadata
from bot.slack.views.home_admin import AdminPart, LastRun, Running, ended_text, running_text
from indexer.types import Failure, Report

log = logging.getLogger(__name__)

UPDATE_SECONDS = 1.5
"""Slack allows about one update a second."""
ADMINS_ONLY = ("Only admins of this bot can do that. If you should be one, ask whoever looks after it; if you are "
               "stuck with something, just ask me, or a coach with `/floorwalker ticket …`.")
RUNS_ALREADY = "A reindex is running already; this one was not started."
SHOWN_IN_DIRECT = "🔄 Reindexing has begun. How far it is, and what it changed, you see in our direct messages."

RENEWING = "calibrating"
"""The stage after which a run publishes something new, also where no document has changed."""

Ended = Callable[[Report | None, FloorwalkerError | None], None]


class Reindexing(Protocol):
    """What runs one reindex at a time, in the background."""

    def start(self, progress: Callable[[str, int, int], None], ended: Ended) -> bool:
        """False: one is running already, and nothing was begun."""
        ...


class AdminDesk:
    """Runs a reindex on an admin's word, and knows how far it is and how the last one ended."""

    def __init__(self, client: WebClient, reindexing: Reindexing, health: Callable[[], Mapping[str, Any]], *,
                 troubles: Callable[[], Sequence[str]] = lambda: (),
                 failures: Callable[[], Sequence[Failure]] = lambda: (),
                 now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """`health`: what, and how it stands; `troubles`: sentences about what is wrong now; `failures`: what could not
        be taken in at the last run, whoever ran it, and whether or not this process was there."""
        self._client, self._reindexing = client, reindexing
        self._health, self._troubles, self._failures, self._now = health, troubles, failures, now
        self._lock = threading.Lock()
        self._running: Running | None = None
        self._last: LastRun | None = None

    def health_text(self) -> str:
        """How the bot is, in mrkdwn."""
        told = [f"⚠️ {escape(trouble)}" for trouble in self._troubles()]
        return "\n".join([*told, *(f"• {escape(name)}: *{escape(str(value))}*"
                                   for name, value in self._health().items())])

    def part(self) -> AdminPart:
        """The same for the Home tab, with the run that is under way and the one before."""
        health = {name: str(value) for name, value in self._health().items()}
        troubles, failures = tuple(self._troubles()), tuple(self._failures())
        with self._lock:
            return AdminPart(health, troubles, self._running, self._last, failures)

    def reindex(self, channel: str, key: str) -> bool:
        """Start a run and tell its progress in `channel`, in one message. False: one is running already."""
        board = _Board(self._client, channel, key)
        board.show(running_text(Running()))
        begun = self._start(board.progress, lambda last: board.show(ended_text(last)))
        if not begun:
            board.show(RUNS_ALREADY)
        return begun

    def reindex_at_home(self) -> bool:
        """Start a run whose progress only the Home tab shows. False: one is running already."""
        return self._start(lambda _running: None, lambda _last: None)

    def _start(self, told: Callable[[Running], None], ended: Callable[[LastRun], None]) -> bool:
        stages: set[str] = set()

        def progress(stage: str, done: int, total: int) -> None:
            running = Running(stage, done, total)
            with self._lock:
                self._running = running
                stages.add(stage)
            told(running)

        def over(report: Report | None, error: FloorwalkerError | None) -> None:
            with self._lock:
                last = LastRun(self._now(), report, error.sentence if error else "", RENEWING in stages)
                self._running, self._last = None, last
            ended(last)

        with self._lock:
            begun = self._reindexing.start(progress, over)
            if begun:
                self._running = Running()
        return begun


class _Board:
    """One message that is posted once and then rewritten."""

    def __init__(self, client: WebClient, channel: str, key: str) -> None:
        self._client, self._channel, self._key = client, channel, key
        self._ts = ""
        self._shown_at = 0.0

    def show(self, text: str) -> None:
        try:
            if self._ts:
                self._client.chat_update(channel=self._channel, ts=self._ts, text=text)
            else:
                posted = self._client.chat_postMessage(channel=self._channel, text=text, metadata=metadata(self._key))
                self._ts = str(posted["ts"])
        except UNREACHED as error:
            log.warning("the progress of a reindex could not be shown: %s", type(error).__name__)

    def progress(self, running: Running) -> None:
        now = time.monotonic()
        if now - self._shown_at >= UPDATE_SECONDS:
            self._shown_at = now
            self.show(running_text(running))
