"""`floorwalker evaluate`, and what `floorwalker index` says of golden questions, from the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot import console
from bot.cli import main
from tests.fakes import ToyEmbedder

CLAIM = "# Claims\n\nHow is a claim sent? Press the button in the expense form and the claim is sent.\n"
LEAVE = "# Leave\n\nHow is leave requested? Open the calendar, choose days, request leave from your manager.\n"
GOLDEN = [
    {"id": "c", "question": "How is a claim sent with the expense form?", "expect": ["claim.md"], "kind": "howto"},
    {"id": "l", "question": "How is leave requested in the calendar?", "expect": ["leave.md"], "kind": "howto"},
    {"id": "n", "question": "Who won the football match?", "expect": []},
]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for room in ("commands", "indexing"):
        monkeypatch.setattr(f"bot.assemble.{room}.embedder_for", lambda _data, _name: ToyEmbedder())
    (tmp_path / "knowledge").mkdir()
    (tmp_path / "knowledge" / "claim.md").write_text(CLAIM, encoding="utf-8")
    (tmp_path / "knowledge" / "leave.md").write_text(LEAVE, encoding="utf-8")
    (tmp_path / "q.jsonl").write_text("\n".join(json.dumps(row) for row in GOLDEN), encoding="utf-8")
    return tmp_path


def run(*arguments: str, code: int = 0) -> Result:
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == code, done.output
    assert "Traceback" not in done.output
    return done


def figures(*arguments: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(run("evaluate", "q.jsonl", "--json", *arguments).stdout)
    return told


def test_the_json_is_the_contracts_and_more_comes_after(here: Path) -> None:
    run("index")
    told = figures()
    assert list(told)[:5] == ["answerable", "unanswerable", "auroc", "decisions", "by_kind"]
    assert list(told["answerable"]) == ["n", "hit@1", "hit@5", "mrr@10", "ndcg@10"]
    assert told["answerable"]["n"] == 2
    assert told["answerable"]["hit@1"] == 1.0
    assert sum(told["decisions"].values()) == 3
    assert set(told) >= {"kept@80", "false_answers", "calibration_error", "aurc", "threshold", "worst"}
    assert set(told["false_answers"]) == {"setting", "measured", "low", "high"}


@pytest.mark.parametrize("columns", [50, 80])
def test_it_is_readable_in_a_narrow_terminal(here: Path, monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    run("index")
    monkeypatch.setattr(console.out, "_width", columns)
    told = run("evaluate", "q.jsonl").stdout
    assert max(map(len, told.splitlines())) <= columns
    assert not [line for line in told.splitlines() if "…" in line and "howto" in line]
    for word in ("hit@1", "kept@80", "AUROC", "howto", "Unanswerable questions that got an answer: "):
        assert word in told


def test_pictures_and_saved_runs(here: Path) -> None:
    run("index")
    for name in ("a.png", "a.SVG", "a.html"):
        run("evaluate", "q.jsonl", "--plot", name, "--save", "run.json")
        assert (here / name).stat().st_size > 1000
    (here / "knowledge" / "leave.md").write_text("# Other\n\nNothing of that sort.\n", encoding="utf-8")
    run("index")
    told = figures("--against", "run.json")["against"]
    assert told["common"] == 3
    assert told["figures"]["hit@1"]["before"] == 1.0
    assert told["figures"]["hit@1"]["after"] < 1.0
    assert "questions in common" in run("evaluate", "q.jsonl", "--against", "run.json").stdout


def test_what_is_wrong_is_told_before_anything_is_asked(here: Path) -> None:
    assert ".png, .svg or .html" in run("evaluate", "q.jsonl", "--plot", "a.pdf", code=2).stderr
    assert "cannot be opened" in run("evaluate", "q.jsonl", "--against", "none.json", code=1).stderr
    assert "is not a saved evaluation" in run("evaluate", "q.jsonl", "--against", "q.jsonl", code=1).stderr
    assert "was not written by an evaluation" in run("evaluate", "q.jsonl", "--save", "q.jsonl", code=1).stderr
    assert "does not exist" in run("evaluate", "q.jsonl", "--plot", "no/a.png", code=1).stderr


def test_index_warns_when_golden_questions_got_worse(here: Path) -> None:
    questions = here / "knowledge" / "questions.jsonl"
    questions.write_text(json.dumps(GOLDEN[2]) + "\n", encoding="utf-8")
    told = run("index")
    assert "Golden questions: 1 asked, 1 decided rightly (100%)." in told.stdout
    assert "nothing has changed since" in run("index").stdout

    football = "# Football\n\nWho won the football match? The football match was won by the finance team.\n"
    (here / "knowledge" / "football.md").write_text(football, encoding="utf-8")
    (here / "config.toml").write_text("[answers]\nfalse_answers = 1.0\n", encoding="utf-8")
    worse = run("index", "--json")
    report = json.loads(worse.stdout)
    assert report["golden"]["against"]["became_wrong"][0]["question"] == GOLDEN[2]["question"]
    assert "1 became wrong" in worse.stderr
    assert str(GOLDEN[2]["question"]) in worse.stderr


def test_a_broken_file_of_golden_questions_is_a_warning(here: Path) -> None:
    (here / "knowledge" / "questions.jsonl").write_text("{", encoding="utf-8")
    done = run("index", "--json")
    assert json.loads(done.stdout)["golden"] is None
    assert "line 1" in done.stderr


def test_a_dry_run_asks_nothing(here: Path) -> None:
    (here / "knowledge" / "questions.jsonl").write_text(json.dumps(GOLDEN[0]), encoding="utf-8")
    assert json.loads(run("index", "--dry-run", "--json").stdout)["golden"] is None
    assert not (here / "data" / "evaluation").exists()
