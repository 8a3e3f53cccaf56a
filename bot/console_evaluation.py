"""What `evaluate` shows, and what `index` says of its own quality. Tables fit a terminal of 50 columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from bot.console import err, out, print_json, say
from indexer.evaluation.telling import false_answers_of, figure_of, lines_of, percent, where

if TYPE_CHECKING:
    from bot.assemble.quality import Expected, Quality
    from indexer.evaluation.against import Comparison, Pair
    from indexer.evaluation.golden import GoldenReport
    from indexer.evaluation.outcomes import Outcome
    from indexer.evaluation.running import Evaluated
    from indexer.evaluation.runs import Run

_MOST_CHANGED = 10


def show_evaluation(evaluated: Evaluated, *, as_json: bool) -> None:
    """An evaluation: figures, kinds, worst questions, and what has changed."""
    from indexer.evaluation.running import evaluated_json

    if as_json:
        print_json(evaluated_json(evaluated))
    else:
        _show_figures(evaluated.run)
        _show_kinds(evaluated.run.outcomes)
        _show_worst(evaluated.run.outcomes)
        if evaluated.comparison:
            _show_comparison(evaluated.comparison)
    for path in evaluated.written:
        say(f"Written: {path}")


def _show_figures(run: Run) -> None:
    answerable = sum(outcome.is_answerable for outcome in run.outcomes)
    out.print(f"[bold]{len(run.outcomes):,}[/] questions: {answerable:,} that the knowledge base answers, "
              f"{len(run.outcomes) - answerable:,} that it does not\n")
    table = _table(show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(justify="right", style="bold", no_wrap=True)
    table.add_column()
    for name, value, meaning in lines_of(run):
        table.add_row(name, value, meaning)
    out.print(table)
    if sentence := false_answers_of(run):
        out.print(f"\n{escape(sentence)}")


def _show_kinds(outcomes: Sequence[Outcome]) -> None:
    from indexer.evaluation.figures import table as rows_of

    table = _table()
    table.add_column("kind", overflow="fold")
    for head in ("n", "hit\n@1", "hit\n@5", "right", "wrong", "need-\nless", "asked\nback"):
        table.add_column(head, justify="right", no_wrap=True, vertical="bottom")
    for row in rows_of(outcomes):
        shares = (_hundredths(value) for value in (row.hit_at_1, row.hit_at_5))
        counts = (f"{count:,}" for count in (row.right, row.wrong, row.needless, row.clarified))
        table.add_row(escape(row.name), f"{row.n:,}", *shares, *counts)
    out.print("\n[bold]Decisions by kind[/]")
    out.print(table)
    out.print("right: answered from an expected document, or handed over for want of one; wrong: any other answer; "
              "needless: handed over though it is answered here", style="dim")


def _show_worst(outcomes: Sequence[Outcome]) -> None:
    from indexer.evaluation.worst import what_happened, worst

    bad = worst(outcomes)
    if not bad:
        out.print("\nNo question was answered wrongly or handed over needlessly.")
        return
    out.print(f"\n[bold]The {len(bad)} worst questions[/]" if len(bad) > 1 else "\n[bold]The worst question[/]")
    for number, outcome in enumerate(bad, 1):
        out.print(f"{number}. {escape(_short(outcome.golden.question))}")
        _indented(f"[yellow]{escape(what_happened(outcome))}[/], {percent(outcome.confidence)} sure")
        _indented(f"expected: {escape(_documents(outcome.golden.expect))}")
        _indented(f"found:    {escape(where(outcome.found) or 'nothing')}")


def _show_comparison(comparison: Comparison) -> None:
    before = comparison.before
    when = escape(before.made_at[:16].replace("T", " "))
    out.print(f"\n[bold]Against {when} UTC[/] (generation {before.generation})")
    out.print(_in_common(comparison))
    table = _table("", "before", "now", "")
    for column in table.columns[1:]:
        column.justify = "right"
    for figure in comparison.figures:
        table.add_row(figure.name, figure_of(figure.before), figure_of(figure.after),
                      _change(figure.before, figure.after, figure.more_is_better))
    out.print(table)
    out.print(f"\n{escape(comparison.verdict())}")
    _show_changed("Became wrong", comparison.became_wrong)
    _show_changed("Became right", comparison.became_right)


def _in_common(comparison: Comparison) -> str:
    told = f"{comparison.common:,} questions in common"
    if comparison.only_before or comparison.only_after:
        told += (f"; only those are compared ({comparison.only_before:,} stood only in the saved one, "
                 f"{comparison.only_after:,} only in this one)")
    if comparison.other_expectations:
        told += f"; of {comparison.other_expectations:,} other documents are expected now"
    return told + "."


def _change(before: float | None, after: float | None, more_is_better: bool | None) -> str:
    if before is None or after is None or round(after - before, 3) == 0:
        return ""
    told = f"{after - before:+.3f}"
    if more_is_better is None:
        return told
    return f"[green]{told} better[/]" if (after > before) == more_is_better else f"[red]{told} worse[/]"


def _show_changed(title: str, pairs: Sequence[Pair]) -> None:
    from indexer.evaluation.worst import what_happened

    if pairs:
        out.print(f"\n[bold]{title}[/]")
    for pair in pairs[:_MOST_CHANGED]:
        golden = pair.after.golden
        out.print(f"- {escape(f'{golden.id}: ' if golden.id else '')}{escape(_short(golden.question))}")
        _indented(escape(f"{what_happened(pair.before)} -> {what_happened(pair.after)}"))
        if not pair.after.is_right:
            _indented(f"found now: {escape(where(pair.after.found) or 'nothing')}")
    if len(pairs) > _MOST_CHANGED:
        out.print(f"  … and {len(pairs) - _MOST_CHANGED:,} more; --json has them all")


def show_quality(quality: Quality, *, as_json: bool) -> None:
    """What an index run says of its own quality; with JSON only the warnings, for they go to standard error."""
    if not as_json:
        if quality.expected:
            out.print(_expectation(quality.expected))
        if quality.golden:
            _show_golden(quality.golden)
    for fault in quality.faults:
        err.print(f"[yellow]Golden questions:[/] {escape(fault)}")
    worse = quality.golden.comparison if quality.golden and quality.golden.is_new else None
    if worse and worse.became_wrong:
        counts = f"{len(worse.became_wrong)} became wrong, {len(worse.became_right)} became right"
        err.print(f"[yellow]Golden questions:[/] since generation {worse.before.generation}, {counts}:")
        for pair in worse.became_wrong[:_MOST_CHANGED]:
            err.print(f"  {escape(_short(pair.after.golden.question))}")
        if len(worse.became_wrong) > _MOST_CHANGED:
            err.print(f"  … and {len(worse.became_wrong) - _MOST_CHANGED:,} more")


def _expectation(expected: Expected) -> str:
    return (f"Expected at answers.false_answers = {expected.false_answers:g}: an answer to "
            f"{percent(expected.unanswerable_answered)} of the questions that have none here, and the right one to "
            f"{percent(expected.answerable_right)} of those that do.")


def _show_golden(report: GoldenReport) -> None:
    outcomes = report.run.outcomes
    right = sum(outcome.is_right for outcome in outcomes)
    asked = f"{len(outcomes):,}" if len(outcomes) == report.there_are else f"{len(outcomes):,} of {report.there_are:,}"
    out.print(f"Golden questions: {asked} asked{'' if report.is_new else ' (nothing has changed since)'}, "
              f"{right:,} decided rightly ({percent(right / len(outcomes))}).")
    if sentence := false_answers_of(report.run):
        out.print(escape(sentence))
    if report.is_new and report.comparison and not report.comparison.became_wrong:
        out.print(escape(report.comparison.verdict()))


def _table(*heads: str, show_header: bool = True) -> Table:
    return Table(*heads, box=None, pad_edge=False, padding=(0, 1, 0, 0), show_header=show_header, header_style="")


def _indented(markup: str) -> None:
    out.print(Padding(markup, (0, 0, 0, 3), expand=False))


def _hundredths(share: float | None) -> str:
    return "–" if share is None else "1.0" if share >= 0.995 else f"{share:.2f}".removeprefix("0")


def _documents(names: frozenset[str]) -> str:
    return ", ".join(sorted(names)) or "nothing: hand over"


def _short(question: str, most: int = 200) -> str:
    line = " ".join(question.split())
    return line if len(line) <= most else f"{line[:most - 1]}…"
