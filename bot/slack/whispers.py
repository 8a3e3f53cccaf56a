"""A word for one person only, in mrkdwn: refusals, histories."""

from __future__ import annotations

from datetime import datetime

from bot.desk.desk import Desk
from bot.desk.types import Notice
from bot.errors import FloorwalkerError, TicketTaken
from bot.slack.mrkdwn import escape
from bot.slack.payloads import Click


def whisper(desk: Desk, click: Click, mrkdwn: str, now: datetime) -> None:
    """Tell the person who clicked, where they clicked. The text is ours; what is from outside must be escaped."""
    desk.outbox.add(
        Notice("whisper", click.channel, click.thread_ts, click.user, content={"mrkdwn": mrkdwn},
               respond_url=click.response_url),
        now,
    )


def refuse(desk: Desk, click: Click, error: FloorwalkerError, now: datetime) -> None:
    """Tell the person who clicked why nothing happened."""
    if isinstance(error, TicketTaken):
        whisper(desk, click, f"<@{error.owner}> was faster and looks after this ticket.", now)
    else:
        whisper(desk, click, escape(error.sentence), now)
