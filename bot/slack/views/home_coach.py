"""The Home tab's part for coaches: what is pressing, theirs, waiting, unclaimed; and whether they are on duty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.desk.types import Ticket
from bot.slack.mrkdwn import link, moment, shorten
from bot.slack.views.parts import Block, button, context, header, section_with, sections

SHOWN = 8
"""Tickets of each kind that are named; the others are counted."""
IN_SHORT = 100


@dataclass(frozen=True, slots=True)
class Placed:
    """A ticket, and where it stands in Slack."""

    ticket: Ticket
    url: str = ""
    """Of its asker's thread or its card, for whom it is shown to; empty if it is not there yet."""
    due: datetime | None = None
    """When the next thing is due for it."""

    def short(self, most: int) -> str:
        """Its question on one line; not escaped."""
        return shorten(" ".join(self.ticket.question.split()), most) or "…"


@dataclass(frozen=True, slots=True)
class CoachPart:
    """One coach's tickets, each kind oldest first; one may be of several kinds."""

    me: str
    pressing: Sequence[Placed] = ()
    """Theirs or nobody's, and about to miss a target (most of its time is used up), or late."""
    mine: Sequence[Placed] = ()
    """Those on which they can go on."""
    waiting: Sequence[Placed] = ()
    """Theirs, for the asker or for a third party."""
    unclaimed: Sequence[Placed] = ()
    off_duty: bool = False


def for_a_coach(coach: CoachPart) -> list[Block]:
    """The blocks, without a divider before them."""
    duty = (button("Back on duty", "on_duty", "now", style="primary") if coach.off_duty else
            button("Go off duty", "off_duty", "now"))
    told = ("🌙 You are off duty: nobody passes you new tickets." if coach.off_duty else
            "☀️ New tickets come to you in your working hours.")
    asked = [one for one in coach.unclaimed if one.ticket.assigned == coach.me]
    free = [one for one in coach.unclaimed if one.ticket.assigned != coach.me]
    return [
        header("For you as a coach"), section_with(sections(told)[0], duty),
        *_group("⏰ About to be due, or late", coach.pressing),
        *_group("🙋 Yours", coach.mine, empty="Nothing is waiting for you."),
        *_group("👉 You were asked to take", asked),
        *_group("⏳ Yours, waiting for somebody", coach.waiting),
        *_group("🔔 Unclaimed", free, empty="Every ticket has somebody."),
    ]


def _group(label: str, tickets: Sequence[Placed], *, empty: str = "") -> list[Block]:
    """Nothing at all if there is neither a ticket nor a word for that."""
    if not tickets:
        return sections(f"*{label}*\n{empty}") if empty else []
    lines = [f"*{label}* ({len(tickets)})", *(_line(one) for one in tickets[:SHOWN])]
    more = [context(f"… and {len(tickets) - SHOWN} more")] if len(tickets) > SHOWN else []
    return [*sections("\n".join(lines)), *more]


def _line(one: Placed) -> str:
    due = f" · due {moment(one.due)}" if one.due else ""
    urgent = {"urgent": " 🚨", "high": " 🔺"}.get(one.ticket.priority, "")
    return f"• *{one.ticket.name}*{urgent} {link(one.url, one.short(IN_SHORT))}{due}"
