"""Long work in a process of its own, at a low priority: answers neither wait for it nor fall with it."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from bot.errors import FloorwalkerError

log = logging.getLogger(__name__)

T = TypeVar("T")
Progress: TypeAlias = Callable[[str, int, int], None]

TOLD_EVERY = 0.2
"""Seconds between two steps of one stage that are told to the other process."""
_BACK = 10
"""As `nice`: who answers a question meanwhile is given nine tenths of a core, and on a busy machine the work still gets
on, which with the lowest priority (19) it does not."""
_END_SECONDS = 5.0


class EndedEarly(FloorwalkerError):
    """The process that was indexing has ended early; the index in use stays as it is."""

    hint = "Try again; if it happens again, see whether the machine has enough memory."


class BrokeOff(FloorwalkerError):
    """The run broke off unexpectedly; the old index is still in use."""

    hint = "The log says more."


def step_back() -> None:
    """Take a low priority for this process, for good; where memory runs out, it is the first to go."""
    if hasattr(os, "nice"):
        os.nice(_BACK)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("800")


def run_apart(do: Callable[[Progress], T], progress: Progress) -> T:
    """What `do` returns, from a process of its own; `do` and that must be picklable.

    That process ends with this one. Raises the FloorwalkerError that `do` raises; EndedEarly if the process was killed,
    and BrokeOff for any other error.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(do, theirs), name="indexing", daemon=True)
    process.start()
    theirs.close()
    try:
        done: T = _followed(ours, process, progress)
        return done
    finally:
        ours.close()
        process.join(_END_SECONDS)
        if process.is_alive():
            process.kill()


def _followed(pipe: Connection, process: BaseProcess, progress: Progress) -> Any:
    while True:
        try:
            kind, told = pipe.recv()
        except EOFError:
            process.join(_END_SECONDS)
            log.warning("the process that was indexing ended with exit code %s", process.exitcode)
            raise EndedEarly from None
        if kind == "progress":
            progress(*told)
        elif kind == "done":
            return told
        elif kind == "refused":
            raise told
        else:
            log.error("indexing broke off\n%s", told)
            raise BrokeOff


def _work(do: Callable[[Progress], Any], pipe: Connection) -> None:
    """In the new process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is meant for the bot, and this ends with it
    step_back()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    told: tuple[str, Any]
    try:
        told = "done", do(_Teller(pipe))
    except FloorwalkerError as error:
        told = "refused", error
    except Exception:
        told = "broken", traceback.format_exc()
    pipe.send(told)


class _Teller:
    """Tells the other process how far the work is, not too often."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._stage, self._told_at = "", 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if stage != self._stage or done >= total or now - self._told_at >= TOLD_EVERY:
            self._stage, self._told_at = stage, now
            self._pipe.send(("progress", (stage, done, total)))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
