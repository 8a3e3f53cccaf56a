"""`/floorwalker`: what can be read is answered at once; what has to be worked on is kept."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App

from bot.slack import payloads
from bot.slack.front import Front
from bot.slack.views import home, notices

COMMAND = "/floorwalker"
ADMINS_ONLY = "Only admins of this bot can do that. They are named under [desk] admins in its settings."


def register(app: App, front: Front) -> None:
    @app.command(COMMAND)
    def take_command(ack: Ack, body: dict[str, Any]) -> None:
        command = payloads.command(body)
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
        case "ticket" | "ask":
            return f"Write what it is about behind the word: `{COMMAND} {word} …`"
        case _:
            return None
