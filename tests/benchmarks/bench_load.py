"""The bot under Slack's own ceiling: 8 events a second from 200 people and 8 channels, one in twenty handed over.

    python tests/benchmarks/bench_load.py [--minutes 10] [--rate 8] [--knowledge FOLDER]

Starts the local workspace, which holds posts to Slack's pace, and `floorwalker serve` with the real model beside it.
Times are the workspace's: from a message's time stamp to its acknowledgement, and to the time stamp of the answer.
"""

from __future__ import annotations

import argparse
import random
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from bot.workspace import saving
from bot.workspace.cast import BOT_USER
from bot.workspace.kept import pieces
from bot.workspace.records import Channel, User
from bot.workspace.state import fresh_state
from tests.crash.processes import CONFIG, REAL, ROOT, BotProcess, free_port, start_workspace

PEOPLE, CHANNELS = 200, 8
KNOWN = ("How do I submit an expense claim?", "Where do I attach a receipt to my claim?", "How do I reset my password?",
         "Who approves a purchase order?", "How do I raise a purchase request?", "What is the mileage rate?")
UNKNOWN = "Why does the coffee machine on floor {n} blink purple?"
SAMPLE_SECONDS = 5.0


@dataclass
class Load:
    """What was asked, and how the bot's memory grew."""

    asked: dict[tuple[str, str], float] = field(default_factory=dict)
    """(channel, time stamp) -> when it was said."""
    memory: list[float] = field(default_factory=list)
    late: float = 0.0
    """By how many seconds the driver itself lagged behind at most."""


def crowd() -> tuple[list[User], list[Channel]]:
    people = [User(f"U1{n:03d}", f"user{n}", f"User {n}", "end_user") for n in range(PEOPLE)]
    direct = [Channel(f"D1{n:03d}", f"user{n}", "im", [f"U1{n:03d}", BOT_USER]) for n in range(PEOPLE)]
    rooms = [Channel(f"C1{n:03d}", f"room-{n}", "channel", [*(person.id for person in people), BOT_USER])
             for n in range(CHANNELS)]
    return people, [*direct, *rooms]


def wishes(rate: float, seconds: float, chance: random.Random) -> Iterator[tuple[float, dict[str, str]]]:
    """When who says what: evenly, in direct messages or (every fifth) by mention in a channel."""
    for n in range(int(rate * seconds)):
        person = chance.randrange(PEOPLE)
        text = UNKNOWN.format(n=n) if chance.random() < 0.05 else chance.choice(KNOWN)
        in_channel = chance.random() < 0.2
        channel = f"C1{chance.randrange(CHANNELS):03d}" if in_channel else f"D1{person:03d}"
        yield n / rate, {"user": f"U1{person:03d}", "channel": channel,
                         "text": f"<@{BOT_USER}> {text}" if in_channel else text}


def drive(base: str, bot: BotProcess, rate: float, seconds: float) -> Load:
    load, began = Load(), time.monotonic()
    next_sample = 0.0
    with httpx.Client(base_url=base, timeout=30) as client, ThreadPoolExecutor(16) as pool:
        for at, wish in wishes(rate, seconds, random.Random(7)):
            ahead = at - (time.monotonic() - began)
            load.late = max(load.late, -ahead)
            time.sleep(max(0.0, ahead))
            pool.submit(_say, client, wish, load)
            if at >= next_sample:
                load.memory.append(_megabytes(bot))
                next_sample += SAMPLE_SECONDS
    return load


def _say(client: httpx.Client, wish: dict[str, str], load: Load) -> None:
    said = client.post("/workspace/say", json=wish).raise_for_status().json()
    load.asked[(wish["channel"], said["ts"])] = float(said["ts"])


def _megabytes(bot: BotProcess) -> float:
    assert bot.process is not None
    for line in Path(f"/proc/{bot.process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def answers(base: str, load: Load) -> tuple[list[float], list[str], int]:
    """Seconds until each question's reply; the questions without one; how many replies told of a ticket."""
    waits, silent, tickets = [], [], 0
    with httpx.Client(base_url=base, timeout=60) as client:
        for channel, ts in load.asked:
            thread = client.get("/workspace/messages", params={"channel": channel, "thread_ts": ts}).json()["messages"]
            replies = [one for one in thread if one["user"] == BOT_USER]
            if not replies:
                silent.append(f"{channel} {ts}")
                continue
            waits.append(float(replies[0]["ts"]) - float(ts))
            tickets += "FW-" in str(replies[0]["text"])
    return waits, silent, tickets


def acknowledged(base: str) -> list[float]:
    """Seconds until the app had each message event, as far as the workspace's log still tells."""
    log: list[dict[str, Any]] = httpx.get(f"{base}/workspace/log", timeout=60).json()["entries"]
    events = [(entry, (entry["detail"].get("payload") or {}).get("event") or {}) for entry in log
              if entry["kind"] == "event"]
    return [datetime.fromisoformat(entry["at"]).timestamp() - float(event["ts"]) for entry, event in events
            if event.get("type") in ("message", "app_mention") and "ts" in event and not entry.get("error")]


def share(values: Sequence[float], part: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else float("nan")


def main() -> None:
    """Run it and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--rate", type=float, default=8.0)
    parser.add_argument("--knowledge", type=Path, default=ROOT / "knowledge")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(chosen.knowledge, folder / "knowledge")
        port, bot_port = free_port(), free_port()
        (folder / "config.toml").write_text(CONFIG.format(mode="socket", port=bot_port))
        state = fresh_state()
        people, channels = crowd()
        state.users |= {person.id: person for person in people}
        state.channels |= {channel.id: channel for channel in channels}
        saving.write(folder / "slack.json", pieces(state))
        workspace, secrets = start_workspace(port, folder / "slack.json", "")
        bot = BotProcess(folder, bot_port, secrets, REAL)
        bot.start()
        try:
            _ready(bot_port)
            _run(f"http://127.0.0.1:{port}", bot, chosen.rate, chosen.minutes * 60)
        finally:
            bot.kill(after_term=20)
            workspace.terminate()
            workspace.wait()


def _ready(port: int) -> None:
    for _ in range(1200):
        try:
            if httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=5).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.5)
    raise RuntimeError("the bot did not get ready")


def _run(base: str, bot: BotProcess, rate: float, seconds: float) -> None:
    load = drive(base, bot, rate, seconds)
    acks = acknowledged(base)
    time.sleep(10)
    waits, silent, tickets = answers(base, load)
    print(f"questions            {len(load.asked)} in {seconds / 60:.1f} minutes, {len(silent)} without a reply,"
          f" {tickets} handed over; the driver lagged {load.late * 1000:.0f} ms at most")
    print(f"acknowledged within  p50 {share(acks, .5) * 1000:.0f} ms, p99 {share(acks, .99) * 1000:.0f} ms"
          f" (the last {len(acks)})")
    print(f"answered within      p50 {share(waits, .5) * 1000:.0f} ms, p95 {share(waits, .95) * 1000:.0f} ms,"
          f" p99 {share(waits, .99) * 1000:.0f} ms, worst {max(waits, default=0) * 1000:.0f} ms")
    fifth = max(1, len(load.memory) // 5)
    print(f"memory               {sum(load.memory[:fifth]) / fifth:.0f} MB in the first fifth,"
          f" {sum(load.memory[-fifth:]) / fifth:.0f} MB in the last")


if __name__ == "__main__":
    main()
