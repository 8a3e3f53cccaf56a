"""What is meant behind `/floorwalker`: near misses are told from questions."""

from __future__ import annotations

import pytest

from bot.slack.command_words import SUBCOMMANDS, number_meant, says_nothing, subcommand_meant


@pytest.mark.parametrize(("typed", "meant"), [
    ("statsu", "status"), ("hepl", "help"), ("Tickets", "ticket"), ("health please", "health"),
    ("statsu please", "status"), ("duty of", "duty off"), ("duty please", "duty"), ("re-index", "reindex"),
])
def test_a_near_miss_names_the_subcommand(typed: str, meant: str) -> None:
    assert subcommand_meant(typed) == meant


@pytest.mark.parametrize("typed", [
    *SUBCOMMANDS, "", "receipts", "mileage", "password reset", "reset password", "ticket printer", "ask mileage",
    "report printer", "how is my health insured?", "VPN", "claim status", "hello",
])
def test_what_may_be_a_question_is_left_alone(typed: str) -> None:
    assert subcommand_meant(typed) == ""


@pytest.mark.parametrize(("typed", "number"), [
    ("status FW-12", 12), ("ticket fw 3", 3), ("FW-7?", 7), ("status #4", 4), ("status of FW-2", 2), ("status", None),
    ("12", None), ("ticket 12 chairs are missing", None), ("FW-1 is still broken", None),
])
def test_a_tickets_number_is_read_however_it_is_written(typed: str, number: int | None) -> None:
    assert number_meant(typed) == number


@pytest.mark.parametrize("typed", ["a", "@ana", "12", "?!", "<#C1>"])
def test_a_token_without_a_word_says_nothing(typed: str) -> None:
    assert says_nothing(typed)


@pytest.mark.parametrize("typed", ["", "VPN", "hi", "a b", "receipt?", "@ana help"])
def test_a_word_says_something(typed: str) -> None:
    assert not says_nothing(typed)
