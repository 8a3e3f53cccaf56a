"""What the desk's clock says: reminders, missed targets, and the digest at the start of a coach's day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.desk.types import Ticket
from bot.slack.mrkdwn import escape, link, moment, shorten
from bot.slack.views.parts import View, context, header, sections

TARGETS = {"first_response": "first answer", "next_response": "next answer", "resolution": "resolution"}
SHOWN = 10
"""Tickets of each kind that a digest names; the others are counted."""
KINDS = {
    "pressing": "⏰ Due today, or late", "mine": "🙋 Yours", "unclaimed": "🔔 Unclaimed",
    "waiting": "⏳ Yours, waiting for somebody",
}


def reminder(ticket: Ticket, clock: str, tier: str, whom: Sequence[str], due: datetime | None) -> View:
    """In the card's thread. Without a clock: the time until which it was put off has come."""
    return View(f"{ticket.name}: {_what(clock, tier, due, plain=True)}",
                sections(" ".join([*(f"<@{user}>" for user in whom), _what(clock, tier, due)])))


def escalation(ticket: Ticket, clock: str, whom: Sequence[str], due: datetime | None, card: str = "") -> View:
    """At top level, for who does not read the card's thread. `card`: its address, if Slack gives one."""
    owner = f"<@{ticket.owner}> has it." if ticket.owner else "Nobody has claimed it."
    late = f"🚨 *{link(card, ticket.name)}* in <#{ticket.card_channel}>: {_what(clock, 'lead', due)} {owner}"
    return View(f"{ticket.name} is late", [
        *sections(" ".join([*(f"<@{user}>" for user in whom), late])),
        *sections(">" + escape(shorten(ticket.question, 500)).replace("\n", "\n>")),
    ])


def with_opening(view: View, opens: datetime) -> View:
    """For an asker outside business hours: when somebody can be expected."""
    return View(view.text, [*view.blocks, context(f"🕘 The coaches are back {moment(opens)}.")])


def digest(groups: Mapping[str, Sequence[tuple[Ticket, datetime | None]]]) -> View:
    """Tickets by kind, each with the moment when it is due."""
    blocks = [header("Your day at the desk")]
    for kind, label in KINDS.items():
        entries = groups.get(kind, ())
        if not entries:
            continue
        lines = [_line(ticket, due) for ticket, due in entries[:SHOWN]]
        blocks += sections("\n".join([f"*{label}* ({len(entries)})", *lines]))
        if len(entries) > SHOWN:
            blocks.append(context(f"… and {len(entries) - SHOWN} more"))
    return View("Your day at the desk: " + ", ".join(
        f"{len(groups[kind])} {word}" for kind, word in (("mine", "yours"), ("unclaimed", "unclaimed"))
        if groups.get(kind)), blocks)


def _line(ticket: Ticket, due: datetime | None) -> str:
    by = f" · due {moment(due)}" if due else ""
    return f"• *{ticket.name}* {escape(shorten(' '.join(ticket.question.split()), 100))}{by}"


def _what(clock: str, tier: str, due: datetime | None, *, plain: bool = False) -> str:
    if not clock:
        return "here it is again, as you asked."
    target = TARGETS[clock]
    by = (f"{due:%d %b, %H:%M} UTC" if plain else moment(due)) if due else ""
    if not tier:
        return f"⏰ the {target} is due" + (f" {by}." if by else ".")
    return f"the {target} was due" + (f" {by}." if by else " already.")
