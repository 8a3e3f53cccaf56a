"""What a coach does on the page: claim, ask back, reply, resolve, teach, go off duty."""

from __future__ import annotations

import pytest

from tests.browser.screen import Screen, Screens, expect
from tests.stories.floor import BOT, COACHES, Floor

UNKNOWN = "Where do we park the forklift on Sundays?"


@pytest.fixture
def ana(screens: Screens, floor: Floor) -> Screen:
    """In front of a new ticket's card."""
    floor.reply_with(BOT, "U0MIA", floor.say("U0MIA", BOT, UNKNOWN), "FW-1")
    floor.card_of("forklift")
    return screens.of("U0ANA", "C0COACHES")


def test_a_claimed_ticket_names_one_owner_and_a_question_goes_there_and_back(ana: Screen, screens: Screens) -> None:
    card = ana.message("forklift")
    ana.press(card, "Claim")
    expect(card.locator(".section-fields")).to_contain_text("@Ana Duarte")
    expect(card.get_by_role("button", name="Claim")).to_have_count(0)
    ana.press(card, "Ask back")
    form = ana.form("Ask back: FW-1")
    form.get_by_label("Question").fill("Which site are you at?")
    ana.press(form, "Send")
    expect(form).to_be_hidden()
    mia = screens.of("U0MIA")
    mia.message("forklift").locator(".replies").click()
    expect(mia.answer("Which site are you at?")).to_be_visible()
    mia.reply("Hull, gate 2.")
    ana.open_thread("forklift")
    expect(ana.answer("Hull, gate 2.")).to_be_visible()


def test_a_reply_below_the_card_reaches_the_asker_and_a_note_does_not(ana: Screen, screens: Screens) -> None:
    mia = screens.of("U0MIA")
    mia.message("forklift").locator(".replies").click()
    ana.open_thread("forklift")
    ana.reply("// Ben, was that not changed last week?")
    ana.reply("In the *yard*, behind hall 3.")
    said = mia.answer("In the yard, behind hall 3.")
    expect(said).to_contain_text("@Ana Duarte")
    expect(mia.page.locator("#thread-list")).not_to_contain_text("changed last week")


def test_a_resolution_reaches_the_asker_and_once_approved_the_next_one_who_asks(ana: Screen, screens: Screens) -> None:
    ana.press(ana.message("forklift"), "Resolve")
    form = ana.form("Resolve: FW-1")
    form.get_by_label("Resolution").fill("In the yard behind hall 3. The key hangs in the gate house.")
    form.get_by_label("Add to the FAQ").check()
    ana.press(form, "Resolve")
    expect(ana.message("Resolution")).to_contain_text("Resolved")
    mia = screens.of("U0MIA")
    mia.message("forklift").locator(".replies").click()
    expect(mia.answer("The key hangs in the gate house.")).to_be_visible()
    ben = screens.of("U0BEN", "C0COACHES")
    ben.open_thread("forklift")
    ben.press(ben.answer("Draft for the FAQ"), "Approve")
    expect(ben.answer("In the FAQ")).to_be_visible()
    tom = screens.of("U0TOM")
    tom.write(UNKNOWN)
    expect(tom.answer("The key hangs in the gate house.")).to_be_visible()


def test_home_lists_what_is_unclaimed_and_switches_off_duty_and_on(ana: Screen) -> None:
    home = ana.home()
    expect(home).to_contain_text("Unclaimed (1)")
    ana.press(home, "Go off duty")
    expect(home.get_by_role("button", name="Back on duty")).to_be_visible()
    ana.press(home, "Back on duty")
    expect(home.get_by_role("button", name="Go off duty")).to_be_visible()
    home.get_by_role("link", name=UNKNOWN).first.click()
    expect(ana.message("forklift")).to_be_in_viewport()


def test_who_comes_second_to_claim_is_told_and_only_they(ana: Screen, screens: Screens, floor: Floor) -> None:
    floor.call("fault", kind="slow", method="chat.update", count=1, seconds=3)
    ben = screens.of("U0BEN", "C0COACHES")
    ana.press(ana.message("forklift"), "Claim")
    ben.press(ben.message("FW-1"), "Claim")
    expect(ben.message("Only visible to you")).to_contain_text("Ana Duarte")
    expect(ana.page.locator("#channel-list")).not_to_contain_text("Only visible to you")
    assert len(floor.messages(COACHES, "U0EVE")) == 1
