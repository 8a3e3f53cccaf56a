"""The way of a document: source, reader, passages, plan, embedding, and one new generation, published at once."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from indexer.calibration import calibrate
from indexer.embedder import Embedder
from indexer.embedding import embed_missing
from indexer.errors import FloorwalkerError, IndexDamaged, IndexMissing, IndexOutdated
from indexer.evaluation.golden import GoldenQuestions, golden_questions
from indexer.gate import Gate
from indexer.library import About, Draft, Generation, Library
from indexer.library.sqlite import SqliteLibrary
from indexer.library.writing import text_hash
from indexer.passages import cut
from indexer.plan import Plan, StoredDocument, make_plan
from indexer.reading import TAUGHT, Found, list_files, listing, read_files
from indexer.sources import Fetching, Source, SourceFile, as_folders, set_apart
from indexer.sources.guard import hidden_by, without_forbidden, without_losses
from indexer.types import Failure, Gated, Report

_Keep: TypeAlias = Callable[[Generation], tuple[Mapping[str, Any], str] | None]
_Judge: TypeAlias = Callable[[Generation, Mapping[str, Any], GoldenQuestions], Gated | None]
_OUTDATED = ("The index was made by another version of Floorwalker and could not be taken over: it is built anew, "
             "without the last good versions of what failed now.")
_SINCE = "+"  # in `golden`, before the number of entries taught since the calibration
_TAUGHT = re.compile(rf"{TAUGHT}/fw-\d+\.yaml")
_STILL_HOLDS = 0.02
"""Of the questions that a calibration was learnt from, so many entries may be taught before it is learnt anew: one more
moves the threshold by a ten-thousandth, and learning takes most of the time of a short run."""

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
    outdated: bool = False
    """There is an index, of another format: nothing of it can be taken over."""


def reindex(
    sources: Sequence[Source],
    data: Path,
    embedder: Embedder,
    *,
    full: bool = False,
    only_taught: bool = False,
    dry_run: bool = False,
    refresh: Collection[str] | None = None,
    accept_losses: bool = False,
    gate: Gate | None = None,
    release: bool = False,
    progress: Progress = quiet,
    now: datetime,
    started: float | None = None,
) -> Report:
    """Bring the index of a data folder up to date with its sources and with what was taught.

    The sources are the whole knowledge base: what is not among them leaves the index; what lies in one that is inside
    another one's folder is the inner one's alone. Nothing is published if nothing
    has changed, golden questions included: they refine what confidence means here. `full` reads and embeds everything
    anew; `dry_run` only says what would be done. `only_taught` leaves the documents of all sources as they are, unread,
    and the calibration while it holds (the next other run renews it); without an index of this model it does not.
    `refresh`: which remote sources are fetched, by what they are `called`; None: all. The others stay as they are.
    `accept_losses` takes in what a source lost, however much that is.
    `gate` is asked about the new generation: what it holds back is kept unpublished. `release` publishes that first.
    `started` is the `time.perf_counter()` of the command's start.
    Raises SourceMissing, IndexBusy, IndexDamaged (unless `full`), ModelMissing and IndexNotWritten;
    the index then stays as it is.
    """
    started = time.perf_counter() if started is None else started
    library, sources = SqliteLibrary(data), set_apart(sources)
    fetching = Fetching(now, refresh, accept_losses, dry_run, partial(progress, "fetching"))
    how = _How(full, only_taught, dry_run, gate, progress, now)
    files = () if only_taught else _stored_files(library)
    with (listing(() if only_taught else sources, data, fetching, files) as listed,
          nullcontext() if dry_run else library.writing()):
        released = library.release() if release and not dry_run else 0
        report = _taken_in(library, sources, data, listed, embedder, fetching, how)
        return replace(report, seconds=time.perf_counter() - started, released=released)


@dataclass(frozen=True, slots=True)
class _How:
    """How a run is made; see `reindex`."""

    full: bool
    only_taught: bool
    dry_run: bool
    gate: Gate | None
    progress: Progress
    now: datetime


def _taken_in(library: Library, sources: Sequence[Source], data: Path, listed: Sequence[SourceFile | Failure],
              embedder: Embedder, fetching: Fetching, how: _How) -> Report:
    """From files to a generation that is published, if anything has changed."""
    stored = _stored(library, tolerant=how.full)
    forget = how.full or stored.fingerprint != embedder.fingerprint
    only_taught = how.only_taught and not forget
    if how.only_taught and forget:
        listed = list_files(sources, data, fetching, _not_taught(stored.documents))
    found = read_files(listed, {} if how.full else stored.files, partial(how.progress, "reading"))
    plan = _planned(found, stored, listed if only_taught else None, fetching)
    report = partial(_report, plan, found.failures)
    if how.dry_run:
        return report(stored.number, stored.passages, _to_embed(plan, found, frozenset() if forget else stored.hashes))
    golden = golden_questions(as_folders(sources, data), found.digests.keys() | set(plan.keep))
    is_calibrated = only_taught or (stored.golden == golden.digest and not stored.taught_since)
    if stored.number and plan.changes_nothing and not forget and is_calibrated:
        return report(stored.number, stored.passages, 0)
    gate = None if only_taught or not stored.number else how.gate
    hidden = hidden_by(plan, stored.documents, found) if gate else frozenset()
    if gate and not how.full and (still := _still_held(library, embedder, plan, found, stored, golden, gate)):
        return _in_force(replace(report(stored.number, stored.passages, 0), gated=still), hidden, fetching)
    with library.draft(empty=stored.number == 0) as draft:
        _revise(draft, plan, found, renew=how.full, forget=forget)
        embedded = embed_missing(draft, embedder, how.progress)
        keep = partial(_kept_calibration, stored, plan) if only_taught else None
        judge = partial(gate.judge, hidden=hidden) if gate else None
        about, gated = _publish(draft, library.next_number(), embedder, golden, keep, judge, how.progress, how.now)
    number = stored.number if gated and gated.held_back else about.number
    return _in_force(replace(report(number, about.passages, embedded), gated=gated), hidden, fetching)


def _in_force(report: Report, hidden: Collection[str], fetching: Fetching) -> Report:
    """The report; of a run that was held back it says which documents are still shown to whom they should not be."""
    if not (report.gated and report.gated.held_back):
        return report
    fetching.held.append(True)
    if not hidden:
        return report
    names = sorted(hidden)
    others = f" (and {len(names) - 1:,} more)" if len(names) > 1 else ""
    told = Failure(names[0], f"It is still shown to everybody who could see it before{others}: a run that removes it "
                             "or narrows its audience is held back. Publish it by `floorwalker index --accept-worse`.")
    return replace(report, failed=(*report.failed, told))


def _not_taught(documents: Mapping[str, StoredDocument]) -> frozenset[str]:
    """The files of the sources."""
    return frozenset(one.file for one in documents.values() if not _TAUGHT.fullmatch(one.file))


def _stored_files(library: Library) -> frozenset[str]:
    """The files of the sources in the published generation, if there is one that can be used."""
    try:
        generation = library.open()
    except FloorwalkerError:
        return frozenset()
    try:
        return _not_taught(generation.documents())
    finally:
        generation.close()


def _stored(library: Library, *, tolerant: bool) -> _Stored:
    try:
        generation = library.open()
    except IndexMissing:
        return _Stored()
    except IndexOutdated:
        return _Stored(outdated=True)
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


def _planned(found: Found, stored: _Stored, only: Sequence[SourceFile | Failure] | None, fetching: Fetching) -> Plan:
    """`only`: all that was looked at; the rest is left as it was stored."""
    if only is not None:
        _leave(found, stored, only)
    plan = make_plan(stored.documents, found.digests, found.unread, found.failures)
    plan = without_losses(plan, stored.documents, found, fetching)
    plan = without_forbidden(plan, stored.documents, found, fetching)
    if stored.outdated and found.failures:
        found.failures.append(Failure("index", _OUTDATED))
    fetching.heard(found.failures, plan.add + plan.change + plan.drop)
    return plan


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
    draft.put_all((found.documents[name], cut(found.documents[name]), found.digests[name], found.file_of[name])
                  for name in (*plan.add, *plan.change, *again))
    draft.remember_files(found.files)
    if forget:
        draft.forget_vectors()


def _publish(draft: Draft, number: int, embedder: Embedder, golden: GoldenQuestions, keep: _Keep | None,
             judge: _Judge | None, progress: Progress, now: datetime) -> tuple[About, Gated | None]:
    """`keep`: gives the calibration that is there already, if it holds."""
    generation = draft.seal(number=number, model=embedder.name, fingerprint=embedder.fingerprint,
                            dimensions=embedder.dimensions, built_at=now)
    kept = keep(generation) if keep else None
    if kept is None:
        made = calibrate(generation, embedder, golden.questions, partial(progress, "calibrating"))
        kept = made.as_json(), golden.digest
    gated = judge(generation, kept[0], golden) if judge else None
    draft.publish(*kept, asdict(gated) if gated and gated.held_back else None)
    return generation.about, gated


def _still_held(library: Library, embedder: Embedder, plan: Plan, found: Found, stored: _Stored,
                golden: GoldenQuestions, gate: Gate) -> Gated | None:
    """What was said of the generation that is held back, if this run would only make the same one again."""
    held = library.held()
    if held is None:
        return None
    generation, why = held
    try:
        about, documents = generation.about, generation.documents()
    finally:
        generation.close()
    hashes = {name: stored.documents[name].hash for name in plan.keep}
    hashes |= {name: found.digests[name] for name in (*plan.add, *plan.change)}
    is_same = (about.fingerprint == embedder.fingerprint and about.golden == golden.digest
               and why.get("under") == gate.under and hashes == {name: one.hash for name, one in documents.items()})
    return Gated(**{**why, "worse": tuple(why["worse"])}) if is_same else None


def _kept_calibration(stored: _Stored, plan: Plan, generation: Generation) -> tuple[Mapping[str, Any], str] | None:
    """The stored calibration, with what is noted as its golden questions; None if it does not hold any more."""
    taught = stored.taught_since + len(plan.add) + len(plan.change) + len(plan.drop)
    is_alike = stored.associated == (generation.associations is not None)
    if not is_alike or taught > _STILL_HOLDS * int(stored.calibration.get("questions", 0)):
        return None
    return stored.calibration, f"{stored.golden}{_SINCE}{taught}"


def _report(plan: Plan, failures: Sequence[Failure], generation: int, passages: int, embedded: int) -> Report:
    changes = (*(f"+{name}" for name in plan.add), *(f"~{name}" for name in plan.change),
               *(f"-{name}" for name in plan.drop))
    return Report(
        documents=len(plan.add) + len(plan.change) + len(plan.keep), passages=passages,
        added=len(plan.add), changed=len(plan.change), removed=len(plan.drop), unchanged=len(plan.keep),
        failed=tuple(failures), embedded=embedded, seconds=0.0, generation=generation, changes=changes,
    )
