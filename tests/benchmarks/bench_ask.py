"""What asking costs over embedding the question, beside plain dense search in the same run. Run by hand.

    python tests/benchmarks/bench_ask.py DATA QUESTIONS.jsonl

DATA is the data folder of an index; times are medians over the questions, in milliseconds.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median, quantiles

from bot.answering.answerer import Answerer
from indexer.embedder import embedder_for
from indexer.evaluation.questions import read_questions
from indexer.library.sqlite import SqliteLibrary
from indexer.search import KnowledgeBase
from indexer.types import Viewer

_VIEWER = Viewer(on=date(2026, 11, 22))


def main() -> None:
    """Time each way of asking in turn, question by question."""
    data, questions = Path(sys.argv[1]), [one.question for one in read_questions(Path(sys.argv[2]))][:200]
    embedder = embedder_for(data, "embedded")
    knowledge = KnowledgeBase(data, embedder, false_answers=0.2)
    answerer = Answerer(knowledge.find, embedder.embed, ("en",))
    generation = SqliteLibrary(data).open()
    ways: dict[str, Callable[[str], object]] = {
        "embedding the question": lambda question: embedder.embed([question]),
        "dense search": lambda question: generation.nearest(embedder.embed([question])[0], 10, None),
        "search and verdict": lambda question: knowledge.find(question, _VIEWER),
        "the whole answer, quoted": lambda question: answerer.answer(question, _VIEWER),
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    for question in questions[:5] + questions:  # the first ones warm up
        for name, way in ways.items():
            began = time.perf_counter()
            way(question)
            times[name].append(1000 * (time.perf_counter() - began))
    base = median(times["embedding the question"][5:])
    dense = median(times["dense search"][5:])
    for name, taken in times.items():
        middle, late = median(taken[5:]), quantiles(taken[5:], n=10)[-1]
        print(f"{name:26} {middle:7.1f} ms, 9 of 10 below {late:7.1f}; over embedding {middle - base:6.1f}, "
              f"times dense {middle / dense:5.2f}")


if __name__ == "__main__":
    main()
