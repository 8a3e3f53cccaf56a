"""What the app shows around a thread: that it is working, a title, suggested prompts."""

from __future__ import annotations

from bot.workspace.core import Workspace
from bot.workspace.errors import SlackError
from bot.workspace.records import AssistantThread, Json
from bot.workspace.web_api.arguments import Arguments
from bot.workspace.web_api.places import customized_name, readable_channel
from bot.workspace.web_api.registry import method

MOST_PROMPTS = 4
MOST_LOADING_MESSAGES = 10
SESSION_STATES = ("active", "processing", "suspended", "closed")


@method(
    "assistant.threads.setStatus",
    required="channel_id thread_ts",
    scopes="chat:write",
    tier="special",
    optional="status loading_messages icon_emoji icon_url username",
)
def set_status(workspace: Workspace, arguments: Arguments) -> Json:
    """What the app says it is doing; gone with its next post, with an empty status, or after two minutes."""
    if "status" not in arguments.values:
        raise SlackError("invalid_arguments", "missing required field: status")
    loading = arguments.json("loading_messages", "invalid_arguments") or []
    if not isinstance(loading, list) or len(loading) > MOST_LOADING_MESSAGES:
        raise SlackError("invalid_arguments", "no more than 10 items allowed [json-pointer:/loading_messages]")
    customized_name(workspace, arguments)
    channel_id, thread_ts = _place(workspace, arguments)
    workspace.conversation.set_status(channel_id, thread_ts, arguments.text("status"), [str(text) for text in loading])
    return {}


@method("assistant.threads.setTitle", required="channel_id thread_ts title", scopes="assistant:write", tier="4")
def set_title(workspace: Workspace, arguments: Arguments) -> Json:
    """What the thread is about."""
    thread = _thread(workspace, *_place(workspace, arguments))
    thread.title = arguments.text("title")
    workspace.changes.tell("status", **workspace.shapes.assistant_thread(thread))
    return {}


@method(
    "assistant.threads.setSuggestedPrompts",
    required="channel_id prompts",
    optional="thread_ts title",
    scopes="assistant:write",
    tier="4",
)
def set_suggested_prompts(workspace: Workspace, arguments: Arguments) -> Json:
    """Up to four prompts, with which a person may begin. Without a thread they stand in the empty pane.

    With `agent_view` a call that names a thread does nothing, and says nothing.
    """
    prompts = arguments.json("prompts", "invalid_arguments")
    if (
        not isinstance(prompts, list)
        or not 1 <= len(prompts) <= MOST_PROMPTS
        or not all(_is_prompt(prompt) for prompt in prompts)
    ):
        raise SlackError("invalid_arguments", "must be 1 to 4 objects with title and message [json-pointer:/prompts]")
    if arguments.has("thread_ts") and workspace.app.agent_view:
        _place(workspace, arguments)
        workspace.changes.log("api", "the suggested prompts were ignored: with agent_view leave out thread_ts", {})
        return {}
    if arguments.has("thread_ts"):
        place = _place(workspace, arguments)
    else:
        place = readable_channel(workspace, arguments.text("channel_id")).id, ""
    thread = _thread(workspace, *place)
    thread.prompts, thread.prompts_title = prompts, arguments.text("title")
    workspace.changes.tell("status", **workspace.shapes.assistant_thread(thread))
    return {}


def set_session(
    workspace: Workspace, channel: str, thread_ts: str, status: str, title: str = ""
) -> AssistantThread:
    """How the session of a thread stands; it begins here if there was none."""
    thread = _thread(workspace, channel, thread_ts)
    if not thread.session and title:
        thread.title = title
    thread.session = status
    workspace.changes.tell("status", **workspace.shapes.assistant_thread(thread))
    return thread


def _place(workspace: Workspace, arguments: Arguments) -> tuple[str, str]:
    channel = readable_channel(workspace, arguments.text("channel_id"))
    thread_ts = arguments.text("thread_ts")
    if workspace.state.message(channel.id, thread_ts) is None:
        raise SlackError("invalid_thread_ts")
    return channel.id, thread_ts


def _thread(workspace: Workspace, channel: str, thread_ts: str) -> AssistantThread:
    return workspace.state.assistant.setdefault((channel, thread_ts), AssistantThread(channel, thread_ts))


def _is_prompt(prompt: object) -> bool:
    return isinstance(prompt, dict) and all(
        isinstance(prompt.get(key), str) and prompt[key] for key in ("title", "message")
    )
