"""JSON from outside, such that it can also be sent out again."""

from __future__ import annotations

import json
from typing import Any


def parse_json(raw: bytes | str) -> Any:
    """The parsed value.

    Raises:
        ValueError: no JSON, or with NaN or half surrogate pairs, which Python would read but nobody could write.
    """
    value = json.loads(raw, parse_constant=_refuse)
    json.dumps(value, ensure_ascii=False).encode()
    return value


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON")
