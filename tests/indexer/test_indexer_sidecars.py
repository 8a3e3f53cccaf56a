"""A sidecar that is a link: it may say whom a document is not for, so it is read or the document is not taken in."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from indexer.readers import beside
from indexer.search import KnowledgeBase
from indexer.sources import Source
from indexer.types import Viewer
from tests.fakes import ToyEmbedder
from tests.indexer.source_fakes import Place

TEXT = "Salary bands\n\nA salary is raised in April.\n"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "k"
    folder.mkdir()
    (folder / "salary.txt").write_text(TEXT)
    return folder


def found(place: Place, *groups: str) -> list[str]:
    base = KnowledgeBase(place.data, ToyEmbedder())
    try:
        return [hit.document_id for hit in base.find("When is a salary raised?", Viewer(frozenset(groups))).hits]
    finally:
        base.close()


def test_documents_of_a_config_map_are_only_for_whom_they_are_meant(place: Place, tmp_path: Path) -> None:
    mount = tmp_path / "mount"
    (mount / "..2026_11_23").mkdir(parents=True)
    (mount / "..2026_11_23" / "salary.txt").write_text(TEXT)
    (mount / "..2026_11_23" / "salary.txt.meta.yaml").write_text("audience: hr\n")
    (mount / "..data").symlink_to("..2026_11_23")
    for name in ("salary.txt", "salary.txt.meta.yaml"):
        (mount / name).symlink_to(f"..data/{name}")
    report = place.index(Source(str(mount)))
    assert (report.added, report.failed) == (1, ())
    assert found(place) == []
    assert found(place, "hr") == ["salary.txt"]


@pytest.mark.parametrize("to", ["../away.yaml", "gone.yaml", "salary.txt.meta.yaml", "."])
def test_a_document_whose_sidecar_leads_away_or_nowhere_is_not_taken_in(place: Place, folder: Path, to: str) -> None:
    (folder.parent / "away.yaml").write_text("audience: hr\n")
    (folder / "salary.txt.meta.yaml").symlink_to(to)
    report = place.index(Source(str(folder)))
    assert report.added == 0
    [failure] = report.failed
    assert failure.document == "salary.txt"
    assert ".meta.yaml is" in failure.reason


def test_a_file_without_a_sidecar_has_none(folder: Path) -> None:
    assert beside(folder / "salary.txt") == b""
    assert beside(folder / ("x" * 250 + ".md")) == b""  # with the ending, no disk would take the name


@pytest.mark.parametrize("ending", [".meta.yml", ".META.YAML", ".meta.YML", ".Meta.yAml"])
def test_a_sidecar_is_heeded_however_its_name_is_spelled(place: Place, folder: Path, ending: str) -> None:
    (folder / f"salary.txt{ending}").write_text("audience: hr\n")
    report = place.index(Source(str(folder)))
    assert (report.added, report.failed) == (1, ())
    assert found(place) == []
    assert found(place, "hr") == ["salary.txt"]


def test_a_document_with_two_sidecars_is_not_taken_in(place: Place, folder: Path) -> None:
    (folder / "salary.txt.meta.yaml").write_text("owner: HR\n")
    (folder / "salary.txt.meta.yml").write_text("audience: hr\n")
    report = place.index(Source(str(folder)))
    [failure] = report.failed
    assert (report.added, failure.document) == (0, "salary.txt")
    assert "two .meta.yaml files" in failure.reason


def test_a_sidecar_that_comes_later_is_seen_in_a_folder_that_was_listed(folder: Path) -> None:
    os.utime(folder, (1_700_000_000, 1_700_000_000))
    assert beside(folder / "salary.txt") == b""
    (folder / "salary.txt.META.yml").write_text("audience: hr\n")
    assert beside(folder / "salary.txt") == b"audience: hr\n"
    (folder / "salary.txt.META.yml").unlink()
    assert beside(folder / "salary.txt") == b""


def test_a_sidecar_about_nothing_is_told_however_its_name_is_spelled(place: Place, folder: Path) -> None:
    (folder / "wages.txt.Meta.yml").write_text("audience: hr\n")
    [failure] = place.index(Source(str(folder))).failed
    assert (failure.document, "no file beside this one" in failure.reason) == ("wages.txt.Meta.yml", True)
