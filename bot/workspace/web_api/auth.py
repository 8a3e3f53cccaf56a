"""Who am I, and how do I connect."""

from __future__ import annotations

from urllib.parse import urlencode

from bot.workspace import cast
from bot.workspace.block_kit import blocks_problems, view_problems
from bot.workspace.core import Workspace
from bot.workspace.errors import SlackError
from bot.workspace.records import Json
from bot.workspace.web_api.arguments import Arguments
from bot.workspace.web_api.registry import method


@method("api.test", optional="error foo", tier="4", token="none")
def api_test(workspace: Workspace, arguments: Arguments) -> Json:
    """Says back what it is told."""
    if arguments.has("error"):
        raise SlackError(arguments.text("error"))
    return {"args": {key: value for key, value in arguments.values.items() if key != "token"}}


@method("auth.test", tier="special")
def auth_test(workspace: Workspace, arguments: Arguments) -> Json:
    """Whose token this is."""
    bot = workspace.state.users[cast.BOT_USER]
    return {
        "url": f"{workspace.base_url}/",
        "team": cast.TEAM_NAME,
        "user": bot.name,
        "team_id": cast.TEAM_ID,
        "user_id": bot.id,
        "bot_id": cast.BOT_ID,
        "is_enterprise_install": False,
    }


@method("auth.revoke", optional="test", tier="3")
def auth_revoke(workspace: Workspace, arguments: Arguments) -> Json:
    """The bot's token is worth nothing from now on, until the faults are cleared."""
    if arguments.flag("test"):
        return {"revoked": False}
    workspace.faults.token_refused = "token_revoked"
    return {"revoked": True}


@method("blocks.validate", optional="blocks message view", tier="4", token="none")
def blocks_validate(workspace: Workspace, arguments: Arguments) -> Json:
    """Whether Slack would take these blocks, this message or this view."""
    given = [name for name in ("blocks", "view", "message") if arguments.has(name)]
    if len(given) != 1:
        raise SlackError("invalid_arguments", "must define exactly one of blocks, view or message")
    kind = given[0]
    value = arguments.json(kind, f"invalid_{kind}")
    if kind == "view":
        problems = view_problems(value)
    elif kind == "message":
        blocks = value.get("blocks", []) if isinstance(value, dict) else value
        problems = blocks_problems(blocks, "message", "/message/blocks")
    else:
        problems = blocks_problems(value, "message")
    if problems:
        errors = [{"pointer": one.pointer, "code": "failed_constraint", "message": one.message} for one in problems]
        raise SlackError(f"invalid_{kind}", *[str(one) for one in problems], errors=errors)
    return {}


@method("apps.connections.open", tier="3", token="app")
def connections_open(workspace: Workspace, arguments: Arguments) -> Json:
    """An address for one websocket."""
    if workspace.request_url:
        raise SlackError("forbidden_team", "Socket Mode is off: this workspace delivers by HTTP")
    query = urlencode({"ticket": workspace.socket_mode.ticket(), "app_id": cast.APP_ID})
    return {"url": f"{workspace.base_url.replace('http', 'ws', 1)}/link/?{query}"}


@method("team.info", optional="team domain", scopes="team:read", tier="3")
def team_info(workspace: Workspace, arguments: Arguments) -> Json:
    """The workspace itself."""
    if arguments.text("team", cast.TEAM_ID) != cast.TEAM_ID:
        raise SlackError("team_not_found")
    return {
        "team": {
            "id": cast.TEAM_ID,
            "name": cast.TEAM_NAME,
            "domain": cast.TEAM_DOMAIN,
            "url": f"{workspace.base_url}/",
            "email_domain": f"{cast.TEAM_DOMAIN}.example",
            "icon": {},
        }
    }


@method("bots.info", optional="bot", scopes="users:read", tier="3")
def bots_info(workspace: Workspace, arguments: Arguments) -> Json:
    """The app's bot."""
    if arguments.text("bot") != cast.BOT_ID:
        raise SlackError("bot_not_found")
    bot = workspace.state.users[cast.BOT_USER]
    return {
        "bot": {
            "id": cast.BOT_ID,
            "deleted": False,
            "name": bot.real_name,
            "updated": 0,
            "app_id": cast.APP_ID,
            "user_id": bot.id,
            "icons": {},
        }
    }
