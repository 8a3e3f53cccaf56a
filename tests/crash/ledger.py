"""What the people of the crash test said and did, and what the workspace told them about it at once."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

SaidKind = Literal["question", "asker_reply", "coach_reply", "note"]
DoneKind = Literal["still_stuck", "helped", "claim", "give_back", "ask_back", "resolve", "close", "command", "shortcut"]


@dataclass(slots=True)
class Said:
    """A message; the workspace took it, so it is there."""

    token: str
    """A word that stands in this message and in nothing else."""
    kind: SaidKind
    user: str
    channel: str
    ts: str
    thread_ts: str = ""
    edited_token: str = ""
    """What its author put in later."""
    deleted: bool = False


@dataclass(slots=True)
class Done:
    """Something by button, form, command or shortcut."""

    token: str
    """What was written into the form, or the token of the question that it is about."""
    kind: DoneKind
    user: str
    ticket: str = ""
    acknowledged: bool = True
    """False: the app did not answer, so it may have happened or not."""
    teach: bool = False


@dataclass(slots=True)
class Ledger:
    """Everything, by everybody. Safe from any thread."""

    seed: int
    said: list[Said] = field(default_factory=list)
    done: list[Done] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _number: int = 0

    def token(self) -> str:
        """A fresh word."""
        with self._lock:
            self._number += 1
            return f"zq{self.seed}n{self._number:05d}z"

    def add(self, entry: Said | Done) -> None:
        """Note it."""
        with self._lock:
            if isinstance(entry, Said):
                self.said.append(entry)
            else:
                self.done.append(entry)
            answered = "" if isinstance(entry, Said) or entry.acknowledged else " (no reply from the bot)"
            self.counts[entry.kind.replace("_", " ") + answered] += 1

    def count(self, what: str) -> None:
        """Only how often."""
        with self._lock:
            self.counts[what] += 1

    def write(self, file: Path) -> None:
        """For whoever looks into it afterwards."""
        with self._lock:
            file.write_text(json.dumps([asdict(one) for one in (*self.said, *self.done)], indent=1), encoding="utf-8")

    def messages(self, *kinds: SaidKind) -> list[Said]:
        """Those of these kinds so far, oldest first."""
        with self._lock:
            return [one for one in self.said if one.kind in kinds]

    def deeds(self, *kinds: DoneKind) -> Iterator[Done]:
        """Those of these kinds so far, oldest first."""
        with self._lock:
            chosen = [one for one in self.done if one.kind in kinds]
        yield from chosen
