"""Wrong settings: every fault at once, each with its line and its cure."""

from __future__ import annotations

from fractions import Fraction
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
    ("[desk.targets.low]\nfirst_answer = '1d'",
     "line 2: [desk.targets.low] first_answer is unknown. Did you mean first_response?"),
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
    ("[desk.hours]\nmonday = '9 to 5'", ('line 2: [desk.hours] monday must be opening hours like "09:00-17:00" or '
     '"09:00-12:30, 13:30-17:00", or "" for closed.')),
    ("[desk.hours]\nmonday = '09:00-24:01'", ('line 2: [desk.hours] monday must be opening hours like "09:00-17:00" or '
     '"09:00-12:30, 13:30-17:00", or "" for closed.')),
    ("[desk.hours]\nmonday = 9", ('line 2: [desk.hours] monday must be opening hours like "09:00-17:00" or '
     '"09:00-12:30, 13:30-17:00", or "" for closed.')),
    ("[desk.hours]\nmonday = '09:00-13:00, 12:00-17:00'",
     "line 2: [desk.hours] monday has 09:00-13:00 and 12:00-17:00, which overlap."),
    ("[desk.hours]\nmonday = '22:00-06:00'",
     ('line 2: [desk.hours] monday must not end before it begins, as 22:00-06:00 does; what goes on after midnight '
     'belongs to the next day: "22:00-24:00", then "00:00-06:00".')),
    ("[desk.hours]\nmoonday = ''", "line 2: [desk.hours] moonday is unknown. Did you mean monday?"),
    ("[desk.hours]\nmonday=''\ntuesday=''\nwednesday=''\nthursday=''\nfriday=''",
     "line 1: [desk.hours] is closed the whole week; give at least one day its hours."),
    ("[[areas]]\nname='A'\nhours = {monday='', tuesday='', wednesday='', thursday='', friday=''}",
     'line 1: [[areas]] gives "A" no opening hours in the whole week; give one of its days hours.'),
    ("[[duty]]\nuser='U0ANA'\nhours = {monday='', tuesday='', wednesday='', thursday='', friday=''}",
     ('line 1: [[duty]] gives "U0ANA" no hours in the whole week; give one of the days hours, '
     'or take them out of the coaches.')),
    ("[[duty]]\nuser='U0ANA'\n[[duty]]\nuser='U0ANA'",
     'line 1: [[duty]] has "U0ANA" twice; each user may be given once.'),
    ("[[duty]]\ntimezone='UTC'", "line 1: [[duty]] user is missing."),
    ("[desk]\nholidays = 'GB-EGN'",
     'line 2: [desk] holidays knows no public holidays of "GB-EGN". Did you mean "GB-ENG"?'),
    ("[desk]\nholidays = 'gb'", 'line 2: [desk] holidays knows no public holidays of "gb". Did you mean "GB"?'),
    ("[desk]\nholidays = 'GB-7'",
     'line 2: [desk] holidays knows no public holidays of "GB-7". Its parts are: ENG, NIR, SCT, WLS.'),
    ("[[areas]]\nname='A'\nholidays = 'Englandshire'",
     'line 3: [[areas]] holidays knows no public holidays of "Englandshire". Codes look like "GB" or "GB-ENG".'),
    ("[desk]\nclosed_on = [2026-12-24, '24.12.2026']", ('line 2: [desk] closed_on must be dates like "2026-12-24", '
     'or first and last day like "2026-12-24..2027-01-02".')),
    ("[desk]\nclosed_on = [2026-12-24T00:00:00]", ('line 2: [desk] closed_on must be dates like "2026-12-24", '
     'or first and last day like "2026-12-24..2027-01-02".')),
    ("[[duty]]\nuser='U0ANA'\ndays_off = ['2026-02-30']", ('line 3: [[duty]] days_off must be dates like "2026-12-24", '
     'or first and last day like "2026-12-24..2027-01-02".')),
    ("[[duty]]\nuser='U0ANA'\ndays_off = ['2027-01-02..2026-12-24']",
     ('line 3: [[duty]] days_off must run from the first day to a later one within a year, '
     'which 2027-01-02..2026-12-24 does not.')),
    ("[desk.hypercare]\nfirst_day = 2026-12-24", ("line 1: [desk.hypercare] must have both first_day and last_day, "
     "or neither.")),
    ("[desk.hypercare]\nfirst_day = 2026-12-24\nlast_day = 2026-12-23",
     "line 1: [desk.hypercare] must not end before it begins: last_day 2026-12-23 is before 2026-12-24."),
    ("[desk.hypercare]\nfirst_day = '2026-12-24..2026-12-26'",
     'line 2: [desk.hypercare] first_day must be one day like "2026-12-24", not "2026-12-24..2026-12-26".'),
    ("[desk.hypercare]\nfactor = 0", "line 2: [desk.hypercare] factor must be above 0 and at most 1, not 0."),
    ("[desk.hypercare]\nfactor = nan", "line 2: [desk.hypercare] factor must be above 0 and at most 1, not nan."),
    ("[desk.targets.low]\nfirst_response = 'soon'",
     'line 2: [desk.targets.low] first_response must be a time like "30m", "2h", "2d" (business days) or "1d 4h".'),
    ("[[channels]]\nchannel='C01'\nanswers='no'",
     'line 3: [[channels]] answers must be "mentions", "questions", "everything" or "off", not "no".'),
    ("[[channels]]\nchannel='C01'\nprivate='maybe'", "line 3: [[channels]] private must be true or false."),
    ("[[channels]]\nchannel='#help'\n[[channels]]\nchannel='#help'",
     'line 1: [[channels]] has "#help" twice; each channel may be given once.'),
    ("[slack]\noutsiders='all'", 'line 2: [slack] outsiders must be "ignore" or "answer", not "all".'),
    ("[slack]\nemoji_ask='a b'",
     'line 2: [slack] emoji_ask must be the name of an emoji such as "ticket", without its skin tone; not "a b".'),
    ("[slack]\nsuggested_prompts=['1','2','3','4','5']", "line 2: [slack] suggested_prompts must be at most 4, not 5."),
    ("[[areas]]\nname='A'\ntargets.low.resolution = 'soon'",
     'line 3: [areas.targets.low] resolution must be a time like "30m", "2h", "2d" (business days) or "1d 4h".'),
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


@pytest.mark.parametrize(("factor", "text", "product"), [
    (Fraction(1, 2), "1d 4h", "0.5d 2h"), (Fraction(1, 2), "2d", "1d"), (Fraction(1, 4), "1d 2h", "0.25d 30m"),
    (Fraction(1), "5d", "5d"), (Fraction(1, 3), "1h", "20m"),
])
def test_a_business_time_can_be_multiplied(factor: Fraction, text: str, product: str) -> None:
    assert str(business_time(text).times(factor)) == product


@pytest.mark.parametrize("text", ["", "2", "h", "-2h", "2 days", "2h2h", "1h 1d", "٢h"])
def test_what_is_no_business_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be a time like"):
        business_time(text)
