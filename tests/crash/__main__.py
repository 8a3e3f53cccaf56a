"""`make crash-test`: the real process is killed many times while people work with it; is anything lost or doubled?"""

from __future__ import annotations

import argparse
import shlex
import signal
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.crash.run import Options, Outcome, run

out = Console(highlight=False)
SHOWN = 40


def main() -> int:
    """Returns the exit code: 0 if nothing was wrong."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started is ended
    options = _options()
    out.print(f"Seed {options.seed}; everything is kept in {options.folder}")
    began = time.monotonic()
    outcome = run(options, lambda line: out.print(f"[{time.monotonic() - began:6.0f} s] {line}", markup=False))
    show(options, outcome)
    return 1 if outcome.wrong else 0


def show(options: Options, outcome: Outcome) -> None:
    """The summary, readable."""
    table = Table("what", "how often", title=f"{outcome.kills} kills in {outcome.seconds / 60:.1f} minutes")
    for what, count in sorted(outcome.ledger.counts.items()):
        table.add_row(what, f"{count:,}")
    table.add_section()
    for what, count in sorted(outcome.facts.items()):
        table.add_row(what, f"{count:,}")
    table.add_section()
    table.add_row("[bold]wrong[/]", f"[bold]{len(outcome.wrong)}[/]")
    out.print(table)
    for one in outcome.wrong[:SHOWN]:
        out.print(f"WRONG  {one.what}: {one.item}", markup=False, soft_wrap=True)
    if outcome.wrong:
        out.print(f"Seed {options.seed}; data, log (bot.log) and workspace are in {options.folder}", markup=False)
    else:
        out.print("Nothing was lost, and nothing was said twice.")


def _options() -> Options:
    parser = argparse.ArgumentParser(prog="make crash-test ARGS=…", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=int(time.time()) % 10_000,
                        help="of everything that is left to chance")
    transport = parser.add_mutually_exclusive_group()
    transport.add_argument("--socket", dest="mode", action="store_const", const="socket", help="Socket Mode (default)")
    transport.add_argument("--http", dest="mode", action="store_const", const="http", help="signed HTTP")
    parser.add_argument("--faults", action="store_true",
                        help="also 429s, 500s, time-outs and resets at Slack, a locked database and a full disk")
    parser.add_argument("--real-model", action="store_true",
                        help="`floorwalker serve` as it is, with the embedded model")
    parser.add_argument("--pause", type=float, default=2.0, help="mean seconds between two deeds of each person")
    parser.add_argument("--early-edits", action="store_true", help="also edit what the bot has not taken up yet")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="no more kills after that")
    parser.add_argument("--folder", type=Path, default=None, help="where to keep everything; else a temporary one")
    given = parser.parse_args()
    out.print(f"python -m tests.crash {shlex.join(sys.argv[1:])}", markup=False)
    folder = given.folder or Path(tempfile.mkdtemp(prefix="floorwalker-crash-"))
    return Options(folder.absolute(), given.kills, given.seed, given.mode or "socket", given.faults, given.real_model,
                   given.pause, given.early_edits, given.minutes)


if __name__ == "__main__":
    sys.exit(main())
