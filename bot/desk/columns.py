"""How values stand in the desk's database: readable, and sortable as text."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any


def stamp(moment: datetime) -> str:
    """A moment as text: UTC, always of one width, so that it sorts as time does. Refuses a moment without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone cannot be stored")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def moment(text: str) -> datetime:
    """What `stamp` wrote."""
    return datetime.fromisoformat(text)


def to_json(value: Any) -> str:
    """A value as JSON on one line, letters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
