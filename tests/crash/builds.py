"""Index runs that are killed: the old generation answers, the next run completes, and nothing tells that it was.

`python -m tests.crash.builds --kills 50` kills at random moments; `kill_at_each_step` at every change of a folder.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from bot.answering.answerer import Answerer
from bot.answering.types import Answer
from indexer.library.sqlite import SqliteLibrary
from indexer.reindex import reindex
from indexer.search import KnowledgeBase
from indexer.sources import Source
from indexer.types import Report, Viewer
from tests.fakes import ToyEmbedder

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ASKER = Viewer(frozenset(), date(2026, 3, 2))
SCORE = 1e-3
"""Scores may differ by this much."""
TOPICS = ("expenses", "hotels", "trains", "invoices", "approvals", "budgets", "badges", "scanners", "pallets",
          "payroll", "holidays", "passwords", "laptops", "printers", "reports", "suppliers")
STEPS = ("mkdir", "rename", "replace", "fsync", "unlink", "rmdir")
"""Functions of `os` by which a folder changes."""


@dataclass(slots=True)
class House:
    """A knowledge folder that changes, and its index."""

    root: Path
    documents: int = 60
    kills: Counter[str] = field(default_factory=Counter)
    """By the stage that was struck."""

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def knowledge(self) -> Path:
        return self.root / "knowledge"

    def write(self, version: int, share: float, chance: random.Random) -> None:
        """Give a share of the documents new texts."""
        self.knowledge.mkdir(exist_ok=True)
        for number in range(self.documents):
            if chance.random() < share:
                topic, other = TOPICS[number % len(TOPICS)], chance.choice(TOPICS)
                path = self.knowledge / f"{topic}-{number}.md"
                path.write_text(f"# {topic.title()} {number}\n\n## Rules\n\nThe {topic} of team {number} follow "
                                f"rule {version}, as {other} do.\n\n## Limits\n\nLimit {version * 7 % 100} holds "
                                f"for {topic}.\n")
        (self.knowledge / "faq.yaml").write_text("".join(
            f"- id: q{number}\n  question: Who looks after {topic}?\n  answer: Team {version + number} does.\n"
            for number, topic in enumerate(TOPICS)))

    def build(self, data: Path | None = None, progress: Callable[[str, int, int], None] | None = None) -> Report:
        """One run."""
        return reindex([Source(str(self.knowledge))], data or self.data, ToyEmbedder(), now=NOW,
                       **({"progress": progress} if progress else {}))

    def clean(self) -> list[Answer]:
        """What a build from nothing answers."""
        data = self.root / "clean"
        shutil.rmtree(data, ignore_errors=True)
        self.build(data)
        return self.answers(data)

    def answers(self, data: Path | None = None) -> list[Answer]:
        """To questions on every topic."""
        knowledge = KnowledgeBase(data or self.data, ToyEmbedder())
        answerer = Answerer(knowledge.find, ToyEmbedder().embed)
        try:
            return [answerer.answer(question, ASKER) for topic in TOPICS
                    for question in (f"Which rule do {topic} follow?", f"Who looks after {topic}?")]
        finally:
            knowledge.close()

    @contextmanager
    def building(self, prepare: Callable[[], None] = lambda: None) -> Iterator[tuple[BaseProcess, Any]]:
        """A run in a process of its own, and the stage that it has reached."""
        context = multiprocessing.get_context("fork")
        stage = context.Array("c", 32)
        process = context.Process(target=self._build, args=(stage, prepare))
        process.start()
        try:
            yield process, stage
        finally:
            process.kill()
            process.join()

    def _build(self, stage: Any, prepare: Callable[[], None]) -> None:
        def note(name: str, done: int, total: int) -> None:
            stage.value = b"publishing" if name == "calibrating" and done >= total else name.encode()

        prepare()
        self.build(progress=note)
        stage.value = b"done"


def difference(found: list[Answer], expected: list[Answer]) -> str:
    """What differs, ties excepted; empty if nothing does."""
    for one, other in zip(found, expected, strict=True):
        if (one.verdict, [(q.document, q.text) for q in one.quotes]) != (
                other.verdict, [(q.document, q.text) for q in other.quotes]):
            return f"{one.question}: {one.verdict} {one.quotes[:1]}, not {other.verdict} {other.quotes[:1]}"
        if abs(one.confidence - other.confidence) > SCORE:
            return f"{one.question}: {one.confidence} sure, not {other.confidence}"
        scores = {hit.document_id: hit.score for hit in other.hits}
        for hit, same_place in zip(one.hits, other.hits, strict=True):
            is_tie = abs(scores.get(hit.document_id, same_place.score) - same_place.score) <= SCORE
            if abs(hit.score - same_place.score) > SCORE or not is_tie:
                return f"{one.question}: {hit.document_id} {hit.score}, not {same_place.document_id} {same_place.score}"
    return ""


def kill_at_random(house: House, kills: int, chance: random.Random, say: Callable[[str], None] = print) -> list[str]:
    """Kill so many runs, each at its own moment. Returns what was wrong."""
    wrong: list[str] = []
    house.write(0, 1.0, chance)
    house.build()
    began = time.perf_counter()
    house.write(1, 0.5, chance)
    with house.building() as (process, _):
        process.join()
    lasts, killed, version = time.perf_counter() - began, 0, 1
    while killed < kills:
        version += 1
        before, number = house.answers(), SqliteLibrary(house.data).current()
        house.write(version, chance.choice((0.05, 0.5, 1.0)), chance)
        with house.building() as (process, stage):
            process.join(chance.uniform(0, lasts * 1.1))
            struck = stage.value.decode() or "beginning"
        killed += process.exitcode == -signal.SIGKILL
        house.kills[struck if process.exitcode == -signal.SIGKILL else "came too late"] += 1
        wrong += [f"kill {killed} ({struck}): {told}" for told in _wrong_after(house, before, number)]
        if killed % 10 == 0:
            say(f"{killed} kills; {dict(house.kills)}")
    return wrong


def kill_at_each_step(house: House, chance: random.Random) -> tuple[int, list[str]]:
    """Kill a run just before its first, second, … change of a folder, until one ends. Returns how many, and what was
    wrong."""
    wrong: list[str] = []
    house.write(0, 1.0, chance)
    house.build()
    for step in range(1, 10_000):
        before, number = house.answers(), SqliteLibrary(house.data).current()
        house.write(step, 0.2, chance)
        with house.building(lambda step=step: _kill_before(step)) as (process, _):  # type: ignore[misc]
            process.join()
        wrong += [f"step {step}: {told}" for told in _wrong_after(house, before, number)]
        if process.exitcode == 0:
            return step - 1, wrong
    raise AssertionError("a run that never ends")


def _kill_before(step: int) -> None:
    left = [step]

    def counted(do: Callable[..., Any]) -> Callable[..., Any]:
        def once_more(*given: Any, **named: Any) -> Any:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return do(*given, **named)

        return once_more

    for name in STEPS:
        setattr(os, name, counted(getattr(os, name)))


def _wrong_after(house: House, before: list[Answer], number: int) -> Iterator[str]:
    """What is wrong after a kill: now, and after the next run."""
    expected = house.clean()
    published = SqliteLibrary(house.data).current() != number
    if told := difference(house.answers(), expected if published else before):
        yield f"right after it, {'the new' if published else 'the old'} generation answers otherwise: {told}"
    try:
        house.build()
    except Exception as error:
        yield f"the next run failed: {error!r}"
        return
    if told := difference(house.answers(), expected):
        yield f"the next run is not what a clean build is: {told}"
    left = [path.name for path in (house.data / "index").iterdir() if path.name.startswith(".")]
    if left:
        yield f"left behind: {left}"


def main() -> int:
    """Returns the exit code: 0 if nothing was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--documents", type=int, default=60)
    parser.add_argument("--seed", type=int, default=int(time.time()) % 10_000)
    given = parser.parse_args()
    print(f"Seed {given.seed}")
    wrong = []
    with tempfile.TemporaryDirectory(prefix="floorwalker-builds-") as folder:
        house = House(Path(folder), given.documents)
        wrong += kill_at_random(house, given.kills, random.Random(given.seed))
        print(f"{sum(house.kills.values()) - house.kills['came too late']} kills, by stage: {dict(house.kills)}")
    with tempfile.TemporaryDirectory(prefix="floorwalker-builds-") as folder:
        steps, told = kill_at_each_step(House(Path(folder), 8), random.Random(given.seed))
        wrong += told
        print(f"killed before each of {steps} changes of a folder")
    for one in wrong:
        print(f"WRONG  {one}")
    print("Nothing was wrong." if not wrong else f"{len(wrong)} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
