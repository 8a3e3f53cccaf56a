"""Embeds what a draft has no vectors of: each text once, however often it occurs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, runtime_checkable

from indexer.bulk import Read
from indexer.embedder import Embedder
from indexer.library import Draft

_AT_ONCE = 128  # texts between two reports of progress
_IN_MEMORY = 20_000
"""Texts that are in memory at a time, however many there are."""


@runtime_checkable
class ReadsInBulk(Protocol):
    """An embedder that has a faster way for many texts."""

    def read_in_bulk(self, texts: Sequence[str]) -> Iterator[Read]:
        """Every text once, in pieces. To be used by one thread, up to the end or closed. Raises ModelMissing."""
        ...


def embed_missing(draft: Draft, embedder: Embedder, progress: Callable[[str, int, int], None]) -> int:
    """Give a draft the vectors that it lacks. Returns how many texts were embedded. Raises ModelMissing."""
    missing = draft.unembedded()
    done = 0
    progress("embedding", done, len(missing))
    for start in range(0, len(missing), _IN_MEMORY):
        some = missing[start : start + _IN_MEMORY]
        texts = draft.texts(some)
        for read in embedder.read_in_bulk(texts) if isinstance(embedder, ReadsInBulk) else _in_pieces(embedder, texts):
            draft.store_vectors([some[row] for row in read.rows], read.vectors, read.words)
            done += len(read.rows)
            progress("embedding", done, len(missing))
    return len(missing)


def _in_pieces(embedder: Embedder, texts: Sequence[str]) -> Iterator[Read]:
    for start in range(0, len(texts), _AT_ONCE):
        some = texts[start : start + _AT_ONCE]
        vectors, words = embedder.embed_with_words(some)
        yield Read(range(start, start + len(some)), vectors, [of_text.packed() for of_text in words])
