"""The Web client and who we are in the workspace."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.errors import SlackRefused

__all__ = ["Identity", "WebClient", "check_app_token", "sign_in", "web_client"]

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 15

_CURES = {
    "not_authed": "Set SLACK_BOT_TOKEN (it starts with xoxb-).",
    "invalid_auth": "Check SLACK_BOT_TOKEN: Slack does not know this token.",
    "account_inactive": "The app was removed from the workspace: install it again.",
    "token_revoked": "The token was revoked: install the app again and set the new SLACK_BOT_TOKEN.",
    "not_allowed_token_type": "Swap the tokens: SLACK_BOT_TOKEN starts with xoxb-, SLACK_APP_TOKEN with xapp-.",
}


@dataclass(frozen=True, slots=True)
class Identity:
    """The bot as Slack knows it."""

    team: str
    team_name: str
    user: str
    bot: str


def web_client(token: str, api_url: str) -> WebClient:
    """A client that never sends twice by itself: what to do after a doubtful end is for the notifier to decide."""
    return WebClient(token=token, base_url=api_url, timeout=TIMEOUT_SECONDS, retry_handlers=[])


def sign_in(client: WebClient) -> Identity:
    """Ask Slack who this token is.

    Raises:
        SlackRefused: the token is refused, or Slack cannot be reached; with the cure.
    """
    try:
        answer = client.auth_test()
    except SlackApiError as error:
        code = str(error.response.get("error", "unknown"))
        cure = _CURES.get(code, SlackRefused.hint)
        raise SlackRefused(f"Slack refused the bot token ({code}).", hint=cure) from error
    except (URLError, OSError) as error:
        log.debug("auth.test failed", exc_info=error)
        raise SlackRefused(
            f"Slack cannot be reached at {client.base_url}.",
            hint="Check the network, a proxy, and `api_url` under [slack] (or SLACK_API_URL).",
        ) from error
    return Identity(
        team=str(answer["team_id"]), team_name=str(answer.get("team", "")),
        user=str(answer["user_id"]), bot=str(answer.get("bot_id", "")),
    )


def check_app_token(api_url: str, app_token: str) -> None:
    """Find out before the bot starts whether Socket Mode will be let in.

    Raises:
        SlackRefused: the token is missing or refused; with the cure.
    """
    try:
        web_client("", api_url).apps_connections_open(app_token=app_token)
    except SlackApiError as error:
        code = str(error.response.get("error", "unknown"))
        raise SlackRefused(
            f"Slack refused the app-level token ({code}).",
            hint="Set SLACK_APP_TOKEN to a token that starts with xapp- and has the scope connections:write.",
        ) from error
    except (URLError, OSError) as error:
        raise SlackRefused(f"Slack cannot be reached at {api_url}.", hint="Check the network.") from error
