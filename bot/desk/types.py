"""The words of the help desk. No Slack in here: channels, users and time stamps are opaque strings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from indexer.types import Viewer

Via = Literal["message", "mention", "command", "shortcut", "home"]
State = Literal["new", "claimed", "waiting", "parked", "resolved", "closed"]
"""`waiting` for the asker, `parked` while a third party has to do something."""
Step = Literal["opened", "claimed", "released", "asked_back", "asker_replied", "coach_replied", "noted",
               "resolved", "dismissed", "reopened", "helped", "prioritised", "moved", "passed_on", "taken_over",
               "assigned", "parked", "resumed", "snoozed", "woken", "merged", "archived", "tagged", "related",
               "reminded", "escalated"]
Origin = Literal["handed_over", "still_stuck", "requested"]
Priority = Literal["urgent", "high", "normal", "low"]
Reason = Literal["answered", "fixed", "workaround", "settled", "not_a_request", "duplicate", "merged"]
"""Why a ticket ended. `settled`: the asker needs it no longer; `merged`: its asker goes on in another ticket."""


@dataclass(frozen=True, slots=True)
class Message:
    """Something that a person wrote, wherever they wrote it."""

    team: str
    channel: str
    ts: str
    user: str
    text: str
    """Plain text: markup decoded, the bot's own mention taken out."""
    thread_ts: str | None = None
    direct: bool = False
    """Written in the direct messages with the bot."""
    mentioned: bool = False
    files: tuple[Mapping[str, Any], ...] = ()
    """`{"id", "name", "url"}` of each attached file."""
    root_user: str = ""
    """Who began the thread, as far as it is known."""
    outsider: bool = False
    """Of another organisation, with which this channel is shared."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question put to the bot."""

    key: str
    """`team:channel:ts` of the message, or what is unique about the command or shortcut: asked once, answered once."""
    user: str
    text: str
    via: Via
    channel: str
    """Where the answer goes; empty (from forms that stand nowhere): to their direct messages."""
    thread_ts: str | None
    """The thread that the answer goes to; None (from commands, shortcuts and App Home): shown only to the asker."""
    files: tuple[Mapping[str, Any], ...] = ()
    respond_url: str = ""
    """Where an answer that only the asker sees may be sent (best effort)."""
    source_ts: str = ""
    """Time stamp of the message that asks, where there is one: its edits and its deletion are followed."""
    beside: str = ""
    """The thread into which the asker may share what only they see; empty: there is none."""
    overheard: bool = False
    """Whether others read that thread, too: they must not be shown what is for some people only."""
    priority: Priority | None = None
    """What the asker says of it; None: the words decide."""
    tags: tuple[str, ...] = ()
    """Those of a ticket that is opened at once."""
    reporter: str = ""
    """Who brings it, if that is not the asker."""
    author: str = ""
    """Who wrote the words, if that is not who brings them."""

    @property
    def shown_in(self) -> str:
        """The thread in which to show it; empty: top level. Slack shows to one only in threads that are there."""
        return self.thread_ts or (self.beside if self.beside != self.source_ts else "")


def is_direct(channel: str) -> bool:
    """Whether these are one person's messages with the bot, which nobody else reads; by the form of the id."""
    return channel.startswith("D")


@dataclass(frozen=True, slots=True)
class Ticket:
    """A question that a coach has to look after, as it stands now."""

    number: int
    state: State
    origin: Origin
    question: str
    asker: str
    asker_channel: str
    asker_thread: str | None
    """None until the first message of the thread is posted (tickets that did not begin with a message)."""
    card_channel: str
    card_ts: str | None
    owner: str | None
    answer_id: int | None
    """What the bot had found."""
    resolution: str | None
    opened_at: datetime
    changed_at: datetime
    files: tuple[Mapping[str, Any], ...] = ()
    """What the asker attached: `{"id", "name", "url"}` each."""
    priority: Priority = "normal"
    area: str = ""
    """The name of its area; empty: the desk itself."""
    assigned: str | None = None
    """The coach who was asked to take it, while nobody has claimed it."""
    reason: Reason | None = None
    """Why it ended."""
    duplicate_of: int | None = None
    snoozed_until: datetime | None = None
    """Until then nobody is reminded of it."""

    @property
    def name(self) -> str:
        """The number as people see it."""
        return f"FW-{self.number}"


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """Who did what when: from these everything else about a ticket is derived."""

    ticket: int
    step: Step
    actor: str
    at: datetime
    text: str = ""


NoticeKind = Literal[
    "answer",            # the one answer, {answer}
    "answer_settled",    # the answer without its buttons, {answer, outcome: helped|passed_on|shared}
    "answer_shared",     # the answer, for everybody in the thread, {answer, author}
    "choices",           # "which of these?", a button for each, {answer}
    "answer_chosen",     # in its place the answer that the asker chose, {answer}
    "clarify",           # a short question back, {reason: empty|only_file}
    "small_talk",        # a short reply to what is no question, {talk: greeting|help|…, tickets: open ones}
    "handed_over",       # "I don't know, FW-1 is with the coaches", {answer}
    "passed_on",         # after Still stuck: the number and what happens next, {reporter: the coach who did it}
    "ticket_pointer",    # shown only to the asker where they asked: the number, and where its thread is
    "thread_opener",     # first message of an asker's thread that did not begin with a message
    "card",              # the ticket for the coaches
    "card_changed",      # the same card as it is now
    "claimed",           # the asker hears who looks after it
    "released",          # the asker hears that it is back with all coaches
    "asked_back",        # a coach's question to the asker, {text, author}
    "replied",           # the asker gets what a coach wrote in a form, {text, author}
    "relayed",           # a message from one thread to the other, {text, author, files, source: {channel, ts}}
    "relay_edited",      # {link, text, author}: the copy follows the original
    "relay_deleted",     # {link, author}: the text goes
    "resolved",          # the asker gets the resolution, {text, author}
    "passed_to",         # the asker hears that another coach looks after it
    "parked",            # the asker hears that it waits for somebody else, {text, author}
    "resumed",           # the asker hears that it goes on, {author}
    "duplicate",         # the asker hears that FW-{of} is the same, or that they go on there, {of, merged}
    "card_left",         # a former card, updated: the ticket has moved to another channel, {ts}
    "reminder",          # in the card's thread: a target is near or missed, {clock, tier, whom, due}
    "escalation",        # the same at top level, to a lead or the programme
    "digest",            # to a coach at the start of their day, {mine, unclaimed, pressing, waiting: ticket numbers}
    "dismissed",         # the asker hears that it was closed without a resolution, {author}
    "reopened",          # in the card's thread: the asker is back
    "open_again",        # the asker hears that the ticket goes on, {author: the coach who opened it, or nobody}
    "not_needed",        # in the card's thread: the asker seems to need it no longer, {author}
    "noted_in_thread",   # in the card's thread: what was done by button, {text: as it follows a name, author}
    "review",            # in the card's thread: a draft for the FAQ, with the buttons to decide on it
    "review_changed",    # the same message as the draft is now; {former: {channel, ts}}: one that a newer one replaced
    "taught",            # the asker hears that their question is in the FAQ now
    "untaught",          # whoever heard of that hears that it was taken back
    "whisper",           # a sentence for one person only, {text}
    "ops",               # to the admin channel: what the bot could not do, {text}
]


@dataclass(frozen=True, slots=True)
class Notice:
    """A message to be sent: written in the same transaction as the change that it tells of."""

    kind: NoticeKind
    channel: str
    thread: str = ""
    """Empty: top level. A time stamp, or `asker` / `card`: that thread of the ticket, once it is there."""
    user: str = ""
    """Whom to show it to, where it is for one person only."""
    ticket: int | None = None
    content: Mapping[str, Any] = field(default_factory=dict)
    """JSON. What the view needs beside the ticket itself."""
    respond_url: str = ""
    """Where a message that is for one person only may be sent instead (best effort)."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A notice in the outbox."""

    id: int
    key: str
    """Goes out with the message, so that it can be found again after a doubtful end."""
    notice: Notice
    attempts: int
    doubtful: bool
    """An earlier attempt may have arrived: look for the key before sending again."""
    reference: str = ""
    """The number of the work that it follows from, for the log."""
    caused_at: datetime | None = None
    """When that came in which it follows from; None where nobody waits for it."""


@dataclass(frozen=True, slots=True)
class Link:
    """A relayed message: the original, and its copy in the other thread."""

    id: int
    ticket: int
    source_channel: str
    source_ts: str
    copy_channel: str
    copy_ts: str | None


class People(Protocol):
    """Who is who. Slack's user groups and the settings stand behind it; the desk only asks."""

    def is_coach(self, user: str) -> bool: ...

    def is_admin(self, user: str) -> bool: ...

    def coaches(self, area: str) -> tuple[str, ...]:
        """The users who look after an area's tickets; "": those of the desk. In a steady order."""
        ...

    def leads(self, area: str) -> tuple[str, ...]:
        """Who hears of what an area's coaches have left too long."""
        ...

    def programme(self) -> tuple[str, ...]:
        """Who hears of it after the leads."""
        ...

    def site(self, user: str) -> str:
        """Where this person works; empty if nobody knows."""
        ...

    def role(self, user: str) -> str:
        """What this person does; empty if nobody knows."""
        ...

    def viewer(self, user: str) -> Viewer:
        """What this person may see, today."""
        ...

    def direct_channel(self, user: str) -> str:
        """The direct messages between this person and the bot. Raises `NotReachable` if there cannot be any."""
        ...
