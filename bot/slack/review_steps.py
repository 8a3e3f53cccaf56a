"""What clicks and forms of a review mean for the desk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.desk.desk import Desk
from bot.desk.lessons import Lesson
from bot.desk.reviewing import AlreadyDecided
from bot.errors import NotAllowed
from bot.slack.out_of_date import number_in, typed
from bot.slack.payloads import Click, Submission
from bot.slack.views import reviews
from bot.slack.views.parts import Block
from bot.slack.whispers import whisper

FORMS: Mapping[str, Callable[[Lesson], Block]] = {reviews.EDIT: reviews.edit, reviews.REJECT: reviews.reject}
"""Buttons that open a form."""


def form(desk: Desk, click: Click, *, coach: bool) -> Block:
    """The form that a button opens. Raises what the desk would raise once it is sent."""
    if not coach:
        raise NotAllowed("Only coaches can do that.")
    number, _ = _seen(click.value)
    lesson = desk.lesson(number)
    if lesson.state != "draft":
        raise AlreadyDecided(lesson)
    return FORMS[click.action_id](lesson)


def _approve(desk: Desk, click: Click, now: datetime, key: str) -> None:
    number, version = _seen(click.value)
    _decide(desk, click, now, lambda: desk.approve_lesson(number, click.user, now, version=version, key=key))


def _extend(desk: Desk, click: Click, now: datetime, key: str) -> None:
    value, _, other = click.value.rpartition(":")
    number, version = _seen(value)
    _decide(desk, click, now, lambda: desk.approve_lesson(
        number, click.user, now, extend=number_in(other), version=version, key=key))


def _withdraw(desk: Desk, click: Click, now: datetime, key: str) -> None:
    number, _ = _seen(click.value)
    _decide(desk, click, now, lambda: desk.withdraw_lesson(number, click.user, now, key=key))


def _decide(desk: Desk, click: Click, now: datetime, step: Callable[[], object]) -> None:
    """Who was too late hears who was faster."""
    try:
        step()
    except AlreadyDecided as late:
        whisper(desk, click, f"{late.sentence} By <@{late.by}>." if late.by else late.sentence, now)


PRESSED: Mapping[str, Callable[[Desk, Click, datetime, str], None]] = {
    reviews.APPROVE: _approve, reviews.EXTEND: _extend, reviews.WITHDRAW: _withdraw}


def _edit(desk: Desk, sent: Submission, now: datetime, key: str) -> None:
    number, version = _seen(sent.private_metadata)
    desk.edit_lesson(number, sent.user, typed(sent.texts, reviews.QUESTION),
                     typed(sent.texts, reviews.ANSWER), now, version=version, key=key)


def _reject(desk: Desk, sent: Submission, now: datetime, key: str) -> None:
    number, version = _seen(sent.private_metadata)
    desk.reject_lesson(number, sent.user, sent.texts.get(reviews.WHY, ""), now, version=version, key=key)


SUBMITTED: Mapping[str, Callable[[Desk, Submission, datetime, str], None]] = {
    reviews.EDIT: _edit, reviews.REJECT: _reject}


def _seen(value: str) -> tuple[int, int]:
    """The lesson and its version, as `reviews.seen` wrote them."""
    number, _, version = value.partition(":")
    return number_in(number), number_in(version)
