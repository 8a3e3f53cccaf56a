"""What the bot needs beyond well-formed settings before it can serve people in Slack."""

from __future__ import annotations

from pydantic import SecretStr

from bot.errors import SettingsInvalid
from bot.settings.tree import Settings, SlackSettings


def check_ready_to_serve(settings: Settings) -> None:
    """Raises SettingsInvalid, which lists all that is missing, one a line."""
    missing = [*_secrets(settings.slack)]
    if not settings.desk.coach_channel:
        missing.append("[desk] coach_channel is not set. Name the channel in which coaches triage tickets.")
    if not settings.desk.coaches:
        missing.append("[desk] coaches is empty. Name at least one user or user group who looks after tickets.")
    if missing:
        raise SettingsInvalid("\n".join(missing))


def _secrets(slack: SlackSettings) -> list[str]:
    bot = _token(slack.bot_token, "SLACK_BOT_TOKEN", ("xoxb-", "xoxe.xoxb-"), "the bot token")
    if slack.mode == "socket":
        second = _token(slack.app_token, "SLACK_APP_TOKEN", ("xapp-",), "the app-level token")
    else:
        second = "" if slack.signing_secret else (
            "SLACK_SIGNING_SECRET is not set in the environment. Slack shows it under Basic Information of your app.")
    return [sentence for sentence in (bot, second) if sentence]


def _token(token: SecretStr | None, variable: str, starts: tuple[str, ...], what: str) -> str:
    if token is None:
        return (f"{variable} is not set in the environment. It is {what}, which starts with {starts[0]}; "
                "the README says where to find it.")
    if not token.get_secret_value().startswith(starts):
        return f"{variable} does not hold {what}: that starts with {starts[0]}. The README says where to find it."
    return ""
