"""`floorwalker sources`, and the settings of sources, as an admin types them."""

from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from rich.cells import cell_len

from bot import console
from bot.assemble.basics import sources_of
from bot.cli import main
from bot.errors import SettingsInvalid
from bot.settings import SourceSettings, load_settings
from bot.settings.knowledge import LINK_FIELDS
from indexer.reindex import reindex
from indexer.sources import Source
from indexer.sources.links import link_of
from tests.fakes import ToyEmbedder

README = Path(__file__).resolve().parents[2] / "README.md"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def run(*arguments: str, code: int = 0) -> Result:
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == code, done.output
    assert "Traceback" not in done.output
    return done


class Here:
    """A folder with settings of two sources: a folder, and an archive that has a token in its address."""

    def __init__(self, root: Path) -> None:
        self.root, self.now = root, NOW
        for number in range(3):
            self.write(f"knowledge/d{number}.md", f"# Topic {number}\n\nAbout {number}.\n")
            self.write(f"packed/p{number}.md", f"# Part {number}\n\nOf {number}.\n")
        self.pack()
        self.write("config.toml", '[knowledge]\nsources = [\n  "knowledge",\n  { location = "zip://::file://'
                   f'{root}/packed.zip?token=s3cret", name = "pack", every = "6h" }},\n]\n')

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def pack(self) -> None:
        made = shutil.make_archive(str(self.root / "packed"), "zip", self.root / "packed")
        Path(made).rename(self.root / "packed.zip?token=s3cret")

    def index(self, **options: bool) -> None:
        self.now += timedelta(hours=1)
        sources = sources_of(load_settings(self.root / "config.toml", {}))
        reindex(sources, self.root / "data", ToyEmbedder(), now=self.now, **options)  # type: ignore[arg-type]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Here:
    monkeypatch.chdir(tmp_path)
    return Here(tmp_path)


def told() -> list[dict[str, Any]]:
    return json.loads(run("sources", "--json").stdout)  # type: ignore[no-any-return]


def test_before_the_first_run_nothing_was_fetched(here: Here) -> None:
    folder, pack = told()
    assert (folder["kind"], folder["state"], folder["documents"]) == ("folder", "not indexed yet", 0)
    assert (pack["kind"], pack["state"], pack["fetched_at"]) == ("files", "never fetched", None)
    assert not (here.root / "data").exists()


def test_each_source_with_its_documents_and_times(here: Here) -> None:
    here.index()
    folder, pack = told()
    assert (folder["name"], folder["state"], folder["documents"]) == ("", "ok", 3)
    assert (pack["name"], pack["state"], pack["documents"], pack["every_seconds"]) == ("pack", "ok", 3, 21600)
    assert pack["fetched_at"] == pack["changed_at"] == "2026-03-02T10:00:00+00:00"
    here.write("knowledge/d0.md", "# Topic 0\n\nOther words.\n")
    here.index()
    folder, pack = told()
    assert folder["changed_at"] == "2026-03-02T11:00:00+00:00"
    assert (pack["fetched_at"], pack["changed_at"]) == ("2026-03-02T11:00:00+00:00", "2026-03-02T10:00:00+00:00")


def test_troubles_with_the_time_since_when_and_the_cure(here: Here) -> None:
    here.index()
    (here.root / "packed.zip?token=s3cret").unlink()
    here.write("knowledge/broken.md", "---\ntitle: [\n---\nText.\n")
    here.index()
    here.index()
    folder, pack = told()
    assert (pack["state"], pack["since"], pack["documents"]) == ("unreachable", "2026-03-02T11:00:00+00:00", 3)
    assert "The next run tries again".lower() in pack["reason"].lower()
    assert [failure["document"] for failure in folder["failures"]] == ["broken.md"]
    shown = run("sources").stdout
    assert "unreachable since 02 Mar 2026, 11:00 UTC" in " ".join(shown.split())
    assert "broken.md" in shown
    assert "s3cret" not in shown + json.dumps(told())
    shutil.rmtree(here.root / "knowledge")
    assert told()[0]["state"] == "missing"


def test_a_shrunk_source_says_that_it_was_kept(here: Here) -> None:
    here.index()
    for path in (here.root / "knowledge").iterdir():
        path.unlink()
    here.index()
    folder, _ = told()
    assert (folder["state"], folder["documents"]) == ("shrunk, kept", 3)
    assert "--accept-losses" in folder["reason"]


def test_it_fits_a_narrow_terminal(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    here.index()
    for width in (30, 60, 140):
        monkeypatch.setattr(console.out, "_width", width)
        shown = run("sources").stdout
        assert max(map(cell_len, shown.splitlines())) <= width
        assert "every 6h" in " ".join(shown.split())


def test_what_is_not_for_everybody_is_not_suggested_to_everybody(here: Here) -> None:
    faq = "- question: What do we {} about pay?\n  answer: That.\n"
    here.write("secret/faq.yaml", faq.format("whisper"))
    here.write("knowledge/faq.yaml", faq.format("say"))
    here.write("config.toml", '[knowledge]\nsources = ["knowledge", { location = "secret", audience = ["hr"] }]\n')
    suggested = run("manifest", "--json").stdout
    assert "What do we say about pay?" in suggested
    assert "whisper" not in suggested


@pytest.mark.parametrize(("setting", "told"), [
    ('link = "https://x/{id}"', "knows no {id}; known are {path}"), ('link = "x/{path}"', "must be an address"),
    ('link = "javascript:{path}"', "must be an address"),
    ('every = "soon"', '"30m", "6h" or "1d"'), ('every = "0m"', '"30m", "6h" or "1d"'),
    ('branch = "--upload-pack=x"', "must be the name of a branch"), ("may_lose = 1.5", "between 0 and 1"),
    ("pages = 0", "between 1 and"), ('include = [""]', "empty pattern"), ('audience = [""]', "groups in quotes"),
    ("options = 3", "must be a table"), ('lnk = "x"', "Did you mean link?"),
])
def test_a_wrong_setting_of_a_source_is_named_with_its_cure(tmp_path: Path, setting: str, told: str) -> None:
    file = tmp_path / "c.toml"
    file.write_text(f'[[knowledge.sources]]\nlocation = "k"\n{setting}\n', encoding="utf-8")
    with pytest.raises(SettingsInvalid) as raised:
        load_settings(file, {})
    assert told in raised.value.message
    assert "[[knowledge.sources]]" in raised.value.message


def test_all_that_is_set_reaches_the_indexer(tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_text("""
[[knowledge.sources]]
location = "s3://bucket/kb"
name = "kb"
link = "https://kb.example/{path}"
include = ["*.md"]
exclude = ["old/"]
audience = ["hr", 2]
every = "1d 6h"
branch = "main"
pages = 3
depth = 4
megabytes = 5
delay = 0.25
may_lose = 0.75
options = { anon = true }
""", encoding="utf-8")
    (source,) = sources_of(load_settings(file, {}))
    assert source == Source(
        "s3://bucket/kb", "kb", "https://kb.example/{path}", ("*.md",), ("old/",), ("hr", "2"), timedelta(hours=30),
        "main", 3, 4, 5, 0.25, 0.75, {"anon": True})


def test_addresses_are_no_paths(tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_text('[knowledge]\nsources = ["git@host:o/x.git", "s3://b/x", "zip://::file:///x.zip", "k"]\n')
    assert [source.location for source in sources_of(load_settings(file, {}))] == [
        "git@host:o/x.git", "s3://b/x", "zip://::file:///x.zip", str(tmp_path / "k")]


@pytest.mark.parametrize("name", LINK_FIELDS)
def test_every_field_of_a_link_that_may_be_set_is_filled_in(name: str) -> None:
    assert "{" not in link_of(f"https://x/{{{name}}}", "a/b-7.md")


def test_the_readme_names_every_setting_of_a_source() -> None:
    text = README.read_text(encoding="utf-8")
    part = text[text.index("### Sources"):].split("\n## ")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", part, re.MULTILINE)) == set(SourceSettings.model_fields)
    assert not [name for name in LINK_FIELDS if f"`{{{name}}}`" not in part]


def test_a_source_set_anew_is_not_ok_until_it_was_fetched_so(here: Here) -> None:
    here.index()
    (here.root / "packed.zip?token=s3cret").unlink()
    here.index()
    settings = (here.root / "config.toml").read_text(encoding="utf-8")
    here.write("config.toml", settings.replace("packed.zip", "other.zip").replace(
        '"knowledge",', '{ location = "elsewhere", name = "folder" },'))
    here.write("elsewhere/d0.md", "# Topic 0\n")
    _, pack = told()
    assert (pack["state"], pack["documents"], pack["fetched_at"]) == ("not fetched yet", 3, None)
    assert "not fetched yet with these settings" in pack["reason"]
    here.index()
    _, pack = told()
    assert (pack["state"], pack["documents"]) == ("unreachable", 3)


def test_a_folder_set_anew_is_not_ok_until_it_was_indexed_so(here: Here) -> None:
    here.write("config.toml", '[knowledge]\nsources = [{ location = "knowledge", name = "k" }]\n')
    here.index()
    here.write("config.toml", '[knowledge]\nsources = [{ location = "packed", name = "k" }]\n')
    [folder] = told()
    assert (folder["state"], folder["documents"], folder["fetched_at"]) == ("not indexed yet", 3, None)
    assert "not indexed yet with these settings" in folder["reason"]
    here.index()
    [folder] = told()
    assert (folder["state"], folder["reason"]) == ("ok", "")


SLIP = '[knowledge]\nsources = [{{ location = "{}", name = "k", include = ["typo/"] }}]\n'


@pytest.mark.parametrize("location", ["knowledge", "zip://::file://{root}/packed.zip?token=s3cret"])
def test_what_includes_nothing_by_a_slip_keeps_its_documents_and_says_so(here: Here, location: str) -> None:
    location = location.format(root=here.root)
    slip = SLIP.format(location)
    right = slip.replace("typo/", "*.md")
    here.write("config.toml", right)
    here.index()
    here.write("config.toml", slip)
    [source] = told()
    assert (source["state"], source["documents"]) == ("nothing fits", 3)
    assert "fits its `include` (typo/)" in source["reason"]
    for _ in range(2):
        here.index()
        [source] = told()
        assert (source["state"], source["documents"]) == ("shrunk, kept", 3)
        assert "Nothing of it fits `include` (typo/)" in source["reason"]
    here.write("config.toml", right)
    here.index()
    [source] = told()
    assert (source["state"], source["documents"], source["reason"]) == ("ok", 3, "")
    here.write("config.toml", slip)
    here.index(accept_losses=True)
    assert told()[0]["documents"] == 0


def test_what_is_excluded_goes_at_once_also_beside_an_include_that_fits_nothing(here: Here) -> None:
    here.write("config.toml", '[knowledge]\nsources = [{ location = "knowledge" }]\n')
    here.index()
    here.write("config.toml", '[knowledge]\nsources = [{ location = "knowledge", include = ["typo/"], '
                              'exclude = ["d1.md"] }]\n')
    here.index()
    assert told()[0]["documents"] == 2


def test_where_no_sources_are_named_it_says_under_which_heading_and_what_is_left_of_former_ones(here: Here) -> None:
    here.index()
    here.write("config.toml", "[knowledge]\nsources = []\n")
    shown = " ".join(run("sources").stdout.split())
    assert "name some under [knowledge] in the settings." in shown
    assert "still holds 6 documents" in shown


@pytest.mark.parametrize("location", ["docs", "docs.git", "file:///srv/docs", "https://help.example.com/docs/"])
def test_a_branch_belongs_to_a_repository(tmp_path: Path, location: str) -> None:
    file = tmp_path / "c.toml"
    file.write_text(f'[[knowledge.sources]]\nlocation = "{location}"\nbranch = "main"\n', encoding="utf-8")
    with pytest.raises(SettingsInvalid) as raised:
        load_settings(file, {})
    assert "line 3: [[knowledge.sources]] branch belongs to a Git repository" in raised.value.message


@pytest.mark.parametrize("location", ["git+file:///srv/docs", "git@host:docs.git", "https://u:p@host/docs.git",
                                      "ssh://git@host/docs.git", "git://host/docs", "${DOCS}", "https://host/${DOCS}"])
def test_what_is_a_repository_or_may_be_one_takes_a_branch(tmp_path: Path, location: str) -> None:
    file = tmp_path / "c.toml"
    file.write_text(f'[[knowledge.sources]]\nlocation = "{location}"\nbranch = "main"\n', encoding="utf-8")
    assert load_settings(file, {}).knowledge.sources[0].branch == "main"
