"""What whoever looks at the bot's health reads of its quality: the index's age, and the last evaluation."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from indexer.evaluation.golden import kept_in, last_golden

NEVER = "not asked yet; the next index run asks those of a questions.jsonl beside the documents"


def age_told(age: timedelta) -> str:
    """Coarse, so that it does not change all the time."""
    hours = int(age.total_seconds() // 3600)
    if hours < 1:
        return "less than an hour old"
    number, unit = (hours, "hour") if hours < 48 else (hours // 24, "day")
    return f"{number} {unit}{'s' if number > 1 else ''} old"


def golden_told(data: Path) -> str:
    """How many golden questions were decided rightly, and on which generation of the index."""
    try:
        changed = kept_in(data).stat().st_mtime_ns
    except OSError:
        return NEVER
    return _told(data, changed)


@lru_cache(maxsize=4)
def _told(data: Path, _changed: int) -> str:
    report = last_golden(data)
    if report is None:
        return NEVER
    outcomes, about = report.run.outcomes, report.run.about
    right = sum(outcome.is_right for outcome in outcomes)
    return f"{right} of {len(outcomes)} decided rightly, generation {about.generation}, {about.made_at[:10]}"
