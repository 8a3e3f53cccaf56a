"""The forms that coaches fill in to write to the asker: a question, a reply, the resolution."""

from __future__ import annotations

from bot.desk.types import Ticket
from bot.slack.mrkdwn import as_written, escape, mention, shorten
from bot.slack.views.parts import Block, context, modal, one_of, sections, text_input, tick_box, within_bytes

QUESTION, REPLY, RESOLUTION, TEACH, REASON = "question", "reply", "resolution", "teach", "reason"
ENDINGS = (("Answered", "answered"), ("Fixed", "fixed"), ("Workaround", "workaround"))
"""How a resolution may end a ticket: labels and reasons."""
ON_CARD = 2500
"""Characters of the question that a card shows; the forms have all of it."""
MOST_BYTES = 60_000
"""That is Slack's longest message. A form may have 250,000, and some have long menus."""


def ask_back(ticket: Ticket) -> Block:
    """A question to the asker."""
    return form(
        "ask_back", f"Ask back: {ticket.name}", "Send", ticket,
        text_input(QUESTION, "Question", hint="Goes to the asker's thread. The ticket then waits for them."),
    )


def reply(ticket: Ticket, suggested: str) -> Block:
    """A reply to the asker, with what is suggested filled in."""
    return form(
        "suggest", f"Reply: {ticket.name}", "Send", ticket,
        text_input(REPLY, "Reply", initial=suggested,
                   hint="Goes to the asker's thread, as you write it here. The ticket stays open."),
    )


def resolve(ticket: Ticket) -> Block:
    """The resolution, and whether others should find it."""
    return form(
        "resolve", f"Resolve: {ticket.name}", "Resolve", ticket,
        text_input(RESOLUTION, "Resolution", hint="Goes to the asker's thread, as you write it here."),
        one_of(REASON, "How it ended", ENDINGS, initial="answered"),
        tick_box(TEACH, "Add to the FAQ", TEACH,
                 description="Once it is approved, the bot answers this to whoever asks the same."),
    )


def form(callback_id: str, title: str, submit: str, ticket: Ticket, *inputs: Block) -> Block:
    """A modal about a ticket: whose question it is stands above what is to be filled in, and a long one below."""
    asked = context(f"{mention(ticket.asker)} asked: {escape(shorten(ticket.question, 300))}")
    blocks = [asked, *inputs, *_whole(ticket)]
    return modal(callback_id, shorten(title, 24), submit, blocks, private_metadata=str(ticket.number))


def _whole(ticket: Ticket) -> list[Block]:
    """All of a question that the card had to cut."""
    if len(ticket.question) <= ON_CARD:
        return []
    return [context("The whole question:"), *within_bytes(sections(as_written(ticket.question)), MOST_BYTES)]
