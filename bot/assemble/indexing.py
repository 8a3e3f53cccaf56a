"""What `index` runs, here and in the bot's background: an index run, and then what it is worth."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from filelock import FileLock, Timeout

from bot.assemble.basics import BOT_LOCK, utc_now
from bot.assemble.commands import sources_named
from bot.assemble.gate import GoldenGate
from bot.assemble.quality import Quality, check_quality
from bot.assemble.sources import NO_SOURCES, chooses, held_of_sources, leaves_nothing, unfitting
from bot.jobs.apart import Progress, step_back
from bot.jobs.reindexing import Wish
from bot.settings import Settings
from indexer.embedder import Embedder, embedder_for
from indexer.errors import IndexDamaged, SourceMissing
from indexer.evaluation.runs import Run
from indexer.gate import judged
from indexer.library import DueDocument, KeptGeneration
from indexer.library.sqlite import SqliteLibrary
from indexer.reindex import reindex
from indexer.sources import Source
from indexer.sources.keeping import ACCEPT
from indexer.sources.mirror import Mirror, mirrors_in
from indexer.types import Report


class Indexing:
    """Index runs of one data folder, and what each is worth; one embedder serves all."""

    def __init__(self, settings: Settings, data: Path, named: Sequence[str], *,
                 embedder: Embedder | None = None) -> None:
        """`named`: the sources, where they are not those of the settings."""
        self._settings, self._data, self._named = settings, data, named
        self._embedder = embedder or embedder_for(data, settings.model.name)
        self._asked: Run | None = None
        self._had: dict[str, frozenset[str]] = {}
        self.sources = sources_named(settings, named)

    def run(self, progress: Progress, *, full: bool = False, dry_run: bool = False, accept_losses: bool = False,
            accept_worse: bool = False, only_taught: bool = False, refresh: Collection[str] | None = None,
            started: float | None = None) -> Report:
        """Index. `accept_worse` publishes what the golden questions are against. Raises as `indexer.reindex` does."""
        if not (self.sources or only_taught or accept_losses):
            self._check_nothing_is_lost()
        self._had = {source.called: frozenset() if dry_run else _noted(source, self._data)
                     for source in self.sources if chooses(source)}
        holds = self._settings.index.gate == "hold" and not accept_worse
        gate = GoldenGate(self._settings, self._data, self._embedder, progress) if holds else None
        report = reindex(self.sources, self._data, self._embedder, full=full, dry_run=dry_run, refresh=refresh,
                         only_taught=only_taught, accept_losses=accept_losses, gate=gate, release=accept_worse,
                         progress=progress, now=utc_now(), started=started)
        self._asked = gate.asked if gate and not is_held_back(report) else None
        return self._as_published(report) if is_held_back(report) else report

    def warnings(self, report: Report) -> list[str]:
        """Of sources of which the settings leave nothing, after a run; what it told itself is not told again."""
        told = {failure.document for failure in report.failed}
        gone = [change[1:].partition("#")[0] for change in report.changes
                if change.startswith("-") and not is_held_back(report)]
        found = [unfitting(source, sum(file in self._had[source.called] for file in gone)) for source in self.sources
                 if source.called in self._had and source.called not in told and leaves_nothing(source, self._data)]
        return found if self.sources else [NO_SOURCES]

    def _as_published(self, report: Report) -> Report:
        """The report of a run that was held back, with the size of the generation that stays in use."""
        [published] = (kept for kept in generations(self._data) if kept.number == report.generation)
        return replace(report, documents=published.documents, passages=published.passages)

    def _check_nothing_is_lost(self) -> None:
        """Raises SourceMissing where no source is named, but the index holds what came from some."""
        held = ""
        with suppress(IndexDamaged):  # told by the run itself, if it cannot be mended
            held = held_of_sources(self._data)
        if held:
            raise SourceMissing(f"There are no sources under [knowledge] in the settings, but the index holds {held} "
                                "of former ones. It stays as it is.", hint=f"Name the sources again. {ACCEPT}")

    def quality(self, progress: Progress) -> Quality:
        """How good the published generation is, from the golden questions that lie beside the documents."""
        return check_quality(self._settings, self._data, self._named, self._embedder, progress, run=self._asked)


def _noted(source: Source, data: Path) -> frozenset[str]:
    """The ids of the files that the source held at the last run."""
    return frozenset(source.prefix + path for path in Mirror(mirrors_in(data), source).state().files)


def is_held_back(report: Report) -> bool:
    """Whether a run was not published, because it makes golden questions worse."""
    return report.gated is not None and report.gated.held_back


def index_and_check(settings: Settings, data: Path, wish: Wish, embedder: Embedder | None,
                    progress: Progress) -> Report:
    """A whole run for the bot: its report tells of the golden questions that got worse, too.

    They are not asked for what was taught, which has been reviewed and is waited for.
    """
    indexing = Indexing(settings, data, (), embedder=embedder)
    report = indexing.run(progress, only_taught=wish.only_taught, refresh=wish.refresh)
    if wish.only_taught or is_held_back(report) or not report.documents:
        return report
    golden = indexing.quality(progress).golden
    if golden is None or not golden.is_new or golden.comparison is None:
        return report
    return replace(report, gated=judged(golden.comparison))


def give_way(data: Path) -> None:
    """Take a low priority if a bot is at work on this data folder: its answers come first."""
    if not (data / BOT_LOCK).exists():
        return
    try:
        with FileLock(data / BOT_LOCK, timeout=0):
            return
    except Timeout:
        step_back()
    except OSError:
        return  # whether it may be written is told by the run itself


def undo(settings: Settings, data: Path) -> tuple[int, int]:
    """Go back to the generation before the published one. Returns the numbers of both.

    Raises NothingToUndo, IndexOfAnotherModel, IndexBusy, IndexNotWritten; the published one then stays.
    """
    library = SqliteLibrary(data)
    fingerprint = embedder_for(data, settings.model.name).fingerprint
    with library.writing():
        return library.undo(fingerprint)


def due_reviews(data: Path, today: date, within: int = 0) -> list[DueDocument]:
    """Documents that are past their review date, or if `within` is not 0, due today or within so many days.

    Raises IndexMissing, IndexDamaged.
    """
    until = today + timedelta(days=within + 1 if within else 0)
    generation = SqliteLibrary(data).open()
    try:
        return generation.past_review(until)
    finally:
        generation.close()


def generations(data: Path) -> list[KeptGeneration]:
    """What is kept in a data folder, newest first."""
    return SqliteLibrary(data).generations()
