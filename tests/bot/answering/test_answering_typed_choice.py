"""Which candidate somebody means who types instead of pressing a button."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.typed_choice import picked_from

TITLES = ("Receipts › Lost receipts", "My company card is lost?", "How do I claim mileage?")


@pytest.mark.parametrize(("text", "number"), [
    ("1", 0), ("2.", 1), ("(3)", 2), ("#1", 0), ("no. 2", 1), ("Number two", 1), ("option 3 please", 2),
    ("first", 0), ("The first one", 0), ("the 2nd", 1), ("second!", 1), ("I mean the third one, thanks", 2),
    ("the last one", 2), ("Last", 2), ("the top one", 0), ("the one in the middle", None), ("the middle one", 1),
    ("No, the second one", 1), ("can you show me the first one?", 0), ("one", 0), ("two please", 1),
    ("the first of these", 0), ("2 :pray:", 1), ("it's the 3rd one I think", 2),
])
def test_a_place_in_the_list(text: str, number: int | None) -> None:
    assert picked_from(text, TITLES) == number


@pytest.mark.parametrize(("text", "number"), [
    ("My company card is lost?", 1), ("my company card is lost", 1), ("Receipts › Lost receipts", 0),
    ("lost receipts", 0), ("LOST RECEIPT", 0), ("how do i claim mileage", 2), ("Claim mileage please", 2),
    ("company card lost", 1), ("I mean lost receipts", 0), ("the mileage one", 2), ("the company card one", 1),
])
def test_a_title_or_most_of_its_words(text: str, number: int) -> None:
    assert picked_from(text, TITLES) == number


@pytest.mark.parametrize("text", [
    "none of these", "None", "neither", "Neither of them.", "no", "Nope", "not these", "none of them fits",
    "No, none of these", "that's not what I meant", "none of the above", "something else", "none of these, sorry",
    "Neither is what I asked for", "these are not it",
])
def test_none_of_them(text: str) -> None:
    assert picked_from(text, TITLES) == "none"


@pytest.mark.parametrize("text", [
    "", "?", "4", "the fifth one", "10", "1.5", "1 or 2?", "1 and 3", "both", "all of them", "this one", "that one",
    "yes", "not the first one", "the latter", "first of all, how do I sign in?", "How do I claim mileage abroad?",
    "Who claims mileage?", "When is mileage claimed?", "I did not lose receipts", "How do I replace a lost receipt?",
    "the lost one", "card", "I need two receipts for one claim", "My card does not open the door",
    "where is the last one?", "none of these, I need a printer", "nothing works", "no problem", "thanks", "sorry",
    "lost receipts " * 40, "second claim rejected", "I have 2 cards", "What is the first step?",
])
def test_anything_else_is_no_choice(text: str) -> None:
    assert picked_from(text, TITLES) is None


@pytest.mark.parametrize(("text", "picked"), [
    ("yes", 0), ("Yes please", 0), ("exactly", 0), ("that one", 0), ("that's it", 0), ("no", "none"),
    ("1", 0), ("2", None), ("the last one", 0), ("yes, but abroad", None), ("What is it?", None),
])
def test_a_single_candidate_is_confirmed(text: str, picked: int | str | None) -> None:
    assert picked_from(text, TITLES[:1]) == picked


def test_of_two_there_is_a_former_and_a_latter() -> None:
    assert [picked_from(text, TITLES[1:]) for text in ("the former", "the latter", "the middle one")] == [0, 1, None]


def test_what_fits_two_titles_is_no_choice() -> None:
    twice = ("Travel › Receipts", "Company card › Receipts")
    assert picked_from("receipts", twice) is None
    assert picked_from("travel receipts", twice) == 0
    assert picked_from("company card", twice) == 1


def test_nothing_is_chosen_where_nothing_was_offered() -> None:
    assert picked_from("1", ()) is None


@given(st.text(max_size=40), st.lists(st.text(max_size=20), max_size=4))
def test_only_what_was_offered_can_be_chosen(text: str, titles: list[str]) -> None:
    picked = picked_from(text, titles)
    assert picked in (None, "none") or (isinstance(picked, int) and 0 <= picked < len(titles))
