"""Interaction payloads as the app gets them. Pure."""

from __future__ import annotations

from typing import Any

from bot.workspace import cast
from bot.workspace.lookup import Target
from bot.workspace.records import Channel, Json, Message, User

TEAM = {"id": cast.TEAM_ID, "domain": cast.TEAM_DOMAIN}


def interaction(kind: str, user: User, **more: Any) -> Json:
    """What every interaction has."""
    return {
        "type": kind,
        "token": "local",
        "api_app_id": cast.APP_ID,
        "team": TEAM,
        "enterprise": None,
        "is_enterprise_install": False,
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team or cast.TEAM_ID},
        **more,
    }


def command(user: User, channel: Channel, name: str, text: str, response_url: str, trigger_id: str) -> dict[str, str]:
    """A slash command: flat, for it travels as a form."""
    return {
        "token": "local",
        "team_id": cast.TEAM_ID,
        "team_domain": cast.TEAM_DOMAIN,
        "channel_id": channel.id,
        "channel_name": channel_name(channel),
        "user_id": user.id,
        "user_name": user.name,
        "command": name,
        "text": text,
        "api_app_id": cast.APP_ID,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger_id,
    }


def message_container(message: Message) -> Json:
    """Where a button in a message stands."""
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel,
        "is_ephemeral": message.visible_to is not None,
    }
    return container | ({"thread_ts": message.thread_ts} if message.thread_ts else {})


def channel_of(channel: Channel) -> Json:
    """The short form of a channel in payloads."""
    return {"id": channel.id, "name": channel_name(channel)}


def channel_name(channel: Channel) -> str:
    """Slack hides the names of what is not public."""
    if channel.kind == "im":
        return "directmessage"
    return "privategroup" if channel.private else channel.name


def action(target: Target, entry: Json | None, ts: str) -> Json:
    """One entry of `actions`. `entry` is what stands in `state.values` now for elements that have a state."""
    element = target.element
    kind = element["type"]
    done: Json = {
        "type": kind,
        "action_id": element["action_id"],
        "block_id": target.block["block_id"],
        "action_ts": ts,
    }
    if kind in ("button", "workflow_button", "icon_button"):
        optional = {"value": element.get("value"), "style": element.get("style"), "url": element.get("url")}
        done |= {"text": element["text"]} | {key: value for key, value in optional.items() if value is not None}
    elif kind == "feedback_buttons":
        pressed = "positive_button" if target.value == element["positive_button"]["value"] else "negative_button"
        done |= {"value": element[pressed]["value"], "text": element[pressed]["text"]}
    elif entry is not None:
        done |= {key: value for key, value in entry.items() if key != "type"}
    return done
