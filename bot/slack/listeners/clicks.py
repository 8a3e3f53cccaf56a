"""Buttons and menus. Those that open a modal do it at once, while the trigger lives; the others are work for later."""

from __future__ import annotations

import re
from typing import Any

from slack_bolt import Ack, App

from bot.errors import FloorwalkerError
from bot.slack import payloads
from bot.slack.click_forms import NOT_OPENED, form_for, opens
from bot.slack.front import Front
from bot.slack.listeners.opening import leave_to_workers, open_form
from bot.slack.whispers import refuse, whisper


def register(app: App, front: Front) -> None:
    @app.action(re.compile(".*"))
    def keep_click(ack: Ack, body: dict[str, Any]) -> None:
        click = payloads.click(body)
        opening = opens(click.action_id)
        item = front.keep("click", body, held=opening)
        if item is not None and opening:
            if _open_modal(front, click):
                front.inbox.done(item, front.now())
            else:
                leave_to_workers(front, item)
        if item is not None:
            front.wake()
        ack()


def _open_modal(front: Front, click: payloads.Click) -> bool:
    """Open the form, or tell the person alone why not. False: neither could be done here, where no message is."""
    try:
        form = form_for(front, click)
    except FloorwalkerError as refusal:
        if click.at_home:
            return False
        refuse(front.desk, click, refusal, front.now())
        return True
    if open_form(front, click.trigger_id, form):
        return True
    if not click.at_home:
        whisper(front.desk, click, NOT_OPENED, front.now())
    return not click.at_home
