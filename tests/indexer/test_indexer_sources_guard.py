"""Documents that are gone from files which are still there: an export that was cut off half way."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.library.sqlite import SqliteLibrary
from indexer.plan import Plan, make_plan
from indexer.reading import Found, listing, read_files
from indexer.sources import Fetching, Source
from indexer.sources.guard import without_losses
from tests.indexer.source_fakes import Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def faq(folder: Path, count: int, words: str = "Topic") -> Source:
    folder.mkdir(exist_ok=True)
    entries = (f"- question: {words} {number}?\n  answer: About {number}.\n" for number in range(count))
    (folder / "faq.yaml").write_text("".join(entries) or "[]\n", encoding="utf-8")
    return Source(str(folder), "k")


def planned(place: Place, source: Source, **options: bool) -> tuple[Plan, Found]:
    """What a run would do, with what is in the index."""
    generation = SqliteLibrary(place.data).open()
    try:
        stored, files = generation.documents(), generation.files()
    finally:
        generation.close()
    fetching = Fetching(place.clock.forward(hours=1), **options)  # type: ignore[arg-type]
    with listing([source], place.data, fetching) as listed:
        found = read_files(listed, files, lambda _done, _total: None)
        plan = make_plan(stored, found.digests, found.unread, found.failures)
        return without_losses(plan, stored, found, fetching), found


def test_entries_of_a_file_that_was_cut_off_stay(place: Place, tmp_path: Path) -> None:
    place.index(faq(tmp_path / "k", 12))
    plan, found = planned(place, faq(tmp_path / "k", 5))
    assert (len(plan.keep), plan.drop) == (12, ())
    (failure,) = found.failures
    assert failure.document == "k"
    assert "Of its 12 documents only 5 are left" in failure.reason
    assert "k/faq.yaml" not in found.files, "so that it is read anew the next time"


def test_losses_that_are_accepted_are_taken_in(place: Place, tmp_path: Path) -> None:
    place.index(faq(tmp_path / "k", 12))
    plan, found = planned(place, faq(tmp_path / "k", 5), accept_losses=True)
    assert (len(plan.keep), len(plan.drop), found.failures) == (5, 7, [])


@pytest.mark.parametrize(("had", "left"), [(12, 6), (9, 1)])
def test_few_losses_are_taken_in(place: Place, tmp_path: Path, had: int, left: int) -> None:
    place.index(faq(tmp_path / "k", had))
    plan, found = planned(place, faq(tmp_path / "k", left))
    assert (len(plan.keep), len(plan.drop), found.failures) == (left, had - left, [])


def test_entries_that_were_reworded_are_no_loss(place: Place, tmp_path: Path) -> None:
    place.index(faq(tmp_path / "k", 12))
    plan, found = planned(place, faq(tmp_path / "k", 12, "Subject"))
    assert (len(plan.add), len(plan.drop), found.failures) == (12, 12, [])


def test_entries_do_not_stay_for_a_wider_audience(place: Place, tmp_path: Path) -> None:
    place.index(faq(tmp_path / "k", 12))
    faq(tmp_path / "k", 5)
    report = place.index(Source(str(tmp_path / "k"), "k", audience=("hr",)))
    assert (report.changed, report.removed) == (5, 7)
    assert "is taken out" in report.failed[0].reason


def test_a_file_that_lost_most_of_its_entries_keeps_them_until_told(place: Place, tmp_path: Path) -> None:
    place.index(faq(tmp_path / "k", 12))
    source = faq(tmp_path / "k", 4)
    for _ in range(2):
        report = place.index(source)
        assert (report.documents, report.removed, [one.document for one in report.failed]) == (12, 0, ["k"])
        assert place.state(source).trouble == "shrunk"
    (tmp_path / "k" / "more.md").write_text("# More\n\nText.\n")
    report = place.index(source)
    assert (report.documents, report.added, report.removed) == (13, 1, 0)
    assert [one.document for one in report.failed] == ["k"]
    report = place.index(source, accept_losses=True)
    assert (report.documents, report.removed, report.failed) == (5, 8, ())
    assert place.state(source).trouble == ""
