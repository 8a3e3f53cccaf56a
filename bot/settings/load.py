"""Reads the settings: file, environment, and every fault of both at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_settings import InitSettingsSource

from bot.errors import SettingsInvalid
from bot.settings.environment import ADDRESS, SECRETS, from_environment, take_secrets_out
from bot.settings.faults import Fault, Place, faults_of, told
from bot.settings.tree import Settings

DEFAULT_FILE = Path("config.toml")


def load_settings(path: Path | None, env: Mapping[str, str]) -> Settings:
    """The settings of this file and environment; without a path, of `config.toml` in the current folder if it is there.

    Raises SettingsInvalid, which lists all faults, one a line.
    """
    file = path or DEFAULT_FILE
    text = _text(file) if path or file.exists() else ""
    tables = _tables(file, text)
    faults = take_secrets_out(tables)
    values, wrong_variables = from_environment(env)
    faults += wrong_variables
    settings = _settings(tables, values, faults)
    if faults or settings is None:
        raise SettingsInvalid(told(faults, str(file), text))
    return _with_absolute_paths(settings, file.absolute().parent)


def _settings(tables: dict[str, Any], values: Mapping[str, str], faults: list[Fault]) -> Settings | None:
    """The tree, the environment's values laid over the file's. Adds what is wrong to `faults`."""
    variables: dict[Place, str] = {("slack", key): name for key, name in {**SECRETS, "api_url": ADDRESS}.items()
                                   if key in values}
    slack = {"slack": dict(values)} if isinstance(tables.get("slack", {}), dict) else {}
    sources = (InitSettingsSource(Settings, slack), InitSettingsSource(Settings, tables))
    try:
        return Settings(_build_sources=(sources, {}))  # type: ignore[call-arg]  # mypy sees the fields only
    except ValidationError as error:
        faults += faults_of(error, tables, variables)
        return None


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise SettingsInvalid(f"There is no settings file {file}.",
                              hint="Check --config, or copy config.example.toml to start from.") from None
    except UnicodeDecodeError as error:
        raise SettingsInvalid(f"{file} is not UTF-8 text (byte {error.start + 1}).",
                              hint="Save it as UTF-8.") from None
    except OSError as error:
        raise SettingsInvalid(f"{file} cannot be read: {error.strerror or 'unknown reason'}.",
                              hint="Check that it is a file and who may read it.") from None


def _tables(file: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        reason, line = _reason_and_line(str(error), text)
        raise SettingsInvalid(f"{file}, line {line}: this is not TOML: {reason}.",
                              hint="Texts need quotes, lists need square brackets.") from None


def _reason_and_line(message: str, text: str) -> tuple[str, int]:
    """The parser tells the line in its message only, and of a file that ends too early, not at all."""
    found = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)", message)
    if not found:
        return message, 1
    line = int(found[1]) if found[1] else max(1, len(text.rstrip().splitlines()))
    return message[:found.start()], line


def _with_absolute_paths(settings: Settings, folder: Path) -> Settings:
    sources = tuple(source.model_copy(update={"location": _location(source.location, folder)})
                    for source in settings.knowledge.sources)
    return settings.model_copy(update={
        "knowledge": settings.knowledge.model_copy(update={"sources": sources}),
        "model": settings.model.model_copy(update={
            "name": _model_name(settings.model.name, folder),
            "reranker": _model_name(settings.model.reranker, folder)}),
    })


def _location(location: str, folder: Path) -> str:
    is_url = re.match(r"[A-Za-z][A-Za-z0-9+.-]+(://|::)|[\w.-]+@[\w.-]+:", location)
    return location if is_url else str(folder / Path(location).expanduser())


def _model_name(name: str, folder: Path) -> str:
    """A name that looks like a path, or is one, starts at the settings file; every other is a model's public name."""
    here = folder / Path(name).expanduser()
    return str(here) if name.startswith((".", "~", "/")) or (name not in ("", "embedded") and here.is_dir()) else name
