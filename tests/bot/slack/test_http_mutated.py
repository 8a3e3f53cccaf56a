"""Thousands of wrong requests on the bot's own HTTP endpoint: it refuses them in its own words, and lives on.

`FLOORWALKER_MUTATED=5000` sets how many.
"""

from __future__ import annotations

import logging
import os
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from bot.assemble.demo import Demo
from bot.settings import load_settings
from bot.workspace.delivery import Delivery, Reply
from bot.workspace.signed_http import SignedHttp
from tests.bot.slack.mutating import FORGERIES, MARK, MUTATIONS, Sample, kind_of, requests, written_by_hand
from tests.fakes import ToyEmbedder
from tests.stories.floor import BOT, COACHES, Floor, write_knowledge
from tests.stories.test_story_seen_from_outside import Logs, logs

__all__ = ["logs"]

SEED = 20261123
NUMBER = int(os.environ.get("FLOORWALKER_MUTATED", "1000"))
SETTINGS = """[knowledge]
sources = ["knowledge"]
[slack]
mode = "http"
port = 0
emoji_ask = "raising_hand"
"""
WORD = "kumquat"
"""Stands in everything that people write here, and must stand in no log."""
OF_SLACK = {"NotOpened", "SlackApiError", "NotReachable"}
"""Why an item may fail here: its channel, message, person or trigger is none that there is."""
LEAKS = ("Traceback", 'File "', "Error:", "Exception", "sqlite", "site-packages", "slack_bolt")


class Target(NamedTuple):
    """The bot by HTTP, what Slack has sent it so far, and all that it has logged."""

    floor: Floor
    url: str
    samples: list[Sample]
    logs: Logs


@pytest.fixture
def target(tmp_path: Path, logs: Logs, monkeypatch: pytest.MonkeyPatch) -> Iterator[Target]:
    logging.getLogger().setLevel(logging.INFO)  # Markdown's parser tells each of its steps below that
    write_knowledge(tmp_path / "knowledge")
    (tmp_path / "config.toml").write_text(SETTINGS, encoding="utf-8")
    samples: list[Sample] = []
    carry = SignedHttp.carry

    async def watched(self: SignedHttp, delivery: Delivery) -> Reply:
        samples.append(Sample(kind_of(delivery.kind, delivery.payload), delivery.kind, delivery.payload))
        return await carry(self, delivery)

    monkeypatch.setattr(SignedHttp, "carry", watched)
    demo = Demo(load_settings(tmp_path / "config.toml", {}), tmp_path / "data", port=0, embedder=ToyEmbedder())
    demo.prepare(lambda _stage, _done, _total: None)
    demo.start()
    with httpx.Client(base_url=demo.workspace.base_url, timeout=20) as http:
        try:
            assert demo._server is not None
            url = f"http://127.0.0.1:{demo._server.port}/slack/events"
            yield Target(Floor(demo, http, tmp_path / "knowledge"), url, samples, logs)
        finally:
            demo.stop()


def play(floor: Floor) -> None:
    """Everything that Slack sends to this bot, at least once."""
    asked = floor.say("U0MIA", BOT, f"Where does the {WORD} forklift park?")
    card = floor.card_of("forklift")["ts"]
    reply = floor.say("U0MIA", BOT, f"The red {WORD}.", thread_ts=asked)
    floor.reply_with(COACHES, "U0ANA", card, "The red")
    floor.call("edit", user="U0MIA", channel=BOT, ts=reply, text=f"The blue {WORD}.")
    floor.call("delete", user="U0MIA", channel=BOT, ts=reply)
    here = floor.say("U0TOM", "C0GOLIVE", f"<@{BOT}> How do I attach a receipt to a {WORD} claim?")
    floor.reply_with("C0GOLIVE", "U0TOM", here, "Attach receipt")
    other = floor.say("U0PRIYA", "C0GOLIVE", f"My {WORD} is broken")
    floor.call("react", user="U0TOM", channel="C0GOLIVE", ts=other, name="raising_hand")
    floor.call("open_home", user="U0ANA")
    floor.call("open_home", user="U0ANA", tab="messages")
    for label, values in (("Ask back", {"Question": f"Which {WORD}?"}), ("Priority, area, tags", {"Tags": WORD}),
                          ("Pass on or give back", {"Coach": "ben"}),
                          ("Wait or snooze", {"What the third party has to do": WORD}),
                          ("Resolve", {"Resolution": f"By the {WORD} tree."})):
        floor.call("click", user="U0ANA", channel=COACHES, ts=card, label=label)
        floor.call("submit", user="U0ANA", values=values)
        floor.settle()
    floor.call("command", user="U0TOM", channel="C0GENERAL", command="/floorwalker", text=f"{WORD} hours?")
    floor.call("shortcut", user="U0TOM", name="create_ticket", channel="C0GOLIVE", ts=other)
    floor.call("shortcut", user="U0TOM", name="report_problem")
    floor.call("submit", user="U0TOM", values={"What is wrong?": f"No {WORD}."})
    floor.settle()


def test_wrong_requests_are_refused_in_our_own_words_and_the_bot_lives_on(target: Target) -> None:
    floor, answered, wrong = target.floor, Counter[str](), []
    play(floor)
    bot = floor.demo.bot
    assert bot is not None
    samples = [*target.samples, *written_by_hand(target.samples)]
    secret = floor.demo.workspace.signing_secret
    with httpx.Client(timeout=30, trust_env=False) as http:
        for request in islice(requests(samples, secret, SEED), NUMBER):
            reply = http.post(target.url, content=request.body, headers=request.headers)
            answered[f"{reply.status_code}"] += 1
            if reply.status_code >= 500 or (request.statuses and reply.status_code not in request.statuses):
                wrong.append(f"{reply.status_code} for {request.how} of {request.kind}: {request.body[:2000]!r}")
            wrong += [f"{leak} in the answer to {request.how}" for leak in LEAKS if leak in reply.text]
    print(f"\n{NUMBER} requests: {dict(answered)}")
    assert not wrong, "\n".join(wrong[:5])
    asked = floor.say("U0EVE", BOT, "How do I attach a receipt to a claim?")
    floor.wait_for(lambda: any("Attach receipt" in text for text in floor.replies(BOT, "U0EVE", asked)), "an answer")
    assert not bot.store.rows(f"SELECT key FROM inbox WHERE key LIKE '%{MARK}%'"), "another workspace's"  # noqa: S608
    logged = target.logs.text.getvalue()
    failed = {row["error"] for row in bot.store.rows("SELECT DISTINCT error FROM inbox WHERE error IS NOT NULL")}
    assert failed <= OF_SLACK, "what was let in could be worked on"
    for never in ("Traceback", WORD, secret, floor.demo.workspace.bot_token, floor.demo.workspace.app_token):
        assert never not in logged


def test_the_requests_are_of_every_kind_and_wrong_in_every_way(target: Target) -> None:
    play(target.floor)
    samples = [*target.samples, *written_by_hand(target.samples)]
    kinds = {sample.kind for sample in samples}
    assert {
        "url_verification", "ssl_check", "app_rate_limited", "command", "view_closed", "message.groups",
        "block_actions", "view_submission", "shortcut", "message_action", "event_callback message im",
        "event_callback app_mention", "event_callback message channel", "event_callback app_home_opened",
        "event_callback message im message_changed", "event_callback message im message_deleted",
        "event_callback reaction_added"} <= kinds, kinds
    made = list(islice(requests(samples, "secret", SEED), 1000))
    assert {request.kind for request in made} == kinds
    assert {request.how for request in made} == {*FORGERIES, "too_large", *(one.__name__ for one in MUTATIONS)}
