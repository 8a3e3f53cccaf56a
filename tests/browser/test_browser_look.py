"""How the page looks, by both widths and themes: nothing cut off, overlapped, unreadable, nameless or too small."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from tests.browser.screen import NARROW, WIDE, Screen, Screens, Theme
from tests.stories.floor import BOT, COACHES, Floor

QUESTION = "How do I attach a receipt to a claim?"
UNKNOWN = "Where do we park the forklift on Sundays, and who has the key to the shed behind hall 3?"
THEMES: tuple[Theme, ...] = ("light", "dark")

Sight = tuple[str, tuple[str, ...], Callable[[Screen], object]]
"""A name, a place and what is done there before one looks."""


@cache
def look() -> str:
    """The eye, as a function in JavaScript."""
    return (Path(__file__).parent / "look.js").read_text(encoding="utf-8")


def faults(screens: Screens, floor: Floor, person: str, sights: list[Sight]) -> str:
    """What is wrong where, in all sights, widths and themes: a line each."""
    found = []
    for width in (WIDE, NARROW):
        screen = screens.of(person, width=width)
        for name, place, prepare in sights:
            screen.open(person, *place)
            prepare(screen)
            for theme in THEMES:
                screen.page.emulate_media(color_scheme=theme)
                found += [f"{name}, {width} px, {theme}: {fault}" for fault in screen.page.evaluate(look())]
            floor.http.post("/workspace/close", json={"user": person, "clear": True})  # if there is a form
            screen.page.get_by_role("dialog").wait_for(state="hidden")
            screen.page.keyboard.press("Escape")  # if there is a menu
    return "\n".join(found)


def answered(floor: Floor, question: str, words: str, user: str = "U0MIA", channel: str = BOT) -> str:
    ts = floor.say(user, channel, question)
    floor.reply_with(channel, user, ts, words)
    return ts


def nothing(screen: Screen) -> None:
    screen.page.locator(":is(.message, .home-page):visible").last.wait_for()


def report(screen: Screen) -> None:
    screen.press(screen.shortcut("Report a problem"), "Send")
    screen.page.locator(".input-error", has_text="required").wait_for()


def message_menu(screen: Screen) -> None:
    screen.message("beeps").hover()
    screen.message("beeps").get_by_role("toolbar").get_by_role("button", name="More actions").click()


def emoji(screen: Screen) -> None:
    screen.page.locator("#composer-place").get_by_role("button", name="Emoji").click()


def mention(screen: Screen) -> None:
    screen.page.locator("#composer").fill("@fl")
    screen.page.get_by_role("option").first.wait_for()


def everybody(screen: Screen) -> None:
    screen.page.get_by_role("button", name="Be somebody else").click()


def conversations(screen: Screen) -> None:
    back = screen.page.get_by_role("button", name="Back to the channels")
    if back.is_visible():
        back.click()


def resolve(screen: Screen) -> None:
    screen.press(screen.message("FW-1"), "Resolve")
    screen.form("Resolve: FW-1").wait_for()


def more(screen: Screen) -> None:
    screen.message("FW-1").locator(".block-actions").get_by_role("button", name="More actions").click()


def behind_the_scenes(screen: Screen) -> None:
    screen.page.locator("#log-toggle").click()
    screen.page.locator(".log-list li").first.wait_for()
    screen.page.get_by_text("Let something go wrong").click()
    screen.page.locator(".fault-fields label").first.wait_for()


def test_an_end_user_sees_nothing_amiss(screens: Screens, floor: Floor) -> None:
    known, unknown = answered(floor, QUESTION, "Attach receipt"), answered(floor, UNKNOWN, "FW-1")
    ts = floor.say("U0TOM", "C0GENERAL", "The scanner *beeps* all day, says <@U0ANA>: `E-17`. See <#C0GOLIVE>.")
    floor.call("react", user="U0MIA", channel="C0GENERAL", ts=ts, name="eyes")
    floor.call("react", user="U0TOM", channel="C0GENERAL", ts=ts, name="+1")
    floor.say("U0TOM", "C0FINANCE", "Nobody has looked at this yet.")
    floor.settle()
    assert not faults(screens, floor, "U0MIA", [
        ("direct messages", ("D0MIA",), nothing), ("answer", ("D0MIA", known), nothing),
        ("ticket", ("D0MIA", unknown), nothing), ("report", ("D0MIA",), report), ("home", ("D0MIA", "home"), nothing),
        ("menu", ("C0GENERAL",), message_menu), ("emoji", ("C0GENERAL",), emoji), ("mention", ("C0GOLIVE",), mention),
        ("conversations", ("C0GENERAL",), conversations), ("people", ("C0GENERAL",), everybody),
    ])


def test_a_coach_sees_nothing_amiss(screens: Screens, floor: Floor) -> None:
    asked = answered(floor, UNKNOWN, "FW-1")
    card = floor.card_of("forklift")["ts"]
    floor.call("click", user="U0ANA", channel=COACHES, ts=card, label="Claim")
    floor.say("U0MIA", BOT, "It is the yellow one.", thread_ts=asked)
    floor.reply_with(COACHES, "U0ANA", card, "yellow")
    floor.settle()
    assert not faults(screens, floor, "U0ANA", [
        ("cards", ("C0COACHES",), nothing), ("thread", ("C0COACHES", card), nothing),
        ("resolve", ("C0COACHES",), resolve), ("more", ("C0COACHES",), more), ("home", ("D0ANA", "home"), nothing),
    ])


def test_an_admin_sees_nothing_amiss(screens: Screens, floor: Floor) -> None:
    floor.call("command", user="U0EVE", channel=BOT, command="/floorwalker", text="health")
    floor.call("command", user="U0EVE", channel=BOT, command="/floorwalker", text="reindex")
    floor.wait_for(lambda: [m for m in floor.messages(BOT, "U0EVE") if "Reindexed" in m["text"]])
    floor.settle()
    assert not faults(screens, floor, "U0EVE", [
        ("direct messages", ("D0EVE",), nothing), ("home", ("D0EVE", "home"), nothing),
        ("behind the scenes", ("D0EVE",), behind_the_scenes),
    ])
