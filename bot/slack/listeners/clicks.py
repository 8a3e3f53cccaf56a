"""Buttons and menus. Those that open a modal do it at once, while the trigger lives; the others are work for later."""

from __future__ import annotations

import re
from typing import Any

from slack_bolt import Ack, App

from bot.errors import FloorwalkerError
from bot.slack import home_steps, payloads, report_steps, review_steps
from bot.slack.forms import OPENS, opened
from bot.slack.front import Front
from bot.slack.listeners.opening import open_form
from bot.slack.whispers import refuse, whisper

NOT_OPENED = "Slack did not open the form. Please press the button once more."


def register(app: App, front: Front) -> None:
    @app.action(re.compile(".*"))
    def keep_click(ack: Ack, body: dict[str, Any]) -> None:
        click = payloads.click(body)
        forms = (OPENS, review_steps.FORMS, home_steps.FORMS, (report_steps.CALLBACK,))
        opens = any(click.action_id in known for known in forms)
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
        coach = front.people.is_coach(click.user)
        if click.action_id == report_steps.CALLBACK:
            form = report_steps.form(click.channel, click.response_url)
        elif click.action_id in home_steps.FORMS:
            form = home_steps.FORMS[click.action_id]()
        elif click.action_id in review_steps.FORMS:
            form = review_steps.form(front.desk, click, coach=coach)
        else:
            form = opened(click.action_id, click.value, front.desk, click.user, front.now(), coach=coach)
    except FloorwalkerError as refusal:
        refuse(front.desk, click, refusal, front.now())
        return
    if not open_form(front, click.trigger_id, form):
        whisper(front.desk, click, NOT_OPENED, front.now())
