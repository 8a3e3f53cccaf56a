"""`floorwalker serve` with the toy embedder, so that it can be killed often.

With `--each-line` it imports everything once and then starts a process for each line that it reads (the arguments as
JSON); it prints that process's id, and `ended CODE` when it has ended: a start is quick, even on a busy machine.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from typing import Any, NoReturn

from bot.assemble import serving
from bot.cli import main
from tests.fakes import ToyEmbedder

BESIDES = ("bot.console", "faiss", "sklearn.linear_model")
"""What a bot imports only when it needs it."""


def toy_embedder(*_arguments: Any) -> ToyEmbedder:
    """In the place of the model that the settings name."""
    return ToyEmbedder()


def start_for_each_line() -> None:
    """Until the input ends."""
    for name in BESIDES:
        importlib.import_module(name)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _run(json.loads(line))
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print("ended", os.waitstatus_to_exitcode(status), flush=True)


def _run(arguments: list[str]) -> NoReturn:
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    sys.argv[1:] = arguments
    main()
    sys.exit(0)


if __name__ == "__main__":
    assert hasattr(serving, "embedder_for"), "serve takes its model from elsewhere now: this script must follow"
    serving.embedder_for = toy_embedder  # type: ignore[assignment]
    if sys.argv[1:] == ["--each-line"]:
        start_for_each_line()
    else:
        main()
