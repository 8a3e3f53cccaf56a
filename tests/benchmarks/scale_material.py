"""Perturbed copies of real passages, for `bench_scale`."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from indexer.embedder import embedder_for
from indexer.evaluation.questions import read_questions
from indexer.passages import cut
from indexer.reading import list_files, read_files
from indexer.sources import Source
from indexer.types import Document, Passage

SELECTIONS = {"all": 1.0, "half": 0.5, "twentieth": 0.05, "thousandth": 0.001}
IN_A_DOCUMENT = 10
BLOCK = 20_000
_NOISE = 0.35


@dataclass(frozen=True, slots=True)
class Base:
    """Real passages and questions, embedded."""

    rows: list[list[str]]
    """Title, section, anchor, text and embedded text."""
    vectors: np.ndarray
    words: list[bytes]
    questions: list[str]
    asked: np.ndarray


def base_of(folders: list[Path], kept: Path) -> Base:
    """What was embedded before, or the passages and questions of these folders."""
    if not (kept / "rows.json").exists():
        kept.mkdir(parents=True, exist_ok=True)
        _embed_base(folders, kept)
    words = (kept / "words.npy").exists() and np.load(kept / "words.npy").tobytes()
    ends = np.cumsum(np.load(kept / "word_sizes.npy")).tolist()
    packed = [words[start:end] for start, end in zip([0, *ends], ends, strict=False)] if words else []
    return Base(json.loads((kept / "rows.json").read_text()), np.load(kept / "vectors.npy"), packed,
                json.loads((kept / "questions.json").read_text()), np.load(kept / "questions.npy"))


def _embed_base(folders: list[Path], kept: Path) -> None:
    embedder, rows, questions = embedder_for(kept, "embedded"), [], []
    for folder in folders:
        knowledge = folder / "knowledge"
        if not knowledge.exists():
            knowledge = kept / folder.name
            with tarfile.open(folder / "knowledge.tar.gz") as packed:
                packed.extractall(knowledge, filter="data")
        found = read_files(list_files([Source(str(knowledge))], kept / "data"), {}, lambda *_: None)
        rows += [(document.title, passage.section, passage.anchor, passage.text, passage.embedded_texts[0])
                 for document in found.documents.values() for passage in cut(document)]
        questions += [golden.question for golden in read_questions(folder / "questions.jsonl")]
    vectors, words = embedder.embed_with_words([row[4] for row in rows])
    of_words = [of_text.packed() for of_text in words]
    np.save(kept / "vectors.npy", vectors)
    np.save(kept / "words.npy", np.frombuffer(b"".join(of_words), dtype=np.uint8))
    np.save(kept / "word_sizes.npy", np.array([len(packed) for packed in of_words]))
    np.save(kept / "questions.npy", embedder.embed(questions))
    (kept / "questions.json").write_text(json.dumps(questions))
    (kept / "rows.json").write_text(json.dumps(rows))


@dataclass(frozen=True, slots=True)
class Block:
    """Some of the perturbed passages, which belong to whole documents."""

    first: int
    vectors: np.ndarray
    documents: list[Document]
    passages: list[tuple[Passage, ...]]
    words: list[bytes]
    seen: dict[str, np.ndarray]
    """Which passages are in each selection."""


def blocks_of(base: Base, count: int, first: int = 0) -> Iterator[Block]:
    """So many perturbed passages, the same each time."""
    near = _neighbours(base.vectors)
    for start in range(first, first + count, BLOCK):
        dice = np.random.default_rng(start + 1)
        size = min(BLOCK, first + count - start)
        of = np.arange(start, start + size) % len(base.rows)
        other = near[of, dice.integers(0, near.shape[1], size)]
        share = dice.uniform(0, 0.5, (size, 1)).astype(np.float32)
        vectors = _unit((1 - share) * base.vectors[of] + share * base.vectors[other])
        noise = dice.normal(size=vectors.shape).astype(np.float32) * (_NOISE / vectors.shape[1] ** 0.5)
        audiences = dice.random(-(-size // IN_A_DOCUMENT))
        documents, passages = [], []
        for number, luck in enumerate(audiences.tolist()):
            rows = range(number * IN_A_DOCUMENT, min((number + 1) * IN_A_DOCUMENT, size))
            name = f"{start // IN_A_DOCUMENT + number:07}.md"
            audience = tuple(one for one, part in SELECTIONS.items() if luck < part)
            documents.append(Document(name, base.rows[of[rows[0]]][0], "training", (), audience=audience))
            passages.append(tuple(_passage(base, name, place, of[row], other[row], start + row, dice)
                                  for place, row in enumerate(rows)))
        lucks = np.repeat(audiences, IN_A_DOCUMENT)[:size]
        yield Block(start, _unit(vectors + noise), documents, passages, [base.words[row] for row in of],
                    {name: lucks < part for name, part in SELECTIONS.items()})


def _passage(base: Base, name: str, place: int, of: int, other: int, number: int,
             dice: np.random.Generator) -> Passage:
    """A third of the words give way to those that stand at the same place in a near passage."""
    _, section, anchor, text, embedded = base.rows[of]
    words, others = text.split(" "), base.rows[other][3].split(" ")
    for at in np.flatnonzero(dice.random(min(len(words), len(others))) < 1 / 3).tolist():
        words[at] = others[at]
    mixed = " ".join(words)
    return Passage(name, place, section, anchor, mixed, (f"{embedded[:80]} {number}\n{mixed}",))


def _neighbours(vectors: np.ndarray) -> np.ndarray:
    near = [np.argpartition(-(vectors[row : row + 500] @ vectors.T), 21)[:, :21] for row in range(0, len(vectors), 500)]
    return np.concatenate(near)


def _unit(vectors: np.ndarray) -> np.ndarray:
    unit: np.ndarray = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit
