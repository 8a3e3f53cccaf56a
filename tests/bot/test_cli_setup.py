"""The commands with which one begins: init, manifest, doctor."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from bot.assemble.init import zone_of_this_machine
from bot.cli import main
from bot.settings import check_ready_to_serve, load_settings
from bot.settings.environment import ADDRESS, SECRETS
from indexer.reindex import reindex
from indexer.sources import Source
from tests.fakes import ToyEmbedder

WEDNESDAY = datetime(2026, 3, 4, tzinfo=UTC)


def run(*arguments: str, code: int = 0, typed: str | None = None) -> Result:
    """A command, with what somebody types when it asks."""
    done = CliRunner().invoke(main, arguments, input=typed)
    assert (done.exit_code, "Traceback" in done.output) == (code, False), done.output
    return done


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, with nothing of Slack in the environment."""
    monkeypatch.chdir(tmp_path)
    for variable in (*SECRETS.values(), ADDRESS):
        monkeypatch.delenv(variable, raising=False)
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# init

def test_a_beginning_can_be_indexed_and_needs_only_tokens_to_serve(here: Path) -> None:
    run("init", "--yes", "--coach", "U0ANA", "--coach", "S0COACHES", "--admin", "U0EVE", "--timezone", "Europe/London",
        "--coach-channel", "#help-desk")
    settings = load_settings(None, {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"})
    check_ready_to_serve(settings)
    assert settings.desk.coaches == ("U0ANA", "S0COACHES")
    assert settings.desk.coach_channel == "#help-desk"
    assert settings.desk.timezone.key == "Europe/London"
    report = reindex([Source(settings.knowledge.sources[0].location)], here / "data", ToyEmbedder(), now=WEDNESDAY)
    assert (report.failed, report.documents) == ((), 4)


def test_what_is_commented_out_in_the_settings_can_be_switched_on(here: Path) -> None:
    run("init", "--yes")
    file = Path("config.toml")
    settings = [line.removeprefix("# ") if line.startswith(("# [", "# [[")) or " = " in line else line
                for line in file.read_text(encoding="utf-8").splitlines()]
    file.write_text("\n".join(settings), encoding="utf-8")
    read = load_settings(None, {})
    assert (read.desk.holidays, read.areas[0].channel, read.people[0].wave) == ("GB-ENG", "#finance-help", "wave-1")
    assert str(read.desk.hours.friday) == "09:00-15:00"


def test_nothing_is_overwritten(here: Path) -> None:
    (here / "knowledge").mkdir()
    (here / "knowledge" / "own.md").write_text("# Own", encoding="utf-8")
    told = run("init", "--yes").stdout
    assert "knowledge has files in it and stays as it is." in told
    before = contents(here)
    assert set(before) == {"config.toml", "knowledge/own.md"}
    assert "config.toml already; nothing was written" in run("init", "--yes", "--mode", "http", code=1).stderr
    assert contents(here) == before


def test_a_link_to_nowhere_is_not_followed(here: Path) -> None:
    (here / "config.toml").symlink_to(here / "elsewhere.toml")
    run("init", "--yes", code=1)
    assert not (here / "elsewhere.toml").exists()
    assert not (here / "knowledge").exists()


def test_what_is_missing_is_to_be_filled_in(here: Path) -> None:
    told = run("init", "--yes").stdout
    assert "1. Fill in coaches and admins in config.toml" in told
    text = Path("config.toml").read_text(encoding="utf-8")
    assert "# Not filled in yet: `floorwalker serve` needs at least one.\ncoaches = []" in text


def test_it_asks_until_the_answer_can_be_used(here: Path) -> None:
    done = run("init", typed="#Help Desk\n#help-desk\nbob\nU0ANA, S0COACHES\n\nEurope/Lundon\nEurope/London\n")
    for told in ('lower case, not "#Help Desk".', 'not "bob"', 'Did you mean "Europe/London"?\n'):
        assert told in done.stderr
    desk = load_settings(None, {}).desk
    assert (desk.coach_channel, desk.coaches, desk.admins) == ("#help-desk", ("U0ANA", "S0COACHES"), ())


def test_only_what_was_not_given_is_asked(here: Path) -> None:
    done = run("init", "--coach", "U0ANA", "--admin", "U0EVE", "--timezone", "Asia/Tokyo", typed="\n")
    assert done.stderr.count("?") == 1
    assert load_settings(None, {}).desk.coach_channel == "#coaches"


def test_who_ends_the_questions_leaves_nothing_behind(here: Path) -> None:
    run("init", typed="#help-desk\n", code=1)
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("wrong", [("--coach", "bob"), ("--coach-channel", "coaches"), ("--timezone", "Mars/Base"),
                                   ("--admin", "xoxb-secret"), ("--mode", "carrier-pigeon")])
def test_an_option_that_cannot_be_used(here: Path, wrong: tuple[str, str]) -> None:
    done = run("init", "--yes", *wrong, code=2)
    assert wrong[0] in done.stderr
    assert "xoxb-secret" not in done.output
    assert list(here.iterdir()) == []


def test_another_place(here: Path) -> None:
    done = run("init", "--yes", "--config", "etc/my.toml", "--data", "state", "--knowledge", "docs", "--mode", "http",
               "--json")
    begun = json.loads(done.stdout)
    assert begun["config"] == "etc/my.toml"
    assert set(begun["written"]) == set(contents(here))
    settings = load_settings(Path("etc/my.toml"), {})
    assert (settings.slack.mode, settings.knowledge.sources[0].location) == ("http", str(here / "docs"))


def test_the_next_steps_name_the_places(here: Path) -> None:
    told = run("init", "--yes", "--config", "my.toml", "--data", "state", "--coach", "U0ANA", "--admin", "U0EVE").stdout
    steps = [line.split(". ", 1)[1] for line in told.splitlines() if line[:1].isdigit()]
    assert [step.split()[1] for step in steps if step.startswith("floorwalker")] == [
        "manifest", "index", "doctor", "serve"]
    assert all(step.endswith("--config my.toml --data state") for step in steps if step.startswith("floorwalker"))


def test_a_folder_that_cannot_be_written_to(here: Path) -> None:
    (here / "file").write_text("", encoding="utf-8")
    assert "could not be written" in run("init", "--yes", "--config", "file/config.toml", code=1).stderr


def test_the_zone_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    assert zone_of_this_machine() == "Asia/Tokyo"
    monkeypatch.setenv("TZ", "Mars/Base")
    assert zone_of_this_machine() != "Mars/Base"


# manifest

def faq(here: Path, name: str, *entries: dict[str, Any]) -> None:
    (here / "knowledge").mkdir(exist_ok=True)
    rows = [{"answer": "So.", **entry} for entry in entries]
    (here / "knowledge" / name).write_text(yaml.safe_dump(rows), encoding="utf-8")


def suggested(*arguments: str) -> list[str]:
    made = json.loads(run("manifest", "--json", *arguments).stdout)
    return [prompt["message"] for prompt in made["features"]["agent_view"]["suggested_prompts"]]


def test_the_faqs_first_questions_are_suggested(here: Path) -> None:
    faq(here, "a.yaml", {"question": "A one?"}, {"question": "A two?"}, {"question": "A three?"})
    faq(here, "b.yaml", {"question": "B one?"}, {"question": "B two?"})
    assert suggested() == ["A one?", "B one?", "A two?", "B two?"]


def test_what_is_not_for_everybody_today_is_not_suggested(here: Path) -> None:
    faq(here, "a.yaml",
        {"question": "Secret?", "audience": ["managers"]}, {"question": "Over?", "valid_to": "2020-01-01"},
        {"question": "Not yet?", "valid_from": "2999-01-01"}, {"question": "For all?", "valid_from": "2020-01-01"})
    assert suggested() == ["For all?"]


def test_without_an_faq_there_are_suggestions_all_the_same(here: Path) -> None:
    assert len(suggested()) == 2, "the source is not there"
    faq(here, "a.yaml", {"question": ""})
    (here / "knowledge" / "b.md").write_text("# B\n\nText.", encoding="utf-8")
    assert len(suggested()) == 2


def test_the_formats_are_one_manifest(here: Path) -> None:
    as_yaml = yaml.safe_load(run("manifest").stdout)
    assert as_yaml == json.loads(run("manifest", "--json").stdout) == json.loads(
        run("manifest", "--format", "json").stdout)
    run("manifest", "--json", "--format", "yaml", code=2)


def test_over_http_it_needs_the_address(here: Path) -> None:
    (here / "config.toml").write_text('[slack]\nmode = "http"\n', encoding="utf-8")
    assert "--http" in run("manifest", code=1).stderr
    assert "https://" in run("manifest", "--http", "http://example.com", code=1).stderr
    made = yaml.safe_load(run("manifest", "--http", "https://example.com").stdout)
    assert made["settings"]["event_subscriptions"]["request_url"] == "https://example.com/slack/events"
