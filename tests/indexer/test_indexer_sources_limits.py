"""A source's audience is the most that anybody may see of it, whatever else is wrong; and what tells whose files are
whose is the index, not a note beside it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from indexer.audience import covers, narrowed
from indexer.library.sqlite import SqliteLibrary
from indexer.reading import TAUGHT
from indexer.sources import Source
from tests.indexer.source_fakes import Place
from tests.indexer.test_indexer_sources import archive, write
from tests.indexer.test_indexer_sources_guard import faq


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def documents(place: Place) -> dict[str, tuple[str, ...]]:
    """All in the index, with whom they are for."""
    generation = SqliteLibrary(place.data).open()
    try:
        return {name: stored.audience for name, stored in generation.documents().items()}
    finally:
        generation.close()


def packed(tmp_path: Path, count: int, name: str = "", **options: object) -> Source:
    return Source(f"zip://::file://{archive(tmp_path, count)}", name, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(("wide", "narrow", "does"), [
    ((), ("hr",), True), ((), (), True), (("hr",), (), False), (("HR",), ("hr",), True), (("hr",), ("hull",), False),
    (("hr", "fin"), ("fin",), True), (("fin",), ("hr", "fin"), False),
    (("hr",), narrowed(("hr",), ("hull",)), True), (("leeds",), narrowed(("hr",), ("hull",)), False),
    (narrowed(("hr",), ("hull",)), ("hr",), False),
])
def test_what_an_audience_covers(wide: tuple[str, ...], narrow: tuple[str, ...], does: bool) -> None:
    assert covers(wide, narrow) is does


def test_the_index_tells_for_whom_its_documents_are(place: Place, tmp_path: Path) -> None:
    place.index(Source(str(write(tmp_path / "k", 1)), audience=("hr", "hull")))
    assert documents(place) == {"d00.md": ("hr", "hull")}


@pytest.mark.parametrize("name", ["zip", ""])
@pytest.mark.parametrize("loses_mirror", [True, False])
def test_a_new_audience_reaches_what_an_unreachable_source_keeps(place: Place, tmp_path: Path, name: str,
                                                                 loses_mirror: bool) -> None:
    source = packed(tmp_path, 12, name)
    place.index(source)
    (tmp_path / "packed.zip").unlink()
    if loses_mirror:
        shutil.rmtree(place.data / "sources")
    narrow = Source(source.location, name, audience=("hr",))
    report = place.index(narrow)
    assert set(documents(place).values()) <= {("hr",)}
    assert bool(report.removed) is loses_mirror
    if loses_mirror:
        assert "is taken out" in report.failed[0].reason


@pytest.mark.parametrize("name", ["k", ""])
def test_a_new_audience_reaches_what_lies_in_a_folder_that_leads_out(place: Place, tmp_path: Path, name: str) -> None:
    write(tmp_path / "share", 3)
    write(tmp_path / "share" / "sub", 3)
    place.index(Source(str(tmp_path / "share"), name))
    (tmp_path / "share" / "sub").rename(tmp_path / "outside")
    (tmp_path / "share" / "sub").symlink_to(tmp_path / "outside")
    assert place.index(Source(str(tmp_path / "share"), name)).removed == 0, "it stays behind the failure"
    report = place.index(Source(str(tmp_path / "share"), name, audience=("hr",)))
    assert (report.changed, report.removed) == (3, 3)
    assert set(documents(place).values()) == {("hr",)}
    assert "is taken out" in report.failed[0].reason


def test_one_unnamed_sources_audience_does_not_reach_anothers_documents(place: Place, tmp_path: Path) -> None:
    write(tmp_path / "open", 3)
    write(tmp_path / "open" / "sub", 3)
    (write(tmp_path / "closed", 1) / "d00.md").rename(tmp_path / "closed" / "pay.md")
    sources = Source(str(tmp_path / "open")), Source(str(tmp_path / "closed"), audience=("hr",))
    place.index(*sources)
    (tmp_path / "open" / "sub").rename(tmp_path / "outside")
    (tmp_path / "open" / "sub").symlink_to(tmp_path / "outside")
    for _ in range(2):
        assert place.index(*sources).removed == 0


def test_a_wider_audience_takes_nothing_out(place: Place, tmp_path: Path) -> None:
    folder = write(tmp_path / "k", 2)
    place.index(Source(str(folder), audience=("hr",)))
    (folder / "d00.md").write_text("---\ntitle: [\n---\nText.\n", encoding="utf-8")
    assert place.index(Source(str(folder), audience=("hr", "hull"))).removed == 0
    assert documents(place) == {"d00.md": ("hr",), "d01.md": ("hr", "hull")}


def test_going_back_does_not_bring_back_what_an_audience_has_closed(place: Place, tmp_path: Path) -> None:
    folder = write(tmp_path / "k", 3)
    place.index(Source(str(folder), "k"))
    narrow = Source(str(folder), "k", audience=("hr",))
    place.index(narrow)
    library = SqliteLibrary(place.data)
    with library.writing():
        library.undo(place.embedder.fingerprint)
    (folder / "d00.md").write_text("---\ntitle: [\n---\nText.\n", encoding="utf-8")
    report = place.index(narrow)
    assert (report.changed, report.removed) == (2, 1)
    assert documents(place) == {"k/d01.md": ("hr",), "k/d02.md": ("hr",)}


@pytest.mark.parametrize("with_name", ["zip", ""])
def test_a_source_set_otherwise_keeps_what_it_had_until_it_can_be_fetched(place: Place, tmp_path: Path, with_name: str
                                                                          ) -> None:
    source = packed(tmp_path, 12, with_name)
    place.index(source)
    away = (tmp_path / "packed.zip").rename(tmp_path / "away.zip")
    other = Source(source.location, with_name, depth=3)
    for _ in range(2):
        report = place.index(other)
        assert (report.documents, report.removed) == (12, 0)
        assert (len(place.held(other)), place.state(other).trouble) == (12, "unreachable")
    away.rename(tmp_path / "packed.zip")
    report = place.index(other)
    assert (report.unchanged, report.failed, place.state(other).trouble) == (12, (), "")


def test_what_was_fetched_under_other_settings_is_fetched_anew(place: Place, tmp_path: Path) -> None:
    source = packed(tmp_path, 3, "zip")
    place.index(source)
    (root,) = (place.data / "sources").glob("*/v*")
    (root / "d00.md").write_text("# Spoilt\n\nText.\n", encoding="utf-8")
    place.fetch(source)
    assert "Spoilt" in place.text(source, "d00.md"), "the same settings, the same version of the file"
    other = Source(source.location, "zip", depth=3)
    place.fetch(other)
    assert "Topic 0" in place.text(other, "d00.md")


def test_an_unnamed_source_that_cannot_be_reached_keeps_what_no_other_holds(place: Place, tmp_path: Path) -> None:
    source = packed(tmp_path, 12)
    (write(tmp_path / "k", 1) / "d00.md").rename(tmp_path / "k" / "own.md")
    sources = source, Source(str(tmp_path / "k"), "k")
    place.index(*sources)
    (tmp_path / "packed.zip").unlink()
    shutil.rmtree(place.data / "sources")
    for _ in range(2):
        report = place.index(*sources)
        assert (report.documents, report.removed, len(report.failed)) == (13, 0, 1)
    assert place.index(*sources, accept_losses=True).removed == 12


@pytest.mark.parametrize("name", ["k", ""])
def test_losses_are_counted_from_the_index_when_the_note_is_gone(place: Place, tmp_path: Path, name: str) -> None:
    folder = write(tmp_path / "k", 14)
    place.index(Source(str(folder), name))
    shutil.rmtree(place.data / "sources")
    for path in sorted(folder.iterdir())[:9]:
        path.unlink()
    for _ in range(2):
        report = place.index(Source(str(folder), name))
        assert (report.documents, report.removed) == (14, 0)
        assert "Of its 14 files only 5 are left" in report.failed[0].reason
    assert place.index(Source(str(folder), name), accept_losses=True).removed == 9


def test_another_folder_for_a_named_source_that_is_empty_is_a_loss(place: Place, tmp_path: Path) -> None:
    place.index(Source(str(write(tmp_path / "k", 15)), "k"))
    report = place.index(Source(str(write(tmp_path / "empty", 0)), "k"))
    assert (report.documents, report.removed) == (15, 0)
    assert "nothing is left" in report.failed[0].reason


def test_each_unnamed_source_keeps_its_own(place: Place, tmp_path: Path) -> None:
    (write(tmp_path / "k", 1) / "d00.md").rename(tmp_path / "k" / "own.md")
    sources = Source(str(tmp_path / "k")), Source(str(write(tmp_path / "share", 14)))
    place.index(*sources)
    for path in (tmp_path / "share").iterdir():
        path.unlink()
    report = place.index(*sources)
    assert (report.documents, report.removed) == (15, 0)
    assert [failure.document for failure in report.failed] == [str(tmp_path / "share")]


def test_what_cannot_be_read_does_not_stand_in_for_what_is_gone(place: Place, tmp_path: Path) -> None:
    folder = write(tmp_path / "k", 12)
    for number in range(12):
        (folder / f"o{number}.doc").write_bytes(b"old")
    place.index(Source(str(folder), "k"))
    for path in folder.glob("*.md"):
        path.unlink()
    assert place.index(Source(str(folder), "k")).removed == 0


def test_losses_of_one_unnamed_source_are_not_laid_at_anothers_door(place: Place, tmp_path: Path) -> None:
    one = packed(tmp_path, 40)
    (write(tmp_path / "k", 1) / "d00.md").rename(tmp_path / "k" / "own.md")
    place.index(one, Source(str(tmp_path / "k")))
    archive(tmp_path, 25)
    report = place.index(one, Source(str(tmp_path / "k")))
    assert (report.documents, report.removed, report.failed) == (26, 15, ())


def test_what_was_of_a_former_source_goes_whatever_another_one_holds(place: Place, tmp_path: Path) -> None:
    (write(tmp_path / "k", 1) / "d00.md").rename(tmp_path / "k" / "own.md")
    stays = Source(str(tmp_path / "k"))
    place.index(stays, Source(str(write(tmp_path / "a", 15))), Source(str(write(tmp_path / "b", 15)), "b/deep"))
    report = place.index(stays)
    assert (report.documents, report.removed, report.failed) == (1, 30, ())


def test_what_was_taught_is_nobodys_loss(place: Place, tmp_path: Path) -> None:
    source = Source(str(write(tmp_path / "k", 1)))
    (place.data / TAUGHT).mkdir(parents=True)
    for number in range(12):
        (place.data / TAUGHT / f"fw-{number}.yaml").write_text(
            f"- id: fw-{number}\n  question: What of {number}?\n  answer: That.\n", encoding="utf-8")
    place.index(source)
    for path in (place.data / TAUGHT).iterdir():
        path.unlink()
    report = place.index(source)
    assert (report.documents, report.removed, report.failed) == (1, 12, ())


def test_a_source_that_loses_all_entries_keeps_them_however_few(place: Place, tmp_path: Path) -> None:
    place.index(faq(tmp_path / "k", 2))
    report = place.index(faq(tmp_path / "k", 0))
    assert (report.documents, report.removed) == (2, 0)
    assert "Of its 2 documents none is left" in report.failed[0].reason
    assert place.index(faq(tmp_path / "k", 0), accept_losses=True).removed == 2
