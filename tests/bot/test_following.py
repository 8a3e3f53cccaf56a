"""`index --watch`: a run after each change, once it has settled."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.assemble.following import follow
from indexer.errors import SourceMissing
from indexer.sources import Source


class Desk:
    """A folder at which somebody works while it is watched: a deed for each look."""

    def __init__(self, root: Path) -> None:
        self.folder, self.data = root / "knowledge", root / "knowledge" / "data"
        self.data.mkdir(parents=True)
        self.runs: list[bool] = []
        self.said: list[str] = []
        self.fails = False

    def run(self, *, again: bool) -> None:
        self.runs.append(again)
        if self.fails:
            raise SourceMissing("It is gone.")

    def follow(self, *deeds: Callable[[], object]) -> list[bool]:
        left = list(deeds)

        def sleep(_seconds: float) -> None:
            if left:
                left.pop(0)()

        follow([Source(str(self.folder))], self.data, self.run, self.said.append, sleep, rounds=len(deeds) + 1)
        return self.runs

    def write(self, name: str, text: str = "text") -> Callable[[], object]:
        def deed() -> None:
            (self.folder / name).parent.mkdir(exist_ok=True)
            (self.folder / name).write_text(text)
        return deed


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path)
    made.write("a.md")()
    return made


def nothing() -> None:
    pass


def test_without_a_change_there_is_one_run(desk: Desk) -> None:
    assert desk.follow(nothing, nothing) == [False]


@pytest.mark.parametrize("name", ["b.md", "a.md", "deep/c.md", "questions.jsonl", "data/taught/fw-1.yaml"])
def test_a_change_is_taken_in(desk: Desk, name: str) -> None:
    (desk.data / "taught").mkdir()
    assert desk.follow(desk.write(name, "other text"), nothing, nothing) == [False, True]


def test_a_file_that_goes_is_a_change(desk: Desk) -> None:
    assert desk.follow((desk.folder / "a.md").unlink, nothing) == [False, True]


def test_several_changes_in_a_row_are_one(desk: Desk) -> None:
    deeds = [desk.write(f"{number}.md") for number in range(5)]
    assert desk.follow(*deeds, nothing, nothing) == [False, True]


@pytest.mark.parametrize("name", [".a.md.swp", "data/index.sqlite", ".git/HEAD"])
def test_what_is_never_indexed_is_no_change(desk: Desk, name: str) -> None:
    assert desk.follow(desk.write(name), nothing) == [False]


def test_a_run_that_fails_is_told_and_the_next_change_tried(desk: Desk) -> None:
    def breaks() -> None:
        desk.fails = True
        desk.write("b.md")()

    def mends() -> None:
        desk.fails = False
        desk.write("c.md")()

    assert desk.follow(breaks, nothing, mends, nothing, nothing) == [False, True, True]
    assert any(line.startswith("It is gone.") and line.endswith("Still watching.") for line in desk.said)
