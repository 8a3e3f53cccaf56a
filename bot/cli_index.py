"""The commands about what the bot knows: index, and what its owners have to look over."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli_options import as_json, common, read_settings

if TYPE_CHECKING:
    from bot.assemble.indexing import Indexing
    from indexer.types import Report

_STAYS, _NONE_YET = "The index stays as it is.", "There is no index yet."


@click.command()
@click.argument("sources", nargs=-1)
@click.option("--full", is_flag=True, help="Read and embed everything anew.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--strict", is_flag=True, help="Exit with 1 if a document could not be taken in.")
@click.option("--accept-losses", is_flag=True,
              help="Take in what is left of a source that suddenly lost much of what it had.")
@click.option("--accept-worse", is_flag=True, help="Publish also what makes golden questions worse.")
@click.option("--watch", is_flag=True, help="Go on: index again whenever a local document changes, until Ctrl-C.")
@click.option("--undo", is_flag=True, help="Go back to the generation before the published one.")
@click.option("--generations", is_flag=True, help="List what is kept and can be gone back to.")
@as_json
@common()
def index(sources: tuple[str, ...], undo: bool, generations: bool, as_json: bool, config: Path | None, data: Path,
          **flags: bool) -> None:
    """Take new and changed documents into the knowledge base.

    SOURCES are folders, files or addresses; without any, those of the settings. The running bot uses the result
    at once.
    """
    started = time.perf_counter()
    given = [f"--{name.replace('_', '-')}" for name, is_set in flags.items() if is_set]
    if (undo or generations) and (sources or given or undo == generations):
        raise click.UsageError("--undo and --generations go with no other option and no SOURCE.")
    if flags["watch"] and flags["dry_run"]:
        raise click.UsageError("Give either --watch or --dry-run.")
    if generations:
        _generations(data, as_json=as_json)
    elif undo:
        _undo(config, data, as_json=as_json)
    else:
        with _interruptible(data):
            _index(sources, config, data, started, as_json=as_json, **flags)


def _index(sources: tuple[str, ...], config: Path | None, data: Path, started: float, *, full: bool, dry_run: bool,
           strict: bool, accept_losses: bool, accept_worse: bool, watch: bool, as_json: bool) -> None:
    from bot.assemble.indexing import Indexing, give_way, is_held_back

    indexing = Indexing(read_settings(config), data, sources)
    give_way(data)

    def run(*, again: bool = False) -> Report:
        return _run(indexing, None if again else started, dry_run=dry_run, as_json=as_json, full=full and not again,
                    accept_losses=accept_losses and not again, accept_worse=accept_worse, fetch=not again)

    if watch:
        _watch(indexing, data, run)
        return
    report = run()
    if is_held_back(report) or (strict and report.failed):
        raise SystemExit(1)


def _run(indexing: Indexing, started: float | None, *, full: bool, dry_run: bool, accept_losses: bool,
         accept_worse: bool, fetch: bool, as_json: bool) -> Report:
    """One run, shown."""
    from bot import console, console_index
    from bot.assemble.indexing import is_held_back
    from bot.assemble.quality import Quality
    from bot.console_evaluation import show_quality

    with console.progress() as progress:
        report = indexing.run(progress, full=full, dry_run=dry_run, accept_losses=accept_losses,
                              accept_worse=accept_worse, refresh=None if fetch else (), started=started)
    if not as_json:
        console.show_report(report, dry_run=dry_run)
    with console.progress() as progress:
        asks = report.documents and not dry_run and not is_held_back(report)
        quality = indexing.quality(progress) if asks else Quality()
    if as_json:
        console.show_report_json(report, quality.as_json())
    show_quality(quality, as_json=as_json)
    console_index.show_warnings(indexing.warnings(report))
    console_index.show_gate(report)
    return report


def _watch(indexing: Indexing, data: Path, run: Callable[..., Report]) -> None:
    from bot.assemble.following import follow
    from bot.console import say

    try:
        follow(indexing.sources, data, run, say)
    except KeyboardInterrupt:
        say(f"Stopped watching. {_NONE_YET if _published(data) == 0 else _STAYS}")


@contextmanager
def _interruptible(data: Path) -> Iterator[None]:
    """Who presses Ctrl-C is told what that did: a run publishes all or nothing."""
    from bot.console import say

    before = _published(data)
    try:
        yield
    except KeyboardInterrupt:
        after = _published(data)
        if after != before:
            say(f"Stopped. Generation {after} is published; how good it is was not measured.")
        else:
            say(f"Stopped. {_NONE_YET if after == 0 else _STAYS}")
        raise SystemExit(1) from None


def _published(data: Path) -> int | None:
    """The number of the published generation; 0 if there is none, None if that cannot be told."""
    from indexer.errors import IndexDamaged
    from indexer.library.sqlite import SqliteLibrary

    try:
        return SqliteLibrary(data).current()
    except IndexDamaged:
        return None


def _undo(config: Path | None, data: Path, *, as_json: bool) -> None:
    from bot import console_index
    from bot.assemble.indexing import undo

    console_index.show_undone(*undo(read_settings(config), data), as_json=as_json)


def _generations(data: Path, *, as_json: bool) -> None:
    from bot import console_index
    from bot.assemble.indexing import generations

    console_index.show_generations(generations(data), as_json=as_json)


@click.command()
@click.option("--owner", metavar="NAME", help="Only the documents of this owner.")
@click.option("--within", type=click.IntRange(0, 3650), default=0, show_default=True, metavar="DAYS",
              help="Also what is due within so many days.")
@as_json
@common()
def reviews(owner: str | None, within: int, as_json: bool, config: Path | None, data: Path) -> None:
    """List the documents that are past their review date (`review_by`), by owner.

    Answers from them say so until somebody has looked them over and set a new date.
    """
    from bot import console_index
    from bot.assemble.indexing import due_reviews

    today = datetime.now(UTC).astimezone(read_settings(config).desk.timezone).date()
    due = due_reviews(data, today, within)
    wanted = [one for one in due if owner is None or one.owner.casefold() == owner.strip().casefold()]
    console_index.show_reviews(wanted, today, within, as_json=as_json)


COMMANDS = (index, reviews)
