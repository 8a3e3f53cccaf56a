"""The whole bot in a fresh workspace for each test, and a browser in which to play its people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.chromium import chromium
from tests.browser.screen import Screens
from tests.stories.conftest import floor, more_settings
from tests.stories.floor import Floor

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["browser", "floor", "more_settings", "screens"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Ends with the module: Playwright keeps an event loop running, and tests elsewhere start their own."""
    with chromium() as running:
        yield running


@pytest.fixture
def screens(browser: Browser, floor: Floor) -> Iterator[Screens]:
    """Opens windows, each with a memory of its own. The test fails if a page stumbles over anything."""
    opened = Screens(browser, floor.demo.workspace.base_url)
    yield opened
    opened.close()
