"""Which files of the index are whose: what a source says of itself, and what it lost, is measured by that."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from functools import cache
from pathlib import Path, PurePosixPath
from unicodedata import normalize

from indexer.sources.mirror import key_of
from indexer.sources.source import Source, SourceFile
from indexer.types import Failure

Notes = Mapping[str, frozenset[str]]
"""The paths of the files that are noted of each source, of former ones, too, by `key_of`."""


def notes_in(mirrors: Path) -> Notes:
    """What the notes tell, those that can be read."""
    folders = mirrors.iterdir() if mirrors.is_dir() else ()
    return {folder.name: _noted(folder / "state.json") for folder in folders if folder.is_dir()}


def owned(sources: Sequence[Source], listings: Sequence[Sequence[SourceFile | Failure]], stored: Collection[str],
          notes: Notes) -> list[frozenset[str]]:
    """For each source those of the stored files that are its: what it lists, and what only it can have held.

    What nothing tells of is held to be of an unnamed source without a note, or of the only unnamed one.
    """
    left, shares = set(stored), [set[str]() for _ in sources]
    for number, files in _claims(sources, listings, stored, notes):
        shares[number] |= files & left
        left -= files
    unnamed = [number for number, source in enumerate(sources) if not source.name]
    takers = [number for number in unnamed if not notes.get(key_of(sources[number]))]
    if takers or len(unnamed) == 1:
        current = {key_of(source) for source in sources}
        orphans = _without_former(left, {key: files for key, files in notes.items() if key not in current})
        for number in takers or unnamed:
            shares[number] |= orphans
    return [frozenset(share) for share in shares]


def _claims(sources: Sequence[Source], listings: Sequence[Sequence[SourceFile | Failure]], stored: Collection[str],
            notes: Notes) -> Iterator[tuple[int, Set[str]]]:
    """What sources have a claim to, by their numbers; the strongest claims first."""
    for number, listed in enumerate(listings):
        yield number, {file.id for file in listed if isinstance(file, SourceFile)}
    for number, listed in enumerate(listings):
        yield number, {file.document for file in listed if isinstance(file, Failure)}
    for number in sorted(range(len(sources)), key=lambda each: -len(sources[each].prefix)):
        if prefix := sources[number].prefix:
            yield number, {file for file in stored if file.startswith(prefix)}
    for number, listed in enumerate(listings):
        yield number, behind_folders(listed, stored)
    for number, source in enumerate(sources):
        if not source.name:
            yield number, notes.get(key_of(source), frozenset())


def behind_folders(listed: Sequence[SourceFile | Failure], stored: Collection[str]) -> set[str]:
    """The stored files in folders that could not be listed."""
    folders = tuple(file.document for file in listed if isinstance(file, Failure) and file.document.endswith("/"))
    return {file for file in stored if file.startswith(folders)} if folders else set()


def _without_former(files: Collection[str], notes: Notes) -> set[str]:
    """Without the files of sources that are none any more: `notes` are theirs."""
    noted = frozenset[str]().union(*notes.values())

    @cache
    def was_named(folder: str) -> bool:
        return key_of(Source(".", folder)) in notes

    return {file for file in files if file not in noted
            and not any(was_named(str(folder)) for folder in PurePosixPath(file).parents if str(folder) != ".")}


def _noted(note: Path) -> frozenset[str]:
    try:
        return frozenset(normalize("NFC", path) for path in json.loads(note.read_text(encoding="utf-8"))["files"])
    except (OSError, ValueError, KeyError, TypeError):
        return frozenset()
