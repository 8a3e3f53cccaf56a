"""Files at fsspec addresses: a real S3-compatible server, a ZIP, and what happens when they break."""

from __future__ import annotations

import io
import json
import os
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from indexer.sources import Source
from tests.indexer.source_fakes import Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """The address of an S3 server of our own."""
    moto = pytest.importorskip("moto.server")
    pytest.importorskip("s3fs")
    patch = pytest.MonkeyPatch()
    for name, value in (("AWS_ACCESS_KEY_ID", "k"), ("AWS_SECRET_ACCESS_KEY", "s"), ("AWS_DEFAULT_REGION", "us-east-1"),
                        ("AWS_EC2_METADATA_DISABLED", "true"), ("AWS_CONFIG_FILE", os.devnull)):
        patch.setenv(name, value)
    server = moto.ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        server.stop()
        patch.undo()


class Bucket:
    """A bucket with documents below `kb/`."""

    def __init__(self, server: str) -> None:
        self.server = server
        self.system: Any = fsspec.filesystem("s3", endpoint_url=server, skip_instance_cache=True,
                                             use_listings_cache=False)
        if self.system.exists("docs"):
            self.system.rm("docs", recursive=True)
        self.system.mkdir("docs")
        for name, text in (("a.md", "# A\n\nOld.\n"), ("sub/b.md", "# B\n\nText.\n"), ("picture.png", "x"),
                           (".hidden/c.md", "# C\n\nText.\n")):
            self.put(name, text)

    def put(self, name: str, text: str) -> None:
        self.system.pipe(f"docs/kb/{name}", text.encode())

    def source(self, **more: Any) -> Source:
        return Source("s3://docs/kb", "bucket", options={"endpoint_url": self.server}, **more)


@pytest.fixture
def bucket(s3: str) -> Bucket:
    return Bucket(s3)


def test_a_bucket_is_fetched_and_followed(bucket: Bucket, place: Place) -> None:
    source = bucket.source(link="https://files.example/{path}")
    assert place.fetch(source) == {"bucket/a.md": "https://files.example/a.md",
                                   "bucket/sub/b.md": "https://files.example/sub/b.md"}
    bucket.put("a.md", "# A\n\nNew.\n")
    bucket.system.rm("docs/kb/sub/b.md")
    assert set(place.fetch(source)) == {"bucket/a.md"}
    assert "New." in place.text(source, "a.md")


def test_of_a_bucket_only_what_changed_is_fetched_again(bucket: Bucket, place: Place,
                                                        monkeypatch: pytest.MonkeyPatch) -> None:
    from s3fs import S3FileSystem

    asked: list[str] = []
    real = S3FileSystem.get_file

    def noted(self: Any, place_there: str, here: str, **more: Any) -> Any:
        asked.append(place_there)
        return real(self, place_there, here, **more)

    monkeypatch.setattr(S3FileSystem, "get_file", noted)
    place.fetch(bucket.source())
    assert sorted(asked) == ["docs/kb/a.md", "docs/kb/sub/b.md"]
    asked.clear()
    bucket.put("a.md", "# A\n\nNew.\n")
    place.fetch(bucket.source())
    assert asked == ["docs/kb/a.md"]


def test_a_bucket_that_breaks_off_half_way_keeps_everything_as_it_was(bucket: Bucket, place: Place,
                                                                      monkeypatch: pytest.MonkeyPatch) -> None:
    from s3fs import S3FileSystem

    place.fetch(bucket.source())
    bucket.put("a.md", "# A\n\nNew.\n")
    bucket.put("sub/b.md", "# B\n\nNew.\n")
    real = S3FileSystem.get_file

    def breaking(self: Any, place_there: str, here: str, **more: Any) -> Any:
        if place_there.endswith("b.md"):
            Path(here).write_text("# B\n\nHal")
            raise ConnectionResetError("https://key:s3cret@docs")
        return real(self, place_there, here, **more)

    monkeypatch.setattr(S3FileSystem, "get_file", breaking)
    told = place.fetch(bucket.source())
    assert "the connection failed" in told["bucket"]
    assert "s3cret" not in str(told)
    assert "Old." in place.text(bucket.source(), "a.md")
    assert "Text." in place.text(bucket.source(), "sub/b.md")
    monkeypatch.undo()


def test_a_file_that_came_in_part_only_is_not_taken(bucket: Bucket, place: Place,
                                                    monkeypatch: pytest.MonkeyPatch) -> None:
    from s3fs import S3FileSystem

    monkeypatch.setattr(S3FileSystem, "get_file", lambda _self, _there, here, **_: Path(here).write_text("#"))
    assert "came in part only" in place.fetch(bucket.source())["bucket/"]


def test_a_bucket_that_is_not_there_or_not_ours_is_told(bucket: Bucket, place: Place) -> None:
    missing = Source("s3://nowhere/kb", "bucket", options={"endpoint_url": bucket.server})
    assert "nothing at this address" in place.fetch(missing)["bucket/"]
    dead = Source("s3://docs/kb", "bucket", options={
        "endpoint_url": "http://127.0.0.1:9", "config_kwargs": {"connect_timeout": 1, "retries": {"max_attempts": 0}}})
    assert "connection failed" in place.fetch(dead)["bucket/"]


def zipped(path: Path, files: dict[str, str]) -> Source:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    path.write_bytes(content.getvalue())
    return Source(f"zip://::file://{path}", "zip")


def test_a_zip_is_a_source(place: Place, tmp_path: Path) -> None:
    source = zipped(tmp_path / "x.zip", {"a.md": "# A\n\nText.\n", "sub/b.md": "# B\n\nText.\n", "c.png": "x"})
    assert set(place.fetch(source)) == {"zip/a.md", "zip/sub/b.md"}
    zipped(tmp_path / "x.zip", {"a.md": "# A\n\nNew.\n"})
    assert set(place.fetch(source)) == {"zip/a.md"}
    assert "New." in place.text(source, "a.md")


def test_a_file_about_another_one_comes_with_it_whatever_the_patterns_say(place: Place, tmp_path: Path) -> None:
    files = {"a.txt": "The new salaries.\n", "a.txt.meta.yaml": "audience: [hr]\n", "b.csv.meta.yaml": "owner: x\n",
             "b.csv": "question,answer\nWhat?,That.\n"}
    location = zipped(tmp_path / "x.zip", files).location
    for source in (Source(location, "z", include=("*.txt",)), Source(location, "z", exclude=("*.yaml", "*.csv"))):
        place.index(source)
        assert place.held(source) == {"a.txt", "a.txt.meta.yaml"}
        assert audiences(place) == [["hr"]]


def test_a_file_whose_sidecar_cannot_be_kept_is_not_taken_either(place: Place, tmp_path: Path) -> None:
    name = "x" * 175 + ".txt"
    source = zipped(tmp_path / "x.zip", {name: "The new salaries.\n", f"{name}.meta.yaml": "audience: [hr]\n",
                                         "a.md": "# A\n\nText.\n"})
    told = place.fetch(source)
    assert place.held(source) == {"a.md"}
    assert "rename it" in told[f"zip/{name}"]


def audiences(place: Place) -> list[list[str]]:
    with sqlite3.connect(next(place.data.glob("index/g*/passages.sqlite"))) as db:
        return [json.loads(row[0]) for row in db.execute("SELECT audience FROM rights")]


def test_names_that_lead_out_of_the_source_are_told_and_written_nowhere(place: Place, tmp_path: Path) -> None:
    source = zipped(tmp_path / "x.zip", {"../../../escaped.md": "# X\n", "a.md": "# A\n\nText.\n",
                                         "sub/../../up.md": "# X\n"})
    told = place.fetch(source)
    assert "zip/a.md" in told
    assert not list(tmp_path.rglob("escaped.md"))
    assert not list(tmp_path.rglob("up.md"))


def test_a_damaged_zip_keeps_what_was_fetched(place: Place, tmp_path: Path) -> None:
    source = zipped(tmp_path / "x.zip", {"a.md": "# A\n\nText.\n"})
    place.fetch(source)
    (tmp_path / "x.zip").write_bytes(b"no archive")
    told = place.fetch(source)
    assert "broke off (BadZipFile)" in told["zip"]
    assert "Text." in place.text(source, "a.md")


def test_a_file_system_whose_package_is_missing_names_it(place: Place) -> None:
    told = place.fetch(Source("abfs://container/kb", "azure"), Source("gs://bucket/kb", "google"),
                       Source("sftp://host/kb", "server"))
    assert "pip install adlfs" in told["azure/"]
    assert "pip install gcsfs" in told["google/"]
    assert "pip install paramiko" in told["server/"]


def test_an_address_of_no_known_kind_is_told(place: Place) -> None:
    assert "no kind of address" in place.fetch(Source("gopher://host/kb", "g"))["g/"]


def test_secrets_among_the_options_come_from_the_environment(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    real = MemoryFileSystem.__init__

    def noted(self: Any, *arguments: Any, **options: Any) -> None:
        seen.append(options.get("key"))
        real(self, *arguments)

    monkeypatch.setattr(MemoryFileSystem, "__init__", noted)
    monkeypatch.setenv("KB_KEY", "s3/cret")
    memory = fsspec.filesystem("memory")
    memory.pipe("/kb/a.md", b"# A\n\nText.\n")
    told = place.fetch(Source("memory://kb", "m", options={"key": "${KB_KEY}"}))
    assert set(told) == {"m/a.md"}
    assert "s3/cret" in seen
    assert "s3/cret" not in (place.data / "sources").joinpath(
        next(path.name for path in (place.data / "sources").iterdir() if path.is_dir()), "state.json").read_text()


def test_a_document_whose_sidecar_is_no_file_is_told_and_not_taken(place: Place, tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.mkdir()
    for name in ("salary.md", "open.md"):
        (there / name).write_text("# Words\n\nText.\n")
    (there / "salary.md.meta.yaml").symlink_to("gone.yaml")
    source = Source(f"local://{there}", "f")
    assert place.fetch(source)["f/salary.md"].startswith("The file about it (.meta.yaml) is a link")
    assert place.held(source) == {"open.md"}
