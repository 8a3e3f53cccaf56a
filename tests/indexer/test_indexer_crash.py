"""A killed index run leaves nothing but the old generation; `python -m tests.crash.builds` does it more often."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from tests.crash.builds import House, difference, kill_at_each_step, kill_at_random

pytestmark = pytest.mark.slow


def test_killed_at_random_moments(tmp_path: Path) -> None:
    house = House(tmp_path, documents=24)
    assert kill_at_random(house, 5, random.Random(3), say=lambda _line: None) == []
    assert sum(house.kills.values()) >= 5


def test_killed_before_each_change_of_a_folder(tmp_path: Path) -> None:
    steps, wrong = kill_at_each_step(House(tmp_path, documents=8), random.Random(3))
    assert wrong == []
    assert steps >= 8, "or the steps are taken by other functions now"


def test_the_comparison_can_fail(tmp_path: Path) -> None:
    house = House(tmp_path, documents=8)
    house.write(0, 1.0, random.Random(3))
    house.build()
    good = house.answers()
    assert difference(good, good) == ""
    worse = replace(good[3], hits=tuple(replace(hit, score=hit.score - 0.01) for hit in good[3].hits))
    assert good[3].question in difference([*good[:3], worse, *good[4:]], good)
    assert difference([*good[:3], replace(good[3], verdict="clarify"), *good[4:]], good)
