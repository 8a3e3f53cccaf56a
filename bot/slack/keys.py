"""What tells Slack's requests apart, and which of them must be worked on in their order."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, TypeAlias

Json: TypeAlias = Mapping[str, Any]


def key_of(body: Json) -> str:
    """What stays the same when Slack delivers the same thing again."""
    match body.get("type"):
        case "event_callback":
            return str(body["event_id"])
        case "block_actions":
            action = body["actions"][0]
            return f"click:{action.get('action_ts', '')}:{body['user']['id']}:{action['action_id']}"
        case "view_submission":
            view = body["view"]  # the same after a refusal, but for what stands in its fields
            entered = json.dumps(view["state"]["values"], sort_keys=True).encode()
            return f"submission:{view['id']}:{view.get('hash', '')}:{hashlib.sha256(entered).hexdigest()[:16]}"
        case "shortcut" | "message_action" as kind:
            return f"{kind}:{body['trigger_id']}"
        case _:
            return f"command:{body['trigger_id']}"


def conversation_of(body: Json) -> str:
    """What must be worked on in the order in which it came."""
    inner: Json = body.get("event") or {}
    if inner:
        item: Json = inner.get("item") or {}
        if item.get("ts"):
            return f"{item.get('channel', '')}:{item['ts']}"
        changed: Json = inner.get("message") or inner.get("previous_message") or inner
        thread = changed.get("thread_ts") or changed.get("ts") or inner.get("deleted_ts") or ""
        return f"{inner.get('channel', '')}:{thread}"
    if body.get("type") == "message_action":
        return f"{body['channel']['id']}:{body['message'].get('thread_ts') or body['message']['ts']}"
    container: Json = body.get("container") or {}
    if container.get("message_ts"):
        return f"{container.get('channel_id', '')}:{container.get('thread_ts') or container['message_ts']}"
    return f"user:{(body.get('user') or {}).get('id') or body.get('user_id', '')}"
