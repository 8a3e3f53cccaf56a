"""What `index` shows besides its report: what is kept, what was gone back to, what is held back, and who has to look
something over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from bot.console import err, out, print_json

if TYPE_CHECKING:
    from indexer.library import DueDocument, KeptGeneration
    from indexer.types import Report

MOST_WORSE = 10


def show_generations(kept: Sequence[KeptGeneration], *, as_json: bool) -> None:
    """What is kept, newest first."""
    if as_json:
        print_json({"generations": [
            {**asdict(one), "built_at": one.built_at.isoformat() if one.built_at else None} for one in kept]})
        return
    if not kept:
        out.print("There is no index yet.")
        return
    table = Table("generation", "state", "documents", "passages", "built (UTC)", box=None, pad_edge=False)
    for one in kept:
        built = f"{one.built_at:%Y-%m-%d %H:%M}" if one.built_at else "cannot be read"
        state = f"[bold]{one.state}[/]" if one.state == "published" else one.state
        table.add_row(str(one.number), state, f"{one.documents:,}", f"{one.passages:,}", built)
    out.print(table)


def show_undone(before: int, now: int, *, as_json: bool) -> None:
    """What was gone back from, and to."""
    if as_json:
        print_json({"undone": before, "generation": now})
        return
    out.print(f"Generation [bold]{now}[/] is published again in place of {before}; a running bot uses it at once.")
    out.print("The documents are as they were when you went back: the next `floorwalker index`, by hand or on "
              "schedule, takes them in again. Mend them before that.")


def show_warnings(warnings: Sequence[str]) -> None:
    """On standard error: what the settings leave out that was hardly meant."""
    for warning in warnings:
        err.print(f"[yellow]{escape(warning)}[/]")


def show_gate(report: Report) -> None:
    """On standard error: that a run is held back, or that one that was is published."""
    if report.released:
        err.print(f"[green]Generation {report.released}, which had been held back, was published.[/]")
    gated = report.gated
    if gated is None or not gated.held_back:
        return
    err.print(f"[red]Not published:[/] of {gated.asked:,} golden questions, {len(gated.worse):,} would get worse and "
              f"{gated.better:,} better. Generation {report.generation} stays in use.")
    for question in gated.worse[:MOST_WORSE]:
        err.print(f"  {escape(' '.join(question.split())[:200])}")
    if len(gated.worse) > MOST_WORSE:
        err.print(f"  … and {len(gated.worse) - MOST_WORSE:,} more; --json has them all")
    err.print("Correct the documents or the questions and index again, or publish it with "
              "`floorwalker index --accept-worse`.")


def show_reviews(due: Sequence[DueDocument], today: date, within: int, *, as_json: bool) -> None:
    """Documents past their review date, or due within so many days, below their owners."""
    if as_json:
        print_json({"today": today.isoformat(), "documents": [asdict(one) for one in due]})
        return
    if not due:
        out.print(f"No document is past its review date{f', or due within {_days(within)}' if within else ''}.")
    for owner, documents in groupby(sorted(due, key=lambda one: one.owner.casefold()), key=lambda one: one.owner):
        out.print(f"[bold]{escape(owner or 'nobody named as owner')}[/]")
        for one in documents:
            when = _when((date.fromisoformat(one.review_by) - today).days)
            out.print(f"  {one.review_by} ({when})  {escape(one.title)} ({escape(one.url or one.id)})")


def _when(days: int) -> str:
    """So many days from now; those that have passed are negative."""
    if not days:
        return "today"
    return f"in {_days(days)}" if days > 0 else f"{_days(-days)} ago"


def _days(count: int) -> str:
    return f"{count:,} day{'' if count == 1 else 's'}"
