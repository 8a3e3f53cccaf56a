"""The settings as they are once read: frozen, checked, every one with a sensible default."""

from __future__ import annotations

from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.settings.forms import (
    ApiUrl,
    Channel,
    Dates,
    Emoji,
    Group,
    HolidayCode,
    Label,
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
from bot.settings.indexing import IndexSettings
from bot.settings.knowledge import KnowledgeSettings
from bot.settings.log import LogSettings
from bot.settings.manners import ChannelManners
from bot.settings.service import DEFAULT_TARGETS, Duty, Hours, Hypercare, OwnHours, OwnTargets, PriorityWords, Targets
from bot.settings.table import Table

MOST_PROMPTS = 4
"""The agent pane shows no more."""
Days = Annotated[int, Field(strict=True, ge=0, le=36_500)]


class ModelSettings(Table):
    """The embedding model, and perhaps a reranker."""

    name: Words = "embedded"
    """`embedded` (needs no internet), or the name or folder of a sentence-transformers model."""
    languages: tuple[Language, ...] = ("en",)
    """Codes of the languages that the model reads; what is surely asked in another one goes to a coach. Empty: any."""
    reranker: Line = ""
    """The name or folder of a sentence-transformers cross-encoder that orders the best passages anew. Empty: none."""


class AnswerSettings(Table):
    """When the bot answers by itself."""

    false_answers: Share = 0.10
    """Of the questions that the knowledge base cannot answer, the share (0 to 1) that may still get an answer."""


class SlackSettings(Table):
    """How the bot is connected. The three secrets come from the environment only."""

    mode: Literal["socket", "http"] = "socket"
    """`socket` (no public address needed) or `http` (Slack calls `POST /slack/events`)."""
    host: Words = "127.0.0.1"
    """The address on which `serve` listens."""
    port: Port = 3000
    """The port on which `serve` listens, for `/healthz` and, in `http` mode, Slack."""
    api_url: ApiUrl = "https://slack.com/api/"
    """Slack's Web API; `SLACK_API_URL` in the environment wins."""
    outsiders: Literal["ignore", "answer"] = "ignore"
    """People of other organisations in shared channels: `ignore`, or `answer` from what is for everybody."""
    emoji_ask: Emoji = ""
    """The name of an emoji: a message on which somebody puts it is answered. Empty: none does that."""
    emoji_ticket: Emoji = "ticket"
    """The name of an emoji: a message on which somebody puts it becomes a ticket. Empty: none does that."""
    suggested_prompts: tuple[Words, ...] = ()
    """Up to four questions that the agent pane suggests. Empty: the first ones of the FAQ."""
    bot_token: SecretStr | None = None
    """From `SLACK_BOT_TOKEN`."""
    app_token: SecretStr | None = None
    """From `SLACK_APP_TOKEN`; Socket Mode only."""
    signing_secret: SecretStr | None = None
    """From `SLACK_SIGNING_SECRET`; `http` mode only."""

    @field_validator("suggested_prompts")
    @classmethod
    def _few(cls, prompts: tuple[str, ...]) -> tuple[str, ...]:
        if len(prompts) > MOST_PROMPTS:
            raise ValueError(f"must be at most {MOST_PROMPTS}, not {len(prompts)}")
        return prompts


class DeskSettings(Table):
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
    hours: Hours = Hours()
    """The desk's business hours."""
    holidays: HolidayCode = ""
    """Whose public holidays the desk keeps: a country (`GB`) or a part of one (`GB-ENG`). Empty: none."""
    closed_on: Dates = ()
    """Days on which the desk is closed besides."""
    targets: Targets = DEFAULT_TARGETS
    """Business hours until the responses and the resolution, by priority."""
    priority_words: PriorityWords = PriorityWords()
    """Words in a question that give its ticket a priority other than normal."""
    hypercare: Hypercare = Hypercare()
    """Tighter targets around a go-live."""
    leads: tuple[UserOrGroup, ...] = ()
    """Who hears of a missed target after the area's coaches, unless the area has a lead of its own."""
    programme: tuple[UserOrGroup, ...] = ()
    """Who hears of it after the leads."""
    programme_channel: Channel = ""
    """Where they hear of it; default: the admin channel."""
    keep_text_days: Days = 0
    """So many days after a ticket has ended, or an answer was given, its texts go; the figures stay. 0: never."""

    @property
    def ops_channel(self) -> str:
        """The admin channel, or the coach channel where there is none."""
        return self.admin_channel or self.coach_channel

    @property
    def escalation_channel(self) -> str:
        """The programme's channel, or the admin channel, or the coach channel where there is neither."""
        return self.programme_channel or self.ops_channel


class Area(Table):
    """A part of the roll-out with its own coaches."""

    name: Words
    """As coaches and users call it."""
    about: str = ""
    """What belongs to it, in the words in which people ask."""
    channel: Channel = ""
    """Where its tickets are triaged; default: the coach channel."""
    coaches: tuple[UserOrGroup, ...] = ()
    """Its coaches; default: those of the desk."""
    lead: tuple[UserOrGroup, ...] = ()
    """Who hears of a missed target after its coaches; default: the desk's leads."""
    timezone: Zone | None = None
    """Default: the desk's."""
    hours: OwnHours = OwnHours()
    """Its business hours; default: the desk's."""
    holidays: HolidayCode | None = None
    """Default: the desk's; empty: none."""
    closed_on: Dates | None = None
    """Default: the desk's."""
    targets: OwnTargets = OwnTargets()
    """Default: the desk's."""


class Person(Table):
    """What is known of a user, or of everybody in a user group: decides which documents they are shown."""

    user: User = ""
    """A user's id, or…"""
    group: Group = ""
    """…the id of a user group: one of the two."""
    role: Label = ""
    site: Label = ""
    wave: Label = ""

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
    index: IndexSettings = IndexSettings()
    answers: AnswerSettings = AnswerSettings()
    slack: SlackSettings = SlackSettings()
    desk: DeskSettings = DeskSettings()
    areas: tuple[Area, ...] = ()
    people: tuple[Person, ...] = ()
    duty: tuple[Duty, ...] = ()
    channels: tuple[ChannelManners, ...] = ()
    log: LogSettings = LogSettings()

    @field_validator("areas")
    @classmethod
    def _distinct_and_ever_open(cls, areas: tuple[Area, ...], info: ValidationInfo) -> tuple[Area, ...]:
        if twice := _twice([area.name for area in areas]):
            raise ValueError(f"has {shown(twice)} twice; each area needs a name of its own")
        if closed := [area.name for area in areas if _never_open(area.hours, info)]:
            raise ValueError(f"gives {shown(closed[0])} no opening hours in the whole week; "
                             "give one of its days hours")
        return areas

    @field_validator("channels")
    @classmethod
    def _each_once(cls, channels: tuple[ChannelManners, ...]) -> tuple[ChannelManners, ...]:
        if twice := _twice([entry.channel for entry in channels]):
            raise ValueError(f"has {shown(twice)} twice; each channel may be given once")
        return channels

    @field_validator("duty")
    @classmethod
    def _once_and_ever_at_work(cls, duty: tuple[Duty, ...], info: ValidationInfo) -> tuple[Duty, ...]:
        if twice := _twice([entry.user for entry in duty]):
            raise ValueError(f"has {shown(twice)} twice; each user may be given once")
        if away := [entry.user for entry in duty if _never_open(entry.hours, info)]:
            raise ValueError(f"gives {shown(away[0])} no hours in the whole week; give one of the days hours, "
                             "or take them out of the coaches")
        return duty


def _twice(names: list[str]) -> str:
    """The first name that stands there again, whatever its case; empty if there is none."""
    folded = [name.casefold() for name in names]
    return next((name for name in names if folded.count(name.casefold()) > 1), "")


def _never_open(hours: OwnHours, info: ValidationInfo) -> bool:
    """True if nothing is left of the desk's hours. If those are wrong themselves, that is told already."""
    desk = info.data.get("desk")
    return isinstance(desk, DeskSettings) and not any(
        getattr(desk.hours, name) if day is None else day for name, day in hours)
