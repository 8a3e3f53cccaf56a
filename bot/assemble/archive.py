"""What a backup file is: a ZIP with the state's files and a manifest that tells what they must be."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from bot.desk.backup import BackupUnusable
from bot.desk.reading import DATABASE

FORMAT = 1
"""Raised when an older version could not restore what a newer one writes."""
MANIFEST = "manifest.json"
TAUGHT = "taught"
BUILT = ("index", "model", "evaluation")
"""Folders that can be made anew from the sources."""
NAMED = "floorwalker-{:%Y%m%d-%H%M%S}.zip"
IS_NAMED = re.compile(r"floorwalker-\d{8}-\d{6}\.zip")

_LARGEST_MANIFEST = 16 * 2**20
_AT_ONCE = 2**20


@dataclass(frozen=True, slots=True)
class Packed:
    """A file in a backup."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself."""

    floorwalker: str
    """The version that wrote it."""
    made_at: datetime
    migrations: tuple[str, ...]
    counts: Mapping[str, int]
    """Rows of the database, by table."""
    files: Mapping[str, Packed]
    """By their path in the data folder."""

    def as_json(self) -> str:
        """To be written into the archive."""
        return json.dumps({"format": FORMAT, **asdict(self), "made_at": self.made_at.astimezone(UTC).isoformat()},
                          indent=1)


def pack(archive: zipfile.ZipFile, file: Path, name: str) -> Packed:
    """Put a file in, as it is read now."""
    about = zipfile.ZipInfo.from_file(file, name, strict_timestamps=False)
    about.compress_type = archive.compression
    with file.open("rb") as source, archive.open(about, "w", force_zip64=True) as target:
        return _pour(source, target)


def digest(stream: BinaryIO | Any) -> Packed:
    """Size and hash of what can be read."""
    return _pour(stream, None)


def manifest_of(archive: zipfile.ZipFile) -> Manifest:
    """Read the manifest, and make sure that the archive holds exactly what it names. Raises `BackupUnusable`."""
    try:
        if archive.getinfo(MANIFEST).file_size > _LARGEST_MANIFEST:
            raise BackupUnusable("The backup's manifest is too large to be one.")
        told = json.loads(archive.read(MANIFEST))
        if told["format"] > FORMAT:
            raise BackupUnusable("This backup was written by a newer version of Floorwalker.",
                                 hint="Nothing was changed. Install that version first.")
        files = {str(name): Packed(int(packed["bytes"]), str(packed["sha256"]))
                 for name, packed in told["files"].items()}
        manifest = Manifest(str(told["floorwalker"]), datetime.fromisoformat(told["made_at"]),
                            tuple(map(str, told["migrations"])), dict(told["counts"]), files)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise BackupUnusable("This file is no backup of Floorwalker's: it has no manifest that can be read.") from error
    _agree(archive, manifest)
    return manifest


def unpack(archive: zipfile.ZipFile, name: str, packed: Packed, folder: Path) -> None:
    """Write one file below a folder. Raises `BackupUnusable` if it is not what the manifest says, and OSError."""
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(name) as source, target.open("wb") as written:
        if _pour(source, written, packed.bytes) != packed:
            raise BackupUnusable(f"The backup is damaged: {name} is not as it was written.")


def _agree(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    names = [info.filename for info in archive.infolist()]
    if sorted(names) != sorted([MANIFEST, *manifest.files]) or DATABASE not in manifest.files:
        raise BackupUnusable("The backup is damaged: its files are not those of its manifest.")
    foreign = next((name for name in manifest.files if not belongs(name)), None)
    if foreign is not None:
        raise BackupUnusable("The backup holds a file that does not belong into a data folder: "
                             f"{foreign!r}.")


def belongs(name: str) -> bool:
    """A path that stays below the data folder, on any system, and in one of the places that a backup has."""
    path = PurePosixPath(name)
    odd = not name.isprintable() or "\\" in name or ":" in name
    if odd or str(path) != name or path.is_absolute() or ".." in path.parts:
        return False
    return name == DATABASE or (len(path.parts) > 1 and path.parts[0] in (TAUGHT, *BUILT))


def _pour(source: Any, target: Any, most: int | None = None) -> Packed:
    hashed, size = hashlib.sha256(), 0
    for part in _parts(source):
        size += len(part)
        hashed.update(part)
        if target is not None:
            target.write(part)
        if most is not None and size > most:
            break
    return Packed(size, hashed.hexdigest())


def _parts(source: Any) -> Iterator[bytes]:
    while part := source.read(_AT_ONCE):
        yield part
