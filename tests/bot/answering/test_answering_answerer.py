"""From findings to an answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answering.answerer import NOTHING_ASKED, NOTHING_FOUND, Answerer
from indexer.errors import IndexMissing
from indexer.types import Findings, Hit, Verdict, Viewer

HIT = Hit("faq.yaml#claim", "How do I claim?", "faq", "", "", "Choose **New claim**.", None, 0.8, "How do I claim?")


def answerer(verdict: Verdict, *hits: Hit) -> Answerer:
    return Answerer(lambda question, viewer: Findings(question, verdict, 0.7, hits, 3))


def test_an_answer_quotes_its_source() -> None:
    answer = answerer("answer", HIT).answer("claim?", Viewer())
    assert (answer.question, answer.verdict, answer.confidence, answer.generation) == ("claim?", "answer", 0.7, 3)
    assert answer.text == "Choose **New claim**.\n\nSource: How do I claim?"
    assert [(quote.document, quote.text) for quote in answer.quotes] == [("faq.yaml#claim", "Choose **New claim**.")]


def test_handed_over_it_says_so_and_keeps_what_it_found() -> None:
    answer = answerer("handover", HIT).answer("claim?", Viewer())
    assert (answer.verdict, answer.text, answer.quotes, answer.hits) == ("handover", NOTHING_FOUND, (), (HIT,))


def test_without_hits_there_is_no_answer() -> None:
    assert answerer("answer").answer("claim?", Viewer()).verdict == "handover"


@pytest.mark.parametrize("question", ["", " \n\t "])
def test_an_empty_question_is_not_searched_for(question: str) -> None:
    def find(question: str, viewer: Viewer) -> Findings:
        raise AssertionError("searched for nothing")

    answer = Answerer(find).answer(question, Viewer())
    assert (answer.verdict, answer.confidence, answer.hits, answer.text) == ("clarify", 0.0, (), NOTHING_ASKED)


def test_each_document_is_listed_once_best_first_and_ten_at_most() -> None:
    hits = [replace(HIT, document_id=f"{n // 2}.md", score=1 - n / 100) for n in range(40)]
    listed = answerer("answer", *hits).answer("claim?", Viewer()).hits
    assert [hit.document_id for hit in listed] == [f"{n}.md" for n in range(10)]
    assert [hit.score for hit in listed] == [1 - n / 50 for n in range(10)]


def test_what_the_search_raises_is_passed_on() -> None:
    def find(question: str, viewer: Viewer) -> Findings:
        raise IndexMissing

    with pytest.raises(IndexMissing):
        Answerer(find).answer("claim?", Viewer())


def test_the_viewer_reaches_the_search() -> None:
    seen: list[Viewer] = []

    def find(question: str, viewer: Viewer) -> Findings:
        seen.append(viewer)
        return Findings(question, "handover", 0.0, (), 1)

    Answerer(find).answer("claim?", Viewer(frozenset({"finance"})))
    assert seen == [Viewer(frozenset({"finance"}))]
