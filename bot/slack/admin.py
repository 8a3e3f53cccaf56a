"""What admins do from Slack: reindex and ask how the bot is."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from slack_sdk import WebClient

from bot.errors import FloorwalkerError
from bot.slack.mrkdwn import escape
from bot.slack.posting import UNREACHED, metadata
from indexer.types import Report

log = logging.getLogger(__name__)

UPDATE_SECONDS = 1.5
"""Slack allows about one update a second."""
LISTED = 8


class Reindexing(Protocol):
    """What runs one reindex at a time, in the background."""

    def start(self, progress: Callable[[str, int, int], None],
              ended: Callable[[Report | None, FloorwalkerError | None], None]) -> bool:
        """False: one is running already, and nothing was begun."""
        ...


class AdminDesk:
    """Runs a reindex on an admin's word and keeps one message up to date meanwhile."""

    def __init__(self, client: WebClient, reindexing: Reindexing, health: Callable[[], Mapping[str, Any]]) -> None:
        self._client, self._reindexing, self._health = client, reindexing, health

    def health_text(self) -> str:
        """How the bot is, in mrkdwn."""
        return "\n".join(f"• {escape(name)}: *{escape(str(value))}*" for name, value in self._health().items())

    def reindex(self, channel: str, key: str) -> None:
        """Start a run and tell its progress in `channel`, in one message."""
        board = _Board(self._client, channel, key)
        board.show("🔄 Reindexing: looking for changed documents… Questions are answered meanwhile.")

        def ended(report: Report | None, error: FloorwalkerError | None) -> None:
            why = escape(error.sentence) if error else ""
            board.show(report_text(report) if report else f"⚠️ Reindexing failed. {why}")

        if not self._reindexing.start(board.progress, ended):
            board.show("A reindex is running already; this one was not started.")


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

    def progress(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._shown_at >= UPDATE_SECONDS:
            self._shown_at = now
            share = f" {done:,} of {total:,}" if total else ""
            self.show(f"🔄 Reindexing: {escape(stage)}{share}…")


def report_text(report: Report) -> str:
    """What a run changed and what failed, in mrkdwn."""
    changed = report.added + report.changed + report.removed
    head = "✅ Reindexed: nothing had changed." if not changed else (
        f"✅ Reindexed: {report.added} added, {report.changed} changed, {report.removed} removed."
    )
    size = f"Documents: {report.documents:,}, passages: {report.passages:,}"
    lines = [f"{head} {size}, generation {report.generation}, {report.seconds:.1f} s."]
    lines += [f"`{escape(change)}`" for change in report.changes[:LISTED]]
    if len(report.changes) > LISTED:
        lines.append(f"… and {len(report.changes) - LISTED} more.")
    if report.failed:
        lines.append(f"⚠️ {len(report.failed)} could not be taken in:")
        lines += [f"• `{escape(failure.document)}`: {escape(failure.reason)}" for failure in report.failed[:LISTED]]
    return "\n".join(lines)
