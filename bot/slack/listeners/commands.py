"""`/floorwalker`: what can be read is answered at once; what has to be worked on is kept."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App

from bot.slack import payloads, report_steps
from bot.slack.admin import ADMINS_ONLY
from bot.slack.front import Front
from bot.slack.listeners.opening import open_form
from bot.slack.views import home, notices

COMMAND = "/floorwalker"
COACHES_ONLY = "Only coaches are on duty. If you should be one of them, ask an admin of this bot."
ON_DUTY = f"You are on duty. `{COMMAND} duty off` changes that."
OFF_DUTY = f"You are off duty. `{COMMAND} duty on` changes that."
NOT_OPENED = f"Slack did not open the form. Please try again, or write `{COMMAND} ticket` and what is wrong."


def register(app: App, front: Front) -> None:
    @app.command(COMMAND)
    def take_command(ack: Ack, body: dict[str, Any]) -> None:
        command = payloads.command(body)
        if command.text.lower().strip() == "report":
            _open_report(ack, front, command, body)
            return
        told = _told_at_once(front, command)
        if told is not None:
            ack(text=told)
            return
        if front.keep("command", body) is not None:
            front.wake()
        ack()


def _told_at_once(front: Front, command: payloads.Command) -> str | None:
    word = command.text.lower().strip()
    match word:
        case "" | "help":
            user, people = command.user, front.people
            return notices.help_text(coach=people.is_coach(user), admin=people.is_admin(user))
        case "status":
            return home.ticket_lines(front.desk.tickets_of(command.user))
        case "health" | "reindex" if not front.people.is_admin(command.user):
            return ADMINS_ONLY
        case "health":
            return front.admin.health_text()
        case "duty" | "duty on" | "duty off" if not front.people.is_coach(command.user):
            return COACHES_ONLY
        case "duty":
            return OFF_DUTY if front.desk.off_duty(command.user) else ON_DUTY
        case "ticket" | "ask":
            return f"Write what it is about behind the word: `{COMMAND} {word} …`"
        case _:
            return None


def _open_report(ack: Ack, front: Front, command: payloads.Command, body: dict[str, Any]) -> None:
    """The form, while the trigger lives."""
    item = front.keep("command", body, held=True)
    if item is None:
        ack()
        return
    is_open = open_form(front, payloads.trigger_of(body), report_steps.form(command.channel, command.response_url))
    front.inbox.done(item, front.now())
    ack() if is_open else ack(text=NOT_OPENED)
