"""What an end user does on the page: ask, be helped or not, report, look at their tickets."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from tests.browser.screen import Screens, expect
from tests.stories.floor import BOT, Floor

if TYPE_CHECKING:
    from playwright.sync_api import Route

QUESTION = "How do I attach a receipt to a claim?"
UNKNOWN = "Where do we park the forklift on Sundays?"


def test_a_question_opens_its_thread_with_the_quote_the_source_and_two_buttons(screens: Screens) -> None:
    mia = screens.of("U0MIA")
    mia.write(QUESTION)
    answer = mia.answer("Attach receipt")
    expect(answer.locator("strong", has_text="Expenses")).to_be_visible()
    source = answer.get_by_role("link", name="Receipts › Attach a receipt to a claim").first
    expect(source).to_have_attribute("href", "https://intranet.example/receipts#attach-a-receipt-to-a-claim")
    expect(answer.get_by_role("button", name="Still stuck")).to_be_visible()
    mia.press(answer, "That helped")
    expect(answer).to_contain_text("Glad that helped")
    expect(answer.get_by_role("button", name="Still stuck")).to_have_count(0)


def test_an_answer_that_is_faster_than_the_confirmation_opens_its_thread_too(screens: Screens, floor: Floor) -> None:
    mia = screens.of("U0MIA")

    def confirm_late(route: Route) -> None:
        confirmation = route.fetch()
        floor.settle()
        route.fulfill(response=confirmation)

    def fetch_late(route: Route) -> None:
        time.sleep(0.5)
        route.continue_()

    mia.settle()
    mia.page.route("**/workspace/say", confirm_late)
    mia.page.route("**/workspace/messages*", fetch_late)
    mia.write(QUESTION)
    expect(mia.answer("Attach receipt")).to_be_visible()


def test_who_is_still_stuck_gets_a_ticket_and_what_they_add_reaches_the_card(screens: Screens) -> None:
    mia = screens.of("U0MIA")
    mia.write(QUESTION)
    mia.press(mia.answer("Attach receipt"), "Still stuck")
    expect(mia.answer("Your ticket is FW-1")).to_be_visible()
    mia.reply("The button is *grey*, and says `E-17`.")
    expect(mia.answer("E-17").locator("code")).to_have_text("E-17")
    expect(mia.page.get_by_role("radio", name="Ana").locator(".badge")).to_be_visible()
    mia.be("Ana")
    mia.message("FW-1").locator(".replies").click()
    expect(mia.answer("The button is grey, and says E-17.")).to_be_visible()


def test_a_report_is_refused_beside_the_wrong_field_and_taken_once_it_is_right(screens: Screens) -> None:
    tom = screens.of("U0TOM")
    form = tom.shortcut("Report a problem")
    what, link = form.get_by_label("What is wrong?"), form.get_by_label("A link to it")
    expect(what).to_be_focused()
    tom.press(form, "Send")
    expect(what).to_have_attribute("aria-invalid", "true")
    expect(what).to_have_accessible_description(re.compile("Please complete this required field."))
    expect(what).to_be_focused()
    what.fill("The label printer prints everything twice.")
    link.fill("not an address")
    tom.press(form, "Send")
    expect(link).to_have_attribute("aria-invalid", "true")
    expect(what).to_have_attribute("aria-invalid", "false")
    link.fill("https://printers.example/4")
    form.get_by_label("How bad is it?").select_option("I cannot work")
    tom.press(form, "Send")
    expect(form).to_be_hidden()
    expect(tom.message("FW-1")).to_contain_text("label printer")
    tom.be("Ana")
    expect(tom.message("label printer")).to_contain_text("Urgent")


def test_home_shows_my_ticket_and_leads_to_its_thread(screens: Screens, floor: Floor) -> None:
    floor.reply_with(BOT, "U0MIA", floor.say("U0MIA", BOT, UNKNOWN), "FW-1")
    mia = screens.of("U0MIA")
    home = mia.home()
    expect(home).to_contain_text("waits for a coach")
    home.get_by_role("link", name=UNKNOWN).click()
    expect(mia.answer("your ticket is FW-1")).to_be_visible()


def test_a_question_asked_from_home_is_answered_in_its_form(screens: Screens) -> None:
    mia = screens.of("U0MIA", "D0MIA", "home")
    mia.press(mia.page.locator("#home"), "Ask")
    form = mia.form("Ask Floorwalker")
    form.get_by_label("Your question").fill(QUESTION)
    mia.press(form, "Ask")
    expect(form).to_contain_text("Attach receipt")
    mia.page.keyboard.press("Escape")
    expect(form).to_be_hidden()


def test_anybody_s_message_becomes_a_ticket_from_its_menu(screens: Screens, floor: Floor) -> None:
    floor.say("U0TOM", "C0GENERAL", "The scanner in bay 4 beeps all day.")
    mia = screens.of("U0MIA", "C0GENERAL")
    mia.act_on(mia.message("scanner in bay 4"), "Create ticket")
    told = mia.message("FW-1")
    expect(told).to_contain_text("Only visible to you")
    mia.be("Ana")
    expect(mia.message("scanner in bay 4")).to_contain_text("handed over what @Tom Okafor wrote")


def test_a_mention_is_completed_while_typing_and_answered_in_a_thread(screens: Screens) -> None:
    tom = screens.of("U0TOM", "C0GOLIVE")
    box = tom.page.locator("#composer")
    box.press_sequentially("@flo")
    expect(tom.page.get_by_role("option", name="@floorwalker")).to_be_visible()
    box.press("Tab")
    box.press_sequentially("what is the mileage rate for my own car?")
    box.press("Enter")
    expect(tom.message("mileage rate").locator(".mention")).to_have_text("@Floorwalker")
    expect(tom.answer("45p a mile")).to_be_visible()


def test_a_command_is_answered_for_me_alone_and_dismissed(screens: Screens) -> None:
    mia = screens.of("U0MIA", "C0GENERAL")
    mia.write("/floorwalker what is the mileage rate for my own car?")
    answer = mia.message("45p a mile")
    expect(answer).to_contain_text("Only visible to you")
    mia.press(answer, "Dismiss message")
    expect(answer).to_have_count(0)
