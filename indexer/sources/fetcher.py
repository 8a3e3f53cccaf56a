"""What fetches one kind of source: the seam behind which the kinds differ."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Protocol

from indexer.readers import ENDING, is_sidecar
from indexer.readers.sidecars import subject_name
from indexer.sources.faults import Unreachable
from indexer.sources.mirror import Entry
from indexer.sources.paths import is_harmless
from indexer.sources.source import Source

_ODD_NAME = ("Its name, or that of the file about it, holds what not every disk can write, or leads out of the source; "
             "rename it.")
_LINKED = f"The file about it ({ENDING}) is a link; put a copy of what it leads to in its place."


@dataclass(slots=True)
class Fetched:
    """What a fetcher put into the folder that it was given."""

    files: dict[str, Entry] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    """Single files that could not be fetched, by their paths; those that were there before are among `files`."""
    note: str = ""
    """What else whoever looks after the source should know."""


def with_odd_names(paths: Collection[str]) -> dict[str, str]:
    """Which of the files cannot be kept under their names, and why; nor can what another file of these is about,
    since that may tell whom it is not for."""
    odd = {path for path in paths if not is_harmless(path)}
    about = _subjects(odd)
    return dict.fromkeys((path for path in paths if path in odd or path in about), _ODD_NAME)


def with_linked_sidecars(paths: Collection[str], others: Collection[str]) -> dict[str, str]:
    """The files among these whose sidecar is a link or the like (`others`), and why they cannot be taken: nobody reads
    whom they are not for."""
    about = _subjects(others)
    return dict.fromkeys((path for path in paths if path in about), _LINKED)


def _subjects(paths: Collection[str]) -> set[str]:
    """What the sidecars among these are about."""
    return {subject_name(path) for path in paths if is_sidecar(PurePosixPath(path))}


def check_megabytes(size: int, source: Source) -> None:
    """`size`: bytes of all its files. Raises Unreachable."""
    if size > source.megabytes * 1e6:
        raise Unreachable(f"its files are {size / 1e6:,.0f} MB, more than {source.megabytes:,}",
                          "Choose fewer by `include` and `exclude`, or raise `megabytes` of the source.")


class Fetcher(Protocol):
    """Fetches one kind of source."""

    def __call__(self, source: Source, into: Path, before: Mapping[str, Entry], old: Path | None,
                 mirror: Path) -> Fetched:
        """Put the source's files into the empty folder `into`.

        `before` and `old` are the files as they were fetched last, for what has not changed; `mirror` is a folder in
        which a fetcher may keep things of its own. Raises Unreachable, whatever has happened.
        """
        ...
