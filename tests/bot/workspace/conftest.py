"""A workspace to play in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from slack_sdk import WebClient

from bot.workspace import LocalWorkspace
from bot.workspace.server import utc_now
from tests.bot.workspace.playing import GENEROUS, Hands, ListeningApp
from tests.fakes import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def workspace(request: pytest.FixtureRequest) -> Iterator[LocalWorkspace]:
    """Goes by the movable clock in tests that ask for it, by the time of day in all others."""
    now = request.getfixturevalue("clock") if "clock" in request.fixturenames else utc_now
    quick = LocalWorkspace(app=GENEROUS, now=now, ack_seconds=0.4, retry_waits=(0.02, 0.05, 0.1), rate_limits=False)
    with quick as running:
        yield running


@pytest.fixture
def hands(workspace: LocalWorkspace) -> Iterator[Hands]:
    hands = Hands(workspace)
    yield hands
    hands.http.close()


@pytest.fixture
def web(workspace: LocalWorkspace) -> WebClient:
    return WebClient(workspace.bot_token, base_url=workspace.api_url)


@pytest.fixture
def app(workspace: LocalWorkspace) -> Iterator[ListeningApp]:
    app = ListeningApp(workspace)
    yield app
    app.close()
