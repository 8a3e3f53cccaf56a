"""The people of the leak story: they ask, press, coach and open whatever there is, as a seed decides."""

from __future__ import annotations

import random
import re
import time
from datetime import UTC, datetime
from functools import partial
from typing import Any

from bot.desk.desk import Desk
from bot.desk.types import Ticket
from tests.stories.floor import BOT, COACHES, Floor
from tests.stories.leaks import PEOPLE, SECRET, TOPICS, Place, Secret, Sighting, Watch

TODAY = datetime.now(UTC).date()
PUBLIC, UNASKED, PRIVATE = "C0GENERAL", "C0FINANCE", "C0GOLIVE"
WAYS = ("direct", "mention", "mention", "private", "unasked", "command", "home", "emoji", "request", "handed_over",
        "follow_up", "follow_up")
EVERYBODY = frozenset(PEOPLE)


class Play:
    """People who ask, press and open whatever there is."""

    def __init__(self, floor: Floor, hidden: list[Secret], seed: int = 11) -> None:
        self.floor, self.hidden, self.chance = floor, hidden, random.Random(seed)
        self.watch = Watch(str(floor.http.base_url).rstrip("/"))
        self.began = floor.say("U0EVE", "C0OPS", "Now.")
        channels = floor.http.get("/workspace/state").json()["channels"]
        self.members = {one["id"]: frozenset(one["members"]) - {BOT} for one in channels}
        self.typed: dict[str, frozenset[str]] = {}
        """Words that people wrote, and who may read them."""
        self.asked: list[str] = []
        self.threads: list[tuple[str, str]] = []
        self.coached: set[str] = set()
        self.taught: list[tuple[str, str, str]] = []
        """Who wrote it, below which card, and which words it shows to everybody."""

    # ---- asking ------------------------------------------------------------------------------------------------

    def ask_around(self, number: int) -> None:
        """Some at the same time: answers to several people are on their way at once."""
        for place in range(number):
            self.ask(self.chance.choice(sorted(PEOPLE)), self.chance.choice(WAYS))
            if place % 6 == 5:
                self.settle()
        self.settle()

    def word(self, readers: frozenset[str]) -> str:
        """One that nobody has written yet, for these readers; and for the coaches, as a ticket may come of it."""
        word = f"typed{len(self.typed):04}zq"
        self.typed[word] = readers | self.members[COACHES]
        return word

    def question(self) -> str:
        one, sort = self.chance.choice(self.hidden), self.chance.random()
        if sort < 0.3 and self.asked:
            return self.chance.choice(self.asked)
        asked = f"How do I {one.name} {one.about}?"
        if sort > 0.6:
            asked = f"How do I {' '.join(self.chance.sample(TOPICS, self.chance.randint(2, 4)))}?"
        elif sort > 0.5:
            asked = f"What is it with {one.name} {self.chance.choice(TOPICS)}?"
        self.asked.append(asked)
        return asked

    def ask(self, user: str, way: str) -> None:
        text, alone = self.question(), frozenset({user})
        if way in ("command", "request"):
            text = f"{'ask' if way == 'command' else 'ticket'} {text} {self.word(alone)}"
            self.floor.call("command", user=user, channel=PUBLIC, command="/floorwalker", text=text)
        elif way == "home":
            self.ask_at_home(user, f"{text} {self.word(alone)}")
        elif way == "follow_up" and self.threads:
            self.follow_up(user, text)
        else:
            self.begin_a_thread(user, way, text)

    def ask_at_home(self, user: str, text: str) -> None:
        self.open_home(user)
        self.floor.call("click", user=user, label="Ask")
        assert self.floor.call("submit", user=user, values={"Your question": text}) == {}
        self.floor.settle()
        self.floor.call("close", user=user)

    def open_home(self, user: str) -> None:
        self.floor.call("open_home", user=user)
        self.floor.wait_for(lambda: self.floor.http.get("/workspace/views", params={"user": user}).json()["home"])

    def follow_up(self, user: str, text: str) -> None:
        """In a thread of their own or of somebody else's."""
        channel, root = self.chance.choice(self.threads)
        if user in self.members[channel]:
            mention = self.chance.choice(("", f"<@{BOT}> "))
            text = self.chance.choice((text, f"And what about {self.chance.choice(self.hidden).name}?"))
            self.floor.say(user, channel, f"{mention}{text} {self.word(self.members[channel])}", thread_ts=root)

    def begin_a_thread(self, user: str, way: str, text: str) -> None:
        direct = f"D{user[1:]}"
        channel = {"private": PRIVATE, "unasked": UNASKED, "direct": direct, "follow_up": direct}.get(way, PUBLIC)
        channel = channel if user in self.members[channel] else UNASKED
        mention = f"<@{BOT}> " if way in ("mention", "private") else ""
        root = self.floor.say(user, channel, f"{mention}{text} {self.word(self.members[channel])}")
        if way == "emoji":
            self.floor.call("react", user="U0ANA", channel=channel, ts=root, name="question")
        elif way == "handed_over":
            self.floor.call("shortcut", user="U0BEN", name="create_ticket", channel=channel, ts=root)
        self.threads.append((channel, root))

    # ---- pressing ----------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Also what was said just now, and is still on its way to the bot."""
        time.sleep(0.05)
        self.floor.settle()

    def said(self) -> list[dict[str, Any]]:
        """The bot's messages as they are now, in the same order in each run."""
        self.settle()
        mark = self.floor.say("U0EVE", "C0OPS", "So far.")
        self.floor.wait_for(lambda: any(one["type"] == "message" and one["message"]["ts"] == mark
                                        for one in self.watch.changes), "the stream")
        latest = {(one["message"]["channel"], one["message"]["ts"]): one["message"] for one in list(self.watch.changes)
                  if one["type"] in ("message", "message_changed", "ephemeral")}
        return sorted((message for message in latest.values() if message["user"] == BOT),
                      key=lambda message: (message["channel"], re.sub(r"FW-\d+", "", str(message["text"]))))

    def press_around(self) -> None:
        """The askers press something below most answers; now and then somebody else does."""
        for message in self.said():
            offered = labels(message)
            if message["channel"] == COACHES or not offered or self.chance.random() < 0.15:
                continue
            user = message["visible_to"] or self.author_of(message)
            if self.chance.random() < 0.1 and not message["visible_to"]:
                user = self.chance.choice(sorted(self.members[message["channel"]]))
            self.floor.call("click", user=user, channel=message["channel"], ts=message["ts"],
                            label=self.chance.choice(offered))

    def author_of(self, message: dict[str, Any]) -> str:
        """Who began its thread."""
        channel, thread = message["channel"], message["thread_ts"]
        direct = f"U{channel[1:]}"
        root = self.floor.messages(channel, direct if channel.startswith("D") else "U0EVE", thread)[0]
        return direct if root["user"] == BOT else str(root["user"])

    # ---- coaching ----------------------------------------------------------------------------------------------

    def coach_around(self) -> None:
        for card in self.said():
            is_new = card["channel"] == COACHES and card["thread_ts"] in (None, card["ts"])
            if is_new and "Claim" in labels(card) and card["ts"] not in self.coached:
                self.coached.add(card["ts"])
                self.coach(self.chance.choice(("U0ANA", "U0BEN")), card)
        self.approve()

    def coach(self, coach: str, card: dict[str, Any]) -> None:
        """A look at its history, a word with its asker, what is suggested, and perhaps its end."""
        ticket = desk(self.floor).ticket(int(re.findall(r"FW-(\d+)", card["text"])[0]))
        readers = self.members[ticket.asker_channel]
        self.floor.call("click", user=coach, channel=COACHES, ts=card["ts"], label="History")
        if "Send suggestion" in labels(card) and self.chance.random() < 0.8:
            for word in self.typed.keys() & set(SECRET.findall(str(card["blocks"]))):
                self.typed[word] |= readers  # what was written to somebody else, a coach passes on
            fill_in(self.floor, coach, card["ts"], "Send suggestion")
        if self.chance.random() < 0.3:
            fill_in(self.floor, coach, card["ts"], "Ask back", Question=f"Which one, {self.word(readers)}?")
        if self.chance.random() < 0.3:
            self.floor.say(coach, COACHES, f"I look into {self.word(readers)}.", thread_ts=card["ts"])
        if self.chance.random() < 0.2:
            fill_in(self.floor, coach, card["ts"], "Priority, area, tags", Tags="known issue")
            self.show_to_everybody(ticket.question)
        if self.chance.random() < 0.6:
            self.resolve(coach, card, ticket, readers)

    def resolve(self, coach: str, card: dict[str, Any], ticket: Ticket, readers: frozenset[str]) -> None:
        """What they looked up for one person, coaches write to that person alone; the FAQ gets words of their own."""
        text, teach = f"Press the key, {self.word(readers)}", self.chance.random() < 0.3
        nearest = str(card["blocks"]).partition("Nearest in the knowledge base")[2]
        if not teach and ticket.asker_channel.startswith("D") and (quoted := SECRET.search(nearest)):
            text = f"{text}: as in {quoted[0]}"
        fill_in(self.floor, coach, card["ts"], "Resolve",
                **{"Resolution": text} | ({"Add to the FAQ": True} if teach else {}))
        if teach:
            self.taught.append((coach, card["ts"], f"{ticket.question} {text}"))

    def approve(self) -> None:
        """The other coach does."""
        self.settle()
        for coach, card, words in self.taught:
            [review] = [one for one in self.floor.messages(COACHES, coach, card) if "Draft for the FAQ" in one["text"]]
            self.show_to_everybody(words)
            self.floor.call("click", user="U0BEN" if coach == "U0ANA" else "U0ANA", channel=COACHES, ts=review["ts"],
                            label="Approve")
        for coach, card, _ in self.taught:
            self.floor.wait_for(partial(self.is_taken_in, coach, card), "what was taught")
        self.taught.clear()

    def is_taken_in(self, coach: str, card: str) -> bool:
        return "In the index since" in str(self.floor.messages(COACHES, coach, card))

    def show_to_everybody(self, text: str) -> None:
        self.typed |= dict.fromkeys(self.typed.keys() & set(SECRET.findall(text)), EVERYBODY)

    # ---- looking -----------------------------------------------------------------------------------------------

    def look_around(self) -> None:
        for user in sorted(PEOPLE):
            self.open_home(user)
            self.floor.call("open_home", user=user, tab="messages")
            for text in ("status", "FW-1", "FW-2", "health"):
                self.floor.call("command", user=user, channel=UNASKED, command="/floorwalker", text=text)

    def reindex(self) -> None:
        """A document has changed that not even the admin may see."""
        page = next(self.floor.knowledge / f"{one.word}.md" for one in self.hidden
                    if not one.is_for("U0EVE", TODAY) and (self.floor.knowledge / f"{one.word}.md").exists())
        page.write_text(page.read_text(encoding="utf-8") + "\n\nA badge, besides.\n", encoding="utf-8")
        self.floor.call("command", user="U0EVE", channel=PUBLIC, command="/floorwalker", text="reindex")
        self.floor.wait_for(lambda: "1 changed" in str(self.floor.messages(BOT, "U0EVE")), "the changed document")

    def seen(self) -> list[Sighting]:
        there = {(message["channel"], message["ts"]) for message in self.said()}
        for user in sorted(PEOPLE):
            for channel in (channel for channel, members in self.members.items() if user in members):
                missed = [one for one in self.floor.messages(channel, user)
                          if one["user"] == BOT and one["ts"] > self.began and (channel, one["ts"]) not in there]
                assert not missed, "or somebody saw more than was watched"
        tickets = range(1, 1 + sum(desk(self.floor).counts().values()))
        askers = {number: desk(self.floor).ticket(number).asker for number in tickets}
        return list(Place(self.members, askers).sightings(list(self.watch.changes)))


def labels(message: dict[str, Any]) -> list[str]:
    """Of its buttons."""
    elements = [element for block in message["blocks"]
                for element in (*block.get("elements", []), block.get("accessory") or {})]
    return [element["text"]["text"] for element in elements if element.get("type") == "button"]


def fill_in(floor: Floor, coach: str, card: str, label: str, **values: Any) -> None:
    """Open a form from a card and send it."""
    floor.call("click", user=coach, channel=COACHES, ts=card, label=label)
    assert floor.call("submit", user=coach, values=values) == {}


def desk(floor: Floor) -> Desk:
    assert floor.demo.bot is not None
    return floor.demo.bot.desk
