"""What Slack adds to blocks that it takes: ids where the app gave none."""

from __future__ import annotations

import copy
from typing import Any

from bot.workspace.block_kit.check import elements_of, flat
from bot.workspace.identifiers import short_id

WITHOUT_ACTION = {
    "image",
    "plain_text",
    "mrkdwn",
    "rich_text_section",
    "rich_text_list",
    "rich_text_quote",
    "rich_text_preformatted",
    "card",
    "workflow_button",
}


def fill_ids(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A copy of (valid) blocks in which every block has a `block_id` and every interactive element an `action_id`."""
    filled = copy.deepcopy(blocks)
    for block in flat(filled):
        # Slack ignores an own block_id of markdown blocks
        if block.get("type") == "markdown" or not block.get("block_id"):
            block["block_id"] = short_id()
        for element in elements_of(block):
            if element.get("type") not in WITHOUT_ACTION and not element.get("action_id"):
                element["action_id"] = short_id()
    return filled
