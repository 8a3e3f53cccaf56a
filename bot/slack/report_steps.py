"""What a reported problem means for the desk."""

from __future__ import annotations

from datetime import datetime
from typing import cast, get_args

from bot.desk.desk import Desk
from bot.desk.types import Asked, Priority
from bot.slack.out_of_date import known, typed
from bot.slack.payloads import Submission
from bot.slack.views.parts import Block
from bot.slack.views.problems import AFFECTED, HOW_BAD, LINK, REPORT, WHAT, WHO, report_form

CALLBACK = REPORT
_ALONE = AFFECTED[0][1]
_LONGEST_METADATA = 3000


def form(channel: str = "", respond_url: str = "", what: str = "") -> Block:
    """`channel` and `respond_url`: where the person looks while they fill it in, if that is known. `what`: what they
    have said already."""
    opened_in = f"{channel} {respond_url}".strip()
    return report_form(opened_in if len(opened_in) <= _LONGEST_METADATA else channel, what)


def submit(desk: Desk, sent: Submission, now: datetime, key: str) -> None:
    """Open a ticket for who sent the form. Raises what `Desk.request` raises."""
    channel, _, respond_url = sent.private_metadata.partition(" ")
    link, affected = sent.texts.get(LINK, ""), sent.chosen.get(WHO, _ALONE)
    desk.request(Asked(
        key, sent.user, typed(sent.texts, WHAT), "shortcut", channel, None,
        files=({"id": "", "name": link, "url": link},) if link else (), respond_url=respond_url,
        priority=cast(Priority, known(sent.chosen[HOW_BAD], get_args(Priority))) if HOW_BAD in sent.chosen else None,
        tags=() if affected == _ALONE else (f"affects {affected}",)), now)
