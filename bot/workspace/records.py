"""What a workspace consists of: people, channels, messages, views. Plain data that can be saved as JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
Role = Literal["end_user", "coach", "admin", "bot"]
ChannelKind = Literal["channel", "im"]
UserKind = Literal["member", "guest", "single_channel_guest", "outsider", "app"]
"""`outsider`: of another organisation, in a shared channel (Slack Connect); `app`: another bot."""


@dataclass(slots=True)
class User:
    """A person, or the app's bot user."""

    id: str
    name: str
    real_name: str
    role: Role
    title: str = ""
    color: str = "#4a5568"
    tz: str = "Europe/London"
    tz_offset: int = 0
    """Seconds from UTC."""
    email: str = ""
    deleted: bool = False
    """Deactivated: still to be looked up, but does nothing any more."""
    kind: UserKind = "member"
    team: str = ""
    """The workspace of an outsider; empty for everybody else."""

    @property
    def is_bot(self) -> bool:
        return self.role == "bot" or self.kind == "app"


@dataclass(slots=True)
class UserGroup:
    """Several people with one handle."""

    id: str
    handle: str
    name: str
    users: list[str]


@dataclass(slots=True)
class Channel:
    """A public or private channel, or somebody's direct messages with the bot."""

    id: str
    name: str
    """For direct messages the person's handle."""
    kind: ChannelKind
    members: list[str]
    topic: str = ""
    private: bool = False
    archived: bool = False
    created: int = 0
    """Seconds since 1970."""

    @property
    def type_in_events(self) -> str:
        """What Slack calls `channel_type`."""
        if self.kind == "im":
            return "im"
        return "group" if self.private else "channel"


@dataclass(slots=True)
class File:
    """An uploaded file. The bytes are kept beside it in base64, so that the state is one JSON document."""

    id: str
    name: str
    mimetype: str
    filetype: str
    size: int
    user: str
    created: int
    content: str
    """Base64."""
    title: str = ""
    """What is shown instead of the name, if it is set."""
    alt_text: str = ""


@dataclass(slots=True)
class Message:
    """A message as it stands now. `text` is mrkdwn with `& < >` escaped."""

    channel: str
    ts: str
    user: str
    text: str
    thread_ts: str | None = None
    """The thread that this is a reply in; None for what stands at the top level."""
    subtype: str | None = None
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    """Emoji name to users, in the order in which they came."""
    edited: Json | None = None
    metadata: Json | None = None
    bot_id: str | None = None
    username: str | None = None
    visible_to: str | None = None
    """Set for ephemeral messages."""
    stream: Json | None = None
    """Set while the app still writes it (`chat.startStream`): when it began, and whether a person stopped it."""


@dataclass(slots=True)
class View:
    """A modal or an App Home, in Slack's own shape, with the person who sees it."""

    user: str
    body: Json

    @property
    def id(self) -> str:
        return str(self.body["id"])


@dataclass(slots=True)
class AssistantThread:
    """What the app shows around a thread: status, title, suggested prompts."""

    channel: str
    thread_ts: str
    status: str = ""
    status_until: float = 0.0
    """Seconds since 1970; the status is gone after that."""
    loading_messages: list[str] = field(default_factory=list)
    title: str = ""
    prompts: list[Json] = field(default_factory=list)
    prompts_title: str = ""
    session: str = ""
    """The agent session's state: `active`, `processing`, `suspended`, `closed`; empty if there is no session."""


@dataclass(slots=True)
class Scheduled:
    """A message that the app wants posted later (`chat.scheduleMessage`)."""

    id: str
    channel: str
    post_at: int
    """Seconds since 1970."""
    created: int
    body: Json
    """The other fields of the message."""
