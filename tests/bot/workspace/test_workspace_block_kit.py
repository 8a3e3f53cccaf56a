"""The limits of blocks and views: what is just allowed, and what is one too many."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from bot.workspace.block_kit import blocks_problems, fill_ids, view_problems
from bot.workspace.block_kit.blocks import BLOCKS, SURFACES

Json = dict[str, Any]


def plain(length: int) -> Json:
    return {"type": "plain_text", "text": "x" * length}


def mrkdwn(length: int) -> Json:
    return {"type": "mrkdwn", "text": "x" * length}


def button(**more: Any) -> Json:
    return {"type": "button", "text": plain(5), **more}


def option(text: int = 5, value: int = 5, **more: Any) -> Json:
    return {"text": plain(text), "value": "v" * value, **more}


def options(count: int) -> list[Json]:
    return [option(value=number + 1) for number in range(count)]


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def entry(element: Json, label: Json | None = None) -> Json:
    return {"type": "input", "label": label or plain(5), "element": element}


SECTION, CONTEXT = {"type": "section"}, {"type": "context"}
TWO_SIDES = [
    ("section text", "/blocks/0/text/text", SECTION | {"text": mrkdwn(3000)}, SECTION | {"text": mrkdwn(3001)}),
    ("empty text", "/blocks/0/text/text", SECTION | {"text": mrkdwn(1)}, SECTION | {"text": mrkdwn(0)}),
    ("fields", "/blocks/0/fields", SECTION | {"fields": [mrkdwn(2000)] * 10}, SECTION | {"fields": [mrkdwn(1)] * 11}),
    ("field", "/blocks/0/fields/0/text", SECTION | {"fields": [mrkdwn(2000)]}, SECTION | {"fields": [mrkdwn(2001)]}),
    ("neither text nor fields", "/blocks/0", SECTION | {"text": plain(1)}, SECTION),
    ("header", "/blocks/0/text/text", {"type": "header", "text": plain(150)}, {"type": "header", "text": plain(151)}),
    ("header kind", "/blocks/0/text/type", {"type": "header", "text": plain(1)}, {"type": "header", "text": mrkdwn(1)}),
    ("elements", "/blocks/0/elements", actions(*[button()] * 25), actions(*[button()] * 26)),
    ("no elements", "/blocks/0/elements", actions(button()), actions()),
    (
        "context",
        "/blocks/0/elements",
        CONTEXT | {"elements": [mrkdwn(1)] * 10},
        CONTEXT | {"elements": [mrkdwn(1)] * 11},
    ),
    (
        "context kind",
        "/blocks/0/elements/0/type",
        CONTEXT | {"elements": [plain(1)]},
        CONTEXT | {"elements": [button()]},
    ),
    ("button text", "/blocks/0/elements/0/text/text", actions(button(text=plain(75))), actions(button(text=plain(76)))),
    ("button kind", "/blocks/0/elements/0/text/type", actions(button()), actions(button(text=mrkdwn(1)))),
    ("value", "/blocks/0/elements/0/value", actions(button(value="v" * 2000)), actions(button(value="v" * 2001))),
    ("style", "/blocks/0/elements/0/style", actions(button(style="danger")), actions(button(style="green"))),
    ("url", "/blocks/0/elements/0/url", actions(button(url="https://a.example")), actions(button(url="a.example"))),
    (
        "action id",
        "/blocks/0/elements/0/action_id",
        actions(button(action_id="a" * 255)),
        actions(button(action_id="a" * 256)),
    ),
    (
        "block id",
        "/blocks/0/block_id",
        {"type": "divider", "block_id": "b" * 255},
        {"type": "divider", "block_id": "b" * 256},
    ),
    ("unknown key", "/blocks/0", {"type": "divider"}, {"type": "divider", "colour": "red"}),
    ("unknown block", "/blocks/0/type", {"type": "divider"}, {"type": "jukebox"}),
    (
        "overflow",
        "/blocks/0/elements/0/options",
        actions({"type": "overflow", "options": options(5)}),
        actions({"type": "overflow", "options": options(6)}),
    ),
    (
        "select",
        "/blocks/0/elements/0/options",
        actions({"type": "static_select", "options": options(100)}),
        actions({"type": "static_select", "options": options(101)}),
    ),
    (
        "options or groups",
        "/blocks/0/elements/0",
        actions({"type": "static_select", "options": options(1)}),
        actions({"type": "static_select"}),
    ),
    (
        "option text",
        "/blocks/0/elements/0/options/0/text/text",
        actions({"type": "overflow", "options": [option(75)]}),
        actions({"type": "overflow", "options": [option(76)]}),
    ),
    (
        "option value",
        "/blocks/0/elements/0/options/0/value",
        actions({"type": "overflow", "options": [option(1, 150)]}),
        actions({"type": "overflow", "options": [option(1, 151)]}),
    ),
    (
        "initial option",
        "/blocks/0/elements/0",
        actions({"type": "static_select", "options": [option()], "initial_option": option()}),
        actions({"type": "static_select", "options": [option()], "initial_option": option(6)}),
    ),
    (
        "checkboxes",
        "/blocks/0/elements/0/options",
        actions({"type": "checkboxes", "options": options(10)}),
        actions({"type": "checkboxes", "options": options(11)}),
    ),
    (
        "placeholder",
        "/blocks/0/elements/0/placeholder/text",
        actions({"type": "users_select", "placeholder": plain(150)}),
        actions({"type": "users_select", "placeholder": plain(151)}),
    ),
    (
        "label",
        "/blocks/0/label/text",
        entry({"type": "plain_text_input"}, plain(2000)),
        entry({"type": "plain_text_input"}, plain(2001)),
    ),
    ("input kind", "/blocks/0/element/type", entry({"type": "plain_text_input"}), entry(button())),
    (
        "max length",
        "/blocks/0/element/max_length",
        entry({"type": "plain_text_input", "max_length": 3000}),
        entry({"type": "plain_text_input", "max_length": 3001}),
    ),
    (
        "alt text",
        "/blocks/0",
        {"type": "image", "image_url": "https://a.example/x.png", "alt_text": "x"},
        {"type": "image", "image_url": "https://a.example/x.png"},
    ),
    (
        "markdown",
        "/blocks/0/text",
        {"type": "markdown", "text": "x" * 12_000},
        {"type": "markdown", "text": "x" * 12_001},
    ),
    (
        "confirm",
        "/blocks/0/elements/0/confirm/title/text",
        actions(button(confirm={"title": plain(100), "text": plain(300), "confirm": plain(30), "deny": plain(30)})),
        actions(button(confirm={"title": plain(101), "text": plain(300), "confirm": plain(30), "deny": plain(30)})),
    ),
    (
        "rows",
        "/blocks/0/rows",
        {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]] * 100},
        {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]] * 101},
    ),
    (
        "columns",
        "/blocks/0/rows/0",
        {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * 20]},
        {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * 21]},
    ),
    (
        "indent",
        "/blocks/0/elements/0/indent",
        {
            "type": "rich_text",
            "elements": [
                {
                    "type": "rich_text_list",
                    "style": "bullet",
                    "indent": 8,
                    "elements": [{"type": "rich_text_section", "elements": []}],
                }
            ],
        },
        {
            "type": "rich_text",
            "elements": [
                {
                    "type": "rich_text_list",
                    "style": "bullet",
                    "indent": 9,
                    "elements": [{"type": "rich_text_section", "elements": []}],
                }
            ],
        },
    ),
]


@pytest.mark.parametrize(
    ("pointer", "allowed", "refused"), [case[1:] for case in TWO_SIDES], ids=[case[0] for case in TWO_SIDES]
)
def test_both_sides_of_a_limit(pointer: str, allowed: Json, refused: Json) -> None:
    assert blocks_problems([allowed], "message") == []
    assert [problem.pointer for problem in blocks_problems([refused], "message")] == [pointer]


def test_characters_are_code_points() -> None:
    assert blocks_problems([SECTION | {"text": {"type": "mrkdwn", "text": "👩‍🚀" * 1000}}], "message") == []


@pytest.mark.parametrize(("surface", "most"), [("message", 50), ("modal", 100), ("home", 100)])
def test_how_many_blocks_a_surface_takes(surface: Any, most: int) -> None:
    assert blocks_problems([{"type": "divider"}] * most, surface) == []
    assert [str(problem) for problem in blocks_problems([{"type": "divider"}] * (most + 1), surface)] == [
        f"no more than {most} items allowed [json-pointer:/blocks]"
    ]


def test_what_holds_for_all_blocks_together() -> None:
    def first(*blocks: Json) -> str:
        return blocks_problems(list(blocks), "message")[0].message

    twin = {"type": "divider", "block_id": "twin"}
    assert "already exists" in first(twin, twin)
    assert "already exists" in first(actions(button(action_id="a"), button(action_id="a")))
    assert blocks_problems([actions(button(action_id="a")), actions(button(action_id="a"))], "message") == []
    assert "12001" in first({"type": "markdown", "text": "x" * 6000}, {"type": "markdown", "text": "x" * 6001})
    table = {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}
    assert first(table, table) == "only_one_table_allowed"


@pytest.mark.parametrize(
    "value",
    [
        None,
        "x",
        7,
        [None],
        ["x"],
        [[]],
        [{}],
        [{"type": None}],
        [{"type": []}],
        [{"type": "section", "text": 7}],
        [{"type": "actions", "elements": [None, "x", {}]}],
        [{"type": "input", "element": []}],
    ],
)
def test_nonsense_is_refused_and_breaks_nothing(value: Any) -> None:
    assert blocks_problems(value, "message")
    assert view_problems({"type": "modal", "title": plain(1), "blocks": value}) or value is None


def modal(**more: Any) -> Json:
    return {
        "type": "modal",
        "title": plain(24),
        "submit": plain(24),
        "blocks": [entry({"type": "plain_text_input"})],
        **more,
    }


@pytest.mark.parametrize(
    ("pointer", "view"),
    [
        ("/view/title/text", modal(title=plain(25))),
        ("/view/submit/text", modal(submit=plain(25))),
        ("/view/private_metadata", modal(private_metadata="x" * 3001)),
        ("/view/callback_id", modal(callback_id="x" * 256)),
        ("/view/external_id", modal(external_id="x" * 256)),
        ("/view", {key: value for key, value in modal().items() if key != "submit"}),
        ("/view", {key: value for key, value in modal().items() if key != "title"}),
        ("/view/type", modal(type="drawer")),
        ("/view/blocks/0/type", modal(blocks=[{"type": "markdown", "text": "x"}])),
        ("/view/blocks/0/label", modal(blocks=[entry({"type": "plain_text_input"}) | {"label": "x"}])),
        ("/view", {"type": "home", "title": plain(1), "blocks": []}),
    ],
)
def test_views_are_refused_with_a_pointer(pointer: str, view: Json) -> None:
    assert [problem.pointer for problem in view_problems(view)] == [pointer]


def test_a_modal_and_a_home_that_fit() -> None:
    assert view_problems(modal(private_metadata="x" * 3000, callback_id="c" * 255)) == []
    assert view_problems({"type": "home", "blocks": [{"type": "divider"}]}) == []


def test_ids_are_filled_in_without_touching_the_original() -> None:
    blocks = [
        actions(button(), button(action_id="mine")),
        SECTION | {"text": plain(1), "accessory": button()},
        {"type": "image", "image_url": "https://a.example/x.png", "alt_text": "x"},
    ]
    before = copy.deepcopy(blocks)
    filled = fill_ids(blocks)
    assert blocks == before
    assert all(block["block_id"] for block in filled)
    assert filled[0]["elements"][0]["action_id"]
    assert filled[0]["elements"][1]["action_id"] == "mine"
    assert filled[1]["accessory"]["action_id"]
    assert blocks_problems(filled, "message") == []


def test_each_block_may_stand_somewhere() -> None:
    assert set().union(*SURFACES.values()) == set(BLOCKS)


PICTURE = {"type": "image", "image_url": "https://a.example/x.png", "alt_text": "x"}


def first(element: Json) -> Json:
    return actions(element)


def choice(**more: Any) -> Json:
    return {"type": "static_select", "options": [option(**more)]}


def feedback(**more: Any) -> Json:
    good, bad = ({"text": plain(5), "value": word} for word in ("good", "bad"))
    return {"type": "context_actions", "elements": [
        {"type": "feedback_buttons", "positive_button": good | more, "negative_button": bad}]}


def table_of(characters: int) -> Json:
    cells = [[{"type": "raw_text", "text": "x" * 5000}], [{"type": "raw_text", "text": "x" * (characters - 5000)}]]
    return {"type": "data_table", "caption": "x", "rows": cells}


def row(text: str = "x") -> list[Json]:
    return [{"type": "raw_text", "text": text}]


# what, where the refusal points, a block of a given size, the smallest and the largest size that is taken
SIZES: list[tuple[str, str, Callable[[int], Json], int | None, int]] = [
    ("url", "/blocks/0/elements/0/url", lambda n: first(button(url="https:" + "x" * (n - 6))), None, 3000),
    ("accessibility label", "/blocks/0/elements/0/accessibility_label",
     lambda n: first(button(accessibility_label="x" * n)), 1, 75),
    ("agent prompt", "/blocks/0/elements/0/agent_prompt", lambda n: first(button(agent_prompt="x" * n)), 1, 4000),
    ("option description", "/blocks/0/elements/0/options/0/description/text",
     lambda n: first(choice(description=plain(n))), 1, 75),
    ("overflow link", "/blocks/0/elements/0/options/0/url",
     lambda n: first({"type": "overflow", "options": [option(url="https:" + "x" * (n - 6))]}), None, 3000),
    ("overflow", "/blocks/0/elements/0/options", lambda n: first({"type": "overflow", "options": options(n)}), 1, 5),
    ("radio buttons", "/blocks/0/elements/0/options",
     lambda n: first({"type": "radio_buttons", "options": options(n)}), 1, 10),
    ("option groups", "/blocks/0/elements/0/option_groups",
     lambda n: first({"type": "static_select", "option_groups": [{"label": plain(1), "options": options(1)}] * n}),
     1, 100),
    ("group label", "/blocks/0/elements/0/option_groups/0/label/text",
     lambda n: first({"type": "static_select", "option_groups": [{"label": plain(n), "options": options(1)}]}), 1, 75),
    ("selected items", "/blocks/0/elements/0/max_selected_items",
     lambda n: first({"type": "multi_users_select", "max_selected_items": n}), 1, 100),
    ("confirm text", "/blocks/0/elements/0/confirm/text/text", lambda n: first(button(
        confirm={"title": plain(1), "text": plain(n), "confirm": plain(1), "deny": plain(1)})), 1, 300),
    ("confirm", "/blocks/0/elements/0/confirm/confirm/text", lambda n: first(button(
        confirm={"title": plain(1), "text": plain(1), "confirm": plain(n), "deny": plain(1)})), 1, 30),
    ("deny", "/blocks/0/elements/0/confirm/deny/text", lambda n: first(button(
        confirm={"title": plain(1), "text": plain(1), "confirm": plain(1), "deny": plain(n)})), 1, 30),
    ("hint", "/blocks/0/hint/text", lambda n: entry({"type": "plain_text_input"}) | {"hint": plain(n)}, 1, 2000),
    ("min length", "/blocks/0/element/min_length",
     lambda n: entry({"type": "plain_text_input", "min_length": n}), 0, 3000),
    ("max length", "/blocks/0/element/max_length",
     lambda n: entry({"type": "plain_text_input", "max_length": n}), 1, 3000),
    ("initial value", "/blocks/0/element/initial_value",
     lambda n: entry({"type": "plain_text_input", "initial_value": "x" * n}), 0, 3000),
    ("alt text", "/blocks/0/alt_text", lambda n: PICTURE | {"alt_text": "x" * n}, 1, 2000),
    ("picture title", "/blocks/0/title/text", lambda n: PICTURE | {"title": plain(n)}, 1, 2000),
    ("picture address", "/blocks/0/image_url", lambda n: PICTURE | {"image_url": "https:" + "x" * (n - 6)}, None, 3000),
    ("header level", "/blocks/0/level", lambda n: {"type": "header", "text": plain(1), "level": n}, 1, 4),
    ("context actions", "/blocks/0/elements", lambda n: {"type": "context_actions", "elements": [
        {"type": "icon_button", "icon": "trash", "text": plain(1)}] * n}, 1, 5),
    ("feedback text", "/blocks/0/elements/0/positive_button/text/text", lambda n: feedback(text=plain(n)), 1, 75),
    ("feedback value", "/blocks/0/elements/0/positive_button/value", lambda n: feedback(value="x" * n), 1, 2000),
    ("who sees an icon", "/blocks/0/elements/0/visible_to_user_ids", lambda n: {"type": "context_actions", "elements": [
        {"type": "icon_button", "icon": "trash", "text": plain(1), "visible_to_user_ids": ["U1"] * n}]}, 0, 10),
    ("column settings", "/blocks/0/column_settings",
     lambda n: {"type": "table", "rows": [row()], "column_settings": [None] * n}, 0, 20),
    ("table rows", "/blocks/0/rows", lambda n: {"type": "table", "rows": [row()] * n}, 1, 100),
    ("data table rows", "/blocks/0/rows",
     lambda n: {"type": "data_table", "caption": "x", "rows": [row()] * n}, 2, 101),
    ("data table text", "/blocks", table_of, None, 10_000),
    ("plan", "/blocks/0/tasks", lambda n: {"type": "plan", "title": "x", "tasks": [
        {"task_id": "1", "title": "x"}] * n}, 0, 50),
    ("card title", "/blocks/0/title/text", lambda n: {"type": "card", "title": plain(n)}, 1, 150),
    ("card body", "/blocks/0/body/text", lambda n: {"type": "card", "body": plain(n)}, 1, 200),
    ("card buttons", "/blocks/0/actions", lambda n: {"type": "card", "actions": [button() for _ in range(n)]}, 1, 2),
    ("carousel", "/blocks/0/elements",
     lambda n: {"type": "carousel", "elements": [{"type": "card", "title": plain(1)}] * n}, 1, 10),
    ("container", "/blocks/0/child_blocks",
     lambda n: {"type": "container", "title": plain(1), "child_blocks": [{"type": "divider"}] * n}, 1, 10),
    ("container title", "/blocks/0/title/text",
     lambda n: {"type": "container", "title": plain(n), "child_blocks": [{"type": "divider"}]}, 1, 150),
]


def pointers(block: Json) -> list[str]:
    return [problem.pointer for problem in blocks_problems([block], "message")]


@pytest.mark.parametrize(("pointer", "sized", "least", "most"), [case[1:] for case in SIZES],
                         ids=[case[0] for case in SIZES])
def test_a_size_at_its_edges(pointer: str, sized: Callable[[int], Json], least: int | None, most: int) -> None:
    assert pointers(sized(most)) == []
    assert pointers(sized(most + 1)) == [pointer]
    if least is not None:
        assert pointers(sized(least)) == []
    if least:
        assert pointers(sized(least - 1)) == [pointer]


KINDS_REFUSED = [
    ("a card's state while it stands alone", "/blocks/0/status",
     {"type": "task_card", "task_id": "1", "title": "x", "status": "pending"}),
    ("an icon", "/blocks/0/elements/0/icon", {"type": "context_actions", "elements": [
        {"type": "icon_button", "icon": "star", "text": plain(1)}]}),
    ("a button among feedback", "/blocks/0/elements/0/type", {"type": "context_actions", "elements": [button()]}),
    ("one feedback button", "/blocks/0/elements/0", {"type": "context_actions", "elements": [
        {"type": "feedback_buttons", "positive_button": {"text": plain(1), "value": "x"}}]}),
    ("a width", "/blocks/0/width", {"type": "container", "title": plain(1), "width": "huge",
                                    "child_blocks": [{"type": "divider"}]}),
    ("an alert in a message", "/blocks/0/type", {"type": "alert", "text": plain(1)}),
    ("an input for files in a message", "/blocks/0/element/type", entry({"type": "file_input"})),
    ("shortest above longest", "/blocks/0/element",
     entry({"type": "plain_text_input", "min_length": 3, "max_length": 2})),
    ("two sources of a picture", "/blocks/0", PICTURE | {"slack_file": {"id": "F1"}}),
    ("a broken date", "/blocks/0/elements/0/initial_date", actions({"type": "datepicker", "initial_date": "1.1.26"})),
]


@pytest.mark.parametrize(("pointer", "block"), [case[1:] for case in KINDS_REFUSED],
                         ids=[case[0] for case in KINDS_REFUSED])
def test_what_has_no_size_but_is_wrong(pointer: str, block: Json) -> None:
    assert pointers(block) == [pointer]


@pytest.mark.parametrize(("count", "taken"), [(1, True), (10, True), (11, False), (0, False)])
def test_files_asked_for_in_a_modal(count: int, taken: bool) -> None:
    asked = modal(blocks=[entry({"type": "file_input", "max_files": count})])
    assert (view_problems(asked) == []) is taken


@pytest.mark.parametrize(("length", "taken"), [(200, True), (201, False)])
def test_an_alert_in_a_modal(length: int, taken: bool) -> None:
    assert (view_problems(modal(blocks=[{"type": "alert", "text": plain(length)}])) == []) is taken
