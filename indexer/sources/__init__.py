"""Where documents come from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from indexer.errors import SourceMissing
from indexer.sources.folder import SourceFile, walk
from indexer.types import Failure

__all__ = ["Source", "SourceFile", "files_of"]


@dataclass(frozen=True, slots=True)
class Source:
    """A place that holds documents."""

    location: str
    """A folder or a file."""
    name: str = ""
    """Prefixes the ids of its documents with `name/`; needed where two sources hold files of the same path."""


def files_of(source: Source, *, skip: Path | None = None) -> list[SourceFile | Failure]:
    """The files of a source that hold documents, in the order of their ids; `skip` is a folder to leave out.

    Raises SourceMissing.
    """
    if not source.location.strip():  # as a path, this would be the current folder
        raise SourceMissing("The name of a source is empty; `.` means the current folder.")
    if "://" in source.location:
        raise SourceMissing(f"The source {source.location} is an address; only folders and files can be read.")
    prefix = f"{source.name}/" if source.name else ""
    return walk(Path(source.location), prefix, skip)
