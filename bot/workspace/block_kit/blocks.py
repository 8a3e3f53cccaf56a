"""The blocks themselves, with their limits, and where each of them may stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.workspace.block_kit import objects
from bot.workspace.block_kit.objects import ID, plain, text
from bot.workspace.block_kit.rules import (
    Problem,
    Problems,
    Rule,
    anything,
    at_least_one,
    boolean,
    by_type,
    choice,
    exactly_one,
    integer,
    items,
    number,
    shape,
    string,
    url,
)

_TYPE: Mapping[str, Rule] = {"type": anything}
_BLOCK: Mapping[str, Rule] = {"block_id": ID}
_CONTEXT_PARTS: Mapping[str, Rule] = {"image": objects.IMAGE, "plain_text": plain(3000), "mrkdwn": text(3000)}

_STYLES = ("bold", "italic", "strike", "underline", "code", "highlight", "client_highlight", "unlink")
_STYLE = shape({}, dict.fromkeys(_STYLES, boolean))
_LEAVES: Mapping[str, Rule] = {
    "text": shape({**_TYPE, "text": string(40_000, 0)}, {"style": _STYLE}),
    "link": shape({**_TYPE, "url": url()}, {"text": string(40_000, 0), "unsafe": boolean, "style": _STYLE}),
    "user": shape({**_TYPE, "user_id": objects.USER_ID}, {"style": _STYLE}),
    "usergroup": shape({**_TYPE, "usergroup_id": ID}, {"style": _STYLE}),
    "channel": shape({**_TYPE, "channel_id": objects.CHANNEL_ID}, {"style": _STYLE}),
    "team": shape({**_TYPE, "team_id": ID}, {"style": _STYLE}),
    "emoji": shape(
        {**_TYPE, "name": string(100)}, {"unicode": string(100), "skin_tone": integer(1, 6), "style": _STYLE}
    ),
    "broadcast": shape({**_TYPE, "range": choice("here", "channel", "everyone")}, {"style": _STYLE}),
    "color": shape({**_TYPE, "value": string(7)}, {"style": _STYLE}),
    "date": shape(
        {**_TYPE, "timestamp": integer(0, 10**12), "format": string(200)},
        {"url": url(), "fallback": string(3000), "style": _STYLE},
    ),
}
_INLINE = items(by_type(_LEAVES), 0, 10_000)
_RICH: Mapping[str, Rule] = {
    "rich_text_section": shape({**_TYPE, "elements": _INLINE}),
    "rich_text_quote": shape({**_TYPE, "elements": _INLINE}, {"border": integer(0, 1)}),
    "rich_text_preformatted": shape({**_TYPE, "elements": _INLINE}, {"border": integer(0, 1), "language": string(50)}),
    "rich_text_list": shape(
        {
            **_TYPE,
            "style": choice("bullet", "ordered"),
            "elements": items(by_type({"rich_text_section": shape({**_TYPE, "elements": _INLINE})}), 1, 1000),
        },
        {"indent": integer(0, 8), "offset": integer(0, 10_000), "border": integer(0, 1)},
    ),
}
_RICH_TEXT = shape({**_TYPE, "elements": items(by_type(_RICH), 0, 1000)}, _BLOCK)
_NESTED_RICH_TEXT = by_type({"rich_text": _RICH_TEXT})
_CELL: Mapping[str, Rule] = {
    "raw_text": shape({**_TYPE, "text": string(10_000)}),
    "raw_number": shape({**_TYPE, "value": number}, {"text": string(10_000)}),
    "rich_text": _RICH_TEXT,
}
_ROW = items(by_type(_CELL), 1, 20)
_COLUMN = shape({}, {"align": choice("left", "center", "right"), "is_wrapped": boolean})
_SOURCE = shape({**_TYPE, "url": url(), "text": string(3000)})
_TASK = {"task_id": ID, "title": string(3000)}
_TASK_MORE = {
    "details": _NESTED_RICH_TEXT,
    "output": _NESTED_RICH_TEXT,
    "sources": items(_SOURCE, 0, 100),
    "status": choice("pending", "in_progress", "complete", "error"),
    **_BLOCK,
}
_CARD = shape(
    _TYPE,
    {
        "hero_image": objects.IMAGE,
        "icon": objects.IMAGE,
        "title": text(150),
        "subtitle": text(150),
        "body": text(200),
        "subtext": text(200),
        "slack_icon": anything,
        "actions": items(objects.BUTTON, 1, 2),
        **_BLOCK,
    },
    at_least_one("hero_image", "title", "actions", "body"),
)


def _column_settings(value: Any, pointer: str, problems: Problems) -> None:
    """A column without settings may be null."""
    items(lambda part, at, found: None if part is None else _COLUMN(part, at, found), 0, 20)(value, pointer, problems)


def _plan_title(value: Any, pointer: str, problems: Problems) -> None:
    (string(3000) if isinstance(value, str) else plain(3000))(value, pointer, problems)


def _dispatching(value: Mapping[str, Any], pointer: str, problems: Problems) -> None:
    """A file input cannot dispatch actions."""
    element = value.get("element")
    if value.get("dispatch_action") and isinstance(element, dict) and element.get("type") == "file_input":
        problems.append(Problem("dispatch_action is not supported for file_input", pointer))


PLAIN_BLOCKS: Mapping[str, Rule] = {
    "section": shape(
        _TYPE,
        {
            "text": text(3000),
            "fields": items(text(2000), 1, 10),
            "accessory": objects.ACCESSORY,
            "expand": boolean,
            **_BLOCK,
        },
        at_least_one("text", "fields"),
    ),
    "header": shape({**_TYPE, "text": plain(150)}, {"level": integer(1, 4), **_BLOCK}),
    "divider": shape(_TYPE, _BLOCK),
    "actions": shape({**_TYPE, "elements": items(objects.ACTIONS, 1, 25)}, _BLOCK),
    "context": shape({**_TYPE, "elements": items(by_type(_CONTEXT_PARTS), 1, 10)}, _BLOCK),
    "context_actions": shape({**_TYPE, "elements": items(objects.CONTEXT_ACTIONS, 1, 5)}, _BLOCK),
    "input": shape(
        {**_TYPE, "label": plain(2000), "element": objects.INPUT},
        {"hint": plain(2000), "optional": boolean, "dispatch_action": boolean, **_BLOCK},
        _dispatching,
    ),
    "image": shape(
        {**_TYPE, "alt_text": string(2000)},
        {"image_url": url(), "slack_file": objects.SLACK_FILE, "title": plain(2000), **_BLOCK},
        exactly_one("image_url", "slack_file"),
    ),
    "markdown": shape({**_TYPE, "text": string(12_000)}, _BLOCK),
    "rich_text": _RICH_TEXT,
    "table": shape({**_TYPE, "rows": items(_ROW, 1, 100)}, {"column_settings": _column_settings, **_BLOCK}),
    "data_table": shape(
        {**_TYPE, "caption": string(3000), "rows": items(_ROW, 2, 101)},
        {"page_size": integer(1, 100), "row_header_column_index": integer(0, 19), **_BLOCK},
    ),
    "data_visualization": shape({**_TYPE, "title": string(50), "chart": anything}, _BLOCK),
    "video": shape(
        {**_TYPE, "alt_text": string(2000), "title": plain(199), "thumbnail_url": url(), "video_url": url()},
        {
            "author_name": string(49),
            "description": plain(199),
            "provider_icon_url": url(),
            "provider_name": string(50),
            "title_url": url(),
            **_BLOCK,
        },
    ),
    "file": shape({**_TYPE, "external_id": ID, "source": choice("remote")}, _BLOCK),
    "alert": shape(
        {**_TYPE, "text": text(200)}, {"level": choice("default", "info", "warning", "error", "success"), **_BLOCK}
    ),
    "task_card": shape(
        {**_TYPE, **_TASK}, {**_TASK_MORE, "status": choice("in_progress", "complete", "error")}
    ),
    "plan": shape(
        {**_TYPE, "title": _plan_title}, {"tasks": items(shape(_TASK, {**_TYPE, **_TASK_MORE}), 0, 50), **_BLOCK}
    ),
    "card": _CARD,
    "carousel": shape({**_TYPE, "elements": items(by_type({"card": _CARD}), 1, 10)}, _BLOCK),
}
_IN_CONTAINERS = (
    "actions",
    "context",
    "divider",
    "file",
    "header",
    "image",
    "input",
    "rich_text",
    "section",
    "table",
    "video",
)
BLOCKS: Mapping[str, Rule] = {
    **PLAIN_BLOCKS,
    "container": shape(
        {**_TYPE, "child_blocks": items(by_type(PLAIN_BLOCKS, _IN_CONTAINERS), 1, 10)},
        {
            "title": plain(150),
            "rich_text_title": _NESTED_RICH_TEXT,
            "subtitle": text(150),
            "icon": objects.IMAGE,
            "width": choice("narrow", "standard", "wide", "full"),
            "is_collapsible": boolean,
            "default_collapsed": boolean,
            "has_header_divider": boolean,
            **_BLOCK,
        },
        at_least_one("title", "rich_text_title"),
    ),
}

SURFACES: Mapping[str, frozenset[str]] = {
    "message": frozenset(BLOCKS) - {"alert"},
    "modal": frozenset(
        {"actions", "alert", "card", "context", "divider", "header", "image", "input", "rich_text", "section", "video"}
    ),
    "home": frozenset(
        {
            "actions",
            "card",
            "carousel",
            "container",
            "context",
            "data_table",
            "data_visualization",
            "divider",
            "header",
            "image",
            "input",
            "rich_text",
            "section",
            "table",
            "video",
        }
    ),
}
"""Which blocks Slack takes where; sources disagree about some, these are the tighter lists."""
