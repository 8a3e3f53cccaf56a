"""What several parts of the wiring need: the time, the sources, and the lock of a bot at work."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.settings import Settings
from indexer.sources import Source, set_apart

BOT_LOCK = "bot.lock"
"""In the data folder; held as long as a bot is at work there."""


def utc_now() -> datetime:
    return datetime.now(UTC)


def sources_of(settings: Settings) -> list[Source]:
    """The knowledge base's sources as the indexer takes them."""
    return set_apart([Source(**dict(source)) for source in settings.knowledge.sources])
