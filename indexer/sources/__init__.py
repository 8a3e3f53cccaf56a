"""Where documents come from: folders, and what is fetched into folders of our own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from unicodedata import normalize

from indexer.errors import SourceMissing
from indexer.sources.address import local_path
from indexer.sources.choice import Choice
from indexer.sources.fetching import clear_out, fetched
from indexer.sources.folder import walk
from indexer.sources.keeping import remember
from indexer.sources.links import link_of
from indexer.sources.mirror import Mirror, State, mirrors_in
from indexer.sources.nesting import set_apart
from indexer.sources.source import Fetching, Kind, Source, SourceFile
from indexer.types import Failure

__all__ = ["Fetching", "Kind", "Source", "SourceFile", "as_folders", "clear_out", "fetched", "files_of", "remember",
           "root_of", "set_apart"]


def files_of(source: Source, *, skip: Path | None = None, mirrors: Path | None = None) -> list[SourceFile | Failure]:
    """The files of a source that hold documents, in the order of their ids, and what is wrong with it.

    `skip`, the data folder, is left out. What has to be fetched is listed as it was fetched last, below `mirrors`
    (by default in the data folder); what was never fetched has no files.
    Raises SourceMissing for a folder or file that is not there.
    """
    if not source.location.strip():  # as a path, this would be the current folder
        raise SourceMissing("The name of a source is empty; `.` means the current folder.")
    mirrors = mirrors or (mirrors_in(skip) if skip else None)
    mirror = Mirror(mirrors, source) if mirrors else None
    if source.is_remote:
        listed = _fetched_files(source, mirror.state() if mirror else State(), mirror.root if mirror else None)
    else:
        listed = walk(local_path(source.location), source.prefix, skip, _choice(source))
    return [_completed(file, source) if isinstance(file, SourceFile) else file for file in listed]


def _fetched_files(source: Source, state: State, root: Path | None) -> list[SourceFile | Failure]:
    """As they were fetched last, single ones that could not be, and the source itself if it has a trouble."""
    listed = walk(root, source.prefix, None, _choice(source)) if root else []
    links = {source.prefix + normalize("NFC", path): entry.link for path, entry in state.files.items()}
    files = [replace(file, link=links.get(file.id, "")) if isinstance(file, SourceFile) else file for file in listed]
    faults = [Failure(source.prefix + path, reason) for path, reason in state.faults]
    if root and not state.reason:
        return [*files, *faults]
    # Behind a name that ends with a slash, whatever is indexed stays; with a mirror, that alone tells what there was.
    is_known = root and state.fetched_under == source.identity
    called = source.called if is_known or not source.name else source.prefix
    return [*files, *faults, Failure(called, state.reason or "It has not been fetched yet.")]


def _completed(file: SourceFile, source: Source) -> SourceFile:
    """With what the source says of all its files."""
    link = link_of(source.link, file.id.removeprefix(source.prefix)) if source.link else file.link
    return replace(file, link=link, audience=source.audience)


def _choice(source: Source) -> Choice:
    try:
        return Choice(source.include, source.exclude)
    except ValueError:
        raise SourceMissing(f"A pattern of the source {source.called} cannot be read.",
                            hint="Patterns are written as in .gitignore.") from None


def as_folders(sources: Iterable[Source], data: Path) -> list[Source]:
    """The sources with the folders in place of those that are fetched; without those that were never fetched."""
    roots = ((source, root_of(source, data)) for source in sources)
    return [replace(source, location=str(root)) for source, root in roots if root is not None]


def root_of(source: Source, data: Path) -> Path | None:
    """The folder in which a source's files lie on this machine; None for what was never fetched."""
    if not source.is_remote:
        return local_path(source.location)
    return Mirror(mirrors_in(data), source).root
