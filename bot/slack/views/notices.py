"""Everything else that the bot says: to the asker about the ticket, to the coaches in the card's thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.desk.types import Ticket
from bot.slack.mrkdwn import as_written, escape, link, shorten, shorten_mrkdwn
from bot.slack.views.parts import View, actions, button, sections

SMALL_TALK = {
    "greeting": "Hello! What would you like to know? Ask me in a sentence, for example “How do I hand in a receipt?”",
    "thanks": "You are welcome. Ask me whenever you are stuck.",
    "farewell": "See you! Ask me whenever you are stuck.",
    "settled": "All right. Ask me whenever you are stuck.",
    "help": "I answer questions about the roll-out from the training material and show you where it stands. What I "
            "don't know goes to a coach, and you get a ticket number. Just ask, for example “How do I hand in a "
            "receipt?”",
}

_NAMED = 5  # open tickets
_SHORT = 80  # characters of a question by which its asker knows it again


def said(text: str) -> View:
    """A text of ours, in mrkdwn."""
    return View(shorten_mrkdwn(text, 3000), sections(text))


def claimed(ticket: Ticket) -> View:
    return said(f"<@{ticket.owner}> is looking after *{ticket.name}* now and will reply here.")


def released(ticket: Ticket) -> View:
    return said(f"*{ticket.name}* is back with all coaches; the next one who is free will reply here.")


def asked_back(ticket: Ticket, text: str, author: str) -> View:
    return said(f"<@{author}> has a question about *{ticket.name}*:\n{_bar(text)}\nPlease reply here in this thread.")


def passed_to(ticket: Ticket, author: str) -> View:
    """The asker hears who goes on; `author` has passed it on."""
    return said(f"<@{ticket.owner}> is looking after *{ticket.name}* now and will reply here: "
                f"<@{author}> has passed it on.")


def parked(ticket: Ticket, text: str, author: str) -> View:
    return said(f"*{ticket.name}* has to wait for somebody else, says <@{author}>:\n{_bar(text)}\n"
                "You will hear here when it goes on. What you write here still reaches the coaches.")


def resumed(ticket: Ticket, author: str) -> View:
    return said(f"It goes on: <@{author}> is looking after *{ticket.name}* again.")


def duplicate(ticket: Ticket, of: int, *, merged: bool) -> View:
    """`merged`: the other one is the asker's own."""
    if merged:
        return said(f"*{ticket.name}* and your *FW-{of}* are about the same, so we go on with *FW-{of}*, "
                    "in its own thread.")
    return said(f"*{ticket.name}* is about the same as *FW-{of}*, which is being looked after already: you will hear "
                "here how it ends.\nIf yours is something else, just reply here: that opens it again.")


def relayed(text: str, author: str, files: Sequence[Mapping[str, Any]]) -> View:
    """What a person wrote in the other thread, under their name."""
    lines = [f"<@{author}>: {as_written(text)}" if text else f"<@{author}> sent:"]
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


def open_again(ticket: Ticket, author: str) -> View:
    """For the asker. `author`: the coach who opened it; empty: they did, by what they wrote."""
    by = f", says <@{author}>" if author else ""
    who = f"<@{ticket.owner}>" if ticket.owner else "a coach"
    return said(f"🔁 *{ticket.name}* is open again{by}: {who} will reply here in this thread.")


def not_needed(ticket: Ticket, author: str) -> View:
    """For the coaches: whether to close it is theirs to say, in one click."""
    text = f"💡 <@{author}> seems to need *{ticket.name}* no longer."
    close = actions(f"not-needed-{ticket.number}", button("Close without an answer", "dismiss", str(ticket.number)))
    return View(text, [*sections(text), close])


def small_talk(talk: str, here: str, tickets: Sequence[tuple[str, str]]) -> View:
    """A short reply to what is no question. `here`: the ticket in whose thread it was said.

    `tickets`: names and questions of the asker's open ones.
    """
    text = SMALL_TALK[talk]
    if talk == "settled" and here:
        text = f"All right, the coaches know now that *{here}* has settled itself."
    elif talk == "settled" and tickets:
        text += "\nIf you mean one of these, say so in its thread, then the coaches close it:"
        text += "".join(f"\n• *{name}* · {_in_short(question)}" for name, question in tickets[:_NAMED])
        if len(tickets) > _NAMED:
            text += f"\n… and {len(tickets) - _NAMED} more."
    return said(text)


def noted(text: str, author: str, whom: str = "") -> View:
    """`text` goes on behind the author's name. `whom`: who should look."""
    to = f"<@{whom}>: " if whom else ""
    return said(to + (f"<@{author}> {as_written(text)}" if author else escape(text)))


def help_text(*, coach: bool, admin: bool) -> str:
    lines = [
        "*I answer questions about the roll-out* from the training material. What I don't know goes to a coach.",
        "• Write to me here in direct messages, or mention me in a channel.",
        "• `/floorwalker QUESTION` · only you see the answer.",
        "• `/floorwalker ticket WHAT IS WRONG` · straight to the coaches.",
        "• `/floorwalker report` · a short form, also straight to the coaches.",
        "• `/floorwalker status` · your tickets.",
    ]
    if coach:
        lines.append("*As a coach:* claim a card, reply in its thread (the asker sees it, unless it starts with `//`), "
                     "press *Resolve* when it is done. *More* sorts tickets: priority, area, pass on, the same as "
                     "another, wait. On the Home tab, or with `/floorwalker duty off`, you go off duty, and "
                     "back with `duty on`.")
    if admin:
        lines.append("*As an admin:* `/floorwalker reindex` takes in changed documents, `/floorwalker health` tells "
                     "how I am.")
    return "\n".join(lines)


def _in_short(question: str) -> str:
    return f"“{escape(shorten(' '.join(question.split()), _SHORT))}”"


def _bar(text: str) -> str:
    return ">" + as_written(text).replace("\n", "\n>")
