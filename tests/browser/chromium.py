"""Real Chromium, driven by Playwright for Python: found on this machine, never downloaded."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
             "--disable-sync", "--no-first-run")
PATIENCE_MILLISECONDS = 10_000
"""How long something may take to appear on the page: as long as a busy machine needs."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without windows, which ends with the block. Skips the test where there is none, but never in CI."""
    if importlib.util.find_spec("playwright") is None:
        _missing("Playwright for Python is not installed (make test installs it)")
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        _missing("there is no Chromium on this machine (on Debian and Ubuntu: sudo apt install chromium)")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE_MILLISECONDS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def _missing(what: str) -> None:
    """In CI a browser is promised, so a missing one is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"Browser tests must run in CI, but {what}.")
    pytest.skip(f"No browser tests: {what}.")
