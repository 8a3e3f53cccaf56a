"""The two programs of the crash test: the local workspace, which lives on, and the bot, which is killed."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import httpx

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 300.0
"""For all its attempts; while Slack has trouble, several may be needed."""
TOY = ("-m", "tests.crash.serve_toy")
REAL = ("-c", "from bot.cli import main; main()")

CONFIG = """[knowledge]
sources = ["knowledge"]
[slack]
mode = "{mode}"
port = {port}
[desk]
coach_channel = "C0COACHES"
coaches = ["U0ANA", "U0BEN"]
admins = ["U0EVE"]
admin_channel = "C0OPS"
"""


def free_port() -> int:
    """A port that nobody has just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def python(*arguments: str) -> list[str]:
    """A command line of this very Python."""
    return [sys.executable, *arguments]


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Ours, with this source tree first and no other Slack's secrets."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SLACK_")}
    return {**kept, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "NO_COLOR": "1", **(more or {})}


def start_workspace(port: int, state: Path, request_url: str) -> tuple[subprocess.Popen[str], dict[str, str]]:
    """`floorwalker workspace`, and the variables that it prints for the bot."""
    more = ("--request-url", request_url) if request_url else ()
    process = subprocess.Popen(
        python(*REAL, "workspace", "--port", str(port), "--state", str(state), *more), cwd=state.parent,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment())
    assert process.stdout is not None
    told: dict[str, str] = {}
    for line in process.stdout:
        if line.startswith("export "):
            name, _, value = line.removeprefix("export ").strip().partition("=")
            told[name] = value
        if "Ctrl-C" in line:
            return process, told
    raise RuntimeError("The local workspace did not start.")


class Forked:
    """A process that `serve_toy --each-line` starts; may be used like a `Popen`."""

    def __init__(self, mother: subprocess.Popen[bytes], arguments: list[str]) -> None:
        assert mother.stdin is not None
        assert mother.stdout is not None
        self.returncode: int | None = None
        mother.stdin.write(json.dumps(arguments).encode() + b"\n")
        mother.stdin.flush()
        self.pid = int(mother.stdout.readline())
        self._ended = threading.Event()
        threading.Thread(target=self._watch, args=(mother.stdout,), daemon=True).start()

    def poll(self) -> int | None:
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        if not self._ended.wait(timeout):
            raise subprocess.TimeoutExpired("serve", timeout or 0)
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _watch(self, said: IO[bytes]) -> None:
        words = said.readline().split()
        self.returncode = int(words[1]) if words else -1
        self._ended.set()


@dataclass(slots=True)
class BotProcess:
    """The bot: one process after the other on the same data folder."""

    folder: Path
    """Holds config.toml, `knowledge` and `data`."""
    port: int
    secrets: Mapping[str, str]
    program: tuple[str, ...] = TOY
    process: subprocess.Popen[bytes] | Forked | None = None
    starts: int = 0
    exits: list[int] = field(default_factory=list)
    """Exit codes of those that ended without being killed."""
    _mother: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        """What all of them wrote to stderr."""
        return self.folder / "bot.log"

    def start(self) -> None:
        """A new one."""
        self.starts += 1
        arguments = ["serve", "--config", str(self.folder / "config.toml"), "--data", str(self.folder / "data")]
        if self.program != TOY:
            self.process = self._open(*self.program, *arguments)
            return
        if self._mother is None:
            self._mother = self._open(*self.program, "--each-line")
        self.process = Forked(self._mother, arguments)

    def _open(self, *arguments: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(python(*arguments), cwd=self.folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, env=environment(self.secrets))
        # Through a pipe, so that a disk that is full for the bot still takes its log.
        assert process.stderr is not None
        threading.Thread(target=_copy, args=(process.stderr, self.log), daemon=True).start()
        return process

    def kill(self, *, after_term: float | None = None) -> bool:
        """SIGKILL; with `after_term` that many seconds after SIGTERM. False: it had ended by itself before."""
        assert self.process is not None
        if self.process.poll() is not None:
            self.exits.append(self.process.wait())
            return False
        if after_term is not None:
            self.process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(after_term)
        self.process.kill()
        self.process.wait()
        return True

    def end(self) -> None:
        """Whatever happened: no process is left behind."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self._mother is not None:
            self._mother.kill()
            self._mother.wait()

    def stop(self) -> int:
        """SIGTERM, and its exit code."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(60)

    def health(self) -> dict[str, object] | None:
        """What `/healthz` tells; None if it tells nothing, or that the bot is not ready."""
        try:
            told = httpx.get(f"http://127.0.0.1:{self.port}/healthz", timeout=5, trust_env=False)
        except httpx.HTTPError:
            return None
        return dict(told.json()) if told.status_code == 200 else None

    def wait_until_ready(self) -> float:
        """Seconds until `/healthz` says 200. One that has ended by itself is started again, as a supervisor does."""
        until = time.monotonic() + START_SECONDS
        began = time.monotonic()
        while self.health() is None:
            if time.monotonic() > until:
                raise RuntimeError(f"The bot does not get ready; see {self.log}.")
            assert self.process is not None
            if self.process.poll() is not None:
                self.exits.append(self.process.wait())
                time.sleep(0.5)
                began = time.monotonic()
                self.start()
            time.sleep(0.05)
        return time.monotonic() - began


def _copy(source: IO[bytes], target: Path) -> None:
    with target.open("ab") as file:
        while piece := source.read1(65536):  # type: ignore[attr-defined]
            file.write(piece)
            file.flush()
