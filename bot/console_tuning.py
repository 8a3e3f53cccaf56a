"""What `tune` shows."""

from __future__ import annotations

from rich.markup import escape
from rich.table import Table

from bot.console import out, print_json
from indexer.tuning.tune import Tuned
from indexer.tuning.tune import as_json as json_of

_NEXT = "Run `floorwalker index` to use it. A bot that is running has to be started anew after that."


def show_tuned(tuned: Tuned, *, as_json: bool) -> None:
    """What was fitted, the figures before and after, and what to do next."""
    if as_json:
        print_json(json_of(tuned))
        return
    out.print(f"Model [bold]{escape(tuned.base)}[/], {tuned.texts:,} phrasings, headings and answers of "
              f"{tuned.documents:,} documents, {tuned.pairs:,} pairs, {tuned.seconds:.0f} s")
    found = tuned.comparison
    if found is not None:
        table = Table("", "before", "after", "noise", box=None)
        table.add_row("right document first (hit@1)", f"{found.before.hit:.3f}", f"{found.after.hit:.3f}",
                      f"±{found.hit_noise:.3f}")
        table.add_row("telling unanswerable questions (AUROC)", f"{found.before.auroc:.3f}",
                      f"{found.after.auroc:.3f}", f"±{found.auroc_noise:.3f}")
        out.print(table)
        out.print(f"Judged on {found.answerable:,} answerable and {found.unanswerable:,} unanswerable questions that "
                  f"were not learnt, in {tuned.trials:,} trials.")
    out.print(f"[{'green' if tuned.kept else 'yellow'}]{escape(tuned.reason)}[/]")
    out.print(f"{_NEXT} `floorwalker tune --undo` takes it back." if tuned.kept else "Nothing was changed.")


def show_undone(undone: bool, *, as_json: bool) -> None:
    """That the base model is used again."""
    if as_json:
        print_json({"undone": undone})
    elif undone:
        out.print("The fitted model was taken back. Run `floorwalker index` to use the model as it was; "
                  "a bot that is running has to be started anew after that.")
    else:
        out.print("There was no fitted model. Nothing was changed.")
