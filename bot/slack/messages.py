"""Messages that an event only points to: what they say, and where they stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.slack.posting import trouble_of


def read_message(client: WebClient, channel: str, ts: str) -> Mapping[str, Any] | None:
    """One message as Slack gives it, with its `channel`; None if it is gone, or the bot may not read there.

    Raises:
        UNREACHED: Slack cannot say just now.
    """
    try:
        page = client.conversations_history(channel=channel, latest=ts, oldest=ts, inclusive=True, limit=1)
        found = _with_ts(page["messages"], ts)
        if found is None:  # a reply: those are not in the channel's history
            replies = client.conversations_replies(channel=channel, ts=ts, oldest=ts, inclusive=True, limit=2)
            found = _with_ts(replies["messages"], ts)
    except SlackApiError as error:
        if trouble_of(error).final:
            return None
        raise
    return None if found is None else {**found, "channel": channel}


def link_to(client: WebClient, channel: str, ts: str) -> str:
    """The address of a message; empty if Slack gives none.

    Raises:
        UNREACHED: Slack cannot say just now.
    """
    try:
        return str(client.chat_getPermalink(channel=channel, message_ts=ts)["permalink"])
    except SlackApiError as error:
        if trouble_of(error).final:
            return ""
        raise


def _with_ts(messages: list[Mapping[str, Any]], ts: str) -> Mapping[str, Any] | None:
    return next((message for message in messages if message.get("ts") == ts), None)
