"""What `floorwalker doctor` finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "wrong", "note", "unknown"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    check: str
    """A word for programs: settings, data, disk, database, sources, model, index, token, clock, scopes, socket,
    channels, people."""
    state: State
    """`note`: works, but somebody should know. `unknown`: could not be looked at: nobody can say that all is well."""
    told: str
    """A sentence."""
    cure: str = ""
    """What to do about it; empty where all is well, or where it stands in `told`."""

    @classmethod
    def ok(cls, check: str, told: str) -> Finding:
        return cls(check, "ok", told)

    @classmethod
    def wrong(cls, check: str, told: str, cure: str) -> Finding:
        return cls(check, "wrong", told, cure)

    @classmethod
    def note(cls, check: str, told: str, cure: str) -> Finding:
        return cls(check, "note", told, cure)

    @classmethod
    def unknown(cls, check: str, told: str, cure: str) -> Finding:
        return cls(check, "unknown", told, cure)
