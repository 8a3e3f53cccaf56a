"""The command line at its edges: bad input ends with a sentence, the place and the cure, and changes nothing."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from bot.workspace import LocalWorkspace
from indexer.reindex import reindex
from indexer.sources import Source
from tests.fakes import ToyEmbedder

GOOD = "# Good\n\nThe good document explains how a claim is sent.\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, with nothing of Slack in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_API_URL"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def run(*arguments: str, code: int) -> Result:
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == code, done.output
    assert "Traceback" not in done.output
    return done


def test_the_module_runs_as_the_command_does() -> None:
    done = subprocess.run([sys.executable, "-m", "bot.cli", "--help"], capture_output=True, text=True, check=True)
    assert "Commands:" in done.stdout


def test_a_missing_folder(here: Path) -> None:
    done = run("index", "nowhere", code=1)
    assert "nowhere does not exist" in done.stderr
    assert "sources" in done.stderr
    assert not (here / "data" / "index" / "CURRENT").exists()


def test_an_unknown_setting_is_named_with_its_line_and_what_was_meant(here: Path) -> None:
    (here / "config.toml").write_text("[answers]\nfalse_answer = 0.2\n", encoding="utf-8")
    done = run("index", code=1)
    assert "config.toml, line 2" in done.stderr
    assert "Did you mean false_answers?" in done.stderr


def test_a_missing_settings_file(here: Path) -> None:
    assert "There is no settings file other.toml." in run("ask", "x", "--config", "other.toml", code=1).stderr


def test_no_index_yet(here: Path) -> None:
    assert "floorwalker index" in run("ask", "How?", code=1).stderr


def test_called_wrongly(here: Path) -> None:
    assert "QUESTION or --batch" in run("ask", code=2).stderr
    run("no-such-command", code=2)


def toy_index(here: Path) -> None:
    (here / "knowledge").mkdir()
    (here / "knowledge" / "good.md").write_text(GOOD, encoding="utf-8")
    reindex([Source("knowledge")], here / "data", ToyEmbedder(), now=datetime(2026, 3, 2, tzinfo=UTC))


def test_an_index_of_another_model_is_refused_and_stays(here: Path) -> None:
    toy_index(here)
    before = (here / "data" / "index" / "CURRENT").read_bytes()
    done = run("ask", "How is a claim sent?", code=1)
    assert "'toy'" in done.stderr
    assert "floorwalker index" in done.stderr
    assert (here / "data" / "index" / "CURRENT").read_bytes() == before


def test_serve_lists_all_that_is_missing(here: Path) -> None:
    done = run("serve", code=1)
    for needed in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "coach_channel", "coaches"):
        assert needed in done.stderr


SERVE = '[slack]\nport = {port}\n[desk]\ncoach_channel = "C0COACHES"\ncoaches = ["U0ANA"]\n'


@pytest.fixture
def slack(here: Path, monkeypatch: pytest.MonkeyPatch) -> LocalWorkspace:
    workspace = LocalWorkspace()
    monkeypatch.setenv("SLACK_API_URL", workspace.api_url)
    monkeypatch.setenv("SLACK_BOT_TOKEN", workspace.bot_token)
    monkeypatch.setenv("SLACK_APP_TOKEN", workspace.app_token)
    return workspace


@pytest.mark.real_model
def test_a_wrong_token(here: Path, slack: LocalWorkspace, monkeypatch: pytest.MonkeyPatch) -> None:
    toy_index(here)
    (here / "config.toml").write_text(SERVE.format(port=0), encoding="utf-8")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-this-is-wrong")
    with slack:
        done = run("serve", code=1)
    assert "Slack refused the bot token (invalid_auth)." in done.stderr
    assert "xoxb-this-is-wrong" not in done.output


def test_slack_out_of_reach(here: Path, slack: LocalWorkspace) -> None:
    toy_index(here)
    (here / "config.toml").write_text(SERVE.format(port=0), encoding="utf-8")
    slack.stop()
    assert "Slack cannot be reached" in run("serve", code=1).stderr


@pytest.mark.parametrize("command", ["serve", "demo", "workspace"])
def test_a_port_in_use(here: Path, slack: LocalWorkspace, command: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        (here / "config.toml").write_text(SERVE.format(port=port), encoding="utf-8")
        options = [] if command == "serve" else ["--port", str(port)]
        done = run(command, *options, code=1)
    slack.stop()
    assert str(port) in done.stderr
    assert "port" in done.stderr


@pytest.mark.real_model
def test_bad_documents_are_listed_with_line_and_reason_while_the_rest_is_published(here: Path) -> None:
    knowledge = here / "knowledge"
    knowledge.mkdir()
    (knowledge / "good.md").write_text(GOOD, encoding="utf-8")
    (knowledge / "matter.md").write_text("---\ntitle: [broken\n---\nText\n", encoding="utf-8")
    (knowledge / "no-text.md").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\xff\xfe")
    (knowledge / "faq.yaml").write_text(
        "- question: How is it sent?\n  answer: With the button.\n- question: And then?\n", encoding="utf-8")
    done = run("index", "--json", code=0)
    report = json.loads(done.stdout)
    assert report["documents"] == 2
    reasons = {failure["document"]: failure["reason"] for failure in report["failed"]}
    assert "Line 3" in reasons["matter.md"]
    assert "no-text.md" in reasons
    faq = next(reason for document, reason in reasons.items() if document.startswith("faq.yaml"))
    assert "Line 3" in faq
    assert "answer" in faq
    assert json.loads(run("index", "--json", "--strict", code=1).stdout)["failed"]

    (knowledge / "good.md").write_bytes(b"\xff\xfe\x00broken")
    assert json.loads(run("index", "--json", code=0).stdout)["documents"] == 2
    answer = json.loads(run("ask", "--json", "how is a claim sent", code=0).stdout)
    assert "good.md" in [hit["document"] for hit in answer["hits"]]


@pytest.mark.real_model
def test_a_batch_never_stops_at_a_bad_row(here: Path) -> None:
    (here / "knowledge").mkdir()
    (here / "knowledge" / "good.md").write_text(GOOD, encoding="utf-8")
    run("index", code=0)
    run("ask", "--batch", "no-such-file", code=2)
    rows = ['{"id": 1, "question": "How is a claim sent?"}', '{"id": 0, "question": "\\ud800 sent"}',
            "[1]", "{", '{"id": 2, "question": ""}',
            '{"id": 3, "question": 7}', '{"id": 4, "question": "x", "at": "soon"}', '{"id": 5}']
    (here / "rows.jsonl").write_text("\n".join(rows), encoding="utf-8")
    answered = [json.loads(line) for line in run("ask", "--batch", "rows.jsonl", code=0).stdout.splitlines()]
    assert [row["id"] for row in answered] == [1, 0, None, None, 2, 3, 4, 5]
    assert set(answered[2]) == set(answered[3]) == {"id", "error"}
    assert (answered[4]["verdict"], answered[4]["confidence"], answered[4]["hits"]) == ("clarify", 0, [])
    assert {"error"} <= set(answered[5]) & set(answered[6])
    assert answered[0]["hits"][0]["document"] == "good.md"


@pytest.mark.parametrize(("content", "told"), [
    ("", "is empty"),
    ("{}\n", "line 1"),
    ('{"question": "x", "expect": []}\nnot json\n', "line 2"),
])
def test_golden_questions_that_cannot_be_read(here: Path, content: str, told: str) -> None:
    toy_index(here)
    (here / "q.jsonl").write_text(content, encoding="utf-8")
    (here / "config.toml").write_text('[model]\nname = "embedded"\n', encoding="utf-8")
    assert told in run("evaluate", "q.jsonl", code=1).stderr


@pytest.mark.parametrize("data", ["file/data", "file/a/b"])
def test_a_data_folder_below_a_file_is_told_in_one_sentence(here: Path, data: str, caplog: pytest.LogCaptureFixture
                                                            ) -> None:
    (here / "knowledge").mkdir()
    (here / "file").write_text("x", encoding="utf-8")
    done = run("index", "--data", data, code=2)
    assert f"file is a file, so there can be no folder {data}." in done.stderr
    assert not caplog.records


@contextmanager
def _told_at_once() -> Iterator[threading.Event]:
    told = threading.Event()
    told.set()
    yield told


@pytest.mark.parametrize(("settings", "places"), [
    ('["kb", "git+https://reader:s3cret@git.example.com/docs.git"]', "kb, git+https://git.example.com/docs.git"),
    ('["notes [old]"]', "notes [old]"), (None, "data/demo/knowledge"),
])
def test_the_demo_tells_where_its_documents_really_are(here: Path, monkeypatch: pytest.MonkeyPatch,
                                                       settings: str | None, places: str) -> None:
    if settings:
        (here / "config.toml").write_text(f"[knowledge]\nsources = {settings}\n", encoding="utf-8")
    monkeypatch.setattr("bot.assemble.demo.Demo.prepare", lambda *_: False)
    monkeypatch.setattr("bot.assemble.demo.Demo.start", lambda *_: None)
    monkeypatch.setattr("bot.assemble.serving.until_told_to_stop", _told_at_once)
    told = " ".join(run("demo", "--no-browser", "--port", "0", code=0).stdout.split())
    assert f"Its documents are in {places}; all it remembers is in data/demo." in told
