"""The forms that coaches fill in."""

from __future__ import annotations

from bot.desk.types import Ticket
from bot.slack.mrkdwn import escape, shorten
from bot.slack.views.parts import Block, context, modal, text_input, tick_box

QUESTION, RESOLUTION, TEACH = "question", "resolution", "teach"


def ask_back(ticket: Ticket) -> Block:
    """A question to the asker."""
    return modal(
        "ask_back", f"Ask back: {ticket.name}", "Send",
        [
            _asked(ticket),
            text_input(QUESTION, "Question", hint="Goes to the asker's thread. The ticket then waits for them."),
        ],
        private_metadata=str(ticket.number),
    )


def resolve(ticket: Ticket) -> Block:
    """The resolution, and whether others should find it."""
    return modal(
        "resolve", f"Resolve: {ticket.name}", "Resolve",
        [
            _asked(ticket),
            text_input(RESOLUTION, "Resolution", hint="Goes to the asker's thread, as you write it here."),
            tick_box(TEACH, "Add to the FAQ", TEACH, description="The bot then answers this to whoever asks the same."),
        ],
        private_metadata=str(ticket.number),
    )


def _asked(ticket: Ticket) -> Block:
    return context(f"<@{ticket.asker}> asked: {escape(shorten(ticket.question, 300))}")
