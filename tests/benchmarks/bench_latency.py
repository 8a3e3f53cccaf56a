"""How long questions take while a full build runs, beside an idle bot in the same run. Run by hand.

    python -m tests.benchmarks.bench_latency DATA QUESTIONS.jsonl FOLDER [--idle SECONDS]

DATA is the data folder of an index, FOLDER holds documents that are indexed meanwhile, from nothing and in a process of
its own, as the running bot does it. One question is asked after the other, with a short break between two.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from bot.assemble.commands import Asking
from bot.assemble.indexing import Indexing
from bot.jobs.apart import Progress, run_apart
from bot.settings import Settings
from indexer.evaluation.questions import read_questions
from indexer.types import Report

_BREAK = 0.03  # seconds
_WARM = 20  # questions before times are taken


def main() -> None:
    """Ask idle, while building, and idle again; print a row for each stage of the build."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--idle", type=float, default=30.0, help="seconds")
    given = parser.parse_args()
    asking = Asking(Settings(), given.data, frozenset(), None)
    asked = _asked(asking, [one.question for one in read_questions(given.questions)])
    for _ in range(_WARM):
        next(asked)
    before = _until_seconds(asked, given.idle)
    with tempfile.TemporaryDirectory() as data:
        build = _Build(partial(_built, str(given.folder), Path(data)))
        meanwhile = build.asked_meanwhile(asked)
    after = _until_seconds(asked, given.idle)
    idle = np.percentile([*before, *after], 95)
    for name, taken in {"idle, before": before, "idle, after": after, **meanwhile}.items():
        _show(name, taken, float(idle))
    assert build.report is not None, "the build failed"
    print(f"{build.report.passages:,} passages in {build.report.seconds:.0f} s meanwhile")


def _built(folder: str, data: Path, progress: Progress) -> Report:
    return Indexing(Settings(), data, [folder]).run(progress, full=True)


def _asked(asking: Asking, questions: Sequence[str]) -> Iterator[float]:
    """Asks a question each time, and gives the seconds that it took."""
    chance = random.Random(1)
    while True:
        question, began = chance.choice(questions), time.perf_counter()
        asking.one(question)
        yield time.perf_counter() - began
        time.sleep(_BREAK)


def _until_seconds(asked: Iterator[float], seconds: float) -> list[float]:
    end, taken = time.monotonic() + seconds, []
    while time.monotonic() < end:
        taken.append(next(asked))
    return taken


class _Build:
    """A build in the background, and where it is."""

    def __init__(self, build: Callable[[Progress], Report]) -> None:
        self._build = build
        self._stage = "beginning"
        self.report: Report | None = None

    def asked_meanwhile(self, asked: Iterator[float]) -> dict[str, list[float]]:
        """The seconds of questions during the build, all of them and by its stages."""
        building = threading.Thread(target=self._run)
        building.start()
        taken: dict[str, list[float]] = defaultdict(list)
        while building.is_alive():
            stage, seconds = self._stage, next(asked)
            taken["building"].append(seconds)
            taken[f"  {stage}"].append(seconds)
        return taken

    def _run(self) -> None:
        self.report = run_apart(self._build, self._heard)

    def _heard(self, stage: str, _done: int, _total: int) -> None:
        self._stage = stage


def _show(name: str, taken: Sequence[float], idle: float) -> None:
    middle, late, last = np.percentile(taken, [50, 95, 100]) * 1000
    print(f"{name:16} {len(taken):6,} questions: median {middle:6.1f} ms, p95 {late:6.1f} "
          f"({late / idle / 1000:.2f} times idle), longest {last:7.1f}", flush=True)


if __name__ == "__main__":
    main()
