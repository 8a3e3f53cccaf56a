"""Folders as sources."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from indexer.errors import SourceMissing
from indexer.sources import Source, files_of
from indexer.types import Failure


def ids(source: Source, skip: Path | None = None) -> list[str]:
    return [file.document if isinstance(file, Failure) else file.id for file in files_of(source, skip=skip)]


def write(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("text")


def test_documents_are_known_by_their_path_below_the_root(tmp_path: Path) -> None:
    write(tmp_path, "b/c.MD", "a.md", "faq/f.yml", "picture.png", "README.md", "questions.jsonl", "b/README.md",
          ".git/x.md", "b/.draft.md")
    assert ids(Source(str(tmp_path))) == ["a.md", "b/README.md", "b/c.MD", "faq/f.yml"]
    assert ids(Source(str(tmp_path), "handbook"))[0] == "handbook/a.md"


def test_a_single_file_is_a_source(tmp_path: Path) -> None:
    write(tmp_path, "README.md", "notes.docx")
    assert ids(Source(str(tmp_path / "README.md"))) == ["README.md"]
    (failure,) = files_of(Source(str(tmp_path / "notes.docx")))
    assert isinstance(failure, Failure)
    assert "type .docx cannot be read" in failure.reason


def test_links_are_followed_but_never_in_circles(tmp_path: Path) -> None:
    write(tmp_path, "a/x.md")
    (tmp_path / "a" / "back").symlink_to(tmp_path)
    (tmp_path / "outside").symlink_to(tmp_path / "a")
    assert "a/x.md" in ids(Source(str(tmp_path)))
    assert len(ids(Source(str(tmp_path)))) <= 2


def test_the_data_folder_inside_a_source_is_left_out(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "data/taught/fw-1.yaml")
    assert ids(Source(str(tmp_path)), skip=tmp_path / "data") == ["a.md"]


def test_pipes_are_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    assert ids(Source(str(tmp_path))) == []


def test_a_missing_source_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceMissing, match="nowhere"):
        files_of(Source(str(tmp_path / "nowhere")))
    with pytest.raises(SourceMissing, match="address"):
        files_of(Source("s3://bucket/manuals"))
