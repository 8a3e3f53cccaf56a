"""Generations: gone back to, copied to another machine, and whole whatever happens to the disk."""

from __future__ import annotations

import json
import multiprocessing
import resource
import shutil
import signal
import time
from pathlib import Path

import pytest

from indexer.errors import (
    IndexBusy,
    IndexDamaged,
    IndexIncomplete,
    IndexNotWritten,
    IndexOfAnotherModel,
    NothingToUndo,
)
from indexer.library.sqlite import SqliteLibrary
from indexer.reindex import reindex
from indexer.search import KnowledgeBase
from indexer.sources import Source
from indexer.types import Report, Viewer
from tests.fakes import Clock, ToyEmbedder


class House:
    """One document, whose versions are told from each other."""

    def __init__(self, root: Path) -> None:
        self.root, self.sources, self.data = root, root / "knowledge", root / "data"
        self.sources.mkdir(exist_ok=True)
        self.library = SqliteLibrary(self.data)
        self.knowledge = KnowledgeBase(self.data, ToyEmbedder())

    def index(self, version: str, embedder: ToyEmbedder | None = None) -> Report:
        (self.sources / "hotels.md").write_text(f"# Hotels\n\nBook hotels with {version}.\n")
        return self.index_again(embedder)

    def index_again(self, embedder: ToyEmbedder | None = None) -> Report:
        return reindex([Source(str(self.sources))], self.data, embedder or ToyEmbedder(), now=Clock()())

    def undo(self) -> tuple[int, int]:
        with self.library.writing():
            return self.library.undo(ToyEmbedder().fingerprint)

    def answer(self, data: Path | None = None) -> str:
        return KnowledgeBase(data or self.data, ToyEmbedder()).find("hotels", Viewer()).hits[0].text

    def states(self) -> dict[int, str]:
        return {one.number: one.state for one in self.library.generations()}


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def test_undo_publishes_the_generation_before(house: House) -> None:
    house.index("Ashdown")
    house.index("Railton")
    assert house.undo() == (2, 1)
    assert house.answer() == "Book hotels with Ashdown."
    assert house.states() == {2: "undone", 1: "published"}


def test_numbers_are_never_given_twice_and_what_was_undone_is_not_gone_back_to(house: House) -> None:
    for version in ("Ashdown", "Railton"):
        house.index(version)
    house.undo()
    assert house.index("Selby").generation == 3
    assert house.undo() == (3, 1)
    assert house.answer() == "Book hotels with Ashdown."
    assert house.index("Thorne").generation == 4


def test_what_was_undone_goes_first_when_there_are_too_many(house: House) -> None:
    for version in ("Ashdown", "Railton", "Selby"):
        house.index(version)
    house.undo()
    house.index("Thorne")
    assert house.states() == {4: "published", 2: "kept", 1: "kept"}


def test_the_next_run_takes_in_again_what_the_sources_say(house: House) -> None:
    house.index("Ashdown")
    house.index("Railton")
    house.undo()
    assert house.index("Railton").changes == ("~hotels.md",)
    assert house.answer() == "Book hotels with Railton."


def test_with_nothing_to_go_back_to_nothing_changes(house: House) -> None:
    house.index("Ashdown")
    with pytest.raises(NothingToUndo):
        house.undo()
    assert house.states() == {1: "published"}


def test_a_generation_that_is_broken_is_passed_over(house: House) -> None:
    for version in ("Ashdown", "Railton", "Selby"):
        house.index(version)
    (house.data / "index" / "g000002" / "passages.sqlite").write_bytes(b"")
    assert house.undo() == (3, 1)


def test_what_was_never_published_is_not_gone_back_to(house: House) -> None:
    for version in ("Ashdown", "Railton"):
        house.index(version)
    (house.data / "index" / "CURRENT").write_text("g000001\n")  # as if it had been killed just before
    assert house.index("Selby").generation == 3
    assert house.undo() == (3, 1)


def test_one_of_another_model_is_not_gone_back_to(house: House) -> None:
    house.index("Ashdown", ToyEmbedder(256, "toy-2"))
    house.index("Ashdown")
    with pytest.raises(IndexOfAnotherModel) as caught:
        house.undo()
    assert "tune --undo" in caught.value.hint
    assert house.states()[2] == "published"


def test_nobody_goes_back_while_a_run_is_under_way(house: House) -> None:
    house.index("Ashdown")
    house.index("Railton")
    with house.library.writing(), pytest.raises(IndexBusy):
        House(house.root).undo()


def ask_until(house: House, text: str) -> bool:
    """Ask as a running bot does, until it answers that; False after ten seconds."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        if house.knowledge.find("hotels", Viewer()).hits[0].text == text:
            return True
        time.sleep(0.05)
    return False


def test_a_running_bot_goes_back_by_itself(house: House) -> None:
    house.index("Ashdown")
    house.index("Railton")
    assert ask_until(house, "Book hotels with Railton.")
    house.undo()
    assert ask_until(house, "Book hotels with Ashdown.")
    house.index("Selby")
    assert ask_until(house, "Book hotels with Selby.")


def copy(house: House, to: Path, *names: str) -> None:
    for name in names:
        origin = house.data / "index" / name
        if origin.is_dir():
            shutil.copytree(origin, to / "index" / name, dirs_exist_ok=True)
        else:
            (to / "index").mkdir(parents=True, exist_ok=True)
            shutil.copy(origin, to / "index" / name)


def test_a_copied_folder_answers_on_another_machine(house: House, tmp_path: Path) -> None:
    house.index("Ashdown")
    other = tmp_path / "other machine"
    copy(house, other, "g000001", "CURRENT")
    assert house.answer(other) == "Book hotels with Ashdown."


@pytest.mark.parametrize("missing", ["about.json", "passages.sqlite", "all"])
@pytest.mark.parametrize("how", ["absent", "half"])
def test_half_a_copy_is_refused_while_the_old_one_answers_and_taken_once_it_is_whole(
    house: House, tmp_path: Path, missing: str, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.search._TRY_AGAIN", 0.1)
    house.index("Ashdown")
    (tmp_path / "other").mkdir()
    other = House(tmp_path / "other")
    copy(house, other.data, "g000001", "CURRENT")
    assert ask_until(other, "Book hotels with Ashdown.")
    house.index("Railton")
    folder = other.data / "index" / "g000002"
    copy(house, other.data, "g000002")
    for name in [file.name for file in folder.iterdir()] if missing == "all" else [missing]:
        content = (folder / name).read_bytes()
        (folder / name).unlink()
        if how == "half":
            (folder / name).write_bytes(content[: len(content) // 2])
    copy(house, other.data, "CURRENT")
    with pytest.raises(IndexDamaged) as caught:
        KnowledgeBase(other.data, ToyEmbedder()).refresh()
    assert "--full" in caught.value.sentence
    assert not ask_until_soon(other, "Book hotels with Railton.")
    copy(house, other.data, "g000002")
    assert ask_until(other, "Book hotels with Railton.")


def ask_until_soon(house: House, text: str) -> bool:
    for _ in range(8):
        if house.knowledge.find("hotels", Viewer()).hits[0].text == text:
            return True
        time.sleep(0.05)
    return False


def test_a_copy_without_its_files_says_that_it_is_not_complete(house: House) -> None:
    house.index("Ashdown")
    (house.data / "index" / "CURRENT").write_text("g000002\n")
    with pytest.raises(IndexIncomplete) as caught:
        house.library.open()
    assert "copied" in caught.value.hint


def build_with_room_for(root: Path, size: int, told: multiprocessing.Queue) -> None:
    """In a process of its own: no file may grow beyond `size` bytes, as on a full disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
    try:
        told.put(House(root).index_again().generation)
    except IndexNotWritten:
        told.put(0)
    except BaseException as error:  # whatever else it is, the test must hear of it
        told.put(repr(error))


def test_a_full_disk_at_any_moment_leaves_the_old_generation_whole(house: House) -> None:
    house.index("Ashdown")
    context = multiprocessing.get_context("fork")
    outcomes = []
    for size in (0, 300, 4_096, 8_192, 16_384, 40_960, 65_536, 90_112, 131_072, 10_000_000):
        told = context.Queue()
        (house.sources / "hotels.md").write_text("# Hotels\n\nBook hotels with Railton.\n")
        process = context.Process(target=build_with_room_for, args=(house.root, size, told))
        process.start()
        outcomes.append(told.get(timeout=60))
        process.join(60)
        if outcomes[-1] == 0:
            assert house.answer() == "Book hotels with Ashdown."
            assert [path.name for path in (house.data / "index").glob("*-*")] == []
    assert outcomes[0] == 0
    assert outcomes[-1] == 2
    assert set(outcomes) == {0, 2}
    assert house.answer() == "Book hotels with Railton."


def test_sizes_of_all_files_are_written_down(house: House) -> None:
    house.index("Ashdown")
    folder = house.data / "index" / "g000001"
    told = json.loads((folder / "about.json").read_text())["files"]
    assert told == {file.name: file.stat().st_size for file in folder.iterdir() if file.name != "about.json"}
