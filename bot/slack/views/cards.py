"""The ticket's card in the coaches' channel: everything to decide, and the buttons to do it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.answering.quoting import shortened
from bot.answering.types import Answer
from bot.desk.lifecycle import OPEN
from bot.desk.similar import SimilarTicket
from bot.desk.surroundings import Suggestion, Surroundings
from bot.desk.types import HistoryEntry, Priority, Ticket
from bot.slack.mrkdwn import as_written, escape, from_markdown, link, mention, moment, shorten
from bot.slack.views.answers import links_to
from bot.slack.views.history import handed_over_by, last_step
from bot.slack.views.languages import name_of
from bot.slack.views.modals import ON_CARD
from bot.slack.views.parts import (
    Block,
    View,
    actions,
    button,
    context,
    fields,
    listed,
    overflow,
    section_with,
    sections,
)

SAID = 400
"""Characters of the bot's answer that a card repeats, in whole blocks."""
SUGGESTED = 450
"""Characters of a suggested reply that a card shows; the form has all of it."""
MAX_FILES, MAX_NAMED = 9, 12
NO_AREA = "The whole desk"

STATES = {
    "new": "🔔 New", "claimed": "🙋 Claimed", "waiting": "⏳ Waiting for the asker",
    "parked": "⏸️ Waiting for a third party", "resolved": "✅ Resolved", "closed": "⚪ Closed",
}
PRIORITIES: Mapping[Priority, str] = {"urgent": "🚨 Urgent", "high": "🔺 High", "normal": "Normal", "low": "Low"}
ORIGINS = {
    "handed_over": "The bot had no reliable answer.",
    "still_stuck": "The bot answered, and the asker is still stuck.",
    "requested": "The asker wants a person to look at it.",
}
REASONS = {
    "answered": "answered", "fixed": "fixed", "workaround": "with a workaround", "settled": "it has settled itself",
    "not_a_request": "it was no request", "duplicate": "the same as another ticket", "merged": "merged into another",
}
ALONE = Surroundings()
DUE = {"first_response": "First answer due", "next_response": "Next answer due", "resolution": "To be resolved by"}
SORT, PASS, SAME, WAIT, GO_ON, NOT_A_REQUEST, OPEN_AGAIN = (
    "Priority, area, tags", "Pass on or give back", "Same as another ticket", "Wait or snooze", "Go on",
    "Not a request", "Open again")


def card(ticket: Ticket, tried: Answer | None, history: Sequence[HistoryEntry], after: str = "",
         around: Surroundings = ALONE, due: Mapping[str, datetime | None] | None = None,
         now: datetime | None = None) -> View:
    """The card as it is now.

    `tried`: what the bot had found; `history`: what has happened so far; `after`: the question that this one follows;
    `due`: by the names in `DUE`, when what is still open has to be done.
    """
    question = as_written(shorten(ticket.question, ON_CARD))
    blocks = [
        *sections(f"{_heading(ticket)}\n>" + question.replace("\n", "\n>")),
        *_cut(ticket),
        _who(ticket, around),
        *([context(f"Asked after: “{escape(shorten(after, 300))}”")] if after else []),
        *_files(ticket),
        *_found(ticket, tried, history),
        *_alike(around.similar),
        *_suggestion(ticket, around.suggestion),
        *_resolution(ticket),
        *_named(ticket, around),
        *_times(ticket, due or {}, now),
        *_last(ticket, history),
        *_buttons(ticket),
    ]
    asked = f", for <@{ticket.assigned}>" if ticket.assigned and not ticket.owner else ""
    return View(f"{ticket.name} ({ticket.state}{asked}): {shorten(question, 1000)}", blocks)


def left(ticket: Ticket, author: str) -> View:
    """A former card: where to look instead."""
    where = f"<#{ticket.card_channel}>" + (f" ({escape(shorten(ticket.area, 100))})" if ticket.area else "")
    text = f"➡️ *{ticket.name}* has moved to {where}" + (f", says <@{author}>." if author else ".")
    question = context(escape(shorten(ticket.question.replace("\n", " "), 200)) or " ")
    return View(text, [*sections(text), question])


def _heading(ticket: Ticket) -> str:
    marks = [f"*{ticket.name}*", STATES[ticket.state]]
    if ticket.priority in ("urgent", "high"):
        marks.append(f"*{PRIORITIES[ticket.priority]}*")
    return " · ".join(marks)


def _cut(ticket: Ticket) -> list[Block]:
    """Where to read the rest of a question: one message holds no more of it."""
    form = "*Ask back*" if ticket.state in OPEN else "*Tags* (in the menu)"
    return [context(f"✂️ All of it stands in the form of {form}.")] if len(ticket.question) > ON_CARD else []


def _who(ticket: Ticket, around: Surroundings) -> Block:
    known = ", ".join(escape(part) for part in (around.role, around.site) if part)
    owner = mention(ticket.owner) if ticket.owner else "nobody yet"
    if not ticket.owner and ticket.assigned:
        owner = f"asked: <@{ticket.assigned}>"
    return fields([
        ("Asker", mention(ticket.asker) + (f"\n{known}" if known else "")), ("Owner", owner),
        ("Area", escape(ticket.area) or NO_AREA), ("Priority", PRIORITIES[ticket.priority]),
    ])


def _files(ticket: Ticket) -> list[Block]:
    named = [link(str(file["url"]), str(file["name"])) for file in ticket.files[:MAX_FILES]]
    return [listed("📎 Sent along:", named)] if named else []


def _found(ticket: Ticket, tried: Answer | None, history: Sequence[HistoryEntry]) -> list[Block]:
    """Why it is here, and what the bot knows that may help."""
    blocks = [context(" ".join(filter(None, (handed_over_by(history), _why(ticket, tried, history)))))]
    if tried is None or tried.language:
        return blocks
    near = [listed(f"Nearest in the knowledge base ({tried.confidence:.0%} sure):", links_to(tried.hits))]
    blocks += near if tried.hits else [context("It found nothing that comes near.")]
    if ticket.origin == "still_stuck" and tried.quotes:
        blocks += [context("It said:"), *sections(from_markdown(shortened(tried.quotes[0].text, SAID)), pieces=1)]
    return blocks


def _why(ticket: Ticket, tried: Answer | None, history: Sequence[HistoryEntry]) -> str:
    if handed_over_by(history):
        return "The bot had answered it." if ticket.origin == "still_stuck" else ""
    if tried is not None and tried.language:
        return f"Asked in {escape(name_of(tried.language))}, which the bot does not read."
    if ticket.origin == "handed_over" and tried is not None and tried.choices:
        return "The bot offered what might be meant; it was none of it."
    return ORIGINS[ticket.origin]


def _alike(similar: Sequence[SimilarTicket]) -> list[Block]:
    if not similar:
        return []
    lines = [f"• *{one.ticket.name}* {_in_short(one.ticket.question, 120)}"
             f" → {_in_short(one.ticket.resolution or '', 200)}" for one in similar]
    return sections("*Resolved before*\n" + "\n".join(lines))


def _suggestion(ticket: Ticket, suggestion: Suggestion | None) -> list[Block]:
    if suggestion is None or ticket.state not in OPEN:
        return []
    text = shorten(suggestion.text.strip(), SUGGESTED)
    shown = from_markdown(text) if suggestion.markdown else escape(text)
    head = f"*Suggested reply* · from {link(suggestion.url, suggestion.source)}"
    came_from = f":{suggestion.ticket}" if suggestion.ticket else ""
    send = button("Send suggestion", "suggest", f"{ticket.number}{came_from}")
    first, *more = sections(f"{head}\n>" + shown.replace("\n", "\n>"), pieces=2)
    return [section_with(first, send), *more]


def _resolution(ticket: Ticket) -> list[Block]:
    if ticket.state in OPEN:
        return []
    how = f" · {REASONS[ticket.reason]}" if ticket.reason else ""
    if ticket.duplicate_of is not None:
        return [context(f"Ended{how}: *FW-{ticket.duplicate_of}*")]
    if ticket.resolution:
        return sections(f"*Resolution*{how}\n" + as_written(shorten(ticket.resolution, 2500)))
    return [context(f"Ended{how}")] if how else []


def _named(ticket: Ticket, around: Surroundings) -> list[Block]:
    """Tags and other tickets, on one small line."""
    parts = []
    if around.tags:
        parts.append("🏷️ " + ", ".join(escape(tag) for tag in around.tags))
    if around.related:
        parts.append("Related: " + _numbers(around.related, with_state=True))
    if around.duplicates:
        parts.append("Also asked in " + _numbers(around.duplicates))
    return [listed("", parts)] if parts else []


def _numbers(tickets: Sequence[Ticket], *, with_state: bool = False) -> str:
    named = [f"*{one.name}*" + (f" ({one.state})" if with_state else f" by {mention(one.asker)}") for one in
             tickets[:MAX_NAMED]]
    if len(tickets) > MAX_NAMED:
        named.append(f"and {len(tickets) - MAX_NAMED} more")
    return ", ".join(named)


def _times(ticket: Ticket, due: Mapping[str, datetime | None], now: datetime | None) -> list[Block]:
    if ticket.state not in OPEN:
        return []
    lines = [f"🚨 Late: {words[0].lower()}{words[1:]} {moment(at)}" if now and at < now else f"⏱️ {words} {moment(at)}"
             for name, words in DUE.items() if (at := due.get(name)) is not None]
    if ticket.snoozed_until is not None:
        lines.append(f"💤 Nobody is reminded until {moment(ticket.snoozed_until)}")
    return [context(" · ".join(lines))] if lines else []


def _last(ticket: Ticket, history: Sequence[HistoryEntry]) -> list[Block]:
    """The last step, and the way to all of them."""
    line = last_step(history) or f"Asked {moment(ticket.opened_at)}"
    return [section_with(sections(line)[0], button("History", "history", str(ticket.number)))]


def _in_short(text: str, most: int) -> str:
    return escape(shorten(" ".join(text.split()), most))


def _buttons(ticket: Ticket) -> list[Block]:
    value = str(ticket.number)
    claim = [] if ticket.owner else [button("Claim", "claim", value, style="primary")]
    more = overflow("more", [(label, f"{step}:{value}") for label, step in _menu(ticket)])
    if ticket.state not in OPEN:
        return [actions(f"ticket-{value}", more)]
    return [actions(f"ticket-{value}", *claim, button("Ask back", "ask_back", value),
                    button("Resolve", "resolve", value), more)]


def _menu(ticket: Ticket) -> list[tuple[str, str]]:
    """Two to five entries: Slack shows no more."""
    if ticket.state not in OPEN:
        return [(OPEN_AGAIN, "reopen"), ("Tags", "sort"), ("Related ticket", "same")]
    rests = ticket.state == "parked" or ticket.snoozed_until is not None
    wait = (GO_ON, "resume") if rests else (WAIT, "wait")
    return [(SORT, "sort"), (PASS, "pass_on"), (SAME, "same"), wait, (NOT_A_REQUEST, "not_a_request")]
