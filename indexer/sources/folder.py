"""A folder, or a single file, as a source."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import SourceMissing
from indexer.readers import can_read
from indexer.types import Failure

NEVER_INDEXED = frozenset({"README.md", "questions.jsonl"})
"""Files in a source's root that are about the knowledge base, not part of it."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that holds one or more documents."""

    id: str
    """Its path below the source's root with `/`, after the source's prefix."""
    path: Path


def walk(root: Path, prefix: str = "", skip: Path | None = None) -> list[SourceFile | Failure]:
    """The files below `root` that a reader is there for; what cannot be listed is a Failure. Raises SourceMissing."""
    if not root.exists():
        raise SourceMissing(f"The source {root} does not exist.")
    if root.is_dir():
        found = _below(root, prefix, skip.resolve() if skip else None)
        return sorted(found, key=lambda each: each.id if isinstance(each, SourceFile) else each.document)
    return [_named(root, prefix)]


def _named(path: Path, prefix: str) -> SourceFile | Failure:
    """A file that was named as a source: unlike in a folder, an unknown format is a fault."""
    if can_read(path):
        return _as_file(path, path.name, prefix)
    return Failure(prefix + path.name, f"Files of type {path.suffix or 'without an extension'} cannot be read; "
                                       "Markdown (.md) and FAQ files (.yaml) can.")


def _below(root: Path, prefix: str, skip: Path | None) -> Iterator[SourceFile | Failure]:
    unlisted: list[OSError] = []
    visited: set[str] = set()
    for folder, folders, names in os.walk(root, followlinks=True, onerror=unlisted.append):
        visited.add(os.path.realpath(folder))
        folders[:] = [name for name in folders if _enters(Path(folder, name), visited, skip)]
        for name in names:
            path = Path(folder, name)
            if name.startswith(".") or not can_read(path) or (folder == str(root) and name in NEVER_INDEXED):
                continue
            if path.is_file() or path.is_symlink():  # pipes and sockets would never end
                yield _as_file(path, path.relative_to(root).as_posix(), prefix)
    for error in unlisted:
        relative = Path(str(error.filename)).relative_to(root).as_posix()
        yield Failure(f"{prefix}{relative}/", "This folder cannot be opened; check its access rights.")


def _enters(folder: Path, visited: set[str], skip: Path | None) -> bool:
    real = os.path.realpath(folder)
    return not folder.name.startswith(".") and real not in visited and (skip is None or Path(real) != skip)


def _as_file(path: Path, relative: str, prefix: str) -> SourceFile | Failure:
    identity = prefix + unicodedata.normalize("NFC", relative)
    try:
        identity.encode()
    except UnicodeEncodeError:
        readable = identity.encode(errors="replace").decode()
        return Failure(readable, "The file's name is not valid Unicode; rename it.")
    return SourceFile(identity, path)
