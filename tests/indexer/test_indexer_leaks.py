"""What an asker may not see does not exist for them: random audiences, days and questions against a knowledge base in
which every document carries a word of its own."""

from __future__ import annotations

import logging
import os
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from bot.answering.answerer import Answerer
from bot.answering.types import Quote, Turn
from indexer.reindex import reindex
from indexer.search import KnowledgeBase
from indexer.sources import Source
from indexer.types import Viewer
from tests.fakes import Clock, ToyEmbedder

ASKED = int(os.environ.get("LEAK_QUESTIONS", "300"))
GROUPS = ("Warehouse", "finance", "HR", "Hull", "straße", "wave-1", "Wave-2", "Ärzte")
TOPICS = ("expense", "claim", "receipt", "hotel", "train", "travel", "invoice", "approve", "budget", "card", "login",
          "password", "printer", "scanner", "pallet", "stock", "order", "supplier", "payroll", "leave", "holiday",
          "shift", "badge", "door", "phone", "laptop", "update", "backup", "report", "cutover")
DAY = date(2026, 6, 1)
SECRET = re.compile(r"secret\d{4}zq", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Secret:
    """A document, as far as it decides who may see it."""

    word: str
    audience: tuple[str, ...]
    valid_from: date | None
    valid_to: date | None
    heading: str

    def is_for(self, viewer: Viewer) -> bool:
        """Written down once more, in other words than the library's."""
        if self.audience and not {one.casefold() for one in self.audience} & {one.casefold() for one in viewer.groups}:
            return False
        if self.valid_from is None and self.valid_to is None:
            return True
        return viewer.on is not None and (self.valid_from or date.min) <= viewer.on <= (self.valid_to or date.max)

    @property
    def matter(self) -> dict[str, object]:
        return {"audience": list(self.audience), **{name: day for name, day in (
            ("valid_from", self.valid_from), ("valid_to", self.valid_to)) if day}}


def secrets(chance: random.Random, number: int) -> Iterator[Secret]:
    for place in range(number):
        word = f"secret{place:04}zq"
        begins = DAY + timedelta(days=chance.randint(-60, 60)) if chance.random() < 0.3 else None
        ends = (begins or DAY) + timedelta(days=chance.randint(0, 60)) if chance.random() < 0.3 else None
        heading = f"{word} {' '.join(chance.sample(TOPICS, 2))}"
        yield Secret(word, tuple(chance.sample(GROUPS, chance.choice((0, 1, 1, 2, 3)))), begins, ends, heading)


def words(chance: random.Random, secret: Secret, number: int) -> str:
    return " ".join([*chance.choices(TOPICS, k=number), secret.word])


def write(chance: random.Random, folder: Path, hidden: list[Secret]) -> None:
    """A third are entries of FAQ files that hold entries for others, too; the rest are training documents."""
    entries: dict[str, list[object]] = {}
    for place, secret in enumerate(hidden):
        if place % 3 == 0:
            entry = {"id": f"{secret.word}-id", "question": f"How do I {secret.heading}?",
                     "answer": words(chance, secret, 15), "also_asked": [words(chance, secret, 4)],
                     "url": f"https://x/{secret.word}", **secret.matter}
            entries.setdefault(f"faq-{place % 7}.yaml", []).append(entry)
            continue
        matter = yaml.safe_dump({"title": f"About {secret.word}", "url": f"https://x/{secret.word}", **secret.matter})
        sections = "".join(f"## {secret.heading} {number}\n\n" + "\n\n".join(
            words(chance, secret, 60) + "." for _ in range(chance.randint(1, 4))) + "\n\n" for number in range(3))
        (folder / f"{secret.word}.md").write_text(f"---\n{matter}---\n{sections}", encoding="utf-8")
    for name, rows in entries.items():
        (folder / name).write_text(yaml.safe_dump(rows, allow_unicode=True), encoding="utf-8")


class Askers:
    """People of every sort, with all sorts of questions."""

    def __init__(self, chance: random.Random, hidden: list[Secret]) -> None:
        self.chance, self.hidden = chance, hidden

    def viewer(self) -> Viewer:
        groups = frozenset(self.chance.choice((str, str.upper, str.lower))(group)
                           for group in self.chance.sample(GROUPS, self.chance.choice((0, 1, 1, 2, 3, 8))))
        day = None if self.chance.random() < 0.05 else DAY + timedelta(days=self.chance.randint(-90, 120))
        return Viewer(groups, day)

    def question(self) -> str:
        asked = self.chance.choices(TOPICS, k=self.chance.randint(1, 8))
        sort = self.chance.random()
        if sort < 0.3:  # somebody knows what they should not
            asked += [one.word for one in self.chance.sample(self.hidden, 2)]
        elif sort < 0.5:
            asked = [self.chance.choice(self.hidden).heading]
        elif sort < 0.6:
            asked = ["How do I", self.chance.choice(self.hidden).heading + "?"]
        return " ".join(asked)

    def earlier(self) -> tuple[Turn, ...]:
        """Somebody else may have been told of it in the same thread."""
        if self.chance.random() < 0.7:
            return ()
        one = self.chance.choice(self.hidden)
        quote = Quote(f"{one.word}.md", "About it", one.heading, "as it was", None)
        return (Turn(1, f"What about {' '.join(self.chance.choices(TOPICS, k=3))}?", (quote,)),)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Secret]]:
    folder = tmp_path_factory.mktemp("leaks")
    (folder / "knowledge").mkdir()
    chance = random.Random(7)
    hidden = list(secrets(chance, 150))
    write(chance, folder / "knowledge", hidden)
    report = reindex([Source(str(folder / "knowledge"))], folder / "data", ToyEmbedder(), now=Clock()())
    assert (report.documents, report.failed) == (150, ())
    return folder / "data", hidden


def forbidden(told: object, hidden: list[Secret], viewer: Viewer) -> set[str]:
    """The words in what somebody was told that are none of theirs."""
    by_word = {one.word: one for one in hidden}
    return {word for word in {found.lower() for found in SECRET.findall(repr(told))}
            if not by_word[word].is_for(viewer)}


def test_the_test_can_fail(house: tuple[Path, list[Secret]]) -> None:
    data, hidden = house
    knowledge = KnowledgeBase(data, ToyEmbedder())
    everything = Viewer(frozenset(GROUPS), DAY)
    found = [knowledge.find(one.heading, everything).hits for one in hidden]
    assert forbidden(found, hidden, Viewer()), "somebody without any group would be told too much"
    assert not forbidden(found, hidden, everything)


def test_nothing_reaches_an_asker_that_is_not_for_them(
    house: tuple[Path, list[Secret]], caplog: pytest.LogCaptureFixture
) -> None:
    data, hidden = house
    knowledge = KnowledgeBase(data, ToyEmbedder(), false_answers=0.4)
    answerer = Answerer(knowledge.find, ToyEmbedder().embed)
    askers = Askers(random.Random(11), hidden)
    verdicts, told = set(), 0
    with caplog.at_level(logging.DEBUG):
        for _ in range(ASKED):
            viewer, question = askers.viewer(), askers.question()
            answer = answerer.answer(question, viewer, askers.earlier())
            shown = (replace(answer, question=""), knowledge.questions(viewer, 20))
            assert not forbidden(shown, hidden, viewer), (question, viewer)
            found = knowledge.find(question, viewer).hits
            assert not forbidden(found, hidden, viewer), (question, viewer)
            verdicts.add(answer.verdict)
            told += len(found)
    assert verdicts == {"answer", "clarify", "handover"}, "or not everything was seen"
    assert told > 10 * ASKED, "whoever sees nothing is told nothing, but that proves nothing"
    assert not SECRET.search(caplog.text)


def test_what_is_hidden_from_whom_can_be_asked(house: tuple[Path, list[Secret]]) -> None:
    data, hidden = house
    knowledge = KnowledgeBase(data, ToyEmbedder())
    askers = Askers(random.Random(13), hidden)
    pages = {f"{one.word}.md": one for place, one in enumerate(hidden) if place % 3}
    for _ in range(50):
        viewer = askers.viewer()
        told = knowledge.hidden([*pages, "gone.md"], viewer)
        assert told == {name for name, one in pages.items() if not one.is_for(viewer)}


def test_who_may_see_something_finds_it(house: tuple[Path, list[Secret]]) -> None:
    data, hidden = house
    knowledge = KnowledgeBase(data, ToyEmbedder())
    for one in hidden:
        viewer = Viewer(frozenset(one.audience[:1]), one.valid_from or one.valid_to or DAY)
        assert one.word in repr(knowledge.find(one.heading, viewer).hits[0])


def test_a_document_that_is_taken_from_somebody_is_gone_with_the_next_run(tmp_path: Path) -> None:
    (tmp_path / "knowledge").mkdir()
    page, embedder = tmp_path / "knowledge" / "page.md", ToyEmbedder()
    knowledge = KnowledgeBase(tmp_path / "data", embedder)
    for matter, sees in (("", True), ("---\naudience: [finance]\n---\n", False), ("---\naudience: [hull]\n---\n", True),
                         ("---\nvalid_to: 2026-05-31\n---\n", False), ("", True)):
        page.write_text(matter + "# Budget\n\nThe budget is secret0001zq.\n")
        reindex([Source(str(tmp_path / "knowledge"))], tmp_path / "data", embedder, now=Clock()())
        knowledge.refresh()
        assert bool(knowledge.find("What is the budget?", Viewer(frozenset({"Hull"}), DAY)).hits) is sees
