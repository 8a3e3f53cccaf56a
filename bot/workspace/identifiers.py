"""Ids in the form in which Slack gives them out."""

from __future__ import annotations

import secrets
import string

_LETTERS = string.ascii_uppercase + string.digits
_SMALL = string.ascii_lowercase + string.ascii_uppercase + string.digits


def slack_id(prefix: str) -> str:
    """`V0A1B2C3D4E5`: an id that was never given out before, for all practical purposes."""
    return f"{prefix}0{''.join(secrets.choice(_LETTERS) for _ in range(10))}"


def short_id() -> str:
    """What Slack fills in as `block_id` or `action_id` where the app gave none."""
    return "".join(secrets.choice(_SMALL) for _ in range(5))


def secret(length: int = 24) -> str:
    """A part of an address that nobody can guess."""
    return secrets.token_urlsafe(length)
