"""The ticket's card in the coaches' channel: everything to decide, and the buttons to do it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answering.quoting import shortened
from bot.answering.types import Answer
from bot.desk.types import HistoryEntry, Ticket
from bot.slack.mrkdwn import escape, from_markdown, link, shorten
from bot.slack.views.answers import links_to
from bot.slack.views.languages import name_of
from bot.slack.views.parts import Block, View, actions, button, context, fields, listed, overflow, sections

SAID = 400
"""Characters of the bot's answer that a card repeats, in whole blocks."""

MAX_FILES = 9

STATES = {
    "new": "🔔 New", "claimed": "🙋 Claimed", "waiting": "⏳ Waiting for the asker",
    "resolved": "✅ Resolved", "closed": "⚪ Closed",
}
STEPS = {
    "opened": "asked", "claimed": "claimed it", "released": "gave it back", "asked_back": "asked back",
    "asker_replied": "replied", "coach_replied": "replied", "noted": "noted", "resolved": "resolved it",
    "dismissed": "closed it without an answer", "reopened": "is back: it is open again", "helped": "was helped",
}
ORIGINS = {
    "handed_over": "The bot had no reliable answer.",
    "still_stuck": "The bot answered, and the asker is still stuck.",
    "requested": "The asker wants a person to look at it.",
}


def card(ticket: Ticket, tried: Answer | None, history: Sequence[HistoryEntry], after: str = "") -> View:
    """`tried` is what the bot had found; `history` says what has happened so far; `after`: the question that this
    one follows."""
    question = escape(shorten(ticket.question, 2500))
    blocks = [
        *sections(f"*{ticket.name}* · {STATES[ticket.state]}\n>" + question.replace("\n", "\n>")),
        fields([
            ("Asker", f"<@{ticket.asker}>"),
            ("Owner", f"<@{ticket.owner}>" if ticket.owner else "nobody yet"),
        ]),
        *([context(f"Asked after: “{escape(shorten(after, 300))}”")] if after else []),
        context(_why(ticket, tried)),
        *_found(tried),
    ]
    if ticket.origin == "still_stuck" and tried is not None and tried.quotes:
        blocks += [context("It said:"), *sections(from_markdown(shortened(tried.quotes[0].text, SAID)), pieces=1)]
    if ticket.files:
        named = [link(str(file["url"]), str(file["name"])) for file in ticket.files[:MAX_FILES]]
        blocks.append(listed("📎 Sent along:", named))
    if ticket.resolution:
        blocks += sections("*Resolution*\n" + escape(shorten(ticket.resolution, 2500)))
    blocks += [context(line) for line in [_last_step(history)] if line]
    return View(f"{ticket.name} ({ticket.state}): {shorten(question, 1000)}", [*blocks, *_buttons(ticket)])


def _why(ticket: Ticket, tried: Answer | None) -> str:
    if tried is not None and tried.language:
        return f"Asked in {escape(name_of(tried.language))}, which the bot does not read."
    if ticket.origin == "handed_over" and tried is not None and tried.choices:
        return "The bot offered what might be meant; it was none of it."
    return ORIGINS[ticket.origin]


def _found(tried: Answer | None) -> list[Block]:
    if tried is None or tried.language:
        return []
    if not tried.hits:
        return [context("It found nothing that comes near.")]
    return [listed(f"Nearest in the knowledge base ({tried.confidence:.0%} sure):", links_to(tried.hits))]


def history_lines(history: Sequence[HistoryEntry]) -> list[str]:
    """Who did what when, a line each, in mrkdwn."""
    return [
        f"{_when(entry)} <@{entry.actor}> {STEPS[entry.step]}"
        + (f": {escape(shorten(entry.text, 200))}" if entry.text else "")
        for entry in history
    ]


def _last_step(history: Sequence[HistoryEntry]) -> str:
    told = [entry for entry in history if entry.step not in {"opened", "claimed", "noted"}]
    return f"Last: <@{told[-1].actor}> {STEPS[told[-1].step]}." if told else ""


def _when(entry: HistoryEntry) -> str:
    """In the reader's own time zone; Slack draws it."""
    return f"<!date^{int(entry.at.timestamp())}^{{date_short_pretty}}, {{time}}|{entry.at:%d %b, %H:%M} UTC>"


def _buttons(ticket: Ticket) -> list[Block]:
    if ticket.state in {"resolved", "closed"}:
        return []
    value = str(ticket.number)
    more = [("History", f"history:{value}"), ("Close without an answer", f"dismiss:{value}")]
    if ticket.owner:
        more.insert(0, ("Give back", f"release:{value}"))
    claim = [] if ticket.owner else [button("Claim", "claim", value, style="primary")]
    return [
        actions(
            f"ticket-{value}", *claim, button("Ask back", "ask_back", value), button("Resolve", "resolve", value),
            overflow("more", more),
        )
    ]
