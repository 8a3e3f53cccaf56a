"""Follow-ups: what is one, what it is about, and that it is found in the starter knowledge with the real model."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.answering.answerer import Answerer
from bot.answering.follow_up import is_follow_up, merged, together, topic_of
from bot.answering.types import Answer, Turn
from indexer.embedder import SentenceTransformerEmbedder
from indexer.reindex import reindex
from indexer.search import KnowledgeBase
from indexer.sources import Source
from indexer.types import Findings, Hit, Viewer

ROOT = Path(__file__).resolve().parents[3]
CASES = [json.loads(line) for line in
         Path(__file__).with_name("cases").joinpath("follow_ups.jsonl").read_text(encoding="utf-8").splitlines()]
HIT = Hit("a.md", "Receipts", "training", "Attach", "attach", "Open the claim.", None, 0.9)


@pytest.mark.parametrize("text", [
    "and on the phone?", "And abroad?", "what about Sundays?", "how about Germany?", "or by mail?",
    "same for hired cars?",
    "by when?", "how long does that take?", "what if they are away?", "but if it is urgent?", "in London?", "why not?",
    "ok, and for my team?", "only half of it came", "which browsers?", "can I end it earlier?",
    "thanks, and where is it?",
])
def test_what_needs_the_question_before(text: str) -> None:
    assert is_follow_up(text)


@pytest.mark.parametrize("text", [
    "How do I enter overtime?", "I forgot my password", "My company card was stolen, what now?",
    "When does hypercare end?",
    "Does Quaymark have a dark mode?", "How do I claim mileage?", "Who approves my expenses?",
    "Where do I park the forklift?",
    "How many days of annual leave do I have left?", "Is there a dark mode in the app for tablets?", "",
    "I would like to know how the budget of my cost centre is split over the four quarters of next year",
])
def test_what_stands_by_itself(text: str) -> None:
    assert not is_follow_up(text)


def test_the_topic_is_the_latest_question_that_stands_by_itself() -> None:
    turns = [Turn(1, "How do I enter overtime?"), Turn(2, "How do I claim mileage?"), Turn(3, "and abroad?")]
    assert topic_of(turns).id == 2
    assert topic_of([Turn(1, "and abroad?"), Turn(2, "and here?")]).id == 1
    assert together(turns[1], "and by train?") == "How do I claim mileage? by train?"
    assert together(turns[1], "and?") == "How do I claim mileage? and?"


def found(verdict: str, *hits: Hit) -> Findings:
    return Findings("q", verdict, 0.9, hits, 1)  # type: ignore[arg-type]


def test_an_echo_that_says_nothing_about_what_is_new_is_no_answer() -> None:
    told = {("a.md", "Attach")}
    assert merged("and my dog?", found("handover", HIT), found("answer", HIT), told).verdict == "handover"
    assert merged("and the claim?", found("handover", HIT), found("answer", HIT), told).verdict == "answer"


def test_a_passage_about_another_matter_is_no_answer_though_it_has_the_word() -> None:
    matter = Hit("card.md", "Company card", "training", "Stolen", "stolen", "Call the bank.", None, 0.9)
    other = Hit("cutover.md", "Cutover", "training", "Weekend", "weekend", "At the weekend you may buy.", None, 0.45)
    alone = found("handover", replace(other, score=0.7), replace(matter, score=0.1))
    assert merged("and at the weekend?", alone, found("answer", matter, other), ()).verdict != "answer"
    near = replace(other, score=0.8)
    assert merged("and at the weekend?", alone, found("answer", matter, near), ()).verdict == "answer"


def test_a_search_without_hits_leaves_it_to_the_other() -> None:
    assert merged("and it?", found("handover"), found("answer", HIT), ()).verdict == "answer"
    assert merged("and it?", found("answer", HIT), found("handover"), ()).verdict == "answer"
    assert merged("and it?", found("handover"), found("handover"), ()).hits == ()


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answerer]:
    data = tmp_path_factory.mktemp("data")
    embedder = SentenceTransformerEmbedder("embedded")
    reindex([Source(str(ROOT / "knowledge"))], data, embedder, now=datetime(2026, 11, 20, tzinfo=UTC))
    knowledge = KnowledgeBase(data, embedder)
    yield Answerer(knowledge.find)
    knowledge.close()


def right(answer: Answer, expect: list[str]) -> bool:
    if not expect:
        return answer.verdict != "answer"
    return answer.verdict == "answer" and answer.quotes[0].document in expect


@pytest.mark.real_model
def test_follow_ups_of_the_starter_knowledge(answerer: Answerer) -> None:
    """Of 40 follow-ups most are answered rightly, and of 14 new questions none is hijacked."""
    viewer = Viewer(frozenset(), date(2026, 11, 20))
    outcomes = []
    for case in CASES:
        before = answerer.answer(case["before"], viewer)
        asked = answerer.answer(case["ask"], viewer, [Turn(1, case["before"], before.quotes)])
        alone = answerer.answer(case["ask"], viewer)
        outcomes.append((case, right(asked, case["expect"]), right(alone, case["expect"]), asked))
    new = [outcome for outcome in outcomes if outcome[0].get("new")]
    follow_ups = [outcome for outcome in outcomes if not outcome[0].get("new")]
    worse = [case["ask"] for case, now, alone, _ in new if alone and not now]
    answered, by_itself = sum(now for _, now, _, _ in follow_ups), sum(alone for _, _, alone, _ in follow_ups)
    figures = (f"{answered} of {len(follow_ups)} follow-ups are right (searched for alone: {by_itself}); "
               f"new questions: {sum(now for _, now, _, _ in new)} of {len(new)}")
    print(figures)
    assert not worse, worse
    assert answered >= 0.75 * len(follow_ups), figures
    invented = [case["ask"] for case, _, _, asked in outcomes if not case["expect"] and asked.verdict == "answer"]
    assert not invented, invented
