"""Where there is no browser the tests say so; where one is promised, that is a failure."""

from __future__ import annotations

import shutil

import pytest

from tests.browser.chromium import chromium


@pytest.fixture
def _no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)


@pytest.mark.usefixtures("_no_browser")
def test_without_chromium_the_reason_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no Chromium on this machine"), chromium():
        pass


@pytest.mark.usefixtures("_no_browser")
def test_in_ci_a_missing_chromium_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="must run in CI"), chromium():
        pass
