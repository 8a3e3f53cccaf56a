"""An evaluation as one page of HTML that needs nothing beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from indexer.evaluation.against import Comparison, Pair
from indexer.evaluation.figures import table
from indexer.evaluation.files import OURS
from indexer.evaluation.outcomes import Outcome
from indexer.evaluation.picture import draw
from indexer.evaluation.runs import Run
from indexer.evaluation.telling import false_answers_of, figure_of, lines_of, percent, where
from indexer.evaluation.worst import what_happened, worst

_STYLE = """
:root{color-scheme:light}
body{font:16px/1.5 system-ui,sans-serif;color:#111827;background:#fff;max-width:64rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2.2rem}p{max-width:46rem}
.wide{overflow-x:auto}svg{max-width:100%;height:auto}
table{border-collapse:collapse;font-size:.92rem}
th,td{padding:.3rem .7rem;text-align:left;vertical-align:top;border-bottom:1px solid #e5e7eb;overflow-wrap:break-word}
.n{text-align:right;font-variant-numeric:tabular-nums}td.n{white-space:nowrap}
.faint{color:#6b7280}
"""


def page(run: Run, comparison: Comparison | None) -> bytes:
    """The whole page."""
    name = escape(run.about.questions)
    head = (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="generator" content="{OURS}">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>Evaluation of {name}</title>'
        f"<style>{_STYLE}</style></head><body><h1>Evaluation of {name}</h1>")
    parts = [
        head, _made(run), _summary(run), f'<div class="wide">{_svg(run)}</div>',
        _kinds(run.outcomes), _worst(run.outcomes),
        _comparison(comparison) if comparison else "", "</body></html>\n",
    ]
    return "\n".join(parts).encode("utf-8", "replace")


def _made(run: Run) -> str:
    about = run.about
    when = escape(about.made_at[:16].replace("T", " "))
    return (f'<p class="faint">{len(run.outcomes):,} questions, asked {when} UTC '
            f"of generation {about.generation}; model {escape(about.model)}.</p>")


def _svg(run: Run) -> str:
    drawn = draw(run, "svg").decode()
    told = "Left: the share of wrong answers against the share of questions answered. Right: confidence against truth."
    return drawn[drawn.index("<svg"):].replace("<svg", f'<svg role="img" aria-label="{told}"', 1)


def _summary(run: Run) -> str:
    rows = [[escape(name), escape(value), escape(meaning)] for name, value, meaning in lines_of(run)]
    told = f"<p>{escape(false_answers_of(run))}</p>"
    return "<h2>Figures</h2>" + _table(["figure", "", "what it says"], rows, numbers={1}) + told


def _kinds(outcomes: Sequence[Outcome]) -> str:
    heads = ["kind", "questions", "hit@1", "hit@5", "decided rightly", "wrong answers", "handed over needlessly",
             "asked back"]
    rows = [[escape(row.name), f"{row.n:,}", percent(row.hit_at_1), percent(row.hit_at_5), f"{row.right:,}",
             f"{row.wrong:,}", f"{row.needless:,}", f"{row.clarified:,}"] for row in table(outcomes)]
    return "<h2>By kind</h2>" + _table(heads, rows, numbers=set(range(1, len(heads))))


def _worst(outcomes: Sequence[Outcome]) -> str:
    bad = worst(outcomes)
    if not bad:
        return "<h2>The worst questions</h2><p>There is none: every question was decided rightly or asked back.</p>"
    rows = [[escape(outcome.golden.question), escape(what_happened(outcome)), percent(outcome.confidence),
             _documents(outcome.golden.expect) or "nothing", _breakable(where(outcome.found) or "nothing")]
            for outcome in bad]
    return f"<h2>The {len(bad)} worst questions</h2>" + _table(
        ["question", "what happened", "sure", "expected", "found"], rows, numbers={2})


def _comparison(comparison: Comparison) -> str:
    rows = [[escape(figure.name), figure_of(figure.before), figure_of(figure.after)] for figure in comparison.figures]
    parts = [
        f"<h2>Against generation {comparison.before.generation}, {escape(comparison.before.made_at[:10])}</h2>",
        f"<p>{comparison.common:,} questions in common. {escape(comparison.verdict())}</p>",
        _table(["figure", "before", "now"], rows, numbers={1, 2}),
    ]
    for title, pairs in (("Became wrong", comparison.became_wrong), ("Became right", comparison.became_right)):
        if pairs:
            parts.append(f"<h2>{title}: {len(pairs):,}</h2>" + _table(
                ["question", "expected", "before", "now"], [_changed(pair) for pair in pairs], numbers=set()))
    return "\n".join(parts)


def _changed(pair: Pair) -> list[str]:
    sides = [f"{escape(what_happened(outcome))} ({percent(outcome.confidence)}): {_breakable(where(outcome.found))}"
             for outcome in (pair.before, pair.after)]
    return [escape(pair.after.golden.question), _documents(pair.after.golden.expect) or "nothing", *sides]


def _documents(names: Iterable[str]) -> str:
    return "<br>".join(_breakable(name) for name in sorted(names))


def _breakable(name: str) -> str:
    """A path or what holds one, escaped; a narrow column may break it after a folder."""
    return escape(name).replace("/", "/<wbr>").replace(".yaml#", ".yaml#<wbr>")


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: set[int]) -> str:
    """Cells are HTML already."""
    def line(tag: str, cells: Sequence[str]) -> str:
        told = (f"<{tag}{' class=n' if place in numbers else ''}>{cell}</{tag}>" for place, cell in enumerate(cells))
        return f"<tr>{''.join(told)}</tr>"

    body = "".join(line("td", row) for row in rows)
    return f'<div class="wide"><table><thead>{line("th", heads)}</thead><tbody>{body}</tbody></table></div>'
