"""`/floorwalker`: what can be read is answered at once; what has to be worked on is kept."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App

from bot.answering.small_talk import talk_of
from bot.errors import UnknownTicket
from bot.slack import payloads, report_steps
from bot.slack.admin import ADMINS_ONLY
from bot.slack.command_words import bare, number_meant, says_nothing, subcommand_meant
from bot.slack.front import Front
from bot.slack.listeners.opening import open_form
from bot.slack.mrkdwn import escape, shorten
from bot.slack.views import home, notices

COMMAND = "/floorwalker"
COACHES_ONLY = "Only coaches are on duty. If you should be one of them, ask an admin of this bot."
ON_DUTY = f"You are on duty. `{COMMAND} duty off` changes that."
OFF_DUTY = f"You are off duty. `{COMMAND} duty on` changes that."
NOT_OPENED = f"Slack did not open the form. Please try again, or write `{COMMAND} ticket` and what is wrong."

SAYS_NOTHING = f"What would you like to know? Write it as a sentence, such as `{COMMAND} how do I hand in a receipt?`"
_QUOTED = 100  # characters of what was typed


def register(app: App, front: Front) -> None:
    @app.command(COMMAND)
    def take_command(ack: Ack, body: dict[str, Any]) -> None:
        command = payloads.command(body)
        if command.text.lower().split()[:1] == ["report"]:
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
    number = number_meant(command.text)
    if number is not None:
        return _ticket_told(front, command.user, number)
    word = bare(command.text)
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
        case "report" | "reindex" | "duty on" | "duty off":
            return None
        case _:
            return _asked_back(command.text)


def _ticket_told(front: Front, user: str, number: int) -> str:
    """How a ticket stands, for its asker and the coaches. Nobody else learns whether there is one."""
    try:
        ticket = front.desk.ticket(number)
    except UnknownTicket:
        ticket = None
    if ticket is None or (user != ticket.asker and not front.people.is_coach(user)):
        return f"You have no ticket FW-{number}. `{COMMAND} status` shows yours."
    return home.ticket_lines([ticket])


def _asked_back(text: str) -> str | None:
    """A short question where somebody has mistyped, or typed nothing that can be searched; no ticket comes of it."""
    if talk_of(text):
        return None
    meant = subcommand_meant(text)
    if meant:
        return (f"Did you mean `{COMMAND} {meant}`? If it is a question, write "
                f"`{COMMAND} ask {escape(shorten(' '.join(text.split()), _QUOTED).replace('`', ''))}`.")
    return SAYS_NOTHING if says_nothing(text) else None


def _open_report(ack: Ack, front: Front, command: payloads.Command, body: dict[str, Any]) -> None:
    """The form, while the trigger lives, with what stands behind the word filled in."""
    item = front.keep("command", body, held=True)
    if item is None:
        ack()
        return
    what = command.text.strip()[len("report"):].strip()
    form = report_steps.form(command.channel, command.response_url, what)
    is_open = open_form(front, payloads.trigger_of(body), form)
    front.inbox.done(item, front.now())
    ack() if is_open else ack(text=NOT_OPENED)
