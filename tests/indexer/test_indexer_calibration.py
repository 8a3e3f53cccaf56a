"""What a knowledge base learns from asking itself."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from indexer.confidence import Calibration
from indexer.lexical import asked_words, stemmer
from indexer.library.sqlite import SqliteLibrary
from indexer.reindex import reindex
from indexer.search import KnowledgeBase
from indexer.sources import Source
from indexer.tuning.judging import Drift
from indexer.types import Viewer
from tests.fakes import Clock, ToyEmbedder

TOPICS = ["expense", "invoice", "password", "printer", "holiday", "payroll", "laptop", "badge", "travel", "training",
          "supplier", "contract", "parking", "canteen", "overtime", "pension", "warehouse", "barcode"]
OPENINGS = ["How do I get a new", "Where is my", "Who approves the", "My own is lost:", "Change the", "I need another"]


def write_faq(root: Path, topics: list[str], copies: int = 1) -> Path:
    dice = random.Random(3)
    entries = [{"id": f"{topic}-{copy}", "question": f"{OPENINGS[copy]} {topic} {dice.randrange(99)}",
                "also_asked": [f"{opening} {topic} form" for opening in OPENINGS], "answer": f"About the {topic}."}
               for topic in topics for copy in range(copies)]
    root.mkdir(exist_ok=True)
    (root / "faq.yaml").write_text(json.dumps(entries))
    return root


def learnt(root: Path, data: Path) -> Calibration:
    reindex([Source(str(root))], data, ToyEmbedder(), now=Clock()())
    generation = SqliteLibrary(data).open()
    generation.close()
    return Calibration.from_json(generation.about.calibration)


def test_questions_on_left_out_topics_are_refused_as_the_setting_says(tmp_path: Path) -> None:
    known, unknown = TOPICS[:12], TOPICS[12:]
    found = learnt(write_faq(tmp_path / "k", known), tmp_path / "d")
    knowledge = KnowledgeBase(tmp_path / "d", ToyEmbedder(), false_answers=0.1)
    asked = [f"{opening} {topic} form" for topic in unknown for opening in OPENINGS]
    false = sum(knowledge.find(question, Viewer()).verdict == "answer" for question in asked) / len(asked)
    right = [knowledge.find(f"{opening} {topic} form", Viewer()) for topic in known for opening in OPENINGS]
    assert false <= 0.2
    assert sum(findings.verdict == "answer" for findings in right) / len(right) > 0.8
    assert found.questions > 60
    assert found.expected(0.1) is not None


def test_what_is_said_twice_is_no_unanswerable_question(tmp_path: Path) -> None:
    """Every entry has a twin: without its own entry, the twin still answers. That must not raise the bar."""
    once = learnt(write_faq(tmp_path / "once", TOPICS), tmp_path / "d1")
    twice = learnt(write_faq(tmp_path / "twice", TOPICS, copies=2), tmp_path / "d2")
    assert twice.least_score(0.1) < once.least_score(0.1) + 0.15


def test_golden_questions_refine_what_was_learnt(tmp_path: Path) -> None:
    root = write_faq(tmp_path / "k", TOPICS[:12])
    before = learnt(root, tmp_path / "d")
    golden = [{"question": f"{opening} {topic} form", "expect": []} for topic in TOPICS[12:] for opening in OPENINGS]
    (root / "questions.jsonl").write_text("\n".join(json.dumps(row) for row in golden))
    after = learnt(root, tmp_path / "d")
    assert after.questions == before.questions + len(golden)
    assert after.least_score(0.1) != before.least_score(0.1)
    assert reindex([Source(str(root))], tmp_path / "d", ToyEmbedder(), now=Clock()()).generation == 2  # as it is


def test_a_fitted_model_is_not_asked_what_it_knows_by_heart(tmp_path: Path) -> None:
    """It is told by how much nearer others' questions are to what does not answer them."""
    root = write_faq(tmp_path / "k", TOPICS)
    plain, fitted = ToyEmbedder(), ToyEmbedder()
    fitted.drift = Drift(unanswerable=0.2, answerable=-0.1)
    found = []
    for embedder, data in ((plain, tmp_path / "d1"), (fitted, tmp_path / "d2")):
        reindex([Source(str(root))], data, embedder, now=Clock()())
        generation = SqliteLibrary(data).open()
        found.append(Calibration.from_json(generation.about.calibration))
        generation.close()
    assert found[1].least_score(0.1) > found[0].least_score(0.1) + 0.05


@pytest.mark.parametrize("documents", [
    {}, {"a.md": "# Tea\n\nTea is in the kitchen."},
    {"faq.yaml": "- question: Where is the tea?\n  answer: In the kitchen.\n"},
    {"a.md": "# Tea\n\nTea is in the kitchen.", "b.md": "# Coffee\n\nOn the second floor.", "c.md": "# Milk\n\nCold."},
])
def test_tiny_knowledge_bases_behave_sensibly(tmp_path: Path, documents: dict[str, str]) -> None:
    (tmp_path / "k").mkdir()
    for name, text in documents.items():
        (tmp_path / "k" / name).write_text(text)
    learnt(tmp_path / "k", tmp_path / "d")
    knowledge = KnowledgeBase(tmp_path / "d", ToyEmbedder())
    assert knowledge.find("Why does the printer smell of burnt rubber?", Viewer()).verdict == "handover"
    if documents:
        first = knowledge.find("Where is the tea?", Viewer())
        assert first.verdict == "answer"
        assert first.hits[0].document_id in ("a.md", "faq.yaml#where-is-the-tea")


def test_a_passage_is_scored_as_the_full_text_index_does(tmp_path: Path) -> None:
    learnt(write_faq(tmp_path / "k", TOPICS), tmp_path / "d")
    generation = SqliteLibrary(tmp_path / "d").open()
    asked = asked_words(generation, "Who approves the travel payroll?")
    found = generation.matching(asked.words, 50, None)
    assert found
    for passage, score in found.items():
        (counts,) = stemmer.stems([generation.lexical_text(passage)])
        assert asked.score(counts, generation.words_in_a_passage) == pytest.approx(score, rel=1e-3)
        assert score <= asked.possible
    generation.close()
