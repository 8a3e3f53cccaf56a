"""Pure: a cell's value as Excel shows it, by its number format; the plain value where that is not sure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

_ERRORS = frozenset({"#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!"})
_CURRENCY = re.compile(r"\[\$(?P<sign>[^\]-]*)(?:-[\w,]*)?\]")
_COLOUR = re.compile(r"\[(?:black|blue|cyan|green|magenta|red|white|yellow|color ?\d+)\]", re.IGNORECASE)
_LITERAL = re.compile(r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|[_*].')
_SIGNS = r"[-+()$€£¥%\s\w.\ue000-\uf8ff]"
_NUMBER = re.compile(rf"(?P<before>(?:(?![0#]){_SIGNS})*)(?P<whole>[#0](?:[#0,]*[#0])?)(?:\.(?P<parts>0*#*))?"
                     rf"(?P<after>(?:(?![0#,]){_SIGNS})*)")
_LOCALE_OF_EXCEL = re.compile(r"mm-dd-yy|h:mm:ss|\[\$-F[48]00\].*|yyyy-mm-dd.*", re.IGNORECASE)
_DAY_OR_MONTH = re.compile(r"(?<![md])(?:d{1,2}\\?[/-]m{1,2}|m{1,2}\\?[/-]d{1,2})(?![md])", re.IGNORECASE)
"""04/12 is in April for some and in December for others."""
_DAY_TOKENS = re.compile(r"yyyy|yy|mmmm|mmm|mm|m|dddd|ddd|dd|d|hh|h|ss|s|AM/PM|[ /.,:-]", re.IGNORECASE)
_ENGLISH = re.compile(r"\[\$-(?:[048]09|[014]009|[cC]09|en-\w\w)\]")
_LONGEST = 300
"""Characters of a number format; Excel takes no more than 255."""
_QUOTED = "\ue000"
"""Stands before a letter that is to be shown as it is."""


def plain(value: object) -> str:
    """A cell as a person writes it; nothing for Excel's errors."""
    if value is None or (isinstance(value, str) and value in _ERRORS):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M:%S" if value.second else "%H:%M")
    if isinstance(value, timedelta):
        return _hours(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.10g}"
    return str(value).strip().replace("\r\n", "\n")


def shown(value: object, number_format: str | None) -> str:
    """A cell as Excel shows it."""
    if not number_format or number_format == "General" or isinstance(value, bool):
        return plain(value)
    if isinstance(value, (int, float)):
        return _number(value, number_format) or plain(value)
    if isinstance(value, (date, time)):
        return _moment(value, number_format) or plain(value)
    return plain(value)


def _hours(value: timedelta) -> str:
    minutes, seconds = divmod(round(value.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")


@dataclass(frozen=True, slots=True)
class _Layout:
    """A number's format, taken apart."""

    before: str
    whole: str
    """Its places, `0` for those that are always shown."""
    parts: str
    after: str
    percent: bool


def _number(value: float, number_format: str) -> str | None:
    """None for a format of more than digits, separators, per cent and words around them."""
    sections = _sections(number_format)
    is_negative = value < 0 and len(sections) > 1
    layout = sections[2] if value == 0 and len(sections) > 2 else sections[1] if is_negative else sections[0]
    if layout is None:
        return None
    exact = Decimal(f"{value:.15g}") * (100 if layout.percent else 1)
    digits = _digits(abs(exact), layout.whole, layout.parts)
    if not digits or (exact < 0 and not digits.strip("0.,")):
        return None
    sign = "-" if exact < 0 and not is_negative else ""
    return f"{sign}{layout.before}{digits}{layout.after}".strip()


@lru_cache(maxsize=512)
def _sections(number_format: str) -> list[_Layout | None]:
    """For positive numbers, negative ones and nothing; None for one that is not understood."""
    kept = re.sub(r'"[^"]*"|\\.', lambda match: match[0].replace(";", "\x00"), number_format[:_LONGEST])
    return [_layout(section.replace("\x00", ";")) for section in kept.split(";")]


def _layout(section: str) -> _Layout | None:
    match = _NUMBER.fullmatch(_unquoted(section))
    if match is None:
        return None
    before, after = match["before"], match["after"]
    own = re.sub(f"{_QUOTED}.", "", before + after, flags=re.DOTALL)
    if "." in own or own.count("%") > 1 or any(map(str.isalnum, own)):
        return None  # a date, an exponent or a word of the format's own
    return _Layout(before.replace(_QUOTED, ""), match["whole"], match["parts"] or "", after.replace(_QUOTED, ""),
                   "%" in own)


def _unquoted(section: str) -> str:
    """Without colours, alignment and quotation marks; a letter that was quoted is marked."""
    section = _CURRENCY.sub(lambda match: f'"{match["sign"]}"', _COLOUR.sub("", section))
    return _LITERAL.sub(lambda match: "".join(f"{_QUOTED}{letter}" for letter in (
        match["quoted"] or match["escaped"] or "")), section)


def _digits(exact: Decimal, whole: str, parts: str) -> str:
    rounded = exact.quantize(Decimal(1).scaleb(-len(parts)), ROUND_HALF_UP)
    text = f"{rounded:f}"
    integer, _, fraction = text.partition(".")
    least = parts.count("0")
    fraction = fraction[:least] + fraction[least:].rstrip("0")
    integer = integer.lstrip("0").rjust(whole.count("0"), "0")
    if "," in whole and integer:
        integer = f"{int(integer):,}" if whole.count("0") <= 1 else integer
    return f"{integer}.{fraction}" if fraction else integer


def _moment(value: date | time, number_format: str) -> str | None:
    """None for a format that Excel shows in each country in another way, or that each country reads in another way."""
    section = number_format[:_LONGEST].split(";")[0]
    if _LOCALE_OF_EXCEL.fullmatch(section) or _DAY_OR_MONTH.search(section):
        return None
    names_days = re.search(r"mmm|ddd", section, re.IGNORECASE) is not None
    if names_days and "[$-" in section and not _ENGLISH.search(section):
        return None
    bare = re.sub(r"\[\$-[\w,-]*\]", "", section).replace("\\", "").replace('"', "")
    tokens = _DAY_TOKENS.findall(bare)
    if "".join(tokens) != bare or not tokens or (isinstance(value, time) and re.search("[dy]", bare, re.IGNORECASE)):
        return None
    if not isinstance(value, (datetime, time)) and re.search("[hs]", bare, re.IGNORECASE):
        return None
    return "".join(_token(value, tokens, number) for number in range(len(tokens)))


def _token(value: date | time, tokens: list[str], number: int) -> str:
    token = tokens[number].lower()
    if token in ("m", "mm") and _is_minute(tokens, number):
        return f"{getattr(value, 'minute', 0):0{len(token)}}"
    if token in ("h", "hh"):
        hour = getattr(value, "hour", 0)
        hour = (hour - 1) % 12 + 1 if "am/pm" in map(str.lower, tokens) else hour
        return f"{hour:0{len(token)}}"
    if token in ("d", "dd", "m", "mm"):
        return f"{getattr(value, 'day' if token[0] == 'd' else 'month', 1):0{len(token)}}"
    if token in ("s", "ss"):
        return f"{getattr(value, 'second', 0):0{len(token)}}"
    named = {"yyyy": "%Y", "yy": "%y", "mmmm": "%B", "mmm": "%b", "dddd": "%A", "ddd": "%a", "am/pm": "%p"}
    return value.strftime(named[token]) if token in named else tokens[number]


def _is_minute(tokens: list[str], number: int) -> bool:
    """Excel's rule: `m` beside hours or seconds means minutes."""
    letters = [token[0].lower() for token in tokens if token[0].isalpha()]
    place = sum(token[0].isalpha() for token in tokens[:number])
    return letters[place - 1 : place] == ["h"] or letters[place + 1 : place + 2] == ["s"]
