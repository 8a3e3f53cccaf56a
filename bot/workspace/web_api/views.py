"""Modals and App Home."""

from __future__ import annotations

from bot.workspace.core import Workspace
from bot.workspace.errors import SlackError
from bot.workspace.records import Json, View
from bot.workspace.triggers import Trigger
from bot.workspace.views import checked_view
from bot.workspace.web_api.arguments import Arguments
from bot.workspace.web_api.registry import method


@method("views.open", required="view", optional="trigger_id interactivity_pointer", tier="4")
def open_view(workspace: Workspace, arguments: Arguments) -> Json:
    """A modal for the person who did something just now. A view that is refused does not spend the trigger."""
    view = _view(arguments, "modal")
    trigger = _trigger(workspace, arguments)
    opened = workspace.views.open(trigger.user, view)
    trigger.used = True
    return _result(opened)


@method("views.push", required="view", optional="trigger_id interactivity_pointer", tier="4")
def push_view(workspace: Workspace, arguments: Arguments) -> Json:
    """A modal on top of the one in which the person did something."""
    view = _view(arguments, "modal")
    trigger = _trigger(workspace, arguments)
    if trigger.view_id is None:
        raise SlackError("not_found")
    pushed = workspace.views.push(trigger.user, view)
    trigger.used = True
    return _result(pushed)


@method("views.update", required="view", optional="view_id external_id hash", tier="4")
def update_view(workspace: Workspace, arguments: Arguments) -> Json:
    """Other content for an open modal or a Home."""
    if arguments.has("view_id") == arguments.has("external_id"):
        raise SlackError("invalid_arguments", "must define exactly one of `view_id` or `external_id`")
    shown = workspace.views.find(arguments.text("view_id") or None, arguments.text("external_id") or None)
    if shown is None:
        raise SlackError("not_found")
    view = _view(arguments, shown.body["type"])
    return _result(workspace.views.update(shown, view, arguments.text("hash") or None))


@method("views.publish", required="user_id view", optional="hash", tier="4")
def publish_view(workspace: Workspace, arguments: Arguments) -> Json:
    """The App Home of one person."""
    if not workspace.app.home_tab:
        raise SlackError("not_enabled")
    view = _view(arguments, "home")
    user = workspace.state.users.get(arguments.text("user_id"))
    if user is None or user.is_bot:
        raise SlackError("invalid_arguments", "invalid user id [json-pointer:/user_id]")
    return _result(workspace.views.publish(user.id, view, arguments.text("hash") or None))


def _view(arguments: Arguments, kind: str) -> Json:
    return checked_view(arguments.json("view", "invalid_arguments"), kind)


def _trigger(workspace: Workspace, arguments: Arguments) -> Trigger:
    if not arguments.has("trigger_id"):
        raise SlackError("invalid_arguments", "missing required field: trigger_id")
    return workspace.triggers.look(arguments.text("trigger_id"))


def _result(view: View) -> Json:
    return {"view": view.body}
