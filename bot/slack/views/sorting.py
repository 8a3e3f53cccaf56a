"""The forms behind *More*: what coaches fill in to sort tickets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta, tzinfo

from bot.desk.lifecycle import OPEN, OWNED
from bot.desk.marks import KNOWN_ISSUE
from bot.desk.types import Ticket
from bot.slack.mrkdwn import escape, shorten
from bot.slack.views.cards import PRIORITIES
from bot.slack.views.modals import form
from bot.slack.views.parts import Block, Option, context, one_of, text_input, user_menu

PRIORITY, AREA, TAGS = "priority", "area", "tags"
WHAT, COACH, NOTE, OTHER, WAITS_FOR, UNTIL = "what", "coach", "note", "other", "waits_for", "until"
NO_AREA = "No area"
MOST_OPTIONS, LONGEST_VALUE = 100, 150
_NAMED = 5  # other tickets of the asker
_MORNING = time(9)


def sort(ticket: Ticket, areas: Sequence[str], tags: Sequence[str]) -> Block:
    """Priority, area and tags as they are, to be changed. Of a ticket that has ended only the tags."""
    inputs = []
    if ticket.state in OPEN:
        inputs.append(one_of(PRIORITY, "Priority", [(label, value) for value, label in PRIORITIES.items()],
                             initial=ticket.priority))
        inputs.append(one_of(AREA, "Area", [(NO_AREA, area_value("")), *((one, area_value(one)) for one in areas)]
                             [:MOST_OPTIONS], initial=area_value(ticket.area),
                             hint="In another area the ticket is unclaimed, and its card goes to that area's channel."))
    inputs.append(text_input(TAGS, "Tags", initial=", ".join(tags), optional=True, lines=False,
                             hint=f"With commas between them. “{KNOWN_ISSUE}” shows this question to everybody on the "
                                  "Home tab, while the ticket is open."))
    return form("sort", f"Sort: {ticket.name}", "Save", ticket, *inputs)


def area_value(area: str) -> str:
    """How a form names an area; never empty, nor longer than Slack allows."""
    return f"area:{area}"[:LONGEST_VALUE]


def pass_on(ticket: Ticket, coach: str) -> Block:
    """Who is to look after it from now on. `coach`: who fills this in."""
    ways: list[Option] = [("Pass on to a coach", "pass_on")]
    if ticket.state in OWNED:
        ways.append(("Give back to all coaches", "release"))
    if ticket.owner != coach:
        ways.append(("Take it over myself", "take_over"))
    owner = f"<@{ticket.owner}> looks after it now." if ticket.owner else "Nobody has claimed it yet."
    return form(
        "pass_on", f"Pass on: {ticket.name}", "Save", ticket, context(owner),
        one_of(WHAT, "What to do", ways, initial="pass_on", radio=True),
        user_menu(COACH, "Coach", optional=True, hint="Whom to pass it on to."),
        text_input(NOTE, "Note", optional=True, lines=False, hint="For the coach to whom you pass it on."),
    )


def same(ticket: Ticket, others: Sequence[Ticket]) -> Block:
    """The same as another ticket, or only related to it. `others`: open ones of the same asker."""
    ways: list[Option] = [
        ("Duplicate", "duplicate", "This one is closed; its asker hears of the other one's resolution."),
        ("Merge (same asker)", "merge", "This one is closed; its asker goes on in the other one."),
        ("Only related", "relate", "Both stay as they are, and name each other."),
    ]
    if ticket.state not in OPEN:
        ways = ways[2:]
    named = [context(f"<@{ticket.asker}> also has *{one.name}*: {escape(shorten(' '.join(one.question.split()), 150))}")
             for one in others[:_NAMED]]
    return form(
        "same", f"Same: {ticket.name}", "Save", ticket, *named,
        text_input(OTHER, "Ticket", lines=False, placeholder="FW-12", hint="The number of the other ticket."),
        one_of(WHAT, "What it is", ways, initial=ways[0][1], radio=True),
    )


def wait(ticket: Ticket, now: datetime, zone: tzinfo) -> Block:
    """Until when it rests. `zone`: where the coach's mornings begin."""
    ways: list[Option] = [
        ("It waits for a third party", "park", "The asker is told, and the time for the resolution stands still."),
        ("Snooze", "snooze", "Nobody is reminded until then. The clock goes on."),
    ]
    untils = [(label, at.isoformat(), f"{at.astimezone(zone):%a %d %b, %H:%M}") for label, at in until(now, zone)]
    return form(
        "wait", f"Wait: {ticket.name}", "Save", ticket,
        one_of(WHAT, "What to do", ways, initial="park", radio=True),
        text_input(WAITS_FOR, "What the third party has to do", optional=True, lines=False,
                   hint="Needed where it waits for one. The asker can read this."),
        one_of(UNTIL, "Until", untils, optional=True, hint="The coaches are reminded then. Needed to snooze it."),
    )


def until(now: datetime, zone: tzinfo) -> list[tuple[str, datetime]]:
    """The times that can be chosen, with their labels."""
    now = now.replace(second=0, microsecond=0)
    local = now.astimezone(zone)

    def morning(days: int) -> datetime:
        return datetime.combine(local.date() + timedelta(days=days), _MORNING, zone)

    # `now` is in UTC: an hour is an hour, also when the wall's clock is put back.
    return [("In 1 hour", now + timedelta(hours=1)), ("In 3 hours", now + timedelta(hours=3)),
            ("Tomorrow morning", morning(1)), ("Monday morning", morning(7 - local.weekday()))]
