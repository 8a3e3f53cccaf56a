from __future__ import annotations

import pytest

from bot.desk.thanks import is_thanks


@pytest.mark.parametrize("text", [
    "thanks", "Thanks!", "Thank you so much, Ana", "thx 🙏", "Perfect, that worked. Thank you!", ":+1:", "👍",
    ":pray::skin-tone-2:", "ok", "Great, all good now!", "Vielen Dank", "Merci beaucoup", "it works now, cheers",
    "That’s great, thanks a lot", "Thanks Ana", "thanks a lot, @Ben!",
])
def test_a_thank_you(text: str) -> None:
    assert is_thanks(text)


@pytest.mark.parametrize("text", [
    "", "   ", "thanks, but it still fails", "thanks, how do I print it?", "no", "works?", "not working, thanks",
    "thank you for the answer, I have another question", "👎", ":cry:", "the printer",
    "Thanks! Now the next screen is empty", "Thanks Ana, it still fails", "ok I did that and get error 17",
    "great. it crashed again",
])
def test_something_that_must_be_seen(text: str) -> None:
    assert not is_thanks(text)
