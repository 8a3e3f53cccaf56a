"""How good answers are on whole knowledge bases: the table of RESULTS.md. Run by hand.

    python tests/benchmarks/bench_answers.py FOLDER... [--tuned] [--work DIR]

Each folder holds `knowledge/` (or `knowledge.tar.gz`) and `questions.jsonl`, golden questions in the product's format.
One configuration, the defaults, serves all of them; indexes are kept in DIR and reused.
"""

from __future__ import annotations

import argparse
import json
import math
import tarfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
from scipy.stats import beta
from sklearn.metrics import roc_auc_score

from indexer.confidence import Calibration
from indexer.embedder import Embedder, embedder_for
from indexer.evaluation.questions import GoldenQuestion, read_questions
from indexer.library.sqlite import SqliteLibrary
from indexer.reindex import reindex
from indexer.search import KnowledgeBase
from indexer.sources import Source
from indexer.tuning.tune import tune
from indexer.types import Viewer

SETTINGS = (0.05, 0.10, 0.20)
_VIEWER = Viewer(on=date(2026, 11, 22))


@dataclass(frozen=True, slots=True)
class Asked:
    """What the search said to each golden question, as columns."""

    answerable: np.ndarray
    near: np.ndarray
    """Unanswerable questions of the same domain, where the set marks them (`id-oos`)."""
    rank: np.ndarray
    """Of the first right document, from 1; 0: none of ten."""
    score: np.ndarray
    confidence: np.ndarray
    seconds: float


def main() -> None:
    """Index and ask each set, and print a row for it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--tuned", action="store_true", help="run `tune` with its default budget first")
    parser.add_argument("--work", type=Path, default=Path("bench-answers"))
    given = parser.parse_args()
    for folder in given.folders:
        data = given.work / (folder.name + ("-tuned" if given.tuned else ""))
        _index(folder, data, given.work, tuned=given.tuned)
        _print(folder.name, _ask(read_questions(folder / "questions.jsonl"), data), _calibration(data))


def _index(folder: Path, data: Path, work: Path, *, tuned: bool, embedder: Embedder | None = None) -> None:
    knowledge = folder / "knowledge"
    if not knowledge.exists():
        knowledge = work / "knowledge" / folder.name
        if not knowledge.exists():
            with tarfile.open(folder / "knowledge.tar.gz") as packed:
                packed.extractall(knowledge, filter="data")
    for once_more in (False, True) if tuned else (False,):
        if once_more:
            made = tune(data, "embedded", minutes=2, now=datetime.now(UTC), started=time.perf_counter(),
                        progress=lambda *_: None)
            print(f"{folder.name}: tuned in {made.seconds:.0f} s: {made.reason}", flush=True)
        reindex([Source(str(knowledge))], data, embedder or embedder_for(data, "embedded"), now=datetime.now(UTC))


def _ask(questions: Sequence[GoldenQuestion], data: Path) -> Asked:
    knowledge = KnowledgeBase(data, embedder_for(data, "embedded"))
    rows = []
    began = time.perf_counter()
    for golden in questions:
        found = knowledge.find(golden.question, _VIEWER)
        documents = list(dict.fromkeys(hit.document_id for hit in found.hits))[:10]
        rank = next((rank for rank, document in enumerate(documents, 1) if document in golden.expect), 0)
        rows.append((bool(golden.expect), golden.kind == "id-oos", rank,
                     found.hits[0].score if found.hits else 0.0, found.confidence))
    seconds = (time.perf_counter() - began) / len(questions)
    knowledge.close()
    return Asked(*(np.array(column) for column in zip(*rows, strict=True)), seconds=seconds)


def _calibration(data: Path) -> Calibration:
    generation = SqliteLibrary(data).open()
    generation.close()
    return Calibration.from_json(generation.about.calibration)


def _print(name: str, asked: Asked, calibration: Calibration) -> None:
    right, has = asked.rank == 1, asked.answerable
    without = np.sort(asked.score[~has])
    kept = float((right & (asked.score > without[math.ceil(0.8 * len(without)) - 1]))[has].mean())
    figures = {
        "set": name, "hit@1": right[has].mean(), "hit@5": ((asked.rank > 0) & (asked.rank <= 5))[has].mean(),
        "auroc": roc_auc_score(has, asked.score), "kept@80": kept,
        "calibration_error": _calibration_error(asked.confidence, right), "seconds": asked.seconds,
    }
    if asked.near.any():
        figures["auroc_near"] = roc_auc_score(has[has | asked.near], asked.score[has | asked.near])
    for setting in SETTINGS:
        verdicts = np.array([calibration.verdict(score, setting) for score in asked.score])
        false = int((verdicts[~has] == "answer").sum())
        least = beta.ppf(0.025, false, len(without) - false + 1) if false else 0.0
        figures[f"at {setting}"] = {
            "false": round(false / len(without), 3), "lower_bound": round(float(least), 3),
            "right": round(float((right & (verdicts == "answer"))[has].mean()), 3),
            "of_kept@80": round(float((right & (verdicts == "answer"))[has].mean()) / kept, 2),
            "asked_back": round(float((verdicts == "clarify")[has].mean()), 3)}
    print(json.dumps({key: round(value, 4) if isinstance(value, float) else value for key, value in figures.items()}),
          flush=True)


def _calibration_error(confidence: np.ndarray, right: np.ndarray) -> float:
    bins = np.minimum((confidence * 10).astype(int), 9)
    return float(sum(abs(confidence[bins == one].mean() - right[bins == one].mean()) * (bins == one).mean()
                     for one in range(10) if (bins == one).any()))


if __name__ == "__main__":
    main()
