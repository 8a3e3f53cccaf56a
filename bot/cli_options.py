"""What the commands have in common: the options that every one takes, and how the settings are read."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from bot.settings import Settings

F = TypeVar("F", bound=Callable[..., Any])

DEFAULT_DATA = Path("data")


def _may_be_a_folder(_context: click.Context, _option: click.Parameter, path: Path) -> Path:
    """Below a file there can be none; click itself looks at the last name alone."""
    file = next((above for above in path.parents if above.is_file()), None)
    if file:
        raise click.BadParameter(f"{file} is a file, so there can be no folder {path}.")
    return path


def common(data: Path = DEFAULT_DATA) -> Callable[[F], F]:
    """`--config` and `--data`, which every command takes."""

    def add(command: F) -> F:
        command = click.option(
            "--data", type=click.Path(path_type=Path, file_okay=False), default=data, show_default=True,
            callback=_may_be_a_folder, help="The folder in which all state lives.")(command)
        return click.option(
            "--config", type=click.Path(path_type=Path), default=None,
            help="The settings file.  [default: config.toml if it exists]")(command)

    return add


as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs; progress goes to stderr.")


def read_settings(config: Path | None) -> Settings:
    """The settings of the file, or the defaults. Raises `SettingsInvalid`."""
    from bot.settings import load_settings

    return load_settings(config, os.environ)
