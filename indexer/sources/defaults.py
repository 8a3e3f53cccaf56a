"""What a source says of all its documents, laid over what each says of itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from indexer.audience import narrowed
from indexer.sources.source import SourceFile
from indexer.types import Document, Failure

_WITHDRAWN = "Its last good version was taken out, for the audience of its source has changed since."


def with_defaults(documents: Iterable[Document], file: SourceFile) -> Iterator[Document]:
    """The documents of a file with its link where they bring none, and its audience as the limit of theirs."""
    for document in documents:
        yield replace(document, url=document.url or file.link or None,
                      audience=narrowed(file.audience, document.audience))


def with_consequences(failures: Iterable[Failure], file: SourceFile) -> Iterator[Failure]:
    """What is wrong with a file. A document behind a failure stays as it is stored, but not for whom it is no more."""
    for failure in failures:
        yield replace(failure, document=f"{failure.document} (withdrawn)",
                      reason=f"{failure.reason} {_WITHDRAWN}") if file.is_stricter else failure
