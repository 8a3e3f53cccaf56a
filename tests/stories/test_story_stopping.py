"""Told to stop, the real process finishes what it holds and ends with 0; told twice, it ends at once."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from bot.workspace import LocalWorkspace
from tests.stories.floor import BOT, PATIENCE_SECONDS, write_knowledge

ROOT = Path(__file__).resolve().parents[2]
QUESTION = "How do I attach a receipt to a claim?"

pytestmark = pytest.mark.slow


@dataclass
class Serving:
    """The process, and what it has said so far."""

    process: subprocess.Popen[str]
    said: list[str] = field(default_factory=list)
    heard: threading.Condition = field(default_factory=threading.Condition)
    silent: bool = False
    """It will say nothing any more."""

    def listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self.heard:
                self.said.append(line)
                self.heard.notify_all()
        with self.heard:
            self.silent = True
            self.heard.notify_all()

    def says(self, words: str, times: int = 1) -> str:
        """Wait until that many lines have these words; returns the first."""
        def lines() -> list[str]:
            return [line for line in self.said if words in line]

        with self.heard:
            self.heard.wait_for(lambda: self.silent or len(lines()) >= times, 60)
            assert len(lines()) >= times, f"{words!r} was not said: {self.said}"
            return lines()[0]

    def tell(self, number: signal.Signals) -> None:
        os.kill(self.process.pid, number)

    def ends(self) -> int:
        return self.process.wait(30)


@pytest.fixture
def workspace() -> Iterator[LocalWorkspace]:
    with LocalWorkspace() as running:
        yield running


@pytest.fixture
def http(workspace: LocalWorkspace) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=workspace.base_url, timeout=PATIENCE_SECONDS) as client:
        yield client


@pytest.fixture
def serving(tmp_path: Path, workspace: LocalWorkspace) -> Iterator[Serving]:
    """The bot at work in the workspace, with its log in JSON."""
    write_knowledge(tmp_path / "knowledge")
    config = tmp_path / "config.toml"
    config.write_text(
        '[knowledge]\nsources = ["knowledge"]\n[slack]\nport = 0\n[log]\nformat = "json"\n'
        '[desk]\ncoach_channel = "C0COACHES"\ncoaches = ["U0ANA"]\nadmin_channel = "C0OPS"\n', encoding="utf-8")
    environment = os.environ | {
        "SLACK_API_URL": workspace.api_url, "SLACK_BOT_TOKEN": workspace.bot_token,
        "SLACK_APP_TOKEN": workspace.app_token, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.crash.serve_toy", "serve", "--config", str(config), "--data", "data"],
        cwd=tmp_path, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    running = Serving(process)
    listener = threading.Thread(target=running.listen, daemon=True)
    listener.start()
    try:
        running.says("is at work")
        yield running
    finally:
        process.kill()
        process.wait(10)
        listener.join(10)


def call(http: httpx.Client, what: str, **arguments: object) -> dict[str, object]:
    answered = http.post(f"/workspace/{what}", json=arguments)
    assert answered.status_code == 200, answered.text
    body: dict[str, object] = answered.json()
    return body


def replies(http: httpx.Client, asked: object) -> list[str]:
    seen = http.get("/workspace/messages", params={"channel": BOT, "user": "U0MIA", "thread_ts": str(asked)})
    return [message["text"] for message in seen.json()["messages"][1:]]


def ask_and_wait_until_it_is_being_sent(http: httpx.Client, workspace: LocalWorkspace) -> object:
    """The answer is on its way, and Slack takes three seconds to take it."""
    call(http, "fault", kind="slow", method="chat.postMessage", seconds=3)
    asked = call(http, "say", user="U0MIA", channel=BOT, text=QUESTION)["ts"]
    until = time.monotonic() + PATIENCE_SECONDS
    while workspace._workspace.faults.pending():
        assert time.monotonic() < until, "nothing was sent"
        time.sleep(0.02)
    return asked


def test_what_is_in_hand_is_sent_and_the_process_ends_well(
    http: httpx.Client, workspace: LocalWorkspace, serving: Serving
) -> None:
    asked = ask_and_wait_until_it_is_being_sent(http, workspace)
    waiting = call(http, "say", user="U0MIA", channel=BOT, text=QUESTION)["ts"]  # behind it, in the same channel
    serving.says("event done", times=2)
    serving.tell(signal.SIGTERM)
    assert serving.ends() == 0
    assert serving.says("Stopping")
    assert [len(replies(http, asked)), len(replies(http, waiting))] == [1, 1]


def test_a_second_signal_ends_it_at_once(http: httpx.Client, workspace: LocalWorkspace, serving: Serving) -> None:
    asked = ask_and_wait_until_it_is_being_sent(http, workspace)
    serving.tell(signal.SIGTERM)
    serving.says("Stopping")
    serving.tell(signal.SIGTERM)
    assert serving.ends() == 128 + signal.SIGTERM
    assert replies(http, asked) == [], "it was not waited for"


def test_health_and_figures_are_served_while_it_is_at_work(serving: Serving) -> None:
    address = re.search(r"http://[\d.:]+", serving.says("is at work"))
    assert address
    assert httpx.get(f"{address[0]}/healthz").json()["status"] == "ok"
    assert "floorwalker_index_documents 4.0" in httpx.get(f"{address[0]}/metrics").text
    serving.tell(signal.SIGINT)
    assert serving.ends() == 0
