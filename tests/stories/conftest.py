"""The whole bot, with real Bolt, real client and real websocket, in the local workspace: the bed of all stories."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bot.assemble.demo import Demo
from bot.settings import load_settings
from tests.fakes import ToyEmbedder
from tests.stories.floor import Floor, write_knowledge


@pytest.fixture
def more_settings() -> str:
    """What a story adds to the settings file, in TOML."""
    return ""


@pytest.fixture
def floor(tmp_path: Path, more_settings: str) -> Iterator[Floor]:
    """A fresh workspace with the bot at work in it, on a small knowledge base and the toy embedder."""
    write_knowledge(tmp_path / "knowledge")
    config = tmp_path / "config.toml"
    config.write_text(f'[knowledge]\nsources = ["knowledge"]\n{more_settings}', encoding="utf-8")
    demo = Demo(load_settings(config, {}), tmp_path / "data", port=0, embedder=ToyEmbedder())
    demo.prepare(lambda _stage, _done, _total: None)
    demo.start()
    with httpx.Client(base_url=demo.workspace.base_url, timeout=20) as http:
        try:
            yield Floor(demo, http, tmp_path / "knowledge")
        finally:
            demo.stop()
