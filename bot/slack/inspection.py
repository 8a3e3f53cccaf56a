"""Looking at a workspace for `floorwalker doctor`: what the token may do, who and what is there. Changes nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any

from slack_sdk.web import SlackResponse

from bot.slack.channels import PAGE
from bot.slack.connection import Identity, WebClient, check_app_token, sign_in, web_client
from bot.slack.posting import UNREACHED, trouble_of

__all__ = ["Place", "Token", "Unseen", "WebClient", "channels_by_name", "check_app_token", "look_at_channel",
           "look_at_token", "members_of", "web_client", "why_no_user"]

LONGEST_WAIT_SECONDS = 30.0
"""Slack's Retry-After is kept up to this once."""


class Unseen(Exception):
    """Slack does not tell; the text is its error code, or what kept us from reaching it."""


@dataclass(frozen=True, slots=True)
class Token:
    """What Slack says of a bot token."""

    identity: Identity
    scopes: frozenset[str] | None
    """None if Slack did not say."""
    told_at: datetime | None
    """Slack's clock when it answered, to the second; None if it did not say."""


@dataclass(frozen=True, slots=True)
class Place:
    """A channel as the bot sees it."""

    id: str
    name: str
    joined: bool
    archived: bool


def look_at_token(client: WebClient) -> Token:
    """Who this token is, and what it may do. Raises `SlackRefused` with the cure, or `Unseen`."""
    identity = sign_in(client, patience=())
    headers = {name.lower(): str(value) for name, value in _told(client.auth_test).headers.items()}
    return Token(identity, _scopes(headers), _moment(headers))


def _scopes(headers: Mapping[str, str]) -> frozenset[str] | None:
    told = headers.get("x-oauth-scopes")
    return None if told is None else frozenset(filter(None, map(str.strip, told.split(","))))


def _moment(headers: Mapping[str, str]) -> datetime | None:
    try:
        moment = parsedate_to_datetime(headers["date"])
    except (KeyError, ValueError):
        return None
    return moment if moment.tzinfo else None


def channels_by_name(client: WebClient) -> dict[str, Place]:
    """All channels that the bot can see: public ones, and private ones that it is in. Raises `Unseen`."""
    return {place.name: place for place in _channels(client)}


def _channels(client: WebClient) -> Iterator[Place]:
    cursor = ""
    while True:
        page = _told(partial(
            client.conversations_list, types="public_channel,private_channel", limit=PAGE, cursor=cursor))
        yield from map(_place, page["channels"])
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return


def look_at_channel(client: WebClient, channel: str) -> Place:
    """A channel by its id. Raises `Unseen`."""
    return _place(_told(lambda: client.conversations_info(channel=channel))["channel"])


def _place(channel: Mapping[str, Any]) -> Place:
    return Place(str(channel["id"]), str(channel.get("name", "")), bool(channel.get("is_member")),
                 bool(channel.get("is_archived")))


def why_no_user(client: WebClient, user: str) -> str:
    """Why this user cannot be asked anything, as the end of a sentence; empty if they can. Raises `Unseen`."""
    try:
        found = _told(lambda: client.users_info(user=user))["user"]
    except Unseen as unseen:
        if str(unseen) in ("user_not_found", "user_not_visible"):
            return "is nobody whom the bot can see"
        raise
    return "is deactivated" if found.get("deleted") else "is a bot" if found.get("is_bot") else ""


def members_of(client: WebClient, group: str) -> int | None:
    """How many people are in a user group; None if there is no such group. Raises `Unseen`."""
    try:
        return len(_told(lambda: client.usergroups_users_list(usergroup=group))["users"])
    except Unseen as unseen:
        if str(unseen) == "no_such_subteam":
            return None
        raise


def _told(call: Callable[[], SlackResponse]) -> SlackResponse:
    try:
        try:
            return call()
        except UNREACHED as error:
            wait = trouble_of(error).wait_seconds
            if trouble_of(error).reason != "ratelimited" or wait is None or wait > LONGEST_WAIT_SECONDS:
                raise
            time.sleep(wait)
            return call()
    except UNREACHED as error:
        raise Unseen(trouble_of(error).reason) from error
