"""`floorwalker restore`: back to a backup. Checked first, swapped in at the end; what was there is kept."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
import zlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from bot.assemble.archive import BUILT, TAUGHT, Manifest, manifest_of, unpack
from bot.desk import backup as desk_backup
from bot.desk.backup import BackupUnusable, Prepared
from bot.desk.reading import DATABASE, DeskDamaged
from bot.desk.since_backup import Since, between
from bot.errors import DataInUse, FloorwalkerError

_WORK = ".restoring-"
_BESIDE = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a database: it belongs to that very file."""


class RestoreFailed(FloorwalkerError):
    """The backup could not be restored."""

    hint = "Everything is as it was."


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did."""

    file: Path
    manifest: Manifest
    moved_to: Path | None
    """Where the state is that was there before; None if there was none."""
    prepared: Prepared
    with_index: bool
    since: Since
    """What the backup does not know of, or knows still."""
    dry_run: bool = False
    """Nothing was done: this is what it would do."""


def restore(file: Path, data: Path, now: datetime, *, next_ticket: int | None = None,
            dry_run: bool = False) -> Restored:
    """Put the state of a backup into a data folder; `dry_run` only checks it, and says what that would take back.

    Raises:
        DataInUse: a bot is at work there.
        BackupUnusable: damaged, not a backup, or from a newer version.
        RestoreFailed: it could not be written. In each case everything is as it was.
    """
    try:
        data.mkdir(parents=True, exist_ok=True)
        with FileLock(data / "bot.lock", timeout=0):
            return _restore(file, data, now, next_ticket or 1, dry_run=dry_run)
    except Timeout:
        raise DataInUse(f"Another Floorwalker is at work on {data}.", hint="Stop it first; nothing was changed."
                        ) from None
    except OSError as error:
        raise RestoreFailed(f"The backup could not be restored into {data} ({error.strerror}).") from error


def _restore(file: Path, data: Path, now: datetime, next_ticket: int, *, dry_run: bool) -> Restored:
    for left in data.glob(f"{_WORK}*"):  # by a restore that was killed: it held the lock that we hold
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=_WORK, dir=data) as name:
        unpacked = Path(name)
        manifest = _unpack(file, unpacked)
        _check(unpacked / DATABASE, manifest)
        prepared = desk_backup.prepare(unpacked / DATABASE, data / DATABASE, now, next_ticket)
        since = between(unpacked / DATABASE, data / DATABASE)
        (unpacked / TAUGHT).mkdir(exist_ok=True)
        built = tuple(folder for folder in BUILT if (unpacked / folder).exists())
        aside = data / f"before-restore-{now.astimezone(UTC):%Y%m%d-%H%M%S}"
        moved = not dry_run and _swap(unpacked, data, aside, (*built, TAUGHT))
    return Restored(file, manifest, aside if moved else None, prepared, "index" in built, since, dry_run)


def _unpack(file: Path, folder: Path) -> Manifest:
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = manifest_of(archive)
            for name, packed in manifest.files.items():
                unpack(archive, name, packed, folder)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise BackupUnusable(f"{file} is damaged, or no backup of Floorwalker's.") from error
    return manifest


def _check(database: Path, manifest: Manifest) -> None:
    try:
        contents = desk_backup.examine(database)
    except DeskDamaged as error:
        raise BackupUnusable(f"The backup is damaged: {error.message}") from error
    if desk_backup.newer_than_us((*contents.migrations, *manifest.migrations)):
        raise BackupUnusable("This backup was written by a newer version of Floorwalker.",
                             hint="Nothing was changed. Install that version first.")
    if contents.counts != manifest.counts or contents.migrations != manifest.migrations:
        raise BackupUnusable("The backup's database does not hold what the manifest says.")


def _swap(unpacked: Path, data: Path, aside: Path, folders: tuple[str, ...]) -> bool:
    """Move what is there aside and the new state in, the database last. Returns whether anything was there.

    Only renames within one file system: each happens at once, and those that happened are taken back after a failure.
    """
    database, moves = data / DATABASE, _Moves()
    there = [data / name for name in (*folders, *(DATABASE + ending for ending in _BESIDE)) if (data / name).exists()]
    try:
        if there or database.exists():
            aside.mkdir()
        for path in there:
            moves.move(path, aside / path.name)
        for name in folders:
            moves.move(unpacked / name, data / name)
        if database.exists():
            _second_name(database, aside / DATABASE)
        (unpacked / DATABASE).replace(database)  # at no moment is there none, even if the process is killed
    except BaseException:
        if (unpacked / DATABASE).exists():  # otherwise it is done: interrupted, but too late
            moves.take_back()
            with suppress(OSError):
                (aside / DATABASE).unlink(missing_ok=True)
                aside.rmdir()
        raise
    return aside.exists()


def _second_name(file: Path, name: Path) -> None:
    try:
        name.hardlink_to(file)
    except OSError:  # not every file system can
        shutil.copyfile(file, name)


class _Moves:
    """Renames that can be taken back."""

    def __init__(self) -> None:
        self._done: list[tuple[Path, Path]] = []

    def move(self, source: Path, target: Path) -> None:
        source.replace(target)
        self._done.append((source, target))

    def take_back(self) -> None:
        for source, target in reversed(self._done):
            target.rename(source)
