"""Wrong settings: every fault at once, each with its line and its cure."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import SettingsInvalid
from bot.settings import load_settings
from bot.settings.durations import business_time
from bot.settings.lines import line_of


def faults(folder: Path, text: str, env: dict[str, str] | None = None) -> list[str]:
    """The sentences, with the folder taken away."""
    file = folder / "config.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsInvalid) as caught:
        load_settings(file, env or {})
    assert "pydantic" not in caught.value.sentence
    return [line.removeprefix(f"{folder}/") for line in caught.value.sentence.splitlines()]


def test_all_faults_are_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    assert faults(tmp_path, """\
# a comment
[answers]
false_answer = 0.1

[slack]
mode = "sockets"
port = "3000"

[[areas]]
name = "Finance"

[[areas]]
about = "no name"
""", {"SLACK_API_URL": "nowhere"}) == [
        'SLACK_API_URL must be an address like "https://slack.com/api/", not "nowhere".',
        "config.toml, line 3: [answers] false_answer is unknown. Did you mean false_answers?",
        'config.toml, line 6: [slack] mode must be "socket" or "http", not "sockets".',
        "config.toml, line 7: [slack] port must be a whole number.",
        "config.toml, line 12: [[areas]] name is missing.",
    ]


@pytest.mark.parametrize(("text", "fault"), [
    ("[knowlege]\nx = 1", "line 1: [knowlege] is unknown. Did you mean [knowledge]?"),
    ("[[area]]\nname = 'x'", "line 1: [[area]] is unknown. Did you mean [areas]?"),
    ("timezone = 'UTC'", "line 1: timezone is unknown. It belongs into [desk]."),
    ("[slack]\ncoaches = []", "line 2: [slack] coaches is unknown. It belongs into [desk]."),
    ("[model]\nzzz = 1", "line 2: [model] zzz is unknown. Known here: name, languages, reranker."),
    ("[desk.targets.urgnt]\nresolution = '1d'", "line 1: [desk.targets.urgnt] is unknown. Did you mean urgent?"),
    ("[desk.targets.low]\nresponse = '1d'",
     "line 2: [desk.targets.low] response is unknown. Did you mean first_response?"),
    ("desk.targets.low.resolution = 'soon'",
     'line 1: [desk.targets.low] resolution must be a time like "30m", "2h", "2d" (business days) or "1d 4h".'),
    ("slack = 3", "line 1: [slack] must be a table."),
    ("[answers]\nfalse_answers = 1.5", "line 2: [answers] false_answers must be between 0 and 1, not 1.5."),
    ("[answers]\nfalse_answers = nan", "line 2: [answers] false_answers must be between 0 and 1, not nan."),
    ("[answers]\nfalse_answers = true", "line 2: [answers] false_answers must be a number."),
    ("[slack]\nport = 70000", "line 2: [slack] port must be between 0 and 65535, not 70000."),
    ("[knowledge]\nsources = 'docs'", "line 2: [knowledge] sources must be a list in square brackets."),
    ("[knowledge]\nsources = [\n  'a',\n  3,\n]",
     "line 2: [knowledge] sources must be texts in quotes, or tables with location and name."),
    ("[knowledge]\nsources = ['']", "line 2: [[knowledge.sources]] location must not be empty."),
    ("[knowledge]\nsources = [{location='a', name='n'}, {location='b', name='n'}]",
     'line 2: [[knowledge.sources]] names two sources "n"; each name may be given once.'),
    ("[desk]\ncoach_channel = 'Coaches'",
     'line 2: [desk] coach_channel must be a channel\'s id (C…) or its name as "#name" in lower case, not "Coaches".'),
    ("[desk]\ntimezone = 'Europe/Londn'",
     'line 2: [desk] timezone knows no time zone "Europe/Londn". Did you mean "Europe/London"?'),
    ("[[people]]\nrole = 'x'", "line 1: [[people]] must have either user or group."),
    ("[[areas]]\nname='A'\n[[areas]]\nname='a'",
     'line 1: [[areas]] has "A" twice; each area needs a name of its own.'),
])
def test_one_fault_has_its_line_and_cure(tmp_path: Path, text: str, fault: str) -> None:
    assert faults(tmp_path, text) == [f"config.toml, {fault}"]


def test_who_is_no_user_or_group_is_told_by_name(tmp_path: Path) -> None:
    [fault] = faults(tmp_path, '[desk]\ncoaches = ["U0ANA", "@ben"]')
    assert fault.startswith("config.toml, line 2: [desk] coaches must be the id of a user (U…) or")
    assert '"@ben"' in fault


@pytest.mark.parametrize(("text", "where"), [
    ("[slack]\nport = \n", "line 2: this is not TOML: Invalid value."),
    ("[desk]\ncoaches = [\n  'U0ANA'\n", "line 3: this is not TOML: Unclosed array."),
    ("[slack]\nport = 1\nport = 2\n", "line 3: this is not TOML: Cannot overwrite a value."),
])
def test_broken_toml_is_named_with_its_line(tmp_path: Path, text: str, where: str) -> None:
    assert faults(tmp_path, text) == [f"config.toml, {where} Texts need quotes, lists need square brackets."]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid, match=r"There is no settings file .*other\.toml"):
        load_settings(tmp_path / "other.toml", {})


def test_a_folder_and_a_file_that_is_no_text_are_told(tmp_path: Path) -> None:
    (tmp_path / "binary.toml").write_bytes(b"# \xff\xfe")
    for path, sentence in ((tmp_path, "cannot be read"), (tmp_path / "binary.toml", r"is not UTF-8 text \(byte 3\)")):
        with pytest.raises(SettingsInvalid, match=sentence):
            load_settings(path, {})


@pytest.mark.parametrize("line", [
    'bot_token = "xoxb-1-hunter2"', 'signing_secret = "hunter2"', 'app_token = "xapp-hunter2"',
    'host = "xoxb-1-hunter2"', 'token = "xoxp-hunter2"', 'mode = "xoxe.xoxb-1-hunter2"', 'port = ["xapp-1-hunter2"]',
])
def test_a_secret_in_the_file_is_refused_and_never_shown(tmp_path: Path, line: str) -> None:
    told = faults(tmp_path, f"[slack]\n{line}\n")
    assert told[0].startswith("config.toml, line 2: ")
    assert "environment" in told[0]
    assert "hunter2" not in "".join(told)


def test_secret_files_that_cannot_be_used_are_told(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.touch()
    told = faults(tmp_path, "", {
        "SLACK_BOT_TOKEN_FILE": str(tmp_path / "none"), "SLACK_APP_TOKEN_FILE": str(empty),
        "SLACK_SIGNING_SECRET": "hunter2", "SLACK_SIGNING_SECRET_FILE": "/run/secret",
    })
    assert [sentence.split(" names ")[0].split(" are ")[0] for sentence in told] == [
        "SLACK_BOT_TOKEN_FILE", "SLACK_APP_TOKEN_FILE", "SLACK_SIGNING_SECRET and SLACK_SIGNING_SECRET_FILE",
    ]
    assert "hunter2" not in "".join(told)


def test_lines_are_found_in_any_way_of_writing() -> None:
    text = '''
# [desk]
slack.port = 1
[desk]

# coaches
coaches = [
  "U1",
]
admins = """
no = 1
"""
[[areas]]
name = 'a'
[[areas]]
name = 'b'
[desk.targets]
low = { resolution = '1d' }
'''
    places = {("slack", "port"): 3, ("desk",): 4, ("desk", "coaches", 0): 7, ("desk", "admins"): 10, ("desk", "no"): 4,
              ("areas", 1): 15, ("areas", 1, "name"): 16, ("areas", 1, "about"): 15,
              ("desk", "targets", "low", "resolution"): 18, ("nothing",): None}
    assert {place: line_of(text, place) for place in places} == places


@given(days=st.integers(0, 999), hours=st.integers(0, 23), minutes=st.integers(0, 59))
def test_a_business_time_is_read_as_it_is_written(days: int, hours: int, minutes: int) -> None:
    text = f"{days}d {hours}h {minutes}m"
    if not (days or hours or minutes):
        with pytest.raises(ValueError, match="must be a time like"):
            business_time(text)
        return
    read = business_time(text)
    assert read.days == days
    assert read.hours.total_seconds() == hours * 3600 + minutes * 60
    assert business_time(str(read)) == read


@pytest.mark.parametrize("text", ["", "2", "h", "-2h", "2 days", "2h2h", "1h 1d", "٢h"])
def test_what_is_no_business_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be a time like"):
        business_time(text)
