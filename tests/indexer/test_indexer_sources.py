"""What a source says of its documents, and that it keeps what it had when much is gone at once."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest
from filelock import FileLock

from indexer.audience import names_of, narrowed
from indexer.errors import IndexBusy, SourceMissing
from indexer.evaluation.golden import golden_questions
from indexer.library.sqlite import SqliteLibrary
from indexer.search import KnowledgeBase
from indexer.sources import Source, as_folders, files_of
from indexer.sources.address import kind_of, shown
from indexer.sources.links import link_of
from indexer.sources.mirror import Mirror, State
from indexer.sources.paths import harmless, is_harmless
from indexer.sources.web_address import Scope, normal
from indexer.types import Viewer
from tests.indexer.source_fakes import Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "share", 12)


def write(folder: Path, count: int) -> Path:
    folder.mkdir(exist_ok=True)
    for number in range(count):
        (folder / f"d{number:02}.md").write_text(f"# Topic {number}\n\nAbout topic {number}.\n", encoding="utf-8")
    return folder


def links(place: Place) -> dict[str, str | None]:
    """The links of all documents in the index."""
    generation = SqliteLibrary(place.data).open()
    try:
        with generation._database() as db:
            return {row["name"]: row["url"] for row in db.query("SELECT name, url FROM documents")}
    finally:
        generation.close()


def test_a_link_is_made_of_the_path_and_written_as_addresses_are() -> None:
    path = "Getting started/page two_123456.html"
    assert link_of("https://w.example/{path}", path) == "https://w.example/Getting%20started/page%20two_123456.html"
    assert link_of("https://w.example/{stem}/", path) == "https://w.example/Getting%20started/page%20two_123456/"
    assert link_of("https://w.example/{folder}?f={file}&n={name}", path) == (
        "https://w.example/Getting%20started?f=page%20two_123456.html&n=page%20two_123456")
    assert link_of("https://c.example/viewpage.action?pageId={number}", path).endswith("pageId=123456")
    assert link_of("https://c.example/viewpage.action?pageId={number}", "index.html") == ""


def test_a_documents_own_link_wins_and_a_new_pattern_is_taken_up_at_once(place: Place, tmp_path: Path) -> None:
    folder = write(tmp_path / "k", 1)
    (folder / "own.md").write_text("---\nurl: https://own.example/x\n---\n# Own\n\nText.\n", encoding="utf-8")
    place.index(Source(str(folder), link="https://w.example/{stem}"))
    assert links(place) == {"d00.md": "https://w.example/d00", "own.md": "https://own.example/x"}
    report = place.index(Source(str(folder), link="https://new.example/{stem}"))
    assert report.changed == 1
    assert links(place)["d00.md"] == "https://new.example/d00"
    assert place.index(Source(str(folder), link="https://new.example/{stem}")).unchanged == 2


def test_patterns_choose_files_as_gitignore_does(place: Place, tmp_path: Path) -> None:
    for name in ("a.md", "old/b.md", "old/keep.md", "deep/old/c.md", "notes/d.md", "notes/d.yaml"):
        path = tmp_path / "k" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("# X\n\nText.\n", encoding="utf-8")

    def chosen(**patterns: tuple[str, ...]) -> set[str]:
        return set(place.fetch(Source(str(tmp_path / "k"), "k", **patterns)))

    assert chosen(exclude=("old/",)) == {"k/a.md", "k/notes/d.md", "k/notes/d.yaml"}
    assert chosen(exclude=("/old/*", "!/old/keep.md", "*.yaml")) == {"k/a.md", "k/old/keep.md", "k/deep/old/c.md",
                                                                   "k/notes/d.md"}
    assert chosen(include=("notes/", "a.*"), exclude=("*.yaml",)) == {"k/a.md", "k/notes/d.md"}


def test_exports_of_wikis_and_drives_are_folders(place: Place, tmp_path: Path) -> None:
    for name in ("index.html", "Expenses_98765.html", "attachments/98765/1.pdf", "styles/x.css"):
        path = tmp_path / "k" / "SPACE" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("<title>X</title><p>Text</p>", encoding="utf-8")
    source = Source(str(tmp_path / "k" / "SPACE"), "wiki", exclude=("index.html", "attachments/"),
                    link="https://wiki.example/pages/viewpage.action?pageId={number}")
    assert [file.id if hasattr(file, "id") else file.document for file in files_of(source)] == [
        "wiki/Expenses_98765.html"]
    assert place.fetch(source)["wiki/Expenses_98765.html"].endswith("pageId=98765")


@pytest.mark.parametrize(("limit", "own", "sees", "does_not"), [
    (["hr"], [], [["HR"], ["hr", "hull"]], [[], ["hull"]]),
    ([], ["hull"], [["Hull"]], [[], ["hr"]]),
    (["hr"], ["Hull"], [["hr", "hull"], ["HULL", "HR", "x"]], [["hr"], ["hull"], []]),
    (["hr", "finance"], ["finance", "hull"], [["finance"], ["hr", "hull"], ["hr", "finance"]], [["hr"], ["hull"]]),
    (["hr"], ["HR"], [["hr"]], [["finance"], []]),
])
def test_who_is_not_in_the_sources_audience_never_sees_a_document(
        limit: list[str], own: list[str], sees: list[list[str]], does_not: list[list[str]]) -> None:
    names = {name.casefold() for name in narrowed(limit, own)}
    for groups in sees:
        assert names & names_of(groups), groups
    for groups in does_not:
        assert not names & names_of(groups), groups


def test_a_source_that_loses_much_at_once_keeps_it_until_that_is_accepted(place: Place, folder: Path) -> None:
    source = Source(str(folder), "share")
    assert place.index(source).documents == 12
    for path in sorted(folder.iterdir())[:7]:
        path.unlink()
    (folder / "d11.md").write_text("# Topic 11\n\nOther words.\n", encoding="utf-8")
    report = place.index(source)
    assert (report.documents, report.removed, report.changed) == (12, 0, 1)
    (failure,) = report.failed
    assert failure.document == "share"
    assert "Of its 12 files only 5 are left" in failure.reason
    assert "--accept-losses" in failure.reason
    assert place.state(source).trouble == "shrunk"
    assert place.index(source).documents == 12, "also the next time"
    accepted = place.index(source, accept_losses=True)
    assert (accepted.documents, accepted.removed, accepted.failed) == (5, 7, ())
    assert place.state(source).trouble == ""
    assert place.index(source).failed == ()


def test_a_source_that_comes_back_is_well_again(place: Place, folder: Path) -> None:
    source = Source(str(folder))
    place.index(source)
    away = folder.rename(folder.with_name("away"))
    folder.mkdir()
    report = place.index(source)
    assert (report.documents, report.removed) == (12, 0)
    assert "nothing is left" in report.failed[0].reason
    folder.rmdir()
    away.rename(folder)
    report = place.index(source)
    assert (report.unchanged, report.failed) == (12, ())


@pytest.mark.parametrize(("had", "gone", "kept"), [
    (12, 6, False), (12, 7, True), (9, 8, False), (9, 9, True), (1, 1, True)])
def test_how_much_may_go_at_once(place: Place, tmp_path: Path, had: int, gone: int, kept: bool) -> None:
    folder = write(tmp_path / "k", had)
    place.index(Source(str(folder)))
    for path in sorted(folder.iterdir())[:gone]:
        path.unlink()
    assert place.index(Source(str(folder))).documents == (had if kept else had - gone)


def test_a_source_may_be_set_to_lose_more_or_less(place: Place, folder: Path) -> None:
    place.index(Source(str(folder), may_lose=0.1))
    for path in sorted(folder.iterdir())[:2]:
        path.unlink()
    assert place.index(Source(str(folder), may_lose=0.1)).documents == 12
    assert place.index(Source(str(folder), may_lose=0.5)).documents == 10


def test_what_the_settings_leave_out_goes_at_once(place: Place, folder: Path) -> None:
    place.index(Source(str(folder)))
    report = place.index(Source(str(folder), exclude=("d0*.md",)))
    assert (report.documents, report.removed, report.failed) == (2, 10, ())


def test_a_dry_run_says_what_would_be_and_changes_nothing(place: Place, folder: Path, tmp_path: Path) -> None:
    remote = Source(f"zip://::file://{archive(tmp_path, 3)}", "zip")
    report = place.index(remote, Source(str(folder)), dry_run=True)
    assert report.added == 15
    assert not place.data.exists()
    place.index(remote, Source(str(folder)))
    before = snapshot(place.data)
    archive(tmp_path, 5)
    assert place.index(remote, Source(str(folder)), dry_run=True).added == 2
    assert snapshot(place.data) == before


def archive(tmp_path: Path, count: int) -> Path:
    shutil.rmtree(tmp_path / "packed", ignore_errors=True)
    return Path(shutil.make_archive(str(tmp_path / "packed"), "zip", write(tmp_path / "packed", count)))


def snapshot(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_remote_source_that_loses_much_at_once_keeps_it_until_that_is_accepted(place: Place, tmp_path: Path) -> None:
    source = Source(f"zip://::file://{archive(tmp_path, 12)}", "zip")
    assert place.index(source).documents == 12
    archive(tmp_path, 2)
    report = place.index(source)
    assert (report.documents, report.removed) == (12, 0)
    assert [failure.document for failure in report.failed] == ["zip"]
    assert "only 2 are left" in report.failed[0].reason
    report = place.index(source, accept_losses=True)
    assert (report.documents, report.removed, report.failed) == (2, 10, ())


def test_an_unreachable_source_holds_up_no_other_and_keeps_its_documents(place: Place, folder: Path, tmp_path: Path
                                                                         ) -> None:
    source = Source(f"zip://::file://{archive(tmp_path, 3)}", "zip")
    place.index(source, Source(str(folder)))
    (tmp_path / "packed.zip").unlink()
    (folder / "new.md").write_text("# New\n\nText.\n", encoding="utf-8")
    report = place.index(source, Source(str(folder)))
    assert (report.documents, report.added, report.removed) == (16, 1, 0)
    assert "What was fetched before stays" in report.failed[0].reason
    shutil.rmtree(place.data / "sources")
    report = place.index(source, Source(str(folder)))
    assert (report.documents, report.removed) == (16, 0), "what is in the index stays, even without a mirror"
    assert place.index(Source(str(folder))).removed == 3, "a source that is none any more goes"


@pytest.mark.parametrize(("error", "told"), [
    (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), "no space left"), (KeyError("s3cret"), "KeyError")])
def test_whatever_happens_to_one_source_holds_up_no_other(place: Place, folder: Path, tmp_path: Path, error: Exception,
                                                          told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source(f"zip://::file://{archive(tmp_path, 3)}", "zip")
    place.index(source, Source(str(folder)))
    (folder / "new.md").write_text("# New\n\nText.\n", encoding="utf-8")
    archive(tmp_path, 5)

    def broken(_mirror: Mirror, _state: State, _now: str) -> None:
        raise error

    monkeypatch.setattr(Mirror, "take_over", broken)
    report = place.index(source, Source(str(folder)))
    assert (report.documents, report.added) == (16, 1)
    assert told in report.failed[0].reason
    assert "s3cret" not in report.failed[0].reason
    assert not list((place.data / "sources").glob("*/next"))
    monkeypatch.undo()
    assert place.index(source, Source(str(folder))).added == 2


def test_what_is_left_out_goes_also_while_the_source_is_unreachable(place: Place, tmp_path: Path) -> None:
    location = f"zip://::file://{archive(tmp_path, 3)}"
    place.index(Source(location, "zip"))
    (tmp_path / "packed.zip").unlink()
    report = place.index(Source(location, "zip", exclude=("d00.md",)))
    assert (report.documents, report.removed) == (2, 1)


def test_a_missing_folder_ends_the_run_before_anything_is_fetched(place: Place, tmp_path: Path) -> None:
    remote = Source(f"zip://::file://{archive(tmp_path, 3)}", "zip")
    with pytest.raises(SourceMissing, match="nowhere"):
        place.index(remote, Source(str(tmp_path / "nowhere")))
    assert not place.data.exists()


def test_only_the_sources_asked_for_are_fetched(place: Place, tmp_path: Path) -> None:
    source = Source(f"zip://::file://{archive(tmp_path, 3)}", "zip")
    place.index(source)
    archive(tmp_path, 5)
    assert place.index(source, refresh={"other"}).documents == 3
    assert place.index(source, refresh={"zip"}).documents == 5


def test_a_source_that_was_never_tried_is_fetched_with_whatever_run_comes_first(place: Place, tmp_path: Path) -> None:
    source = Source(f"zip://::file://{archive(tmp_path, 3)}", "zip")
    assert place.index(source, refresh={"other"}).documents == 3
    (tmp_path / "packed.zip").unlink()
    assert place.index(source, refresh={"other"}).failed == ()


def test_two_runs_never_fetch_at_once(place: Place, tmp_path: Path) -> None:
    source = Source(f"zip://::file://{archive(tmp_path, 3)}", "zip")
    (place.data / "sources").mkdir(parents=True)
    with FileLock(place.data / "sources" / "lock"), pytest.raises(IndexBusy, match="fetching"):
        place.index(source)


def test_what_is_kept_of_a_former_source_is_cleared_away(place: Place, folder: Path, tmp_path: Path) -> None:
    source = Source(f"zip://::file://{archive(tmp_path, 3)}", "zip")
    place.index(source)
    place.index(Source(str(folder)))
    assert not list((place.data / "sources").rglob("*.md"))


def test_a_fetch_that_was_killed_leaves_the_last_good_files(place: Place, tmp_path: Path) -> None:
    source = Source(f"zip://::file://{archive(tmp_path, 3)}", "zip")
    place.index(source)
    (mirror,) = (path for path in (place.data / "sources").iterdir() if path.is_dir())
    (mirror / "next").mkdir()
    (mirror / "next" / "d00.md").write_text("# Hal", encoding="utf-8")
    (mirror / "v000007").mkdir()
    assert place.index(source, refresh=()).unchanged == 3
    assert place.index(source).unchanged == 3
    (mirror / "state.json").write_text('{"form": 1, "iden', encoding="utf-8")
    assert place.index(source).unchanged == 3


@pytest.mark.parametrize(("location", "kind"), [
    ("knowledge", "folder"), ("/srv/x.git", "folder"), ("file:///srv/x", "folder"), ("C:\\docs", "folder"),
    ("git+https://h/x", "git"), ("https://h/x.git", "git"), ("git@h:o/x.git", "git"), ("ssh://git@h/o/x.git", "git"),
    ("https://h/docs/", "web"), ("http://h/sitemap.xml", "web"), ("s3://b/x", "files"),
    ("zip://::s3://b/x.zip", "files"),
])
def test_a_location_says_of_which_kind_a_source_is(location: str, kind: str) -> None:
    assert kind_of(location) == kind


def test_a_location_is_shown_without_its_secrets() -> None:
    assert shown("git+https://me:s3cret@h/x.git") == "git+https://h/x.git"
    assert shown("https://tok@h/docs/?sig=s3cret") == "https://h/docs/"
    assert shown("zip://::https://a:b@h/x.zip?sig=s3cret") == "zip://::https://h/x.zip"
    assert shown("/srv/a@b/c?d") == "/srv/a@b/c?d"


@pytest.mark.parametrize(("address", "form"), [
    ("HTTP://Host:80/a/../b/./c#x", "http://host/b/c"), ("https://h:443", "https://h/"), ("https://h:8/a b", "https://h:8/a%20b"),
    ("https://h/docs/%2e%2E/x", "https://h/x"), ("https://h/%41?q=ä", "https://h/A?q=%C3%A4"),
    ("mailto:a@b", ""), ("javascript:x", ""), ("https://[::1", ""), ("https://u:p@h/a", "https://h/a"),
])
def test_addresses_have_one_form(address: str, form: str) -> None:
    assert normal(address) == form


def test_a_site_is_what_lies_below_its_first_page() -> None:
    scope = Scope.around("http://h/docs/index.html")
    assert [scope.holds(f"http://h/{path}") for path in ("docs/", "docs/a", "docs", "docsx", "", "docs/../x")] == [
        True, True, True, False, False, True]
    assert scope.holds("https://h/docs/a"), "a site may move to https"
    assert not Scope.around("https://h/docs/").holds("http://h/docs/a"), "and not back"
    assert not scope.holds("http://h:81/docs/a")


@pytest.mark.parametrize("path", ["../a.md", "/a.md", "a/../b.md", "a\\b.md", "c:d.md", "a\x00.md", "x" * 300, ".."])
def test_no_name_leads_out_of_its_folder(path: str) -> None:
    assert not is_harmless(path)
    assert is_harmless(harmless(path))
    assert harmless(path) != harmless(f"{path}.md")


def test_what_cannot_be_read_anew_for_a_narrower_audience_leaves_the_index(place: Place, tmp_path: Path) -> None:
    folder = write(tmp_path / "k", 3)
    place.index(Source(str(folder), "k"))
    (folder / "d00.md").write_text("---\ntitle: [\n---\nText.\n", encoding="utf-8")
    assert place.index(Source(str(folder), "k")).removed == 0, "it keeps its last good version"
    report = place.index(Source(str(folder), "k", audience=("hr",)))
    assert (report.changed, report.removed, report.documents) == (2, 1, 2)
    (failure,) = report.failed
    assert failure.document == "k/d00.md"
    assert "is taken out" in failure.reason
    (failure,) = place.index(Source(str(folder), "k", audience=("hr",))).failed
    assert "is taken out" not in failure.reason


def test_what_is_lost_does_not_stay_for_a_wider_audience(place: Place, folder: Path) -> None:
    place.index(Source(str(folder), "k"))
    for path in sorted(folder.iterdir())[:11]:
        path.unlink()
    assert place.index(Source(str(folder), "k", audience=("hr",))).documents == 1


def test_golden_questions_of_what_was_fetched_are_found(place: Place, tmp_path: Path) -> None:
    write(tmp_path / "packed", 2)
    (tmp_path / "packed" / "questions.jsonl").write_text('{"question": "What?", "expect": []}\n', encoding="utf-8")
    source = Source(f"zip://::file://{shutil.make_archive(str(tmp_path / 'x'), 'zip', tmp_path / 'packed')}", "zip")
    assert as_folders([source], place.data) == []
    place.fetch(source)
    assert len(golden_questions(as_folders([source], place.data), set()).questions) == 1


def test_a_document_for_two_audiences_is_found_only_by_who_is_in_both(place: Place, tmp_path: Path) -> None:
    folder = tmp_path / "k"
    folder.mkdir()
    (folder / "pay.md").write_text("---\naudience: [Hull]\n---\n# Pay slips\n\nIn the cabinet.\n", encoding="utf-8")
    place.index(Source(str(folder), audience=("HR",)))
    knowledge = KnowledgeBase(place.data, place.embedder)
    try:
        found = {groups: bool(knowledge.find("Where are the pay slips?", Viewer(frozenset(groups))).hits)
                 for groups in ((), ("hr",), ("hull",), ("hull", "leeds"), ("hr", "hull"))}
    finally:
        knowledge.close()
    assert [groups for groups, is_found in found.items() if is_found] == [("hr", "hull")]


@pytest.mark.parametrize("name", ["", "hr", "people"])
@pytest.mark.parametrize("inner_first", [True, False])
@pytest.mark.parametrize("folder", ["hr", "h[r] *1", "deep/below/hr"])
def test_a_source_inside_another_one_has_what_lies_there_for_itself(
    place: Place, tmp_path: Path, name: str, folder: str, inner_first: bool
) -> None:
    write(tmp_path / "kb", 15)
    (tmp_path / "kb" / folder).mkdir(parents=True)
    (tmp_path / "kb" / folder / "pay.md").write_text("# Pay\n\nThe bonus is marzipan.\n", encoding="utf-8")
    outer, inner = Source(str(tmp_path / "kb")), Source(str(tmp_path / "kb" / folder), name, audience=("hr",))
    place.index(outer)  # where it was everybody's before
    report = place.index(*([inner, outer] if inner_first else [outer, inner]))
    assert (report.documents, report.failed) == (16, ())
    knowledge = KnowledgeBase(place.data, place.embedder)
    try:
        texts = [{hit.text for hit in knowledge.find("bonus marzipan", Viewer(frozenset(groups))).hits}
                 for groups in ((), ("hr",))]
    finally:
        knowledge.close()
    assert ["The bonus is marzipan." in some for some in texts] == [False, True]


def test_a_file_may_be_a_source_of_its_own_beside_its_folder(place: Place, tmp_path: Path) -> None:
    kb = write(tmp_path / "kb", 3)
    report = place.index(Source(str(kb)), Source(str(kb / "d01.md"), "one", audience=("hr",)))
    assert (report.documents, report.failed) == (3, ())
    assert set(links(place)) == {"d00.md", "d02.md", "one/d01.md"}
