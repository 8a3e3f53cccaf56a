"""How a large knowledge base is built, stored and searched. Run by hand.

    python -m tests.benchmarks.bench_scale FOLDER... --passages N --work DIR [--picture FILE]

Each folder holds `knowledge/` (or `knowledge.tar.gz`) and `questions.jsonl`. Its passages are embedded once (kept in
DIR/base); the N passages are perturbed copies of them: the texts with words of a near passage mixed in, the vectors
moved towards that passage and by noise (cosine with the original .90 on average). They go into the library as `index`
puts them there, and are asked the real questions. Each number of passages has a folder and a `figures-N.json` in DIR;
`--picture` draws all of these.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from indexer.embedder import SentenceTransformerEmbedder
from indexer.lexical import asked_words
from indexer.library import Generation
from indexer.library.sqlite import SqliteLibrary
from indexer.library.writing import text_hash
from indexer.ranking import shortlist
from indexer.searcher import DOCUMENTS, PASSAGES, Asked, asked_of, candidates_of
from indexer.types import Viewer
from tests.benchmarks.scale_material import BLOCK, IN_A_DOCUMENT, SELECTIONS, Base, Block, base_of, blocks_of

_WARM = 50  # questions before times are taken


def main() -> None:
    """Build, measure in a process of its own, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--passages", type=int, default=0)
    parser.add_argument("--work", type=Path, default=Path("bench-scale"))
    parser.add_argument("--picture", type=Path)
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        print(json.dumps(_measured(given.work, given.passages)))
    elif given.passages:
        _run(given.folders, given.work, given.passages)
    if given.picture:
        from tests.benchmarks.scale_picture import draw

        draw([json.loads(file.read_text()) for file in given.work.glob("figures-*.json")], given.picture)


def _run(folders: list[Path], work: Path, passages: int) -> None:
    base = base_of(folders, work / "base")
    data = work / f"data-{passages}"
    file = work / f"figures-{passages}.json"
    figures: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {"passages": passages}
    if not data.exists():
        figures |= _build(base, data, passages)
        file.write_text(json.dumps(figures, indent=1))
    command = [sys.executable, "-m", "tests.benchmarks.bench_scale", "--measure", "--passages", str(passages),
               "--work", str(work)]
    figures |= json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    figures |= _changed(base, data, passages)
    file.write_text(json.dumps(figures, indent=1))
    print(json.dumps(figures, indent=1))


class Nearest:
    """The ten texts nearest to each question in each selection, by looking at all of them."""

    def __init__(self, asked: np.ndarray) -> None:
        self._asked = asked
        self._cosines = {name: np.zeros((len(asked), 0), dtype=np.float32) for name in SELECTIONS}
        self.ids: dict[str, np.ndarray] = {name: np.zeros((len(asked), 0), dtype=np.int64) for name in SELECTIONS}

    def look_at(self, block: Block) -> None:
        """At more texts; their ids are counted from 1."""
        for name, seen in block.seen.items():
            rows = np.flatnonzero(seen)
            cosines = np.hstack([self._cosines[name], self._asked @ block.vectors[rows].T])
            ids = np.hstack([self.ids[name], np.tile(rows + block.first + 1, (len(self._asked), 1))])
            best = np.argsort(-cosines, axis=1)[:, :10]
            self._cosines[name], self.ids[name] = (np.take_along_axis(one, best, 1) for one in (cosines, ids))


def _build(base: Base, data: Path, count: int) -> dict[str, Any]:
    """Index the perturbed passages; what is nearest to the questions is found by looking at all of them meanwhile."""
    library = SqliteLibrary(data)
    nearest = Nearest(base.asked)
    seconds = {"put": 0.0, "store vectors": 0.0}
    with library.writing(), library.draft(empty=True) as draft:
        for block in blocks_of(base, count):
            with _timed(seconds, "put"):
                draft.put_all((document, passages, "x", document.id)
                              for document, passages in zip(block.documents, block.passages, strict=True))
            with _timed(seconds, "store vectors"):
                hashes = [text_hash(one.embedded_texts[0]) for passages in block.passages for one in passages]
                draft.store_vectors(hashes, block.vectors, block.words)
            nearest.look_at(block)
            print(f"{block.first + len(block.vectors):,} of {count:,}", file=sys.stderr, flush=True)
        with _timed(seconds, "seal"):
            draft.seal(number=library.next_number(), model="embedded", fingerprint="x", dimensions=base.asked.shape[1],
                       built_at=datetime.now(UTC))
        with _timed(seconds, "publish"):
            draft.publish({}, "")
    np.savez(data / "nearest.npz", **nearest.ids)
    (folder,) = (data / "index").glob("g*")
    return {"build_seconds": {name: round(taken, 1) for name, taken in seconds.items()}, "build_peak_mb": _peak(),
            "files_mb": {file.name: round(file.stat().st_size / 1e6, 1) for file in sorted(folder.iterdir())}}


def _changed(base: Base, data: Path, count: int) -> dict[str, Any]:
    """How long a small change takes: one document gone, one new; it is not published."""
    library = SqliteLibrary(data)
    seconds: dict[str, float] = {}
    with library.writing():
        with _timed(seconds, "copy"):
            made = library.draft()
            draft = made.__enter__()
        (block,) = blocks_of(base, IN_A_DOCUMENT, first=count - count % BLOCK + BLOCK)
        with _timed(seconds, "drop and put"):
            draft.drop(["0000007.md"])
            draft.put_all(zip(block.documents, block.passages, "x", "y", strict=True))
            hashes = [text_hash(one.embedded_texts[0]) for one in block.passages[0]]
            draft.store_vectors(hashes, block.vectors, block.words)
        with _timed(seconds, "seal"):
            draft.seal(number=library.next_number(), model="embedded", fingerprint="x", dimensions=base.asked.shape[1],
                       built_at=datetime.now(UTC))
        made.__exit__(None, None, None)
    return {"change_seconds": {name: round(taken, 1) for name, taken in seconds.items()}}


class _timed:  # noqa: N801
    def __init__(self, seconds: dict[str, float], name: str) -> None:
        self._seconds, self._name = seconds, name

    def __enter__(self) -> None:
        self._began = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        self._seconds[self._name] = self._seconds.get(self._name, 0.0) + time.perf_counter() - self._began


def _measured(work: Path, count: int) -> dict[str, Any]:
    """Opening, memory, recall and times, in this process, which has nothing else in it."""
    base, data = work / "base", work / f"data-{count}"
    questions, asked = json.loads((base / "questions.json").read_text()), np.load(base / "questions.npy")
    before = _memory()
    began = time.perf_counter()
    generation = SqliteLibrary(data).open()
    figures: dict[str, Any] = {"open_seconds": round(time.perf_counter() - began, 2), "memory_before_mb": before,
                               "memory_opened_mb": _memory()}
    figures["recall@10"], figures["search_ms"] = {}, {}
    with np.load(data / "nearest.npz") as nearest:
        for name in SELECTIONS:
            viewer = None if name == "all" else Viewer(frozenset({name}))
            figures["recall@10"][name] = _recall(generation, asked, nearest[name], viewer)
            figures["search_ms"][name] = _times(generation, questions, asked, viewer)
    figures["memory_asked_mb"] = _memory()
    embedder = SentenceTransformerEmbedder()
    for (read,) in (asked_of(generation, [question], embedder) for question in questions[:_WARM]):
        candidates_of(generation, read, None)
    return figures | {"memory_with_model_mb": _memory()}


def _recall(generation: Generation, asked: np.ndarray, nearest: np.ndarray, viewer: Viewer | None) -> float:
    found = [set([*generation.nearest(vector, 200, viewer)][:10]) for vector in asked]
    shares = [len(ids & set(of.tolist())) / max(len(of), 1) for ids, of in zip(found, nearest, strict=True)]
    return round(float(np.mean(shares)), 4)


def _times(generation: Generation, questions: list[str], asked: np.ndarray, viewer: Viewer | None) -> dict[str, float]:
    """Milliseconds of the whole search, given the question's vector, and of its two halves."""
    rows = []
    for question, vector in [*zip(questions, asked, strict=True)][:_WARM] + [*zip(questions, asked, strict=True)] * 2:
        at, worked = [time.perf_counter()], time.thread_time()
        words = asked_words(generation, question)
        found = shortlist(candidates_of(generation, Asked(words, vector), viewer), PASSAGES, DOCUMENTS)
        generation.passages(one.passage for one in found)
        at.append(time.perf_counter())
        worked = time.thread_time() - worked
        generation.nearest(vector, 200, viewer)
        at.append(time.perf_counter())
        generation.matching(words.words, 200, viewer)
        at.append(time.perf_counter())
        rows.append(np.array([*np.diff(at), worked]) * 1000)
    taken = np.array(rows[_WARM:])
    p50, p99 = np.percentile(taken, [50, 99], axis=0).round(2).tolist()
    return {"p50": p50[0], "p99": p99[0], "nearest_p50": p50[1], "nearest_p99": p99[1], "matching_p50": p50[2],
            "matching_p99": p99[2], "cpu_p50": p50[3], "cpu_p99": p99[3]}


def _memory() -> dict[str, int]:
    """Resident, in MB: all, and what of it is the process's own, not pages of files."""
    lines = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return {name: int(lines[name].split()[0]) // 1024 for name in ("VmRSS", "RssAnon", "VmHWM")}


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
