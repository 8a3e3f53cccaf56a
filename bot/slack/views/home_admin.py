"""The Home tab's part for admins: the index and its last run, how the bot is, and a button to reindex."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.slack.mrkdwn import escape, moment, shorten
from bot.slack.views.parts import Block, actions, button, context, fields, header, sections
from indexer.types import Failure, Gated, Report

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
    renewed: bool = False
    """It worked out anew how sure the answers are, also where no document had changed."""


@dataclass(frozen=True, slots=True)
class AdminPart:
    """How the bot is."""

    health: Mapping[str, str] = field(default_factory=dict)
    """What, and how it stands; neither is escaped."""
    troubles: Sequence[str] = ()
    """Sentences about what is wrong now."""
    running: Running | None = None
    last: LastRun | None = None
    failures: Sequence[Failure] = ()
    """What could not be taken in when it was looked at last, by whatever run."""


def for_an_admin(admin: AdminPart) -> list[Block]:
    """The blocks, without a divider before them."""
    troubles = [f"⚠️ {escape(shorten(trouble, 300))}" for trouble in admin.troubles[:LISTED]]
    pairs = [(escape(name), escape(value)) for name, value in admin.health.items()]
    return [
        header("For you as an admin"), *sections("\n".join(troubles) or "✅ All is well."),
        *([fields(pairs)] if pairs else []), *_reindexing(admin),
    ]


def running_text(running: Running) -> str:
    """A line about a run that is under way, in mrkdwn."""
    if not running.stage:
        return "🔄 Reindexing: looking for changed documents… Questions are answered meanwhile."
    share = f" {running.done:,} of {running.total:,}" if running.total else ""
    return f"🔄 Reindexing: {escape(running.stage)}{share}…"


def ended_text(last: LastRun) -> str:
    """How a run ended, in mrkdwn."""
    if last.report is None:
        return f"⚠️ Reindexing failed. {escape(shorten(last.why, 500))}"
    return report_text(last.report, renewed=last.renewed)


def report_text(report: Report, *, renewed: bool = False) -> str:
    """What a run changed and what failed, in mrkdwn. `renewed`: it worked out anew how sure the answers are."""
    head = f"✅ Reindexed: {_changed(report, renewed=renewed)}"
    size = f"Documents: {report.documents:,}, passages: {report.passages:,}"
    if report.gated and report.gated.held_back:
        head = (f"⚠️ Not published, generation {report.generation} stays in use: "
                "too many golden questions would get worse.")
    lines = [f"{head} {size}, generation {report.generation}, {report.seconds:.1f} s.", *_golden(report.gated)]
    lines += [f"• {_told(change)}" for change in report.changes[:LISTED]]
    lines += _rest(len(report.changes))
    return "\n".join([*lines, *_failed(report.failed)])


def _changed(report: Report, *, renewed: bool) -> str:
    if report.added or report.changed or report.removed:
        return f"{report.added} added, {report.changed} changed, {report.removed} removed."
    if renewed:
        return "no document had changed; how sure the answers are was worked out anew, from all that is taught by now."
    return "nothing had changed."


def _golden(gated: Gated | None) -> list[str]:
    """What the golden questions say of a run, if anything has become worse."""
    if gated is None or not gated.worse:
        return []
    told = [f"🎯 Of {gated.asked:,} golden questions, {len(gated.worse):,} got worse and {gated.better:,} better:",
            *(f"• {escape(shorten(' '.join(question.split()), LONGEST_REASON))}" for question in gated.worse[:LISTED]),
            *_rest(len(gated.worse))]
    if gated.held_back:
        told.append("Correct the documents or the questions and reindex, or publish it: "
                    "`floorwalker index --accept-worse`.")
    return told


def _failed(failures: Sequence[Failure]) -> list[str]:
    if not failures:
        return []
    return [f"⚠️ {len(failures)} could not be taken in; where there was an earlier version, it stays:",
            *(f"• {_name(failure.document)}: {escape(shorten(failure.reason, LONGEST_REASON))}"
              for failure in failures[:LISTED]),
            *_rest(len(failures))]


def _reindexing(admin: AdminPart) -> list[Block]:
    if admin.running is not None:
        return sections(running_text(admin.running))
    ended = []
    if admin.last is not None:
        ended = [*sections(ended_text(admin.last), pieces=4), context(f"Last run: {moment(admin.last.at)}")]
    elif admin.failures:
        ended = sections("\n".join(_failed(admin.failures)), pieces=4)
    return [actions("admin", button("Reindex", "reindex", "now")),
            context("Takes in new and changed documents. Questions are answered meanwhile."), *ended]


def _told(change: str) -> str:
    how = {"+": "added", "~": "changed", "-": "removed"}
    return f"{_name(change[1:])} {how[change[0]]}" if change[:1] in how else _name(change)


def _name(document: str) -> str:
    return f"`{escape(shorten(document.replace('`', '´'), LONGEST_NAME))}`"


def _rest(number: int) -> list[str]:
    return [f"… and {number - LISTED} more."] if number > LISTED else []
