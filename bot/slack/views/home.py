"""The Home tab, by role."""

from __future__ import annotations

from collections.abc import Sequence

from bot.desk.types import Ticket
from bot.slack.mrkdwn import escape, shorten
from bot.slack.views.cards import STATES
from bot.slack.views.parts import DIVIDER, Block, actions, button, context, header, sections

SHOWN = 10


def home(*, mine: Sequence[Ticket], open_tickets: Sequence[Ticket] | None, me: str, health: str | None) -> Block:
    """`open_tickets` for coaches, `health` for admins; None where it is not for this person."""
    blocks: list[Block] = [
        header("How can I help?"),
        *sections("Write to me under *Messages*, or mention me in a channel. I quote the training material; "
                  "what I don't know goes to a coach, and you get a ticket number."),
        DIVIDER, header("Your tickets"), *sections(ticket_lines(mine)),
    ]
    if open_tickets is not None:
        own = [ticket for ticket in open_tickets if ticket.owner == me]
        free = [ticket for ticket in open_tickets if ticket.owner is None]
        blocks += [DIVIDER, header("For you as a coach"), *sections("*Yours*\n" + ticket_lines(own)),
                   *sections("*Unclaimed*\n" + ticket_lines(free))]
    if health is not None:
        blocks += [DIVIDER, header("For you as an admin"), *sections(health),
                   actions("admin", button("Reindex", "reindex", "now")),
                   context("Takes in new and changed documents. Questions are answered meanwhile.")]
    return {"type": "home", "blocks": blocks[:100]}


def ticket_lines(tickets: Sequence[Ticket]) -> str:
    """One line a ticket, in mrkdwn."""
    if not tickets:
        return "No tickets."
    lines = [
        f"*{ticket.name}* · {STATES[ticket.state]} · {escape(shorten(ticket.question.replace(chr(10), ' '), 120))}"
        for ticket in tickets[:SHOWN]
    ]
    if len(tickets) > SHOWN:
        lines.append(f"… and {len(tickets) - SHOWN} more.")
    return "\n".join(lines)
