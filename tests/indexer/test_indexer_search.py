"""Searching: who sees what, when, and what happens while a new generation arrives."""

from __future__ import annotations

import threading
import time
from datetime import date
from pathlib import Path

import pytest

from indexer import calibration
from indexer.errors import IndexMissing, IndexOfAnotherModel
from indexer.reindex import reindex
from indexer.search import KnowledgeBase
from indexer.sources import Source
from indexer.types import Findings, Viewer
from tests.fakes import Clock, ToyEmbedder

DAY = date(2026, 11, 22)


def index(root: Path, documents: dict[str, str], embedder: ToyEmbedder | None = None) -> KnowledgeBase:
    publish(root, documents)
    return KnowledgeBase(root / "data", embedder or ToyEmbedder())


def publish(root: Path, documents: dict[str, str]) -> None:
    for name, text in documents.items():
        (root / "knowledge").mkdir(exist_ok=True)
        (root / "knowledge" / name).write_text(text)
    reindex([Source(str(root / "knowledge"))], root / "data", ToyEmbedder(), now=Clock()())


def documents_of(findings: Findings) -> list[str]:
    return list(dict.fromkeys(hit.document_id for hit in findings.hits))


def test_a_hit_carries_its_document(tmp_path: Path) -> None:
    knowledge = index(tmp_path, {
        "a.md": "---\nurl: https://x.example/a\n---\n# Travel\n\n## Hotels\n\nBook **hotels** early.\n",
        "f.yaml": "- id: tip\n  question: May I tip?\n  answer: Yes, *ten* percent.\n",
    })
    hotel = knowledge.find("booking hotels", Viewer()).hits[0]
    assert (hotel.document_id, hotel.title, hotel.kind, hotel.section, hotel.anchor, hotel.url) == (
        "a.md", "Travel", "training", "Hotels", "hotels", "https://x.example/a")
    assert hotel.text == "Book **hotels** early."
    assert hotel.question is None
    tip = knowledge.find("may I tip", Viewer()).hits[0]
    assert (tip.document_id, tip.kind, tip.text, tip.question) == (
        "f.yaml#tip", "faq", "Yes, *ten* percent.", "May I tip?")
    assert 0 < hotel.score <= 1


def test_a_known_question_is_answered_and_an_unknown_one_handed_over(tmp_path: Path) -> None:
    knowledge = index(tmp_path, {"f.yaml": "- question: How do I submit an expense claim?\n  answer: Choose Submit.\n"
                                           "- question: Where are the coaches?\n  answer: In the canteen.\n"})
    known = knowledge.find("How do I submit my expense claim?", Viewer())
    unknown = knowledge.find("Why is the printer out of toner?", Viewer())
    assert (known.verdict, unknown.verdict) == ("answer", "handover")
    assert known.confidence > 0.7 > 0.3 > unknown.confidence
    assert known.generation == 1


def test_questions_to_begin_with_are_those_that_the_viewer_may_see_of_each_file_in_turn(tmp_path: Path) -> None:
    entry = "- question: {0}\n  answer: Yes.\n"
    knowledge = index(tmp_path, {
        "a.yaml": entry.format("A one?") + entry.format("A two?"),
        "b.yaml": entry.format("B staff?") + "  audience: staff\n" + entry.format("B open?"),
        "c.yaml": entry.format("C over?") + "  valid_to: 2026-11-21\n", "d.md": "# D\n\n## Is this one?\n\nNo.",
    })
    assert knowledge.questions(Viewer(on=DAY), 4) == ("A one?", "B open?", "A two?")
    assert knowledge.questions(Viewer(frozenset({"staff"}), DAY), 9) == ("A one?", "B open?", "A two?", "B staff?")


@pytest.mark.parametrize("nothing", ["", "   ", "???", "👍"])
def test_a_question_without_words_is_asked_back(tmp_path: Path, nothing: str) -> None:
    findings = index(tmp_path, {"a.md": "# A\n\ntext"}).find(nothing, Viewer())
    assert (findings.verdict, findings.confidence, findings.hits) == ("clarify", 0.0, ())


@pytest.mark.parametrize("odd", ['" OR * NEAR( a:', "text\0text", "\ud800 text", "text " * 5000, "-- '; DROP TABLE",
                                 "नमस्ते text", "AND OR NOT"])
def test_odd_questions_are_questions_like_any_other(tmp_path: Path, odd: str) -> None:
    assert index(tmp_path, {"a.md": "# A\n\ntext"}).find(odd, Viewer()).hits[0].document_id == "a.md"


@pytest.fixture
def hardly_calibrated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a large knowledge base, calibrating is nine tenths of the work, and nothing to what is found."""
    monkeypatch.setattr(calibration, "PHRASINGS", 1)
    monkeypatch.setattr(calibration, "HEADINGS", 1)


@pytest.mark.usefixtures("hardly_calibrated")
def test_at_least_ten_documents_are_found_beside_a_long_one(tmp_path: Path) -> None:
    long = "# Expenses\n\n" + "\n\n".join(f"## Expenses {n}\n\nExpenses claim number {n}." for n in range(300))
    documents = {"long.md": long} | {f"s{n}.md": f"# Other {n}\n\nAn expenses remark." for n in range(12)}
    findings = index(tmp_path, documents).find("expenses claim", Viewer())
    assert len(findings.hits) == 50
    assert len(documents_of(findings)) >= 10
    assert [hit.score for hit in findings.hits] == sorted((hit.score for hit in findings.hits), reverse=True)


AUDIENCES = {
    "all.md": "# Hotels\n\nHotels for everybody.",
    "finance.md": "---\naudience: [Finance]\n---\n# Hotels\n\nHotels in finance.",
    "managers.md": "---\naudience: [managers, board]\n---\n# Hotels\n\nHotels of managers.",
    "old.md": "---\nvalid_to: 2026-11-01\n---\n# Hotels\n\nHotels before cutover.",
    "new.md": "---\nvalid_from: 2026-11-02\n---\n# Hotels\n\nHotels since cutover.",
}


@pytest.mark.parametrize(("viewer", "sees"), [
    (Viewer(on=DAY), {"all.md", "new.md"}),
    (Viewer(frozenset({"finance"}), DAY), {"all.md", "new.md", "finance.md"}),
    (Viewer(frozenset({"board", "x"}), DAY), {"all.md", "new.md", "managers.md"}),
    (Viewer(on=date(2026, 11, 1)), {"all.md", "old.md"}),
    (Viewer(on=date(2026, 11, 2)), {"all.md", "new.md"}),
    (Viewer(), {"all.md"}),
])
def test_a_viewer_finds_what_is_for_them_on_that_day(tmp_path: Path, viewer: Viewer, sees: set[str]) -> None:
    assert set(documents_of(index(tmp_path, AUDIENCES).find("hotels", viewer))) == sees


@pytest.mark.usefixtures("hardly_calibrated")
def test_what_is_not_for_the_viewer_takes_no_place(tmp_path: Path) -> None:
    hidden = {f"hidden{n}.md": "---\naudience: [x]\n---\n# Hotels\n\nHotels hotels." for n in range(400)}
    seen = {f"seen{n}.md": f"# Remark {n}\n\nSome words, and one about hotels." for n in range(12)}
    findings = index(tmp_path, hidden | seen).find("hotels", Viewer(on=DAY))
    assert set(documents_of(findings)) == set(seen)


def test_a_text_that_two_documents_share_stays_hidden_where_it_is_hidden(tmp_path: Path) -> None:
    entry = "- id: a\n  question: Where is the key?\n  answer: Under the mat.\n"
    knowledge = index(tmp_path, {"open.yaml": entry, "closed.yaml": entry + "  audience: staff\n"})
    assert documents_of(knowledge.find("Where is the key?", Viewer(on=DAY))) == ["open.yaml#a"]


def test_a_missing_index_and_another_model_are_named(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        KnowledgeBase(tmp_path / "data", ToyEmbedder()).find("x", Viewer())
    other = index(tmp_path, {"a.md": "# A\n\ntext"}, ToyEmbedder(fingerprint="another"))
    with pytest.raises(IndexOfAnotherModel):
        other.find("x", Viewer())


def wait_until(condition) -> None:
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_new_generation_is_taken_over_while_questions_go_on(tmp_path: Path) -> None:
    knowledge = index(tmp_path, {"a.md": "# Hotels\n\nOld hotels."})
    stop, failed, seen = threading.Event(), [], set()

    def ask() -> None:
        while not stop.is_set():
            try:
                findings = knowledge.find("hotels", Viewer())
                seen.add((findings.generation, findings.hits[0].text))
            except Exception as error:
                failed.append(error)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for version in range(2, 7):  # more generations than are kept
        publish(tmp_path, {"a.md": f"# Hotels\n\nHotels {version}."})
        wait_until(lambda version=version: knowledge.generation == version)
    stop.set()
    for thread in threads:
        thread.join()
    assert failed == []
    assert (1, "Old hotels.") in seen
    assert all(text == f"Hotels {generation}." for generation, text in seen if generation > 1)


def test_the_first_question_after_a_publication_is_answered_from_it(tmp_path: Path) -> None:
    knowledge = index(tmp_path, {"a.md": "# Hotels\n\nOld hotels."})
    assert knowledge.find("hotels", Viewer()).generation == 1
    time.sleep(0.25)  # between two looks
    publish(tmp_path, {"a.md": "# Hotels\n\nNew hotels."})
    assert knowledge.find("hotels", Viewer()).hits[0].text == "New hotels."


def test_a_generation_may_be_opened_before_anybody_asks(tmp_path: Path) -> None:
    knowledge = index(tmp_path, {"a.md": "# Hotels\n\nOld hotels."})
    knowledge.refresh()
    publish(tmp_path, {"a.md": "# Hotels\n\nNew hotels."})
    opening = knowledge.look()
    assert opening is not None
    opening.join()
    assert knowledge.generation == 2


def test_refresh_takes_over_at_once(tmp_path: Path) -> None:
    knowledge = index(tmp_path, {"a.md": "# Hotels\n\nOld hotels."})
    assert knowledge.find("hotels", Viewer()).generation == 1
    publish(tmp_path, {"a.md": "# Hotels\n\nNew hotels."})
    knowledge.refresh()
    assert knowledge.find("hotels", Viewer()).hits[0].text == "New hotels."
    assert knowledge.about() == {"documents": 1, "passages": 1, "model": "toy", "generation": 2,
                                 "built_at": Clock()()}


def test_a_generation_that_cannot_be_used_leaves_the_old_one_answering(tmp_path: Path) -> None:
    knowledge = index(tmp_path, {"a.md": "# Hotels\n\nOld hotels."})
    knowledge.refresh()
    reindex([Source(str(tmp_path / "knowledge"))], tmp_path / "data", ToyEmbedder(fingerprint="toy-2"), now=Clock()())
    time.sleep(0.25)
    for _ in range(3):
        assert knowledge.find("hotels", Viewer()).generation == 1
    with pytest.raises(IndexOfAnotherModel):
        knowledge.refresh()
    assert knowledge.find("hotels", Viewer()).hits[0].text == "Old hotels."
