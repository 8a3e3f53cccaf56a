"""What `doctor` shows: a line each with a tick, or what is wrong and its cure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from bot.console import out, print_json

if TYPE_CHECKING:
    from bot.assemble.findings import Finding

MARKS = {"ok": ("green", "✓", "ok"), "wrong": ("red", "✗", "NO"), "note": ("yellow", "!", "!"),
         "unknown": ("yellow", "?", "?")}
"""Colour, mark, and the mark where the terminal knows no others."""


def show(findings: Iterable[Finding], *, as_json: bool) -> bool:
    """Show each finding as soon as it is known. Returns whether all is well."""
    told = []
    for finding in findings:
        told.append(finding)
        if not as_json:
            _show(finding)
    count: Counter[str] = Counter(finding.state for finding in told)
    well = not count["wrong"] and not count["unknown"]
    if as_json:
        print_json({"ok": well, "checks": [asdict(finding) for finding in told]})
    else:
        out.print()
        out.print(_verdict(count))
    return well


def _show(finding: Finding) -> None:
    colour, mark, plain = MARKS[finding.state]
    mark = mark if out.encoding.lower().startswith("utf") else plain
    row = Table.grid(padding=(0, 1))
    row.add_column(no_wrap=True)
    row.add_column(overflow="fold")
    row.add_row(f"[{colour}]{mark}[/]", escape(finding.told))
    if finding.cure:
        row.add_row("", f"[bold]{escape(finding.cure)}[/]")
    out.print(row)


def _verdict(count: Counter[str]) -> str:
    parts = []
    if count["wrong"]:
        parts.append(f"[red]{_things(count['wrong'])} wrong.[/]")
    if count["unknown"]:
        parts.append(f"[yellow]{_things(count['unknown'])} not known (?).[/]")
    return " ".join(parts or ["[green]All is well.[/]"])


def _things(number: int) -> str:
    return f"{number} thing{' is' if number == 1 else 's are'}"
