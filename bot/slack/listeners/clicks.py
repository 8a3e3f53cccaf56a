"""Buttons and menus. Those that open a modal do it at once, while the trigger lives; the others are work for later."""

from __future__ import annotations

import logging
import re
from typing import Any

from slack_bolt import Ack, App

from bot.desk.types import Ticket
from bot.errors import FloorwalkerError, IllegalStep, NotAllowed
from bot.slack import payloads
from bot.slack.front import Front
from bot.slack.posting import UNREACHED
from bot.slack.views import modals
from bot.slack.whispers import refuse, whisper

log = logging.getLogger(__name__)

OPENS = {"ask_back": modals.ask_back, "resolve": modals.resolve}
NOT_OPENED = "Slack did not open the form. Please press the button once more."


def register(app: App, front: Front) -> None:
    @app.action(re.compile(".*"))
    def keep_click(ack: Ack, body: dict[str, Any]) -> None:
        click = payloads.click(body)
        opens = click.action_id in OPENS
        item = front.keep("click", body, held=opens)
        if item is not None and opens:
            _open_modal(front, click)
            front.inbox.done(item, front.now())
        if item is not None:
            front.wake()
        ack()


def _open_modal(front: Front, click: payloads.Click) -> None:
    """Open the form, or tell the coach alone why not."""
    try:
        ticket = front.desk.ticket(int(click.value))
        _check(ticket, coach=front.people.is_coach(click.user))
        front.client.views_open(trigger_id=click.trigger_id, view=OPENS[click.action_id](ticket))
    except FloorwalkerError as refusal:
        refuse(front.desk, click, refusal, front.now())
    except UNREACHED as error:
        log.warning("a form was not opened: %s", type(error).__name__)
        whisper(front.desk, click, NOT_OPENED, front.now())


def _check(ticket: Ticket, *, coach: bool) -> None:
    """Refuse before anybody fills in a form in vain."""
    if not coach:
        raise NotAllowed("Only coaches can do that.")
    if ticket.state in {"resolved", "closed"}:
        raise IllegalStep(f"{ticket.name} is {ticket.state} already.", hint="The asker's reply opens it again.")
