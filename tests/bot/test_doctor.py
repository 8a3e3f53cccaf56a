"""`floorwalker doctor`: a whole installation on a local workspace, and one thing after the other done to it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from rich.cells import cell_len

from bot import console, console_doctor
from bot.assemble.doctor import examine
from bot.assemble.doctor_data import look_at_folder
from bot.assemble.findings import Finding
from bot.cli import main
from bot.desk.store import Store
from bot.workspace import LocalWorkspace, cast
from indexer.reindex import reindex
from indexer.sources import Source
from tests.fakes import ToyEmbedder

WEDNESDAY = datetime(2026, 3, 4, tzinfo=UTC)
GIGABYTE = 1024 ** 3


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def doctor(*arguments: str, code: int = 0) -> str:
    """What the command prints."""
    done = CliRunner().invoke(main, ["doctor", *arguments])
    assert done.exit_code == code, done.output
    return done.stdout


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


CONFIG = """
[desk]
coach_channel = "#coaches"
admin_channel = "C0OPS"
coaches = ["U0ANA", "S0COACHES"]
admins = ["U0EVE"]
[[areas]]
name = "Finance"
channel = "C0FINANCE"
lead = ["U0BEN"]
"""


def tokens(workspace: LocalWorkspace) -> dict[str, str]:
    return {"SLACK_API_URL": workspace.api_url, "SLACK_BOT_TOKEN": workspace.bot_token,
            "SLACK_APP_TOKEN": workspace.app_token}


class Patient:
    """A whole installation on a local workspace, in good health until something is done to it."""

    def __init__(self, workspace: LocalWorkspace, here: Path) -> None:
        self.workspace, self.here = workspace, here
        self.env = tokens(workspace)
        self.ahead = timedelta()
        self.free = GIGABYTE
        self.embedder = ToyEmbedder()
        (here / "knowledge").mkdir()
        (here / "knowledge" / "good.md").write_text("# Good\n\nHow a claim is sent.\n", encoding="utf-8")
        self.config(CONFIG)
        reindex([Source("knowledge")], here / "data", self.embedder, now=WEDNESDAY)
        Store(here / "data" / "desk.sqlite").close()

    def config(self, text: str) -> None:
        (self.here / "config.toml").write_text(text, encoding="utf-8")

    def setting(self, old: str, new: str) -> None:
        assert old in CONFIG
        self.config(CONFIG.replace(old, new))

    def fault(self, kind: str, **more: str) -> None:
        httpx.post(f"{self.workspace.base_url}/workspace/fault", json={"kind": kind, **more}).raise_for_status()

    def examined(self) -> list[Finding]:
        return list(examine(None, Path("data"), self.env, lambda: datetime.now(UTC) + self.ahead,
                            embedder=self.embedder, free=lambda _folder: self.free))

    def complaint(self) -> Finding:
        """The one thing that is wrong."""
        wrong = [finding for finding in self.examined() if finding.state == "wrong"]
        assert len(wrong) == 1, wrong
        return wrong[0]


@pytest.fixture
def patient(here: Path) -> Iterator[Patient]:
    with LocalWorkspace() as workspace:
        yield Patient(workspace, here)


def test_all_is_well(patient: Patient) -> None:
    before = contents(patient.here)
    found = patient.examined()
    assert [finding for finding in found if finding.state != "ok" or finding.cure] == []
    assert {finding.check for finding in found} == {
        "settings", "data", "disk", "database", "sources", "model", "index", "token", "socket", "clock", "scopes",
        "channels", "people"}
    after = {name: content for name, content in contents(patient.here).items() if not name.endswith(("-wal", "-shm"))}
    assert after == before, "the doctor changes nothing"


def damage(patient: Patient) -> None:
    (patient.here / "data" / "desk.sqlite").write_bytes(b"no database" * 1000)


def without_index(patient: Patient) -> None:
    (patient.here / "data" / "index" / "CURRENT").unlink()


def other_model(patient: Patient) -> None:
    patient.embedder = ToyEmbedder(fingerprint="another")


def empty_source(patient: Patient) -> None:
    patient.setting("\n[desk]", '\n[knowledge]\nsources = ["knowledge", "empty"]\n[desk]')
    (patient.here / "empty").mkdir()


def clock(minutes: int) -> Callable[[Patient], None]:
    return lambda patient: setattr(patient, "ahead", timedelta(minutes=minutes))


@pytest.mark.parametrize(("harm", "check", "told", "cure"), [
    (lambda p: p.fault("token_revoked"), "token", "token_revoked", "install the app again"),
    (lambda p: p.env.update(SLACK_BOT_TOKEN="xoxb-wrong"), "token", "invalid_auth", "SLACK_BOT_TOKEN"),
    (lambda p: p.env.update(SLACK_API_URL="http://127.0.0.1:9/"), "token", "cannot be reached", "SLACK_API_URL"),
    (lambda p: p.env.update(SLACK_APP_TOKEN="xapp-wrong"), "socket", "invalid_auth", "connections:write"),
    (lambda p: p.fault("scope_removed", scope="im:write"), "scopes", "im:write (to open", "floorwalker manifest"),
    (lambda p: p.fault("bot_removed", channel="C0OPS"), "channels", "not in #ops, [desk] admin_channel", "/invite"),
    (lambda p: p.fault("channel_archived", channel="C0FINANCE"), "channels", "Finance, is archived", "Unarchive"),
    (lambda p: p.setting("#coaches", "#coachs"), "channels", "no channel #coachs", "Did you mean #coaches?"),
    (lambda p: p.setting("C0OPS", "C0NOPE"), "channels", "no channel C0NOPE, [desk] admin_channel", "private"),
    (lambda p: p.setting("U0BEN", "U0NOBODY"), "people", "U0NOBODY in the lead of [[areas]] Finance", "Copy member ID"),
    (lambda p: p.setting("S0COACHES", "S0NONE"), "people", "no user group S0NONE, which [desk] coaches", "with S"),
    (lambda p: p.fault("user_deactivated", user="U0EVE"), "people", "U0EVE in [desk] admins is deactivated", "setting"),
    (lambda p: (p.config(CONFIG + '[[channels]]\nchannel = "#general"\n'), p.fault("bot_removed", channel="C0GENERAL")),
     "channels", "not in #general, [[channels]]", "/invite"),
    (clock(7), "clock", "seconds ahead of Slack's", "NTP"),
    (clock(-7), "clock", "seconds behind Slack's", "NTP"),
    (without_index, "index", "no index", "floorwalker index"),
    (other_model, "index", "made with the model 'toy'", "floorwalker index"),
    (damage, "database", "cannot be read", "restore"),
    (empty_source, "sources", "holds nothing", ".md"),
    (lambda p: p.setting("\n[desk]", '\n[knowledge]\nsources = ["knowledge", "gone"]\n[desk]'), "sources",
     "does not exist", "sources"),
    (lambda p: setattr(p, "free", 1024), "disk", "Only 0 MB are free", "Make room"),
])
def test_what_is_wrong_is_told_with_its_cure(
    patient: Patient, harm: Callable[[Patient], object], check: str, told: str, cure: str,
) -> None:
    harm(patient)
    complaint = patient.complaint()
    assert complaint.check == check
    assert told in complaint.told
    assert cure in complaint.cure


def test_a_channel_in_which_the_bot_is_silent_need_not_have_it(patient: Patient) -> None:
    patient.config(CONFIG + '[[channels]]\nchannel = "#general"\nanswers = "off"\n')
    patient.fault("bot_removed", channel="C0GENERAL")
    assert {finding.state for finding in patient.examined()} == {"ok"}


def test_missing_settings_are_told_one_by_one(patient: Patient) -> None:
    patient.config("")
    del patient.env["SLACK_BOT_TOKEN"]
    wrong = [finding.told for finding in patient.examined() if finding.state == "wrong"]
    assert [told.split(" is ")[0] for told in wrong] == ["SLACK_BOT_TOKEN", "[desk] coach_channel", "[desk] coaches"]


def test_broken_settings_do_not_hide_the_rest(patient: Patient) -> None:
    patient.config("[desk]\ncoach = 1\nadmin = 2\n")
    patient.free = 0
    wrong = [finding for finding in patient.examined() if finding.state == "wrong"]
    assert [finding.check for finding in wrong] == ["settings", "settings", "disk"]
    assert "config.toml, line 2" in wrong[0].told


@pytest.mark.parametrize("folder", ["config.toml", "config.toml/below", pytest.param(
    "/proc/self", marks=pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a folder closed to root"))])
def test_a_data_folder_that_cannot_be_written_to(patient: Patient, folder: str) -> None:
    (found,) = look_at_folder(Path(folder), lambda _folder: GIGABYTE)
    assert (found.check, found.state) == ("data", "wrong")
    assert "--data" in found.cure


def test_a_token_that_may_too_much_is_noted(patient: Patient) -> None:
    generous = replace(cast.FLOORWALKER, scopes=cast.FLOORWALKER.scopes | {"admin"})
    with LocalWorkspace(app=generous) as other:
        patient.env.update(tokens(other))
        notes = [finding for finding in patient.examined() if finding.state == "note"]
    assert [note.told for note in notes] == ["The token may do more than is needed: admin."]


def test_what_slack_does_not_tell_is_not_well(patient: Patient) -> None:
    patient.fault("scope_removed", scope="users:read")
    unknown = [finding for finding in patient.examined() if finding.state == "unknown"]
    assert [finding.told for finding in unknown] == ["Slack does not tell about U0ANA, U0EVE, U0BEN (missing_scope)."]
    patient.fault("none")
    patient.fault("server_error", method="conversations.list")
    (unseen,) = [finding for finding in patient.examined() if finding.state != "ok"]
    assert (unseen.check, unseen.state) == ("channels", "unknown")
    assert not console_doctor.show([unseen], as_json=False)


def test_a_note_does_not_make_it_fail() -> None:
    assert console_doctor.show([Finding.note("settings", "No admins.", "Name one.")], as_json=False)


def test_slacks_wait_is_kept(patient: Patient) -> None:
    patient.fault("rate_limited", method="users.info", seconds="1")
    assert {finding.state for finding in patient.examined()} == {"ok"}


def test_no_secret_is_told(patient: Patient) -> None:
    patient.fault("token_revoked")
    told = json.dumps([[finding.told, finding.cure] for finding in patient.examined()])
    assert patient.workspace.bot_token not in told
    assert patient.workspace.app_token not in told


def test_scripts_get_an_exit_code_and_json(here: Path) -> None:
    (here / "config.toml").write_text("[desk]\ncoach = 1\n", encoding="utf-8")
    told = json.loads(doctor("--json", code=1))
    assert told["ok"] is False
    assert {"check", "state", "told", "cure"} == set(told["checks"][0])
    assert "1 thing is wrong. 1 thing is not known (?)." in doctor(code=1)


@pytest.mark.real_model
def test_a_healthy_bot_exits_with_0(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in patient.env.items():
        monkeypatch.setenv(name, value)
    assert "floorwalker index" in doctor(code=1), "the toy's index"
    assert CliRunner().invoke(main, ["index"]).exit_code == 0
    assert "All is well." in doctor()


def test_findings_fit_the_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(console.out, "_width", 60)
    long = "[bold]" + "a long sentence that has to be broken " * 5 + "/very/long/path" * 6
    assert not console_doctor.show([Finding.wrong("disk", long, long), Finding.ok("data", "Fine.")], as_json=False)
    lines = capsys.readouterr().out.splitlines()
    assert max(map(cell_len, lines)) <= 60
    assert lines[0].startswith("✗ [bold]a long"), "what is told is no markup"
    assert all(line.startswith("  ") for line in lines[1:-3])
