"""Buttons and forms that were drawn by an earlier version of the bot, and cannot be read any more."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime

from bot.errors import FloorwalkerError

_NUMBER = re.compile(r"[0-9]{1,15}")


class OutOfDate(FloorwalkerError):
    """This button or form is out of date."""

    hint = "Please open it once more."


def number_in(value: str) -> int:
    """The number that a button or form carries. Raises OutOfDate where it is none."""
    if not _NUMBER.fullmatch(value):
        raise OutOfDate
    return int(value)


def moment_in(value: str) -> datetime:
    """The moment that a choice stands for. Raises OutOfDate where it is none."""
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        raise OutOfDate from None
    if at.tzinfo is None:
        raise OutOfDate
    return at


def known(choice: str, choices: Iterable[str]) -> str:
    """What was chosen. Raises OutOfDate where that is nothing to choose from."""
    if choice not in choices:
        raise OutOfDate
    return choice


def typed(texts: Mapping[str, str], block: str) -> str:
    """What was typed in a field of a form. Raises OutOfDate where it has none of this name."""
    if block not in texts:
        raise OutOfDate
    return texts[block]
