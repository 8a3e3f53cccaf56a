"""A backup is whole, true and dated; a restore loses nothing, neither of the backup nor of what was there."""

from __future__ import annotations

import json
import sqlite3
import threading
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from bot.assemble import backup as backups
from bot.assemble import restore as restoring
from bot.assemble.archive import MANIFEST
from bot.assemble.backup import back_up
from bot.assemble.restore import RestoreFailed, restore
from bot.desk.backup import BackupFailed, BackupUnusable, examine
from bot.desk.forgetting import forget
from bot.desk.listing import Wanted, find
from bot.desk.reading import DeskDamaged, NoDesk
from bot.desk.since_backup import Lost, Since
from bot.desk.store import Store
from bot.errors import DataInUse
from tests.bot.desk.desk_fakes import ANA, MIA, TOM, House

NOW = datetime(2026, 3, 2, 12, 30, tzinfo=UTC)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path / "data")
    house.open_ticket(MIA, "My badge is broken")
    (tmp_path / "data" / "taught").mkdir()
    (tmp_path / "data" / "taught" / "fw-1.yaml").write_text("- question: q\n  answer: a\n", encoding="utf-8")
    (tmp_path / "data" / "taught" / ".fw-2-unfinished").write_text("half", encoding="utf-8")
    yield house
    house.store.close()


@pytest.fixture
def data(house: House) -> Path:
    return house.store.path.parent


def questions(data: Path) -> list[str]:
    return [row["question"] for row in find(data, Wanted(order="oldest"))]


def rewritten(file: Path, change: Callable[[dict[str, bytes]], None], to: Path) -> Path:
    """The same archive with other contents."""
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(to, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return to


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file but locks and what SQLite keeps beside an open database."""
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*")
            if file.is_file() and not file.name.endswith((".lock", "-shm", "-wal"))}


# ---- backup ---------------------------------------------------------------------------------------------------------


def test_it_is_dated_and_says_what_is_in_it(data: Path) -> None:
    made = back_up(data, None, NOW)
    assert made.file == data / "backups" / "floorwalker-20260302-123000.zip"
    assert made.file.stat().st_mode & 0o077 == 0, "it holds what people wrote"
    assert set(made.manifest.files) == {"desk.sqlite", "taught/fw-1.yaml"}
    assert made.manifest.counts["tickets"] == 1
    with zipfile.ZipFile(made.file) as archive:
        assert json.loads(archive.read(MANIFEST))["made_at"] == "2026-03-02T12:30:00+00:00"
    assert [file.name for file in made.file.parent.iterdir()] == [made.file.name]


def test_it_is_consistent_while_the_bot_writes_and_holds_nobody_up(house: House, data: Path, tmp_path: Path) -> None:
    stop, errors, written = threading.Event(), list[Exception](), 0

    def write_pairs() -> None:
        nonlocal written
        try:
            while not stop.is_set():
                with house.store.transaction():
                    for half in ("a", "b"):
                        house.store.write("INSERT INTO done_once VALUES (?, ?)", (f"{written} {half}", "x" * 2000))
                written += 1
        except Exception as error:
            errors.append(error)

    writer = threading.Thread(target=write_pairs)
    writer.start()
    made = [back_up(data, tmp_path / f"{n}.zip", NOW) for n in range(8)]
    stop.set()
    writer.join()
    assert errors == []
    counts = [one.manifest.counts["done_once"] - house_keys(house, written) for one in made]
    assert all(count % 2 == 0 for count in counts), "a transaction is in it whole, or not at all"
    assert made[-1].manifest.counts["done_once"] > made[0].manifest.counts["done_once"], "the writer was not held up"


def house_keys(house: House, pairs: int) -> int:
    """Keys that were there before anybody wrote pairs."""
    return len(house.store.rows("SELECT key FROM done_once")) - 2 * pairs


def test_what_is_not_committed_is_not_in_it(house: House, data: Path, tmp_path: Path) -> None:
    with house.store.transaction():
        house.store.write("UPDATE tickets SET question = 'in the making'")
        made = back_up(data, tmp_path / "b.zip", NOW)
    restore(made.file, tmp_path / "other", NOW)
    assert questions(tmp_path / "other") == ["My badge is broken"]


def test_the_index_in_use_comes_along_if_wished(data: Path) -> None:
    for name, text in {"index/CURRENT": "g000002\n", "index/g000002/passages.sqlite": "p", "index/g000001/old": "o",
                       "model/CURRENT": "m000001\n", "model/m000001/sub/weights": "w", "evaluation/golden.json": "{}",
                       "index/lock": ""}.items():
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_text(text, encoding="utf-8")
    made = back_up(data, None, NOW, with_index=True)
    assert set(made.manifest.files) == {
        "desk.sqlite", "taught/fw-1.yaml", "index/CURRENT", "index/g000002/passages.sqlite", "model/CURRENT",
        "model/m000001/sub/weights", "evaluation/golden.json"}
    (data / "index" / "g000002" / "passages.sqlite").write_text("another", encoding="utf-8")
    assert restore(made.file, data, NOW).with_index
    assert (data / "index" / "g000002" / "passages.sqlite").read_text(encoding="utf-8") == "p"


def test_only_the_newest_are_kept_and_nothing_else_goes(data: Path) -> None:
    (data / "backups").mkdir()
    (data / "backups" / "before the upgrade.zip").write_text("mine", encoding="utf-8")
    for minute in range(4):
        made = back_up(data, None, NOW.replace(minute=minute), keep=2)
    assert [file.name for file in made.removed] == ["floorwalker-20260302-120100.zip"]
    assert sorted(file.name for file in (data / "backups").iterdir()) == [
        "before the upgrade.zip", "floorwalker-20260302-120200.zip", "floorwalker-20260302-120300.zip"]


def test_what_is_there_is_not_overwritten_and_no_desk_is_said(data: Path, tmp_path: Path) -> None:
    made = back_up(data, tmp_path / "b.zip", NOW)
    before = made.file.read_bytes()
    with pytest.raises(BackupFailed, match="exists already"):
        back_up(data, made.file, NOW)
    assert made.file.read_bytes() == before
    with pytest.raises(NoDesk):
        back_up(tmp_path / "nowhere", None, NOW)
    assert not (tmp_path / "nowhere").exists()


def test_a_full_disk_leaves_nothing_behind(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backups, "pack", full)
    with pytest.raises(BackupFailed, match="No space left on device"):
        back_up(data, tmp_path / "backups" / "b.zip", NOW)
    assert not list((tmp_path / "backups").iterdir())


def test_what_is_written_wrongly_is_noticed(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack = backups.pack

    def careless(archive: zipfile.ZipFile, file: Path, name: str) -> Any:
        packed = pack(archive, file, name)
        return type(packed)(packed.bytes, "0" * 64) if name.startswith("taught") else packed

    monkeypatch.setattr(backups, "pack", careless)
    with pytest.raises(BackupFailed, match=r"taught/fw-1\.yaml"):
        back_up(data, tmp_path / "b.zip", NOW)
    assert not (tmp_path / "b.zip").exists()


def test_a_file_that_could_not_be_restored_is_said_at_once(data: Path) -> None:
    (data / "taught" / "a:b.yaml").write_text("x", encoding="utf-8")
    with pytest.raises(BackupFailed, match=r"a:b\.yaml"):
        back_up(data, None, NOW)


def test_a_damaged_database_is_not_backed_up_as_if_it_were_sound(house: House, data: Path) -> None:
    with sqlite3.connect(data / "desk.sqlite") as connection:  # foreign keys are not held here
        connection.execute("INSERT INTO ticket_tags VALUES (99, 'of no ticket')")
    with pytest.raises(BackupFailed, match="1 rows refer to rows that are gone"):
        back_up(data, None, NOW)
    assert not list((data / "backups").iterdir())
    with pytest.raises(DeskDamaged):
        examine(data / "desk.sqlite")


# ---- restore --------------------------------------------------------------------------------------------------------


def test_everything_is_back_and_what_was_there_is_kept(house: House, data: Path) -> None:
    made = back_up(data, None, NOW)
    house.open_ticket(TOM, "Asked after the backup")
    (data / "taught" / "fw-2.yaml").write_text("later", encoding="utf-8")
    house.store.close()
    done = restore(made.file, data, NOW)
    assert questions(data) == ["My badge is broken"]
    assert [file.name for file in (data / "taught").iterdir()] == ["fw-1.yaml"]
    assert done.moved_to == data / "before-restore-20260302-123000"
    assert questions(done.moved_to) == ["My badge is broken", "Asked after the backup"]
    assert (done.moved_to / "taught" / "fw-2.yaml").exists()
    assert examine(data / "desk.sqlite").counts == {**made.manifest.counts}


def test_numbers_that_were_given_after_the_backup_are_not_given_again(house: House, data: Path) -> None:
    made = back_up(data, None, NOW)
    house.open_ticket(TOM, "FW-2")
    house.open_ticket(TOM, "FW-3")
    house.store.close()
    done = restore(made.file, data, NOW)
    assert (done.prepared.next_number, done.prepared.previous_known) == (4, True)
    again = House(data)
    assert again.open_ticket(TOM, "The next one").number == 4
    again.store.close()


def test_where_the_former_database_is_lost_the_next_number_can_be_told(data: Path, tmp_path: Path) -> None:
    made = back_up(data, tmp_path / "b.zip", NOW)
    done = restore(made.file, tmp_path / "new", NOW, next_ticket=50)
    assert (done.prepared.next_number, done.prepared.previous_known, done.moved_to) == (50, False, None)
    new = House(tmp_path / "new")
    assert new.open_ticket(TOM, "After the loss").number == 50
    new.store.close()


def test_what_waited_then_is_neither_lost_nor_said_twice(house: House, data: Path) -> None:
    """One message was sent since, one was given up, of one nobody knows; an event was answered, another one not."""
    for key in ("answered", "waiting"):
        house.inbox.record(key, "event", {}, "", house.clock.now)
    for text in ("sent", "given up", "unknown"):
        house.desk._office.notify("ops", f"C0{text}", house.clock.now, text=text)
    first = house.desk.outbox.claim_next(house.clock.now)
    assert first is not None
    made = back_up(data, None, NOW)
    item = house.inbox.claim_next(house.clock.now)
    assert item is not None
    house.inbox.done(item.id, house.clock.now)
    house.desk.outbox.sent(first.id, house.clock.now, "1.1")
    second = house.desk.outbox.claim_next(house.clock.now)
    assert second is not None
    house.desk.outbox.give_up(second.id, house.clock.now, "is_archived")
    house.store.close()
    done = restore(made.file, data, NOW).prepared
    assert (done.settled, done.doubtful) == (3, 1)
    store = Store(data / "desk.sqlite")
    rows = store.rows("SELECT state, doubtful, ts, reason FROM outbox WHERE kind = 'ops' ORDER BY id")
    assert [tuple(row.values()) for row in rows] == [
        ("sent", 1, "1.1", None), ("given_up", 1, None, "is_archived"), ("pending", 1, None, None)]
    assert store.rows("SELECT key, state FROM inbox WHERE key IN ('answered', 'waiting') ORDER BY key") == [
        {"key": "answered", "state": "done"}, {"key": "waiting", "state": "new"}]
    store.close()


def test_a_card_that_was_posted_after_the_backup_is_known_by_its_time_stamp(house: House, data: Path) -> None:
    house.say(TOM, "Nobody knows this", direct=True)
    made = back_up(data, None, NOW)
    house.postman.deliver()
    card = house.desk.ticket(2).card_ts
    assert card
    house.store.close()
    restore(made.file, data, NOW)
    again = House(data)
    assert again.desk.ticket(2).card_ts == card
    assert again.postman.deliver() == []
    again.store.close()


def test_a_bot_at_work_is_not_disturbed(house: House, data: Path) -> None:
    made = back_up(data, None, NOW)
    before = snapshot(data)
    with FileLock(data / "bot.lock"), pytest.raises(DataInUse):
        restore(made.file, data, NOW)
    assert snapshot(data) == before


def put_in(name: str) -> Callable[[dict[str, bytes]], None]:
    """A further file, which the manifest names rightly."""

    def change(members: dict[str, bytes]) -> None:
        manifest = json.loads(members[MANIFEST])
        manifest["files"][name] = manifest["files"]["taught/fw-1.yaml"]
        members[name], members[MANIFEST] = members["taught/fw-1.yaml"], json.dumps(manifest).encode()

    return change


def say(**what: Any) -> Callable[[dict[str, bytes]], None]:
    """A manifest that says something else."""

    def change(members: dict[str, bytes]) -> None:
        members[MANIFEST] = json.dumps({**json.loads(members[MANIFEST]), **what}).encode()

    return change


@pytest.mark.parametrize(("change", "told"), [
    (lambda members: members.update({"taught/fw-1.yaml": b"- question: another\n"}), "not as it was written"),
    (lambda members: members.update({"desk.sqlite": members["desk.sqlite"] + b"more" * 10**6}), "not as it was"),
    (lambda members: members.pop("taught/fw-1.yaml"), "not those of its manifest"),
    (lambda members: members.update({"extra": b""}), "not those of its manifest"),
    (lambda members: members.pop(MANIFEST), "no manifest"),
    (lambda members: members.update({MANIFEST: b"[]"}), "no manifest"),
    (say(format=2), "newer version"),
    (say(migrations=["first_tables", "from_the_future"]), "newer version"),
    (say(counts={"tickets": 7}), "does not hold"),
    (put_in("../outside.txt"), "does not belong"),
    (put_in("/etc/outside.txt"), "does not belong"),
    (put_in("taught/../../outside.txt"), "does not belong"),
    (put_in("taught\\outside.txt"), "does not belong"),
    (put_in("C:outside.txt"), "does not belong"),
    (put_in("taught/./outside.txt"), "does not belong"),
    (put_in("workspace.json"), "does not belong"),
    (put_in("taught"), "does not belong"),
])
def test_what_is_not_a_sound_backup_changes_nothing(
        house: House, data: Path, tmp_path: Path, change: Callable[[dict[str, bytes]], None], told: str) -> None:
    wrong = rewritten(back_up(data, tmp_path / "b.zip", NOW).file, change, tmp_path / "wrong.zip")
    before = snapshot(tmp_path)
    with pytest.raises(BackupUnusable, match=told):
        restore(wrong, data, NOW)
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize("size", [0, 100, -100])
def test_half_a_file_is_no_backup(house: House, data: Path, tmp_path: Path, size: int) -> None:
    whole = back_up(data, tmp_path / "b.zip", NOW).file.read_bytes()
    (tmp_path / "half.zip").write_bytes(whole[:size])
    with pytest.raises(BackupUnusable):
        restore(tmp_path / "half.zip", data, NOW)
    assert questions(data) == ["My badge is broken"]


@pytest.mark.parametrize("fails_at", range(6))
def test_a_restore_that_breaks_off_leaves_everything_as_it_was(
        house: House, data: Path, monkeypatch: pytest.MonkeyPatch, fails_at: int) -> None:
    made = back_up(data, None, NOW)
    house.open_ticket(TOM, "Asked after the backup")
    house.store.close()
    before = snapshot(data)
    move, moved = restoring._Moves.move, 0

    def move_until_it_breaks(self: Any, source: Path, target: Path) -> None:
        nonlocal moved
        if moved == fails_at:
            raise OSError(28, "No space left on device")
        moved += 1
        move(self, source, target)

    monkeypatch.setattr(restoring._Moves, "move", move_until_it_breaks)
    try:
        restore(made.file, data, NOW)
    except RestoreFailed:
        assert snapshot(data) == before
        assert not list(data.glob("before-restore-*"))
        assert questions(data) == ["My badge is broken", "Asked after the backup"]
    else:
        assert moved <= fails_at
        assert fails_at > 1, "it takes at least two moves"


def test_where_the_last_step_fails_everything_is_as_it_was(
        house: House, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = back_up(data, None, NOW)
    house.open_ticket(TOM, "Asked after the backup")
    house.store.close()
    before, replace = snapshot(data), Path.replace

    def refuse_the_database(self: Path, target: Path) -> Path:
        if target == data / "desk.sqlite":
            raise OSError(13, "Permission denied")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refuse_the_database)
    with pytest.raises(RestoreFailed, match="Permission denied"):
        restore(made.file, data, NOW)
    assert snapshot(data) == before
    assert not list(data.glob("before-restore-*"))


def test_what_a_killed_restore_left_is_cleared_away(house: House, data: Path) -> None:
    made = back_up(data, None, NOW)
    (data / ".restoring-xyz" / "taught").mkdir(parents=True)
    house.store.close()
    restore(made.file, data, NOW)
    assert not list(data.glob(".restoring-*"))


def test_a_damaged_database_can_be_replaced(house: House, data: Path) -> None:
    made = back_up(data, None, NOW)
    house.store.close()
    (data / "desk.sqlite").write_bytes(b"the disk is broken" * 1000)
    done = restore(made.file, data, NOW)
    assert not done.prepared.previous_known
    assert questions(data) == ["My badge is broken"]


def test_what_was_taught_is_taken_into_the_index_anew(house: House, data: Path) -> None:
    house.store.write("INSERT INTO lessons (ticket, question, answer, author, taught_at, written_at, taken_in_at)"
                      " VALUES (1, 'q', 'a', ?, ?, ?, ?)", (ANA, *["2026-03-02T09:00:00+00:00"] * 3))
    made = back_up(data, None, NOW)
    house.store.close()
    restore(made.file, data, NOW)
    again = House(data)
    assert [lesson.ticket for lesson in again.teaching.untaken()] == [1]
    again.store.close()


def test_the_desk_goes_on_after_a_restore(house: House, data: Path) -> None:
    made = back_up(data, None, NOW)
    house.store.close()
    restore(made.file, data, NOW)
    again = House(data)
    again.desk.resolve(1, ANA, "Done.", False, again.clock.now)
    assert again.desk.ticket(1).state == "resolved"
    again.store.close()


def test_what_is_newer_than_the_backup_is_named(house: House, data: Path) -> None:
    house.open_ticket(TOM, "Open already")
    made = back_up(data, None, NOW)
    house.desk.claim(2, ANA, house.clock.now)
    house.open_ticket(TOM, "Asked after the backup")
    house.store.close()
    looked = restore(made.file, data, NOW, dry_run=True)
    assert looked.dry_run
    assert questions(data)[-1] == "Asked after the backup", "nothing was done"
    assert not list(data.glob("before-restore-*"))
    done = restore(made.file, data, NOW)
    assert done.since == looked.since
    assert done.since.lost == (Lost("FW-3", "new", "Asked after the backup"),)
    assert done.since.went_on == ("FW-2",)
    assert done.since.returned == ()


def test_who_was_forgotten_since_is_named_so_that_they_can_be_forgotten_again(house: House, data: Path) -> None:
    made = back_up(data, None, NOW)
    house.open_ticket(TOM, "Came after the backup")
    house.desk.dismiss(1, ANA, house.clock.now)
    house.desk.dismiss(2, ANA, house.clock.now)
    house.postman.deliver()
    for user in (MIA, TOM):
        forget(house.store, user, house.clock.now)
    house.store.close()
    [returned] = restore(made.file, data, NOW).since.returned
    assert returned.user == MIA, "of Tom the backup has nothing"
    assert datetime.fromisoformat(returned.forgotten_at) == house.clock.now
    store = Store(data / "desk.sqlite")
    forget(store, MIA, NOW, force=True)
    store.close()
    assert "My badge is broken" not in questions(data)


def test_beside_a_database_that_is_gone_or_damaged_nothing_is_compared(house: House, data: Path, tmp_path: Path
                                                                       ) -> None:
    made = back_up(data, None, NOW)
    house.store.close()
    assert restore(made.file, tmp_path / "new", NOW).since == Since()
    (data / "desk.sqlite").write_bytes(b"no database at all, but long enough to be looked at" * 50)
    assert restore(made.file, data, NOW).since == Since()
