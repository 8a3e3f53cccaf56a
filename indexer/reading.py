"""From sources to documents: lists every file first, then reads those that have changed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from indexer.plan import document_hash, file_hash
from indexer.readers import Reading, beside, largest
from indexer.side_by_side import Readers
from indexer.sources import Fetching, Source, SourceFile, clear_out, fetched, files_of, remember
from indexer.sources.defaults import with_defaults
from indexer.sources.keeping import kept
from indexer.sources.mirror import mirrors_in
from indexer.sources.owners import Notes, notes_in, owned
from indexer.types import Document, Failure

TAUGHT = "taught"
"""What coaches taught: a folder below the data folder, and the prefix of its documents."""

_AHEAD = 4  # files for each reader that are under way or waiting


@dataclass(slots=True)
class Found:
    """What the sources hold."""

    documents: dict[str, Document] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    file_of: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    """Hashes of the files that were taken in without a fault."""
    unread: set[str] = field(default_factory=set)
    """Files that are as they were: what is stored of them holds."""
    failures: list[Failure] = field(default_factory=list)


@contextmanager
def listing(sources: Sequence[Source], data: Path, fetching: Fetching, stored: Collection[str] = ()
            ) -> Iterator[list[SourceFile | Failure]]:
    """Fetch what is not on this machine, then list it; what a dry run fetched is there as long as this is open.

    `stored`: the files in the index, without those that were taught; a source that lost many of its own lists them.
    If all goes well until the end, it is noted what each source held. Raises SourceMissing, IndexBusy.
    """
    notes = notes_in(mirrors_in(data)) if sources else {}  # as they were before anything is fetched
    with fetched(sources, data, fetching) as mirrors:
        by_source = _by_source(sources, data, mirrors, fetching, stored, notes)
        yield [*chain.from_iterable(by_source), *_taught(data)]
    if not fetching.dry_run:
        for source, listed in zip(sources, by_source, strict=True):
            remember(source, data, listed, fetching)
        if sources and fetching.refresh is None and not fetching.held:
            clear_out(sources, data)


def list_files(sources: Sequence[Source], data: Path, fetching: Fetching | None = None, stored: Collection[str] = ()
               ) -> list[SourceFile | Failure]:
    """The files of all sources, as they were fetched last, and of what was taught; see `listing`. Raises SourceMissing.
    """
    if fetching is None:
        return [*(file for source in sources for file in files_of(source, skip=data)), *_taught(data)]
    mirrors = mirrors_in(data)
    return [*chain.from_iterable(_by_source(sources, data, mirrors, fetching, stored, notes_in(mirrors))),
            *_taught(data)]


def _by_source(sources: Sequence[Source], data: Path, mirrors: Path, fetching: Fetching, stored: Collection[str],
               notes: Notes) -> list[list[SourceFile | Failure]]:
    """What each source lists, with what it lost but keeps."""
    by_source = [files_of(source, skip=data, mirrors=mirrors) for source in sources]
    shares = owned(sources, by_source, stored, notes)
    if not fetching.accept_losses:
        by_source = [kept(listed, source, share)
                     for listed, source, share in zip(by_source, sources, shares, strict=True)]
    for source, listed, share in zip(sources, by_source, shares, strict=True):
        fetching.listed.append((source, frozenset(file.id for file in listed if isinstance(file, SourceFile))))
        fetching.owned.append((source, share))
    return by_source


def _taught(data: Path) -> list[SourceFile | Failure]:
    return files_of(Source(str(data / TAUGHT), TAUGHT)) if (data / TAUGHT).is_dir() else []


def read_files(
    listed: Sequence[SourceFile | Failure], known: Mapping[str, str], progress: Callable[[int, int], None]
) -> Found:
    """The documents of the files whose hash is not the `known` one; many are read side by side."""
    found = Found()
    seen: set[str] = set()
    ahead: deque[_Begun] = deque()
    with Readers() as readers:
        for number, file in enumerate(listed):
            progress(number, len(listed))
            ahead.append(_begin(file, known, seen, readers))
            if len(ahead) > _AHEAD * readers.workers:
                ahead.popleft().put_into(found)
        for begun in ahead:
            begun.put_into(found)
    progress(len(listed), len(listed))
    return found


@dataclass(frozen=True, slots=True)
class _Begun:
    """A file on its way: what it holds is put in when all before it are."""

    file: SourceFile | Failure
    digest: str | None = None
    """None: there is none, for it was lost."""
    reading: Callable[[], Reading] | None = None
    """None: what is stored of it holds."""

    def put_into(self, found: Found) -> None:
        if isinstance(self.file, Failure):
            found.failures.append(self.file)
            return
        if self.reading is None:
            found.unread.add(self.file.id)
        reading = self.reading() if self.reading else Reading()
        found.failures.extend(reading.failures)
        if self.digest is not None and not reading.failures:
            found.files[self.file.id] = self.digest
        for document in with_defaults(reading.documents, self.file):
            found.documents[document.id] = document
            found.digests[document.id] = document_hash(document)
            found.file_of[document.id] = self.file.id


def _bytes_of(path: Path) -> bytes:
    """The file's content; of one that is too large to be read just so much that its reader sees it."""
    with path.open("rb") as file:
        return file.read(largest(path) + 1)


def _begin(file: SourceFile | Failure, known: Mapping[str, str], seen: set[str], readers: Readers) -> _Begun:
    """Begin with a file; `seen` are the ids of those before it."""
    if isinstance(file, Failure):
        return _Begun(file)
    if file.id in seen:
        return _Begun(Failure(file.id, "Two sources hold a file of this path; give each source a `name`."))
    seen.add(file.id)
    if file.is_lost:
        return _Begun(file, known.get(file.id))
    try:
        content, about = _bytes_of(file.path), beside(file.path)
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        return _Begun(Failure(file.id, f"The file cannot be read ({reason.lower()})."))
    digest = file_hash(content + about + file.stamp)
    return _Begun(file, digest, None if known.get(file.id) == digest else readers.read(content, file.id, about))
