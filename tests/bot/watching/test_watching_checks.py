"""Health checks tell what is wrong, and nobody waits for one that hangs."""

from __future__ import annotations

import threading

from bot.watching.checks import HANGS, Checks, Lasting


def test_each_check_says_what_is_wrong() -> None:
    def breaks() -> str:
        raise PermissionError("/secret/path")

    found = Checks({"well": lambda: "", "ill": lambda: "It is ill.", "broken": breaks}).run()
    assert found == {"well": "", "ill": "It is ill.", "broken": "This could not be found out (PermissionError)."}


def test_a_check_that_hangs_is_told_and_not_begun_again() -> None:
    begun, let_go = [], threading.Event()

    def hangs() -> str:
        begun.append(1)
        let_go.wait(10)
        return ""

    checks = Checks({"disk": hangs, "index": lambda: ""}, within=0.05)
    assert checks.run() == {"disk": HANGS, "index": ""}
    assert checks.run()["disk"] == HANGS
    assert len(begun) == 1
    let_go.set()
    checks._under_way["disk"].join(10)
    assert checks.run()["disk"] == ""
    assert len(begun) == 2


def test_how_long_something_has_failed_without_a_break() -> None:
    time = [100.0]
    lasting = Lasting(lambda: time[0])
    lasting.see(well=False)
    time[0] += 20
    lasting.see(well=False)
    assert lasting.seconds == 20
    lasting.see(well=True)
    assert lasting.seconds == 0
    lasting.see(well=False)
    time[0] += 1
    assert lasting.seconds == 1
