"""What a source says of all its documents, laid over what each says of itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from indexer.audience import narrowed
from indexer.sources.source import SourceFile
from indexer.types import Document


def with_defaults(documents: Iterable[Document], file: SourceFile) -> Iterator[Document]:
    """The documents of a file with its link where they bring none, and its audience as the limit of theirs."""
    for document in documents:
        yield replace(document, url=document.url or file.link or None,
                      audience=narrowed(file.audience, document.audience))

