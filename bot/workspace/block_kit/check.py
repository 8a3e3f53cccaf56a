"""Whether Slack would take these blocks or this view, and if not, what is wrong where."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from bot.workspace.block_kit.blocks import BLOCKS, SURFACES
from bot.workspace.block_kit.objects import plain
from bot.workspace.block_kit.rules import Problem, Problems, Rule, anything, boolean, by_type, items, shape, string

Surface = Literal["message", "modal", "home"]

MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
MARKDOWN_TOTAL = 12_000
DATA_TABLE_TOTAL = 10_000
VIEW_BYTES = 250_000


_CHECKS: Mapping[str, Rule] = {
    surface: items(by_type(BLOCKS, allowed), 0, MOST_BLOCKS[surface]) for surface, allowed in SURFACES.items()
}
_VIEW_MORE: Mapping[str, Rule] = {
    "private_metadata": string(3000, 0),
    "callback_id": string(255, 0),
    "external_id": string(255, 0),
}
_MODAL = shape(
    {"type": anything, "title": plain(24), "blocks": anything},
    {
        **_VIEW_MORE,
        "submit": plain(24),
        "close": plain(24),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
)
_HOME = shape({"type": anything, "blocks": anything}, _VIEW_MORE)


def blocks_problems(blocks: Any, surface: Surface, pointer: str = "/blocks") -> Problems:
    """What is wrong with a list of blocks. Pointers start with `pointer`."""
    problems: Problems = []
    _CHECKS[surface](blocks, pointer, problems)
    if problems:
        return problems
    if surface != "modal":
        _no_file_inputs(blocks, pointer, problems)
    _unique_ids(blocks, pointer, problems)
    _totals(blocks, pointer, problems)
    return problems


def view_problems(view: Any) -> Problems:
    """What is wrong with a modal or a Home. Pointers start with `/view`."""
    if not isinstance(view, dict):
        return [Problem("must provide an object", "/view")]
    kind = view.get("type")
    if kind not in ("modal", "home"):
        return [Problem(f"unsupported type: {kind}", "/view/type")]
    problems: Problems = []
    (_MODAL if kind == "modal" else _HOME)(view, "/view", problems)
    blocks = view.get("blocks")
    if blocks is None:
        return problems
    problems += blocks_problems(blocks, kind, "/view/blocks")
    has_input = isinstance(blocks, list) and any(
        isinstance(block, dict) and block.get("type") == "input" for block in blocks
    )
    if kind == "modal" and has_input and not view.get("submit"):
        problems.append(Problem("must define `submit` to use an `input` block in modals", "/view"))
    return problems


def too_large(view: Mapping[str, Any]) -> bool:
    """Whether the view is more than Slack stores."""
    return len(json.dumps(view, ensure_ascii=False).encode()) > VIEW_BYTES


def elements_of(block: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Interactive elements of a block, wherever they stand in it."""
    for key in ("elements", "actions"):
        yield from (element for element in block.get(key) or [] if isinstance(element, dict))
    for key in ("accessory", "element"):
        if isinstance(block.get(key), dict):
            yield block[key]


def flat(blocks: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The blocks with those inside containers and carousels."""
    for block in blocks:
        yield block
        yield from block.get("child_blocks") or []
        if block.get("type") == "carousel":
            yield from block["elements"]


def _no_file_inputs(blocks: list[dict[str, Any]], pointer: str, problems: Problems) -> None:
    """Files can be asked for in modals only."""
    problems.extend(
        Problem("unsupported type: file_input", f"{pointer}/{position}/element/type")
        for position, block in enumerate(blocks)
        if block.get("type") == "input" and block["element"]["type"] == "file_input"
    )


def _unique_ids(blocks: list[dict[str, Any]], pointer: str, problems: Problems) -> None:
    counts = Counter(block["block_id"] for block in flat(blocks) if block.get("block_id"))
    problems.extend(
        Problem(f"`block_id` {name} already exists", pointer) for name, count in counts.items() if count > 1
    )
    for position, block in enumerate(blocks):
        actions = Counter(element["action_id"] for element in elements_of(block) if element.get("action_id"))
        problems.extend(
            Problem(f"`action_id` {name} already exists for block_id", f"{pointer}/{position}")
            for name, count in actions.items()
            if count > 1
        )


def _totals(blocks: list[dict[str, Any]], pointer: str, problems: Problems) -> None:
    markdown = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    if markdown > MARKDOWN_TOTAL:
        problems.append(Problem(f"must be less than {MARKDOWN_TOTAL + 1} characters in all markdown blocks", pointer))
    if sum(block["type"] == "table" for block in blocks) > 1:
        problems.append(Problem("only_one_table_allowed", pointer))
    cells = sum(_characters(block["rows"]) for block in blocks if block["type"] == "data_table")
    if cells > DATA_TABLE_TOTAL:
        problems.append(Problem(f"must be less than {DATA_TABLE_TOTAL + 1} characters in all data tables", pointer))
    if sum(block["type"] == "data_visualization" for block in blocks) > 2:
        problems.append(Problem("no more than 2 data_visualization blocks allowed", pointer))


def _characters(value: Any) -> int:
    """All text below a value, in code points."""
    if isinstance(value, dict):
        return sum(
            len(part) if name == "text" and isinstance(part, str) else _characters(part) for name, part in value.items()
        )
    return sum(map(_characters, value)) if isinstance(value, list) else 0
