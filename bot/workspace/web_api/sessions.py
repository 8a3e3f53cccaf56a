"""Agent sessions: what state the work in a thread is in, and what it is called."""

from __future__ import annotations

from bot.workspace.core import Workspace
from bot.workspace.errors import SlackError
from bot.workspace.records import Json
from bot.workspace.web_api.arguments import Arguments
from bot.workspace.web_api.assistant import SESSION_STATES, set_session
from bot.workspace.web_api.places import customized_name, existing_message, readable_channel
from bot.workspace.web_api.registry import method

LONGEST_TITLE = 200
STOP_EVENT = "agent_session_stopped"


@method(
    "agents.sessions.setStatus",
    required="channel_id status thread_ts",
    optional="icon_emoji icon_url initiator_user_id title username",
    scopes="chat:write",
    tier="3",
)
def set_status(workspace: Workspace, arguments: Arguments) -> Json:
    """Begin a session, or say how it stands. A title is only heeded where the session begins."""
    _agents_only(workspace)
    status, title = arguments.text("status"), arguments.text("title")
    if status not in SESSION_STATES:
        raise SlackError("invalid_arguments", "must be active, processing, suspended or closed [json-pointer:/status]")
    if len(title) > LONGEST_TITLE:
        raise SlackError("invalid_arguments", f"must be less than {LONGEST_TITLE + 1} characters [json-pointer:/title]")
    channel_id, thread_ts = _place(workspace, arguments)
    initiator = arguments.text("initiator_user_id")
    if initiator and initiator not in workspace.state.channels[channel_id].members:
        raise SlackError("invalid_arguments", "must be a member of the channel [json-pointer:/initiator_user_id]")
    customized_name(workspace, arguments)
    thread = set_session(workspace, channel_id, thread_ts, status, title)
    answer: Json = {"status": thread.session, "title": thread.title}
    if status == "processing" and STOP_EVENT not in workspace.app.events:
        warning = f"missing_{STOP_EVENT}_event_subscription"
        answer |= {"warning": warning, "response_metadata": {"warnings": [warning]}}
    return answer


@method(
    "agents.sessions.rename", required="channel_id title", optional="thread_ts", scopes="chat:write", tier="3"
)
def rename(workspace: Workspace, arguments: Arguments) -> Json:
    """Another title for a session that there is."""
    _agents_only(workspace)
    title = arguments.text("title")
    if len(title) > LONGEST_TITLE:
        raise SlackError("invalid_arguments", f"must be less than {LONGEST_TITLE + 1} characters [json-pointer:/title]")
    place = _place(workspace, arguments)
    thread = workspace.state.assistant.get(place)
    if thread is None or not thread.session:
        raise SlackError("session_not_found")
    thread.title = title
    workspace.changes.tell("status", **workspace.shapes.assistant_thread(thread))
    return {"title": title}


def _agents_only(workspace: Workspace) -> None:
    """Only apps declared as agents have sessions; the code is ours, Slack's pages name none."""
    if not workspace.app.agent_view:
        raise SlackError("feature_not_enabled")


def _place(workspace: Workspace, arguments: Arguments) -> tuple[str, str]:
    channel = readable_channel(workspace, arguments.text("channel_id"))
    root = existing_message(workspace, channel, arguments.text("thread_ts"))
    return channel.id, root.thread_ts or root.ts
