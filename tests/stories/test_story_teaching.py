"""What nobody knew is taught by one coach, approved by another, and known to the next one who asks."""

from __future__ import annotations

import time
from typing import Any

import yaml

from tests.stories.floor import BOT, COACHES, Floor

UNKNOWN = "Where do we park the forklift on Sundays?"
OTHER_WORDS = "Sunday: where should the forklift be parked?"
SECONDS = 10.0
"""From the click to the answer, at most."""


def in_thread(floor: Floor, card: str, words: str) -> dict[str, Any]:
    """Wait for the message below a card that holds these words."""
    return floor.wait_for(lambda: next((message for message in floor.messages(COACHES, "U0ANA", card)[1:]
                                        if words in str(message["blocks"])), {}), words)


def press(floor: Floor, coach: str, message: dict[str, Any], label: str) -> None:
    floor.call("click", user=coach, channel=COACHES, ts=message["ts"], label=label)


def taught(floor: Floor, question: str = UNKNOWN, resolution: str = "In bay 7, key at the gate.") -> tuple[str, str]:
    """Mia asks, Ana resolves it with *Add to the FAQ*. Returns Mia's thread and the card's."""
    asked = floor.say("U0MIA", BOT, question)
    floor.reply_with(BOT, "U0MIA", asked, "FW-")
    card = str(floor.card_of(question)["ts"])
    floor.call("click", user="U0ANA", channel=COACHES, ts=card, label="Resolve")
    assert floor.call("submit", user="U0ANA", values={"Resolution": resolution, "Add to the FAQ": True}) == {}
    floor.reply_with(BOT, "U0MIA", asked, resolution)
    return asked, card


def answer_to(floor: Floor, question: str) -> str:
    asked = floor.say("U0TOM", BOT, question)
    return floor.wait_for(lambda: next(iter(floor.replies(BOT, "U0TOM", asked)), ""), "any reply")


def test_unknown_then_taught_then_known_to_the_next_one_who_asks_in_other_words(floor: Floor) -> None:
    asked, card = taught(floor)
    review = in_thread(floor, card, "Draft for the FAQ")
    assert "look this over" in review["text"], "by Ben, if it is within his hours"
    assert UNKNOWN in str(review["blocks"])
    assert "bay 7" in str(review["blocks"])
    assert "bay 7" not in answer_to(floor, "Is there a place for the forklift on Sundays?"), "not before it is approved"

    press(floor, "U0ANA", review, "Approve")
    floor.wait_for(lambda: any("Another coach" in one["text"] for one in floor.messages(COACHES, "U0ANA", card)))

    clicked = time.monotonic()
    press(floor, "U0BEN", review, "Approve")
    while "bay 7" not in answer_to(floor, OTHER_WORDS):
        assert time.monotonic() - clicked < SECONDS

    floor.reply_with(BOT, "U0MIA", asked, "Your question is now in the FAQ")
    review = in_thread(floor, card, "In the index since")
    [entry] = yaml.safe_load((floor.demo.data / "taught" / "fw-1.yaml").read_text("utf-8"))
    assert entry == {"id": "fw-1", "question": UNKNOWN, "answer": "In bay 7, key at the gate."}

    press(floor, "U0ANA", review, "Take back")
    in_thread(floor, card, "Out of the index since")
    assert "bay 7" not in answer_to(floor, OTHER_WORDS)
    assert not list((floor.demo.data / "taught").glob("*.yaml"))
    floor.settle()
    assert [text for text in floor.replies(BOT, "U0MIA", asked) if "in the FAQ" in text] == [
        "📚 Your question is now in the FAQ, so the next one who asks gets the answer at once."], "told once"


def test_a_reviewer_edits_before_approving(floor: Floor) -> None:
    _, card = taught(floor)
    review = in_thread(floor, card, "Draft for the FAQ")
    press(floor, "U0BEN", review, "Edit")
    assert floor.call("submit", user="U0BEN", values={"Answer": "In bay 9, the key is at the gate."}) == {}
    edited = in_thread(floor, card, "In bay 9")
    assert edited["ts"] == review["ts"], "in its place"
    press(floor, "U0BEN", edited, "Approve")
    in_thread(floor, card, "In the index since")
    assert "bay 9" in answer_to(floor, OTHER_WORDS)


def test_a_rejected_draft_stays_out_and_says_why(floor: Floor) -> None:
    asked, card = taught(floor)
    review = in_thread(floor, card, "Draft for the FAQ")
    press(floor, "U0BEN", review, "Reject")
    assert floor.call("submit", user="U0BEN", values={"Reason": "Only true this week."}) == {}
    in_thread(floor, card, "Only true this week.")
    floor.settle()
    assert not (floor.demo.data / "taught").exists()
    assert not [text for text in floor.replies(BOT, "U0MIA", asked) if "in the FAQ" in text]


def test_what_is_asked_again_is_added_to_the_entry_that_is_there(floor: Floor) -> None:
    _, card = taught(floor)
    press(floor, "U0BEN", in_thread(floor, card, "Draft for the FAQ"), "Approve")
    in_thread(floor, card, "In the index since")
    floor.call("command", user="U0MIA", channel="C0GENERAL", command="/floorwalker",
               text="ticket On Sundays, where do we park the big forklift?")
    card = str(floor.card_of("big forklift")["ts"])
    floor.call("click", user="U0BEN", channel=COACHES, ts=card, label="Resolve")
    floor.call("submit", user="U0BEN", values={"Resolution": "In bay 7, too.", "Add to the FAQ": True})
    review = in_thread(floor, card, "like it already")
    press(floor, "U0ANA", review, f"Extend “{UNKNOWN}” instead")
    in_thread(floor, card, "Added to the entry of FW-1")
    in_thread(floor, card, "In the index since")
    [entry] = yaml.safe_load((floor.demo.data / "taught" / "fw-1.yaml").read_text("utf-8"))
    assert entry["also_asked"] == ["On Sundays, where do we park the big forklift?"]
    assert not (floor.demo.data / "taught" / "fw-2.yaml").exists()
