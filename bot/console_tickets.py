"""What the commands show that look after the desk's data."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO
from zoneinfo import ZoneInfo

from rich.markup import escape
from rich.table import Table

from bot.console import out, print_json, say
from bot.desk.listing import COLUMNS
from bot.errors import FloorwalkerError

if TYPE_CHECKING:
    from bot.assemble.backup import Made
    from bot.assemble.forget import Outcome
    from bot.assemble.restore import Restored
    from bot.desk.listing import Row, Told
    from bot.desk.since_backup import Returned

_STYLES = {"new": "yellow", "claimed": "cyan", "waiting": "magenta", "parked": "magenta", "resolved": "green",
           "closed": "dim", "urgent": "bold red", "high": "red"}
_WIDE = 110
"""From this width on a list has room for more columns."""
_NARROW = 70
_LISTED = 20
"""Tickets that are named; the others are counted."""
_GAP = 2
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class NotWritten(FloorwalkerError):
    """The file could not be written."""


def show_list(found: Sequence[Row], zone: ZoneInfo, *, as_json: bool) -> None:
    """Tickets as a table that fits the terminal, or a JSON array."""
    if as_json:
        print_json(list(found))
        return
    if not found:
        out.print("No ticket fits.")
        return
    columns = _columns(out.width, zone)
    rows = [[_cut(tell(row), most) for _, most, tell in columns] for row in found]
    by_column = zip(*rows, strict=True)
    widths = [max(len(title), *map(len, cells)) for (title, _, _), cells in zip(columns, by_column, strict=True)]
    room = max(out.width - sum(widths) - _GAP * len(widths), 12)
    table = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), header_style="bold")
    for (title, _, _), width in zip(columns, widths, strict=True):
        table.add_column(title, no_wrap=True, min_width=width)
    table.add_column("question", no_wrap=True)
    for row, cells in zip(found, rows, strict=True):
        table.add_row(*map(_styled, cells), escape(_cut(" ".join(row["question"].split()), room)))
    out.print(table)
    out.print(f"{len(found):,} {'ticket' if len(found) == 1 else 'tickets'}", style="dim")


def _columns(width: int, zone: ZoneInfo) -> list[tuple[str, int, Callable[[Row], str]]]:
    """Title, widest cell and content of the columns for which a terminal of this width has room."""
    narrow, wide = width < _NARROW, width >= _WIDE
    columns: list[tuple[str, int, Callable[[Row], str]]] = [
        ("ticket", 10, lambda row: row["ticket"]), ("state", 8, lambda row: row["state"]),
        ("prio" if narrow else "priority", 8, lambda row: row["priority"]),
        ("owner", 9 if narrow else 13, lambda row: row["owner"] or "–")]
    if not narrow:
        columns.append(("opened", 16, lambda row: _local(row["opened_at"], zone)))
    if wide:
        columns += [("area", 14, lambda row: row["area"] or "–"), ("asker", 13, lambda row: row["asker"])]
    return columns


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[:most - 1] + "…"


def show_ticket(told: Told, zone: ZoneInfo, *, as_json: bool) -> None:
    """One ticket with its history."""
    if as_json:
        print_json({**told.ticket, "related": told.related, "duplicates": told.duplicates, "found": told.found,
                    "history": told.history})
        return
    ticket = told.ticket
    out.print(f"[bold]{ticket['ticket']}[/] · {_styled(ticket['state'])} · {_styled(ticket['priority'])}"
              + (f" · {escape(ticket['area'])}" if ticket["area"] else ""))
    out.print(escape(ticket["question"]))
    out.print()
    facts = Table.grid(padding=(0, 2))
    facts.add_column(style="dim", no_wrap=True)
    facts.add_column(overflow="fold")
    for name, value in _facts(told, zone):
        if value:
            facts.add_row(name, escape(value))
    out.print(facts)
    out.print()
    for line in told.history:
        who = "" if line["who"] == "the bot" and line["what"] == "opened" else f" by {line['who']}"
        words = f": {line['words']}" if line["words"] else ""
        out.print(f"[dim]{_local(line['at'], zone)}[/]  [bold]{line['what'].replace('_', ' ')}[/]{escape(who + words)}",
                  soft_wrap=False)


def _facts(told: Told, zone: ZoneInfo) -> Iterable[tuple[str, str]]:
    ticket = told.ticket
    return (
        ("asker", ticket["asker"]), ("owner", ticket["owner"] or "nobody"), ("tags", ticket["tags"] or ""),
        ("opened", _local(ticket["opened_at"], zone)),
        ("first response", _after(ticket["first_response_at"], ticket["minutes_to_first_response"], zone)),
        ("ended", _after(ticket["resolved_at"], ticket["minutes_to_resolution"], zone)),
        ("because", (ticket["ended_because"] or "").replace("_", " ")), ("same as", ticket["same_as"] or ""),
        ("resolution", ticket["resolution"] or ""), ("related", ", ".join(told.related)),
        ("duplicates", ", ".join(told.duplicates)), ("the bot found", ", ".join(told.found)),
    )


def export(found: Sequence[Row], form: str, output: Path | None) -> None:
    """Tickets for a spreadsheet or a program, to a file or to standard output. Raises `NotWritten`."""
    if output is None:
        sys.stdout.reconfigure(encoding="utf-8", newline="\n") if hasattr(sys.stdout, "reconfigure") else None
        _export(found, form, sys.stdout)
        sys.stdout.flush()
        return
    try:
        with output.open("w", encoding="utf-8", newline="") as file:
            _export(found, form, file)
    except OSError as error:
        raise NotWritten(f"{output} cannot be written ({error.strerror}).") from error
    say(f"{len(found):,} {'ticket' if len(found) == 1 else 'tickets'} in {output}")


def _export(found: Sequence[Row], form: str, file: TextIO) -> None:
    if form == "csv":
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows([_harmless(row[name]) for name in COLUMNS] for row in found)
    elif form == "json":
        json.dump(list(found), file, ensure_ascii=False, indent=1)
        file.write("\n")
    else:
        for row in found:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def _harmless(value: Any) -> Any:
    """A text that a spreadsheet would run as a formula begins with an apostrophe, so that it shows it instead."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def show_backup(made: Made, *, as_json: bool) -> None:
    """Where the backup is, and what is in it."""
    counts, files = made.manifest.counts, made.manifest.files
    taught = sum(name.startswith("taught/") for name in files)
    if as_json:
        print_json({"file": str(made.file), "bytes": made.bytes, "tickets": counts["tickets"],
                    "questions": counts["answers"], "taught": taught, "files": len(files),
                    "with_index": made.with_index, "made_at": made.manifest.made_at.isoformat(),
                    "removed": [str(file) for file in made.removed]})
        return
    out.print(f"[green]Backed up and verified:[/] [bold]{escape(str(made.file))}[/] ({_size(made.bytes)})",
              soft_wrap=True)
    out.print(f"{counts['tickets']:,} tickets, {counts['answers']:,} questions, {taught:,} taught entries"
              + (", and the index." if made.with_index else
                 "; without the index, which `floorwalker index` makes from your documents."))
    for file in made.removed:
        out.print(f"Removed an older one: {escape(str(file))}", soft_wrap=True)


def show_restored(done: Restored, *, as_json: bool) -> None:
    """What is back, and what to do next."""
    counts, prepared = done.manifest.counts, done.prepared
    if as_json:
        print_json({"file": str(done.file), "made_at": done.manifest.made_at.isoformat(),
                    "moved_to": str(done.moved_to) if done.moved_to else None, "tickets": counts["tickets"],
                    "questions": counts["answers"], "with_index": done.with_index, "dry_run": done.dry_run,
                    **asdict(prepared), **asdict(done.since)})
        return
    head = "[yellow]Would restore[/]" if done.dry_run else "[green]Restored[/]"
    out.print(f"{head} the state of [bold]{done.manifest.made_at:%d %b %Y, %H:%M} UTC[/]: "
              f"{counts['tickets']:,} tickets, {counts['answers']:,} questions.")
    if done.moved_to:
        out.print(f"What was there before is in {escape(str(done.moved_to))}.", soft_wrap=True)
    _show_since(done)
    out.print(f"The next ticket will be FW-{prepared.next_number}.")
    if not prepared.previous_known:
        out.print("[yellow]The former database could not be read.[/] If tickets were opened after this backup, restore "
                  "again with --next-ticket and a number above theirs, so that none is given twice.")
    if prepared.doubtful:
        out.print(f"{prepared.doubtful:,} messages were waiting; each is looked for in Slack before it is sent.")
    if not done.with_index:
        out.print("The index stayed as it was: `floorwalker index` takes out of it what was taught after the backup.")


def _show_since(done: Restored) -> None:
    """What is not in the backup, and what is there still that should not be."""
    lost, went_on = done.since.lost, done.since.went_on
    if lost:
        knows = "would not know" if done.dry_run else "does not know"
        out.print(f"[yellow]Newer than this backup, so the desk {knows} them any more:[/]")
        for one in lost[:_LISTED]:
            out.print(f"  • {one.ticket} · {one.state} · {escape(_cut(' '.join(one.question.split()), 100))}")
        if len(lost) > _LISTED:
            out.print(f"  … and {len(lost) - _LISTED:,} more")
    if went_on:
        more = f" and {len(went_on) - _LISTED:,} more" if len(went_on) > _LISTED else ""
        out.print(f"As they stood then, without what has happened since: {', '.join(went_on[:_LISTED])}{more}.")
    for returned in done.since.returned:
        out.print(_told_returned(returned), soft_wrap=True)


def _told_returned(returned: Returned) -> str:
    when, user = f"{datetime.fromisoformat(returned.forgotten_at):%d %b %Y}", escape(returned.user)
    if not user:
        return (f"[bold red]Somebody was forgotten on {when}, after this backup.[/] It cannot be told whether it has "
                "words of theirs: whoever ran `floorwalker forget` then should run it again.")
    return (f"[bold red]{user} was forgotten on {when}, after this backup: it has their words still.[/] "
            f"Run `floorwalker forget {user}` again.")


def show_forgotten(done: Outcome, *, as_json: bool) -> None:
    """What went, in figures, and what this command cannot take out."""
    gone = done.forgotten
    if as_json:
        left = {"taught": [str(file) for file in done.taught], "backups": [str(file) for file in done.backups]}
        print_json({**asdict(gone), "left": left})
        return
    out.print(f"[green]{escape(done.user)} is forgotten[/] and called [bold]{gone.pseudonym}[/] now, in "
              f"{gone.values:,} places.")
    _show_figures({"questions": gone.questions, "tickets": gone.tickets, "lines of histories": gone.messages,
                   "resolutions": gone.resolutions, "lessons": gone.lessons, "answers to others": gone.quoted,
                   "waiting messages": gone.waiting})
    if gone.ended:
        out.print(f"Were open: {', '.join(f'FW-{number}' for number in gone.ended)}.")
    if not gone.wiped:
        out.print("[yellow]The database was in use: old bytes are still in the free space of its files.[/] "
                  "They go when the bot has been stopped.")
    out.print("\nThis could not be taken out:")
    out.print("  • what stands in Slack itself, and what others wrote about them")
    for file in done.taught:
        out.print(f"  • {escape(str(file))}: published with their words; edit or delete it, then `floorwalker index`",
                  soft_wrap=True)
    for file in done.backups:
        out.print(f"  • {escape(str(file))}: made before", soft_wrap=True)


def _show_figures(figures: Mapping[str, int]) -> None:
    told = [f"{count:,} {name}" for name, count in figures.items() if count]
    out.print(f"Words went from {', '.join(told)}." if told else "There were no words of theirs.")


def _size(count: int) -> str:
    return f"{count / 1e6:,.1f} MB" if count >= 1e6 else f"{max(1, round(count / 1000))} kB"


def _styled(word: str) -> str:
    style = _STYLES.get(word)
    return f"[{style}]{escape(word)}[/]" if style else escape(word)


def _local(iso: str | None, zone: ZoneInfo) -> str:
    return f"{datetime.fromisoformat(iso).astimezone(zone):%Y-%m-%d %H:%M}" if iso else ""


def _after(iso: str | None, minutes: int | None, zone: ZoneInfo) -> str:
    if not iso or minutes is None:
        return ""
    hours, rest = divmod(minutes, 60)
    return f"{_local(iso, zone)}, after {f'{hours} h ' if hours else ''}{rest} min"
