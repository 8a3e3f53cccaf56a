"""A word for one person only, in mrkdwn: refusals, histories."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.desk.desk import Desk
from bot.desk.lifecycle import HasEnded
from bot.desk.types import Notice, People
from bot.errors import FloorwalkerError, TicketTaken
from bot.slack.mrkdwn import escape, mention
from bot.slack.payloads import Click


def whisper(desk: Desk, click: Click, mrkdwn: str, now: datetime) -> None:
    """Tell the person who clicked, where they clicked. The text is ours; what is from outside must be escaped.

    Of a click at Home the channel must be their direct messages (see `in_reach`): a real message is written there.
    """
    if click.at_home:
        desk.outbox.add(Notice("ops", click.channel, content={"mrkdwn": mrkdwn}), now)
        return
    desk.outbox.add(
        Notice("whisper", click.channel, click.thread_ts, click.user, content={"mrkdwn": mrkdwn},
               respond_url=click.response_url),
        now,
    )


def in_reach(click: Click, people: People) -> Click:
    """The same, with the direct messages in place of a channel where there is none: at Home, and in forms.

    Raises what `People.direct_channel` raises.
    """
    return click if click.channel else replace(click, channel=people.direct_channel(click.user))


def refuse(desk: Desk, click: Click, error: FloorwalkerError, now: datetime) -> None:
    """Tell the person who clicked why nothing happened."""
    if isinstance(error, TicketTaken):
        whisper(desk, click, f"<@{error.owner}> was faster and looks after this ticket.", now)
    elif isinstance(error, HasEnded) and error.by:
        whisper(desk, click, _ended(error), now)
    else:
        whisper(desk, click, escape(error.sentence), now)


def tell_who_ended_it(desk: Desk, number: str, user: str, refusal: FloorwalkerError, now: datetime) -> None:
    """Beside a form's field no name can stand: whoever filled it in in vain hears it in the card's channel."""
    cause = refusal.__cause__ if refusal.__cause__ is not None else refusal
    ended = next((one for one in (refusal, cause) if isinstance(one, HasEnded)), None)
    if ended is None or not ended.by:
        return
    ticket = desk.ticket(int(number))
    desk.outbox.add(Notice("whisper", ticket.card_channel, user=user, content={"mrkdwn": _ended(ended)}), now)


def _ended(error: HasEnded) -> str:
    """That it has ended, and by whom, in mrkdwn."""
    return f"{escape(error.message).rstrip('.')}, by {mention(error.by)}. {escape(error.hint)}".strip()
