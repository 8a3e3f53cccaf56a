"""What Slack's requests look like: whatever is sent otherwise is refused at the door, before anybody works on it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

__all__ = ["is_event_request", "is_heard", "is_interaction", "is_sound", "without_half_characters"]

Check: TypeAlias = Callable[[Any], bool]

DEEPEST = 100
"""So far objects and lists may be nested; Slack's own, with all blocks of a view, stay below twenty."""
LONGEST_NAME = 255
_ADDRESS = re.compile(r"https?://[!#-\[\]-~]{1,2000}")
"""Of a response URL."""
_ID, _TIME = re.compile(r"[A-Z][A-Z0-9]{0,63}"), re.compile(r"[0-9]{1,16}\.[0-9]{1,16}")


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _name(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_NAME


def _id(value: Any) -> bool:
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def _time(value: Any) -> bool:
    """A message's `ts`."""
    return isinstance(value, str) and _TIME.fullmatch(value) is not None


def _address(value: Any) -> bool:
    return isinstance(value, str) and _ADDRESS.fullmatch(value) is not None


def _maybe(check: Check) -> Check:
    """It may be missing or null; an empty text counts as missing, as in Slack's own payloads."""
    return lambda value: value is None or value == "" or check(value)


def _having(**fields: Check) -> Check:
    return lambda value: isinstance(value, dict) and all(check(value.get(name)) for name, check in fields.items())


def _each(check: Check, least: int = 0) -> Check:
    return lambda value: isinstance(value, list) and len(value) >= least and all(map(check, value))


def _each_value(check: Check) -> Check:
    return lambda value: isinstance(value, dict) and all(map(check, value.values()))


_WHO = _having(id=_id)
_FILE = _having(id=_maybe(_text), name=_maybe(_text), permalink=_maybe(_text))
_SAID = {
    "user": _maybe(_id), "text": _maybe(_text), "thread_ts": _maybe(_time), "subtype": _maybe(_text),
    "bot_id": _maybe(_text), "files": _maybe(_each(_FILE)), "parent_user_id": _maybe(_id), "user_team": _maybe(_id),
}
_BEFORE = _having(user=_maybe(_id), text=_maybe(_text), thread_ts=_maybe(_time), ts=_maybe(_time))
_IN_CHANNEL = {"channel": _id, "channel_type": _maybe(_text), "subtype": _maybe(_text)}
_MESSAGES: Mapping[str, Check] = {
    "message_deleted": _having(**_IN_CHANNEL, deleted_ts=_time, previous_message=_maybe(_BEFORE)),
    "message_changed": _having(**_IN_CHANNEL, message=_having(**{**_SAID, "ts": _time}),
                               previous_message=_maybe(_BEFORE)),
}
"""By subtype; all others are something that somebody said, or nobody's concern."""
_OTHER_MESSAGE = _having(**{**_IN_CHANNEL, **_SAID, "ts": _time})
_ON_MESSAGE = _having(channel=_id, ts=_time)
_EVENTS: Mapping[str, Check] = {
    "message": lambda event: _MESSAGES.get(_key(event.get("subtype")), _OTHER_MESSAGE)(event),
    "app_mention": lambda event: _MESSAGES.get(_key(event.get("subtype")), _OTHER_MESSAGE)(event),
    "app_home_opened": _having(user=_id, channel=_maybe(_id), tab=_maybe(_text)),
    "assistant_thread_started": _having(assistant_thread=_having(user_id=_id, channel_id=_id, thread_ts=_time)),
    "reaction_added": lambda event: _having(user=_id, reaction=_name, item=_having(type=_name))(event) and (
        event["item"]["type"] != "message" or _ON_MESSAGE(event["item"])),
}
"""By type, as far as the bot reads them."""
_OF_EVENT = _having(event_id=_name, team_id=_id, authorizations=_maybe(_each(_having(team_id=_maybe(_text)))))

_OPTION = _having(value=_text)
_ACTION = _having(action_id=_name, value=_maybe(_text), action_ts=_maybe(_time), selected_option=_maybe(_OPTION))
_STATE = _having(
    type=_name, value=_maybe(_text), selected_option=_maybe(_OPTION), selected_options=_maybe(_each(_OPTION)),
    selected_user=_maybe(_text), selected_date=_maybe(_text), selected_time=_maybe(_text),
    selected_conversation=_maybe(_text), selected_channel=_maybe(_text))
_ELEMENT = _having(initial_value=_maybe(_text), initial_option=_maybe(_OPTION))
_FIELD = _having(block_id=_name, element=_maybe(_ELEMENT))
_VIEW = {"id": _id, "type": _maybe(_text), "hash": _maybe(_text)}
_FORM = _having(
    **_VIEW, callback_id=_text, private_metadata=_maybe(_text), blocks=_maybe(_each(
        lambda block: _having(type=_name)(block) and (block["type"] != "input" or _FIELD(block)))),
    state=_having(values=_each_value(_each_value(_STATE))))
_FROM = {"user": _WHO, "team": _WHO}
_CONTAINER = _having(channel_id=_maybe(_id), message_ts=_maybe(_time), thread_ts=_maybe(_time))
_INTERACTIONS: Mapping[str, Check] = {
    "block_actions": _having(
        **_FROM, actions=_each(_ACTION, 1), container=_maybe(_CONTAINER), channel=_maybe(_WHO),
        trigger_id=_maybe(_name), response_url=_maybe(_address), view=_maybe(_having(**_VIEW))),
    "view_submission": _having(**_FROM, view=_FORM),
    "shortcut": _having(**_FROM, callback_id=_name, trigger_id=_name),
    "message_action": _having(
        **_FROM, callback_id=_name, trigger_id=_name, channel=_WHO, message=_having(**{**_SAID, "ts": _time}),
        response_url=_maybe(_address)),
}
_COMMAND = _having(
    command=_name, user_id=_id, channel_id=_id, team_id=_id, trigger_id=_name, text=_maybe(_text),
    response_url=_maybe(_address))


def is_event_request(body: Any) -> bool:
    """Whether this may be an event or a notice of Slack's own: they travel as JSON, and nothing else does."""
    kind = _key(body.get("type")) if isinstance(body, dict) else ""
    return kind != "" and kind not in _INTERACTIONS and "command" not in body


def is_interaction(body: Any) -> bool:
    """Whether this is what Slack sends in a form's field `payload`."""
    return isinstance(body, dict) and _name(body.get("type")) and "command" not in body and (
        body["type"] not in ("event_callback", "url_verification") and isinstance(body.get("user"), dict))


def is_sound(body: Any) -> bool:
    """Whether everything that the bot would read in it is there, and is of its kind. True for what it never reads."""
    if not isinstance(body, dict) or not _is_flat_enough(body):
        return False
    if "command" in body:
        return _COMMAND(body)
    kind = _key(body.get("type"))
    if kind == "event_callback":
        event: Any = body.get("event")
        return _OF_EVENT(body) and _having(type=_name)(event) and _EVENTS.get(event["type"], _any)(event)
    return _INTERACTIONS.get(kind, _having(challenge=_maybe(_text)))(body)


def is_heard(body: Mapping[str, Any]) -> bool:
    """Whether anybody listens to requests of this kind."""
    return "command" in body or body.get("type") in ("event_callback", *_INTERACTIONS)


def without_half_characters(body: dict[str, Any]) -> dict[str, Any]:
    """The same; half of a pair of surrogates, which no database takes, is shown as `?`."""
    written = json.dumps(body, ensure_ascii=False)
    try:
        written.encode()
    except UnicodeEncodeError:
        mended: dict[str, Any] = json.loads(written.encode("utf-8", "replace"))
        return mended
    return body


def _key(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _any(_value: Any) -> bool:
    return True


def _is_flat_enough(body: Any) -> bool:
    layer = [body]
    for _ in range(DEEPEST):
        layer = [inner for outer in layer for inner in (outer.values() if isinstance(outer, dict) else outer)
                 if isinstance(inner, (dict, list))]
        if not layer:
            return True
    return False
