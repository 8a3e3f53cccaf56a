"""Long work in a process of its own: what it gives, how it fails, and that it goes when it must."""

from __future__ import annotations

import os
import signal
import time
from functools import partial
from pathlib import Path

import pytest

from bot.errors import StoreBusy
from bot.jobs.apart import BrokeOff, EndedEarly, Progress, run_apart


def quiet(_stage: str, _done: int, _total: int) -> None:
    pass


def counting(progress: Progress) -> tuple[int, int]:
    for number in range(1001):
        progress("counting", number, 1000)
    return os.getpid(), os.nice(0)


def refusing(_progress: Progress) -> None:
    raise StoreBusy("It is taken.", hint="Wait.")


def failing(_progress: Progress) -> None:
    raise ValueError("a bug")


def killing(_progress: Progress) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def staying(file: Path, _progress: Progress) -> None:
    file.write_text(str(os.getpid()))
    time.sleep(600)


def left_alone(file: Path) -> None:
    run_apart(partial(staying, file), quiet)


def test_it_gives_what_the_work_gives_and_tells_how_far_it_is() -> None:
    told: list[tuple[str, int, int]] = []
    pid, niceness = run_apart(counting, lambda *step: told.append(step))
    assert pid != os.getpid()
    assert niceness > os.nice(0), "answers come first"
    assert told[0] == ("counting", 0, 1000)
    assert told[-1] == ("counting", 1000, 1000)
    assert len(told) < 100, "not every step is worth telling"


def test_what_the_work_refuses_is_refused_here() -> None:
    with pytest.raises(StoreBusy) as caught:
        run_apart(refusing, quiet)
    assert caught.value.sentence == "It is taken. Wait."


def test_an_error_stands_in_the_log_and_not_in_the_sentence(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(BrokeOff) as caught:
        run_apart(failing, quiet)
    assert "a bug" not in caught.value.sentence
    assert "a bug" in caplog.text


def test_a_process_that_is_killed_is_told() -> None:
    with pytest.raises(EndedEarly) as caught:
        run_apart(killing, quiet)
    assert "memory" in caught.value.sentence


@pytest.mark.slow
def test_it_ends_when_the_bot_is_killed(tmp_path: Path) -> None:
    import multiprocessing

    file = tmp_path / "pid"
    bot = multiprocessing.get_context("spawn").Process(target=left_alone, args=(file,))
    bot.start()
    until = time.monotonic() + 60
    while not (file.exists() and file.read_text()) and time.monotonic() < until:
        time.sleep(0.05)
    at_work = int(file.read_text())
    bot.kill()
    while Path(f"/proc/{at_work}").exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert not Path(f"/proc/{at_work}").exists()
