"""A source that lost much at once keeps what it had: more often it is a share that is not mounted than a clear-out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from indexer.sources.choice import Choice
from indexer.sources.mirror import Entry, Mirror, State, mirrors_in
from indexer.sources.owners import behind_folders
from indexer.sources.source import Fetching, Source, SourceFile
from indexer.types import Failure

FEW = 10
"""Of a source with fewer files than this any number may go, as long as one is left."""
ACCEPT = "If that is right, run `floorwalker index --accept-losses`."


def has_shrunk(had: int, has: int, may_lose: float) -> bool:
    """Whether more is gone than may go at once."""
    return (had > 0 and has == 0) or (had >= FEW and has < (1 - may_lose) * had)


def told_shrunk(had: int, has: int) -> str:
    """The reason, with the cure."""
    left = "nothing is left" if not has else f"only {has:,} {'is' if has == 1 else 'are'} left"
    return f"Of its {had:,} {'file' if had == 1 else 'files'} {left}, so it stays as it was. {ACCEPT}"


def told_unfitting(source: Source, count: int, what: str) -> str:
    """The reason where `include` fits nothing, for which so many files or documents (`what`) stay."""
    stay = f"{what} stays as it was" if count == 1 else f"{count:,} {what}s stay as they were"
    return f"Nothing of it fits `include` ({', '.join(source.include)}), so its {stay}. {ACCEPT}"


def kept(listed: Sequence[SourceFile | Failure], source: Source, stored: Collection[str]
         ) -> list[SourceFile | Failure]:
    """What a source lists and, if it has shrunk too much, its files in the index that are gone.

    `stored`: its files in the index. What its settings leave out by now is not missed.
    """
    choice = Choice(source.include, source.exclude)
    known = {file for file in stored if choice.takes(file.removeprefix(source.prefix))}
    failed = {file.document for file in listed if isinstance(file, Failure)}
    there = {file.id for file in listed if isinstance(file, SourceFile)} | (failed & known)
    there |= behind_folders(listed, known)
    if not has_shrunk(len(known), len(there), source.may_lose):
        return list(listed)
    lost = [SourceFile(name, Path(), is_lost=True) for name in sorted(known - there)]
    if not there and source.called in failed:  # it is told already why nothing is there
        return [*listed, *lost]
    return [*listed, *lost, Failure(source.called, told_shrunk(len(known), len(there)))]


def remember(source: Source, data: Path, listed: Sequence[SourceFile | Failure], fetching: Fetching) -> None:
    """Note what was indexed: whose files are whose, and for who asks how the source is. Raises IndexNotWritten."""
    mirror = Mirror(mirrors_in(data), source)
    now, state = fetching.now.isoformat(timespec="seconds"), mirror.state()
    ids = {file.id if isinstance(file, SourceFile) else file.document for file in listed}
    ids -= {source.called, source.prefix}
    failures = tuple((failure.document, failure.reason) for failure in fetching.failed
                     if failure.document in ids or _file_of(failure.document) in ids)
    reason = next((file.reason for file in (*listed, *fetching.failed)
                   if isinstance(file, Failure) and file.document == source.called), "")
    if source.is_remote:
        if reason and not state.reason:
            failures = (*failures, (source.called, reason))
        if state.failures != failures:
            mirror.note(replace(state, failures=failures))
        return
    if reason:
        mirror.note(replace(state, trouble="shrunk", reason=reason, since=state.since or now, tried_at=now,
                            failures=failures))
        return
    paths = {file.id.removeprefix(source.prefix) for file in listed if isinstance(file, SourceFile)}
    if fetching.held:  # what is published is of before
        paths |= state.files.keys()
    known = ids | {source.prefix + path for path in state.files}
    has_changed = not state.fetched_at or any(_file_of(name) in known for name in fetching.changed)
    fresh = State(files=dict.fromkeys(sorted(paths), Entry()), tried_at=now, fetched_at=now, failures=failures,
                  changed_at=now if has_changed else state.changed_at)
    mirror.note(fresh)


def _file_of(document: str) -> str:
    return document.partition("#")[0]
