"""The commands that look after the desk's data, as an admin types them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from filelock import FileLock
from rich.cells import cell_len

from bot import console
from bot.cli import main
from bot.desk.readable_views import DROP_READABLE
from tests.bot.desk.desk_fakes import ANA, MIA, TOM, House

README = Path(__file__).resolve().parents[2] / "README.md"


def run(*arguments: str, code: int = 0, typed: str | None = None) -> Result:
    done = CliRunner().invoke(main, arguments, input=typed)
    assert done.exit_code == code, done.output
    assert "Traceback" not in done.output
    return done


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """Two tickets in `data` of the folder that one is in; the first one is resolved."""
    monkeypatch.chdir(tmp_path)
    house = House(tmp_path / "data")
    house.open_ticket(MIA, "My [bold]badge[/] is\nbroken, and nobody in the whole building knows what to do about it")
    house.desk.resolve(1, ANA, "=HYPERLINK(1)", False, house.clock.now)
    house.open_ticket(TOM, "@SUM(1) zażółć")
    yield house
    house.store.close()


def test_a_list_fits_the_terminal(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    for width in (60, 80, 140):
        monkeypatch.setattr(console.out, "_width", width)
        lines = run("tickets", "list").stdout.splitlines()
        assert len(lines) == 4, "a line each, the head and the count"
        assert max(map(cell_len, lines)) <= width
        assert lines[2].startswith("FW-1    resolved")
        assert "My [bold]badge[/] is" in lines[2], "what people write is no markup"


def test_a_list_of_none(house: House) -> None:
    assert "No ticket fits." in run("tickets", "list", "--area", "Finance").stdout
    assert json.loads(run("tickets", "list", "--area", "Finance", "--json").stdout) == []


@pytest.mark.parametrize(("option", "day", "count"), [
    ("--since", "2026-03-01", 2), ("--since", "2026-03-02", 0),
    ("--until", "2026-02-28", 0), ("--until", "2026-03-01", 2),
])
def test_days_are_those_of_the_desk_and_included(house: House, option: str, day: str, count: int) -> None:
    """09:00 UTC on the second of March is still the first in Honolulu."""
    Path("config.toml").write_text('[desk]\ntimezone = "Pacific/Honolulu"\n', encoding="utf-8")
    assert len(json.loads(run("tickets", "list", option, day, "--json").stdout)) == count


def test_one_ticket_for_people_and_for_programs(house: House) -> None:
    told = run("tickets", "show", "fw-1").stdout
    for words in ("FW-1", "resolved", MIA, ANA, "=HYPERLINK(1)", "opened by", "training/expenses.md"):
        assert words in told
    shown = json.loads(run("tickets", "show", "1", "--json").stdout)
    assert shown["ticket"] == "FW-1"
    assert [line["what"] for line in shown["history"]] == ["opened", "claimed", "resolved"]


@pytest.mark.parametrize(("number", "code", "told"), [
    ("FW-9", 1, "There is no ticket FW-9."), ("nine", 2, "FW-12"), ("0", 2, "FW-12"), ("9" * 30, 2, "FW-12")])
def test_a_ticket_that_is_not_there(house: House, number: str, code: int, told: str) -> None:
    assert told in run("tickets", "show", number, code=code).stderr


def test_a_spreadsheet_runs_nothing_that_people_wrote(house: House) -> None:
    rows = list(csv.DictReader(io.StringIO(run("tickets", "export").stdout)))
    assert [row["ticket"] for row in rows] == ["FW-2", "FW-1"]
    assert (rows[0]["question"], rows[1]["resolution"]) == ("'@SUM(1) zażółć", "'=HYPERLINK(1)")
    assert rows[1]["question"].startswith("My [bold]badge[/] is\nbroken")


def test_an_export_goes_to_a_file_in_each_format(house: House, tmp_path: Path) -> None:
    for form in ("csv", "json", "jsonl"):
        assert run("tickets", "export", "--format", form, "--output", f"t.{form}", "--state", "open").stdout == ""
    assert (tmp_path / "t.csv").read_bytes().count(b"\n") == 2
    expected = json.loads(run("tickets", "list", "--state", "open", "--json").stdout)
    assert json.loads((tmp_path / "t.json").read_text("utf-8")) == expected
    assert [json.loads(line) for line in (tmp_path / "t.jsonl").read_text("utf-8").splitlines()] == expected
    assert "cannot be written" in run("tickets", "export", "--output", "no/such/folder.csv", code=1).stderr


@pytest.mark.parametrize("arguments", [["tickets", "list"], ["tickets", "show", "1"], ["tickets", "export"], ["backup"],
                                       ["forget", MIA, "--yes"]])
def test_a_folder_without_a_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    monkeypatch.chdir(tmp_path)
    assert "There is no desk in data." in run(*arguments, code=1).stderr
    assert not list(tmp_path.iterdir())


def test_backup_and_restore(house: House) -> None:
    made = json.loads(run("backup", "safe.zip", "--json").stdout)
    assert (made["file"], made["tickets"], made["with_index"]) == ("safe.zip", 2, False)
    assert "exists already" in run("backup", "safe.zip", code=1).stderr
    house.open_ticket(TOM, "Another one")
    house.store.close()
    with FileLock("data/bot.lock"):
        assert "Another Floorwalker is at work" in run("restore", "safe.zip", code=1).stderr
    looked = run("restore", "safe.zip", "--dry-run").stdout
    assert "Would restore" in looked
    assert "FW-3 · new · Another one" in looked
    assert len(json.loads(run("tickets", "list", "--json").stdout)) == 3
    told = run("restore", "safe.zip").stdout
    assert "Newer than this backup" in told
    assert "The next ticket will be FW-4." in told
    assert "before-restore-" in told
    assert len(json.loads(run("tickets", "list", "--json").stdout)) == 2
    Path("safe.zip").write_bytes(b"PK")
    assert "no backup" in run("restore", "safe.zip", code=1).stderr
    run("restore", "missing.zip", code=2)


def test_a_restore_says_that_numbers_may_be_given_twice(house: House) -> None:
    run("backup", "safe.zip")
    assert "--next-ticket" in run("restore", "safe.zip", "--data", "new").stdout
    done = json.loads(run("restore", "safe.zip", "--data", "newer", "--next-ticket", "FW-50", "--json").stdout)
    assert (done["next_number"], done["moved_to"]) == (50, None)


def test_a_restore_says_whom_it_brings_back(house: House) -> None:
    run("backup", "safe.zip")
    run("forget", MIA, "--yes")
    house.store.close()
    assert f"Run `floorwalker forget {MIA}` again." in run("restore", "safe.zip").stdout.replace("\n", " ")


@pytest.mark.parametrize("written", ["FW-1", "fw-1", "fw1", "FW 1", "1", "FW-001", " 1 "])
def test_a_ticket_is_found_however_its_number_is_written(house: House, written: str) -> None:
    assert run("tickets", "show", written).stdout.startswith("FW-1 ")


@pytest.mark.parametrize("written", ["", "FW-", "FW-0", "FX-1", "FW--1", "one", "1234567890"])
def test_what_is_no_number_is_said(house: House, written: str) -> None:
    assert "is no ticket's number" in run("tickets", "show", written, code=2).stderr


def test_forgetting_asks_first(house: House) -> None:
    assert "Aborted" in run("forget", MIA, code=1, typed="n\n").stderr
    assert run("tickets", "list", "--asker", MIA).stdout.startswith("ticket")
    (Path("data") / "taught").mkdir(exist_ok=True)
    (Path("data") / "backups").mkdir()
    (Path("data") / "backups" / "old.zip").write_bytes(b"")
    told = run("forget", MIA, typed="y\n").stdout
    for words in (f"{MIA} is forgotten", "forgotten-1", "1 tickets", "old.zip: made before", "Slack itself"):
        assert words in " ".join(told.split())
    assert "Nothing of U0MIA is kept." in run("forget", MIA, "--yes", code=1).stderr
    assert "FW-2 is still open" in run("forget", TOM, "--yes", code=1).stderr
    gone = json.loads(run("forget", TOM, "--yes", "--force", "--json").stdout)
    assert (gone["pseudonym"], gone["ended"]) == ("forgotten-2", [2])


def test_what_is_published_with_their_words_is_named(house: House) -> None:
    house.store.write("INSERT INTO lessons (ticket, question, answer, author, taught_at) VALUES (1, 'q', 'a', ?, '')",
                      (ANA,))
    (Path("data") / "taught").mkdir(exist_ok=True)
    (Path("data") / "taught" / "fw-1.yaml").write_text("- question: q\n", encoding="utf-8")
    assert "fw-1.yaml: published with their words" in run("forget", MIA, "--yes").stdout


def test_the_readme_names_every_view_with_its_columns(house: House) -> None:
    views = [line.split()[-1].rstrip(";") for line in DROP_READABLE.splitlines()]
    assert len(views) == 6
    readme = README.read_text(encoding="utf-8")
    for view in views:
        columns = [column.name for column in house.store.db[view].columns]
        [row] = [line for line in readme.splitlines() if line.startswith(f"| `{view}` |")]
        told = row.split("|")[3].replace(" (when it ended, in whatever way)", "")
        assert [name.strip() for name in told.split(",")] == columns
