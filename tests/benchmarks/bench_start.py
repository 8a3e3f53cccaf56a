"""How long people wait before anything shows."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

import pytest

ROOT = Path(__file__).resolve().parents[2]
RUNS = 7


@pytest.mark.parametrize("arguments", [("--help",), ("ask", "--help")], ids=" ".join)
def test_help_is_there_in_half_a_second(arguments: tuple[str, ...]) -> None:
    program = Path(sys.executable).with_name("floorwalker")
    command = [str(program), *arguments] if program.is_file() else [
        sys.executable, "-c", "from bot.cli import main; main()", *arguments]
    seconds = []
    for _ in range(RUNS + 1):
        began = perf_counter()
        subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
        seconds.append(perf_counter() - began)
    typical = median(seconds[1:])  # the first run fills the caches
    print(f"\nfloorwalker {' '.join(arguments)}: {typical:.3f} s (median of {RUNS})")
    assert typical < 0.5
