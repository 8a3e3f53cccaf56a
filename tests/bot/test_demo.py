"""The demo on its own copy of the starter knowledge, which lies in its data folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.assemble.demo import Demo, KnowledgeNotCopied, with_starter_knowledge
from bot.settings import Settings, load_settings
from tests.fakes import ToyEmbedder


def test_the_starter_knowledge_is_copied_once_and_indexed_whole(tmp_path: Path) -> None:
    data = tmp_path / "data" / "demo"
    (tmp_path / "config.toml").write_text("", encoding="utf-8")
    settings = with_starter_knowledge(load_settings(tmp_path / "config.toml", {}), data, configured=False)
    with Demo(settings, data, port=0, embedder=ToyEmbedder()) as demo:
        assert demo.prepare(lambda _stage, _done, _total: None)
        demo.start()
        assert demo.bot is not None
        assert demo.bot.knowledge.about()["documents"] > 150
    own = data / "knowledge" / "training" / "mileage.md"
    own.write_text("# Mine\n\nMy own text.\n", encoding="utf-8")
    with_starter_knowledge(load_settings(tmp_path / "config.toml", {}), data, configured=False)
    assert own.read_text(encoding="utf-8").startswith("# Mine")


def test_starter_knowledge_that_cannot_be_copied_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file is in the way")
    with pytest.raises(KnowledgeNotCopied):
        with_starter_knowledge(Settings(), tmp_path / "data", configured=False)
