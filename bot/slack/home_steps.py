"""What is done on the Home tab: a question is asked in a form, and answered in its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.desk.desk import Desk
from bot.desk.types import Asked
from bot.slack.open_forms import IN_VIEW
from bot.slack.out_of_date import typed
from bot.slack.payloads import Submission
from bot.slack.views import home
from bot.slack.views.parts import Block

FORMS: Mapping[str, Callable[[], Block]] = {home.ASK: home.ask_form}
"""Buttons that open a form, for everybody."""
ANSWERED_IN_PLACE = frozenset({home.ASK})
"""Forms that stay open for what comes of them, which takes longer than Slack waits."""


def ask(desk: Desk, sent: Submission, channel: str, now: datetime, key: str) -> None:
    """`channel`: the direct messages with whoever asks, where the answer goes if the form was closed meanwhile."""
    desk.ask(Asked(key, sent.user, typed(sent.texts, home.QUESTION), "home", channel, None,
                   respond_url=f"{IN_VIEW}{sent.view_id}"), now)
