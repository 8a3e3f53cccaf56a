"""Which form a click opens, filled with what the desk knows; and whether it is worth filling in at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.desk.desk import Desk
from bot.desk.lifecycle import OPEN, HasEnded, ended_by
from bot.desk.surroundings import Suggestion
from bot.desk.types import State, Ticket
from bot.errors import NotAllowed
from bot.slack.mrkdwn import from_markdown, to_plain
from bot.slack.out_of_date import number_in
from bot.slack.views import modals, sorting
from bot.slack.views.parts import Block

_ALL: tuple[State, ...] = (*OPEN, "resolved", "closed")


@dataclass(frozen=True, slots=True)
class Asked:
    """Who wants to have a form, when, and what else the button said."""

    desk: Desk
    user: str
    now: datetime
    rest: str
    """What stands behind the ticket's number in the button's value."""


@dataclass(frozen=True, slots=True)
class Opener:
    """How a form is made, and in which states its ticket may be."""

    draw: Callable[[Ticket, Asked], Block]
    states: tuple[State, ...] = OPEN


def opened(action: str, value: str, desk: Desk, user: str, now: datetime, *, coach: bool) -> Block:
    """The form that this action opens. `value`: the button's, `ticket` or `ticket:more`.

    Raises:
        FloorwalkerError: it would be filled in in vain.
    """
    if not coach:
        raise NotAllowed("Only coaches can do that.")
    number, _, rest = value.partition(":")
    opener, ticket = OPENS[action], desk.ticket(number_in(number))
    if ticket.state not in opener.states:
        raise HasEnded(f"{ticket.name} is {ticket.state} already.", by=ended_by(desk.history(ticket.number)),
                       hint="The asker's reply opens it again, and so does *Open again* in the card's menu.")
    return opener.draw(ticket, Asked(desk, user, now, rest))


def _suggest(ticket: Ticket, asked: Asked) -> Block:
    """What the card showed, without looking for it again: Slack waits three seconds for a form."""
    suggestion = asked.desk.suggestion(ticket.number, number_in(asked.rest) if asked.rest else None)
    return modals.reply(ticket, _as_typed(suggestion) if suggestion else "")


def _as_typed(suggestion: Suggestion) -> str:
    """As a coach would write it in Slack."""
    if not suggestion.markdown:
        return suggestion.text
    source = f"{suggestion.source}: {suggestion.url}" if suggestion.url else suggestion.source
    return f"{to_plain(from_markdown(suggestion.text))}\n\nSource: {source}"


def _sort(ticket: Ticket, asked: Asked) -> Block:
    return sorting.sort(ticket, asked.desk.areas(), asked.desk.tags(ticket.number))


def _same(ticket: Ticket, asked: Asked) -> Block:
    others = [one for one in asked.desk.tickets_of(ticket.asker) if one.state in OPEN and one.number != ticket.number]
    return sorting.same(ticket, others)


OPENS: Mapping[str, Opener] = {
    "ask_back": Opener(lambda ticket, _asked: modals.ask_back(ticket)),
    "resolve": Opener(lambda ticket, _asked: modals.resolve(ticket)),
    "suggest": Opener(_suggest),
    "sort": Opener(_sort, _ALL),
    "pass_on": Opener(lambda ticket, asked: sorting.pass_on(ticket, asked.user)),
    "same": Opener(_same, _ALL),
    "wait": Opener(lambda ticket, asked: sorting.wait(ticket, asked.now, asked.desk.zone_of(asked.user))),
}
