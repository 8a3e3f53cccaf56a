"""The running bot in its local workspace, and hands to play the people there."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx

from bot.assemble.demo import Demo

T = TypeVar("T")

BOT = "U0FLOORWALKER"
COACHES = "C0COACHES"
PATIENCE_SECONDS = 15.0

KNOWLEDGE = {
    "training/receipts.md": """---
title: Receipts
url: https://intranet.example/receipts
---
# Receipts

## Attach a receipt to a claim

1. Open the claim under **Expenses**.
2. Press *Attach receipt* and choose the photo.
3. Press **Save**.

## Lost receipts

Tick *Receipt missing* and write what the receipt was for. Finance accepts this up to £75.
""",
    "training/approvals.md": """# Approvals

## Who approves a purchase order

Orders below £5,000 go to your line manager. Orders from £5,000 go to the department head, too.
""",
    "training/mileage.md": """# Mileage

## The mileage rate for your own car

The rate is 45p a mile for the first 10,000 miles in a tax year, then 25p.
""",
    "faq/sign-in.yaml": """- id: locked-out
  question: I am locked out of my account, what now?
  also_asked:
    - my password does not work any more
    - account locked after too many attempts
  answer: Wait fifteen minutes, then use *Forgot password* on the sign-in page.
""",
}


@dataclass(frozen=True)
class Floor:
    """The running bot, and hands to play its people with."""

    demo: Demo
    http: httpx.Client
    knowledge: Path

    def say(self, user: str, channel: str, text: str, **more: Any) -> str:
        said = self.call("say", user=user, channel=channel, text=text, **more)
        return str(said["ts"])

    def call(self, what: str, **arguments: Any) -> dict[str, Any]:
        answered = self.http.post(f"/workspace/{what}", json=arguments)
        assert answered.status_code == 200, answered.text
        body: dict[str, Any] = answered.json()
        return body

    def messages(self, channel: str, user: str, thread_ts: str = "") -> list[dict[str, Any]]:
        asked = {"channel": channel, "user": user} | ({"thread_ts": thread_ts} if thread_ts else {})
        found: list[dict[str, Any]] = self.http.get("/workspace/messages", params=asked).json()["messages"]
        return found

    def replies(self, channel: str, user: str, thread_ts: str) -> list[str]:
        """Texts below the root of a thread."""
        return [message["text"] for message in self.messages(channel, user, thread_ts)[1:]]

    def wait_for(self, look: Callable[[], T], what: str = "it") -> T:
        """Look until something is there."""
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            found = look()
            if found:
                return found
            assert time.monotonic() < until, f"waited in vain for {what}"
            time.sleep(0.03)

    def reply_with(self, channel: str, user: str, thread_ts: str, words: str) -> str:
        """Wait for a reply that holds these words."""
        return self.wait_for(
            lambda: next((text for text in self.replies(channel, user, thread_ts) if words in text), ""), words)

    def card_of(self, words: str, user: str = "U0ANA") -> dict[str, Any]:
        """Wait for the card that holds these words."""
        return self.wait_for(
            lambda: next((card for card in self.messages(COACHES, user) if words in str(card["blocks"])), {}), words)

    def card_says(self, ts: str, words: str) -> None:
        self.wait_for(lambda: any(card["ts"] == ts and words in str(card["blocks"])
                                  for card in self.messages(COACHES, "U0ANA")), words)

    def settle(self) -> None:
        """Wait until the bot has nothing left to do."""
        bot = self.demo.bot
        assert bot is not None
        self.wait_for(lambda: bot.inbox.pending() == 0 and bot.desk.outbox.pending() == 0, "an idle bot")


def write_knowledge(folder: Path) -> None:
    for name, text in KNOWLEDGE.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
