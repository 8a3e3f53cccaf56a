"""Files read by several workers: the same as one after the other, and no run falls with a reader."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from indexer import side_by_side
from indexer.readers import read
from indexer.reading import list_files, read_files
from indexer.side_by_side import Readers
from indexer.sources import Source


def test_side_by_side_gives_what_one_after_the_other_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "knowledge"
    folder.mkdir()
    for number in range(40):
        (folder / f"{number:02}.md").write_text(f"# Guide {number}\n\nDo it {number} times.\n" * (40 - number))
    (folder / "07.md").write_text("---\ntitle: [\n---\nText\n")
    (folder / "08.md").write_bytes(b"\xff\xff")
    (folder / "09.yaml").write_text("- question: Why?\n  answer: So.\n- question: What?\n")
    listed = list_files([Source(str(folder))], tmp_path / "data")
    alone = read_files(listed, {}, lambda _done, _total: None)
    monkeypatch.setattr(side_by_side.Readers.__init__, "__defaults__", (2, 500))
    together = read_files(listed, {}, lambda _done, _total: None)
    assert together == alone
    assert (list(together.documents), list(together.files)) == (list(alone.documents), list(alone.files))
    assert len(together.failures) == 3


def test_little_is_read_without_workers() -> None:
    with Readers(2, from_bytes=10) as readers:
        assert readers.read(b"# A\n\nB\n", "a.md")() == read(b"# A\n\nB\n", "a.md")
        assert readers._started == []
        assert readers.read(b"# C\n\nD\n", "c.md")() == read(b"# C\n\nD\n", "c.md")
        assert len(readers._started) == 1


def test_a_file_that_a_reader_crashes_on_is_named_and_the_next_one_is_read() -> None:
    with Readers(1, from_bytes=0) as readers:
        readers._left = -1
        assert readers.read(b"# A\n\nB\n", "a.md")().documents
        (worker,) = readers._started
        os.kill(worker._process.pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
        worker._process.wait()
        (failure,) = readers.read(b"# C\n\nD\n", "c.md")().failures
        assert failure.document == "c.md"
        assert "crashed" in failure.reason
        assert readers.read(b"# E\n\nF\n", "e.md")().documents


def test_a_risky_file_is_read_apart_and_may_not_take_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(side_by_side, "_LONGEST", 0.01)
    with Readers(2) as readers:
        (failure,) = readers.read(b"%PDF-1.7", "a.pdf")().failures
        assert failure.document == "a.pdf"
        assert "not read within" in failure.reason
        monkeypatch.setattr(side_by_side, "_LONGEST", 600)
        (failure,) = readers.read(b"%PDF-1.7", "b.pdf")().failures
        assert failure == read(b"%PDF-1.7", "b.pdf").failures[0]
        assert len(readers._started) == 2


def test_without_room_for_another_process_files_are_read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr("subprocess.Popen", refused)
    with Readers(2, from_bytes=0) as readers:
        assert readers.read(b"# A\n\nB\n", "a.md")() == read(b"# A\n\nB\n", "a.md")


def test_what_a_reader_raises_is_raised_where_the_file_was_asked_for() -> None:
    with Readers(2, from_bytes=0) as readers, pytest.raises(AssertionError):
        readers.read(b"x", "no.such-format")()


def test_the_workers_end_with_the_run() -> None:
    with Readers(2, from_bytes=0) as readers:
        waiting = [readers.read(b"# A\n\nB\n" * 1_000, f"{number}.md") for number in range(20)]
        waiting[0]()
    assert readers._started
    assert all(worker._process.poll() is not None for worker in readers._started)
