"""The two ways in which the workspace says no: to the app in Slack's codes, to people in a sentence."""

from __future__ import annotations

from typing import Any


class SlackError(Exception):
    """A Web API call is refused: `{"ok": false, "error": code}` and whatever else Slack adds."""

    def __init__(self, code: str, *messages: str, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.details = details
        if messages:
            self.details["response_metadata"] = {"messages": [f"[ERROR] {message}" for message in messages]}


class Refused(Exception):
    """What a person wanted to do is not possible; the sentence says why."""

    status = 400

    def __init__(self, sentence: str, *, status: int | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        if status is not None:
            self.status = status


class NotThere(Refused):
    """No such user, channel, message or button."""

    status = 404


class NotPermitted(Refused):
    """There, but not for this person."""

    status = 403


class NotNow(Refused):
    """Right in itself, but not in the present state."""

    status = 409


class AppFailed(Refused):
    """The app did not acknowledge in time, or answered with something that Slack would not take."""

    status = 424
