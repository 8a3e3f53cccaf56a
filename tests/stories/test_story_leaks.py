"""Nobody sees what is not for them: in no answer, no card, no form, no Home tab, and in no log. Fixed seed; how many
questions are asked is set by LEAK_MESSAGES."""

from __future__ import annotations

import json
import os
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.assemble.demo import Demo
from bot.desk.types import Ticket
from bot.settings import load_settings
from bot.slack import posting
from bot.workspace import pace
from tests.fakes import ToyEmbedder
from tests.stories.floor import BOT, COACHES, Floor
from tests.stories.leaks import PEOPLE, SECRET, SETTINGS, TOPICS, Judge, Secret, Sighting, Watch, secrets, sightings, write
from tests.stories.test_story_seen_from_outside import Logs, logs

__all__ = ["logs"]

MESSAGES = int(os.environ.get("LEAK_MESSAGES", "80"))
TODAY = datetime.now(UTC).date()
PUBLIC, UNASKED, PRIVATE = "C0GENERAL", "C0FINANCE", "C0GOLIVE"
WAYS = ("direct", "direct", "mention", "mention", "mention", "private", "unasked", "command", "home", "emoji",
        "request", "handed_over", "follow_up", "follow_up", "follow_up")
EVERYBODY = frozenset(PEOPLE)


class Play:
    """People who ask, press and open whatever there is."""

    def __init__(self, floor: Floor, hidden: list[Secret], seed: int) -> None:
        self.floor, self.hidden, self.chance = floor, hidden, random.Random(seed)
        self.watch = Watch(str(floor.http.base_url).rstrip("/"))
        channels = floor.http.get("/workspace/state").json()["channels"]
        self.members = {one["id"]: frozenset(one["members"]) - {BOT} for one in channels}
        self.typed: dict[str, frozenset[str]] = {}
        self.threads: list[tuple[str, str]] = []
        self.asked: list[str] = []
        self.taught: list[tuple[str, str, str]] = []

    # ---- asking ------------------------------------------------------------------------------------------------

    def words(self, *readers: str) -> str:
        """A word that nobody has written yet, for these readers; and for the coaches, if a ticket comes of it."""
        word = f"typed{len(self.typed):04}zq"
        self.typed[word] = frozenset(readers) | self.members[COACHES]
        return word

    def question(self) -> str:
        one, sort = self.chance.choice(self.hidden), self.chance.random()
        if sort < 0.15 and self.asked:
            return self.chance.choice(self.asked)
        asked = f"How do I {one.name} {one.about}?"
        if sort > 0.5:
            asked = f"How do I {' '.join(self.chance.sample(TOPICS, self.chance.randint(2, 4)))}?"
        elif sort > 0.4:
            asked = f"What is it with {one.name} {self.chance.choice(TOPICS)}?"
        self.asked.append(asked)
        return asked

    def ask(self, user: str, way: str) -> None:
        text = self.question()
        if way in ("command", "request"):
            text = f"{'ask' if way == 'command' else 'ticket'} {text} {self.words(user)}"
            self.floor.call("command", user=user, channel=PUBLIC, command="/floorwalker", text=text)
        elif way == "home":
            self.at_home(user, f"{text} {self.words(user)}")
        elif way == "follow_up" and self.threads:
            channel, root = self.chance.choice(self.threads)
            if user in self.members[channel]:
                mention = self.chance.choice(("", f"<@{BOT}> "))
                text = self.chance.choice((text, f"And what about {self.chance.choice(self.hidden).name}?"))
                self.floor.say(user, channel, f"{mention}{text} {self.words(*self.members[channel])}", thread_ts=root)
        else:
            self.say(user, way, text)

    def say(self, user: str, way: str, text: str) -> None:
        """What begins a thread."""
        direct = f"D{user[1:]}"
        channel = {"private": PRIVATE, "unasked": UNASKED, "direct": direct, "follow_up": direct}.get(way, PUBLIC)
        channel = channel if user in self.members[channel] else UNASKED
        mention = f"<@{BOT}> " if way in ("mention", "private") else ""
        root = self.floor.say(user, channel, f"{mention}{text} {self.words(*self.members[channel])}")
        if way == "emoji":
            self.floor.call("react", user="U0ANA", channel=channel, ts=root, name="question")
        elif way == "handed_over":
            self.floor.call("shortcut", user="U0BEN", name="create_ticket", channel=channel, ts=root)
        self.threads.append((channel, root))

    def at_home(self, user: str, text: str) -> None:
        self.home(user)
        self.floor.call("click", user=user, label="Ask")
        assert self.floor.call("submit", user=user, values={"Your question": text}) == {}
        self.floor.settle()
        self.floor.call("close", user=user)

    def home(self, user: str) -> None:
        self.floor.call("open_home", user=user)
        self.floor.wait_for(lambda: self.views(user)["home"], "Home")

    def views(self, user: str) -> dict[str, Any]:
        shown: dict[str, Any] = self.floor.http.get("/workspace/views", params={"user": user}).json()
        return shown

    # ---- pressing ----------------------------------------------------------------------------------------------

    def said(self) -> list[dict[str, Any]]:
        """The bot's messages as they are now."""
        self.floor.settle()
        self.floor.say("U0EVE", "C0OPS", mark := f"so far {len(self.watch.changes)}")
        self.floor.wait_for(lambda: any(mark in str(one.get("message")) for one in self.watch.changes[-50:]), mark)
        latest = {(one["message"]["channel"], one["message"]["ts"]): one["message"] for one in list(self.watch.changes)
                  if one["type"] in ("message", "message_changed", "ephemeral")}
        return [message for message in latest.values() if message["user"] == BOT]

    def press_what_is_offered(self) -> None:
        """Each answer's asker presses something, and somebody else now and then."""
        for message in self.said():
            offered = [label for label in labels(message) if label not in ("Claim",)]
            if message["channel"] == COACHES or not offered or self.chance.random() < 0.2:
                continue
            user = message["visible_to"] or self.author(message)
            if self.chance.random() < 0.1 and not message["visible_to"]:
                user = self.chance.choice(sorted(self.members[message["channel"]]))
            self.floor.call("click", user=user, channel=message["channel"], ts=message["ts"],
                            label=self.chance.choice(offered))

    def author(self, message: dict[str, Any]) -> str:
        thread = self.floor.messages(message["channel"], "U0EVE" if message["channel"][0] == "C" else
                                     f"U{message['channel'][1:]}", message["thread_ts"])
        return str(thread[0]["user"]) if thread[0]["user"] != BOT else f"U{message['channel'][1:]}"

    # ---- coaching ----------------------------------------------------------------------------------------------

    def coach(self, card: dict[str, Any]) -> None:
        """One ticket: a look at its history, a word with its asker, a suggestion sent, and perhaps its end."""
        coach, ticket = self.chance.choice(("U0ANA", "U0BEN")), self.ticket_of(card)
        readers = self.members[ticket.asker_channel]
        self.floor.call("click", user=coach, channel=COACHES, ts=card["ts"], label="History")
        if "Send suggestion" in labels(card) and self.chance.random() < 0.7:
            self.fill_in(coach, card, "Send suggestion", {})
        if self.chance.random() < 0.3:
            self.fill_in(coach, card, "Ask back", {"Question": f"Which one, {self.words(*readers)}?"})
        if self.chance.random() < 0.3:
            self.floor.say(coach, COACHES, f"I look into {self.words(*readers)}", thread_ts=card["ts"])
        if self.chance.random() < 0.2:
            self.fill_in(coach, card, "Priority, area, tags", {"Tags": "known issue"})
            self.publish(ticket.question)
        if self.chance.random() < 0.6:
            self.resolve(coach, card, ticket, readers)

    def resolve(self, coach: str, card: dict[str, Any], ticket: Ticket, readers: frozenset[str]) -> None:
        """Nobody teaches all what they looked up for one person: what goes into the FAQ is a word of the coach."""
        text, teach = f"Press the key, {self.words(*readers)}", self.chance.random() < 0.4
        near = str(card["blocks"]).partition("Nearest in the knowledge base")[2]
        if not teach and ticket.asker_channel.startswith("D") and (quoted := SECRET.search(near)):
            text = f"{text}: as in {quoted[0]}"
        self.fill_in(coach, card, "Resolve", {"Resolution": text} | ({"Add to the FAQ": True} if teach else {}))
        if teach:
            self.taught.append((coach, card["ts"], f"{ticket.question} {text}"))

    def approve(self) -> None:
        """The other coach approves what the first one wrote."""
        self.floor.settle()
        for coach, card, words in self.taught:
            [review] = [one for one in self.floor.messages(COACHES, coach, card) if "Approve" in labels(one)]
            other = "U0BEN" if coach == "U0ANA" else "U0ANA"
            self.publish(words)
            self.floor.call("click", user=other, channel=COACHES, ts=review["ts"], label="Approve")
        self.floor.wait_for(lambda: all("In the index since" in str(self.floor.messages(COACHES, coach, card))
                                        for coach, card, _ in self.taught), "what was taught")

    def publish(self, text: str) -> None:
        """Coaches show it to everybody."""
        self.typed.update(dict.fromkeys(SECRET.findall(text), EVERYBODY))

    def fill_in(self, coach: str, card: dict[str, Any], label: str, values: dict[str, Any]) -> None:
        self.floor.call("click", user=coach, channel=COACHES, ts=card["ts"], label=label)
        assert self.floor.call("submit", user=coach, values=values) == {}

    def ticket_of(self, card: dict[str, Any]) -> Ticket:
        bot = self.floor.demo.bot
        assert bot is not None
        return bot.desk.ticket(int(re.findall(r"FW-(\d+)", card["text"])[0]))


def labels(message: dict[str, Any]) -> list[str]:
    elements = [element for block in message["blocks"]
                for element in [*block.get("elements", []), block.get("accessory") or {}]]
    return [element["text"]["text"] for element in elements if element.get("type") == "button"]


@pytest.fixture
def hidden() -> list[Secret]:
    return list(secrets(random.Random(7), 48, TODAY))


@pytest.fixture
def floor(logs: Logs, hidden: list[Secret], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Floor]:
    """Slack's pace would only make this slow: one message a second in the coaches' channel."""
    monkeypatch.setattr(posting.Pace, "wait_seconds", lambda *_: 0.0)
    monkeypatch.setattr(pace.Pace, "seconds_to_wait", lambda *_: 0)
    write(random.Random(8), tmp_path, hidden)
    config = tmp_path / "config.toml"
    config.write_text(SETTINGS, encoding="utf-8")
    with Demo(load_settings(config, {}), tmp_path / "data", port=0, embedder=ToyEmbedder()) as demo:
        demo.prepare(lambda _stage, _done, _total: None)
        demo.start()
        with httpx.Client(base_url=demo.workspace.base_url, timeout=20) as http:
            floor = Floor(demo, http, tmp_path / "knowledge")
            floor.call("person", user="U0EVE", name="Gus", kind="guest", channels=[PUBLIC, UNASKED])
            yield floor


def test_proto(floor: Floor, hidden: list[Secret], logs: Logs) -> None:
    import time
    t = time.time()
    play = Play(floor, hidden, 11)
    print(play.members, len(hidden), sum(one.is_for("U0PRIYA", TODAY) for one in hidden))
    for n in range(MESSAGES):
        user = play.chance.choice(sorted(PEOPLE))
        play.ask(user, play.chance.choice(WAYS))
        if n % 10 == 9:
            floor.settle()
    play.press_what_is_offered()
    print("pressed", time.time() - t)
    cards = [m for m in play.said() if m["channel"] == COACHES and m["thread_ts"] in (None, m["ts"])]
    for card in cards:
        play.coach(card)
    print("coached", time.time() - t, len(cards), len(play.taught))
    play.approve()
    print("approved", time.time() - t)
    for n in range(MESSAGES//2):
        user = play.chance.choice(sorted(PEOPLE))
        play.ask(user, play.chance.choice(WAYS))
        if n % 10 == 9:
            floor.settle()
    play.press_what_is_offered()
    for user in sorted(PEOPLE):
        play.home(user)
        for text in ("status", "FW-1", "health"):
            floor.call("command", user=user, channel=PUBLIC, command="/floorwalker", text=text)
        floor.call("open_home", user=user, tab="messages")
    said = play.said()
    print("took", time.time() - t, len(said))
    bot = floor.demo.bot
    print(Counter((r["verdict"], r["via"]) for r in bot.store.rows("SELECT verdict, via FROM answers")))
    print(Counter(r["verdict"] for r in bot.store.rows("SELECT verdict FROM answers")), bot.store.rows("select count(*) n from tickets")[0]["n"])
    askers = {r["number"]: r["asker"] for r in bot.store.rows("select number, asker from tickets")}
    seen = list(sightings(play.watch.changes, play.members, askers))
    for what in ("Suggested reply", "Resolved before", "something like it already", "Shared by", "Which of these", "Is this what", "Send suggestion", "nearest that I have", "Reply: FW", "In the index since", "What's new", "Known issues", "prompts", "look this over", "It said:", "These buttons are", "past", "Asked after", "Dear"):
        print(what, sum(what in s.shown for s in seen), sorted({s.kind for s in seen if what in s.shown}))
    print(sorted(round(r["confidence"], 2) for r in bot.store.rows("select confidence from answers where verdict='handover'")))
    print(len(seen), len({w for s in seen for w in s.words}))
    judge = Judge({one.word: one for one in hidden}, play.typed, play.members[COACHES], TODAY)
    leaks = list(judge.leaks(seen))
    for leak in [l for l in leaks if 'nearest that' not in l][:60]:
        print(leak)
    print(len(leaks), Counter(l.split(":")[0].split(" in ")[1] for l in leaks))
    found = [line for line in logs.text.getvalue().splitlines() if SECRET.search(line)]
    print(len(found), found[:5])
