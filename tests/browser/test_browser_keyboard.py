"""The page without a mouse, and as a screen reader tells it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.screen import NARROW, WIDE, Screen, Screens, expect
from tests.stories.floor import BOT, Floor

UNKNOWN = "Where do we park the forklift on Sundays?"
MOST_TABS = 120

REACHABLE = """() => [...document.querySelectorAll(
    "button, a[href], input:not([type=file]), select, textarea, summary, [tabindex='0']")]
  .filter((one) => one.tabIndex >= 0 && !one.disabled && one.checkVisibility({visibilityProperty: true}))
  .map((one, i) => (one.dataset.seen = String(i)))"""
FOCUSED = """() => {
  const one = document.activeElement, style = getComputedStyle(one);
  const seen = style.outlineStyle !== "none" || style.boxShadow !== "none" || one.closest(".composer");
  return [one.dataset.seen ?? "", seen ? "" : one.outerHTML.slice(0, 80)];
}"""


def by_tab(screen: Screen) -> None:
    """Go through the whole page with Tab: everything that can be used gets the focus, and shows that it has it."""
    screen.settle()
    expected = set(screen.page.evaluate(REACHABLE))
    reached, unseen = set(), []
    screen.page.locator("body").evaluate("(body) => { body.tabIndex = -1; body.focus(); }")
    for _ in range(MOST_TABS):
        screen.page.keyboard.press("Tab")
        number, invisible = screen.page.evaluate(FOCUSED)
        reached.add(number)
        unseen += [invisible] if invisible and number else []
        if expected <= reached:
            break
    missed = [screen.page.locator(f"[data-seen='{one}']").evaluate("(n) => n.outerHTML.slice(0, 90)")
              for one in sorted(expected - reached)]
    assert missed == []
    assert unseen == []


def test_everything_is_reached_with_tab_and_shows_it(screens: Screens, floor: Floor) -> None:
    asked = floor.say("U0MIA", BOT, UNKNOWN)
    floor.reply_with(BOT, "U0MIA", asked, "FW-1")
    floor.settle()
    by_tab(screens.of("U0MIA", "D0MIA", asked, width=WIDE))
    by_tab(screens.of("U0ANA", "C0COACHES", width=NARROW))
    eve = screens.of("U0EVE", "D0EVE", "home", width=NARROW, theme="dark")
    eve.page.locator("#home").get_by_role("button").first.wait_for()
    by_tab(eve)


@pytest.mark.parametrize(("role", "name"), [("button", "Try this"), ("tab", "Home")])
def test_the_focus_survives_what_is_drawn_anew(screens: Screens, floor: Floor, role: Any, name: str) -> None:
    eve = screens.of("U0EVE", "D0EVE", "home")
    eve.settle()
    control = eve.page.locator("#channel-head").get_by_role(role, name=name)
    control.focus()
    floor.call("fault", kind="disconnect", reason="link_disabled")
    expect(eve.page.get_by_text("is not connected at the moment")).to_be_visible()
    expect(control).to_be_focused()


def test_a_form_keeps_the_focus_closes_with_escape_and_gives_it_back(screens: Screens) -> None:
    mia = screens.of("U0MIA")
    form = mia.shortcut("Report a problem")
    for key in ["Tab"] * 9 + ["Shift+Tab"] * 12:
        mia.page.keyboard.press(key)
        assert form.evaluate("(form) => form.contains(document.activeElement)"), key
    mia.page.keyboard.press("Escape")
    expect(form).to_be_hidden()
    expect(mia.page.get_by_role("button", name="Attach a file or run a shortcut").first).to_be_focused()


def test_enter_sends_and_shift_enter_begins_a_line(screens: Screens, floor: Floor) -> None:
    tom = screens.of("U0TOM", "C0GENERAL")
    box = tom.page.locator("#composer")
    box.press_sequentially("one")
    box.press("Shift+Enter")
    box.press_sequentially("two")
    expect(box).to_have_value("one\ntwo")
    box.press("Enter")
    expect(box).to_have_value("")
    floor.wait_for(lambda: [m["text"] for m in floor.messages("C0GENERAL", "U0MIA")] == ["one\ntwo"])
    expect(box).to_be_focused()


def test_new_messages_are_announced_and_nothing_twice(screens: Screens, floor: Floor) -> None:
    floor.say("U0TOM", "C0GENERAL", "This was there before.")
    mia = screens.of("U0MIA", "C0GENERAL")
    mia.message("there before").wait_for()
    log = mia.page.get_by_role("log").first
    expect(log).to_have_attribute("aria-live", "polite")
    log.evaluate("""(list) => { window.added = []; new MutationObserver((all) => all.forEach((one) =>
      one.addedNodes.forEach((node) => window.added.push(node.textContent)))).observe(list, {childList: true}); }""")
    floor.say("U0PRIYA", "C0GENERAL", "And this is new.")
    mia.message("And this is new.").wait_for()
    said = mia.page.evaluate("window.added")
    assert len(said) == 1, said
    assert "And this is new." in said[0]


def test_menus_and_tabs_go_by_arrows_and_escape_leads_back(screens: Screens) -> None:
    eve = screens.of("U0EVE")
    everybody = eve.page.get_by_role("button", name="Be somebody else")
    everybody.press("Enter")
    eve.page.keyboard.press("ArrowUp")
    expect(eve.page.get_by_role("menuitem", name="Add somebody")).to_be_focused()
    eve.page.keyboard.press("Escape")
    expect(everybody).to_be_focused()
    eve.page.get_by_role("tab", name="Messages").press("ArrowRight")
    expect(eve.page.get_by_role("tab", name="Home")).to_be_focused()
    expect(eve.page.locator("#home")).to_be_visible()
    eve.page.get_by_role("radio", name="Eve").press("ArrowLeft")
    expect(eve.page.get_by_role("radio", name="Ana")).to_be_focused()
    expect(eve.page.get_by_role("radio", name="Ana")).to_be_checked()
