"""Golden questions as a gate: what makes them worse is kept, but not published until somebody says so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.assemble.indexing import Indexing, index_and_check, is_held_back
from bot.jobs.reindexing import EVERYTHING, Wish
from bot.settings import KnowledgeSettings, Settings, SourceSettings
from bot.settings.indexing import IndexSettings
from indexer.evaluation.against import compare
from indexer.evaluation.outcomes import Decision, Outcome
from indexer.evaluation.questions import GoldenQuestion
from indexer.evaluation.runs import Circumstances, Run
from indexer.gate import judged
from indexer.library.sqlite import SqliteLibrary
from indexer.search import KnowledgeBase
from indexer.types import Report, Viewer
from tests.fakes import ToyEmbedder

TOPICS = ("hotels", "trains", "receipts", "invoices", "badges", "laptops")
RULES = ("Ashdown", "Railton", "Selby", "Thorne", "Goole", "Drax")


def quiet(_stage: str, _done: int, _total: int) -> None:
    pass


class House:
    """A knowledge base of which golden questions ask every topic."""

    def __init__(self, root: Path, gate: str, tolerance: float = 0.0) -> None:
        self.sources, self.data = root / "knowledge", root / "data"
        self.sources.mkdir()
        self.embedder = ToyEmbedder()
        for topic, rule in zip(TOPICS, RULES, strict=True):
            self.write(topic, f"Book {topic} with {rule} and nobody else.")
        (self.sources / "questions.jsonl").write_text("".join(
            json.dumps({"question": f"Whom do I book {topic} with?", "expect": [f"{topic}.md"]}) + "\n"
            for topic in TOPICS))
        self.settings = Settings(
            knowledge=KnowledgeSettings(sources=(SourceSettings(location=str(self.sources)),)),
            index=IndexSettings.model_validate({"gate": gate, "gate_tolerance": tolerance}))

    def write(self, topic: str, text: str) -> None:
        (self.sources / f"{topic}.md").write_text(f"# {topic.title()}\n\n{text}\n")

    def spoil(self, topic: str) -> None:
        """Another document answers its question better than the one that is expected."""
        (self.sources / f"{topic}.md").write_text("# Cutover\n\nNothing of that matters any more.\n")
        self.write(f"{topic}-old", f"Whom do I book {topic} with? Book {topic} with whom I book {topic}.")

    def index(self, **how: bool) -> Report:
        return Indexing(self.settings, self.data, (), embedder=self.embedder).run(quiet, **how)

    @property
    def published(self) -> int:
        return SqliteLibrary(self.data).current()

    def states(self) -> dict[int, str]:
        return {one.number: one.state for one in SqliteLibrary(self.data).generations()}


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(tmp_path, "hold")
    assert made.index().generation == 1
    return made


def test_what_makes_them_worse_is_held_back_and_told(house: House) -> None:
    house.spoil("hotels")
    report = house.index()
    assert is_held_back(report)
    assert report.gated is not None
    assert report.gated.worse == ("Whom do I book hotels with?",)
    assert (report.generation, house.published) == (1, 1)
    assert house.states() == {2: "held back", 1: "published"}
    found = KnowledgeBase(house.data, house.embedder).find("Whom do I book hotels with?", Viewer()).hits[0]
    assert "Ashdown" in found.text


def test_what_does_no_harm_is_published(house: House) -> None:
    house.write("phones", "Book phones with Snaith.")
    report = house.index()
    assert (report.gated and report.gated.worse, report.generation) == ((), 2)


def test_the_same_run_again_costs_nothing(house: House) -> None:
    house.spoil("hotels")
    first = house.index()
    before = len(house.embedder.embedded)
    again = house.index()
    assert (again.gated, again.generation) == (first.gated, 1)
    assert len(house.embedder.embedded) == before
    assert house.states() == {2: "held back", 1: "published"}


def test_it_is_published_when_somebody_says_so(house: House) -> None:
    house.spoil("hotels")
    house.index()
    before = len(house.embedder.embedded)
    report = house.index(accept_worse=True)
    assert (report.released, report.generation, report.embedded) == (2, 2, 0)
    assert len(house.embedder.embedded) == before
    assert house.states() == {2: "published", 1: "kept"}


def test_once_it_is_mended_it_is_published_and_what_was_held_back_goes(house: House) -> None:
    house.spoil("hotels")
    house.index()
    house.write("hotels", "Book hotels with Ashdown and nobody else.")
    (house.sources / "hotels-old.md").write_text("# Trees\n\nOaks grow.\n")
    report = house.index()
    assert (report.generation, report.gated and report.gated.held_back) == (3, False)
    assert house.states() == {3: "published", 1: "kept"}


def test_a_held_back_one_that_is_made_anew_replaces_the_other(house: House) -> None:
    house.spoil("hotels")
    house.index()
    house.spoil("trains")
    assert is_held_back(house.index())
    assert house.states() == {3: "held back", 1: "published"}


def test_a_full_run_can_be_held_back_too(house: House) -> None:
    house.spoil("hotels")
    assert is_held_back(house.index(full=True))


def narrow(house: House, *topics: str) -> None:
    for topic in topics:
        path = house.sources / f"{topic}.md"
        path.write_text("---\naudience: [hr]\n---\n" + path.read_text())


def test_a_narrower_audience_is_not_held_back(house: House) -> None:
    narrow(house, *TOPICS[:3])
    report = house.index()
    assert (report.generation, report.changed, report.failed) == (2, 3, ())
    assert report.gated is not None
    assert (report.gated.asked, report.gated.worse) == (3, ())


def test_a_narrower_audience_of_all_documents_is_not_held_back(house: House) -> None:
    source = house.settings.knowledge.sources[0].model_copy(update={"audience": ("hr",)})
    house.settings = house.settings.model_copy(update={"knowledge": KnowledgeSettings(sources=(source,))})
    report = house.index()
    assert (report.generation, report.changed, report.gated) == (2, len(TOPICS), None)
    knowledge = KnowledgeBase(house.data, house.embedder)
    assert knowledge.find("Whom do I book hotels with?", Viewer()).hits == ()


def test_what_was_removed_is_not_held_back(house: House) -> None:
    (house.sources / "hotels.md").unlink()
    report = house.index()
    assert (report.generation, report.removed, report.gated and report.gated.asked) == (2, 1, len(TOPICS) - 1)


def test_a_run_held_back_for_something_else_says_that_a_restriction_is_not_in_force(house: House) -> None:
    narrow(house, "trains", "badges")
    house.spoil("hotels")
    for _ in range(2):
        report = house.index()
        assert is_held_back(report)
        assert [failure.document for failure in report.failed] == ["badges.md"]
        assert "still shown" in report.failed[0].reason
        assert "(and 1 more)" in report.failed[0].reason
        assert "--accept-worse" in report.failed[0].reason
    assert house.index(accept_worse=True).failed == ()


def test_losses_are_counted_from_what_is_published(house: House) -> None:
    for number in range(10):
        house.write(f"more{number}", f"More of {number}.")
    house.index()
    house.spoil("hotels")
    for number in range(7):
        (house.sources / f"more{number}.md").unlink()
    assert is_held_back(house.index())
    for number in range(7, 10):
        (house.sources / f"more{number}.md").unlink()
    report = house.index()
    assert report.removed == 0
    assert any("Of its 16 files only 7 are left" in failure.reason for failure in report.failed)


def test_a_held_back_run_forgets_no_former_source(house: House) -> None:
    other = house.sources.with_name("other")
    other.mkdir()
    for number in range(15):
        (other / f"o{number}.md").write_text(f"# Other {number}\n\nText.\n")
    first, both = house.settings, (*house.settings.knowledge.sources, SourceSettings(location=str(other)))
    house.settings = first.model_copy(update={"knowledge": KnowledgeSettings(sources=both)})
    house.index()
    house.settings = first
    house.spoil("hotels")
    for _ in range(2):
        report = house.index()
        assert is_held_back(report)
        assert report.removed == 15


def test_what_was_taught_is_not_held_back(house: House) -> None:
    (house.data / "taught").mkdir()
    (house.data / "taught" / "fw-1.yaml").write_text(
        "- id: fw-1\n  question: Whom do I book hotels with?\n  answer: With Goole from now on.\n")
    report = index_and_check(house.settings, house.data, Wish(only_taught=True), house.embedder, quiet)
    assert (report.generation, report.gated) == (2, None)


def test_a_question_that_is_new_is_asked_of_both(house: House) -> None:
    with (house.sources / "questions.jsonl").open("a") as file:
        file.write(json.dumps({"question": "Who books phones?", "expect": ["phones.md"]}) + "\n")
    house.write("phones", "Who books phones? Snaith books phones.")
    report = house.index()
    assert (report.generation, report.gated and report.gated.asked) == (2, len(TOPICS) + 1)


def test_a_dry_run_asks_nothing(house: House) -> None:
    house.spoil("hotels")
    assert house.index(dry_run=True).gated is None
    assert house.states() == {1: "published"}


def test_going_back_takes_what_is_held_back_away(house: House) -> None:
    house.write("phones", "Book phones with Snaith.")
    house.index()
    house.spoil("hotels")
    house.index()
    library = SqliteLibrary(house.data)
    with library.writing():
        assert library.undo(house.embedder.fingerprint) == (2, 1)
    assert house.states() == {2: "undone", 1: "published"}


def test_with_warn_it_is_published_and_told(tmp_path: Path) -> None:
    house = House(tmp_path, "warn")
    index_and_check(house.settings, house.data, EVERYTHING, house.embedder, quiet)
    house.spoil("hotels")
    report = index_and_check(house.settings, house.data, EVERYTHING, house.embedder, quiet)
    assert report.gated is not None
    assert (report.generation, report.gated.held_back) == (2, False)
    assert report.gated.worse == ("Whom do I book hotels with?",)


def test_with_off_they_are_not_asked(tmp_path: Path) -> None:
    house = House(tmp_path, "off")
    index_and_check(house.settings, house.data, EVERYTHING, house.embedder, quiet)
    house.spoil("hotels")
    assert index_and_check(house.settings, house.data, EVERYTHING, house.embedder, quiet).gated is None
    assert not (house.data / "evaluation").exists()


def run(*decisions: Decision) -> Run:
    return Run(Circumstances(), tuple(
        Outcome(GoldenQuestion(f"q{number}", frozenset({"a.md"} if decision != "handed_over_right" else ())), (), 0.5,
                decision) for number, decision in enumerate(decisions)))


RIGHT, WRONG, ASKED_BACK, HANDED_OVER = "answered_right", "answered_wrong", "clarified", "handed_over_wrong"


@pytest.mark.parametrize(("before", "after", "tolerance", "held"), [
    ([RIGHT] * 10, [RIGHT] * 10, 0.0, False),
    ([RIGHT] * 10, [ASKED_BACK] + [RIGHT] * 9, 0.0, True),
    ([RIGHT] * 10, [ASKED_BACK] + [RIGHT] * 9, 0.1, False),
    ([RIGHT] * 10, [WRONG] * 2 + [RIGHT] * 8, 0.1, True),
    ([RIGHT] * 9 + [HANDED_OVER], [ASKED_BACK] + [RIGHT] * 9, 0.0, False),  # one lost, one won
    ([HANDED_OVER] + [RIGHT] * 9, [WRONG] + [RIGHT] * 9, 0.0, True),  # never right, but now it misleads
    ([RIGHT] * 10, [WRONG] * 10, 1.0, False),
])
def test_what_is_worse(before: list[Decision], after: list[Decision], tolerance: float, held: bool) -> None:
    assert judged(compare(run(*before), run(*after)), tolerance).held_back is held
