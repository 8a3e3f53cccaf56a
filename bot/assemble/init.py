"""`floorwalker init`: a settings file and a knowledge folder to begin with. Nothing that is there is touched."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any
from zoneinfo import available_timezones

from pydantic import TypeAdapter, ValidationError

from bot.errors import FloorwalkerError
from bot.settings.forms import Channel, UserOrGroup, Zone

FIRST_FILES = Path(__file__).resolve().parent / "first_files"
COACH_CHANNEL = "#coaches"
_TOKENS = "# SLACK_BOT_TOKEN (xoxb-…) and {second}; each may be given as a file: SLACK_BOT_TOKEN_FILE."
_SECOND = {"socket": "SLACK_APP_TOKEN (xapp-…)", "http": "SLACK_SIGNING_SECRET"}
_LISTENS = {"socket": "", "http": ", and what Slack sends to /slack/events"}
_MISSING = "\n# Not filled in yet{why}."


class SettingsExist(FloorwalkerError):
    """There is a settings file already; nothing was written."""

    hint = "Edit it, or name another file with --config."


class NotWritten(FloorwalkerError):
    """This could not be written."""

    hint = "Check the access rights and the free space."


@dataclass(frozen=True, slots=True)
class Answers:
    """What `init` has to know; every value is of the form that the settings ask for."""

    coach_channel: str = COACH_CHANNEL
    coaches: tuple[str, ...] = ()
    admins: tuple[str, ...] = ()
    timezone: str = "UTC"
    mode: str = "socket"


@dataclass(frozen=True, slots=True)
class Begun:
    """What is there now."""

    config: Path
    knowledge: Path
    written: tuple[Path, ...]
    knowledge_kept: bool
    """It had files in it, and was left as it is."""


def a_channel(text: str) -> str:
    """An id or `#name`. Raises ValueError with a sentence, as the next two do."""
    return str(_checked(Channel, text))


def members(text: str) -> tuple[str, ...]:
    """Ids of users or user groups, separated by blanks or commas."""
    return tuple(str(_checked(UserOrGroup, word)) for word in text.replace(",", " ").split())


def a_zone(text: str) -> str:
    """The name of a time zone."""
    return str(_checked(Zone, text.strip()))


def _checked(form: Any, text: str) -> Any:
    try:
        return TypeAdapter(form).validate_python(text)
    except ValidationError as error:
        clause = str(error.errors()[0]["ctx"]["error"])
        told = f"There is no{clause[8:]}" if clause.startswith("knows no") else f"It {clause}"
        raise ValueError(told if told.endswith(("?", ".")) else f"{told}.") from None


def zone_of_this_machine() -> str:
    """As far as that can be told; else UTC."""
    guesses = [os.environ.get("TZ", "").removeprefix(":")]
    with suppress(OSError):
        guesses.append(str(Path("/etc/localtime").readlink()).partition("zoneinfo/")[2])
    with suppress(OSError, UnicodeDecodeError):
        guesses.append(Path("/etc/timezone").read_text(encoding="utf-8").strip())
    known = available_timezones()
    return next((guess for guess in guesses if guess in known and not guess.startswith("Etc/")), "UTC")


def check_free(config: Path) -> None:
    """Raises `SettingsExist` if there is a file of this name."""
    if config.exists() or config.is_symlink():
        raise SettingsExist(f"There is a {config} already; nothing was written.")


def begin(answers: Answers, config: Path, knowledge: Path) -> Begun:
    """Write the settings, and a knowledge folder unless there is one with something in it.

    Raises:
        SettingsExist: nothing was written.
        NotWritten: what was written so far stays.
    """
    check_free(config)
    text = settings_text(answers, _source(knowledge, config))
    kept = knowledge.is_dir() and any(knowledge.iterdir())
    written: list[Path] = []
    try:
        if not kept:
            written += _copied(FIRST_FILES / "knowledge", knowledge)
        config.parent.mkdir(parents=True, exist_ok=True)
        written.insert(0, _new(config, text))
    except FileExistsError as error:
        raise NotWritten(f"{error.filename} is in the way.", hint="Name another place with --config or --knowledge."
                         ) from None
    except OSError as error:
        raise NotWritten(f"{error.filename or config} could not be written ({error.strerror}).") from error
    return Begun(config, knowledge, tuple(written), kept)


def settings_text(answers: Answers, source: str) -> str:
    """The settings file."""
    template = Template((FIRST_FILES / "settings.toml").read_text(encoding="utf-8"))
    coaches_missing = "" if answers.coaches else _MISSING.format(why=": `floorwalker serve` needs at least one")
    return template.substitute(
        secrets=_TOKENS.format(second=_SECOND[answers.mode]), listens=_LISTENS[answers.mode],
        sources=_toml([source]), mode=_toml(answers.mode), coach_channel=_toml(answers.coach_channel),
        coaches=_toml(answers.coaches), coaches_missing=coaches_missing, admins=_toml(answers.admins),
        admins_missing="" if answers.admins else _MISSING.format(why=""), timezone=_toml(answers.timezone),
    )


def _toml(value: str | Sequence[str]) -> str:
    """JSON's texts and lists of texts are TOML's, too; but TOML wants the delete character escaped."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _source(knowledge: Path, config: Path) -> str:
    """As the settings name it: from their own folder if it lies below that, else in full."""
    full, home = Path(os.path.abspath(knowledge)), Path(os.path.abspath(config)).parent  # noqa: PTH100  # links stay
    return full.relative_to(home).as_posix() if full.is_relative_to(home) else str(full)


def _copied(folder: Path, target: Path) -> list[Path]:
    files = sorted(path for path in folder.rglob("*") if path.suffix in (".md", ".yaml"))
    written = []
    for file in files:
        place = target / file.relative_to(folder)
        place.parent.mkdir(parents=True, exist_ok=True)
        written.append(_new(place, file.read_text(encoding="utf-8")))
    return written


def _new(path: Path, text: str) -> Path:
    with path.open("x", encoding="utf-8") as file:
        file.write(text)
    return path
