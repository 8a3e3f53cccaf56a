"""What the commands show: JSON for programs, or tables and colour for people. Progress and logs go to stderr."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sys
import webbrowser
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.logging import RichHandler
from rich.markdown import Markdown
from rich.markup import escape
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from bot.watching.logs import LEVELS, JsonLines, TextLines, attach

if TYPE_CHECKING:
    from bot.answering.types import Answer
    from bot.settings import LogSettings
    from bot.workspace import LocalWorkspace
    from indexer.types import Report

out = Console(highlight=False, soft_wrap=False)
err = Console(stderr=True, highlight=False)

VERDICTS = {
    "answer": "[green]answer[/]", "clarify": "[yellow]ask back[/]", "handover": "[yellow]hand over to a coach[/]",
}


def say(text: str) -> None:
    """A line for the person at the terminal."""
    err.print(escape(text))


def print_json(value: Any) -> None:
    """One JSON value on one line of stdout."""
    line = json.dumps(value, ensure_ascii=False) + "\n"
    sys.stdout.write(line.encode("utf-8", "replace").decode("utf-8"))  # half a surrogate pair is no text
    sys.stdout.flush()


def log_to_stderr(log: LogSettings, *, quiet: bool = False) -> None:
    """Logs as the settings want them; `quiet` shows only what went wrong, unless the environment asks for more."""
    lowest = max(log.level, "warning", key=LEVELS.index) if quiet else log.level
    told = os.environ.get("FLOORWALKER_LOG", "").strip().lower()
    handler: logging.Handler = logging.StreamHandler(sys.stderr)
    if log.format == "json":
        handler.setFormatter(JsonLines())
    elif err.is_terminal:  # there the lines must not run into a progress bar
        handler = RichHandler(console=err, show_path=False, markup=False, rich_tracebacks=False)
        handler.setFormatter(TextLines(bare=True))
    else:
        handler.setFormatter(TextLines())
    attach(handler, told if told in LEVELS else lowest)


def teller(log: LogSettings) -> Callable[[str], None]:
    """How `serve` tells what it does: a plain line, or a line of the JSON log where everything is read by a program."""
    return say if log.format == "text" else logging.getLogger("floorwalker").info


@contextlib.contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar for each stage on a terminal, nothing elsewhere. Yields `tell(stage, done, total)`."""
    if not err.is_terminal:
        yield lambda _stage, _done, _total: None
        return
    columns = (TextColumn("{task.description:<12}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True) as bars:
        tasks: dict[str, Any] = {}

        def tell(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage.capitalize())
            bars.update(tasks[stage], completed=done, total=total or None)

        yield tell


def show_report_json(report: Report, also: Mapping[str, Any]) -> None:
    """What an index run did, and further keys."""
    from indexer.commands import report_json

    print_json({**report_json(report), **also})


def show_report(report: Report, *, dry_run: bool) -> None:
    """What an index run did."""
    changed = report.added + report.changed + report.removed
    if dry_run:
        out.print("[yellow]A dry run: nothing was changed. It would be:[/]")
    out.print(f"Documents: [bold]{report.documents:,}[/], passages: [bold]{report.passages:,}[/], "
              f"generation {report.generation}, {report.seconds:.1f} s")
    if changed:
        out.print(f"{report.added:,} added, {report.changed:,} changed, {report.removed:,} removed, "
                  f"{report.unchanged:,} unchanged; {report.embedded:,} embedded anew")
    else:
        out.print("Nothing has changed.")
    for line in report.changes[:20]:
        out.print("  " + escape(line))
    if len(report.changes) > 20:
        out.print(f"  … and {len(report.changes) - 20:,} more")
    if report.failed:
        out.print(f"[yellow]{len(report.failed)} could not be taken in (what was known of them before stays):[/]")
        for failure in report.failed:
            out.print(f"  [bold]{escape(failure.document)}[/]: {escape(failure.reason)}")


def show_answer(answer: Answer) -> None:
    """An answer as the asker would get it."""
    out.print(f"{VERDICTS[answer.verdict]} · {answer.confidence:.0%} sure")
    if answer.quotes:
        best = answer.quotes[0]
        out.print()
        out.print(Padding(Markdown(best.text), (0, 0, 0, 2)))
        out.print()
        where = best.source.removeprefix(best.title)
        out.print(f"Source: [bold]{escape(best.title)}[/]{escape(where)} ({escape(best.url or best.document)})")
        from bot.answering.quoting import review_line

        if due := review_line(best):
            out.print(f"[yellow]{escape(due)}[/]")
    elif answer.choices:
        out.print("\nIn Slack the asker would choose from these, or say that it is none of them:")
        for number, choice in enumerate(answer.choices, start=1):
            out.print(f"  {number}. [bold]{escape(choice.label)}[/] ({escape(choice.quote.document)})")
    else:
        out.print(escape(answer.text))
    if len(answer.hits) > 1:
        table = Table("document", "score", title="Also found", title_justify="left", box=None, pad_edge=False)
        for hit in answer.hits[1:6]:
            table.add_row(escape(hit.document_id), f"{hit.score:.2f}")
        out.print()
        out.print(table)


def show_demo(workspace: LocalWorkspace, data: Path, places: Sequence[str], *, open_browser: bool) -> None:
    """Where the demo is, and what to do there. `places`: where its documents are."""
    url = workspace.base_url + "/"
    out.print()
    out.print(f"[bold green]The demo is ready:[/] [bold]{url}[/]")
    out.print("Choose at the top who you are: an end user, a coach or an admin.")
    documents = f"Its documents are in {', '.join(places)}" if places else "It has no documents"
    out.print(escape(f"{documents}; all it remembers is in {data}. Ctrl-C stops it."))
    out.print(f"Signing secret: {workspace.signing_secret}", style="dim")
    sys.stdout.flush()
    if open_browser and _has_browser():
        webbrowser.open(url)


def _has_browser() -> bool:
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return False
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True


def show_workspace(workspace: LocalWorkspace) -> None:
    """Address, tokens and signing secret of the local Slack, as variables to paste."""
    out.print(f"[bold green]The local workspace is open:[/] [bold]{workspace.base_url}/[/]")
    out.print("A bot reaches it with:")
    for name, value in (("SLACK_API_URL", workspace.api_url), ("SLACK_BOT_TOKEN", workspace.bot_token),
                        ("SLACK_APP_TOKEN", workspace.app_token), ("SLACK_SIGNING_SECRET", workspace.signing_secret)):
        print(f"export {name}={value}", flush=True)
    out.print("Ctrl-C closes it.")
