"""An evaluation as a picture, for people who are no statisticians."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from indexer.evaluation.curves import Bin, now, reliability, risk_coverage
from indexer.evaluation.files import OURS
from indexer.evaluation.outcomes import Outcome
from indexer.evaluation.runs import Run

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SIZE = (11.0, 5.2)
_LINE, _BARS, _POINT = "#0f766e", "#5eb5ac", "#b91c1c"
_FAINT, _FAINT_BARS = "#6b7280", "#d1d5db"
_STYLE: dict[Any, Any] = {
    "font.size": 10, "axes.titlesize": 12, "axes.titleweight": "bold", "axes.titlelocation": "left",
    "axes.spines.top": False, "axes.spines.right": False, "axes.axisbelow": True,
    "grid.color": "#e5e7eb", "svg.hashsalt": OURS, "text.parse_math": False,
}
_FEW = 5
"""Questions in a bin below which its bar says little."""


def draw(run: Run, form: Literal["png", "svg"]) -> bytes:
    """Both diagrams side by side."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context(_STYLE):
        figure = Figure(figsize=_SIZE, layout="constrained", facecolor="white")
        left, right = figure.subplots(1, 2, gridspec_kw={"wspace": 0.08})
        _risk_coverage(left, run.outcomes)
        _reliability(right, reliability(run.outcomes), run.about.threshold)
        figure.suptitle(_headline(run), fontsize=10, color=_FAINT, x=0.01, ha="left")
        drawn = io.BytesIO()
        if form == "png":
            figure.savefig(drawn, format="png", dpi=130, metadata={"Software": OURS})
        else:
            figure.savefig(drawn, format="svg", metadata={"Creator": OURS, "Date": None})
    return drawn.getvalue()


def _headline(run: Run) -> str:
    answerable = sum(outcome.is_answerable for outcome in run.outcomes)
    about = run.about
    when = f" · generation {about.generation}, {about.made_at[:10]}" if about.generation else ""
    return (f"{about.questions}: {answerable:,} questions that the knowledge base answers, "
            f"{len(run.outcomes) - answerable:,} that it does not{when}")


def _risk_coverage(axes: Axes, outcomes: Sequence[Outcome]) -> None:
    points = risk_coverage(outcomes)
    axes.plot([0.0, *(point.coverage for point in points)], [points[0].risk, *(point.risk for point in points)],
              color=_LINE, linewidth=2)
    highest = max(point.risk for point in points)
    _title(axes, "The more it answers, the more is wrong",
           "The line: what would happen if it answered less or more,\nalways those first of which it is most sure. "
           "Red: as it is set now.")
    axes.set(xlim=(0, 1), ylim=(0, min(1.0, highest * 1.25 + 0.04)),
             xlabel="Share of all questions that get an answer", ylabel="Share of these answers that are wrong")
    _percent(axes)
    point = now(outcomes)
    if point is None:
        axes.text(0.5, 0.5, "At the current threshold nothing is answered.", transform=axes.transAxes, ha="center",
                  color=_POINT)
        return
    axes.plot([point.coverage], [point.risk], "o", color=_POINT, markersize=9, zorder=5, clip_on=False)
    is_low = point.risk < axes.get_ylim()[1] / 2
    axes.annotate(
        f"Now: {point.coverage:.0%} are answered,\n{point.risk:.0%} of these answers are wrong",
        (point.coverage, point.risk), xytext=(min(max(point.coverage, 0.3), 0.7), 0.9 if is_low else 0.08),
        textcoords=axes.get_xaxis_transform(), color=_POINT, ha="center", va="center",
        arrowprops={"arrowstyle": "-", "color": _POINT, "linewidth": 0.8, "shrinkB": 6})


def _reliability(axes: Axes, bins: Sequence[Bin], threshold: float | None) -> None:
    middles = [(each.low + each.high) / 2 for each in bins]
    axes.bar(middles, [each.correct for each in bins], width=0.094,
             color=[_BARS if each.n >= _FEW else _FAINT_BARS for each in bins])
    axes.plot([0, 1], [0, 1], linestyle="--", color=_FAINT, linewidth=1.2)
    for middle, each in zip(middles, bins, strict=True):
        axes.text(middle, each.correct + 0.012, f"{each.n:,}", ha="center", va="bottom", fontsize=9)
    if threshold is not None and threshold <= 1:
        axes.axvline(threshold, color=_POINT, linewidth=1)
        if threshold > 0.2:
            axes.text(threshold - 0.01, 1.1, "◂ no answer", color=_POINT, fontsize=9, ha="right", va="center")
        if threshold < 0.8:
            axes.text(threshold + 0.01, 1.1, "answer ▸", color=_POINT, fontsize=9, ha="left", va="center")
    _title(axes, "How far its confidence can be trusted",
           "Perfect: each bar ends on the dashed line. On the bars: of how many\n"
           f"questions it was that sure; grey ones stand for fewer than {_FEW}.")
    tenths = [tenth / 10 for tenth in range(0, 11, 2)]
    axes.set(xlim=(0, 1), ylim=(0, 1.14), xticks=tenths, yticks=tenths,
             xlabel="How sure it is of the document that it found", ylabel="Share in which that was the right document")
    _percent(axes)


def _title(axes: Axes, title: str, below: str) -> None:
    axes.set_title(title, pad=36)
    axes.text(0, 1.025, below, transform=axes.transAxes, color=_FAINT, fontsize=8.5).set_in_layout(False)


def _percent(axes: Axes) -> None:
    from matplotlib.ticker import PercentFormatter

    axes.grid(visible=True)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(PercentFormatter(1.0))
