"""A workspace to play in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from slack_sdk import WebClient

from bot.workspace import LocalWorkspace
from tests.bot.workspace.playing import GENEROUS, Hands, ListeningApp


@pytest.fixture
def workspace() -> Iterator[LocalWorkspace]:
    with LocalWorkspace(app=GENEROUS, ack_seconds=0.4, retry_waits=(0.02, 0.05, 0.1)) as running:
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
