"""What the app is told when something happens: Events API payloads, built from records. Pure."""

from __future__ import annotations

from bot.workspace import cast
from bot.workspace.identifiers import slack_id
from bot.workspace.records import Channel, Json, Message
from bot.workspace.shapes import Shapes

MESSAGE_SUBSCRIPTIONS = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}
MENTION = f"<@{cast.BOT_USER}>"


def envelope(event: Json, at: int) -> Json:
    """The outer `event_callback`. `at` in seconds since 1970."""
    return {
        "token": "local",
        "team_id": cast.TEAM_ID,
        "context_team_id": cast.TEAM_ID,
        "context_enterprise_id": None,
        "api_app_id": cast.APP_ID,
        "event": event,
        "type": "event_callback",
        "event_id": slack_id("Ev"),
        "event_time": at,
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": cast.TEAM_ID,
                "user_id": cast.BOT_USER,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": slack_id("EC"),
    }


def subscription(event: Json) -> str:
    """The name under which a manifest subscribes to this event."""
    if event["type"] == "message":
        return MESSAGE_SUBSCRIPTIONS[event["channel_type"]]
    return str(event["type"])


def posted(message: Message, channel: Channel, shapes: Shapes) -> list[Json]:
    """A new message: one event, and a second one with the same `ts` if a person mentions the bot in a channel."""
    body = shapes.message(message) | {"channel": channel.id, "event_ts": message.ts}
    events = [body | {"channel_type": channel.type_in_events}]
    if channel.kind != "im" and not message.bot_id and MENTION in message.text:
        mention = {key: value for key, value in body.items() if key != "subtype"} | {"type": "app_mention"}
        events.insert(0, mention)
    return events


def changed(message: Message, before: Json, channel: Channel, shapes: Shapes, ts: str) -> Json:
    """An edit, by a person or by `chat.update`. `before` is the message as it was shown until now."""
    return {
        "type": "message",
        "subtype": "message_changed",
        "message": shapes.message(message),
        "previous_message": before,
        "channel": channel.id,
        "hidden": True,
        "ts": ts,
        "event_ts": ts,
        "channel_type": channel.type_in_events,
    }


def deleted(message: Message, before: Json, channel: Channel, ts: str) -> Json:
    """A deletion of a message without replies."""
    return {
        "type": "message",
        "subtype": "message_deleted",
        "previous_message": before,
        "channel": channel.id,
        "hidden": True,
        "deleted_ts": message.ts,
        "ts": ts,
        "event_ts": ts,
        "channel_type": channel.type_in_events,
    }


def reaction(kind: str, user: str, name: str, message: Message, ts: str) -> Json:
    """`reaction_added` or `reaction_removed`."""
    return {
        "type": kind,
        "user": user,
        "reaction": name,
        "item_user": message.user,
        "event_ts": ts,
        "item": {"type": "message", "channel": message.channel, "ts": message.ts},
    }


def home_opened(user: str, channel: str, tab: str, view: Json | None, ts: str) -> Json:
    """Somebody looks at the app's Home or Messages tab."""
    event: Json = {"type": "app_home_opened", "user": user, "channel": channel, "tab": tab, "event_ts": ts}
    return event | {"view": view} if view and tab == "home" else event


def joined(user: str, channel: Channel, ts: str) -> Json:
    """Somebody became a member of a channel."""
    return {
        "type": "member_joined_channel",
        "user": user,
        "channel": channel.id,
        "channel_type": channel.id[0],
        "team": cast.TEAM_ID,
        "event_ts": ts,
    }
