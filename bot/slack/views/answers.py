"""What the asker gets to see."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answering.types import Answer, Quote
from bot.desk.types import Ticket
from bot.slack.mrkdwn import escape, from_markdown, link, shorten
from bot.slack.views.parts import DIVIDER, Block, View, actions, button, context, listed, sections
from indexer.types import Hit

MAX_TEXT = 2500
"""The plain text of a message: chat.update refuses more than 4,000 characters."""


def answer(answer_id: int, found: Answer) -> View:
    """The quote, its source, and the two buttons."""
    view = _quoted(found)
    value = str(answer_id)
    buttons = actions(
        "feedback",
        button("That helped", "helped", value, style="primary"),
        button("Still stuck", "still_stuck", value),
    )
    return View(view.text, [*view.blocks, buttons])


def settled(found: Answer, outcome: str, ticket: Ticket | None) -> View:
    """The same answer after a button was pressed: what became of it stands in the buttons' place."""
    view = _quoted(found)
    note = "✅ Glad that helped."
    if outcome == "passed_on" and ticket is not None:
        note = f"🎫 Passed on to the coaches as *{ticket.name}*."
    return View(view.text, [*view.blocks, context(note)])


def handed_over(ticket: Ticket, hits: Sequence[Hit]) -> View:
    """The honest sentence, the number, and what happens next."""
    text = (
        f"I don't have a reliable answer to that, so I have passed it on: your ticket is *{ticket.name}*.\n"
        "A coach will reply here in this thread. You can add details below at any time."
    )
    return View(text, [*sections(text), *_nearest(hits)])


def passed_on(ticket: Ticket) -> View:
    text = (
        f"Sorry that this did not solve it. Your ticket is *{ticket.name}*: a coach will reply here in this thread.\n"
        "It helps them to know what you tried and what you see on the screen; just write it below."
    )
    return View(text, sections(text))


def thread_opener(ticket: Ticket) -> View:
    text = (
        f"🎫 *{ticket.name}* · you asked:\n>{escape(shorten(ticket.question, 1500)).replace(chr(10), chr(10) + '>')}\n"
        "A coach will reply here in this thread. You can add details below at any time."
    )
    return View(text, sections(text))


def ticket_pointer(ticket: Ticket) -> View:
    text = (
        f"I don't have a reliable answer to that, so I have passed it on: your ticket is *{ticket.name}*. "
        "I have opened a thread for it in our direct messages; a coach will reply there."
    )
    return View(text, sections(text))


def clarify(reason: str) -> View:
    text = "What would you like to know? Ask me in a sentence, for example “How do I hand in a receipt?”"
    if reason == "only_file":
        text = "I can't read files or pictures. What is it about? A sentence helps; I keep the file for the coaches."
    return View(text, sections(text))


def source_of(quote: Quote) -> str:
    """Document and section as a link, where there is one to point to."""
    return link(quote.url or "", f"{quote.title} › {quote.section}" if quote.section else quote.title)


def _quoted(found: Answer) -> View:
    best = found.quotes[0]
    body = from_markdown(best.text)
    blocks: list[Block] = [*sections(body), context(f"📄 Source: {source_of(best)}")]
    if len(found.quotes) > 1:
        blocks.append(listed("See also:", [source_of(quote) for quote in found.quotes[1:3]]))
    return View(f"{shorten(body, MAX_TEXT)}\n\n📄 Source: {source_of(best)}", blocks)


def _nearest(hits: Sequence[Hit]) -> list[Block]:
    links = links_to(hits)
    return [DIVIDER, listed("The nearest that I have, in case it helps:", links)] if links else []


def links_to(hits: Sequence[Hit], most: int = 3) -> list[str]:
    """The documents of the best hits, each once, in mrkdwn."""
    named = {hit.document_id: link(hit.url or "", hit.title) for hit in reversed(hits[:most])}
    return list(reversed(named.values()))
