"""What `floorwalker sources` tells: how each source is, from the notes of the last runs. Nothing is fetched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
NO_SOURCES = "There are no sources; name some under [knowledge] in the settings."
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
    """`ok`, `unreachable`, `shrunk, kept`, `never fetched`, `not fetched yet` (with the settings of now), `not indexed
    yet`, `nothing fits` (its patterns) or `missing`."""
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


def places_of(settings: Settings) -> list[str]:
    """Where the sources are: folders as seen from the current one, and nothing secret."""
    return [shown(_from_here(source.location)) for source in sources_of(settings)]


def _from_here(location: str) -> str:
    path = Path(location)
    return str(path.relative_to(Path.cwd())) if path.is_absolute() and path.is_relative_to(Path.cwd()) else location


def told_sources(settings: Settings, data: Path) -> list[SourceTold]:
    """How all sources of the settings are. Raises IndexDamaged."""
    counts = _documents_by_file(data)
    sources = sources_of(settings)
    listings = [_listed(source, data) for source in sources]
    stored = {file for file in counts if not file.startswith(f"{TAUGHT}/")}
    shares = owned(sources, [listed or [] for listed in listings], stored, notes_in(mirrors_in(data)))
    return [_told(source, data, listed, sum(counts[file] for file in share))
            for source, listed, share in zip(sources, listings, shares, strict=True)]


def chooses(source: Source) -> bool:
    """Whether it takes in not all that it holds."""
    return bool(source.include or source.exclude)


def leaves_nothing(source: Source, data: Path) -> bool:
    """Whether the source is there, but all of it is left out by its patterns; of what is fetched, as it was last."""
    listed = _listed(source, data) if chooses(source) else None
    return listed is not None and not listed


def unfitting(source: Source, taken_out: int = 0) -> str:
    """What is to be told of it, with so many documents that went for that."""
    patterns = [f"`{name}` ({', '.join(told)})" for name, told in (("include", source.include),
                                                                    ("exclude", source.exclude)) if told]
    why = f"fits its {patterns[0]}" if len(patterns) == 1 and source.include else f"is left by {' and '.join(patterns)}"
    gone = f" {_documents(taken_out)} taken out; `floorwalker index --undo` goes back." if taken_out else ""
    return f"Nothing of the source {source.called} {why}; check these patterns.{gone}"


def held_of_sources(data: Path) -> str:
    """How many documents of sources are in the index, as words; empty if there are none."""
    count = sum(count for file, count in _documents_by_file(data).items() if not file.startswith(f"{TAUGHT}/"))
    return f"{count:,} {'document' if count == 1 else 'documents'}" if count else ""


def _documents(count: int) -> str:
    return f"{count:,} {'document was' if count == 1 else 'documents were'}"


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


def _told(source: Source, data: Path, listed: Sequence[SourceFile | Failure] | None, documents: int) -> SourceTold:
    state = Mirror(mirrors_in(data), source).state()
    how = "missing" if listed is None else _how(source, state, listed)
    found = (file for file in listed or () if isinstance(file, Failure))
    failures = {failure.document: failure for failure in (*(Failure(*each) for each in state.failures), *found)}
    of_itself = [failures.pop(name) for name in (source.called, source.prefix) if name in failures]
    reason = _reason(source, state, how, of_itself)
    if _is_of_before(state):
        state = replace(state, fetched_at="", changed_at="")
    return SourceTold(
        source.name, KINDS[source.kind], shown(source.location), how, state.since, reason, documents,
        state.fetched_at, state.changed_at, source.every, tuple(failures.values()))


def _how(source: Source, state: State, listed: Sequence[SourceFile | Failure]) -> str:
    if state.trouble:
        return HOW[state.trouble]
    if not state.fetched_at:
        return "never fetched" if source.is_remote else "not indexed yet"
    if _is_of_before(state):
        return "not fetched yet" if source.is_remote else "not indexed yet"
    return "nothing fits" if chooses(source) and not listed else HOW[""]


def _is_of_before(state: State) -> bool:
    """Whether what is noted is of other settings of the source, and nothing was tried with those of now."""
    return bool(state.fetched_at) and not state.tried_at


def _reason(source: Source, state: State, how: str, of_itself: Sequence[Failure]) -> str:
    if how == "missing":
        return ""
    if _is_of_before(state):
        return (f"It was not {'fetched' if source.is_remote else 'indexed'} yet with these settings: the index holds "
                "what it was before. Run `floorwalker index`.")
    if how == "nothing fits":
        return unfitting(source)
    return state.reason or next((failure.reason for failure in of_itself if how != "never fetched"), "")
