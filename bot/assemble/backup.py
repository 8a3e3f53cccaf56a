"""`floorwalker backup`: the state of a data folder in one dated file, made while the bot runs."""

from __future__ import annotations

import os
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bot.assemble.archive import BUILT, IS_NAMED, MANIFEST, NAMED, TAUGHT, Manifest, Packed, belongs, digest, pack
from bot.desk import backup as desk_backup
from bot.desk.backup import BackupFailed
from bot.desk.reading import DATABASE, NoDesk

_CURRENT = "CURRENT"
_TRIES = 3
"""A generation may be replaced while it is read."""


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was written and read again."""

    file: Path
    bytes: int
    manifest: Manifest
    with_index: bool
    removed: tuple[Path, ...]
    """Older backups beside it that went."""


def back_up(data: Path, file: Path | None, now: datetime, *, with_index: bool = False, keep: int | None = None) -> Made:
    """Write a backup into `file` (default: a dated name in `backups` of the data folder), whole or not at all.

    `keep`: of the dated backups in its folder only so many stay.

    Raises:
        NoDesk, DeskDamaged: there is nothing to back up.
        BackupFailed: it could not be written, or reads otherwise than it was written.
    """
    target = file or data / "backups" / NAMED.format(now.astimezone(UTC))
    if not (data / DATABASE).is_file():
        raise NoDesk(f"There is no desk in {data}.")
    if target.exists():
        raise BackupFailed(f"{target} exists already.", hint="Choose another name.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=target.parent) as name:
            manifest = _write(data, Path(name), now, with_index)
            unfinished = Path(name) / "backup.zip"
            size = unfinished.stat().st_size
            unfinished.replace(target)
        removed = _remove_older(target, keep) if keep else ()
    except OSError as error:
        raise BackupFailed(f"The backup could not be written to {target.parent} ({error.strerror}).") from error
    return Made(target, size, manifest, with_index, removed)


def _write(data: Path, work: Path, now: datetime, with_index: bool) -> Manifest:
    # The database first: a lesson that it calls written is then sure to be among the files that are read after it.
    contents = desk_backup.copy(data / DATABASE, work / DATABASE)
    files: dict[str, Packed] = {}
    path = work / "backup.zip"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(descriptor, "w+b") as stream:
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            files[DATABASE] = pack(archive, work / DATABASE, DATABASE)
            for file in (*_taught(data), *(_built(data) if with_index else ())):
                name = file.relative_to(data).as_posix()
                if not belongs(name):
                    raise BackupFailed(f"{file} has a name that not every system can restore.", hint="Rename it.")
                files[name] = pack(archive, file, name)
            manifest = Manifest(version("floorwalker"), now, contents.migrations, contents.counts, files)
            archive.writestr(MANIFEST, manifest.as_json())
        stream.flush()
        os.fsync(stream.fileno())
    _read_again(path, manifest)
    return manifest


def _taught(data: Path) -> Iterator[Path]:
    for file in sorted((data / TAUGHT).rglob("*")):
        if file.is_file() and not file.is_symlink() and not file.name.startswith("."):  # those are being written
            yield file


def _built(data: Path) -> tuple[Path, ...]:
    """What is in use of the index and the fitted model, and the evaluations to compare with."""
    for _ in range(_TRIES):
        with suppress(FileNotFoundError):
            return tuple(file for folder in BUILT for file in _in_use(data / folder))
    raise BackupFailed("The index is being built again and again.", hint="Try once more when that has ended.")


def _in_use(folder: Path) -> list[Path]:
    pointer = folder / _CURRENT
    if not pointer.is_file():
        return [file for file in sorted(folder.glob("*.json")) if file.is_file()]
    used = folder / pointer.read_text(encoding="utf-8").strip()
    used.stat()
    return [pointer, *(file for file in sorted(used.rglob("*")) if file.is_file())]


def _read_again(path: Path, manifest: Manifest) -> None:
    with zipfile.ZipFile(path) as archive:
        for name, packed in manifest.files.items():
            with archive.open(name) as stream:
                if digest(stream) != packed:
                    raise BackupFailed(f"What was written is not what was read ({name}).",
                                       hint="Check the disk; earlier backups are as they were.")


def _remove_older(target: Path, keep: int) -> tuple[Path, ...]:
    dated = sorted((file for file in target.parent.iterdir() if IS_NAMED.fullmatch(file.name)), reverse=True)
    older = [file for file in dated[keep:] if file != target]
    for file in older:
        file.unlink()
    return tuple(older)
