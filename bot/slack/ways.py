"""The ways in that the settings decide on: emoji, and what the agent pane suggests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from indexer.types import Viewer


def _nothing(_viewer: Viewer) -> Sequence[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Ways:
    """What an emoji means, and with what a person may begin."""

    emoji_ask: str = ""
    """The name of the emoji by which a message is put to the bot; empty: none is."""
    emoji_ticket: str = ""
    """The name of the emoji by which a message is handed to the coaches; empty: none is."""
    questions: Callable[[Viewer], Sequence[str]] = _nothing
    """What to suggest to this viewer. May take time, and may raise a `FloorwalkerError`."""

    def meaning(self, emoji: str) -> Literal["ask", "ticket"] | None:
        """What a reaction with this emoji stands for, in whatever skin tone; None: nothing of ours."""
        name = emoji.partition("::")[0]
        if name and name == self.emoji_ticket:
            return "ticket"
        return "ask" if name and name == self.emoji_ask else None
