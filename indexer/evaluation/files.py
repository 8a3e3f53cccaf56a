"""Files that an evaluation writes: whole or not at all, and never over a file that is somebody else's."""

from __future__ import annotations

import contextlib
import uuid
from pathlib import Path

from indexer.errors import FloorwalkerError

OURS = "floorwalker evaluation"
"""Stands near the beginning of every file that an evaluation writes, whatever its format."""
_NEAR = 4096


class FileNotOurs(FloorwalkerError):
    """There is another file of this name."""

    hint = "Only a file that `floorwalker evaluate` wrote itself is replaced: choose another name, or remove that file."


class FileNotWritten(FloorwalkerError):
    """The file could not be written."""

    hint = "Check the free space and the access rights of its folder."


def check(path: Path) -> None:
    """That a file may be written: asked before the work begins. Raises FileNotOurs, FileNotWritten."""
    if path.is_dir():
        raise FileNotWritten(f"{path} is a folder.", hint="Name a file in it.")
    if not path.parent.is_dir():
        raise FileNotWritten(f"The folder {path.parent} does not exist.", hint="Make it first, or choose another.")
    if path.exists() and not path.is_file():
        raise FileNotOurs(f"{path} is not a file.", hint="Choose another name.")
    try:
        with path.open("rb") as file:
            start = file.read(_NEAR)
    except FileNotFoundError:
        return
    except OSError as error:
        raise FileNotOurs(f"{path} cannot be opened.", hint="Check its access rights.") from error
    if start.strip() and OURS.encode() not in start:
        raise FileNotOurs(f"{path} exists and was not written by an evaluation.")


def write(path: Path, content: bytes) -> None:
    """Put a file in place, or replace one of ours, at once. Raises FileNotOurs, FileNotWritten."""
    check(path)
    beside = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}")
    try:
        with beside.open("xb") as file:
            file.write(content)
        beside.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise FileNotWritten(f"{path} could not be written ({(error.strerror or 'unknown').lower()}).") from error
