"""From findings to an answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answering.answerer import NOT_MY_LANGUAGE, NOTHING_ASKED, NOTHING_FOUND, WHICH, Answerer
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


TRAINING = Hit("training/receipts.md", "Receipts", "training", "Lost ones", "lost", "Tick *Missing*.", None, 0.7)


def test_in_the_grey_zone_it_lists_the_best_of_each_document() -> None:
    far = replace(TRAINING, document_id="far.md", score=0.1)
    answer = answerer("clarify", HIT, replace(HIT, text="More."), TRAINING, far).answer("claim?", Viewer())
    assert (answer.verdict, answer.quotes) == ("clarify", ())
    assert [(choice.label, choice.quote.document) for choice in answer.choices] == [
        ("How do I claim?", "faq.yaml#claim"), ("Receipts › Lost ones", "training/receipts.md")]
    assert answer.text == f"{WHICH}\n\n- How do I claim?\n- Receipts › Lost ones"
    assert [hit.document_id for hit in answer.hits] == ["faq.yaml#claim", "training/receipts.md", "far.md"]


def test_a_candidate_is_the_section_whose_heading_was_asked_for() -> None:
    named = replace(TRAINING, section="Replace a receipt", text="Ask the shop for a copy.", score=0.6)
    answer = answerer("clarify", TRAINING, named).answer("How do I replace a receipt?", Viewer())
    assert [(choice.label, choice.quote.text) for choice in answer.choices] == [
        ("Receipts › Replace a receipt", "Ask the shop for a copy.")]


def test_a_greeting_is_not_searched_for_and_stays_in_the_question() -> None:
    searched: list[str] = []

    def find(question: str, viewer: Viewer) -> Findings:
        searched.append(question)
        return Findings(question, "answer", 0.9, (HIT,), 1)

    assert Answerer(find).answer("Hi Ana, how do I claim?", Viewer()).question == "Hi Ana, how do I claim?"
    assert searched == ["how do I claim?"]


def test_a_language_that_nobody_here_reads_is_handed_over() -> None:
    polish = "Jak mogę złożyć wniosek o zwrot kosztów podróży?"
    find = answerer("answer", HIT)._find
    answer = Answerer(find, languages=("en",)).answer(polish, Viewer())
    assert (answer.verdict, answer.language, answer.confidence, answer.text) == ("handover", "pl", 0.0, NOT_MY_LANGUAGE)
    assert answer.hits == (HIT,)
    assert Answerer(find, languages=("en", "pl")).answer(polish, Viewer()).verdict == "answer"
    assert Answerer(find).answer(polish, Viewer()).verdict == "answer"


def test_material_in_the_askers_own_language_is_quoted_though_the_model_does_not_read_it() -> None:
    hit = replace(HIT, text="Wniosek o zwrot kosztów podróży złożysz w aplikacji: wybierz **Nowy wniosek**.")
    found = answerer("answer", hit)._find
    answer = Answerer(found, languages=("en",)).answer("Jak mogę złożyć wniosek o zwrot kosztów?", Viewer())
    assert answer.verdict == "answer"
