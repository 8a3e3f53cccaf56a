"""Opening a form while its trigger lives: three seconds."""

from __future__ import annotations

import logging

from bot.slack.front import Front
from bot.slack.posting import UNREACHED
from bot.slack.views.parts import Block

log = logging.getLogger(__name__)


def open_form(front: Front, trigger_id: str, form: Block) -> bool:
    """False: Slack did not open it."""
    try:
        front.client.views_open(trigger_id=trigger_id, view=form)
    except UNREACHED as error:
        log.warning("a form was not opened: %s", type(error).__name__)
        return False
    return True


def leave_to_workers(front: Front, item: int) -> None:
    """Nothing was opened: a worker tells the person in their direct messages, and tries that again if it must."""
    front.inbox.retry(item, front.now(), "NotOpened")
