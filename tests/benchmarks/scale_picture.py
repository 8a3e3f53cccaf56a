"""How figures grow with the number of passages, as a picture: see `bench_scale`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

Figures = dict[str, Any]


def draw(figures: Sequence[Figures], path: Path) -> None:
    """Four panels: times of a search, memory and disk, recall, and building."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    figures = sorted(figures, key=lambda row: row["passages"])
    sheet, panels = plt.subplots(2, 2, figsize=(12, 8.5), layout="constrained")
    selections = [*figures[0]["search_ms"]]
    searches = {f"{name}, {part}": _of("search_ms", name, part)
                for name in selections for part in ("cpu_p50", "cpu_p99")}
    _panel(panels[0][0], figures, "A search, question's vector given (ms of one core)", searches)
    sizes = {"memory when opened": _of("memory_opened_mb", "VmRSS"),
             "memory after asking": _of("memory_asked_mb", "VmRSS"),
             "of it not pages of files": _of("memory_asked_mb", "RssAnon"),
             "disk": lambda row: sum(row["files_mb"].values()),
             "disk, without the tables": lambda row: sum(row["files_mb"].values()) - row["files_mb"]["passages.sqlite"]}
    _panel(panels[0][1], figures, "Memory and disk (MB)", sizes)
    recall = {name: _of("recall@10", name) for name in selections}
    _panel(panels[1][0], figures, "Share of the ten nearest that is found", recall, straight=True)
    parts = {name: _of("build_seconds", name) for name in figures[0]["build_seconds"]}
    parts |= {f"a small change: {name}": _of("change_seconds", name) for name in figures[0]["change_seconds"]}
    parts["opening"] = _of("open_seconds")
    _panel(panels[1][1], figures, "Building, without the model (s)", parts)
    sheet.savefig(path, dpi=110)


def _of(*names: str) -> Callable[[Figures], float]:
    def value(row: Figures) -> float:
        found: Any = row
        for name in names:
            found = found[name]
        return float(found)
    return value


def _panel(panel: Any, figures: Sequence[Figures], title: str, lines: dict[str, Callable[[Figures], float]],
           straight: bool = False) -> None:
    for name, value in lines.items():
        panel.plot([row["passages"] for row in figures], [max(value(row), 0.01) for row in figures], "o-", label=name)
    panel.set(title=title, xlabel="passages", xscale="log")
    if straight:
        panel.axhline(0.98, color="grey", linestyle=":")
        panel.set_ylim(0.97, 1.001)
    else:
        panel.set_yscale("log")
    panel.grid(alpha=0.3)
    panel.legend(fontsize=7)
