"""Composition objects and interactive elements, with their limits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.workspace.block_kit.rules import (
    Problem,
    Problems,
    Rule,
    anything,
    boolean,
    by_type,
    choice,
    exactly_one,
    integer,
    items,
    pattern,
    shape,
    string,
    url,
)

ID = string(255)
USER_ID = pattern(r"[UW][A-Z0-9]+")
CHANNEL_ID = pattern(r"[CGD][A-Z0-9]+")
DATE = pattern(r"\d{4}-\d{2}-\d{2}")
TIME = pattern(r"([01]\d|2[0-3]):[0-5]\d")
DECIMAL = pattern(r"-?\d+(\.\d+)?")


def plain(maximum: int) -> Rule:
    """A `plain_text` object."""
    return by_type({"plain_text": shape({"type": anything, "text": string(maximum)}, {"emoji": boolean})})


def text(maximum: int) -> Rule:
    """A `plain_text` or `mrkdwn` object."""
    return by_type(
        {
            "plain_text": shape({"type": anything, "text": string(maximum)}, {"emoji": boolean}),
            "mrkdwn": shape({"type": anything, "text": string(maximum)}, {"verbatim": boolean}),
        }
    )


CONFIRM = shape(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": choice("primary", "danger")},
)
OPTION = shape({"text": plain(75), "value": string(150)}, {"description": plain(75)})
MENU_OPTION = shape({"text": plain(75), "value": string(150)}, {"description": plain(75), "url": url()})
RICH_OPTION = shape({"text": text(75), "value": string(150)}, {"description": text(75)})
OPTION_GROUP = shape({"label": plain(75), "options": items(OPTION, 1, 100)})
SLACK_FILE = shape({}, {"url": url(), "id": ID}, exactly_one("url", "id"))
DISPATCH = shape({"trigger_actions_on": items(choice("on_enter_pressed", "on_character_entered"), 1, 2)})
FILTER = shape(
    {},
    {
        "include": items(choice("im", "mpim", "private", "public"), 1, 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)
WORKFLOW = shape({"trigger": shape({"url": url()}, {"customizable_input_parameters": anything})})
FEEDBACK_BUTTON = shape({"text": plain(75), "value": string(2000)}, {"accessibility_label": string(75)})

_COMMON: Mapping[str, Rule] = {"action_id": ID, "confirm": CONFIRM, "focus_on_load": boolean}
_PICKER = {**_COMMON, "placeholder": plain(150)}
_TYPED = {"action_id": ID, "focus_on_load": boolean, "placeholder": plain(150), "dispatch_action_config": DISPATCH}
_MANY = {**_PICKER, "max_selected_items": integer(1, 100)}
_TYPE: Mapping[str, Rule] = {"type": anything}
_OPTIONS = {"options": items(OPTION, 1, 100), "option_groups": items(OPTION_GROUP, 1, 100)}

SUGGESTIONS = shape(
    {}, {"options": items(OPTION, 0, 100), "option_groups": items(OPTION_GROUP, 0, 100)},
    exactly_one("options", "option_groups"),
)
"""What an app may answer when an external select asks for options."""


def initial_among_options(value: Mapping[str, Any], pointer: str, problems: Problems) -> None:
    """What is chosen at first must be one of the options."""
    groups = value.get("option_groups") or [{"options": value.get("options") or []}]
    known = [option for group in groups if isinstance(group, dict) for option in group.get("options") or []]
    chosen = value.get("initial_options") or ([value["initial_option"]] if value.get("initial_option") else [])
    if known and any(option not in known for option in chosen):
        problems.append(Problem("must be one of the provided options", pointer))


def lengths_in_order(value: Mapping[str, Any], pointer: str, problems: Problems) -> None:
    """`min_length` above `max_length` can never be met."""
    shortest, longest = value.get("min_length"), value.get("max_length")
    if isinstance(shortest, int) and isinstance(longest, int) and shortest > longest:
        problems.append(Problem("min_length must not be more than max_length", pointer))


ELEMENTS: Mapping[str, Rule] = {
    "button": shape(
        {**_TYPE, "text": plain(75)},
        {
            "action_id": ID,
            "url": url(),
            "value": string(2000, 0),
            "style": choice("primary", "danger"),
            "confirm": CONFIRM,
            "accessibility_label": string(75),
            "agent_prompt": string(4000),
        },
    ),
    "icon_button": shape(
        {**_TYPE, "icon": choice("trash"), "text": plain(75)},
        {
            "action_id": ID,
            "value": string(2000),
            "confirm": CONFIRM,
            "accessibility_label": string(75),
            "visible_to_user_ids": items(USER_ID, 0, 10),
        },
    ),
    "feedback_buttons": shape(
        {**_TYPE, "positive_button": FEEDBACK_BUTTON, "negative_button": FEEDBACK_BUTTON}, {"action_id": ID}
    ),
    "workflow_button": shape(
        {**_TYPE, "text": plain(75), "workflow": WORKFLOW, "action_id": ID},
        {"style": choice("primary", "danger"), "accessibility_label": string(75)},
    ),
    "overflow": shape({**_TYPE, "options": items(MENU_OPTION, 1, 5)}, {"action_id": ID, "confirm": CONFIRM}),
    "checkboxes": shape(
        {**_TYPE, "options": items(RICH_OPTION, 1, 10)},
        {**_COMMON, "initial_options": items(RICH_OPTION, 1, 10)},
        initial_among_options,
    ),
    "radio_buttons": shape(
        {**_TYPE, "options": items(RICH_OPTION, 1, 10)},
        {**_COMMON, "initial_option": RICH_OPTION},
        initial_among_options,
    ),
    "datepicker": shape(_TYPE, {**_PICKER, "initial_date": DATE}),
    "timepicker": shape(_TYPE, {**_PICKER, "initial_time": TIME, "timezone": string(100)}),
    "datetimepicker": shape(_TYPE, {**_COMMON, "initial_date_time": integer(0, 9_999_999_999)}),
    "static_select": shape(
        _TYPE,
        {**_PICKER, **_OPTIONS, "initial_option": OPTION},
        exactly_one("options", "option_groups"),
        initial_among_options,
    ),
    "external_select": shape(_TYPE, {**_PICKER, "initial_option": OPTION, "min_query_length": integer(0, 255)}),
    "users_select": shape(_TYPE, {**_PICKER, "initial_user": USER_ID}),
    "channels_select": shape(_TYPE, {**_PICKER, "initial_channel": CHANNEL_ID, "response_url_enabled": boolean}),
    "conversations_select": shape(
        _TYPE,
        {
            **_PICKER,
            "initial_conversation": CHANNEL_ID,
            "response_url_enabled": boolean,
            "filter": FILTER,
            "default_to_current_conversation": boolean,
        },
    ),
    "multi_static_select": shape(
        _TYPE,
        {**_MANY, **_OPTIONS, "initial_options": items(OPTION, 1, 100)},
        exactly_one("options", "option_groups"),
        initial_among_options,
    ),
    "multi_external_select": shape(
        _TYPE, {**_MANY, "initial_options": items(OPTION, 1, 100), "min_query_length": integer(0, 255)}
    ),
    "multi_users_select": shape(_TYPE, {**_MANY, "initial_users": items(USER_ID, 1, 100)}),
    "multi_channels_select": shape(_TYPE, {**_MANY, "initial_channels": items(CHANNEL_ID, 1, 100)}),
    "multi_conversations_select": shape(
        _TYPE,
        {
            **_MANY,
            "initial_conversations": items(CHANNEL_ID, 1, 100),
            "filter": FILTER,
            "default_to_current_conversation": boolean,
        },
    ),
    "plain_text_input": shape(
        _TYPE,
        {
            **_TYPED,
            "initial_value": string(3000, 0),
            "multiline": boolean,
            "min_length": integer(0, 3000),
            "max_length": integer(1, 3000),
        },
        lengths_in_order,
    ),
    "rich_text_input": shape({**_TYPE, "action_id": ID}, {**_TYPED, "initial_value": anything}),
    "email_text_input": shape(_TYPE, {**_TYPED, "initial_value": string(3000, 0)}),
    "url_text_input": shape(_TYPE, {**_TYPED, "initial_value": string(3000, 0)}),
    "number_input": shape(
        {**_TYPE, "is_decimal_allowed": boolean},
        {**_TYPED, "initial_value": DECIMAL, "min_value": DECIMAL, "max_value": DECIMAL},
    ),
    "file_input": shape(_TYPE, {"action_id": ID, "filetypes": items(string(20), 1, 100), "max_files": integer(1, 10)}),
    "image": shape(
        {**_TYPE, "alt_text": string(2000)},
        {"image_url": url(), "slack_file": SLACK_FILE},
        exactly_one("image_url", "slack_file"),
    ),
}

_CHOOSING = {
    "checkboxes",
    "radio_buttons",
    "datepicker",
    "timepicker",
    "static_select",
    "external_select",
    "users_select",
    "channels_select",
    "conversations_select",
    "multi_static_select",
    "multi_external_select",
    "multi_users_select",
    "multi_channels_select",
    "multi_conversations_select",
}
ACTIONS = by_type(ELEMENTS, {"button", "overflow", "workflow_button", "datetimepicker"} | _CHOOSING)
ACCESSORY = by_type(ELEMENTS, {"button", "overflow", "workflow_button", "image"} | _CHOOSING)
CONTEXT_ACTIONS = by_type(ELEMENTS, {"feedback_buttons", "icon_button"})
INPUT = by_type(
    ELEMENTS,
    {
        "plain_text_input",
        "rich_text_input",
        "email_text_input",
        "url_text_input",
        "number_input",
        "file_input",
        "datetimepicker",
    }
    | _CHOOSING,
)
IMAGE = by_type(ELEMENTS, {"image"})
BUTTON = by_type(ELEMENTS, {"button"})
