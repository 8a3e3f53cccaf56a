"""A run that takes in only what was taught: quick, and leaving everything else as it is."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from indexer.library.sqlite import SqliteLibrary
from indexer.reindex import reindex
from indexer.sources import Source
from indexer.types import Report
from tests.fakes import ToyEmbedder

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
FAQ = "".join(f"- question: How do I order article {number} for the {word} shelf?\n  answer: With form {number}.\n"
              for number, word in enumerate(["upper", "lower", "left", "right", "blue", "red", "green", "black"] * 20))


class Place:
    """A knowledge folder, a data folder, and runs over them."""

    def __init__(self, folder: Path) -> None:
        self.knowledge, self.data = folder / "knowledge", folder / "data"
        self.knowledge.mkdir()
        self.embedder = ToyEmbedder()
        self.stages: list[str] = []

    def write(self, name: str, text: str) -> Path:
        path = self.knowledge / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def teach(self, number: int, question: str = "Where do we park the forklift?") -> Path:
        path = self.data / "taught" / f"fw-{number}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"- id: fw-{number}\n  question: {question} {number}\n  answer: In bay {number}.\n", "utf-8")
        return path

    def run(self, *, only_taught: bool = False) -> Report:
        self.stages.clear()
        return reindex([Source(str(self.knowledge))], self.data, self.embedder, only_taught=only_taught, now=NOW,
                       progress=lambda stage, _done, _total: self.stages.append(stage))

    def documents(self) -> set[str]:
        generation = SqliteLibrary(self.data).open()
        try:
            return set(generation.documents())
        finally:
            generation.close()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path)
    place.write("faq/orders.yaml", FAQ)
    place.write("training/orders.md", "# Orders\n\n## Placing one\n\nUse the form.\n")
    place.run()
    return place


def test_what_was_taught_is_added_and_the_sources_are_not_even_read(place: Place) -> None:
    before = place.documents()
    place.write("training/orders.md", "# Orders\n\nAll new.\n")
    place.write("training/new.md", "# New\n\nNot looked at.\n")
    place.teach(1)
    report = place.run(only_taught=True)
    assert report.changes == ("+taught/fw-1.yaml#fw-1",)
    assert place.documents() == before | {"taught/fw-1.yaml#fw-1"}
    assert place.run().changes == ("+training/new.md", "~training/orders.md"), "the next run of all sources sees them"


def test_a_source_that_is_out_of_reach_does_not_hold_up_what_was_taught(place: Place) -> None:
    place.knowledge.rename(place.knowledge.with_name("away"))
    place.teach(1)
    assert place.run(only_taught=True).added == 1


def test_what_was_taken_back_leaves(place: Place) -> None:
    path = place.teach(1)
    place.run(only_taught=True)
    path.unlink()
    assert place.run(only_taught=True).changes == ("-taught/fw-1.yaml#fw-1",)


def test_a_sources_own_folder_of_that_name_stays(place: Place) -> None:
    place.write("taught/by-hand.md", "# By hand\n\nIt stays.\n")
    place.run()
    place.teach(1)
    place.run(only_taught=True)
    assert "taught/by-hand.md" in place.documents()


def test_without_an_index_everything_is_taken_in(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.write("training/orders.md", "# Orders\n\nUse the form.\n")
    place.teach(1)
    assert place.run(only_taught=True).added == 2


def test_for_another_model_everything_is_embedded_anew(place: Place) -> None:
    place.embedder = ToyEmbedder(fingerprint="toy-2")
    place.teach(1)
    report = place.run(only_taught=True)
    assert report.embedded > 100


def test_the_calibration_is_kept_and_the_next_run_of_all_sources_renews_it(place: Place) -> None:
    place.teach(1)
    place.run(only_taught=True)
    assert "calibrating" not in place.stages
    generation = place.run().generation
    assert "calibrating" in place.stages, "though no document has changed since"
    assert place.run().generation == generation, "after which there is nothing left to do"


def test_when_much_was_taught_it_is_calibrated_anew(place: Place) -> None:
    for number in range(1, 30):
        place.teach(number)
    place.run(only_taught=True)
    assert "calibrating" in place.stages


def test_few_by_few_become_many(place: Place) -> None:
    kept = 0
    for number in range(1, 30):
        place.teach(number)
        place.run(only_taught=True)
        if "calibrating" in place.stages:
            break
        kept += 1
    assert 0 < kept < 29


@pytest.mark.parametrize(("documents", "calibrated"), [(4, True), (60, False)])
def test_once_scores_mean_something_else_it_is_calibrated_anew(tmp_path: Path, documents: int,
                                                               calibrated: bool) -> None:
    """Beside many documents a first entry shows nothing of how people ask; beside a few it does, and scores change."""
    place = Place(tmp_path)
    for number in range(documents):
        place.write(f"training/{number}.md", f"# Topic {number}\n\n## Doing thing {number}\n\nPress button {number}.\n")
    place.run()
    place.teach(1)
    place.run(only_taught=True)
    assert ("calibrating" in place.stages) is calibrated
