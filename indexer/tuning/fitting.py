"""Contrastive fitting: texts that tell the same move together, texts of other documents keep their distance."""

from __future__ import annotations

import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from indexer.tuning.material import Text
from indexer.tuning.network import Network

SHARPNESS = 20.0
"""Makes cosines into logits; the usual one of sentence models."""
FAITHFULNESS = 10.0
"""Weight of keeping apart what was apart. Contrastive training alone does not mind if all cosines rise together, and
then a question that nothing answers is near to everything, too."""
BATCH = 64
"""Texts of a step."""
_OF_A_SECTION = 4  # texts in a batch at most
_LEARNING_RATE = 2e-4
_WARM_UP = 10  # steps
_NONE = -1e9


@dataclass(frozen=True, slots=True)
class Lesson:
    """How long to learn: until so many steps are done or the time is up, whichever is first."""

    steps: int
    until: float
    """`time.perf_counter()`"""


def fit(network: Network, texts: Sequence[Text], learnt: Sequence[int], old: np.ndarray, lesson: Lesson,
        luck: random.Random, progress: Callable[[float], None]) -> int:
    """Train the network, from where it stands, on the texts whose rows are `learnt`. Returns the number of steps.

    `old` are the vectors of the untouched model. The rate falls to nothing at the end, whichever end comes first.
    """
    optimizer = torch.optim.AdamW(network.learning, lr=_LEARNING_RATE, weight_decay=0.0)
    began = time.perf_counter()
    for step, rows in enumerate(_batches(texts, learnt, luck)):
        share = max(step / lesson.steps, (time.perf_counter() - began) / max(lesson.until - began, 1e-3))
        progress(min(share, 1.0))
        if share >= 1:
            return step
        optimizer.param_groups[0]["lr"] = _LEARNING_RATE * min(1.0, (step + 1) / _WARM_UP) * (1 - share)
        optimizer.zero_grad()
        _loss(network.vectors(rows), [texts[row] for row in rows], torch.from_numpy(old[rows])).backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(network.learning, 1.0)
        optimizer.step()
    return 0


def _loss(vectors: Tensor, texts: Sequence[Text], old: Tensor) -> Tensor:
    """That the nearest text of the same section is nearer than those of other documents, whose cosines stay."""
    sections = torch.tensor([text.section for text in texts])
    documents = torch.tensor([text.document for text in texts])
    asks = torch.tensor([text.asks for text in texts])
    itself = torch.eye(len(texts), dtype=torch.bool)
    like = (sections[:, None] == sections[None]) & ~itself
    unlike = documents[:, None] != documents[None]
    cosines = vectors @ vectors.T
    logits = cosines * SHARPNESS
    near = torch.logsumexp(logits.masked_fill(~like, _NONE), 1)
    far = torch.logsumexp(logits.masked_fill(~unlike, _NONE), 1)
    asking = like.any(1) & unlike.any(1) & asks
    contrast = (torch.logaddexp(near, far) - near)[asking].sum() / asking.sum().clamp(min=1)
    drift = (cosines - old @ old.T)[unlike].square().sum() / unlike.sum().clamp(min=1)
    return contrast + FAITHFULNESS * drift


def _batches(texts: Sequence[Text], learnt: Sequence[int], luck: random.Random) -> Iterator[list[int]]:
    """Rows of some texts of each of some sections, each section in turn, without end; none of a single document."""
    sections: dict[int, list[int]] = defaultdict(list)
    for row in learnt:
        sections[texts[row].section].append(row)
    several = [rows for rows in sections.values() if len(rows) > 1]
    if len({texts[rows[0]].document for rows in several}) < 2:
        return
    batch: list[int] = []
    while True:
        luck.shuffle(several)
        for rows in several:
            batch += luck.sample(rows, min(_OF_A_SECTION, len(rows)))
            if len(batch) >= BATCH:
                yield batch
                batch = []
        if len(several) * _OF_A_SECTION < BATCH:  # else what is left over goes into the next batch
            yield batch
            batch = []
