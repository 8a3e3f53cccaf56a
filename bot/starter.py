"""Where the starter knowledge and the example settings lie: inside an installed wheel, or at the root of a checkout."""

from __future__ import annotations

from pathlib import Path

from bot.errors import FloorwalkerError

KNOWLEDGE = "knowledge"
SETTINGS = "config.example.toml"

_HERE = Path(__file__).resolve().parent


class StarterMissing(FloorwalkerError):
    """The starter knowledge and the example settings are not part of this installation."""

    hint = "Install Floorwalker from its wheel, or run it from a checkout."


def starter_folder() -> Path:
    """The folder that holds both. The settings name the knowledge beside them, so they work from there as they are.

    Raises StarterMissing.
    """
    for folder in (_HERE / "starter_data", _HERE.parent):
        if (folder / KNOWLEDGE).is_dir() and (folder / SETTINGS).is_file():
            return folder
    raise StarterMissing


def starter_knowledge() -> Path:
    """The folder of training documents and FAQ files that the bot knows out of the box. Raises StarterMissing."""
    return starter_folder() / KNOWLEDGE


def example_settings() -> Path:
    """A settings file that names every setting and fits the demo's workspace. Raises StarterMissing."""
    return starter_folder() / SETTINGS
