"""What `floorwalker sources` tells: how each source is, from the notes of the last runs. Nothing is fetched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.assemble.basics import sources_of
from bot.settings import Settings
from indexer.errors import IndexMissing, IndexOutdated, SourceMissing
from indexer.library.sqlite import SqliteLibrary
from indexer.sources import Source, SourceFile, files_of
from indexer.sources.address import shown
from indexer.sources.mirror import Mirror, State, mirrors_in
from indexer.types import Failure

KINDS = {"folder": "folder", "git": "Git", "web": "web site", "files": "files"}
HOW = {"": "ok", "unreachable": "unreachable", "shrunk": "shrunk, kept"}


@dataclass(frozen=True, slots=True)
class SourceTold:
    """How one source is; times are ISO 8601 in UTC, empty where there is none."""

    name: str
    """Empty where it has none."""
    kind: str
    location: str
    """Without anything secret."""
    state: str
    """`ok`, `unreachable`, `shrunk, kept`, `never fetched`, `not indexed yet` or `missing`."""
    since: str
    """When a trouble began."""
    reason: str
    """What is wrong, and what to do."""
    documents: int
    """In the index."""
    fetched_at: str
    """When all was well last."""
    changed_at: str
    """When anything in it was found to be different."""
    every: timedelta | None
    failures: tuple[Failure, ...]
    """Documents that could not be taken in."""


def told_sources(settings: Settings, data: Path) -> list[SourceTold]:
    """How all sources of the settings are. Raises IndexDamaged."""
    counts = _documents_by_file(data)
    return [_told(source, data, counts) for source in sources_of(settings)]


def _documents_by_file(data: Path) -> Mapping[str, int]:
    try:
        generation = SqliteLibrary(data).open()
    except (IndexMissing, IndexOutdated):
        return {}
    try:
        return Counter(stored.file for stored in generation.documents().values())
    finally:
        generation.close()


def _told(source: Source, data: Path, counts: Mapping[str, int]) -> SourceTold:
    state = Mirror(mirrors_in(data), source).state()
    try:
        listed = files_of(source, skip=data)
    except SourceMissing as missing:
        listed, how, reason = [], "missing", missing.sentence
    else:
        how, reason = _how(source, state), state.reason
    files = {file.id for file in listed if isinstance(file, SourceFile)} | {
        source.prefix + path for path in (state.files if how == "missing" else ())}
    itself = (source.called, source.prefix)
    found = [file for file in listed if isinstance(file, Failure) and file.document not in itself]
    failures = {failure.document: failure for failure in (*(Failure(*each) for each in state.failures), *found)}
    return SourceTold(
        source.name, KINDS[source.kind], shown(source.location), how, state.since, reason,
        sum(counts.get(file, 0) for file in files), state.fetched_at, state.changed_at, source.every,
        tuple(failures.values()))


def _how(source: Source, state: State) -> str:
    if not state.fetched_at and not state.trouble:
        return "never fetched" if source.is_remote else "not indexed yet"
    return HOW[state.trouble]
