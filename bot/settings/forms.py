"""The forms that single values must have. Each refusal is a clause that can follow the setting's name."""

from __future__ import annotations

import re
from datetime import date, datetime
from difflib import get_close_matches
from functools import partial
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BeforeValidator, Field

from bot.settings.durations import BusinessTime, DateRange, DayHours, business_time, date_range, day_hours

_CHANNEL_ID = re.compile(r"[CG][A-Z0-9]{2,}")
_CHANNEL_NAME = re.compile(r"#[^\sA-Z#@,.:;/]{1,80}")
_EMOJI = re.compile(r"[a-z0-9_+'-]{1,100}")
_USER_ID = re.compile(r"[UW][A-Z0-9]{2,}")
_GROUP_ID = re.compile(r"S[A-Z0-9]{2,}")
_SECRET = re.compile(r"xox[a-z]\b|xoxe\.|xapp-")


def is_secret(value: object) -> bool:
    """True for what begins like one of Slack's tokens."""
    return isinstance(value, str) and bool(_SECRET.match(value.strip()))


def shown(value: str) -> str:
    """The value in quotes, short enough for a sentence, and never a token."""
    if is_secret(value):
        return "a token"
    return f'"{value[:60]}…"' if len(value) > 60 else f'"{value}"'


def suggestion(word: str, known: list[str]) -> str:
    """The known word that was probably meant, or an empty text."""
    by_lower = {name.lower(): name for name in known}
    return next((by_lower[match] for match in get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)), "")


def _emoji(value: str) -> str:
    name = value.strip().strip(":")
    if name and not _EMOJI.fullmatch(name):
        raise ValueError(f'must be the name of an emoji such as "ticket", without its skin tone; not {shown(value)}')
    return name


def _channel(value: str) -> str:
    value = value.strip()
    if _CHANNEL_ID.fullmatch(value) or _CHANNEL_NAME.fullmatch(value):
        return value
    raise ValueError(f'must be a channel\'s id (C…) or its name as "#name" in lower case, not {shown(value)}')


def _member(value: str, *, groups: bool = True, users: bool = True) -> str:
    value = value.strip()
    if (users and _USER_ID.fullmatch(value)) or (groups and _GROUP_ID.fullmatch(value)):
        return value
    forms = " or ".join(["the id of a user (U…)"] * users + ["the id of a user group (S…)"] * groups)
    raise ValueError(f"must be {forms}, not {shown(value)}; in Slack, a profile's menu has *Copy member ID*"
                     if users else f"must be {forms}, not {shown(value)}")


def _zone(value: Any) -> ZoneInfo:
    if isinstance(value, ZoneInfo):
        return value
    if not isinstance(value, str):
        raise ValueError('must be the name of a time zone in quotes, such as "Europe/London"')
    known = available_timezones()
    if value in known:
        return ZoneInfo(value)
    meant = suggestion(value, sorted(known))
    cure = f'Did you mean "{meant}"?' if meant else 'Names look like "Europe/London".'
    raise ValueError(f"knows no time zone {shown(value)}. {cure}")


def _duration(value: Any) -> BusinessTime:
    if isinstance(value, BusinessTime):
        return value
    return business_time(value if isinstance(value, str) else "")


def _own_duration(value: Any) -> BusinessTime | None:
    return None if value is None or value == "" else _duration(value)


def _hours_of_day(value: Any) -> DayHours:
    if isinstance(value, DayHours):
        return value
    return day_hours(value if isinstance(value, str) else "?")


def _date_range(value: Any) -> DateRange:
    if isinstance(value, DateRange):
        return value
    if isinstance(value, date) and not isinstance(value, datetime):
        return DateRange(value, value)
    return date_range(value if isinstance(value, str) else "")


def _day(value: Any) -> date | None:
    """An empty text is no day."""
    days = None if value is None or value == "" else _date_range(value)
    if days and days.first != days.last:
        raise ValueError(f'must be one day like "2026-12-24", not {shown(str(days))}')
    return days.first if days else None


def _holiday_code(value: Any) -> str:
    """A country, or a country and a part of it, for which public holidays are known."""
    code = value.strip() if isinstance(value, str) else "?"
    if not code:
        return ""
    from holidays import list_supported_countries  # a quarter of a second: only for who keeps holidays

    known = list_supported_countries(include_aliases=False)
    country, _, part = code.partition("-")
    if country in known and part in ("", *known[country]):
        return country if not part else code
    if country in known:
        parts = known[country]
        meant = suggestion(part, parts)
        cure = f'Did you mean "{country}-{meant}"?' if meant else f"Its parts are: {', '.join(parts) or 'none'}."
    else:
        meant = suggestion(code, [*known, *(f"{name}-{part}" for name, parts in known.items() for part in parts)])
        cure = f'Did you mean "{meant}"?' if meant else 'Codes look like "GB" or "GB-ENG".'
    raise ValueError(f"knows no public holidays of {shown(code)}. {cure}")


def _factor(value: float) -> float:
    if not 0 < value <= 1:
        raise ValueError(f"must be above 0 and at most 1, not {value:g}")
    return value


def _label(value: Any) -> Any:
    """Waves and sites are often numbered."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _api_url(value: str) -> str:
    """With the closing slash that the Slack SDK relies on."""
    try:
        parts = urlsplit(value.strip())
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable or parts.query or parts.fragment:
        raise ValueError(f'must be an address like "https://slack.com/api/", not {shown(value)}')
    return value.strip().rstrip("/") + "/"


def _language(value: str) -> str:
    value = value.strip().lower()
    if not re.fullmatch(r"[a-z]{2}", value):
        raise ValueError(f'must be codes of two letters such as "en" or "de", not {shown(value)}')
    return value


def _filled(value: str) -> str:
    if not value.strip():
        raise ValueError("must not be empty")
    return value.strip()


Channel = Annotated[str, AfterValidator(_channel)]
UserOrGroup = Annotated[str, AfterValidator(_member)]
User = Annotated[str, AfterValidator(partial(_member, groups=False))]
Group = Annotated[str, AfterValidator(partial(_member, users=False))]
Zone = Annotated[ZoneInfo, BeforeValidator(_zone)]
Duration = Annotated[BusinessTime, BeforeValidator(_duration)]
ApiUrl = Annotated[str, AfterValidator(_api_url)]
Language = Annotated[str, AfterValidator(_language)]
Emoji = Annotated[str, AfterValidator(_emoji)]
Words = Annotated[str, AfterValidator(_filled)]
Line = Annotated[str, AfterValidator(str.strip)]
"""Words, or nothing."""
Share = Annotated[float, Field(strict=True, ge=0, le=1)]
Port = Annotated[int, Field(strict=True, ge=0, le=65535)]
OwnDuration = Annotated[BusinessTime | None, BeforeValidator(_own_duration)]
"""A duration; an empty text: the default."""
HoursOfDay = Annotated[DayHours, BeforeValidator(_hours_of_day)]
Day = Annotated[date | None, BeforeValidator(_day)]
Dates = tuple[Annotated[DateRange, BeforeValidator(_date_range)], ...]
HolidayCode = Annotated[str, BeforeValidator(_holiday_code)]
Factor = Annotated[float, Field(strict=True), AfterValidator(_factor)]
Label = Annotated[str, BeforeValidator(_label)]
