"""People and user groups."""

from __future__ import annotations

from bot.workspace.core import Workspace
from bot.workspace.errors import SlackError
from bot.workspace.records import Json, User
from bot.workspace.web_api.arguments import Arguments, page
from bot.workspace.web_api.registry import method


@method("users.info", required="user", optional="include_locale", scopes="users:read", tier="4")
def info(workspace: Workspace, arguments: Arguments) -> Json:
    """One person."""
    user = workspace.state.users.get(arguments.text("user"))
    if user is None:
        raise SlackError("user_not_found")
    return {"user": _shown(workspace, user)}


@method("users.list", optional="cursor include_locale limit", scopes="users:read", tier="2")
def list_users(workspace: Workspace, arguments: Arguments) -> Json:
    """Everybody of this organisation, bots too."""
    own = [user for user in workspace.state.users.values() if not user.team]
    part, cursor = page(own, arguments, default=200, maximum=1000, error="invalid_arguments")
    return {
        "members": [_shown(workspace, user) for user in part],
        "cache_ts": int(workspace.now().timestamp()),
        "response_metadata": {"next_cursor": cursor},
    }


@method("users.lookupByEmail", required="email", scopes="users:read.email", tier="3")
def lookup_by_email(workspace: Workspace, arguments: Arguments) -> Json:
    """One person by mail address."""
    for user in workspace.state.users.values():
        if user.email == arguments.text("email").lower() and not (user.deleted or user.is_bot or user.team):
            return {"user": _shown(workspace, user)}
    raise SlackError("users_not_found")


@method("usergroups.list", optional="include_count include_disabled include_users", scopes="usergroups:read", tier="2")
def list_groups(workspace: Workspace, arguments: Arguments) -> Json:
    """All user groups."""
    users = arguments.flag("include_users")
    return {
        "usergroups": [
            workspace.shapes.user_group(group, users=users) for group in workspace.state.user_groups.values()
        ]
    }


@method("usergroups.users.list", required="usergroup", optional="include_disabled", scopes="usergroups:read", tier="2")
def group_users(workspace: Workspace, arguments: Arguments) -> Json:
    """Who is in a user group."""
    group = workspace.state.user_groups.get(arguments.text("usergroup"))
    if group is None:
        raise SlackError("no_such_subteam")
    return {"users": workspace.state.active(group.users)}


def _shown(workspace: Workspace, user: User) -> Json:
    shown = workspace.shapes.user(user)
    if "users:read.email" in workspace.scopes and not user.is_bot:
        shown["profile"]["email"] = user.email
    return shown
