"""Reading settings: what a good file and environment give."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from bot.errors import SettingsInvalid
from bot.settings import BusinessTime, Settings, check_ready_to_serve, load_settings
from bot.starter import example_settings

TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1-bot", "SLACK_APP_TOKEN": "xapp-1-app", "SLACK_SIGNING_SECRET": "8f742231b10e"}


def read(folder: Path, text: str, env: dict[str, str] | None = None) -> Settings:
    file = folder / "config.toml"
    file.write_text(text, encoding="utf-8")
    return load_settings(file, env or {})


def test_without_a_file_every_setting_has_its_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load_settings(None, {})
    assert [source.location for source in settings.knowledge.sources] == [str(tmp_path / "knowledge")]
    assert settings.model.name == "embedded"
    assert settings.answers.false_answers == 0.10
    assert (settings.slack.mode, settings.slack.host, settings.slack.port) == ("socket", "127.0.0.1", 3000)
    assert settings.desk.timezone == ZoneInfo("UTC")


def test_config_toml_of_the_current_folder_is_the_default_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.toml").write_text("[slack]\nport = 8123\n")
    monkeypatch.chdir(tmp_path)
    assert load_settings(None, {}).slack.port == 8123


def test_the_example_settings_are_valid_and_their_knowledge_lies_beside_them() -> None:
    file = example_settings()
    settings = load_settings(file, TOKENS)
    assert [Path(source.location) for source in settings.knowledge.sources] == [file.parent / "knowledge"]
    assert settings.desk.coach_channel == "C0COACHES"
    assert settings.areas[0].coaches == ("U0ANA", "U0BEN")
    check_ready_to_serve(settings)


def test_sources_are_relative_to_the_file_and_urls_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    settings = read(tmp_path, """
        [knowledge]
        sources = ["docs", "../shared", "/srv/faq.yaml", "s3://bucket/docs", "zip://*.md::https://a.example/b.zip",
                   { location = "finance", name = "finance" }]
    """)
    assert [source.location for source in settings.knowledge.sources] == [
        str(tmp_path / "docs"), str(tmp_path / ".." / "shared"), "/srv/faq.yaml", "s3://bucket/docs",
        "zip://*.md::https://a.example/b.zip", str(tmp_path / "finance"),
    ]
    assert [source.name for source in settings.knowledge.sources][-1] == "finance"


@pytest.mark.parametrize(("written", "is_path"), [
    ("", False), ("cross-encoder/ms-marco-MiniLM-L6-v2", False), ("./own", True), ("own", True),
])
def test_a_reranker_is_a_name_a_folder_or_nothing(tmp_path: Path, written: str, is_path: bool) -> None:
    (tmp_path / "own").mkdir()
    assert read(tmp_path, f'[model]\nreranker = " {written} "').model.reranker == (
        str(tmp_path / "own") if is_path else written)


@pytest.mark.parametrize(("written", "is_path"), [
    ("embedded", False), ("sentence-transformers/all-mpnet-base-v2", False), ("./tuned", True), ("tuned", True),
])
def test_a_model_is_a_name_or_a_folder(tmp_path: Path, written: str, is_path: bool) -> None:
    (tmp_path / "tuned").mkdir()
    (tmp_path / "embedded").mkdir()
    name = read(tmp_path, f'[model]\nname = "{written}"').model.name
    assert name == (str(tmp_path / "tuned") if is_path else written)


def test_targets_keep_the_defaults_of_what_is_left_out(tmp_path: Path) -> None:
    targets = read(tmp_path, '[desk.targets.high]\nfirst_response = "1d 4h"\n').desk.targets
    assert targets.high.first_response == BusinessTime(1, timedelta(hours=4))
    assert targets.high.resolution == BusinessTime(1, timedelta())
    assert targets.normal.first_response == BusinessTime(0, timedelta(hours=2))
    assert str(targets.high.first_response) == "1d 4h"
    assert str(targets.urgent.first_response) == "30m"


def test_the_next_response_is_due_as_the_first_unless_it_is_given(tmp_path: Path) -> None:
    targets = read(tmp_path, """
        [desk.targets.high]
        first_response = "20m"
        [desk.targets.low]
        next_response = "3h"
    """).desk.targets
    assert str(targets.high.next_response) == "20m"
    assert [str(targets.low.first_response), str(targets.low.next_response)] == ["1d", "3h"]
    assert str(targets.normal.next_response) == "2h"


def test_days_keep_their_default_hours_unless_they_are_given(tmp_path: Path) -> None:
    settings = read(tmp_path, """
        [desk.hours]
        monday = " 13:30-17:00, 9:00 - 12:30"
        friday = ""
        saturday = "22:00–24:00"
        [[areas]]
        name = "Plant"
        hours = { friday = "06:00-14:00", saturday = "" }
    """)
    desk, plant = settings.desk.hours, settings.areas[0].hours.over(settings.desk.hours)
    assert [str(day) for day in desk.week] == [
        "09:00-12:30, 13:30-17:00", "09:00-17:00", "09:00-17:00", "09:00-17:00", "", "22:00-24:00", ""]
    assert [str(day) for day in plant.week][4:] == ["06:00-14:00", "", ""]
    assert plant.monday == desk.monday


def test_days_are_dates_or_ranges_of_them(tmp_path: Path) -> None:
    settings = read(tmp_path, """
        [desk]
        closed_on = [2026-12-24, "2026-12-28", "2026-12-30..2027-01-01"]
        hypercare = { first_day = 2026-11-02, last_day = "2026-11-13" }
        [[duty]]
        user = "U0ANA"
        site = 7
    """)
    assert [str(days) for days in settings.desk.closed_on] == ["2026-12-24", "2026-12-28", "2026-12-30..2027-01-01"]
    assert list(settings.desk.closed_on[2]) == [date(2026, 12, 30), date(2026, 12, 31), date(2027, 1, 1)]
    days = [date(2026, 11, day) for day in (1, 2, 13, 14)]
    assert [settings.desk.hypercare.covers(day) for day in days] == [False, True, True, False]
    assert settings.duty[0].site == "7"


def test_without_dates_there_is_no_hypercare(tmp_path: Path) -> None:
    written = read(tmp_path, '[desk.hypercare]\nfirst_day = ""\nlast_day = ""')
    assert not any(settings.desk.hypercare.covers(date(2026, 11, 2)) for settings in (written, Settings()))


def test_the_last_tier_is_told_in_the_admin_channel_unless_it_has_its_own(tmp_path: Path) -> None:
    assert read(tmp_path, '[desk]\nadmin_channel = "C0OPS"').desk.escalation_channel == "C0OPS"
    own = read(tmp_path, '[desk]\nadmin_channel = "C0OPS"\nprogramme_channel = "C0BOARD"').desk
    assert (own.escalation_channel, own.ops_channel) == ("C0BOARD", "C0OPS")


def test_people_have_audiences(tmp_path: Path) -> None:
    person, group = read(tmp_path, """
        [[people]]
        user = "U0MIA"
        role = "buyer"
        wave = 2
        [[people]]
        group = "S0LEEDS"
        site = "Leeds"
    """).people
    assert person.audiences == {"buyer", "2"}
    assert group.audiences == {"Leeds"}


def test_secrets_come_from_the_environment_or_the_files_it_names(tmp_path: Path) -> None:
    secret = tmp_path / "app-token"
    secret.write_text("xapp-from-file\n")
    slack = read(tmp_path, "", {
        "SLACK_BOT_TOKEN": " xoxb-direct ", "SLACK_APP_TOKEN": "", "SLACK_APP_TOKEN_FILE": str(secret),
    }).slack
    assert slack.bot_token is not None
    assert slack.app_token is not None
    assert slack.bot_token.get_secret_value() == "xoxb-direct"
    assert slack.app_token.get_secret_value() == "xapp-from-file"
    assert slack.signing_secret is None


def test_the_environment_wins_for_slacks_address(tmp_path: Path) -> None:
    file = '[slack]\napi_url = "https://slack.example/api/"'
    assert read(tmp_path, file).slack.api_url == "https://slack.example/api/"
    env = {"SLACK_API_URL": "http://127.0.0.1:9/api"}
    assert read(tmp_path, file, env).slack.api_url == "http://127.0.0.1:9/api/"
    assert read(tmp_path, "", env).slack.api_url == "http://127.0.0.1:9/api/"


def test_the_process_environment_is_never_read_behind_the_callers_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SLACK_BOT_TOKEN", "SLACK", "slack", "MODEL", "DESK"):
        monkeypatch.setenv(name, '{"port": 1}')
    assert read(tmp_path, "") == read(tmp_path, "[slack]\nport = 3000")


def test_secrets_do_not_show(tmp_path: Path) -> None:
    settings = read(tmp_path, "", TOKENS)
    shown = f"{settings!r} {settings} {settings.slack!r} {settings.model_dump()} {settings.model_dump_json()}"
    assert not [secret for secret in TOKENS.values() if secret in shown]


def test_settings_are_frozen(tmp_path: Path) -> None:
    changes: list[tuple[Any, str]] = [(read(tmp_path, ""), "desk"), (read(tmp_path, "").desk, "coaches")]
    for table, name in changes:
        with pytest.raises(ValidationError, match="frozen"):
            setattr(table, name, ())


def test_serving_needs_tokens_a_channel_and_coaches(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid) as caught:
        check_ready_to_serve(read(tmp_path, ""))
    assert [line.split()[0] for line in caught.value.message.splitlines()] == [
        "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "[desk]", "[desk]",
    ]
    desk = '[desk]\ncoach_channel = "#coaches"\ncoaches = ["S0COACHES"]\n'
    check_ready_to_serve(read(tmp_path, desk, TOKENS))
    http = {name: value for name, value in TOKENS.items() if name != "SLACK_APP_TOKEN"}
    check_ready_to_serve(read(tmp_path, desk + '[slack]\nmode = "http"', http))


def test_tokens_in_each_others_place_are_told_without_showing_them(tmp_path: Path) -> None:
    env = {"SLACK_BOT_TOKEN": TOKENS["SLACK_APP_TOKEN"], "SLACK_APP_TOKEN": TOKENS["SLACK_BOT_TOKEN"]}
    with pytest.raises(SettingsInvalid) as caught:
        check_ready_to_serve(read(tmp_path, '[desk]\ncoach_channel = "C123"\ncoaches = ["U123"]', env))
    first, second = caught.value.message.splitlines()
    assert first.startswith("SLACK_BOT_TOKEN does not hold the bot token: that starts with xoxb-.")
    assert second.startswith("SLACK_APP_TOKEN does not hold the app-level token: that starts with xapp-.")
    assert not [token for token in TOKENS.values() if token in caught.value.message]
