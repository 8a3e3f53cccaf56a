"""The settings as they are once read: frozen, checked, every one with a sensible default."""

from __future__ import annotations

import re
from typing import Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.settings.durations import business_time
from bot.settings.forms import (
    ApiUrl,
    Channel,
    Duration,
    Group,
    Language,
    Line,
    Port,
    Share,
    User,
    UserOrGroup,
    Words,
    Zone,
    shown,
)

Priority = Literal["urgent", "high", "normal", "low"]

_TARGETS = {
    "urgent": {"first_response": "30m", "resolution": "4h"},
    "high": {"first_response": "1h", "resolution": "1d"},
    "normal": {"first_response": "2h", "resolution": "2d"},
    "low": {"first_response": "1d", "resolution": "5d"},
}


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, hide_input_in_errors=True)


class SourceSettings(_Table):
    """Where documents come from; in the file a text, or a table with a name."""

    location: Words
    """A folder, a file or a URL; a relative path starts at the settings file."""
    name: str = ""
    """Put before the ids of its documents, as `name/`."""

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"location": value}
        if not isinstance(value, dict):
            raise ValueError("must be texts in quotes, or tables with location and name")
        return value

    @field_validator("name")
    @classmethod
    def _plain(cls, value: str) -> str:
        if value == "taught" or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", value):
            raise ValueError("must be made of letters, digits, '-', '_' and '.', and not be \"taught\"; "
                             f"not {shown(value)}")
        return value


class KnowledgeSettings(_Table):
    """What the bot knows."""

    sources: tuple[SourceSettings, ...] = (SourceSettings(location="knowledge"),)
    """Folders, files or URLs of training documents and FAQ files; `{ location = "…", name = "…" }` gives one a name."""

    @field_validator("sources")
    @classmethod
    def _distinct(cls, sources: tuple[SourceSettings, ...]) -> tuple[SourceSettings, ...]:
        names = [source.name for source in sources if source.name]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice:
            raise ValueError(f"names two sources {shown(twice)}; each name may be given once")
        return sources


class ModelSettings(_Table):
    """The embedding model, and perhaps a reranker."""

    name: Words = "embedded"
    """`embedded` (needs no internet), or the name or folder of a sentence-transformers model."""
    languages: tuple[Language, ...] = ("en",)
    """Codes of the languages that the model reads; what is surely asked in another one goes to a coach. Empty: any."""
    reranker: Line = ""
    """The name or folder of a sentence-transformers cross-encoder that orders the best passages anew. Empty: none."""


class AnswerSettings(_Table):
    """When the bot answers by itself."""

    false_answers: Share = 0.10
    """Of the questions that the knowledge base cannot answer, the share (0 to 1) that may still get an answer."""


class SlackSettings(_Table):
    """How the bot is connected. The three secrets come from the environment only."""

    mode: Literal["socket", "http"] = "socket"
    """`socket` (no public address needed) or `http` (Slack calls `POST /slack/events`)."""
    host: Words = "127.0.0.1"
    """The address on which `serve` listens."""
    port: Port = 3000
    """The port on which `serve` listens, for `/healthz` and, in `http` mode, Slack."""
    api_url: ApiUrl = "https://slack.com/api/"
    """Slack's Web API; `SLACK_API_URL` in the environment wins."""
    bot_token: SecretStr | None = None
    """From `SLACK_BOT_TOKEN`."""
    app_token: SecretStr | None = None
    """From `SLACK_APP_TOKEN`; Socket Mode only."""
    signing_secret: SecretStr | None = None
    """From `SLACK_SIGNING_SECRET`; `http` mode only."""


class Target(_Table):
    """How soon a ticket should be looked after, in business hours."""

    first_response: Duration
    """Until a coach's first answer."""
    resolution: Duration
    """Until the ticket is resolved."""


class Targets(_Table):
    """The targets of each priority. What a table leaves out keeps its default."""

    urgent: Target
    high: Target
    normal: Target
    low: Target

    @model_validator(mode="before")
    @classmethod
    def _over_defaults(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        merged = {priority: {**default, **given[priority]} if isinstance(given.get(priority), dict)
                  else given.get(priority, default) for priority, default in _TARGETS.items()}
        return {**given, **merged}


_DEFAULT_TARGETS = Targets(**{
    priority: Target(**{name: business_time(text) for name, text in target.items()})
    for priority, target in _TARGETS.items()
})


class DeskSettings(_Table):
    """The help desk."""

    coach_channel: Channel = ""
    """Id or `#name` of the channel where tickets are triaged unless an area says otherwise; `serve` needs it."""
    coaches: tuple[UserOrGroup, ...] = ()
    """Who may claim and resolve: ids of users or user groups; `serve` needs at least one."""
    admins: tuple[UserOrGroup, ...] = ()
    """Who may use the admin's commands in Slack."""
    admin_channel: Channel = ""
    """Where the bot reports what it could not do; default: the coach channel."""
    timezone: Zone = ZoneInfo("UTC")
    """The desk's time zone: business hours and validity dates are read in it."""
    targets: Targets = _DEFAULT_TARGETS
    """Business hours until the first response and the resolution, by priority."""

    @property
    def ops_channel(self) -> str:
        """The admin channel, or the coach channel where there is none."""
        return self.admin_channel or self.coach_channel


class Area(_Table):
    """A part of the roll-out with its own coaches."""

    name: Words
    """As coaches and users call it."""
    about: str = ""
    """What belongs to it, in the words in which people ask."""
    channel: Channel = ""
    """Where its tickets are triaged; default: the coach channel."""
    coaches: tuple[UserOrGroup, ...] = ()
    """Its coaches; default: those of the desk."""


class Person(_Table):
    """What is known of a user, or of everybody in a user group: decides which documents they are shown."""

    user: User = ""
    """A user's id, or…"""
    group: Group = ""
    """…the id of a user group: one of the two."""
    role: str = ""
    site: str = ""
    wave: str = ""

    @field_validator("role", "site", "wave", mode="before")
    @classmethod
    def _number(cls, value: Any) -> Any:
        """Waves are often numbered."""
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else value

    @model_validator(mode="after")
    def _one(self) -> Self:
        if bool(self.user) == bool(self.group):
            raise ValueError("must have either user or group")
        return self

    @property
    def audiences(self) -> frozenset[str]:
        """Role, site and wave, as far as they are given."""
        return frozenset(filter(None, (self.role, self.site, self.wave)))


class Settings(BaseSettings):
    """Everything that can be set. Read it with `load_settings`."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    knowledge: KnowledgeSettings = KnowledgeSettings()
    model: ModelSettings = ModelSettings()
    answers: AnswerSettings = AnswerSettings()
    slack: SlackSettings = SlackSettings()
    desk: DeskSettings = DeskSettings()
    areas: tuple[Area, ...] = ()
    people: tuple[Person, ...] = ()

    @field_validator("areas")
    @classmethod
    def _distinct(cls, areas: tuple[Area, ...]) -> tuple[Area, ...]:
        names = [area.name.casefold() for area in areas]
        twice = next((area.name for area in areas if names.count(area.name.casefold()) > 1), None)
        if twice:
            raise ValueError(f"has {shown(twice)} twice; each area needs a name of its own")
        return areas
