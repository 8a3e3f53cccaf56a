"""Which clicks open a form, and which one."""

from __future__ import annotations

from bot.slack import home_steps, report_steps, review_steps
from bot.slack.forms import OPENS, opened
from bot.slack.front import Front
from bot.slack.payloads import Click
from bot.slack.views.parts import Block

NOT_OPENED = "Slack did not open the form. Please press the button once more."


def opens(action: str) -> bool:
    """Whether this action opens a form, which has to be done while the click's trigger lives."""
    return any(action in known for known in (OPENS, review_steps.FORMS, home_steps.FORMS, (report_steps.CALLBACK,)))


def form_for(front: Front, click: Click) -> Block:
    """The form that this click opens. Raises FloorwalkerError: it would be filled in in vain."""
    if click.action_id == report_steps.CALLBACK:
        return report_steps.form(click.channel, click.response_url)
    if click.action_id in home_steps.FORMS:
        return home_steps.FORMS[click.action_id]()
    coach = front.people.is_coach(click.user)
    if click.action_id in review_steps.FORMS:
        return review_steps.form(front.desk, click, coach=coach)
    return opened(click.action_id, click.value, front.desk, click.user, front.now(), coach=coach)
