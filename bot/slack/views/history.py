"""What has happened to a ticket, in words: on its card the last of it, and all of it for whoever asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from bot.desk.types import HistoryEntry, Step
from bot.slack.mrkdwn import escape, mention, moment, shorten

STEPS: Mapping[Step, str] = {
    "claimed": "claimed it", "released": "gave it back", "taken_over": "took it over",
    "asked_back": "asked back", "asker_replied": "replied", "coach_replied": "replied", "noted": "noted",
    "resolved": "resolved it", "dismissed": "closed it without an answer", "reopened": "opened it again",
    "woken": "took it up early", "helped": "was helped", "parked": "waits for a third party",
    "resumed": "goes on with it",
    "archived": "closed it, as nobody objected", "reminded": "reminded the coaches",
    "escalated": "told those who look after missed targets",
}
_WITH: Mapping[Step, Callable[[str], str]] = {
    "opened": lambda author: f"handed over what {mention(author)} wrote" if author else "asked",
    "assigned": lambda coach: f"asked {mention(coach)} to take it",
    "passed_on": lambda coach: f"passed it on to {mention(coach)}",
    "moved": lambda area: f"moved it to {escape(area) or 'the whole desk'}",
    "prioritised": lambda priority: f"made it {escape(priority)}",
    "snoozed": lambda until: f"snoozed it until {moment(datetime.fromisoformat(until))}" if until else "snoozed it",
    "merged": lambda other: f"closed it as the same as {escape(other)}",
    "tagged": lambda tags: f"tagged it {escape(tags)}" if tags else "took its tags away",
    "related": lambda other: f"named {escape(other)} as related",
}
"""Steps whose text is a name, a number or a time."""
_WORDLESS: frozenset[Step] = frozenset({"reminded", "escalated"})
"""Their texts are for the desk alone."""
_UNREMARKABLE: frozenset[Step] = frozenset({"opened", "claimed", "noted", "assigned", "reminded", "tagged", "snoozed",
                                          "woken"})
"""What a card need not tell as its last step: it shows it elsewhere, or nobody acts on it."""


def history_lines(history: Sequence[HistoryEntry]) -> list[str]:
    """Who did what when, a line each, in mrkdwn."""
    return [f"{moment(entry.at)} {_who(entry)} {_what(entry, words=200)}" for entry in history]


def handed_over_by(history: Sequence[HistoryEntry]) -> str:
    """Who has handed over what somebody else wrote, as a sentence; empty if the asker came by themselves."""
    first = history[0] if history and history[0].step == "opened" else None
    return f"{_who(first)} {_what(first, words=0)}." if first is not None and first.text else ""


def last_step(history: Sequence[HistoryEntry]) -> str:
    """The last thing that is worth a look; empty while there is none."""
    told = [entry for entry in history if entry.step not in _UNREMARKABLE]
    return f"Last: {_who(told[-1])} {_what(told[-1], words=0)} · {moment(told[-1].at)}" if told else ""


def _who(entry: HistoryEntry) -> str:
    return mention(entry.actor) if entry.actor else "The desk"


def _what(entry: HistoryEntry, *, words: int) -> str:
    """`words`: the most characters of what was written."""
    if entry.step in _WITH:
        return _WITH[entry.step](shorten(entry.text, 100))
    quoted = entry.text if words and entry.step not in _WORDLESS else ""
    return STEPS[entry.step] + (f": {escape(shorten(quoted, words))}" if quoted else "")
