"""The way of a document: source, reader, passages, plan, embedding, and one new generation, published at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

from indexer.calibration import calibrate
from indexer.embedder import Embedder
from indexer.errors import IndexDamaged, IndexMissing, IndexOutdated
from indexer.evaluation.golden import GoldenQuestions, golden_questions
from indexer.library import About, Draft, Library
from indexer.library.sqlite import SqliteLibrary
from indexer.library.writing import text_hash
from indexer.passages import cut
from indexer.plan import Plan, StoredDocument, make_plan
from indexer.reading import Found, list_files, read_files
from indexer.sources import Source
from indexer.types import Failure, Report

_AT_ONCE = 128  # texts between two reports of progress

Progress = Callable[[str, int, int], None]
"""Told the stage (`reading`, `embedding`, `calibrating`), what is done of it, and what there is to do."""


def quiet(stage: str, done: int, total: int) -> None:
    """Reports no progress."""


@dataclass(frozen=True, slots=True)
class _Stored:
    """What the published generation holds."""

    number: int = 0
    fingerprint: str = ""
    passages: int = 0
    golden: str = ""
    documents: Mapping[str, StoredDocument] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    hashes: Collection[str] = frozenset()


def reindex(
    sources: Sequence[Source],
    data: Path,
    embedder: Embedder,
    *,
    full: bool = False,
    dry_run: bool = False,
    progress: Progress = quiet,
    now: datetime,
    started: float | None = None,
) -> Report:
    """Bring the index of a data folder up to date with its sources and with what was taught.

    The sources are the whole knowledge base: what is not among them leaves the index. Nothing is published if nothing
    has changed, golden questions included: they refine what confidence means here. `full` reads and embeds everything
    anew; `dry_run` only says what would be done.
    `started` is the `time.perf_counter()` of the command's start.
    Raises SourceMissing, IndexBusy, IndexDamaged (unless `full`), ModelMissing and IndexNotWritten;
    the index then stays as it is.
    """
    started = time.perf_counter() if started is None else started
    library = SqliteLibrary(data)
    listed = list_files(sources, data)
    with nullcontext() if dry_run else library.writing():
        stored = _stored(library, tolerant=full)
        found = read_files(listed, {} if full else stored.files, partial(progress, "reading"))
        plan = make_plan(stored.documents, found.digests, found.unread, found.failures)
        forget = full or stored.fingerprint != embedder.fingerprint
        if dry_run:
            known = frozenset() if forget else stored.hashes
            return _report(plan, found.failures, stored.number, stored.passages, _to_embed(plan, found, known), started)
        golden = golden_questions(sources, found.digests.keys() | set(plan.keep))
        if stored.number and plan.changes_nothing and not forget and stored.golden == golden.digest:
            return _report(plan, found.failures, stored.number, stored.passages, 0, started)
        with library.draft(empty=stored.number == 0) as draft:
            _revise(draft, plan, found, renew=full)
            if forget:
                draft.forget_vectors()
            embedded = _embed(draft, embedder, progress)
            about = _publish(draft, library.next_number(), embedder, golden, progress, now)
        return _report(plan, found.failures, about.number, about.passages, embedded, started)


def _stored(library: Library, *, tolerant: bool) -> _Stored:
    try:
        generation = library.open()
    except (IndexMissing, IndexOutdated):
        return _Stored()
    except IndexDamaged:
        if tolerant:
            return _Stored()
        raise
    try:
        about = generation.about
        return _Stored(about.number, about.fingerprint, about.passages, about.golden, generation.documents(),
                       generation.files(), generation.hashes())
    finally:
        generation.close()


def _to_embed(plan: Plan, found: Found, known: Collection[str]) -> int:
    """How many texts a run would have to embed; with another model, those of unread files are not counted."""
    names = plan.add + plan.change
    texts = (text for name in names for passage in cut(found.documents[name]) for text in passage.embedded_texts)
    return len({text_hash(text) for text in texts} - set(known))


def _revise(draft: Draft, plan: Plan, found: Found, *, renew: bool) -> None:
    """Bring the draft's documents up to date; `renew` takes in anew what has not changed, too."""
    again = [name for name in plan.keep if renew and name in found.documents]
    draft.drop([*plan.drop, *plan.change, *again])
    for name in (*plan.add, *plan.change, *again):
        document = found.documents[name]
        draft.put(document, cut(document), found.digests[name], found.file_of[name])
    draft.remember_files(found.files)


def _embed(draft: Draft, embedder: Embedder, progress: Progress) -> int:
    missing = draft.unembedded()
    for start in range(0, len(missing), _AT_ONCE):
        progress("embedding", start, len(missing))
        hashes, texts = zip(*missing[start : start + _AT_ONCE], strict=True)
        draft.store_vectors(hashes, embedder.embed(texts))
    progress("embedding", len(missing), len(missing))
    return len(missing)


def _publish(draft: Draft, number: int, embedder: Embedder, golden: GoldenQuestions, progress: Progress,
             now: datetime) -> About:
    generation = draft.seal(number=number, model=embedder.name, fingerprint=embedder.fingerprint,
                            dimensions=embedder.dimensions, built_at=now)
    calibration = calibrate(generation, embedder, golden.questions, partial(progress, "calibrating"))
    draft.publish(calibration.as_json(), golden.digest)
    return generation.about


def _report(
    plan: Plan, failures: Sequence[Failure], generation: int, passages: int, embedded: int, started: float
) -> Report:
    changes = (*(f"+{name}" for name in plan.add), *(f"~{name}" for name in plan.change),
               *(f"-{name}" for name in plan.drop))
    return Report(
        documents=len(plan.add) + len(plan.change) + len(plan.keep), passages=passages,
        added=len(plan.add), changed=len(plan.change), removed=len(plan.drop), unchanged=len(plan.keep),
        failed=tuple(failures), embedded=embedded, seconds=time.perf_counter() - started, generation=generation,
        changes=changes,
    )
