"""What a click or a submitted form means for the desk: one call each, the same now and after a restart."""

from __future__ import annotations

from datetime import datetime

from bot.desk.desk import Desk
from bot.slack.payloads import Click, Submission
from bot.slack.views import cards
from bot.slack.views.modals import QUESTION, RESOLUTION, TEACH
from bot.slack.whispers import whisper

CHOOSE = "choose_"
"""Begins the action of a candidate's button; its number follows."""


def press(desk: Desk, click: Click, now: datetime, key: str) -> None:
    """Take the step that a button or menu entry stands for; `key` makes it happen once.

    Raises:
        FloorwalkerError: the desk refuses it; the sentence is for the person who clicked.
    """
    number = int(click.value) if click.value.isdigit() else 0
    match click.action_id:
        case "helped":
            desk.helped(number, click.user, now, respond_url=click.response_url)
        case "still_stuck":
            desk.still_stuck(number, click.user, now, respond_url=click.response_url)
        case action if action.startswith(CHOOSE):
            desk.choose(number, int(action.removeprefix(CHOOSE)), click.user, now, respond_url=click.response_url)
        case "claim":
            desk.claim(number, click.user, now, key=key)
        case "release":
            desk.release(number, click.user, now, key=key)
        case "dismiss":
            desk.dismiss(number, click.user, now, key=key)
        case "history":
            whisper(desk, click, "\n".join(cards.history_lines(desk.history(number))), now)


def submit(desk: Desk, sent: Submission, now: datetime, key: str) -> None:
    """Take the step that a form stands for. Raises as `press` does."""
    number = int(sent.private_metadata)
    match sent.callback_id:
        case "ask_back":
            desk.ask_back(number, sent.user, sent.texts[QUESTION], now, key=key)
        case "resolve":
            desk.resolve(number, sent.user, sent.texts[RESOLUTION], TEACH in sent.ticked, now, key=key)
