"""Everything else that the bot says: to the asker about the ticket, to the coaches in the card's thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.desk.types import Ticket
from bot.slack.mrkdwn import escape, link, shorten
from bot.slack.views.parts import View, sections


def said(text: str) -> View:
    """A text of ours, in mrkdwn."""
    return View(shorten(text, 3000), sections(text))


def claimed(ticket: Ticket) -> View:
    return said(f"<@{ticket.owner}> is looking after *{ticket.name}* now and will reply here.")


def released(ticket: Ticket) -> View:
    return said(f"*{ticket.name}* is back with all coaches; the next one who is free will reply here.")


def asked_back(ticket: Ticket, text: str, author: str) -> View:
    return said(f"<@{author}> has a question about *{ticket.name}*:\n{_bar(text)}\nPlease reply here in this thread.")


def relayed(text: str, author: str, files: Sequence[Mapping[str, Any]]) -> View:
    """What a person wrote in the other thread, under their name."""
    lines = [f"<@{author}>: {escape(text)}" if text else f"<@{author}> sent:"]
    lines += [f"📎 {link(str(file['url']), str(file['name']))}" for file in files]
    return said("\n".join(lines))


def removed(author: str) -> View:
    return said(f"_<@{author}> deleted this message._")


def resolved(ticket: Ticket, text: str, author: str) -> View:
    return said(
        f"✅ <@{author}> resolved *{ticket.name}*:\n{_bar(text)}\n"
        "If it does not help, just reply here: that opens the ticket again."
    )


def dismissed(ticket: Ticket, author: str) -> View:
    return said(f"<@{author}> closed *{ticket.name}*. If you still need help, reply here: that opens it again.")


def reopened(ticket: Ticket) -> View:
    owner = f" <@{ticket.owner}>, it is still yours." if ticket.owner else ""
    return said(f"🔁 <@{ticket.asker}> is back: *{ticket.name}* is open again.{owner}")


def noted(text: str, author: str) -> View:
    return said(f"<@{author}> {escape(text)}" if author else escape(text))


def help_text(*, coach: bool, admin: bool) -> str:
    lines = [
        "*I answer questions about the roll-out* from the training material. What I don't know goes to a coach.",
        "• Write to me here in direct messages, or mention me in a channel.",
        "• `/floorwalker QUESTION` · only you see the answer.",
        "• `/floorwalker ticket WHAT IS WRONG` · straight to the coaches.",
        "• `/floorwalker status` · your tickets.",
    ]
    if coach:
        lines.append("*As a coach:* claim a card, reply in its thread (the asker sees it, unless it starts with `//`), "
                     "press *Resolve* when it is done.")
    if admin:
        lines.append("*As an admin:* `/floorwalker reindex` takes in changed documents, `/floorwalker health` tells "
                     "how I am.")
    return "\n".join(lines)


def _bar(text: str) -> str:
    return ">" + escape(text).replace("\n", "\n>")
