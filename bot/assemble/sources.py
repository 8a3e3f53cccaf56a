"""What `floorwalker sources` tells: how each source is, from the notes of the last runs. Nothing is fetched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.assemble.basics import sources_of
from bot.settings import Settings
from indexer.errors import IndexMissing, IndexOutdated, SourceMissing
from indexer.library.sqlite import SqliteLibrary
from indexer.reading import TAUGHT
from indexer.sources import Source, SourceFile, files_of
from indexer.sources.address import shown
from indexer.sources.mirror import Mirror, State, mirrors_in
from indexer.sources.owners import notes_in, owned
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
    sources = sources_of(settings)
    listings = [_listed(source, data) for source in sources]
    stored = {file for file in counts if not file.startswith(f"{TAUGHT}/")}
    shares = owned(sources, [listed or [] for listed in listings], stored, notes_in(mirrors_in(data)))
    return [_told(source, data, listed, sum(counts[file] for file in share))
            for source, listed, share in zip(sources, listings, shares, strict=True)]


def _listed(source: Source, data: Path) -> list[SourceFile | Failure] | None:
    """None if it is not there."""
    try:
        return files_of(source, skip=data)
    except SourceMissing:
        return None


def _documents_by_file(data: Path) -> Mapping[str, int]:
    try:
        generation = SqliteLibrary(data).open()
    except (IndexMissing, IndexOutdated):
        return {}
    try:
        return Counter(stored.file for stored in generation.documents().values())
    finally:
        generation.close()


def _told(source: Source, data: Path, listed: Iterable[SourceFile | Failure] | None, documents: int) -> SourceTold:
    state = Mirror(mirrors_in(data), source).state()
    how = "missing" if listed is None else _how(source, state)
    found = (file for file in listed or () if isinstance(file, Failure))
    failures = {failure.document: failure for failure in (*(Failure(*each) for each in state.failures), *found)}
    of_itself = [failures.pop(name) for name in (source.called, source.prefix) if name in failures]
    reason = state.reason or next((failure.reason for failure in of_itself if how != "never fetched"), "")
    return SourceTold(
        source.name, KINDS[source.kind], shown(source.location), how, state.since, "" if how == "missing" else reason,
        documents, state.fetched_at, state.changed_at, source.every, tuple(failures.values()))


def _how(source: Source, state: State) -> str:
    if not state.fetched_at and not state.trouble:
        return "never fetched" if source.is_remote else "not indexed yet"
    return HOW[state.trouble]
