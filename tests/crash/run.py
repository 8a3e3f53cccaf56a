"""The crash test from beginning to end."""

from __future__ import annotations

import contextlib
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.workspace import LocalWorkspace
from tests.crash import books
from tests.crash.crowd import Crowd
from tests.crash.judge import Evidence, Wrong, judge
from tests.crash.ledger import Ledger
from tests.crash.people import Hands
from tests.crash.processes import CONFIG, REAL, TOY, BotProcess, free_port, start_workspace
from tests.crash.trouble import Disk, SlackTrouble, locked
from tests.stories.floor import write_knowledge

SHUTTING_DOWN = 0.15
"""The share of kills that strike a bot that is just stopping."""
AT_ITS_START = 0.3
"""The share of kills that strike one that is not up yet."""
LIFE_AFTER_START = 4.0
LONG_LIFE = 25.0
LOCKED_SECONDS, FULL_SECONDS = 15.0, 6.0
PATIENCE_SECONDS = 480.0
"""Slack tries an event again after one minute and after five more; only then is it lost."""
STILL_SECONDS = 20.0
"""When the bot has had nothing to do for so long, and Slack nothing to tell it again, then nothing more will come."""
SAY_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Options:
    """What is asked for on the command line."""

    folder: Path
    kills: int = 200
    seed: int = 1
    mode: str = "socket"
    faults: bool = False
    real_model: bool = False
    pause: float = 2.0
    """Mean seconds between two deeds of one of the four people."""
    early_edits: bool = False
    """People also edit what the bot has not taken up yet."""
    minutes: float = float("inf")
    """No more kills after that."""
    longest_life: float = LIFE_AFTER_START
    """Seconds that the bot may work before it is killed."""
    calm: float = 4.0
    """Seconds to wait at the end for what might come twice."""
    quick_workspace: bool = False
    """In this process, with a Slack that tries again sooner: for the small version among the tests."""


@dataclass(slots=True)
class Outcome:
    """What came of it."""

    ledger: Ledger
    wrong: list[Wrong]
    seconds: float
    kills: int = 0
    start_seconds: float = 0.0
    facts: Counter[str] = field(default_factory=Counter)


def run(options: Options, say: Callable[[str], None]) -> Outcome:
    """Start everything, kill and restart, wait until all is quiet, judge."""
    began = time.monotonic()
    ledger = Ledger(options.seed)
    disk = Disk(options.folder / "data")
    if options.faults:
        disk.prepare()
    try:
        with _workspace(options) as (base_url, bot):
            hands = Hands(base_url)
            arena = Arena(options, bot, hands, ledger, disk, say)
            try:
                wrong = arena.fight()
            finally:
                bot.end()
                hands.close()
                ledger.write(options.folder / "ledger.json")
    finally:
        disk.remove()
    return Outcome(ledger, wrong, time.monotonic() - began, arena.killed, arena.start_seconds, arena.facts)


@dataclass(slots=True)
class SlackLog:
    """What the workspace says of its deliveries; its log is short, so it is looked at after every kill."""

    given_up: set[str] = field(default_factory=set)
    """Time stamps of messages whose event never reached the bot, by no fault of its own."""
    failed: set[str] = field(default_factory=set)
    """Events that are to be tried again."""
    _delivered: set[str] = field(default_factory=set)
    _after: int = 0

    def follow(self, hands: Hands) -> None:
        """Read on."""
        for entry in hands.look("log", after=str(self._after))["entries"]:
            self._after = entry["n"]
            if entry["kind"] == "event":
                self._take(entry["summary"], entry["detail"]["payload"], failed=entry["error"] is not None)

    def _take(self, summary: str, envelope: dict[str, Any], *, failed: bool) -> None:
        if "is given up" in summary:
            event = envelope["event"]
            self.given_up.add(str((event.get("message") or event).get("ts") or event.get("deleted_ts")))
        if "is given up" in summary or not (failed or "waits until" in summary):
            self._delivered.add(envelope["event_id"])
            self.failed.discard(envelope["event_id"])
        elif envelope["event_id"] not in self._delivered:  # else it is a second delivery of what has arrived
            self.failed.add(envelope["event_id"])


@dataclass(slots=True)
class Arena:
    """The kills, and what is around them."""

    options: Options
    bot: BotProcess
    hands: Hands
    ledger: Ledger
    disk: Disk
    say: Callable[[str], None]
    killed: int = 0
    start_seconds: float = 0.0
    facts: Counter[str] = field(default_factory=Counter)
    slack: SlackLog = field(default_factory=SlackLog)

    def fight(self) -> list[Wrong]:
        """All of it; returns what is wrong at the end."""
        self.bot.start()
        self.bot.wait_until_ready()  # builds the index
        self._stop("the first bot")
        self.bot.start()
        self.start_seconds = self.bot.wait_until_ready()
        self.say(f"The bot starts in {self.start_seconds:.1f} s.")
        crowd = Crowd(self.hands, self.ledger, self.options.seed, self.options.pause, self.options.early_edits)
        trouble = SlackTrouble(self.hands, self.ledger, self.options.seed)
        crowd.start()
        if self.options.faults:
            trouble.start()
        self._kill_again_and_again()
        crowd.stop()
        if self.options.faults:
            trouble.stop()
        return [*self._quiet_at_last(), *self._about_us(crowd)]

    def _kill_again_and_again(self) -> None:
        chance = random.Random(self.options.seed)
        until = time.monotonic() + self.options.minutes * 60
        while self.killed < self.options.kills and time.monotonic() < until:
            term = chance.uniform(0, 1.2) if chance.random() < SHUTTING_DOWN else None
            self._live(chance)
            if self.bot.kill(after_term=term):
                self.killed += 1
                self.facts["killed while it stopped"] += term is not None
                if self.killed % 20 == 0:
                    self.say(f"{self.killed} kills, {sum(self.ledger.counts.values())} deeds")
            else:
                time.sleep(0.5)
            self.slack.follow(self.hands)
            self.bot.start()
        self.bot.wait_until_ready()

    def _live(self, chance: random.Random) -> None:
        """A life of the bot: it ends before it is up, or some time later; with `faults` every fourth is a hard one."""
        if chance.random() < AT_ITS_START:
            self.facts["lives that ended before the bot was up"] += 1
            time.sleep(chance.uniform(0, self.start_seconds))
            return
        self.start_seconds = self.bot.wait_until_ready()
        trouble = chance.random() if self.options.faults else 1.0
        if trouble < 0.12:
            self.facts["lives with a locked database"] += 1
            with locked(self.disk.data / "desk.sqlite"):
                time.sleep(LOCKED_SECONDS)
        elif trouble < 0.24:
            self.facts["lives with a full disk"] += 1
            assert self.bot.process is not None
            with self.disk.full(self.bot.process.pid):
                time.sleep(FULL_SECONDS)
        time.sleep(chance.uniform(0, self.options.longest_life if trouble > 0.24 else LONG_LIFE))

    def _stop(self, which: str) -> None:
        code = self.bot.stop()
        self.facts[f"exit code {code} of {which}"] += 1

    def _quiet_at_last(self) -> list[Wrong]:
        """Wait until nothing is missing any more, and some time longer for what may come twice. Once more from new."""
        self.say("Waiting until all is quiet…")
        until, said, busy = time.monotonic() + PATIENCE_SECONDS, time.monotonic(), time.monotonic()
        wrong = self._judged()
        while time.monotonic() < until and time.monotonic() - busy < STILL_SECONDS:
            if not any(one.missing for one in wrong) and self._idle():
                break
            if not self._idle() or self.slack.failed:
                busy = time.monotonic()
            if time.monotonic() - said > SAY_SECONDS:
                said = time.monotonic()
                missing = [f"{one.what}: {one.item}" for one in wrong if one.missing]
                self.say(f"Still missing: {len(missing)} {missing[:2]}; Slack tries {len(self.slack.failed)} again; "
                         f"health {self.bot.health()}")
            time.sleep(2)
            wrong = self._judged()
        time.sleep(self.options.calm)
        self._stop("the last but one")
        self.bot.start()
        self.bot.wait_until_ready()
        time.sleep(self.options.calm)
        wrong = self._judged()
        self._stop("the last bot")
        return wrong

    def _judged(self) -> list[Wrong]:
        self.slack.follow(self.hands)
        self.facts["events that Slack gave up"] = len(self.slack.given_up)
        return judge(Evidence(self.ledger, list(self.hands.everything()), books.read(self.disk.data / "desk.sqlite"),
                              " ".join(self.slack.given_up)))

    def _idle(self) -> bool:
        health = self.bot.health()
        return health is not None and not health["inbox"] and not health["outbox"]

    def _about_us(self, crowd: Crowd) -> Iterator[Wrong]:
        """What no message shows: exits, and what stands in the log."""
        yield from (Wrong("the harness failed", error) for error in crowd.errors)
        for code in self.bot.exits:
            self.facts[f"ended by itself with exit code {code}"] += 1
            if not self.options.faults or code != 1:
                yield Wrong("the bot ended by itself", f"exit code {code}")
        log = self.bot.log.read_text(encoding="utf-8", errors="replace")
        self.facts["tracebacks in the log"] = log.count("Traceback (most recent call last)")
        if f"zq{self.options.seed}n" in log:
            yield Wrong("what people wrote stands in the log", str(self.bot.log))


@contextlib.contextmanager
def _workspace(options: Options) -> Iterator[tuple[str, BotProcess]]:
    """The local Slack, with a bot that is not started yet."""
    port = free_port()
    folder = options.folder
    folder.mkdir(parents=True, exist_ok=True)
    write_knowledge(folder / "knowledge")
    (folder / "config.toml").write_text(CONFIG.format(mode=options.mode, port=port), encoding="utf-8")
    request_url = f"http://127.0.0.1:{port}/slack/events" if options.mode == "http" else ""
    program = REAL if options.real_model else TOY
    if options.quick_workspace:
        quick = LocalWorkspace(0, folder / "workspace.json", request_url or None, retry_waits=(0.3, 1.0, 3.0))
        with quick:
            secrets = {"SLACK_API_URL": quick.api_url, "SLACK_BOT_TOKEN": quick.bot_token,
                       "SLACK_APP_TOKEN": quick.app_token, "SLACK_SIGNING_SECRET": quick.signing_secret}
            yield quick.base_url, BotProcess(folder, port, secrets, program)
        return
    process, secrets = start_workspace(free_port(), folder / "workspace.json", request_url)
    try:
        yield secrets["SLACK_API_URL"].removesuffix("/api/"), BotProcess(folder, port, secrets, program)
    finally:
        process.terminate()
        process.wait(30)
