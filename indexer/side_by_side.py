"""Files read side by side: workers that turn bytes into documents, each a process of its own.

They are plain child processes, since a run may itself be in a process that may not have any of the standard library's
pools, and since a reader of a foreign format may crash: that costs its file and its worker, not the run.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import PurePath
from typing import IO, Any, TypeAlias

from indexer.readers import read
from indexer.readers.faults import Reading
from indexer.readers.formats import is_risky
from indexer.types import Failure

FROM_BYTES = 1_000_000
"""So many are read here before workers are worth their start."""

_CRASHED = "The program that reads this kind of file crashed on it; save the file anew, or leave it out."
_LONGEST = 900
"""Seconds that a file may take: some broken ones are never done. A thousand pages of PDF take about one minute."""
_TOO_SLOW = f"It was not read within {_LONGEST // 60} minutes; save the file anew, split it, or leave it out."
_BACK = 10  # as `nice`

_Job: TypeAlias = tuple[bytes, str, bytes]


class Readers:
    """Reads files here as long as there is little to read, and side by side from then on; risky ones never here.

    To be closed.
    """

    def __init__(self, workers: int | None = None, from_bytes: int = FROM_BYTES) -> None:
        self.workers = workers or _cores()
        self._left = from_bytes if self.workers > 1 else sys.maxsize
        self._pool: ThreadPoolExecutor | None = None
        self._own = threading.local()
        self._started: list[_Worker] = []

    def __enter__(self) -> Readers:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._stop()  # whoever waits for an answer sees that there will be none
            self._pool.shutdown()
            self._stop()

    def _stop(self) -> None:
        for worker in list(self._started):
            worker.stop()

    def read(self, content: bytes, file_id: str, sidecar: bytes = b"") -> Callable[[], Reading]:
        """What gives the documents of a file, once they are read; it raises what reading them raises."""
        self._left -= len(content)
        if self._left >= 0 and not is_risky(PurePath(file_id)):
            reading = read(content, file_id, sidecar)
            return lambda: reading
        self._pool = self._pool or ThreadPoolExecutor(self.workers, "reading")
        waiting: Future[Reading] = self._pool.submit(self._asked, (content, file_id, sidecar))
        return waiting.result

    def _asked(self, job: _Job) -> Reading:
        try:
            worker = self._worker()
        except OSError:  # the system has no room for another process
            return read(*job)
        try:
            return worker.ask(job)
        except (EOFError, OSError, pickle.UnpicklingError):
            worker.stop()
            self._own.worker = None
            return Reading(failures=(Failure(job[1], _TOO_SLOW if worker.was_slow else _CRASHED),))

    def _worker(self) -> _Worker:
        """That of this thread."""
        worker: _Worker | None = getattr(self._own, "worker", None)
        if worker is None:
            worker = self._own.worker = _Worker()
            self._started.append(worker)
        return worker


class _Worker:
    """A process that answers one job after the other, and ends when this one does."""

    def __init__(self) -> None:
        code = f"from {__name__} import serve; serve()"
        path = os.pathsep.join(filter(None, sys.path))
        self._process = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                         env={**os.environ, "PYTHONPATH": path})
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._jobs, self._answers = self._process.stdin, self._process.stdout
        self.was_slow = False

    def ask(self, job: _Job) -> Reading:
        """Raises what reading raises; EOFError or OSError if the process is gone, or took too long."""
        patience = threading.Timer(_LONGEST, self._give_up)
        patience.daemon = True
        patience.start()
        try:
            _send(job, self._jobs)
            answer: Any = pickle.load(self._answers)
        finally:
            patience.cancel()
        if isinstance(answer, BaseException):
            raise answer
        reading: Reading = answer
        return reading

    def _give_up(self) -> None:
        self.was_slow = True
        self._process.kill()

    def stop(self) -> None:
        """End it. Idempotent."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._jobs, self._answers):
            with suppress(OSError):
                pipe.close()


def serve() -> None:
    """What a worker does until its input ends."""
    if hasattr(os, "nice"):
        os.nice(max(0, _BACK - os.nice(0)))  # a run in the background has stepped back already
    jobs, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get among the answers
    while True:
        try:
            job: _Job = pickle.load(jobs)
        except (EOFError, KeyboardInterrupt):
            return
        try:
            answer: Any = read(*job)
        except Exception as error:  # is raised where the file was asked for
            answer = error
        with suppress(BrokenPipeError):
            _send(answer, answers)


def _send(what: Any, pipe: IO[bytes]) -> None:
    pickle.dump(what, pipe, pickle.HIGHEST_PROTOCOL)
    pipe.flush()


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
