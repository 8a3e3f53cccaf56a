"""The Home tab: what everybody sees, and between it what is for coaches and for admins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.desk.lifecycle import OPEN
from bot.desk.types import Ticket
from bot.slack.mrkdwn import escape, link, mention, shorten
from bot.slack.views.home_admin import AdminPart, for_an_admin
from bot.slack.views.home_coach import CoachPart, Placed, for_a_coach
from bot.slack.views.parts import (
    DIVIDER,
    Block,
    View,
    actions,
    button,
    context,
    header,
    modal,
    sections,
    text_input,
    within_bytes,
)

SHOWN, NAMED = 10, 5
"""How many tickets, and how many known issues or new answers, are named."""
IN_SHORT = 120
ASK, QUESTION = "home_ask", "question"
MOST_BLOCKS = 100
MOST_BYTES = 240_000
"""Slack takes 250 kB."""


@dataclass(frozen=True, slots=True)
class AskerPart:
    """What everybody sees. Texts as they were written."""

    tickets: Sequence[Placed] = ()
    """Theirs, newest first, each with the address of its thread."""
    known: Sequence[str] = ()
    """Questions that coaches have published as known issues."""
    news: Sequence[str] = ()
    """Questions that the bot has learnt to answer lately, newest first."""


def home(asker: AskerPart, coach: CoachPart | None = None, admin: AdminPart | None = None) -> Block:
    """`coach` and `admin`: None where it is not for this person."""
    blocks: list[Block] = [
        header("How can I help?"),
        *sections("I quote the training material. What I don't know goes to a coach, and you get a ticket number. You "
                  "can also write to me under *Messages*, or mention me in a channel."),
        actions("ask", button("Ask", ASK, "now", style="primary"), button("Report a problem", "report_problem", "now")),
        *([DIVIDER, *for_a_coach(coach)] if coach is not None else []),
        *([DIVIDER, *for_an_admin(admin)] if admin is not None else []),
        DIVIDER, header("Your tickets"), *_own_sections(asker.tickets),
        *_listed("Known issues", asker.known, "Coaches are on these already: no need to report them again."),
        *_listed("What's new", asker.news, "I can answer these now. Just ask."),
    ]
    return {"type": "home", "blocks": within_bytes(blocks[:MOST_BLOCKS], MOST_BYTES)}


def ask_form() -> Block:
    """One question."""
    return modal(ASK, "Ask Floorwalker", "Ask", [
        text_input(QUESTION, "Your question", placeholder="How do I hand in a receipt?",
                   hint="The answer appears here, for you alone.")])


def looking() -> Block:
    """Stands in the form's place until the answer is there."""
    return in_modal(View("", sections("🔎 Looking in the training material…")))


def in_modal(view: View) -> Block:
    """What else would be a message, in the place of the form in which it was asked."""
    return {"type": "modal", "title": _plain("Ask Floorwalker"), "close": _plain("Close"),
            "blocks": within_bytes(view.blocks or sections(view.text), MOST_BYTES)}


def ticket_lines(tickets: Sequence[Ticket]) -> str:
    """One line a ticket, in mrkdwn."""
    return "\n".join(_own([Placed(ticket) for ticket in tickets]))


def _own_sections(tickets: Sequence[Placed]) -> list[Block]:
    return [block for told in _own(tickets) for block in sections(told)]


def _own(tickets: Sequence[Placed]) -> list[str]:
    """Those that are open first."""
    if not tickets:
        return ["No tickets."]
    ordered = sorted(tickets, key=lambda one: one.ticket.state not in OPEN)
    lines = [f"*{one.ticket.name}* · {_in_words(one.ticket)}\n{link(one.url, one.short(IN_SHORT))}"
             for one in ordered[:SHOWN]]
    if len(tickets) > SHOWN:
        lines.append(f"… and {len(tickets) - SHOWN} more.")
    return lines


def _in_words(ticket: Ticket) -> str:
    """How it stands, as its asker sees it."""
    match ticket.state:
        case "new":
            return "🔔 waits for a coach"
        case "claimed" | "parked" | "waiting" if not ticket.owner:
            return "🙋 a coach looks after it"
        case "claimed":
            return f"🙋 {mention(ticket.owner or '')} looks after it"
        case "waiting":
            return f"⏳ {mention(ticket.owner or '')} waits for your reply"
        case "parked":
            return "⏸️ waits for somebody else"
        case "resolved":
            return "✅ resolved; reply in its thread if it did not help"
        case _:
            return "⚪ closed"


def _listed(title: str, questions: Sequence[str], note: str) -> list[Block]:
    if not questions:
        return []
    lines = [f"• {escape(shorten(' '.join(question.split()), IN_SHORT))}" for question in questions[:NAMED]]
    return [DIVIDER, header(title), *sections("\n".join(lines)), context(note)]


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}
