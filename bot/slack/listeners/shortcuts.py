"""Shortcuts: *Create ticket* on a message is kept for later, *Report a problem* opens its form at once."""

from __future__ import annotations

import re
from typing import Any

from slack_bolt import Ack, App

from bot.slack import payloads, report_steps
from bot.slack.front import Front
from bot.slack.listeners.opening import leave_to_workers, open_form

CREATE_TICKET = "create_ticket"


def register(app: App, front: Front) -> None:
    @app.shortcut(re.compile(".*"))
    def take_shortcut(ack: Ack, body: dict[str, Any]) -> None:
        opens = body["callback_id"] == report_steps.CALLBACK
        if opens or body["callback_id"] == CREATE_TICKET:
            item = front.keep("shortcut", body, held=opens)
            if item is not None and opens:
                if open_form(front, payloads.trigger_of(body), report_steps.form()):
                    front.inbox.done(item, front.now())
                else:
                    leave_to_workers(front, item)
            if item is not None:
                front.wake()
        ack()
