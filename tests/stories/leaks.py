"""What the leak story is played on: secrets with an audience, people of every sort, and a record of all that each of
them gets to see. Who may see what is written down here once more, in other words than the product's."""

from __future__ import annotations

import json
import random
import re
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import yaml

from tests.stories.floor import BOT, COACHES

TOPICS = ("expense", "receipt", "hotel", "travel", "invoice", "budget", "login", "password", "printer", "scanner",
          "pallet", "supplier", "payroll", "holiday", "badge", "laptop")
GROUPS = ("Finance", "warehouse", "HULL", "straße", "wave-1", "Wave-2", "super-user")
SETTINGS = """
[knowledge]
sources = ["knowledge", { location = "payroll", name = "payroll", audience = ["finance", "leeds"] }]
[answers]
false_answers = 0.08
[slack]
emoji_ask = "question"
[[channels]]
channel = "C0FINANCE"
answers = "questions"
[[channels]]
channel = "C0GOLIVE"
private = true
[[people]]
user = "U0MIA"
role = "finance"
site = "Hull"
[[people]]
user = "U0TOM"
role = "Warehouse"
site = "STRASSE"
wave = "wave-1"
[[people]]
user = "U0ANA"
site = "Hull"
[[people]]
user = "U0BEN"
role = "FINANCE"
wave = "wave-2"
[[people]]
group = "S0COACHES"
role = "super-user"
[[people]]
group = "S0ADMINS"
wave = "Wave-1"
[[people]]
user = "U0GUS"
role = "finance"
site = "Hull"
wave = "wave-1"
"""
PEOPLE: Mapping[str, frozenset[str]] = {
    "U0MIA": frozenset({"finance", "hull"}), "U0TOM": frozenset({"warehouse", "strasse", "wave-1"}),
    "U0PRIYA": frozenset(), "U0ANA": frozenset({"hull", "super-user"}),
    "U0BEN": frozenset({"finance", "wave-2", "super-user"}), "U0EVE": frozenset({"wave-1"}), "U0GUS": frozenset()}
"""The groups of everybody, with their case folded. Gus is a guest: “answered from what is for everybody, whatever
`[[people]]` says of them”. Priya is nowhere in the settings."""
SECRET = re.compile(r"(?:secret|typed)\d{4}zq", re.IGNORECASE)
_TICKET = re.compile(r"FW-(\d+)")


@dataclass(frozen=True, slots=True)
class Secret:
    """A document or an FAQ entry, as far as it decides who may see its word."""

    word: str
    name: str
    """By which one asks for it: no secret."""
    about: str
    audience: tuple[str, ...]
    source: frozenset[str] = frozenset()
    """The audience of its source: whoever asks must be in a group of each."""
    begins: date | None = None
    ends: date | None = None

    def is_for(self, user: str, today: date) -> bool:
        for audience in filter(None, (self.audience, self.source)):
            if PEOPLE[user].isdisjoint(group.casefold() for group in audience):
                return False
        return not (self.begins and today < self.begins) and not (self.ends and today > self.ends)


def secrets(chance: random.Random, number: int, today: date) -> Iterator[Secret]:
    """Every fourth has dates, at least three days from today: midnight may pass while this runs."""
    for place in range(number):
        begins = today + timedelta(days=chance.choice((-40, -3, 3, 40))) if chance.random() < 0.2 else None
        ends = today + timedelta(days=chance.choice((-30, -3, 3, 40))) if chance.random() < 0.2 else None
        audience = tuple(chance.sample(GROUPS, chance.choice((0, 0, 1, 1, 2, 3))))
        source = frozenset({"finance", "leeds"}) if place % 8 == 5 else frozenset[str]()
        yield Secret(f"secret{place:04}zq", f"kiosk{place:02}", " ".join(chance.sample(TOPICS, 2)), audience, source,
                     begins, None if begins and ends and ends < begins else ends)


def write(chance: random.Random, folder: Path, hidden: Iterable[Secret]) -> None:
    """A third are entries of FAQ files that hold entries for others, too. The words stand wherever one can."""
    entries: dict[str, list[object]] = {}
    for place, one in enumerate(hidden):
        dates = {"valid_from": one.begins, "valid_to": one.ends, "review_by": date(2026, 1, 1) if place % 4 else None}
        matter = {"audience": list(one.audience), "url": f"https://x.example/{one.word}", "owner": f"{one.word} owner",
                  **{name: day for name, day in dates.items() if day}}
        if place % 3 == 0 and not one.source:
            entries.setdefault(f"faq-{place % 5}.yaml", []).append({
                "id": f"{one.word}-id", "question": f"How do I {one.name} {one.about} {one.word}?",
                "answer": f"{_words(chance, one, 12)}.", "also_asked": [f"{one.name} {one.word}"], **matter})
            continue
        sections = "".join(f"## {one.name} {one.about} {one.word} {number}\n\n{_words(chance, one, 30)}.\n\n"
                           for number in range(2))
        path = folder / ("payroll" if one.source else "knowledge") / f"{one.word}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        front = yaml.safe_dump(matter | {"title": f"About {one.name} {one.word}"}, allow_unicode=True)
        path.write_text(f"---\n{front}---\n{sections}", encoding="utf-8")
    for name, rows in entries.items():
        (folder / "knowledge" / name).write_text(yaml.safe_dump(rows, allow_unicode=True), encoding="utf-8")


def _words(chance: random.Random, one: Secret, number: int) -> str:
    return " ".join([*chance.choices(TOPICS, k=number), one.name, *one.about.split(), one.word])


class Watch:
    """Reads along, in every place and over everybody's shoulder, from now on: also what is changed again later."""

    def __init__(self, address: str) -> None:
        self.changes: list[dict[str, Any]] = []
        ready = threading.Event()
        threading.Thread(target=self._read, args=(f"{address}/workspace/stream", ready), daemon=True).start()
        assert ready.wait(10)

    def _read(self, address: str, ready: threading.Event) -> None:
        try:
            with httpx.stream("GET", address, timeout=None) as stream:
                for line in stream.iter_lines():
                    if line.startswith("data: "):
                        self.changes.append(json.loads(line.removeprefix("data: ")))
                        ready.set()
        except httpx.HTTPError:
            pass  # the workspace has ended


@dataclass(frozen=True, slots=True)
class Sighting:
    """Something that the bot showed, as it was shown at some moment, and whom the README lets see more of it."""

    shown: str
    to: frozenset[str]
    where: str
    about: str = ""
    """Whose ticket it is about, in the coaches' channel or a coach's form. README: “there is the card of Mia's ticket,
    with her words, what the bot found nearest, and buttons”; “one card a ticket, with everything to decide on it”."""
    shared_by: str = ""
    """README: “*Share here* puts it into the thread”."""

    @property
    def words(self) -> set[str]:
        return {found.lower() for found in SECRET.findall(self.shown)}


@dataclass(frozen=True, slots=True)
class Place:
    """Who is where, and whose tickets there are."""

    members: Mapping[str, frozenset[str]]
    """By channel, without the bot."""
    askers: Mapping[int, str]
    """By ticket."""

    def sightings(self, changes: Iterable[dict[str, Any]]) -> Iterator[Sighting]:
        """What the bot has shown to whom."""
        cards: dict[str, str] = {}
        for change in changes:
            match change["type"]:
                case "message" | "message_changed" | "ephemeral" | "reaction" if change["message"]["user"] == BOT:
                    yield self._said(change["message"], cards)
                case "view" | "home" if change.get("modal") or change.get("home"):
                    view, user = change.get("modal") or change["home"], change["user"]
                    ticket = _TICKET.search((view.get("title") or {}).get("text", ""))
                    about = self.askers[int(ticket[1])] if ticket and user in self.members[COACHES] else ""
                    yield Sighting(_for_admins(json.dumps(view), user), frozenset({user}), change["type"], about)
                case "status":
                    yield Sighting(json.dumps(change), self.members[change["channel"]], "status")

    def _said(self, message: dict[str, Any], cards: dict[str, str]) -> Sighting:
        """`cards`: whose ticket the cards so far are about."""
        channel = message["channel"]
        to = frozenset({message["visible_to"]}) if message["visible_to"] else self.members[channel]
        shown = json.dumps([message[part] for part in ("text", "blocks", "attachments", "metadata", "files")])
        root, ticket = message["thread_ts"] or message["ts"], _TICKET.search(message["text"])
        if channel == COACHES and root == message["ts"] and ticket:
            cards[root] = self.askers[int(ticket[1])]
        shared = re.search(r"Shared by <@(\w+)>", shown)
        return Sighting(_for_admins(shown, *to), to, channel, cards.get(root, "") if channel == COACHES else "",
                        shared[1] if shared else "")


def _for_admins(shown: str, *users: str) -> str:
    """README of the admins: “those who may reindex and see the bot's health”. What a run has changed is told them by
    name: `page.md`."""
    return re.sub(r"`[^`]*\.(?:md|yaml)[^`]*`", "", shown) if users == ("U0EVE",) else shown


@dataclass(frozen=True, slots=True)
class Judge:
    """Who may see which word, and why."""

    hidden: Mapping[str, Secret]
    typed: Mapping[str, frozenset[str]]
    """What people wrote, and who may read it where it was written."""
    coaches: frozenset[str]
    """Who reads the coaches' channel."""
    today: date

    def leaks(self, seen: Iterable[Sighting]) -> Iterator[str]:
        """A line for each word that somebody saw and may not see."""
        for one in seen:
            for word in sorted(one.words):
                for user in sorted(one.to):
                    if not self._may(user, word, one):
                        at = one.shown.lower().index(word)
                        yield f"{user} saw {word} in {one.where}: …{one.shown[max(0, at - 150):at + 60]}…"

    def _may(self, user: str, word: str, one: Sighting) -> bool:
        if word in self.typed:
            return user in self.typed[word]
        secret = self.hidden[word]
        if secret.is_for(user, self.today):
            return True
        if user in self.coaches and one.about:
            return secret.is_for(one.about, self.today)
        return bool(one.shared_by) and secret.is_for(one.shared_by, self.today)
