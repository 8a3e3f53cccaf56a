"""From sources to documents: lists every file first, then reads those that have changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from indexer.plan import document_hash, file_hash
from indexer.readers import read
from indexer.sources import Source, SourceFile, files_of
from indexer.types import Document, Failure

TAUGHT = "taught"
"""What coaches taught: a folder below the data folder, and the prefix of its documents."""


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


def list_files(sources: Sequence[Source], data: Path) -> list[SourceFile | Failure]:
    """The files of all sources, and of what was taught. Raises SourceMissing."""
    listed = [file for source in sources for file in files_of(source, skip=data)]
    if (data / TAUGHT).is_dir():
        listed.extend(files_of(Source(str(data / TAUGHT), TAUGHT)))
    return listed


def read_files(
    listed: Sequence[SourceFile | Failure], known: Mapping[str, str], progress: Callable[[int, int], None]
) -> Found:
    """The documents of the files whose hash is not the `known` one."""
    found = Found()
    seen: set[str] = set()
    for number, file in enumerate(listed):
        progress(number, len(listed))
        if isinstance(file, Failure):
            found.failures.append(file)
        elif file.id in seen:
            found.failures.append(Failure(file.id, "Two sources hold a file of this path; give each source a `name`."))
        else:
            seen.add(file.id)
            _read_file(file, known, found)
    progress(len(listed), len(listed))
    return found


def _read_file(file: SourceFile, known: Mapping[str, str], found: Found) -> None:
    try:
        content = file.path.read_bytes()
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        found.failures.append(Failure(file.id, f"The file cannot be read ({reason.lower()})."))
        return
    digest = file_hash(content)
    if known.get(file.id) == digest:
        found.unread.add(file.id)
        found.files[file.id] = digest
        return
    reading = read(content, file.id)
    found.failures.extend(reading.failures)
    if not reading.failures:
        found.files[file.id] = digest
    for document in reading.documents:
        found.documents[document.id] = document
        found.digests[document.id] = document_hash(document)
        found.file_of[document.id] = file.id
