"""The app manifest: what the bot asks of a workspace, with the reason for every scope. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bot.errors import FloorwalkerError

EVENTS_PATH = "/slack/events"
"""Where the bot's own HTTP server takes events, clicks and commands."""
MOST_PROMPTS, PROMPT_TITLE = 4, 60
"""How many suggestions the agent pane shows, and the longest title of one in characters."""

NAME = "Floorwalker"
DESCRIPTION = "Answers from your training material, and hands the rest to a human coach"
AGENT_DESCRIPTION = (
    "Ask how to do something in the new system. You get the passage of the training material that answers it, with its "
    "source, or a ticket that a coach picks up.")
COLOUR = "#0f766e"

COMMAND = {"command": "/floorwalker", "description": "Ask how to do something in the new system",
           "usage_hint": "[your question]", "should_escape": False}
SHORTCUTS = (
    {"callback_id": "create_ticket", "name": "Create ticket", "type": "message",
     "description": "Hand this message to a coach"},
    {"callback_id": "report_problem", "name": "Report a problem", "type": "global",
     "description": "Tell a coach what is wrong, and how bad it is"},
)


@dataclass(frozen=True, slots=True)
class Scope:
    """A permission, and what it is there for: at least one method, event or other thing that needs it."""

    name: str
    reason: str
    """What for, in the README's words."""
    methods: tuple[str, ...] = ()
    """Web API methods that need it."""
    events: tuple[str, ...] = ()
    """Events that only come with it."""
    also: tuple[str, ...] = ()
    """What else needs it: a feature of the manifest, or a field of what Slack sends."""


_READ_BACK = ("conversations.history", "conversations.replies")
_LOOK_UP = ("conversations.info", "conversations.list")

SCOPES = (
    Scope("app_mentions:read", "hear a mention in a channel", events=("app_mention",)),
    Scope("assistant:write", "be an agent that people can open beside their work, with suggestions and titles",
          methods=("assistant.threads.setSuggestedPrompts", "assistant.threads.setTitle"), also=("agent_view",)),
    Scope("chat:write", "answer, and keep tickets' cards up to date",
          methods=("chat.postMessage", "chat.postEphemeral", "chat.update", "assistant.threads.setStatus")),
    Scope("commands", "offer `/floorwalker` and the two shortcuts", also=("slash_commands", "shortcuts")),
    Scope("im:history",
          "read what people write to the bot, and find a message of its own again after a doubtful delivery",
          methods=_READ_BACK, events=("message.im",)),
    Scope("im:write", "open the direct messages with somebody whose ticket did not begin there",
          methods=("conversations.open",)),
    Scope("channels:history",
          "follow a ticket's thread in a public channel without being mentioned in each reply, and hear the questions "
          "in channels where the settings say so",
          methods=_READ_BACK, events=("message.channels",)),
    Scope("groups:history", "do the same in a private channel", methods=_READ_BACK, events=("message.groups",)),
    Scope("channels:read", "find a channel that the settings give by name, and see whether the bot is in it",
          methods=_LOOK_UP),
    Scope("groups:read", "do the same for a private channel", methods=_LOOK_UP),
    Scope("usergroups:read", "know who belongs to the user groups that the settings name",
          methods=("usergroups.users.list",)),
    Scope("users:read", "tell guests from members, and see whether the people that the settings name exist",
          methods=("users.info",)),
    Scope("reactions:read", "notice the emoji that asks the bot or opens a ticket", events=("reaction_added",)),
    Scope("files:read", "keep an attached file's link with the ticket", also=("files",)),
)
"""The one table of scopes: the manifest, `doctor` and the README follow it."""

EVENTS = ("app_home_opened", "app_mention", "message.channels", "message.groups", "message.im", "reaction_added")


class AddressUnusable(FloorwalkerError):
    """Slack cannot call this address."""

    hint = "Give the address at which Slack reaches the bot, such as https://floorwalker.example.com."


def scope_names() -> tuple[str, ...]:
    """What a bot token must have, in alphabetical order."""
    return tuple(sorted(scope.name for scope in SCOPES))


def request_url(address: str) -> str:
    """Where Slack sends events to a bot that is reached at this address.

    Raises:
        AddressUnusable: it is no https address of a host.
    """
    try:
        parts = urlsplit(address.strip())
        usable = parts.scheme == "https" and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable or parts.query or parts.fragment or parts.username or any(map(str.isspace, address.strip())):
        raise AddressUnusable(f"Slack cannot call {address!r}: it needs an address that begins with https://.")
    return address.strip().rstrip("/").removesuffix(EVENTS_PATH) + EVENTS_PATH


def prompt(question: str) -> dict[str, str]:
    """A suggestion of the agent pane: its title is the question, cut at a word if it is long."""
    words = " ".join(question.split())
    if len(words) <= PROMPT_TITLE:
        return {"title": words, "message": words}
    room = words[:PROMPT_TITLE - 1]
    return {"title": f"{room.rpartition(' ')[0] or room}…", "message": words}


def manifest(questions: Iterable[str], url: str = "") -> dict[str, Any]:
    """The manifest as Slack takes it. `questions` are suggested in the agent pane.

    `url`: where Slack sends events by HTTP; empty for Socket Mode.
    """
    called = {"request_url": url} if url else {}
    command = COMMAND | ({"url": url} if url else {})
    return {
        "display_information": {"name": NAME, "description": DESCRIPTION, "background_color": COLOUR},
        "features": {
            "agent_view": {"agent_description": AGENT_DESCRIPTION,
                           "suggested_prompts": [prompt(question) for question in questions][:MOST_PROMPTS]},
            "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True,
                         "messages_tab_read_only_enabled": False},
            "bot_user": {"display_name": NAME.lower(), "always_online": True},
            "shortcuts": [dict(shortcut) for shortcut in SHORTCUTS],
            "slash_commands": [command],
        },
        "oauth_config": {"scopes": {"bot": list(scope_names())}},
        "settings": {
            "event_subscriptions": {**called, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **called},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not url,
            "token_rotation_enabled": False,
        },
    }
