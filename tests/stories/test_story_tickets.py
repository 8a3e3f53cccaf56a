"""What nobody had an answer to: ticket, coach, and back to the asker."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.stories.floor import BOT, COACHES, Floor

UNKNOWN = "Where do we park the forklift on Sundays?"


def opened(floor: Floor) -> tuple[str, str]:
    """An unknown question: returns the asker's thread and the card's."""
    asked = floor.say("U0MIA", BOT, UNKNOWN)
    floor.reply_with(BOT, "U0MIA", asked, "FW-1")
    return asked, str(floor.card_of("forklift")["ts"])


def test_from_question_to_resolution_every_step_is_visible_to_the_asker(floor: Floor) -> None:
    asked, card = opened(floor)
    floor.call("click", user="U0ANA", channel=COACHES, ts=card, label="Claim")
    floor.reply_with(BOT, "U0MIA", asked, "<@U0ANA> is looking after")
    floor.card_says(card, "<@U0ANA>")

    floor.call("click", user="U0ANA", channel=COACHES, ts=card, label="Ask back")
    assert floor.call("submit", user="U0ANA", values={"Question": "Which site are you at?"}) == {}
    floor.reply_with(BOT, "U0MIA", asked, "Which site are you at?")
    floor.card_says(card, "Waiting for the asker")

    floor.say("U0MIA", BOT, "In Hull.", thread_ts=asked)
    floor.reply_with(COACHES, "U0ANA", card, "In Hull.")
    floor.say("U0ANA", COACHES, "// must be the new yard", thread_ts=card)
    floor.say("U0ANA", COACHES, "Thanks, I am finding out.", thread_ts=card)
    floor.reply_with(BOT, "U0MIA", asked, "Thanks, I am finding out.")

    floor.call("click", user="U0ANA", channel=COACHES, ts=card, label="Resolve")
    assert floor.call("submit", user="U0ANA", values={"Resolution": "In bay 7, key at the gate."}) == {}
    floor.reply_with(BOT, "U0MIA", asked, "In bay 7, key at the gate.")
    floor.card_says(card, "Resolved")
    floor.settle()
    assert not [text for text in floor.replies(BOT, "U0MIA", asked) if "new yard" in text]


def test_still_stuck_opens_a_ticket_that_says_what_the_bot_tried(floor: Floor) -> None:
    asked = floor.say("U0TOM", "C0GOLIVE", f"<@{BOT}> How do I attach a receipt to a claim?")
    floor.reply_with("C0GOLIVE", "U0TOM", asked, "Attach receipt")
    floor.call("click", user="U0TOM", channel="C0GOLIVE", ts=asked, label="Still stuck")
    floor.reply_with("C0GOLIVE", "U0TOM", asked, "FW-1")
    card = floor.card_of("still stuck")
    assert "<@U0TOM>" in str(card["blocks"])
    assert "Receipts" in str(card["blocks"])


def test_two_coaches_claim_at_once_one_wins_and_the_other_is_told(floor: Floor) -> None:
    _, card = opened(floor)

    def claim(coach: str) -> int:
        return floor.http.post("/workspace/click", json={
            "user": coach, "channel": COACHES, "ts": card, "label": "Claim"}).status_code

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(claim, ["U0ANA", "U0BEN"])) == [200, 200]
    floor.settle()
    owners = [entry.actor for entry in floor.demo.bot.desk.history(1) if entry.step == "claimed"]  # type: ignore[union-attr]
    assert len(owners) == 1
    loser = "U0BEN" if owners == ["U0ANA"] else "U0ANA"
    whispers = [m for m in floor.messages(COACHES, loser) + floor.messages(COACHES, loser, card) if m["ephemeral"]]
    assert [m for m in whispers if owners[0] in m["text"] or "claimed" in m["text"].lower()]
    winner_sees = [m for m in floor.messages(COACHES, owners[0]) if m["ephemeral"]]
    assert not winner_sees


def test_a_resolved_ticket_is_reopened_by_a_reply_but_not_by_thanks(floor: Floor) -> None:
    asked, card = opened(floor)
    floor.call("click", user="U0ANA", channel=COACHES, ts=card, label="Resolve")
    floor.call("submit", user="U0ANA", values={"Resolution": "In bay 7."})
    floor.reply_with(BOT, "U0MIA", asked, "In bay 7.")
    floor.say("U0MIA", BOT, "Thanks a lot!", thread_ts=asked)
    floor.settle()
    floor.card_says(card, "Resolved")
    floor.say("U0MIA", BOT, "Bay 7 is locked, what now?", thread_ts=asked)
    floor.reply_with(COACHES, "U0ANA", card, "Bay 7 is locked")
    floor.card_says(card, "Claimed")
    floor.reply_with(BOT, "U0MIA", asked, "*FW-1* is open again: <@U0ANA> will reply here in this thread.")


def test_who_resolves_second_keeps_their_words_and_hears_by_whom_it_was_done(floor: Floor) -> None:
    _, card = opened(floor)
    for coach in ("U0ANA", "U0BEN"):
        floor.call("click", user=coach, channel=COACHES, ts=card, label="Resolve")
    assert floor.call("submit", user="U0ANA", values={"Resolution": "In bay 7."}) == {}
    errors = floor.call("submit", user="U0BEN", values={"Resolution": "In bay 8."})["errors"]
    assert "resolved already" in errors["Resolution"]
    [told] = floor.wait_for(lambda: [m for m in floor.messages(COACHES, "U0BEN") if m["ephemeral"]], "a word")
    assert told["text"] == "This ticket is resolved already, by <@U0ANA>."
    floor.call("click", user="U0TOM", channel=COACHES, ts=card, label="Open again")
    floor.settle()
    assert not [text for text in floor.replies(COACHES, "U0ANA", card) if "opened this again" in text], "no coach"


def test_what_others_say_under_a_resolution_reaches_the_coaches_and_opens_nothing(floor: Floor) -> None:
    asked = floor.say("U0MIA", "C0GOLIVE", f"<@{BOT}> {UNKNOWN}")
    floor.reply_with("C0GOLIVE", "U0MIA", asked, "FW-1")
    card = str(floor.card_of("forklift")["ts"])
    floor.call("click", user="U0ANA", channel=COACHES, ts=card, label="Resolve")
    floor.call("submit", user="U0ANA", values={"Resolution": "In bay 7."})
    floor.reply_with("C0GOLIVE", "U0MIA", asked, "In bay 7.")
    floor.say("U0TOM", "C0GOLIVE", "Bay 7 is flooded since Monday", thread_ts=asked)
    floor.reply_with(COACHES, "U0ANA", card, "<@U0TOM>: Bay 7 is flooded")
    floor.settle()
    floor.card_says(card, "✅ Resolved")


def test_a_ticket_from_a_command_has_its_thread_in_direct_messages(floor: Floor) -> None:
    floor.call("command", user="U0PRIYA", channel="C0GENERAL", command="/floorwalker", text=UNKNOWN)
    floor.wait_for(lambda: [m for m in floor.messages("C0GENERAL", "U0PRIYA") if "FW-1" in m["text"]])
    opener = floor.wait_for(lambda: [m for m in floor.messages(BOT, "U0PRIYA") if "FW-1" in m["text"]])[0]
    card = floor.card_of("forklift")
    floor.say("U0BEN", COACHES, "Behind the hall.", thread_ts=card["ts"])
    floor.reply_with(BOT, "U0PRIYA", opener["ts"], "Behind the hall.")


def test_edits_follow_and_deletions_take_the_text_along(floor: Floor) -> None:
    asked, card = opened(floor)
    reply = floor.say("U0MIA", BOT, "It is the red one.", thread_ts=asked)
    floor.reply_with(COACHES, "U0ANA", card, "the red one")
    floor.call("edit", user="U0MIA", channel=BOT, ts=reply, text="It is the blue one.")
    floor.reply_with(COACHES, "U0ANA", card, "the blue one")
    floor.call("delete", user="U0MIA", channel=BOT, ts=reply)
    floor.wait_for(lambda: not [text for text in floor.replies(COACHES, "U0ANA", card) if "blue" in text])


def test_a_deleted_question_takes_its_ticket_to_the_direct_messages(floor: Floor) -> None:
    """The asker deletes the question while its hand-over is on the way; the coach's reply finds them all the same."""
    floor.call("fault", kind="rate_limited", method="chat.postMessage", count=2, seconds=1)
    asked = floor.say("U0MIA", "C0GOLIVE", f"<@{BOT}> {UNKNOWN}")
    bot = floor.demo.bot
    assert bot is not None
    floor.wait_for(bot.desk.open_tickets, "the ticket")
    floor.call("delete", user="U0MIA", channel="C0GOLIVE", ts=asked)
    card = floor.card_of("FW-1")
    floor.say("U0ANA", COACHES, "Was that the yard in Hull?", thread_ts=card["ts"])
    floor.wait_for(lambda: any(
        "yard in Hull" in text
        for message in floor.messages(BOT, "U0MIA") for text in floor.replies(BOT, "U0MIA", message["ts"])
    ), "the reply in direct messages")
    assert not [m for m in floor.messages("C0OPS", "U0EVE") if "could not deliver" in m["text"]]


def test_who_is_no_coach_cannot_claim(floor: Floor) -> None:
    _, card = opened(floor)
    floor.call("click", user="U0EVE", channel=COACHES, ts=card, label="Claim")
    floor.wait_for(lambda: [m for m in floor.messages(COACHES, "U0EVE") if m["ephemeral"] and "coach" in m["text"]])
    floor.settle()
    assert floor.demo.bot.desk.ticket(1).owner is None  # type: ignore[union-attr]
