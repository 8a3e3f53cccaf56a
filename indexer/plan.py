"""What a run has to do: the hashes of what was found against those of what is stored."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from indexer.types import Document, Failure

FORM = 4
"""Raise this whenever the same file would be read or cut differently, so that every document is taken in anew."""


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """What the index remembers of a document."""

    hash: str
    file: str
    """The file that it was read from."""
    audience: tuple[str, ...] = ()
    """Whom it is for as it is stored; empty: everybody."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Document ids by what happens to them, each in order."""

    add: tuple[str, ...] = ()
    change: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()

    @property
    def changes_nothing(self) -> bool:
        """The index would be as it is."""
        return not (self.add or self.change or self.drop)


def file_hash(content: bytes) -> str:
    """The same for files that are read and cut into the same documents."""
    return hashlib.blake2b(content, digest_size=16, salt=str(FORM).encode()).hexdigest()


def document_hash(document: Document) -> str:
    """The same for documents that are stored as the same rows; where they stand in their file does not matter."""
    unplaced = replace(document, sections=tuple(replace(section, line=0) for section in document.sections))
    text = json.dumps([FORM, asdict(unplaced)], default=str, ensure_ascii=True)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def make_plan(
    stored: Mapping[str, StoredDocument],
    found: Mapping[str, str],
    unread: Collection[str] = (),
    failures: Sequence[Failure] = (),
) -> Plan:
    """What to do about each document.

    `found` holds the hashes of documents that were read, `unread` the files that are as they were stored.
    A stored document behind a failure stays as it is.
    """
    keep = {name for name, document in stored.items() if document.file in unread}
    keep |= {name for name, digest in found.items() if name in stored and stored[name].hash == digest}
    missing = [name for name in stored if name not in found and name not in keep]
    keep |= {name for name in missing if is_behind(name, stored[name].file, failures)}
    return Plan(
        add=tuple(sorted(name for name in found if name not in stored)),
        change=tuple(sorted(name for name in found if name in stored and name not in keep)),
        drop=tuple(sorted(name for name in missing if name not in keep)),
        keep=tuple(sorted(keep)),
    )


def is_behind(name: str, file: str, failures: Sequence[Failure]) -> bool:
    """Whether a failure is about this document, its whole file, or a folder above it (these end with `/`)."""
    return any(
        failure.document in (name, file) or (failure.document.endswith("/") and name.startswith(failure.document))
        or name.startswith(f"{failure.document}#")  # an FAQ file in an archive: the document's file is the archive
        for failure in failures
    )
