"""The Home tab's part for admins: the index and its last run, how the bot is, and a button to reindex."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.slack.mrkdwn import escape, moment, shorten
from bot.slack.views.parts import Block, actions, button, context, fields, header, sections
from indexer.types import Report

LISTED = 10
"""Documents that are named; the others are counted."""
LONGEST_NAME, LONGEST_REASON = 150, 200


@dataclass(frozen=True, slots=True)
class Running:
    """How far a run has come."""

    stage: str = ""
    done: int = 0
    total: int = 0
    """0: nobody knows."""


@dataclass(frozen=True, slots=True)
class LastRun:
    """How the last run ended that an admin started here."""

    at: datetime
    report: Report | None = None
    why: str = ""
    """A sentence, where it failed."""


@dataclass(frozen=True, slots=True)
class AdminPart:
    """How the bot is."""

    health: Mapping[str, str] = field(default_factory=dict)
    """What, and how it stands; neither is escaped."""
    troubles: Sequence[str] = ()
    """Sentences about what is wrong now."""
    running: Running | None = None
    last: LastRun | None = None


def for_an_admin(admin: AdminPart) -> list[Block]:
    """The blocks, without a divider before them."""
    troubles = [f"⚠️ {escape(shorten(trouble, 300))}" for trouble in admin.troubles[:LISTED]]
    pairs = [(escape(name), escape(value)) for name, value in admin.health.items()]
    return [
        header("For you as an admin"), *sections("\n".join(troubles) or "✅ All is well."),
        *([fields(pairs)] if pairs else []), *_reindexing(admin.running, admin.last),
    ]


def running_text(running: Running) -> str:
    """A line about a run that is under way, in mrkdwn."""
    if not running.stage:
        return "🔄 Reindexing: looking for changed documents… Questions are answered meanwhile."
    share = f" {running.done:,} of {running.total:,}" if running.total else ""
    return f"🔄 Reindexing: {escape(running.stage)}{share}…"


def report_text(report: Report) -> str:
    """What a run changed and what failed, in mrkdwn."""
    changed = report.added + report.changed + report.removed
    head = "✅ Reindexed: nothing had changed." if not changed else (
        f"✅ Reindexed: {report.added} added, {report.changed} changed, {report.removed} removed."
    )
    size = f"Documents: {report.documents:,}, passages: {report.passages:,}"
    lines = [f"{head} {size}, generation {report.generation}, {report.seconds:.1f} s."]
    lines += [f"• {_told(change)}" for change in report.changes[:LISTED]]
    lines += _rest(len(report.changes))
    if report.failed:
        lines.append(f"⚠️ {len(report.failed)} could not be taken in; where there was an earlier version, it stays:")
        lines += [f"• {_name(failure.document)}: {escape(shorten(failure.reason, LONGEST_REASON))}"
                  for failure in report.failed[:LISTED]]
        lines += _rest(len(report.failed))
    return "\n".join(lines)


def _reindexing(running: Running | None, last: LastRun | None) -> list[Block]:
    if running is not None:
        return sections(running_text(running))
    ended = []
    if last is not None:
        told = report_text(last.report) if last.report else f"⚠️ Reindexing failed. {escape(shorten(last.why, 500))}"
        ended = [*sections(told, pieces=4), context(f"Last run: {moment(last.at)}")]
    return [actions("admin", button("Reindex", "reindex", "now")),
            context("Takes in new and changed documents. Questions are answered meanwhile."), *ended]


def _told(change: str) -> str:
    how = {"+": "added", "~": "changed", "-": "removed"}
    return f"{_name(change[1:])} {how[change[0]]}" if change[:1] in how else _name(change)


def _name(document: str) -> str:
    return f"`{escape(shorten(document.replace('`', '´'), LONGEST_NAME))}`"


def _rest(number: int) -> list[str]:
    return [f"… and {number - LISTED} more."] if number > LISTED else []
