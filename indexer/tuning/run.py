"""One run of `tune` against the clock: trials, their judgement, and the last fitting to everything."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from indexer.embedder import load_model
from indexer.tuning.fitting import BATCH, Lesson, fit
from indexer.tuning.judging import Comparison, Marks, compare, marks, trial
from indexer.tuning.material import Material, in_turn
from indexer.tuning.network import Network

TRIALS = 3
"""Trials at most; fewer where the time is short."""
PASSES = 15
"""How often each text is seen at most: more would be learning by heart."""
MIXES = (1.0, 0.5)
"""Shares of the way from the base to what was learnt that are judged: half way keeps more of what the base knew."""
QUESTIONS = 600
"""Held-out questions of each sort in a trial."""

_READ, _TRIED, _FITTED = 0.28, 0.60, 0.88
"""When to be through, as shares of the time; what is left is for writing the model."""
_JUDGING = 0.25  # of a trial's time
_BACKWARD = 1.5  # a step's work on a text, measured in readings: half the layers forwards and backwards
_STEPS = 100  # of the progress bar
_SEED = 20

Progress = Callable[[str, int, int], None]
Marked = tuple[Marks, dict[float, Marks]]
"""Of the base, and of each mix."""


class Run:
    """Reads, tries, judges and fits; `model` is the result."""

    def __init__(self, base: str, material: Material, until: float, progress: Progress) -> None:
        """Loads the model and reads. `until` is a `time.perf_counter()`. Raises ModelMissing."""
        self._until, self._progress = until, progress
        self.model: Any = load_model(base)
        self._luck = random.Random(_SEED)
        self._network = Network(self.model)
        self._began = time.perf_counter()
        texts = in_turn(material.texts, self._luck)
        self._old = self._network.read([text.text for text in texts], self._reading(len(texts)))
        self.texts = texts[: len(self._old)]
        self._speed = max(1.0, len(self.texts)) / max(time.perf_counter() - self._began, 1e-3)  # texts in a second
        self.trials = self._affordable_trials()

    def judge(self) -> dict[float, Comparison]:
        """What each mix gains, on questions that were not learnt; nothing if the time was too short."""
        tried: list[Marked] = []
        began = time.perf_counter()
        for number in range(self.trials):
            until = began + (self._at(_TRIED) - began) * (number + 1) / self.trials
            marked = self._try(number, until)
            if marked is not None:
                tried.append(marked)
        self.trials = len(tried)
        if not tried:
            return {}
        return {mix: compare([before for before, _ in tried], [after[mix] for _, after in tried]) for mix in MIXES}

    def fit(self, mix: float) -> int:
        """Fit the model to everything; `model` then goes this share of the way. Returns the number of steps."""
        self._network.mix(self._network.original, 0.0)
        steps = self._learn(list(range(len(self.texts))), self._at(_FITTED), "fitting", 0.0, 1.0)
        self._network.mix(self._network.weights(), mix)
        return steps

    def _try(self, number: int, until: float) -> Marked | None:
        """Learn a part and be asked the rest; None if the time was too short for that."""
        left = max(0.0, until - time.perf_counter())
        affordable = int(self._speed * left * _JUDGING / len(MIXES))
        questions = min(QUESTIONS, affordable // 4)
        split = trial(self.texts, self._luck, questions, affordable - 2 * questions)
        if not split.answerable or not split.unanswerable:
            return None
        self._network.mix(self._network.original, 0.0)
        self._learn(split.learnt, until - _JUDGING * left, "trying", number / self.trials, 1 / self.trials)
        learnt = self._network.weights()
        after: dict[float, Marks] = {}
        for mix in MIXES:
            self._network.mix(learnt, mix)
            vectors = self._network.embed(split.rows, lambda _done: time.perf_counter() < self._at(_FITTED))
            if vectors is None:
                return None
            after[mix] = marks(vectors, self.texts, split)
        return marks(self._old[split.rows], self.texts, split), after

    def _learn(self, rows: list[int], until: float, stage: str, from_: float, share: float) -> int:
        lesson = Lesson(steps=_steps(len(rows)), until=until)

        def tell(done: float) -> None:
            self._progress(stage, round(_STEPS * (from_ + share * done)), _STEPS)

        return fit(self._network, self.texts, rows, self._old, lesson, self._luck, tell)

    def _affordable_trials(self) -> int:
        """As many as fit in with the last fitting; one at least, however short."""
        one = _steps(len(self.texts)) * BATCH * _BACKWARD / self._speed
        return int(np.clip((self._at(_TRIED) - time.perf_counter()) * (1 - _JUDGING) / one, 1, TRIALS))

    def _reading(self, total: int) -> Callable[[int], bool]:
        def go_on(done: int) -> bool:
            self._progress("reading", done, total)
            return done == 0 or time.perf_counter() < self._at(_READ)

        return go_on

    def _at(self, share: float) -> float:
        return self._began + share * (self._until - self._began)


def _steps(texts: int) -> int:
    return max(1, round(PASSES * texts / BATCH))
