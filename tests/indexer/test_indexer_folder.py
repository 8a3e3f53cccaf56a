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


def failed(source: Source, skip: Path | None = None) -> dict[str, str]:
    return {file.document: file.reason for file in files_of(source, skip=skip) if isinstance(file, Failure)}


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
    write(tmp_path, "README.md", "notes.doc", "notes.py")
    assert ids(Source(str(tmp_path / "README.md"))) == ["README.md"]
    assert "Word 97-2003 cannot be read" in failed(Source(str(tmp_path / "notes.doc")))["notes.doc"]
    assert "type .py cannot be read" in failed(Source(str(tmp_path / "notes.py")))["notes.py"]


def test_links_are_followed_but_never_in_circles(tmp_path: Path) -> None:
    write(tmp_path, "a/x.md")
    (tmp_path / "a" / "back").symlink_to(tmp_path)
    (tmp_path / "outside").symlink_to(tmp_path / "a")
    assert "a/x.md" in ids(Source(str(tmp_path)))
    assert len(ids(Source(str(tmp_path)))) <= 2


def test_the_data_folder_inside_a_source_is_left_out(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "data/taught/fw-1.yaml")
    assert ids(Source(str(tmp_path)), skip=tmp_path / "data") == ["a.md"]


def test_links_into_the_data_folder_are_not_followed_either(tmp_path: Path) -> None:
    write(tmp_path, "k/a.md", "data/taught/fw-1.yaml", "k/data/taught/fw-2.yaml")
    (tmp_path / "k" / "inner").symlink_to(tmp_path / "k" / "data" / "taught")
    assert ids(Source(str(tmp_path / "k")), skip=tmp_path / "k" / "data") == ["a.md"]


def test_links_that_lead_out_are_reported_and_not_read(tmp_path: Path) -> None:
    write(tmp_path, "secret.md", "knowledge-old/deep/s.md", "k/a.md", "k/sub/b.md")
    k = tmp_path / "k"
    (k / "out.md").symlink_to(tmp_path / "secret.md")
    (k / "sub" / "up.md").symlink_to("../../secret.md")
    (k / "gone.md").symlink_to(tmp_path / "nothing.md")
    (k / "by-way.md").symlink_to("out.md")
    (k / "folder").symlink_to(tmp_path / "knowledge-old")
    (k / "parent").symlink_to("..")
    (k / "picture.png").symlink_to(tmp_path / "secret.md")
    (k / "same.md").symlink_to("sub/b.md")
    source = Source(str(k), "n")
    reported = failed(source)
    assert set(reported) == {"n/out.md", "n/sub/up.md", "n/gone.md", "n/by-way.md", "n/folder/", "n/parent/"}
    assert all("leads out of the source's folder" in reason for reason in reported.values())
    assert set(ids(source)) - set(reported) == {"n/a.md", "n/same.md", "n/sub/b.md"}


def test_the_source_itself_may_be_a_link(tmp_path: Path) -> None:
    write(tmp_path, "real/sub/a.md")
    (tmp_path / "real" / "b.md").symlink_to("sub/a.md")
    (tmp_path / "k").symlink_to(tmp_path / "real")
    (tmp_path / "one.md").symlink_to(tmp_path / "real" / "sub" / "a.md")
    assert ids(Source(str(tmp_path / "k"))) == ["b.md", "sub/a.md"]
    assert failed(Source(str(tmp_path / "k"))) == {}
    assert ids(Source(str(tmp_path / "one.md"))) == ["one.md"]


def test_what_is_no_file_is_reported_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    os.mkfifo(tmp_path / "pipe.log")
    assert set(failed(Source(str(tmp_path)))) == {"pipe.md"}
    assert "pipe" in failed(Source(str(tmp_path / "pipe.md")))["pipe.md"]


@pytest.mark.parametrize("ending", [".doc", ".xls", ".ppt", ".odt", ".ods", ".odp", ".rtf", ".7z", ".tar", ".DOC"])
def test_knowledge_that_cannot_be_read_is_reported(tmp_path: Path, ending: str) -> None:
    write(tmp_path, f"sub/manual{ending}", f"~$manual{ending}", f".manual{ending}")
    (reported,) = failed(Source(str(tmp_path))).items()
    assert reported[0] == f"sub/manual{ending}"
    assert "cannot be read; " in reported[1]


@pytest.mark.parametrize("ending", [".docx", ".xlsx", ".pptx", ".pdf", ".html", ".htm", ".rst", ".adoc", ".txt", ".vtt",
                                    ".srt", ".zip", ".PDF"])
def test_formats_with_a_reader_are_listed(tmp_path: Path, ending: str) -> None:
    write(tmp_path, f"sub/manual{ending}", f"~$manual{ending}", f".manual{ending}", f"sub/manual{ending}.meta.yaml")
    assert ids(Source(str(tmp_path))) == [f"sub/manual{ending}"]


def test_front_matter_beside_no_file_is_reported(tmp_path: Path) -> None:
    write(tmp_path, "manual.docx", "manaul.docx.meta.yaml")
    assert failed(Source(str(tmp_path)))["manaul.docx.meta.yaml"].startswith("There is no file beside this one")


def test_pictures_and_code_are_left_alone(tmp_path: Path) -> None:
    write(tmp_path, "a.png", "b.py", "Makefile", "c.json", "d.svg", "e.mp4")
    assert ids(Source(str(tmp_path))) == []


@pytest.mark.parametrize(("name", "shown"), [
    ("a\nb.md", "a\\nb.md"), ("a\x1b[31m.md", "a\\x1b[31m.md"), ("a\u2028b.pdf", "a\\u2028b.pdf"),
    ("sub\r/a.md", "sub\\r/a.md"), ("a\udcff.md", "a?.md"),
])
def test_names_with_control_characters_are_to_be_changed(tmp_path: Path, name: str, shown: str) -> None:
    write(tmp_path, name, "Überstunden 👩‍💻.md")
    assert list(failed(Source(str(tmp_path)))) == [shown]
    assert len(ids(Source(str(tmp_path)))) == 2
    if name.endswith(".md"):
        assert "rename it" in failed(Source(str(tmp_path)))[shown]


@pytest.mark.parametrize("blank", ["", "  ", "\t\n"])
def test_a_source_without_a_name_is_not_the_current_folder(blank: str) -> None:
    with pytest.raises(SourceMissing, match="is empty"):
        files_of(Source(blank))


def test_a_source_that_cannot_be_looked_at_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceMissing, match="cannot be opened"):
        files_of(Source(str(tmp_path / ("x" * 300))))


def test_a_missing_source_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceMissing, match="nowhere"):
        files_of(Source(str(tmp_path / "nowhere")))


def test_what_was_never_fetched_holds_nothing_and_says_so() -> None:
    assert files_of(Source("s3://bucket/manuals", "m")) == [Failure("m/", "It has not been fetched yet.")]
