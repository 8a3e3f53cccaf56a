"""Modals that were sent. The step is on disk before the modal closes; a refusal is shown beside the field."""

from __future__ import annotations

import re
from typing import Any

from slack_bolt import Ack, App

from bot.errors import FloorwalkerError
from bot.slack import payloads
from bot.slack.front import Front
from bot.slack.steps import submit


def register(app: App, front: Front) -> None:
    @app.view(re.compile(".*"))
    def take_submission(ack: Ack, body: dict[str, Any]) -> None:
        sent = payloads.submission(body)
        empty = {block: "Please write something here." for block, text in sent.texts.items() if not text}
        if empty:
            ack(response_action="errors", errors=empty)
            return
        item = front.keep("submission", body, held=True)
        if item is None:
            ack()
            return
        try:
            submit(front.desk, sent, front.now(), payloads.key_of(body))
        except FloorwalkerError as refusal:
            ack(response_action="errors", errors={next(iter(sent.texts)): refusal.sentence[:2000]})
        else:
            ack()
        front.inbox.done(item, front.now())
        front.wake()
