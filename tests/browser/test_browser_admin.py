"""What an admin does on the page: reindex, look after health, see what goes on behind the scenes."""

from __future__ import annotations

from tests.browser.screen import Screens, expect
from tests.stories.floor import Floor


def change_mileage(floor: Floor) -> None:
    document = floor.knowledge / "training/mileage.md"
    document.write_text(document.read_text(encoding="utf-8").replace("45p", "52p"), encoding="utf-8")


def test_reindexing_tells_in_one_message_what_changed(screens: Screens, floor: Floor) -> None:
    change_mileage(floor)
    eve = screens.of("U0EVE")
    eve.write("/floorwalker reindex")
    expect(eve.message("Reindexed")).to_contain_text("1 changed")
    expect(eve.message("Reindexed")).to_contain_text("(edited)")
    expect(eve.page.locator("#channel-list .message")).to_have_count(1)
    eve.write("What is the mileage rate for my own car?")
    expect(eve.answer("52p a mile")).to_be_visible()


def test_home_s_button_reindexes_and_says_in_place_how_it_went(screens: Screens, floor: Floor) -> None:
    change_mileage(floor)
    eve = screens.of("U0EVE", "D0EVE", "home")
    home = eve.page.locator("#home")
    expect(home).to_contain_text("All is well")
    eve.press(home, "Reindex")
    expect(home).to_contain_text("1 changed")
    expect(home).to_contain_text("generation 2")


def test_health_is_told_to_admins_alone(screens: Screens) -> None:
    eve = screens.of("U0EVE", "C0OPS")
    eve.write("/floorwalker health")
    expect(eve.message("Only visible to you")).to_contain_text("4 documents")
    eve.be("Mia")
    eve.write("/floorwalker health")
    expect(eve.message("Only visible to you")).to_contain_text("Only admins")


def test_behind_the_scenes_every_fault_is_offered_and_told_of(screens: Screens, floor: Floor) -> None:
    eve = screens.of("U0EVE")
    eve.page.get_by_role("button", name="Behind the scenes", exact=True).click()
    log = eve.page.locator("#log")
    log.get_by_text("Let something go wrong").click()
    kinds = floor.http.get("/workspace/faults").json()["kinds"]
    offered = log.get_by_label("What goes wrong").locator("option")
    expect(offered).to_have_count(len(kinds) - 1)
    log.get_by_label("What goes wrong").select_option("server_error")
    log.get_by_label("method").fill("chat.postMessage")
    eve.press(log, "Let it happen")
    expect(log).to_contain_text("Still to come: server_error")
    eve.write("What is the mileage rate for my own car?")
    expect(eve.answer("45p a mile")).to_be_visible()
    expect(log.locator("li.fault", has_text="chat.postMessage").first).to_be_visible()
