"""Of the document that was found, the passage is quoted that was asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answering.fitting import fitting_first
from bot.answering.quoting import quotes_of
from indexer.types import Hit

HIT = Hit("request.md", "Purchasing", "training", "", "", "Text", None, 0.64)
INTRODUCTION = replace(HIT, text="A request becomes an order when everybody has approved.")
TABLE = replace(HIT, section="Do I need a request?", score=0.63,
                text="| what you buy | do this |\n|---|---|\n| from £100 | raise a purchase request |")
STEPS = replace(HIT, section="Raise a purchase request", score=0.55,
                text="1. Choose **New request**.\n2. Choose **Submit**.")
PHONE = replace(HIT, section="On the phone", score=0.5, text="Not possible yet.")
REQUESTS = (TABLE, INTRODUCTION, PHONE, STEPS)


def section_for(question: str, *hits: Hit) -> str:
    return quotes_of(question, hits)[0].section


@pytest.mark.parametrize("question", [
    "How do I raise a purchase request?", "how can I raise purchase requests", "Raise a purchase request",
    "What must I do to raise a purchase request?",
])
def test_the_section_whose_heading_is_the_question_is_quoted(question: str) -> None:
    quote = quotes_of(question, REQUESTS)[0]
    assert (quote.section, quote.text) == ("Raise a purchase request", STEPS.text)


def test_words_of_the_title_need_not_stand_in_the_heading() -> None:
    hits = [replace(hit, title="Raise a purchase request") for hit in REQUESTS]
    hits[3] = replace(hits[3], section="How do I raise a request?")
    assert section_for("How do I raise a purchase request?", *hits) == "How do I raise a request?"


def test_a_heading_that_says_the_rest_goes_before_one_that_repeats_the_title() -> None:
    hits = [replace(hit, title="Raise a purchase request") for hit in REQUESTS]
    assert section_for("Can I raise a purchase request on the phone?", *hits) == "On the phone"


@pytest.mark.parametrize("question", [
    "Who approves a purchase request above the limit of my team?", "What do I buy from £100?", "request",
])
def test_a_heading_that_says_only_a_part_of_the_question_does_not_count(question: str) -> None:
    assert section_for(question, *REQUESTS) == TABLE.section


def test_headings_above_count_as_well() -> None:
    hits = [INTRODUCTION, replace(HIT, section="Abroad › Receipts", score=0.5, text="Abroad, keep the paper."),
            replace(HIT, section="At home › Receipts", score=0.6, text="At home, a picture will do.")]
    assert section_for("receipts abroad", *hits) == "Abroad › Receipts"


def test_other_documents_are_not_quoted_for_their_headings() -> None:
    other = replace(STEPS, document_id="other.md")
    assert section_for("How do I raise a purchase request?", INTRODUCTION, other) == ""


def test_who_asks_how_gets_the_steps_below_the_introduction() -> None:
    trip = replace(HIT, section="How do I claim a trip?", score=0.62, text="1. Choose **Add**.\n2. Enter the stops.")
    vehicle = replace(trip, section="Before the first claim: add a vehicle", score=0.63, text="1. Add it.\n2. Save it.")
    introduction = replace(HIT, text="Mileage pays for claims of business trips.")
    hits = (introduction, vehicle, trip)
    assert section_for("How do I claim mileage?", *hits) == trip.section
    assert section_for("What is mileage?", *hits) == ""
    assert section_for("How do I claim mileage?", introduction, vehicle, replace(trip, score=0.3)) == ""


QUOTA = "| quota | value |\n|---|---|\n"
ROWS = replace(HIT, section="Datasets", score=0.6, text=f"{QUOTA}| rows in a dataset | 1 billion |")
COLUMNS = replace(HIT, section="Other", score=0.55, text=f"{QUOTA}| columns in an item metadata dataset | 10 |")


def test_the_passage_that_holds_what_is_asked_for_is_quoted() -> None:
    question = "What is the maximum number of columns in an item metadata dataset?"
    assert section_for(question, ROWS, COLUMNS) == "Other"
    assert section_for(question, ROWS, replace(COLUMNS, score=0.2)) == "Datasets"
    assert section_for("How many rows can a dataset have?", ROWS, COLUMNS) == "Datasets"


def test_of_two_rows_with_the_same_words_the_one_that_says_nothing_else_is_meant() -> None:
    inside = replace(HIT, section="Quotas", score=0.6, text=f"{QUOTA}| maximum number of rows in a dataset group | 3 |")
    groups = replace(HIT, section="Quotas", anchor="more", score=0.58, text=f"{QUOTA}| maximum number of rows | 500 |")
    assert quotes_of("What is the maximum number of rows?", (inside, groups))[0].text == groups.text
    assert quotes_of("What is the maximum number of rows in a group?", (inside, groups))[0].text == inside.text


def test_words_that_are_strewn_over_a_passage_do_not_count_as_together() -> None:
    strewn = replace(COLUMNS, text="One item here.\n\nSome metadata there.\n\nA few columns.\n\nAnd a dataset.")
    assert section_for("How many columns in an item metadata dataset?", ROWS, strewn) == "Datasets"


def test_what_introduces_a_list_is_read_with_its_heading() -> None:
    ready = replace(HIT, section="How do I know that we are ready?", score=0.6,
                    text="Support is ready if this is true one week before go-live:\n\n- Rota filled.\n- Courses done.")
    plan = replace(HIT, section="Plan", score=0.58, text="| week | what |\n|---|---|\n| 1 week to go-live | support |")
    question = "How do we know one week before that support is ready for go-live?"
    assert section_for(question, ready, plan) == ready.section


def test_all_hits_are_kept() -> None:
    entry = replace(HIT, document_id="faq.yaml#a", kind="faq", question="Raise a purchase request?", score=0.9)
    assert fitting_first("How do I raise a purchase request?", (entry, *REQUESTS)) == [entry, *REQUESTS]
    assert fitting_first("How do I raise a purchase request?", REQUESTS) == [STEPS, *REQUESTS[:3]]
    assert fitting_first("Anything?", ()) == []
