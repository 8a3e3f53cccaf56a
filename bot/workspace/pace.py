"""Slack's rate limits, as tight as the documentation has them: a bucket for each method, and one for each channel.

A tier's calls a minute may come at once and are then allowed back evenly. Messages are held to one a second in a
channel, of which a short burst is tolerated, and to some hundreds a minute in the workspace.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

TIERS = {"1": 1, "2": 20, "3": 50, "4": 100}
"""Calls a minute."""
POSTING = frozenset({"chat.postMessage"})
CHANNEL_BURST = 5
POSTS_A_MINUTE = 600
STATUSES_A_MINUTE = 600
UNLIMITED = math.inf


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class Pace:
    """Counts calls. `clock` gives seconds; None: there are no limits."""

    def __init__(self, clock: Callable[[], float] | None) -> None:
        self._clock = clock
        self._buckets: dict[tuple[str, str], _Bucket] = {}

    def seconds_to_wait(self, method: str, tier: str, channel: str = "") -> int:
        """Take a place for this call: 0 if there is one, else the seconds after which to come again."""
        if self._clock is None:
            return 0
        buckets = [(("method", method), self._a_minute(method, tier), self._a_minute(method, tier) / 60)]
        if method in POSTING and channel:
            buckets.append((("channel", channel), CHANNEL_BURST, 1.0))
        now = self._clock()
        filled = [(self._filled(key, size, rate, now), rate) for key, size, rate in buckets]
        wait = max(((1 - bucket.tokens) / rate for bucket, rate in filled if bucket.tokens < 1), default=0.0)
        if wait <= 0:
            for bucket, _ in filled:
                bucket.tokens -= 1
        return math.ceil(wait)

    def _filled(self, key: tuple[str, str], size: float, rate: float, now: float) -> _Bucket:
        bucket = self._buckets.setdefault(key, _Bucket(size, now))
        if not math.isinf(size):
            bucket.tokens = min(size, bucket.tokens + (now - bucket.at) * rate)
        bucket.at = now
        return bucket

    def _a_minute(self, method: str, tier: str) -> float:
        if method in POSTING:
            return POSTS_A_MINUTE
        if method == "assistant.threads.setStatus":
            return STATUSES_A_MINUTE
        return TIERS.get(tier, UNLIMITED)
