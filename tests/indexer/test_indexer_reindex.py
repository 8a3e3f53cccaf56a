"""An index run: what it takes in, what it leaves, and what happens when something is wrong."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from indexer import embedding
from indexer.errors import IndexBusy, IndexDamaged, IndexNotWritten, IndexOutdated, ModelMissing, SourceMissing
from indexer.late_interaction import WordVectors
from indexer.library import schema
from indexer.library.sqlite import SqliteLibrary
from indexer.reindex import reindex
from indexer.search import KnowledgeBase
from indexer.sources import Source
from indexer.types import Report, Viewer
from tests.fakes import Clock, ToyEmbedder

FAQ = """\
- id: receipt
  question: What if a receipt is missing?
  also_asked: [I lost my receipt]
  answer: Tick the box Receipt missing.
- id: paid
  question: When am I paid?
  answer: On Tuesday.
"""


class House:
    """A knowledge folder with its data folder."""

    def __init__(self, root: Path) -> None:
        self.sources = root / "knowledge"
        self.data = root / "data"
        self.embedder = ToyEmbedder()
        self.clock = Clock()
        self.write("travel.md", "# Travel\n\n## Hotels\n\nBook hotels with Railton.\n\n## Trains\n\nStandard class.\n")
        self.write("faq/claims.yaml", FAQ)

    def write(self, name: str, content: str | bytes) -> None:
        path = self.sources / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def index(self, **options: bool) -> Report:
        return reindex([Source(str(self.sources))], self.data, self.embedder, now=self.clock(), **options)

    def first(self, question: str) -> str:
        knowledge = KnowledgeBase(self.data, self.embedder)
        try:
            return knowledge.find(question, Viewer()).hits[0].text
        finally:
            knowledge.close()

    def folders(self) -> list[str]:
        return sorted(path.name for path in (self.data / "index").iterdir() if path.is_dir())


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def counts(report: Report) -> tuple[int, int, int, int]:
    return report.added, report.changed, report.removed, report.unchanged


def test_only_so_many_texts_are_in_memory_at_a_time(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    class Counting(ToyEmbedder):
        def embed_with_words(self, texts: Sequence[str]) -> tuple[np.ndarray, list[WordVectors]]:
            at_a_time.append(len(texts))
            return super().embed_with_words(texts)

    at_a_time: list[int] = []
    house.embedder = Counting()
    monkeypatch.setattr(embedding, "_IN_MEMORY", 3)
    assert house.index().embedded == 7
    assert at_a_time[:3] == [3, 3, 1]  # what follows is the calibration's
    assert house.first("Where do I book hotels?") == "Book hotels with Railton."
    assert house.first("I lost my receipt") == "Tick the box Receipt missing."


def test_a_first_run_takes_everything_in(house: House) -> None:
    report = house.index()
    assert (report.documents, report.passages, report.generation) == (3, 4, 1)
    assert counts(report) == (3, 0, 0, 0)
    assert report.embedded == 2 + 3 + 2  # two sections; two phrasings and an answer; one phrasing and an answer
    assert report.failed == ()
    assert report.changes == ("+faq/claims.yaml#paid", "+faq/claims.yaml#receipt", "+travel.md")
    assert house.first("Where do I book hotels?") == "Book hotels with Railton."


def test_nothing_changed_publishes_nothing_and_embeds_nothing(house: House) -> None:
    house.index()
    before = len(house.embedder.embedded)
    report = house.index()
    assert (counts(report), report.embedded, report.generation) == ((0, 0, 0, 3), 0, 1)
    assert (report.documents, report.passages) == (3, 4)
    assert len(house.embedder.embedded) == before
    assert house.folders() == ["g000001"]


def test_only_what_changed_is_embedded(house: House) -> None:
    house.index()
    house.write("travel.md", "# Travel\n\n## Hotels\n\nBook hotels with Ashdown.\n\n## Trains\n\nStandard class.\n")
    house.write("faq/claims.yaml", "# a comment moves every line\n" + FAQ.replace("On Tuesday", "On Friday"))
    report = house.index()
    assert counts(report) == (0, 2, 0, 1)
    assert report.embedded == 2
    assert report.changes == ("~faq/claims.yaml#paid", "~travel.md")
    assert house.first("Where do I book hotels?") == "Book hotels with Ashdown."


def test_what_is_gone_leaves_the_index(house: House) -> None:
    house.index()
    (house.sources / "travel.md").unlink()
    house.write("faq/claims.yaml", FAQ[: FAQ.index("- id: paid")])
    report = house.index()
    assert (counts(report), report.documents, report.passages) == ((0, 0, 2, 1), 1, 1)
    knowledge = KnowledgeBase(house.data, house.embedder)
    assert {hit.document_id for hit in knowledge.find("hotels paid", Viewer()).hits} == {"faq/claims.yaml#receipt"}


def test_the_sources_of_a_run_are_the_whole_knowledge_base(house: House, tmp_path: Path) -> None:
    house.index()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "new.md").write_text("# New\n\nText.")
    report = reindex([Source(str(tmp_path / "other"), "other")], house.data, house.embedder, now=house.clock())
    assert report.changes == ("+other/new.md", "-faq/claims.yaml#paid", "-faq/claims.yaml#receipt", "-travel.md")


def test_what_coaches_taught_is_always_a_source(house: House) -> None:
    taught = house.data / "taught"
    taught.mkdir(parents=True)
    (taught / "fw-1.yaml").write_text("- id: fw-1\n  question: May I tip the driver?\n  answer: Up to ten percent.\n")
    assert "+taught/fw-1.yaml#fw-1" in house.index().changes
    assert house.first("tip the driver") == "Up to ten percent."


def test_a_bad_document_keeps_its_last_good_version(house: House) -> None:
    house.index()
    house.write("travel.md", "---\naudience: [a\n---\n# Travel\n\nBroken.\n")
    new = "- id: new\n  question: New?\n  answer: Yes.\n"
    house.write("faq/claims.yaml", FAQ.replace("  answer: On Tuesday.\n", "") + new)
    house.write("extra.md", b"\xff\xfe\0")
    for _ in range(2):  # a second run still says what is wrong
        report = house.index()
        assert sorted(failure.document for failure in report.failed) == [
            "extra.md", "faq/claims.yaml#paid", "travel.md"]
        assert report.documents == 4
    assert house.first("Where do I book hotels?") == "Book hotels with Railton."
    assert house.first("When am I paid?") == "On Tuesday."
    house.write("travel.md", "# Travel\n\nMended.\n")
    assert house.index().changes == ("~travel.md",)


def test_a_file_that_cannot_be_parsed_keeps_all_of_its_entries(house: House) -> None:
    house.index()
    house.write("faq/claims.yaml", "- question: a\n  answer: [b\n")
    report = house.index()
    assert (report.removed, report.documents) == (0, 3)


def test_two_documents_with_one_id_are_reported(house: House, tmp_path: Path) -> None:
    (tmp_path / "second").mkdir()
    (tmp_path / "second" / "travel.md").write_text("# Other\n\nText.")
    sources = [Source(str(house.sources)), Source(str(tmp_path / "second"))]
    report = reindex(sources, house.data, house.embedder, now=house.clock())
    assert [failure.document for failure in report.failed] == ["travel.md"]
    assert report.documents == 3


def test_a_missing_source_changes_nothing(house: House, tmp_path: Path) -> None:
    house.index()
    house.write("travel.md", "# Travel\n\nNew.\n")
    sources = [Source(str(house.sources)), Source(str(tmp_path / "no"))]
    with pytest.raises(SourceMissing):
        reindex(sources, house.data, house.embedder, now=house.clock())
    assert house.folders() == ["g000001"]


def test_a_dry_run_says_what_would_be_done(house: House) -> None:
    report = house.index(dry_run=True)
    assert (counts(report), report.embedded, report.generation) == ((3, 0, 0, 0), 7, 0)
    assert not house.data.exists()
    house.index()
    house.write("travel.md", "# Travel\n\n## Trains\n\nStandard class.\n")
    report = house.index(dry_run=True)
    assert (report.changes, report.embedded, report.generation) == (("~travel.md",), 0, 1)
    assert house.folders() == ["g000001"]


def test_full_does_everything_anew_and_loses_nothing(house: House) -> None:
    house.index()
    house.write("travel.md", b"\0")
    report = house.index(full=True)
    assert (counts(report), report.embedded, report.generation, report.documents) == ((0, 0, 0, 3), 7, 2, 3)
    assert house.first("Where do I book hotels?") == "Book hotels with Railton."


def test_another_model_embeds_everything_anew(house: House) -> None:
    house.index()
    house.embedder = ToyEmbedder(dimensions=256, fingerprint="toy-2")
    report = house.index()
    assert (counts(report), report.embedded, report.generation) == ((0, 0, 0, 3), 7, 2)
    assert house.first("Where do I book hotels?") == "Book hotels with Railton."


def test_an_empty_knowledge_base_can_be_indexed_and_asked(house: House, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    report = reindex([Source(str(tmp_path / "empty"))], house.data, house.embedder, now=house.clock())
    assert (report.documents, report.generation) == (0, 1)
    findings = KnowledgeBase(house.data, house.embedder).find("hotels?", Viewer())
    assert (findings.verdict, findings.confidence, findings.hits) == ("handover", 0.0, ())


def test_three_generations_are_kept(house: House) -> None:
    for number in range(5):
        house.write("travel.md", f"# Travel\n\nVersion {number}.\n")
        house.index()
    assert house.folders() == ["g000003", "g000004", "g000005"]
    assert SqliteLibrary(house.data).current() == 5


class Interrupted(ToyEmbedder):
    """Breaks off in the middle, as a full disk, a lost model or Ctrl-C would."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.error = error

    def embed(self, texts):
        raise self.error


@pytest.mark.parametrize("error", [ModelMissing(), KeyboardInterrupt(), MemoryError()])
def test_a_run_that_breaks_off_leaves_the_old_generation(house: House, error: BaseException) -> None:
    house.index()
    good, house.embedder = house.embedder, Interrupted(error)
    house.write("travel.md", "# Travel\n\nNew text.\n")
    with pytest.raises(type(error)):
        house.index()
    house.embedder = good
    assert house.folders() == ["g000001"]
    assert house.first("Where do I book hotels?") == "Book hotels with Railton."
    assert house.index().changes == ("~travel.md",)


def test_what_killed_runs_left_is_cleared_away(house: House) -> None:
    house.index()
    left = house.data / "index" / ".building-123"
    left.mkdir()
    (left / "passages.sqlite").write_bytes(b"half")
    house.index()
    assert not left.exists()


def test_a_second_run_at_the_same_time_says_so(house: House) -> None:
    library = SqliteLibrary(house.data)
    inside, leave = threading.Event(), threading.Event()

    def first() -> None:
        with library.writing():
            inside.set()
            leave.wait(10)

    thread = threading.Thread(target=first)
    thread.start()
    assert inside.wait(10)
    with pytest.raises(IndexBusy):
        house.index()
    leave.set()
    thread.join()
    assert house.index().added == 3


def test_a_data_folder_that_cannot_be_written_is_named(house: House, tmp_path: Path) -> None:
    house.data.write_text("a file is in the way")
    with pytest.raises(IndexNotWritten):
        house.index()


def test_a_disk_that_is_full_at_once_is_named(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(schema, "create", full)
        with pytest.raises(IndexNotWritten):
            house.index()
    assert house.index().added == 3


@pytest.mark.parametrize("name", ["g000001/passages.sqlite", "g000001/vectors.faiss", "g000001/about.json", "CURRENT"])
@pytest.mark.parametrize("damage", ["missing", "garbled"])
def test_a_damaged_index_is_named_and_full_mends_it(house: House, name: str, damage: str) -> None:
    house.index()
    path = house.data / "index" / name
    path.unlink()
    if damage == "garbled":
        path.write_bytes(b"not what it was" * 10)
    elif name == "CURRENT":  # then there is no index
        assert house.index().added == 3
        return
    with pytest.raises(IndexDamaged) as caught:
        house.index()
    assert "--full" in caught.value.hint
    assert house.index(full=True).added == 3
    assert house.first("Where do I book hotels?") == "Book hotels with Railton."


def test_progress_is_told_to_the_end(house: House) -> None:
    told: list[tuple[str, int, int]] = []
    reindex([Source(str(house.sources))], house.data, house.embedder, now=house.clock(),
            progress=lambda *step: told.append(step))
    assert list(dict.fromkeys(stage for stage, _, _ in told)) == ["reading", "embedding", "calibrating"]
    for stage in ("reading", "embedding", "calibrating"):
        steps = [(done, total) for name, done, total in told if name == stage]
        assert steps == sorted(steps)
        assert steps[-1][0] == steps[-1][1] > 0


def test_an_index_of_another_version_is_built_anew(house: House) -> None:
    house.index()
    about = house.data / "index" / "g000001" / "about.json"
    about.write_text(about.read_text().replace('"format": ', '"format": 9'))
    with pytest.raises(IndexOutdated):
        house.first("hotels")
    assert house.index().added == 3
    assert house.first("Where do I book hotels?") == "Book hotels with Railton."


def test_what_fails_when_an_index_cannot_be_taken_over_is_told_to_have_lost_its_last_good_version(house: House) -> None:
    house.index()
    house.write("travel.md", "---\ntitle: [\n---\nText.\n")
    about = house.data / "index" / "g000001" / "about.json"
    about.write_text(about.read_text().replace('"format": ', '"format": 9'))
    report = house.index()
    assert [failure.document for failure in report.failed] == ["travel.md", "index"]
    assert "made by another version of Floorwalker and could not be taken over" in report.failed[1].reason
    assert [failure.document for failure in house.index().failed] == ["travel.md"]
