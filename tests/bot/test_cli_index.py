"""`floorwalker index` at its edges: going back, the gate and reviews from the command line, with the toy embedder."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.assemble import commands, following, indexing
from bot.cli import main
from bot.jobs import apart
from bot.settings import load_settings
from indexer.library.sqlite import SqliteLibrary
from tests.fakes import ToyEmbedder


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)

    def toy(*_arguments: Any) -> ToyEmbedder:
        return ToyEmbedder()

    for module in (indexing, commands):
        monkeypatch.setattr(module, "embedder_for", toy)
    (tmp_path / "knowledge").mkdir()
    write("Ashdown")
    return tmp_path


def write(version: str) -> None:
    Path("knowledge/hotels.md").write_text(
        f"---\nreview_by: 2020-01-31\nowner: Ana\n---\n# Hotels\n\nBook hotels with {version}.\n")


def run(*arguments: str, code: int = 0) -> Result:
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == code, done.output
    assert "Traceback" not in done.output
    return done


def test_going_back_says_what_comes_next(here: Path) -> None:
    run("index")
    write("Railton")
    run("index")
    done = run("index", "--undo")
    assert "Generation 1 is published again in place of 2" in done.stdout
    assert "takes them in again" in " ".join(done.stdout.split())
    told = json.loads(run("index", "--generations", "--json").stdout)["generations"]
    assert [(one["number"], one["state"]) for one in told] == [(2, "undone"), (1, "published")]
    assert json.loads(run("index", "--json").stdout)["generation"] == 3
    assert json.loads(run("index", "--undo", "--json").stdout) == {"undone": 3, "generation": 1}


def test_with_nothing_to_go_back_to_it_fails_with_a_sentence(here: Path) -> None:
    run("index")
    assert "no earlier generation" in run("index", "--undo", code=1).stderr


@pytest.mark.parametrize("arguments", [["--undo", "--full"], ["--undo", "knowledge"], ["--undo", "--generations"],
                                       ["--watch", "--dry-run"], ["--generations", "--strict"]])
def test_options_that_do_not_go_together(here: Path, arguments: list[str]) -> None:
    run("index", *arguments, code=2)
    assert not (here / "data").exists()


def test_a_second_run_says_so_and_ends(here: Path) -> None:
    with SqliteLibrary(here / "data").writing():
        assert "Another run is indexing" in run("index", code=1).stderr


def test_what_is_held_back_ends_with_1_and_is_published_when_told(here: Path) -> None:
    (here / "config.toml").write_text('[index]\ngate = "hold"\n')
    (here / "knowledge" / "questions.jsonl").write_text(
        json.dumps({"question": "Whom do I book hotels with?", "expect": ["hotels.md"]}) + "\n")
    run("index")
    (here / "knowledge" / "hotels.md").write_text("# Trees\n\nOaks grow slowly.\n")
    done = run("index", "--json", code=1)
    report = json.loads(done.stdout)
    assert (report["generation"], report["gate"]["held_back"]) == (1, True)
    assert report["gate"]["worse"] == ["Whom do I book hotels with?"]
    assert "Not published" in done.stderr
    assert "--accept-worse" in done.stderr
    report = json.loads(run("index", "--json", "--accept-worse").stdout)
    assert (report["generation"], report["released"]) == (2, 2)


def test_watching_ends_with_a_sentence(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = iter([frozenset(), None])

    def look(*_given: Any) -> Any:
        seen = next(looks)
        if seen is None:
            raise KeyboardInterrupt
        return seen

    monkeypatch.setattr(following, "look", look)
    done = run("index", "--watch")
    assert "Watching for changes" in done.stderr
    assert "Stopped watching." in done.stderr
    assert SqliteLibrary(here / "data").current() == 1


def test_reviews_are_listed_by_owner(here: Path) -> None:
    run("index")
    assert "Ana" in run("reviews").stdout
    listed = json.loads(run("reviews", "--json", "--owner", "ANA").stdout)["documents"]
    assert [(one["id"], one["owner"], one["review_by"]) for one in listed] == [("hotels.md", "Ana", "2020-01-31")]
    assert json.loads(run("reviews", "--json", "--owner", "Ben").stdout)["documents"] == []
    answer = json.loads(run("ask", "--json", "Whom do I book hotels with?").stdout)
    assert "due for review on 31 January 2020" in answer["text"] or answer["verdict"] != "answer"


def test_on_the_day_itself_a_document_is_not_late(here: Path) -> None:
    run("index")
    day = json.loads(run("ask", "--json", "--at", "2020-01-31", "Book hotels with Ashdown").stdout)
    after = json.loads(run("ask", "--json", "--at", "2020-02-01", "Book hotels with Ashdown").stdout)
    assert day["verdict"] == after["verdict"] == "answer"
    assert "due for review" not in day["text"]
    assert "due for review on 31 January 2020" in after["text"]


def test_beside_a_bot_at_work_it_steps_back(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stepped: list[bool] = []
    monkeypatch.setattr(indexing, "step_back", lambda: stepped.append(True))
    assert indexing.step_back is not apart.step_back
    run("index")
    assert stepped == []
    from filelock import FileLock

    with FileLock(here / "data" / "bot.lock"):
        run("index")
    assert stepped == [True]


@pytest.mark.parametrize(("indexed", "told"), [(True, "Stopped. The index stays as it is."),
                                               (False, "Stopped. There is no index yet.")])
def test_an_interrupted_run_ends_with_a_sentence(here: Path, monkeypatch: pytest.MonkeyPatch, indexed: bool,
                                                 told: str) -> None:
    if indexed:
        run("index")
        write("Railton")
    with monkeypatch.context() as patched:
        patched.setattr(indexing, "reindex", _interrupted)
        done = run("index", code=1)
    assert done.stderr.strip() == told
    assert SqliteLibrary(here / "data").current() == int(indexed)


def test_a_run_interrupted_after_it_was_published_says_so(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "check_quality", _interrupted)
    assert "Stopped. Generation 1 is published" in run("index", code=1).stderr


def test_watching_that_ends_before_there_is_an_index_does_not_speak_of_one(here: Path, monkeypatch: pytest.MonkeyPatch
                                                                           ) -> None:
    monkeypatch.setattr(indexing, "reindex", _interrupted)
    assert run("index", "--watch").stderr.strip() == "Stopped watching. There is no index yet."


def _interrupted(*_given: Any, **_named: Any) -> Any:
    raise KeyboardInterrupt


@pytest.mark.parametrize("value", ["knowledge", "{here}/knowledge"])
def test_a_folder_of_the_settings_may_be_named_by_a_variable(here: Path, monkeypatch: pytest.MonkeyPatch, value: str
                                                             ) -> None:
    (here / "settings").mkdir()
    (here / "settings" / "config.toml").write_text('[knowledge]\nsources = ["${DOCS}"]\n')
    monkeypatch.setenv("DOCS", value.format(here=here))
    if value == "knowledge":
        (here / "knowledge").rename(here / "settings" / "knowledge")
    done = run("index", "--json", "--config", "settings/config.toml")
    assert json.loads(done.stdout)["documents"] == 1


def test_the_report_of_a_run_that_was_held_back_tells_what_is_in_use(here: Path) -> None:
    (here / "config.toml").write_text('[index]\ngate = "hold"\n')
    (here / "knowledge" / "questions.jsonl").write_text(
        json.dumps({"question": "Whom do I book hotels with?", "expect": ["hotels.md"]}) + "\n")
    (here / "knowledge" / "trees.md").write_text("# Trees\n\nOaks grow slowly.\n")
    first = json.loads(run("index", "--json").stdout)
    (here / "knowledge" / "trees.md").unlink()
    (here / "knowledge" / "hotels.md").write_text(
        "# Rivers\n\nThey flow.\n\n## Fish\n\nTrout swim.\n\n## Boats\n\nCanoes float.\n")
    for _ in range(2):
        report = json.loads(run("index", "--json", code=1).stdout)
        assert report["gate"]["held_back"]
        assert [report[name] for name in ("generation", "documents", "passages")] == [
            first[name] for name in ("generation", "documents", "passages")]


@pytest.mark.parametrize(("pattern", "told"), [('exclude = ["*"]', "is left by `exclude` (*)"),
                                               ('include = ["hotels/"]', "fits its `include` (hotels/)")])
def test_what_a_source_lost_by_its_patterns_is_warned_of(here: Path, pattern: str, told: str) -> None:
    run("index")
    (here / "config.toml").write_text(f'[knowledge]\nsources = [{{ location = "knowledge", {pattern} }}]\n')
    warned = " ".join(run("index", "--dry-run", "--accept-losses").stderr.split())
    assert told in warned
    assert "taken out" not in warned
    warned = " ".join(run("index", "--json", "--accept-losses").stderr.split())
    assert told in warned
    assert "1 document was taken out; `floorwalker index --undo` goes back." in warned
    assert told in " ".join(run("index").stderr.split())


def test_a_slip_in_include_takes_nothing_out(here: Path) -> None:
    run("index")
    (here / "config.toml").write_text('[knowledge]\nsources = [{ location = "knowledge", include = ["typo/"] }]\n')
    done = run("index", "--json", "--strict", code=1)
    report = json.loads(done.stdout)
    assert (report["documents"], report["removed"], done.stderr) == (1, 0, "")
    assert "Nothing of it fits `include` (typo/), so its document stays as it was." in report["failed"][0]["reason"]


def test_without_any_source_what_is_indexed_stays(here: Path) -> None:
    run("index")
    (here / "config.toml").write_text("[knowledge]\nsources = []\n")
    done = run("index", code=1)
    assert "no sources under [knowledge] in the settings, but the index holds 1 document" in done.stderr
    assert "--accept-losses" in done.stderr
    assert SqliteLibrary(here / "data").current() == 1
    done = run("index", "--json", "--accept-losses")
    assert json.loads(done.stdout)["removed"] == 1
    assert "name some under [knowledge]" in " ".join(done.stderr.split())
    run("index")


def test_reviews_tell_today_from_tomorrow_and_within_counts_its_last_day(here: Path) -> None:
    today = datetime.now(UTC).astimezone(load_settings(None, {}).desk.timezone).date()
    for days in range(-2, 4):
        (here / "knowledge" / f"d{days}.md").write_text(
            f"---\nreview_by: {today + timedelta(days=days)}\nowner: Ben\n---\n# Topic {days}\n\nText.\n")
    run("index")

    def listed(*options: str) -> dict[str, str]:
        lines = run("reviews", "--owner", "Ben", *options).stdout.splitlines()[1:]
        return {line.rpartition("(")[2].rstrip(")"): line.partition("(")[2].partition(")")[0] for line in lines}

    assert listed() == {"d-2.md": "2 days ago", "d-1.md": "1 day ago"}
    assert listed("--within", "2") == {
        "d-2.md": "2 days ago", "d-1.md": "1 day ago", "d0.md": "today", "d1.md": "in 1 day", "d2.md": "in 2 days"}
    assert "or due within 1 day." in run("reviews", "--owner", "Cem", "--within", "1").stdout
