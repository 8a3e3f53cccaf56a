"""What `floorwalker sources` shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.padding import Padding

from bot.console import out, print_json

if TYPE_CHECKING:
    from bot.assemble.sources import SourceTold

_STYLES = {"ok": "green", "never fetched": "yellow", "not indexed yet": "yellow", "shrunk, kept": "yellow",
           "not fetched yet": "yellow", "nothing fits": "yellow"}
_MOST = 20
"""Failures of one source that are shown to people."""


def show_sources(told: Sequence[SourceTold], held: str, *, as_json: bool) -> None:
    """A paragraph for each source, which any terminal can hold, or a JSON array. `held`: what the index has of them."""
    if as_json:
        print_json([_json(source) for source in told])
        return
    for source in told:
        _show(source)
    if not told:
        from bot.assemble.sources import NO_SOURCES

        out.print(escape(f"{NO_SOURCES} The index still holds {held} of former ones." if held else NO_SOURCES))


def _show(source: SourceTold) -> None:
    style = _STYLES.get(source.state, "red")
    since = f" since {_when(source.since)}" if source.since else ""
    out.print(f"[bold]{escape(source.name or source.location)}[/] · {source.kind} · [{style}]{source.state}[/]{since}")
    if source.name:
        _line(escape(source.location), "dim")
    _line(" · ".join(_facts(source)))
    if source.reason:
        _line(escape(source.reason), style)
    for failure in source.failures[:_MOST]:
        _line(f"[bold]{escape(failure.document)}[/]: {escape(failure.reason)}")
    if len(source.failures) > _MOST:
        _line(f"… and {len(source.failures) - _MOST:,} more that could not be taken in")


def _line(text: str, style: str = "") -> None:
    out.print(Padding(f"[{style}]{text}[/]" if style else text, (0, 0, 0, 2)))


def _facts(source: SourceTold) -> Iterator[str]:
    yield f"{source.documents:,} {'document' if source.documents == 1 else 'documents'}"
    if source.fetched_at:
        yield f"{'read' if source.kind == 'folder' else 'fetched'} {_when(source.fetched_at)}"
    if source.changed_at:
        yield f"changed {_when(source.changed_at)}"
    if source.every:
        yield f"every {_span(source.every)}"


def _when(moment: str) -> str:
    return f"{datetime.fromisoformat(moment):%d %b %Y, %H:%M} UTC"


def _span(span: timedelta) -> str:
    hours, minutes = divmod(round(span.total_seconds() / 60), 60)
    days, hours = divmod(hours, 24)
    return " ".join(f"{amount}{unit}" for amount, unit in ((days, "d"), (hours, "h"), (minutes, "m")) if amount)


def _json(source: SourceTold) -> dict[str, Any]:
    told = asdict(source)
    every = told.pop("every")
    times = {name: told[name] or None for name in ("since", "fetched_at", "changed_at")}
    return {**told, **times, "every_seconds": round(every.total_seconds()) if every else None,
            "failures": [{"document": failure.document, "reason": failure.reason} for failure in source.failures]}
