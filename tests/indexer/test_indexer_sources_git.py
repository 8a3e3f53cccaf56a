"""A branch of a Git repository as a source, by real git."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from indexer.sources import Source
from tests.indexer.source_fakes import Place
from tests.indexer.web_fakes import web_site

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


class Repository:
    """Somebody's repository."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.git("init", "--quiet", "--initial-branch=main")
        self.commit({"guide.md": "# Guide\n\nOld words.\n", "sub/more.md": "# More\n\nSome.\n", "code.py": "1\n"})

    def git(self, *arguments: str) -> str:
        who = ("-c", "user.name=Ana", "-c", "user.email=ana@example.com", "-c", "commit.gpgsign=false")
        done = subprocess.run(["git", *who, *arguments], cwd=self.folder, check=True, capture_output=True, text=True)
        return done.stdout

    def commit(self, files: dict[str, str | None]) -> None:
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink() if text is None else path.write_text(text, encoding="utf-8")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message=x")

    def source(self, **more: object) -> Source:
        return Source(f"git+file://{self.folder}", "docs", **more)  # type: ignore[arg-type]


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "theirs")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_a_branch_is_fetched_and_followed(repository: Repository, place: Place) -> None:
    source = repository.source(link="https://git.example/docs/{path}")
    assert place.fetch(source) == {"docs/guide.md": "https://git.example/docs/guide.md",
                                   "docs/sub/more.md": "https://git.example/docs/sub/more.md"}
    repository.commit({"guide.md": "# Guide\n\nNew words.\n", "sub/more.md": None, "third.md": "# Third\n\nText.\n"})
    assert set(place.fetch(source)) == {"docs/guide.md", "docs/third.md"}
    assert "New words." in place.text(source, "guide.md")


def test_a_branch_by_its_name(repository: Repository, place: Place) -> None:
    repository.git("checkout", "--quiet", "-b", "release/2")
    repository.commit({"guide.md": "# Guide\n\nOf release 2.\n"})
    repository.git("checkout", "--quiet", "main")
    place.fetch(repository.source())
    assert "Old words." in place.text(repository.source(), "guide.md")
    place.fetch(repository.source(branch="release/2"))
    assert "Of release 2." in place.text(repository.source(branch="release/2"), "guide.md")
    assert "no such branch" in place.fetch(repository.source(branch="nope"))["docs/"]


def test_nothing_changed_changes_nothing(repository: Repository, place: Place) -> None:
    source = repository.source()
    place.fetch(source)
    before = place.state(source)
    place.fetch(source)
    assert place.state(source).changed_at == before.changed_at
    assert place.state(source).version == before.version
    assert place.state(source).fetched_at > before.fetched_at


def test_a_branch_is_no_option_and_an_address_no_command(repository: Repository, place: Place, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    for branch in (f"--upload-pack=touch {mark}", "a:refs/heads/b", "+main", "a..b", "-x"):
        assert "no name of a branch" in place.fetch(repository.source(branch=branch))["docs/"]
    for address in (f"git+ext::sh -c 'touch {mark}'", f"git+ssh://-oProxyCommand=touch%20{mark}/x.git",
                    "-oProxyCommand@host:x.git"):
        assert "docs/" in place.fetch(Source(address, "docs"))
    assert not mark.exists()


def test_hooks_filters_links_and_submodules_have_no_effect(repository: Repository, place: Place, tmp_path: Path,
                                                           monkeypatch: pytest.MonkeyPatch) -> None:
    mark = tmp_path / "mark"
    secret = tmp_path / "secret.md"
    secret.write_text("# Secret\n\nOf this machine.\n")
    ours = tmp_path / "gitconfig"
    ours.write_text(f'[filter "evil"]\n smudge = touch {mark}\n required = true\n[protocol "file"]\n allow = always\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(ours))
    inner = Repository(tmp_path / "inner")
    (repository.folder / "link.md").symlink_to(secret)
    repository.git("submodule", "--quiet", "add", f"file://{inner.folder}", "inner")
    repository.commit({".gitattributes": "*.txt filter=evil\n"})
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    (hooks / "reference-transaction").write_text(f"#!/bin/sh\ntouch {mark}\n")
    (hooks / "reference-transaction").chmod(0o755)
    ours.write_text(f"{ours.read_text()}[core]\n hooksPath = {hooks}\n")
    assert set(place.fetch(repository.source())) == {"docs/guide.md", "docs/sub/more.md"}
    assert not mark.exists()


def test_a_token_is_neither_shown_nor_given_on_the_command_line(place: Place, tmp_path: Path,
                                                                monkeypatch: pytest.MonkeyPatch) -> None:
    told = tmp_path / "told"
    fake = tmp_path / "bin" / "git"
    fake.parent.mkdir()
    fake.write_text(f'#!/bin/sh\necho "$@" >> {told}\nenv | grep -c Authorization >> {told}\n'
                    'echo "fatal: unable to access https://ana:s3cret@git.example/x.git" >&2\nexit 128\n')
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{fake.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("DOCS_TOKEN", "s3cret")
    reasons = place.fetch(Source("git+https://ana:${DOCS_TOKEN}@git.example/x.git"))
    assert list(reasons) == ["git+https://git.example/x.git"]
    assert "s3cret" not in str(reasons)
    assert "s3cret" not in told.read_text()
    assert told.read_text().splitlines()[1] == "1", "git is told in its environment"


def test_a_token_reaches_the_server(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCS_TOKEN", "s3/cret")
    with web_site() as site:
        address = site.address.replace("http://", "http://ana:${DOCS_TOKEN}@")
        told = place.fetch(Source(f"git+{address}/x.git", "docs"))
    assert site.asked == ["/x.git/info/refs?service=git-upload-pack"]
    assert site.authorizations == {"Basic " + base64.b64encode(b"ana:s3/cret").decode()}
    assert "no such repository" in told["docs/"]


@pytest.mark.parametrize("harm", ["shallow.lock", "refs/heads/mirror.lock", "HEAD", "objects"])
def test_what_a_killed_or_damaged_fetch_left_is_got_over(repository: Repository, place: Place, harm: str) -> None:
    source = repository.source()
    place.fetch(source)
    (mirror,) = (path for path in (place.data / "sources").iterdir() if path.is_dir())
    if harm == "objects":
        shutil.rmtree(mirror / "git" / "objects")
    else:
        (mirror / "git" / harm).write_text("")
    repository.commit({"guide.md": "# Guide\n\nNew words.\n"})
    place.fetch(source)
    assert set(place.fetch(source)) == {"docs/guide.md", "docs/sub/more.md"}
    assert "New words." in place.text(source, "guide.md")


def test_a_repository_that_is_gone_keeps_what_was_fetched(repository: Repository, place: Place) -> None:
    source = repository.source()
    place.fetch(source)
    repository.folder.rename(repository.folder.with_name("away"))
    told = place.fetch(source)
    assert set(told) == {"docs", "docs/guide.md", "docs/sub/more.md"}
    assert "There is no such repository".lower() in told["docs"].lower()


def test_a_repository_larger_than_allowed_is_not_taken(repository: Repository, place: Place) -> None:
    repository.commit({"big.md": "# Big\n\n" + "x" * 1_100_000})
    assert "more than 1" in place.fetch(repository.source(megabytes=1))["docs/"]
    assert set(place.fetch(repository.source(megabytes=1, exclude=("big.md",)))) == {"docs/guide.md",
                                                                                   "docs/sub/more.md"}


def test_a_document_whose_sidecar_is_a_link_is_told_and_not_taken(repository: Repository, place: Place) -> None:
    (repository.folder / "hr.yaml.txt").write_text("audience: hr\n")
    (repository.folder / "guide.md.meta.yaml").symlink_to("hr.yaml.txt")
    repository.commit({"hr.yaml.txt": "audience: hr\n"})
    told = place.fetch(repository.source())
    assert told["docs/guide.md"].startswith("The file about it (.meta.yaml) is a link")
    assert "guide.md" not in place.held(repository.source())
    assert "sub/more.md" in place.held(repository.source())


def test_a_repository_may_be_named_by_a_variable(repository: Repository, place: Place,
                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCS", repository.source().location)
    assert set(place.fetch(Source("${DOCS}", "docs"))) == {"docs/guide.md", "docs/sub/more.md"}
