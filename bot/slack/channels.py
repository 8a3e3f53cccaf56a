"""Channels by name: people write `#coaches`, Slack's methods want ids."""

from __future__ import annotations

from slack_sdk import WebClient

from bot.errors import SettingsInvalid
from bot.slack.posting import UNREACHED

PAGE = 200


def channel_id(client: WebClient, channel: str) -> str:
    """The id of a channel that the settings name by id or `#name`.

    Raises:
        SettingsInvalid: the bot sees no channel of that name.
    """
    if not channel.startswith("#"):
        return channel
    cursor = ""
    while True:
        try:
            page = client.conversations_list(
                types="public_channel,private_channel", exclude_archived=True, limit=PAGE, cursor=cursor)
        except UNREACHED as error:
            raise SettingsInvalid(
                f"The channel {channel} could not be looked up in Slack.", hint="Write its id (C…) instead.") from error
        for found in page["channels"]:
            if found["name"] == channel[1:]:
                return str(found["id"])
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            raise SettingsInvalid(
                f"There is no channel {channel} that the bot can see.",
                hint="Check [desk] in the settings, and invite the bot to the channel.")
