"""A form that stays open for its answer: its address stands where a response URL would."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

IN_VIEW = "view:"
"""Begins such an address."""


def address_of(body: Mapping[str, Any]) -> str:
    """That of the form that was clicked in; empty in messages and at Home."""
    view: Mapping[str, Any] = body.get("view") or {}
    return f"{IN_VIEW}{view['id']}" if view.get("type") == "modal" else ""
