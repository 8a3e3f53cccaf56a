"""Whatever was acknowledged survives a kill, at every moment."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import httpx
import pytest
from slack_sdk import WebClient

from bot.workspace import LocalWorkspace, saving
from bot.workspace.journal import Journal
from bot.workspace.kept import pieces
from bot.workspace.records import Message
from bot.workspace.state import State, fresh_state
from tests.bot.workspace.playing import Hands, ListeningApp

SEED = 20261122
SCRIPT = """
import sys, threading
from pathlib import Path
from bot.workspace import LocalWorkspace, saving
saving.Saver.__init__.__kwdefaults__.update(delay=0.0, fold_bytes=int(sys.argv[2]))
with LocalWorkspace(state_file=Path(sys.argv[1]), rate_limits=False) as running:
    print(running.base_url, running.bot_token, flush=True)
    threading.Event().wait()
"""


@contextmanager
def killed_at_the_end(file: Path, fold_bytes: int) -> Iterator[tuple[str, str]]:
    """A workspace in a process of its own; gives its address and bot token."""
    command = [sys.executable, "-c", SCRIPT, str(file), str(fold_bytes)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            base_url, token = process.stdout.readline().split()
            yield base_url, token
        finally:
            os.kill(process.pid, signal.SIGKILL)


@pytest.mark.parametrize("fold_bytes", [1, 4_000, 10**9])
def test_what_was_acknowledged_survives_kills(tmp_path: Path, fold_bytes: int) -> None:
    """Also while the journal is being folded into the state file, again and again."""
    file, dice = tmp_path / "workspace.json", random.Random(SEED)
    said: dict[str, str] = {}
    tokens = set()
    for _ in range(4):
        with killed_at_the_end(file, fold_bytes) as (base_url, token):
            tokens.add(token)
            web = WebClient(token, base_url=f"{base_url}/api/")
            with httpx.Client(base_url=base_url) as http:
                for number in range(dice.randint(1, 40)):
                    if number % 3:
                        body = {"user": "U0MIA", "channel": "C0GOLIVE", "text": f"said {len(said)}"}
                        answer = http.post("/workspace/say", json=body).json()
                    else:
                        answer = web.chat_postMessage(channel="C0GOLIVE", text=f"posted {len(said)}").data
                    said[answer["ts"]] = f"{'said' if number % 3 else 'posted'} {len(said)}"
    with LocalWorkspace(state_file=file) as after:
        kept = {message["ts"]: message["text"] for message in Hands(after).messages("C0GOLIVE")}
        assert kept == said
        assert list(kept) == sorted(kept)
        assert tokens == {after.bot_token}
    assert [path.name for path in tmp_path.iterdir()] == ["workspace.json"]


def killed_copy(file: Path, into: Path) -> Path:
    """What a kill at this moment would leave on the disk."""
    into.mkdir()
    for path in file.parent.glob("workspace.json*"):
        (into / path.name).write_bytes(path.read_bytes())
    return into / "workspace.json"


def test_every_kind_of_change_survives_a_kill(tmp_path: Path) -> None:
    file = tmp_path / "running" / "workspace.json"
    with LocalWorkspace(state_file=file) as first:
        hands, web = Hands(first), WebClient(first.bot_token, base_url=first.api_url)
        root, gone, changed = hands.say("a root"), hands.say("gone"), hands.say("before")
        hands.say("a reply", thread_ts=root)
        hands.do("delete", channel="C0GOLIVE", ts=gone)
        hands.do("delete", channel="C0GOLIVE", ts=root)
        hands.do("edit", channel="C0GOLIVE", ts=changed, text="after")
        hands.do("react", channel="C0GOLIVE", ts=changed, name="eyes")
        hands.do("upload", channel="C0GOLIVE", name="a.txt", content="abc")
        own = web.chat_postMessage(channel="C0GOLIVE", text="card")["ts"]
        web.chat_update(channel="C0GOLIVE", ts=own, text="card, claimed")
        web.chat_postEphemeral(channel="C0GOLIVE", user="U0MIA", text="psst")
        web.views_publish(user_id="U0MIA", view={"type": "home", "blocks": [{"type": "divider"}]})
        before = _seen(hands)
        copy = killed_copy(file, tmp_path / "killed")
        address = first.base_url
    with LocalWorkspace(state_file=copy) as second:
        assert json.dumps(_seen(Hands(second))).replace(second.base_url, address) == json.dumps(before)


def _seen(hands: Hands) -> list[Any]:
    messages = hands.messages("C0GOLIVE")
    threads = [hands.messages("C0GOLIVE", thread_ts=message["ts"]) for message in messages if not message["ephemeral"]]
    return [messages, threads, hands.see("views", user="U0MIA")]


def test_after_a_kill_the_app_hears_what_it_had_not_acknowledged_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "running" / "workspace.json"
    with LocalWorkspace(state_file=file) as first:
        hands, app = Hands(first), ListeningApp(first)
        heard = hands.say("heard", channel="D0MIA")
        app.event("message", ts=heard)
        time.sleep(0.1)  # the acknowledgement is on its way
        app.close()
        while hands.see("state")["connected"]:
            time.sleep(0.01)
        unheard = hands.say("unheard", channel="D0MIA")
        copy = killed_copy(file, tmp_path / "killed")
    with LocalWorkspace(state_file=copy) as second:
        again = ListeningApp(second)
        assert again.event("message", ts=unheard)["text"] == "unheard"
        time.sleep(0.1)
        assert [event["text"] for event in again.events("message")] == ["unheard"]
        again.close()


def test_half_a_last_line_is_left_out_and_spoils_nothing(tmp_path: Path) -> None:
    file = tmp_path / "workspace.json"
    saving.write(file, pieces(fresh_state()))
    line = [(("messages", "C0GOLIVE", "1.000001"), {"channel": "C0GOLIVE", "ts": "1.000001", "user": "U", "text": "x"})]
    Journal(file).append(line, 1_000_001)
    whole = (tmp_path / "workspace.json.journal").read_bytes()
    for length in range(len(whole)):
        (tmp_path / "workspace.json.journal").write_bytes(whole[:length])
        Journal(file).append([(("undelivered", "Ev1"), {"event_id": "Ev1"})], 7)
        state = saving.read(file)
        assert state is not None
        assert state.undelivered == {"Ev1": {"event_id": "Ev1"}}
        assert state.last_ts in (7, 1_000_001)


def test_what_cannot_be_saved_is_not_acknowledged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with LocalWorkspace(state_file=tmp_path / "workspace.json") as running:
        hands = Hands(running)
        with monkeypatch.context() as full:
            full.setattr("bot.workspace.journal._write", _no_space)
            status, sentence = hands.refused("say", channel="C0GOLIVE", text="lost?")
            assert (status, sentence[-1]) == (500, "?")
            assert hands.http.get("/workspace/state").status_code == 200
        hands.say("there is room again")
        copy = killed_copy(tmp_path / "workspace.json", tmp_path / "killed")
    state = saving.read(copy)
    assert state is not None
    assert [message.text for message in state.history("C0GOLIVE")] == ["lost?", "there is room again"]


def _no_space(_file: int, _data: bytes) -> None:
    raise OSError(28, "No space left on device")


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """The state file of a workspace in which 5,000 messages were said."""
    state: State = fresh_state()
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 300}, "block_id": "b"}]
    for number in range(5_000):
        state.add(Message("C0GOLIVE", f"1764000000.{number:06d}", "U0MIA", "a message " * 10, blocks=blocks))
    saving.write(tmp_path / "workspace.json", pieces(state))
    return tmp_path / "workspace.json"


def test_it_stays_fast_with_many_messages(large: Path) -> None:
    with LocalWorkspace() as quick, LocalWorkspace(state_file=large) as kept:
        assert _seconds(kept) < _seconds(quick) + 0.02


def _seconds(workspace: LocalWorkspace) -> float:
    hands, seconds = Hands(workspace), []
    for number in range(100):
        began = time.perf_counter()
        hands.say(f"and another {number}", channel="C0GENERAL")
        seconds.append(time.perf_counter() - began)
    return median(seconds)
