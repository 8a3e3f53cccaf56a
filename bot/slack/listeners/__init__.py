"""Where Slack's requests arrive. A listener keeps what came, makes one call and acknowledges; the work comes after.

Bolt runs these listeners before it acknowledges (`process_before_response`): what is kept here is on disk by the
time Slack hears that it arrived; an exception in here means: not acknowledged, Slack sends it again.
"""

from __future__ import annotations

from slack_bolt import App

from bot.slack.front import Front
from bot.slack.listeners import clicks, commands, events, shortcuts, submissions


def register(app: App, front: Front) -> None:
    """Attach every listener to the app."""
    for room in (events, clicks, submissions, commands, shortcuts):
        room.register(app, front)
