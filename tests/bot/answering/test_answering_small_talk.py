"""Small talk is told from what wants something; in doubt it wants something."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.answering.small_talk import is_content, talk_of, without_greeting

GOLDEN = Path(__file__).resolve().parents[3] / "knowledge" / "questions.jsonl"

SAID = {
    "greeting": [
        "hello", "Hello!", "hi there", "hiii", "Helloooo", "heyy", "hey floorwalker", "Hey Floorwalker 👋",
        "good morning",
        "Good morning everyone!", "Hi :wave:", "👋", ":wave::skin-tone-3:", "hi, how are you?", "Hello? Anyone there?",
        "Hi! I have a question", "quick question", "can I ask you something?", "Guten Morgen", "Bonjour !", "hallo",
        "morning", "hi bot", "Hello again", "ping", "Good day to you", "good mornin", "hello? anyone?",
        "Happy Friday everyone",
    ],
    "thanks": [
        "thanks", "Thanks!", "Thank you so much, Ana", "thx 🙏", ":+1:", "👍",
        ":pray::skin-tone-2:", "ok", "Vielen Dank", "Merci beaucoup", "Thanks in advance",
        "That’s great, thanks a lot", "Thanks Ana", "thanks a lot, @Ben!", "hi, thanks!", "Thanks, bye!",
        "Danke schön!", "thank u v much :)", "ta mate", "ok cool, will try", "that helped",
    ],
    "farewell": ["bye", "Goodbye!", "see you tomorrow", "Have a nice weekend!", "good night", "ok bye", "Byeee",
                 "cya 👋"],
    "settled": [
        "never mind", "Nevermind!", "nvm", "forget it", "Forget about it, thanks", "oh never mind, solved it myself",
        "solved it myself", "got it working", "I got it working, thanks!", "I found it", "Already fixed it myself",
        "figured it out", "never mind, I figured it out myself 😅", "please ignore my last message", "problem solved",
        "no longer needed", "I don't need it anymore", "it's working now", "It works again. Thank you!",
        "Perfect, that worked. Thank you!", "Great, all good now!", "it works now, cheers", "solved",
        "Solved, thanks Ana", "nvm found it", "nevermind, got it", "no thanks", "sorry wrong chat",
    ],
    "help": [
        "help", "Help!", "help me please", "who are you?", "What can you do?", "hi, who are you",
        "Hello, can you help me?",
        "I need help", "what can I ask you?", "are you a bot?", "How does this work?", "what's your name?",
    ],
}
MORE = [
    "", "   ", "thanks, but it still fails", "thanks, how do I print it?", "no", "works?", "not working, thanks",
    "thank you for the answer, I have another question about the import", "👎", ":cry:", "the printer",
    "Thanks! Now the next screen is empty", "Thanks Ana, it still fails", "ok I did that and get error 17",
    "great. it crashed again", "hi, how do I claim a taxi?", "hello the printer is broken", "help me with the import",
    "never mind the form, where is the button?", "I never mind the wait but it is still grey", "forget password",
    "I forgot my password", "solved?", "it is not working", "it works on my phone but not on the laptop",
    "got it working on Chrome, not on Edge", "who is the coach for Hull?", "what can you do about my locked account?",
    "good morning shift hours", "Hello Fresh vouchers as gifts?", "bye-laws of the works council", "good",
    "sorted by date",
    "Translate 'good morning' into Japanese", "test", "can you help me with my claim", "I need help with QM-208",
    "how does this work on the phone?", "problem solved partly", "hi\nmy screen is white", "I found it empty",
    "no good", "it helped not", "that did not help", "Got it working?", "no thanks to this it broke",
]
ALSO_FINE = {"good": "thanks", "test": "greeting"}
"""Single words that mean what they mean after an answer."""


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in SAID.items() for text in texts])
def test_small_talk(kind: str, text: str) -> None:
    assert talk_of(text) == kind


@pytest.mark.parametrize("text", MORE)
def test_what_must_be_seen(text: str) -> None:
    assert talk_of(text) == ALSO_FINE.get(text)


def test_no_golden_question_is_small_talk() -> None:
    questions = [json.loads(line)["question"] for line in GOLDEN.read_text(encoding="utf-8").splitlines() if line]
    assert not [question for question in questions if talk_of(question) or without_greeting(question) != question]


@pytest.mark.parametrize(("asked", "meant"), [
    ("hi, how do I claim a taxi?", "how do I claim a taxi?"),
    ("Hello Floorwalker! Where is the button?", "Where is the button?"),
    ("Good morning Ana, my screen is white", "my screen is white"),
    ("hey how do I print it", "how do I print it"),
    ("Hi :wave: how do I print it?", "how do I print it?"),
    ("Dear team, the import fails since Monday", "the import fails since Monday"),
    ("Hi! How are you? How do I print it?", "How do I print it?"),
    ("hi\nmy screen is white", "my screen is white"),
    ("Hello Fresh vouchers", "Hello Fresh vouchers"),
    ("High prices everywhere now", "High prices everywhere now"),
    ("Hidden columns in my export", "Hidden columns in my export"),
    ("hello", "hello"),
    ("History of a ticket please", "History of a ticket please"),
])
def test_a_greeting_is_taken_off_a_question(asked: str, meant: str) -> None:
    assert without_greeting(asked) == meant


@pytest.mark.parametrize("text", [
    "Thank you so much Ben, that did it!", "Cheers Ben, works like a charm", "ok will try tomorrow and let you know",
    "great, that solved my problem, the eels are gone", "noted with thanks", "You're a star", "thanks, printing",
    "Awesome, thank you for your patience", "👍", "ok thanks will do",
])
def test_who_got_help_sounds_content(text: str) -> None:
    assert is_content(text)


@pytest.mark.parametrize("text", [
    "Thanks, but it is still dark", "great, now it is broken", "ok and how do I print it?", "thanks, it didn't help",
    "It works only until lunch", "Thanks! One more thing", "The printer is dark", "thanks, same problem at gate 5",
    "works on one scanner, not on the other", "Thanks, could you also look at gate 5", "", "thank you " * 40,
])
def test_who_asks_or_complains_does_not(text: str) -> None:
    assert not is_content(text)
