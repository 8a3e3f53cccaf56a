"""The words of the help desk. No Slack in here: channels, users and time stamps are opaque strings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from indexer.types import Viewer

Via = Literal["message", "mention", "command", "shortcut", "home"]
State = Literal["new", "claimed", "waiting", "resolved", "closed"]
Step = Literal["opened", "claimed", "released", "asked_back", "asker_replied", "coach_replied", "noted",
               "resolved", "dismissed", "reopened", "helped"]
Origin = Literal["handed_over", "still_stuck", "requested"]


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


@dataclass(frozen=True, slots=True)
class Asked:
    """A question put to the bot."""

    key: str
    """`team:channel:ts` of the message, or what is unique about the command or shortcut: asked once, answered once."""
    user: str
    text: str
    via: Via
    channel: str
    """Where the answer goes."""
    thread_ts: str | None
    """The thread that the answer goes to; None (from commands, shortcuts and App Home): shown only to the asker."""
    files: tuple[Mapping[str, Any], ...] = ()
    respond_url: str = ""
    """Where an answer that only the asker sees may be sent (best effort)."""
    source_ts: str = ""
    """Time stamp of the message that asks, where there is one: its edits and its deletion are followed."""


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
    "answer_settled",    # the answer without its buttons, {answer, outcome: helped|passed_on}
    "choices",           # "which of these?", a button for each, {answer}
    "answer_chosen",     # in its place the answer that the asker chose, {answer}
    "clarify",           # a short question back, {reason: empty|only_file}
    "small_talk",        # a short reply to what is no question, {talk: greeting|help|…, tickets: open ones}
    "handed_over",       # "I don't know, FW-1 is with the coaches", {answer}
    "passed_on",         # after Still stuck: the number and what happens next
    "ticket_pointer",    # shown only to the asker where they asked: the number, and where its thread is
    "thread_opener",     # first message of an asker's thread that did not begin with a message
    "card",              # the ticket for the coaches
    "card_changed",      # the same card as it is now
    "claimed",           # the asker hears who looks after it
    "released",          # the asker hears that it is back with all coaches
    "asked_back",        # a coach's question to the asker, {text, author}
    "relayed",           # a message from one thread to the other, {text, author, files, source: {channel, ts}}
    "relay_edited",      # {link, text, author}: the copy follows the original
    "relay_deleted",     # {link, author}: the text goes
    "resolved",          # the asker gets the resolution, {text, author}
    "dismissed",         # the asker hears that it was closed without a resolution, {author}
    "reopened",          # in the card's thread: the asker is back
    "not_needed",        # in the card's thread: the asker seems to need it no longer, {author}
    "noted_in_thread",   # in the card's thread: what was done by button, {text: as it follows a name, author}
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

    def viewer(self, user: str) -> Viewer:
        """What this person may see, today."""
        ...

    def direct_channel(self, user: str) -> str:
        """The direct messages between this person and the bot."""
        ...
