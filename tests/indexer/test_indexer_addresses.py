"""Locations as people write them, with slips and with variables."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.errors import SourceMissing
from indexer.sources import Source, files_of
from indexer.sources.address import kind_of, local_path, placed, without_user
from indexer.sources.faults import Unreachable
from tests.indexer.source_fakes import Place


@pytest.fixture
def guides(tmp_path: Path) -> Path:
    folder = tmp_path / "guides 100%"
    folder.mkdir()
    (folder / "a.md").write_text("# A\n\nText.\n")
    return folder


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.mark.parametrize("location", ["file://guides", "FILE://guides/sub", "file://", "file://localhost",
                                      "file://[::1"])
def test_a_file_address_that_names_a_machine_is_refused_with_the_cure(place: Place, location: str) -> None:
    with pytest.raises(SourceMissing) as refused:
        place.fetch(Source(location))
    assert location in refused.value.message
    assert "`file:///…`" in refused.value.hint


def test_a_password_in_a_file_address_is_not_told(place: Place) -> None:
    with pytest.raises(SourceMissing, match="file://share/docs") as refused:
        place.fetch(Source("file://me:s3cret@share/docs"))
    assert "s3cret" not in refused.value.sentence


def test_a_file_address_with_a_whole_path_is_a_folder() -> None:
    assert local_path("file:///srv/a%20b") == local_path("file://localhost/srv/a%20b") == Path("/srv/a b")


@pytest.mark.parametrize("pattern", ["${DOCS}", "${DOCS}/", "file://${DOCS}"])
def test_a_folder_may_be_named_by_a_variable(guides: Path, monkeypatch: pytest.MonkeyPatch, pattern: str) -> None:
    monkeypatch.setenv("DOCS", str(guides))
    assert [getattr(file, "id", None) for file in files_of(Source(pattern))] == ["a.md"]


def test_a_variable_within_a_path_is_filled_in_as_it_is(guides: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHICH", guides.name)
    assert local_path(f"{guides.parent}/${{WHICH}}") == guides


def test_a_whole_path_or_address_behind_the_settings_folder_stands_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCS", "/srv/docs")
    assert local_path("/etc/floorwalker/${DOCS}/guides") == Path("/srv/docs/guides")
    monkeypatch.setenv("DOCS", "https://h/docs")
    assert kind_of("/etc/floorwalker/${DOCS}/guides/") == "web"
    assert placed("/etc/floorwalker/${DOCS}/guides/") == "https://h/docs/guides/"


def test_a_variable_that_is_not_set_ends_the_run(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DOCS", raising=False)
    with pytest.raises(SourceMissing, match="the environment variable DOCS is not set"):
        place.fetch(Source("${DOCS}/guides"))


def test_what_a_variable_holds_decides_about_the_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    for value, kind in (("/srv/docs", "folder"), ("https://h/docs/", "web"), ("git@h:o/x", "git"), ("s3://b", "files")):
        monkeypatch.setenv("DOCS", value)
        assert kind_of("${DOCS}") == kind


def test_a_password_in_an_address_is_no_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TOKEN", raising=False)
    assert kind_of("https://me:${TOKEN}@h/docs/") == "web"


@pytest.mark.parametrize("location", ["http://[::1", "http://me:pw@[::1/docs", "git+https://[::1/x.git"])
def test_an_address_that_cannot_be_read_is_told(place: Place, location: str) -> None:
    [reason] = place.fetch(Source(location, "docs")).values()
    assert "this is no address" in reason
    assert "ValueError" not in reason
    assert "pw" not in reason


def test_an_address_that_can_be_read_is_parted_from_its_user() -> None:
    assert without_user("http://me:p%2Fw@[::1]:80/x") == ("http://[::1]:80/x", ("me", "p/w"))
    with pytest.raises(Unreachable):
        without_user("http://[::1")
