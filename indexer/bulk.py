"""Many texts through the model: a batch on each core at a time, while questions go first.

A text takes its place beside others of its length in word pieces. A batch is as many texts as hold so many pieces, so
the memory in use depends on neither their number nor their length.
"""

from __future__ import annotations

import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from indexer.late_interaction import packed_words
from indexer.library.words import telling_places
from indexer.models import LONGEST

if TYPE_CHECKING:
    from indexer.encoder import Encoder

FEWEST = 32
"""Texts from which on it pays to lay the model out anew."""

_PIECES = 2_048  # of a batch: what lies between two layers stays in the cache of a core
_WINDOW = 1_024  # texts that are cut into word pieces, and sorted, together
_WAITING = 2  # batches for each core, under way or waiting
_BACK = 10  # as `nice`: who answers a question meanwhile is given nine tenths of a core
_AGREES = 0.999
"""The least cosine between a vector made here and the same as questions are read."""
_SAMPLE = (
    "How do I get my money back?",
    "  Überweisungen\tnach Zürich – 12.50 € \n\n| a | b |\n|---|---|\n| `x_y` | https://example.org/?q=1#z |",
    "Approvals › Who may approve\nA request above 5,000 goes to the head of the department, who has two days for it.",
    "if (total > limit) { raise_error(\"E-4711\"); } " * 12,
    "Open the form, choose the site and the wave, and send it to the coach. " * 60,
)


@dataclass(frozen=True, slots=True)
class Read:
    """What came out of one piece of work."""

    rows: Sequence[int]
    """Which of the texts."""
    vectors: np.ndarray
    """Float32 of shape (rows, dimensions), of length 1."""
    words: list[bytes]
    """The packed vectors of each text's telling words."""


class BulkReader:
    """A model laid out for many texts."""

    def __init__(self, encoder: Encoder, model: Any) -> None:
        from tokenizers import Tokenizer

        self._encoder = encoder
        # Its own, since one tokeniser cannot be used by two threads, and questions need theirs.
        self._tokenizer: Any = Tokenizer.from_str(model.tokenizer.backend_tokenizer.to_str())
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(model.max_seq_length)

    @classmethod
    def of(cls, model: Any, embed: Callable[[Sequence[str]], np.ndarray]) -> BulkReader | None:
        """None if the model is built otherwise, or its vectors come out unlike those of `embed` on this machine."""
        from indexer.encoder import Encoder, NotSuited

        try:
            reader = cls(Encoder(model), model)
            made = reader._read(range(len(_SAMPLE)), reader._pieces(_SAMPLE), _SAMPLE)
        except (NotSuited, AttributeError, LookupError, TypeError, ValueError, RuntimeError):
            return None  # models are built in many ways, and the usual way suits them all
        cosines = (made.vectors * embed([_SAMPLE[row] for row in made.rows])).sum(1)
        return reader if cosines.min() > _AGREES else None

    def read(self, texts: Sequence[str]) -> Iterator[Read]:
        """Every text once."""
        import torch

        cores = torch.get_num_threads()
        waiting: deque[Future[Read]] = deque()
        with ThreadPoolExecutor(cores, "embedding", initializer=_stand_back) as pool:
            try:
                for batch in self._batches(texts):
                    waiting.append(pool.submit(self._read, *batch))
                    if len(waiting) > _WAITING * cores:
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
            finally:
                for left in waiting:
                    left.cancel()

    def _batches(self, texts: Sequence[str]) -> Iterator[tuple[Sequence[int], Sequence[Any], Sequence[str]]]:
        for start in range(0, len(texts), _WINDOW):
            window = [text[:LONGEST] for text in texts[start : start + _WINDOW]]
            pieces = self._pieces(window)
            for rows in _filled([len(one) for one in pieces]):
                yield [start + row for row in rows], [pieces[row] for row in rows], [window[row] for row in rows]

    def _pieces(self, texts: Sequence[str]) -> list[Any]:
        cut: list[Any] = self._tokenizer.encode_batch([text[:LONGEST] for text in texts])
        return cut

    def _read(self, rows: Sequence[int], pieces: Sequence[Any], texts: Sequence[str]) -> Read:
        order = sorted(range(len(rows)), key=lambda place: len(pieces[place]))
        vectors, tokens = self._encoder.read([pieces[place].ids for place in order])
        words = packed_words([(telling_places(texts[place]), np.array(pieces[place].offsets).reshape(-1, 2))
                              for place in order], tokens)
        return Read([rows[place] for place in order], vectors, words)


def _filled(lengths: Sequence[int]) -> Iterator[list[int]]:
    """The numbers of texts, short ones first, as many at a time as fill a batch."""
    batch: list[int] = []
    held = 0
    for row in sorted(range(len(lengths)), key=lambda number: lengths[number]):
        if batch and held + lengths[row] > _PIECES:
            yield batch
            batch, held = [], 0
        batch.append(row)
        held += lengths[row]
    if batch:
        yield batch


def _stand_back() -> None:
    """One core for this thread, at a lower priority where the system knows that of a thread."""
    import torch
    from threadpoolctl import threadpool_limits

    torch.get_num_threads()  # sets the default in this thread, which would undo what follows
    threadpool_limits(1, user_api="openmp")
    if sys.platform == "linux":  # elsewhere it is the whole process that has one
        me = threading.get_native_id()
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, me, max(_BACK, os.getpriority(os.PRIO_PROCESS, me)))
