"""What the app is told when something happens: Events API payloads, built from records. Pure."""

from __future__ import annotations

from bot.workspace import cast
from bot.workspace.identifiers import slack_id
from bot.workspace.records import Channel, Json, Message
from bot.workspace.shapes import Shapes

MESSAGE_SUBSCRIPTIONS = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}
MENTION = f"<@{cast.BOT_USER}>"
SCOPES = {
    "app_mention": {"app_mentions:read"},
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "message.im": {"im:history"},
    "reaction_added": {"reactions:read"},
    "reaction_removed": {"reactions:read"},
    "member_joined_channel": {"channels:read", "groups:read"},
    "member_left_channel": {"channels:read", "groups:read"},
    "channel_archive": {"channels:read"},
    "channel_unarchive": {"channels:read"},
    "channel_left": {"channels:read"},
    "user_change": {"users:read"},
    "app_home_opened": set(),
    "app_context_changed": set(),
    "agent_session_stopped": set(),
    "agent_session_title_changed": set(),
    "app_uninstalled": set(),
    "tokens_revoked": set(),
}
"""Every event that there is here, and the scopes of which one is needed to hear of it (none: an empty set)."""
FOR_AGENTS = {"app_context_changed", "agent_session_stopped", "agent_session_title_changed"}
"""Only sent to apps with `agent_view`."""


def envelope(event: Json, at: int, *, shared: bool = False) -> Json:
    """The outer `event_callback`. `at` in seconds since 1970; `shared`: with people of another organisation."""
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
        "is_ext_shared_channel": shared,
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
    if channel.kind != "im" and message.bot_id != cast.BOT_ID and MENTION in message.text:
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


def joined(user: str, channel: Channel, ts: str, team: str = "", inviter: str = "") -> Json:
    """Somebody became a member of a channel. `team` is that of an outsider."""
    event = _membership("member_joined_channel", user, channel, ts, team)
    return event | ({"inviter": inviter} if inviter else {})


def left(user: str, channel: Channel, ts: str, team: str = "") -> Json:
    """Somebody is no member any more."""
    return _membership("member_left_channel", user, channel, ts, team)


def channel_event(kind: str, channel: Channel, user: str, ts: str) -> Json:
    """`channel_archive`, `channel_unarchive` or `channel_left`; `user` did it."""
    who = "actor_id" if kind == "channel_left" else "user"
    return {"type": kind, "channel": channel.id, who: user, "event_ts": ts}


def context_changed(user: str, channel: str, looked_at: str | None, ts: str) -> Json:
    """What a person looks at beside the app: a channel, or nothing."""
    entities = [{"type": "slack#/types/channel_id", "value": looked_at, "team_id": cast.TEAM_ID}]
    context: Json = {"entities": entities} if looked_at else {}
    return {"type": "app_context_changed", "user": user, "channel": channel, "context": context, "event_ts": ts}


def session_stopped(user: str, channel: str, thread_ts: str, streams: list[str], ts: str) -> Json:
    """Somebody pressed the stop button; `streams` are the messages that were being written."""
    return {"type": "agent_session_stopped", "user": user, "channel": channel, "thread_ts": thread_ts,
            "streaming_message_ts": streams, "event_ts": ts}


def session_renamed(user: str, channel: str, thread_ts: str, title: str, ts: str) -> Json:
    """Somebody gave a session another title."""
    return {"type": "agent_session_title_changed", "user": user, "channel": channel, "thread_ts": thread_ts,
            "title": title, "event_ts": ts}


def _membership(kind: str, user: str, channel: Channel, ts: str, team: str) -> Json:
    return {
        "type": kind,
        "user": user,
        "channel": channel.id,
        "channel_type": channel.id[0],
        "team": team or cast.TEAM_ID,
        "event_ts": ts,
    }
