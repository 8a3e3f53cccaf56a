"""What coaches do by *More*, by forms and at Home: each entry, what the others see of it, and what is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from bot.desk.desk import Desk
from tests.stories.floor import BOT, COACHES, Floor

UNKNOWN = "Where do we park the forklift on Sundays?"
FINANCE = "C0FINANCE"


@pytest.fixture
def more_settings() -> str:
    return f"""
[[people]]
user = "U0MIA"
role = "buyer"
site = "Hull"
[[areas]]
name = "Finance"
about = "expenses, invoices, purchase orders"
channel = "{FINANCE}"
"""


def desk_of(floor: Floor) -> Desk:
    assert floor.demo.bot is not None
    return floor.demo.bot.desk


def opened(floor: Floor, text: str = UNKNOWN, user: str = "U0MIA") -> tuple[str, str]:
    """An unknown question: returns the asker's thread and the card's."""
    asked = floor.say(user, BOT, text)
    floor.wait_for(lambda: floor.replies(BOT, user, asked), "the number")
    return asked, str(floor.card_of(text)["ts"])


def click(floor: Floor, card: str, label: str, coach: str = "U0ANA", channel: str = COACHES) -> None:
    floor.call("click", user=coach, channel=channel, ts=card, label=label)


def fill_in(floor: Floor, card: str, label: str, values: Mapping[str, Any], coach: str = "U0ANA") -> dict[str, str]:
    """Open the form behind a label and submit it. Returns the errors beside its fields."""
    click(floor, card, label, coach)
    return submit(floor, values, coach)


def submit(floor: Floor, values: Mapping[str, Any], coach: str = "U0ANA") -> dict[str, str]:
    errors: dict[str, str] = floor.call("submit", user=coach, values=values).get("errors", {})
    return errors


def blocks_of(floor: Floor, channel: str, ts: str) -> str:
    return str(next((one["blocks"] for one in floor.messages(channel, "U0ANA") if one["ts"] == ts), ""))


def test_the_card_says_who_asks(floor: Floor) -> None:
    _, card = opened(floor)
    floor.card_says(card, "buyer, Hull")
    floor.card_says(card, "The whole desk")


def test_priority_and_tags_are_changed_in_one_form(floor: Floor) -> None:
    _, card = opened(floor)
    values = {"Priority": "Urgent", "Tags": "Yard, " + "x" * 31}
    errors = fill_in(floor, card, "Priority, area, tags", values)
    assert "30 characters" in errors["Tags"]
    assert desk_of(floor).ticket(1).priority == "normal", "nothing is done by halves"
    assert submit(floor, {"Priority": "Urgent", "Tags": "Yard, sunday"}) == {}
    floor.card_says(card, "🚨 Urgent")
    floor.card_says(card, "sunday, yard")


def test_another_area_gets_a_card_of_its_own_and_the_former_one_says_where(floor: Floor) -> None:
    _, card = opened(floor)
    assert fill_in(floor, card, "Priority, area, tags", {"Area": "Finance", "Tags": "yard"}) == {}
    floor.wait_for(lambda: f"has moved to <#{FINANCE}>" in blocks_of(floor, COACHES, card), "the former card")
    assert "'Claim'" not in blocks_of(floor, COACHES, card)
    moved = floor.wait_for(lambda: [one for one in floor.messages(FINANCE, "U0ANA") if "FW-1" in str(one["blocks"])])[0]
    assert "Finance" in str(moved["blocks"])
    assert "yard" in str(moved["blocks"])
    click(floor, moved["ts"], "Claim", channel=FINANCE)
    floor.wait_for(lambda: desk_of(floor).ticket(1).owner == "U0ANA", "the claim")


def test_passed_on_to_another_coach_taken_over_and_given_back(floor: Floor) -> None:
    asked, card = opened(floor)
    click(floor, card, "Claim")
    floor.reply_with(BOT, "U0MIA", asked, "<@U0ANA> is looking after")
    label, passed_on = "Pass on or give back", {"What to do": "Pass on to a coach"}
    assert "Coach" in fill_in(floor, card, label, passed_on)
    assert "coaches only" in submit(floor, passed_on | {"Coach": "tom"})["Coach"]
    assert submit(floor, passed_on | {"Coach": "ben", "Note": "You know the yard."}) == {}
    floor.reply_with(BOT, "U0MIA", asked, "<@U0BEN> is looking after")
    floor.reply_with(COACHES, "U0BEN", card, "<@U0BEN>: <@U0ANA> passed this on to you: You know the yard.")
    assert fill_in(floor, card, label, {"What to do": "Take it over myself"}) == {}
    floor.wait_for(lambda: desk_of(floor).ticket(1).owner == "U0ANA", "the new owner")
    assert fill_in(floor, card, label, {"What to do": "Give back to all coaches"}) == {}
    floor.card_says(card, "nobody yet")
    floor.reply_with(BOT, "U0MIA", asked, "back with all coaches")


def test_a_duplicate_ends_and_its_asker_hears_of_the_resolution(floor: Floor) -> None:
    _, first = opened(floor)
    asked, second = opened(floor, "Is there a bay for the forklift at weekends?", "U0TOM")
    label, same = "Same as another ticket", {"What it is": "Duplicate"}
    assert "number of a ticket" in fill_in(floor, second, label, same | {"Ticket": "the other"})["Ticket"]
    assert "no ticket FW-7" in submit(floor, same | {"Ticket": "fw-7"})["Ticket"]
    assert "this very ticket" in submit(floor, same | {"Ticket": "2"})["Ticket"]
    assert submit(floor, same | {"Ticket": "FW-1"}) == {}
    floor.reply_with(BOT, "U0TOM", asked, "about the same as *FW-1*")
    floor.card_says(second, "the same as another ticket: *FW-1*")
    floor.card_says(first, "*FW-2* by <@U0TOM>")
    assert fill_in(floor, first, "Resolve", {"Resolution": "In bay 7.", "How it ended": "Workaround"}) == {}
    floor.reply_with(BOT, "U0TOM", asked, "In bay 7.")
    floor.card_says(first, "with a workaround")


def test_two_tickets_of_one_person_become_one(floor: Floor) -> None:
    opened(floor)
    asked, second = opened(floor, "And where do we park the crane?")
    click(floor, second, "Same as another ticket")
    modal = floor.http.get("/workspace/views", params={"user": "U0ANA"}).json()["modal"]
    assert "*FW-1*: Where do we park the forklift" in str(modal["blocks"])
    assert submit(floor, {"Ticket": "FW-1", "What it is": "Merge (same asker)"}) == {}
    floor.reply_with(BOT, "U0MIA", asked, "we go on with *FW-1*")
    floor.wait_for(lambda: desk_of(floor).ticket(2).reason == "merged", "the end of it")


def test_related_tickets_name_each_other_also_after_their_end(floor: Floor) -> None:
    _, first = opened(floor)
    _, second = opened(floor, "Who repairs the coffee maker?", "U0TOM")
    click(floor, second, "Not a request")
    floor.card_says(second, "it was no request")
    assert fill_in(floor, second, "Related ticket", {"Ticket": "FW-1"}) == {}
    floor.card_says(first, "Related: *FW-2* (closed)")
    floor.card_says(second, "Related: *FW-1* (new)")
    assert fill_in(floor, second, "Tags", {"Tags": "coffee"}) == {}
    floor.card_says(second, "🏷️ coffee")


def test_waiting_for_a_third_party_and_going_on(floor: Floor) -> None:
    asked, card = opened(floor)
    parked = {"What to do": "It waits for a third party", "Until": "Tomorrow morning"}
    assert "asker is told" in fill_in(floor, card, "Wait or snooze", parked)["What the third party has to do"]
    assert submit(floor, parked | {"What the third party has to do": "the landlord to open the yard"}) == {}
    floor.reply_with(BOT, "U0MIA", asked, "the landlord to open the yard")
    floor.card_says(card, "Waiting for a third party")
    floor.card_says(card, "Nobody is reminded until")
    click(floor, card, "Go on")
    floor.card_says(card, "🙋 Claimed")


def test_a_snoozed_ticket_stays_as_it_is(floor: Floor) -> None:
    _, card = opened(floor)
    assert "until when" in fill_in(floor, card, "Wait or snooze", {"What to do": "Snooze"})["Until"]
    assert submit(floor, {"What to do": "Snooze", "Until": "In 3 hours"}) == {}
    floor.card_says(card, "Nobody is reminded until")
    assert desk_of(floor).ticket(1).state == "new"


def test_a_snooze_ends_early_by_go_on(floor: Floor) -> None:
    _, card = opened(floor)
    fill_in(floor, card, "Wait or snooze", {"What to do": "Snooze", "Until": "In 3 hours"})
    floor.card_says(card, "Nobody is reminded until")
    click(floor, card, "Go on")
    floor.wait_for(lambda: "Nobody is reminded" not in blocks_of(floor, COACHES, card), "the end of the snooze")
    assert desk_of(floor).ticket(1).state == "new"


def test_not_a_request_is_taken_back_by_open_again(floor: Floor) -> None:
    asked, card = opened(floor)
    click(floor, card, "Not a request")
    floor.reply_with(COACHES, "U0BEN", card, "*Open again* in its menu takes that back")
    floor.card_says(card, "it was no request")
    click(floor, card, "Open again", "U0BEN")
    floor.reply_with(BOT, "U0MIA", asked, "*FW-1* is open again, says <@U0BEN>: a coach will reply here")
    floor.card_says(card, "🔔 New")
    floor.card_says(card, "<@U0BEN> opened it again")


def test_a_form_that_was_refused_may_be_sent_again_as_it_is(floor: Floor) -> None:
    _, card = opened(floor)
    values = {"Ticket": "FW-2", "What it is": "Only related"}
    assert "no ticket FW-2" in fill_in(floor, card, "Same as another ticket", values)["Ticket"]
    opened(floor, "Who repairs the coffee maker?", "U0TOM")
    assert submit(floor, values) == {}
    floor.card_says(card, "Related: *FW-2* (new)")


def test_what_helped_another_is_suggested_edited_and_sent(floor: Floor) -> None:
    _, first = opened(floor)
    fill_in(floor, first, "Resolve", {"Resolution": "In bay 7, key at the gate."})
    asked, card = opened(floor, "Where may I park the forklift on Sundays?", "U0TOM")
    floor.card_says(card, "Resolved before")
    floor.card_says(card, "Suggested reply* · from FW-1")
    click(floor, card, "Send suggestion", "U0BEN")
    modal = floor.http.get("/workspace/views", params={"user": "U0BEN"}).json()["modal"]
    assert "In bay 7, key at the gate." in str(modal["blocks"])
    assert submit(floor, {"Reply": "In bay 8 now, key at the gate."}, "U0BEN") == {}
    floor.reply_with(BOT, "U0TOM", asked, "<@U0BEN>: In bay 8 now, key at the gate.")
    floor.reply_with(COACHES, "U0ANA", card, "<@U0BEN> replied: In bay 8 now")
    assert desk_of(floor).ticket(2).owner == "U0BEN"


def test_the_history_is_told_to_who_asks_only(floor: Floor) -> None:
    _, card = opened(floor)
    click(floor, card, "Claim")
    floor.card_says(card, "🙋 Claimed")
    click(floor, card, "History", "U0BEN")
    told = floor.wait_for(lambda: [one for one in floor.messages(COACHES, "U0BEN") if one["ephemeral"]])[0]
    assert "<@U0MIA> asked" in told["text"]
    assert "<@U0ANA> claimed it" in told["text"]
    assert not [one for one in floor.messages(COACHES, "U0ANA") if one["ephemeral"]]


def test_forms_open_for_coaches_and_open_tickets_only(floor: Floor) -> None:
    _, card = opened(floor)
    click(floor, card, "Wait or snooze", "U0EVE")
    floor.wait_for(lambda: [one for one in floor.messages(COACHES, "U0EVE") if one["ephemeral"]], "the refusal")
    assert floor.http.get("/workspace/views", params={"user": "U0EVE"}).json()["modal"] is None
    click(floor, card, "Pass on or give back")
    click(floor, card, "Not a request", "U0BEN")
    floor.card_says(card, "Closed")
    assert "closed already" in submit(floor, {"What to do": "Take it over myself"})["What to do"]


def test_a_coach_goes_off_duty_at_home_and_comes_back(floor: Floor) -> None:
    def home() -> str:
        return str(floor.http.get("/workspace/views", params={"user": "U0BEN"}).json()["home"])

    floor.call("open_home", user="U0BEN")
    floor.wait_for(lambda: "Go off duty" in home(), "the Home tab")
    floor.call("click", user="U0BEN", label="Go off duty")
    floor.wait_for(lambda: "You are off duty" in home(), "the change")
    assert desk_of(floor).off_duty("U0BEN")
    floor.call("click", user="U0BEN", label="Back on duty")
    floor.wait_for(lambda: "Go off duty" in home(), "the change back")
    assert not desk_of(floor).off_duty("U0BEN")
