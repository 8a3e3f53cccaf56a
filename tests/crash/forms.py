"""Forms as the people of the crash test fill them in."""

from __future__ import annotations

import re
from typing import Any


def is_about(modal: dict[str, Any], ticket: str) -> bool:
    """Whether an open form is that of this ticket. Without a ticket any form will do."""
    number = ticket.removeprefix("FW-")
    return re.search(rf"\b{number}\b", f"{modal['title']['text']} {modal['private_metadata']}") is not None


def filled(modal: dict[str, Any], text: str, *, tick: bool) -> dict[str, Any]:
    """Values for all fields of a form, by label."""
    values: dict[str, Any] = {}
    for block in modal["blocks"]:
        element = block.get("element", {})
        if element.get("type") == "plain_text_input":
            values[block["label"]["text"]] = text
        elif element.get("type") == "checkboxes" and tick:
            values[element["options"][0]["text"]["text"]] = True
    return values
