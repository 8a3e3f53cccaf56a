"""Why a source could not be fetched."""

from __future__ import annotations


class Unreachable(Exception):
    """A clause that can follow a colon, without any secret, and a sentence that says what to do."""

    def __init__(self, reason: str, cure: str = "Check its location, the network and the access rights.") -> None:
        self.reason, self.cure = reason, cure
        super().__init__(reason)
