"""Days of a go-live on a moved clock: nobody waits unseen, and each thing is told once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from tests.stories.fortnight import Fortnight


def test_around_a_long_weekend_no_ticket_is_unseen_and_each_step_is_told_once(tmp_path: Path) -> None:
    """Thursday to Tuesday, with a sick coach, a weekend and a holiday. The whole fortnight is run by hand."""
    figures = Fortnight(tmp_path, seed=3, start=datetime(2026, 5, 21, 14, 0, tzinfo=UTC), days=5).run()
    assert figures.tickets > 60
    assert figures.told.total() > 20
    assert figures.missed
    assert (figures.unseen, figures.twice, figures.at_night, figures.to_the_sick) == ([], [], [], 0)
