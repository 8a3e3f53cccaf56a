"""A person's window onto the workspace, and hands that do in it what people do: type, press, choose."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from tests.browser.chromium import PATIENCE_MILLISECONDS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Locator, Page, Response

WIDE, NARROW = 1280, 390
"""Pixels."""
HEIGHT = 820
QUIET_MILLISECONDS = 400
QUIET = """(milliseconds) => new Promise((done) => {
  const drawn = () => { clearTimeout(timer); timer = setTimeout(done, milliseconds); };
  let timer = setTimeout(done, milliseconds);
  new MutationObserver(drawn).observe(document.body, {childList: true, subtree: true});
})"""
Theme = Literal["light", "dark"]


def expect(what: Locator) -> Any:
    """Playwright's own, which waits; imported late, so that these tests are collected without it, too."""
    from playwright import sync_api

    return sync_api.expect(what)


@dataclass
class Screens:
    """All windows of one test."""

    browser: Browser
    base_url: str
    stumbles: list[str] = field(default_factory=list)
    """Exceptions in the page, and files that it could not load."""
    _contexts: list[BrowserContext] = field(default_factory=list)

    def of(self, person: str, *place: str, width: int = WIDE, theme: Theme = "light") -> Screen:
        """A new window in which one is `person` (an id); `place`: channel, then a thread's ts or `home`."""
        context = self.browser.new_context(
            viewport={"width": width, "height": HEIGHT}, color_scheme=theme, reduced_motion="reduce", locale="en-GB")
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        self._contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.stumbles.append(str(error)))
        page.on("response", self._not_there)
        screen = Screen(page, self.base_url)
        screen.open(person, *place)
        return screen

    def _not_there(self, response: Response) -> None:
        if response.status == 404:
            self.stumbles.append(f"404: {response.url}")

    def close(self) -> None:
        """All of them; fails if a page has stumbled."""
        for context in self._contexts:
            context.close()
        assert not self.stumbles, "; ".join(self.stumbles)


@dataclass(frozen=True)
class Screen:
    """One window."""

    page: Page
    base_url: str

    def open(self, person: str, *place: str) -> None:
        """Go there by the address; the page is loaded once only."""
        self.page.goto(f"{self.base_url}/#{'/'.join((person, *place))}")
        self.page.locator(".pane-head :is(h1, h2):visible").first.wait_for()

    def settle(self) -> None:
        """Wait until nothing has been drawn anew for a while."""
        self.page.evaluate(QUIET, QUIET_MILLISECONDS)

    def be(self, name: str) -> None:
        """Become somebody else by the switch at the top."""
        self.page.get_by_role("radio", name=name).click()

    def be_another(self, full_name: str) -> None:
        """Become one of everybody, by the menu beside the switch."""
        self.page.get_by_role("button", name="Be somebody else").click()
        self.page.get_by_role("menuitemradio", name=full_name).click()

    def go(self, name: str) -> None:
        """Choose from the list of conversations."""
        self.page.locator("#sidebar").get_by_role("button", name=name).click()

    def home(self) -> Locator:
        """Open the app's Home."""
        if self.page.locator("#channel-head .tabs").count() == 0:
            self.go("Floorwalker")
        self.page.get_by_role("tab", name="Home").click()
        return self.page.locator("#home")

    def write(self, text: str) -> None:
        """Into the conversation, with Enter."""
        self._write("#composer", text)

    def reply(self, text: str) -> None:
        """Into the open thread, with Enter."""
        self._write("#reply", text)

    def _write(self, box: str, text: str) -> None:
        self.page.locator(box).fill(text)
        self.page.locator(box).press("Enter")

    def message(self, words: str) -> Locator:
        """The newest message of the conversation that holds these words."""
        return self.page.locator("#channel-list .message", has_text=words).last

    def answer(self, words: str) -> Locator:
        """The newest message of the open thread that holds these words."""
        return self.page.locator("#thread-list .message", has_text=words).last

    def open_thread(self, words: str) -> None:
        """Of the message that holds these words."""
        self.message(words).hover()
        self.message(words).get_by_role("button", name="Reply in thread").click()

    def act_on(self, message: Locator, entry: str) -> None:
        """Choose from a message's menu."""
        message.hover()
        message.get_by_role("toolbar").get_by_role("button", name="More actions").click()
        self.page.get_by_role("menuitem", name=entry).click()

    def shortcut(self, title: str) -> Locator:
        """Run a global shortcut; returns the form that it opens."""
        self.page.locator("#composer-place").get_by_role("button", name="Attach a file or run a shortcut").click()
        self.page.get_by_role("menuitem", name=title).click()
        self.form(title).wait_for()
        return self.form(title)

    def form(self, title: str) -> Locator:
        """The open form with this title."""
        return self.page.get_by_role("dialog", name=title)

    def press(self, inside: Locator, label: str) -> None:
        inside.get_by_role("button", name=label, exact=True).click()
