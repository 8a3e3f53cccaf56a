"""What is told of each source while its files cannot be got at."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.assemble.sources import SourceTold, told_sources
from bot.settings import KnowledgeSettings, Settings, SourceSettings
from indexer.sources import Source
from tests.indexer.source_fakes import Place
from tests.indexer.test_indexer_sources import archive, write


def told(place: Place, *sources: Source) -> list[SourceTold]:
    named = [{"location": source.location, **({"name": source.name} if source.name else {})} for source in sources]
    settings = Settings(knowledge=KnowledgeSettings(sources=tuple(map(SourceSettings.model_validate, named))))
    return told_sources(settings, place.data)


@pytest.mark.parametrize("name", ["docs", ""])
def test_documents_are_counted_in_the_index_and_a_reason_is_told_once(tmp_path: Path, name: str) -> None:
    place = Place(tmp_path)
    sources = Source(f"zip://::file://{archive(tmp_path, 12)}", name), Source(str(write(tmp_path / "k", 2)), "k")
    place.index(*sources)
    (tmp_path / "packed.zip").unlink()
    shutil.rmtree(place.data / "sources")
    place.index(*sources)
    first, other = told(place, *sources)
    assert (first.documents, other.documents) == (12, 2)
    assert (first.state, first.failures, other.failures) == ("unreachable", (), ())
    assert "could not be fetched" in first.reason


def test_of_a_missing_folder_the_documents_in_the_index_are_told(tmp_path: Path) -> None:
    place = Place(tmp_path)
    source = Source(str(write(tmp_path / "k", 3)), "k")
    place.index(source)
    shutil.rmtree(tmp_path / "k")
    shutil.rmtree(place.data / "sources")
    (one,) = told(place, source)
    assert (one.state, one.documents, one.reason) == ("missing", 3, "")
