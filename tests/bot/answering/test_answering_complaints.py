from __future__ import annotations

import pytest

from bot.answering.complaints import is_complaint


@pytest.mark.parametrize("text", [
    "that did not work", "It did not help.", "still nothing", "doesn't work", "I'm still stuck", "I’m still stuck!",
    "Sorry, that didn't help me", "Thanks, but it still does not work", "That did not work for me :(", "no luck",
    "still the same error", "That is not what I asked", "not helpful", "Nothing happens", "Tried that, didn't work",
    "it isn't working", "wrong answer",
])
def test_it_says_that_the_answer_was_of_no_use(text: str) -> None:
    assert is_complaint(text)


@pytest.mark.parametrize("text", [
    "", "thanks", "that worked", "My scanner does not work", "The printer is still broken since Monday",
    "it says error 4711", "Did that not work?", "It does not work on the phone, only on the tablet",
    "I am stuck, can somebody help me please?", "never mind", "no", "work", "How do I know that it did not work",
])
def test_what_tells_or_asks_more_is_none(text: str) -> None:
    assert not is_complaint(text)
