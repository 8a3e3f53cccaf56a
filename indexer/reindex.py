"""The way of a document: source, reader, passages, plan, embedding, and one new generation, published at once."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from indexer.calibration import calibrate
from indexer.embedder import Embedder
from indexer.errors import IndexDamaged, IndexMissing, IndexOutdated
from indexer.evaluation.golden import GoldenQuestions, golden_questions
from indexer.library import About, Draft, Generation, Library
from indexer.library.sqlite import SqliteLibrary
from indexer.library.writing import text_hash
from indexer.passages import cut
from indexer.plan import Plan, StoredDocument, make_plan
from indexer.reading import TAUGHT, Found, list_files, read_files
from indexer.sources import Source, SourceFile
from indexer.types import Failure, Report

_Keep: TypeAlias = Callable[[Generation], tuple[Mapping[str, Any], str] | None]
_SINCE = "+"  # in `golden`, before the number of entries taught since the calibration
_TAUGHT = re.compile(rf"{TAUGHT}/fw-\d+\.yaml")
_STILL_HOLDS = 0.02
"""Of the questions that a calibration was learnt from, so many entries may be taught before it is learnt anew: one more
moves the threshold by a ten-thousandth, and learning takes most of the time of a short run."""
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
    taught_since: int = 0
    """Entries that were taught, changed or taken back since it was calibrated."""
    calibration: Mapping[str, Any] = field(default_factory=dict)
    associated: bool = False
    """Whether it learnt how people ask: with that, scores mean something else."""
    documents: Mapping[str, StoredDocument] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    hashes: Collection[str] = frozenset()


def reindex(
    sources: Sequence[Source],
    data: Path,
    embedder: Embedder,
    *,
    full: bool = False,
    only_taught: bool = False,
    dry_run: bool = False,
    progress: Progress = quiet,
    now: datetime,
    started: float | None = None,
) -> Report:
    """Bring the index of a data folder up to date with its sources and with what was taught.

    The sources are the whole knowledge base: what is not among them leaves the index. Nothing is published if nothing
    has changed, golden questions included: they refine what confidence means here. `full` reads and embeds everything
    anew; `dry_run` only says what would be done. `only_taught` leaves the documents of all sources as they are, unread,
    and the calibration while it holds (the next other run renews it); without an index of this model it does not.
    `started` is the `time.perf_counter()` of the command's start.
    Raises SourceMissing, IndexBusy, IndexDamaged (unless `full`), ModelMissing and IndexNotWritten;
    the index then stays as it is.
    """
    started = time.perf_counter() if started is None else started
    library = SqliteLibrary(data)
    listed = list_files(() if only_taught else sources, data)
    with nullcontext() if dry_run else library.writing():
        stored = _stored(library, tolerant=full)
        forget = full or stored.fingerprint != embedder.fingerprint
        if only_taught and forget:
            listed, only_taught = list_files(sources, data), False
        found = read_files(listed, {} if full else stored.files, partial(progress, "reading"))
        plan = _planned(found, stored, listed if only_taught else None)
        if dry_run:
            to_embed = _to_embed(plan, found, frozenset() if forget else stored.hashes)
            return _report(plan, found.failures, stored.number, stored.passages, to_embed, started)
        golden = golden_questions(sources, found.digests.keys() | set(plan.keep))
        is_calibrated = only_taught or (stored.golden == golden.digest and not stored.taught_since)
        if stored.number and plan.changes_nothing and not forget and is_calibrated:
            return _report(plan, found.failures, stored.number, stored.passages, 0, started)
        with library.draft(empty=stored.number == 0) as draft:
            _revise(draft, plan, found, renew=full, forget=forget)
            embedded = _embed(draft, embedder, progress)
            keep = partial(_kept_calibration, stored, plan) if only_taught else None
            about = _publish(draft, library.next_number(), embedder, golden, keep, progress, now)
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
        golden, _, taught_since = about.golden.partition(_SINCE)
        return _Stored(about.number, about.fingerprint, about.passages, golden, int(taught_since or 0),
                       about.calibration, generation.associations is not None, generation.documents(),
                       generation.files(), generation.hashes())
    finally:
        generation.close()


def _planned(found: Found, stored: _Stored, only: Sequence[SourceFile | Failure] | None) -> Plan:
    """`only`: all that was looked at; the rest is left as it was stored."""
    if only is not None:
        _leave(found, stored, only)
    return make_plan(stored.documents, found.digests, found.unread, found.failures)


def _leave(found: Found, stored: _Stored, listed: Sequence[SourceFile | Failure]) -> None:
    """What was not taught is as it was stored. A source may have a folder of that name, too."""
    looked_at = {file.id for file in listed if isinstance(file, SourceFile)}
    files = {document.file for document in stored.documents.values()} | stored.files.keys()
    left = {file for file in files - looked_at if not _TAUGHT.fullmatch(file)}
    found.unread |= left
    found.files.update((file, digest) for file, digest in stored.files.items() if file in left)


def _to_embed(plan: Plan, found: Found, known: Collection[str]) -> int:
    """How many texts a run would have to embed; with another model, those of unread files are not counted."""
    names = plan.add + plan.change
    texts = (text for name in names for passage in cut(found.documents[name]) for text in passage.embedded_texts)
    return len({text_hash(text) for text in texts} - set(known))


def _revise(draft: Draft, plan: Plan, found: Found, *, renew: bool, forget: bool) -> None:
    """Bring the draft's documents up to date; `renew` takes in anew what is as it was, too; `forget`: the vectors."""
    again = [name for name in plan.keep if renew and name in found.documents]
    draft.drop([*plan.drop, *plan.change, *again])
    for name in (*plan.add, *plan.change, *again):
        document = found.documents[name]
        draft.put(document, cut(document), found.digests[name], found.file_of[name])
    draft.remember_files(found.files)
    if forget:
        draft.forget_vectors()


def _embed(draft: Draft, embedder: Embedder, progress: Progress) -> int:
    missing = draft.unembedded()
    for start in range(0, len(missing), _AT_ONCE):
        progress("embedding", start, len(missing))
        hashes, texts = zip(*missing[start : start + _AT_ONCE], strict=True)
        vectors, words = embedder.embed_with_words(texts)
        draft.store_vectors(hashes, vectors, [of_text.packed() for of_text in words])
    progress("embedding", len(missing), len(missing))
    return len(missing)


def _publish(draft: Draft, number: int, embedder: Embedder, golden: GoldenQuestions, keep: _Keep | None,
             progress: Progress, now: datetime) -> About:
    """`keep`: gives the calibration that is there already, if it holds."""
    generation = draft.seal(number=number, model=embedder.name, fingerprint=embedder.fingerprint,
                            dimensions=embedder.dimensions, built_at=now)
    kept = keep(generation) if keep else None
    if kept is None:
        made = calibrate(generation, embedder, golden.questions, partial(progress, "calibrating"))
        kept = made.as_json(), golden.digest
    draft.publish(*kept)
    return generation.about


def _kept_calibration(stored: _Stored, plan: Plan, generation: Generation) -> tuple[Mapping[str, Any], str] | None:
    """The stored calibration, with what is noted as its golden questions; None if it does not hold any more."""
    taught = stored.taught_since + len(plan.add) + len(plan.change) + len(plan.drop)
    is_alike = stored.associated == (generation.associations is not None)
    if not is_alike or taught > _STILL_HOLDS * int(stored.calibration.get("questions", 0)):
        return None
    return stored.calibration, f"{stored.golden}{_SINCE}{taught}"


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
