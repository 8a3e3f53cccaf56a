"""Modals that were sent. The step is on disk before the modal closes; a refusal is shown beside the field."""

from __future__ import annotations

import re
import threading
from datetime import timedelta
from typing import Any

from slack_bolt import Ack, App

from bot.errors import FloorwalkerError
from bot.slack import keys, payloads
from bot.slack.front import Front
from bot.slack.home_steps import ANSWERED_IN_PLACE
from bot.slack.steps import SUBMITTED, WrongField, submit
from bot.slack.views.home import looking
from bot.slack.whispers import tell_who_ended_it

SHOWN = timedelta(seconds=0.25)
"""From the acknowledgement until Slack shows that the bot is looking: an answer before that would be covered up."""


def register(app: App, front: Front) -> None:
    @app.view(re.compile(".*"))
    def take_submission(ack: Ack, body: dict[str, Any]) -> None:
        sent = payloads.submission(body)
        if sent.blank:
            ack(response_action="errors", errors=dict.fromkeys(sent.blank, "Please write something here."))
            return
        if sent.callback_id in ANSWERED_IN_PLACE:
            kept = front.keep("submission", body, held=True)
            ack(response_action="update", view=looking())
            if kept is not None:
                front.inbox.release(kept, front.now() + SHOWN)
            threading.Timer(SHOWN.total_seconds(), front.wake).start()
            return
        # What is known already may have been refused then: it is tried again. What was done is not done twice.
        item = front.keep("submission", body, held=True)
        try:
            submit(front.desk, sent, front.now(), keys.key_of(body))
        except FloorwalkerError as refusal:
            block = refusal.block if isinstance(refusal, WrongField) else ""
            if not sent.inputs:  # nowhere to say it: the worker, who finds the item held, writes to them
                ack()
                return
            beside = block if block in sent.inputs else sent.inputs[0]
            ack(response_action="errors", errors={beside: refusal.sentence[:2000]})
            if sent.callback_id in SUBMITTED:
                tell_who_ended_it(front.desk, sent.private_metadata, sent.user, refusal, front.now())
        else:
            ack()
        if item is not None:
            front.inbox.done(item, front.now())
            front.wake()
