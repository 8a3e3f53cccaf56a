"""`floorwalker doctor`: looks at everything that the bot needs, and changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from bot.assemble import doctor_data, doctor_slack
from bot.assemble.findings import Finding
from bot.errors import SettingsInvalid
from bot.settings import Settings, check_ready_to_serve, load_settings
from bot.settings.load import DEFAULT_FILE
from indexer.embedder import Embedder, embedder_for


def examine(config: Path | None, data: Path, env: Mapping[str, str], now: Callable[[], datetime], *,
            embedder: Embedder | None = None,
            free: Callable[[Path], int] = doctor_data.free_bytes) -> Iterator[Finding]:
    """One finding after the other, as soon as it is known. Where the settings cannot be read, the rest is left out.

    `free`: the bytes that are free on the disk of a folder.
    """
    try:
        settings = load_settings(config, env)
    except SettingsInvalid as error:
        yield from _faults(error)
        yield from doctor_data.look_at_folder(data, free)
        yield Finding.unknown("slack", "Knowledge base and Slack were not looked at.", "Correct the settings first.")
        return
    yield from _settings(settings, config)
    yield from doctor_data.look_at_folder(data, free)
    yield from doctor_data.look_at_sources(settings, data)
    yield from doctor_data.look_at_model(settings, data, embedder or embedder_for(data, settings.model.name))
    yield from doctor_slack.look(settings, now)


def _settings(settings: Settings, config: Path | None) -> Iterator[Finding]:
    file = config or DEFAULT_FILE
    if not file.exists():
        yield Finding.note("settings", f"There is no {file}: everything has its default.",
                           "`floorwalker init` writes one; --config names another.")
    try:
        check_ready_to_serve(settings)
    except SettingsInvalid as error:
        yield from _faults(error)
    else:
        yield Finding.ok("settings", f"The settings in {file} can be used.")
    if not settings.desk.admins:
        yield Finding.note("settings", "[desk] admins is empty: nobody can reindex or see the bot's health in Slack.",
                           "Name at least one user or user group.")


def _faults(error: SettingsInvalid) -> Iterator[Finding]:
    """A finding for each line; a line is what is wrong, and then what to do."""
    for line in error.message.splitlines():
        yield Finding.wrong("settings", line, error.hint)
