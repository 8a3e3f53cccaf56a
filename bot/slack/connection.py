"""The Web client and who we are in the workspace."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.errors import SlackRefused
from bot.slack.posting import UNREACHED, trouble_of
from bot.watching.checks import Lasting

__all__ = ["Contact", "Identity", "WebClient", "check_app_token", "sign_in", "web_client"]

log = logging.getLogger(__name__)

Patience: TypeAlias = tuple[float, ...]
"""Seconds to wait before each further attempt."""

TIMEOUT_SECONDS = 15
PATIENCE: Patience = (1.0, 2.0, 4.0)
PASSING_SECONDS = 30.0
"""A disturbance that is shorter than this is nothing that a watchdog must hear of."""

_CURES = {
    "not_authed": "Set SLACK_BOT_TOKEN (it starts with xoxb-).",
    "invalid_auth": "Check SLACK_BOT_TOKEN: Slack does not know this token.",
    "account_inactive": "The app was removed from the workspace: install it again.",
    "token_revoked": "The token was revoked: install the app again and set the new SLACK_BOT_TOKEN.",
    "token_expired": "The token has expired: set a new SLACK_BOT_TOKEN, and switch token rotation off for this app.",
    "not_allowed_token_type": "Swap the tokens: SLACK_BOT_TOKEN starts with xoxb-, SLACK_APP_TOKEN with xapp-.",
}


@dataclass(frozen=True, slots=True)
class Identity:
    """The bot as Slack knows it."""

    team: str
    team_name: str
    user: str
    bot: str
    url: str = ""
    """The workspace's address, which ends with a slash."""


class Contact:
    """What the calls to Slack tell about the way there."""

    def __init__(self, failed: Callable[[str, str], None], clock: Callable[[], float] = time.monotonic) -> None:
        """`failed(method, error)` is called for each call that was refused or did not get through."""
        self._failed = failed
        self._lost = Lasting(clock)
        self._lost_seconds = 0.0
        self._refused = ""

    def answered(self) -> None:
        """Slack has carried out a call."""
        self._refused, self._lost_seconds = "", 0.0
        self._lost.see(well=True)

    def went_wrong(self, method: str, error: Exception) -> None:
        """A call has raised this."""
        trouble = trouble_of(error)
        self._refused = trouble.reason if trouble.reason in _CURES else ""
        self._lost.see(well=not trouble.doubtful)
        self._lost_seconds = self._lost.seconds
        self._failed(method, trouble.reason)

    def trouble(self) -> str:
        """A sentence if Slack refuses the token, or call after call has failed for longer than half a minute.

        One failure after which nobody called again says nothing.
        """
        if self._refused:
            return f"Slack refuses the bot token ({self._refused}). {_CURES[self._refused]}"
        if self._lost_seconds > PASSING_SECONDS:
            return f"No call to Slack has got through for {self._lost_seconds:.0f} seconds."
        return ""


class _WatchedClient(WebClient):
    """Tells how each call went."""

    contact: Contact

    def api_call(self, api_method: str, **arguments: Any) -> SlackResponse:
        """As the SDK's; every method of the client goes through here."""
        try:
            answer = super().api_call(api_method, **arguments)
        except UNREACHED as error:
            self.contact.went_wrong(api_method, error)
            raise
        self.contact.answered()
        return answer


def web_client(token: str, api_url: str, contact: Contact | None = None) -> WebClient:
    """A client that never sends twice by itself: what to do after a doubtful end is for the notifier to decide."""
    client = _WatchedClient(token=token, base_url=api_url, timeout=TIMEOUT_SECONDS, retry_handlers=[])
    client.contact = contact or Contact(lambda _method, _error: None)
    return client


def sign_in(client: WebClient, *, patience: Patience = PATIENCE) -> Identity:
    """Ask Slack who this token is; a disturbance is waited out for a while.

    Raises:
        SlackRefused: the token is refused, or Slack cannot be reached; with the cure.
    """
    answer = _asked(client.auth_test, client.base_url, "bot token", lambda code: _CURES.get(code, SlackRefused.hint),
                    patience)
    return Identity(
        team=str(answer["team_id"]), team_name=str(answer.get("team", "")),
        user=str(answer["user_id"]), bot=str(answer.get("bot_id", "")),
        url=str(answer.get("url") or ""),
    )


def check_app_token(api_url: str, app_token: str, *, patience: Patience = PATIENCE) -> None:
    """Find out before the bot starts whether Socket Mode will be let in.

    Raises:
        SlackRefused: the token is missing or refused; with the cure.
    """
    cure = "Set SLACK_APP_TOKEN to a token that starts with xapp- and has the scope connections:write."
    _asked(lambda: web_client("", api_url).apps_connections_open(app_token=app_token), api_url, "app-level token",
           lambda _code: cure, patience)


def _asked(call: Callable[[], SlackResponse], address: str, token: str, cure: Callable[[str], str],
           patience: Patience) -> SlackResponse:
    """What Slack answers, if need be at the second or third attempt."""
    for wait in (*patience, None):
        try:
            return call()
        except UNREACHED as error:
            trouble = trouble_of(error)
            passing = trouble.doubtful or trouble.reason == "ratelimited"
            if passing and wait is not None:
                log.warning("Slack is disturbed (%s); trying again in %.0f s", trouble.reason, wait)
                time.sleep(max(wait, trouble.wait_seconds or 0.0) if trouble.reason == "ratelimited" else wait)
            elif passing:
                raise SlackRefused(
                    f"Slack cannot be reached at {address} ({trouble.reason}).",
                    hint="Check the network, a proxy, and `api_url` under [slack] (or SLACK_API_URL).") from error
            else:
                raise SlackRefused(f"Slack refused the {token} ({trouble.reason}).",
                                   hint=cure(trouble.reason)) from error
    raise AssertionError("the last attempt returns or raises")
