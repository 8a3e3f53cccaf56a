"""What else goes wrong: Slack's faults, a locked database, a full disk."""

from __future__ import annotations

import contextlib
import random
import resource
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.crash.ledger import Ledger
from tests.crash.people import Hands, NotTaken

METHODS = ("", "chat.postMessage", "chat.postMessage", "chat.postMessage", "chat.update", "chat.postEphemeral",
           "views.open", "conversations.history", "conversations.replies", "conversations.open", "auth.test")
LONGER_THAN_THE_CLIENT_WAITS = 16.0
DISK_MEGABYTES = 96


@dataclass(slots=True)
class SlackTrouble:
    """A thread that lets calls of the Web API go wrong, each kind now and then."""

    hands: Hands
    ledger: Ledger
    seed: int
    pause: float = 3.0
    _stopping: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._live, name="trouble", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """No more; what has not struck yet is called off."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(30)
        self.hands.call("fault", kind="none")

    def _live(self) -> None:
        chance = random.Random(f"{self.seed}:trouble")
        while not self._stopping.wait(chance.expovariate(1 / self.pause)):
            kind = chance.choices(["rate_limited", "server_error", "reset", "slow", "disconnect"], [4, 4, 4, 1, 1])[0]
            done = kind in ("server_error", "reset") and chance.random() < 0.5
            seconds = LONGER_THAN_THE_CLIENT_WAITS if kind == "slow" else chance.choice([1, 2, 3])
            method = chance.choice(METHODS)
            with contextlib.suppress(NotTaken):
                self.hands.call("fault", kind=kind, **({} if kind == "disconnect" else {
                    "method": method, "seconds": seconds, "done": done, "count": chance.choice([1, 1, 2])}))
            self.ledger.count(f"fault: {kind}{' after it was done' if done else ''}")


@contextlib.contextmanager
def locked(database: Path) -> Iterator[None]:
    """Somebody else writes into the desk's database and does not end."""
    with contextlib.closing(sqlite3.connect(database, timeout=5, isolation_level=None)) as db:
        with contextlib.suppress(sqlite3.OperationalError):
            db.execute("BEGIN IMMEDIATE")
        yield
        with contextlib.suppress(sqlite3.OperationalError):
            db.execute("ROLLBACK")


@dataclass(slots=True)
class Disk:
    """The data folder on a small disk of its own where that may be made; else a limit on how long files may get."""

    data: Path
    own: bool = False

    def prepare(self) -> None:
        """Try to mount it."""
        self.data.mkdir(parents=True, exist_ok=True)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MEGABYTES}m", "tmpfs", str(self.data)],
                                 capture_output=True, check=False)
        self.own = mounted.returncode == 0

    def remove(self) -> None:
        if self.own:
            subprocess.run(["umount", "-l", str(self.data)], capture_output=True, check=False)

    @contextlib.contextmanager
    def full(self, pid: int) -> Iterator[None]:
        """No byte more for a while."""
        if self.own:
            with _ballast(self.data / "ballast"):
                yield
            return
        before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (1024, before[1]))
        try:
            yield
        finally:
            with contextlib.suppress(ProcessLookupError):
                resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


@contextlib.contextmanager
def _ballast(file: Path) -> Iterator[None]:
    """Fill the disk to its last page, and keep it full though others make room."""
    stopping = threading.Event()

    def fill() -> None:
        with file.open("ab", buffering=0) as ballast:
            while not stopping.is_set():
                try:
                    ballast.write(b"x" * 4096)
                except OSError:
                    stopping.wait(0.05)

    thread = threading.Thread(target=fill, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()
        file.unlink(missing_ok=True)
