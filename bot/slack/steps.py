"""What a click or a submitted form means for the desk: the same calls now and after a restart."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TypeAlias, cast, get_args

from bot.desk.desk import Desk
from bot.desk.types import Priority, Reason
from bot.errors import FloorwalkerError
from bot.slack import report_steps, review_steps
from bot.slack.out_of_date import known, moment_in, number_in, typed
from bot.slack.payloads import Click, Submission
from bot.slack.views.history import history_lines
from bot.slack.views.modals import QUESTION, REASON, REPLY, RESOLUTION, TEACH
from bot.slack.views.sorting import AREA, COACH, NOTE, OTHER, PRIORITY, TAGS, UNTIL, WAITS_FOR, WHAT, area_value
from bot.slack.whispers import whisper

CHOOSE = "choose_"
"""Begins the action of a candidate's button; its number follows."""
_TICKET = re.compile(r"(?:FW[-\s]?)?(\d{1,9})", re.IGNORECASE)


class WrongField(FloorwalkerError):
    """This cannot be what is meant."""

    def __init__(self, sentence: str, block: str) -> None:
        """`block`: the field beside which the sentence belongs."""
        super().__init__(sentence)
        self.block = block


def press(desk: Desk, click: Click, now: datetime, key: str) -> None:
    """Take the step that a button or menu entry stands for; `key` makes it happen once.

    Raises:
        FloorwalkerError: the desk refuses it; the sentence is for the person who clicked.
    """
    if click.action_id.startswith(CHOOSE):
        number = number_in(click.action_id.removeprefix(CHOOSE))
        desk.choose(number_in(click.value), number, click.user, now, respond_url=click.response_url)
    elif click.action_id in PRESSED:
        PRESSED[click.action_id](desk, click, now, key)
    elif click.action_id in review_steps.PRESSED:
        review_steps.PRESSED[click.action_id](desk, click, now, key)


def submit(desk: Desk, sent: Submission, now: datetime, key: str) -> None:
    """Take the step that a form stands for.

    Raises:
        FloorwalkerError: as `press` does; a `WrongField` if one field is to blame.
    """
    if sent.callback_id in SUBMITTED:
        SUBMITTED[sent.callback_id](desk, sent, number_in(sent.private_metadata), now, key)
    elif sent.callback_id == report_steps.CALLBACK:
        report_steps.submit(desk, sent, now, key)
    elif sent.callback_id in review_steps.SUBMITTED:
        review_steps.SUBMITTED[sent.callback_id](desk, sent, now, key)


@contextmanager
def _beside(block: str) -> Iterator[None]:
    """What the desk refuses in here is the fault of this field."""
    try:
        yield
    except FloorwalkerError as refusal:
        raise WrongField(refusal.sentence, block) from refusal


# ---- buttons and menu entries ---------------------------------------------------------------------------------------

def _helped(desk: Desk, click: Click, now: datetime, _key: str) -> None:
    desk.helped(number_in(click.value), click.user, now, respond_url=click.response_url)


def _still_stuck(desk: Desk, click: Click, now: datetime, _key: str) -> None:
    desk.still_stuck(number_in(click.value), click.user, now, respond_url=click.response_url)


def _history(desk: Desk, click: Click, now: datetime, _key: str) -> None:
    whisper(desk, click, "\n".join(history_lines(desk.history(number_in(click.value)))), now)


Press: TypeAlias = Callable[[Desk, Click, datetime, str], object]
PRESSED: Mapping[str, Press] = {
    "helped": _helped,
    "share": lambda desk, click, now, _key: desk.share(
        number_in(click.value), click.user, now, respond_url=click.response_url),
    "still_stuck": _still_stuck,
    "claim": lambda desk, click, now, key: desk.claim(number_in(click.value), click.user, now, key=key),
    # No menu has this entry any more, but that of a card that was drawn earlier.
    "release": lambda desk, click, now, key: desk.release(number_in(click.value), click.user, now, key=key),
    "resume": lambda desk, click, now, key: desk.resume(number_in(click.value), click.user, now, key=key),
    "reopen": lambda desk, click, now, key: desk.reopen(number_in(click.value), click.user, now, key=key),
    "dismiss": lambda desk, click, now, key: desk.dismiss(number_in(click.value), click.user, now, key=key),
    "not_a_request": lambda desk, click, now, key: desk.dismiss(
        number_in(click.value), click.user, now, key=key, reason="not_a_request"),
    "history": _history,
    "on_duty": lambda desk, click, now, _key: desk.switch_duty(click.user, True, now),
    "off_duty": lambda desk, click, now, _key: desk.switch_duty(click.user, False, now),
}
SHOWN_AT_HOME = frozenset({"on_duty", "off_duty"})
"""After these the Home tab looks otherwise."""


# ---- forms ----------------------------------------------------------------------------------------------------------

def _ask_back(desk: Desk, sent: Submission, number: int, now: datetime, key: str) -> None:
    desk.ask_back(number, sent.user, typed(sent.texts, QUESTION), now, key=key)


def _reply(desk: Desk, sent: Submission, number: int, now: datetime, key: str) -> None:
    desk.reply(number, sent.user, typed(sent.texts, REPLY), now, key=key)


def _resolve(desk: Desk, sent: Submission, number: int, now: datetime, key: str) -> None:
    reason = cast(Reason, known(sent.chosen.get(REASON, "answered"), get_args(Reason)))
    desk.resolve(number, sent.user, typed(sent.texts, RESOLUTION), TEACH in sent.ticked, now, key=key, reason=reason)


def _sort(desk: Desk, sent: Submission, number: int, now: datetime, key: str) -> None:
    """Only what was changed in the form: a colleague may have changed the rest since it was opened.

    The tags first, since only they can be typed wrongly; the area last: its card moves.
    """
    tags = sorted({" ".join(tag.split()).casefold() for tag in re.split(r"[,;\n]", sent.texts.get(TAGS, ""))} - {""})
    if TAGS not in sent.untouched and tuple(tags) != desk.tags(number):
        with _beside(TAGS):
            desk.tag(number, sent.user, tags, now, key=f"{key}:tags")
    if PRIORITY in sent.chosen and PRIORITY not in sent.untouched:
        with _beside(PRIORITY):
            priority = cast(Priority, known(sent.chosen[PRIORITY], get_args(Priority)))
            desk.prioritise(number, sent.user, priority, now, key=f"{key}:priority")
    if AREA in sent.chosen and AREA not in sent.untouched:
        with _beside(AREA):
            desk.move(number, sent.user, _area(desk, number, sent.chosen[AREA]), now, key=f"{key}:area")


def _area(desk: Desk, number: int, value: str) -> str:
    """The area that a form means. Its own stays, also where the settings do not know it any more."""
    there = (desk.ticket(number).area, *desk.areas())
    return next((area for area in there if area_value(area) == value), "")


def _pass_on(desk: Desk, sent: Submission, number: int, now: datetime, key: str) -> None:
    what = sent.chosen.get(WHAT, "pass_on")
    if what == "pass_on" and COACH not in sent.chosen:
        raise WrongField("Please choose whom to pass it on to.", COACH)
    with _beside(COACH if what == "pass_on" else WHAT):
        match what:
            case "release":
                desk.release(number, sent.user, now, note=sent.texts.get(NOTE, ""), key=key)
            case "take_over":
                desk.take_over(number, sent.user, now, note=sent.texts.get(NOTE, ""), key=key)
            case _:
                desk.pass_on(number, sent.user, sent.chosen[COACH], now, note=sent.texts.get(NOTE, ""), key=key)


def _same(desk: Desk, sent: Submission, number: int, now: datetime, key: str) -> None:
    found = _TICKET.fullmatch(typed(sent.texts, OTHER))
    if found is None:
        raise WrongField("Please write the number of a ticket, such as FW-12.", OTHER)
    ways = {"duplicate": desk.duplicate, "merge": desk.merge, "relate": desk.relate}
    take = ways[known(sent.chosen.get(WHAT, "relate"), ways)]
    with _beside(OTHER):
        take(number, sent.user, int(found[1]), now, key=key)


def _wait(desk: Desk, sent: Submission, number: int, now: datetime, key: str) -> None:
    until = moment_in(sent.chosen[UNTIL]) if UNTIL in sent.chosen else None
    if sent.chosen.get(WHAT) == "snooze":
        if until is None:
            raise WrongField("Please choose until when.", UNTIL)
        with _beside(UNTIL):
            desk.snooze(number, sent.user, until, now, key=key)
        return
    if not typed(sent.texts, WAITS_FOR):
        raise WrongField("Please write what the third party has to do: the asker is told.", WAITS_FOR)
    with _beside(WHAT):
        desk.park(number, sent.user, typed(sent.texts, WAITS_FOR), until, now, key=key)


SUBMITTED: Mapping[str, Callable[[Desk, Submission, int, datetime, str], None]] = {
    "ask_back": _ask_back, "suggest": _reply, "resolve": _resolve, "sort": _sort, "pass_on": _pass_on, "same": _same,
    "wait": _wait,
}
