"""The bot's part of the error family: what a user, a coach or an admin may get to see."""

from __future__ import annotations

from indexer.errors import FloorwalkerError

__all__ = [
    "AddressInUse", "DataInUse", "FloorwalkerError", "IllegalStep", "NotAllowed", "SettingsInvalid", "SlackRefused",
    "StoreBusy", "TicketTaken", "UnknownAnswer", "UnknownTicket",
]


class SettingsInvalid(FloorwalkerError):
    """The settings cannot be used."""


class AddressInUse(FloorwalkerError):
    """The address is in use by another program."""

    hint = "Stop that program, or choose another port."


class DataInUse(FloorwalkerError):
    """Another Floorwalker is at work on this data folder."""

    hint = "Stop it first, or choose another folder with --data."


class SlackRefused(FloorwalkerError):
    """Slack refused the connection."""

    hint = "Check SLACK_BOT_TOKEN and SLACK_APP_TOKEN; the README says where to find them."


class UnknownTicket(FloorwalkerError):
    """There is no such ticket."""

    hint = "Ticket numbers look like FW-12."


class UnknownAnswer(FloorwalkerError):
    """This answer is no longer known."""

    hint = "Please ask again."


class IllegalStep(FloorwalkerError):
    """This step is not possible for the ticket as it is now."""


class TicketTaken(IllegalStep):
    """Another coach has claimed this ticket."""

    def __init__(self, message: str = "", *, owner: str, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.owner = owner


class NotAllowed(FloorwalkerError):
    """You are not allowed to do this."""


class NotReachable(FloorwalkerError):
    """Slack has no direct messages with this person: their account is deactivated, hidden, or a bot."""


class StoreBusy(FloorwalkerError):
    """The database is busy."""

    hint = "Try again in a moment."
