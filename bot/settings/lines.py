"""In which line of a TOML file a setting stands. The standard parser does not tell, so it is asked line by line."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from typing import Any


def line_of(text: str, place: Sequence[str | int]) -> int | None:
    """The line, counted from 1, where the value at `place` begins; of a value that is missing, where its table begins.

    None when not even the outermost table is there. The text must be valid TOML.
    """
    while place:
        line = _first_line_with(text, place)
        if line is not None:
            return line
        place = place[:-1]
    return None


def _first_line_with(text: str, place: Sequence[str | int]) -> int | None:
    lines = text.splitlines(keepends=True)
    begins = 1
    for count in range(1, len(lines) + 1):
        try:
            tree = tomllib.loads("".join(lines[:count]))
        except tomllib.TOMLDecodeError:
            continue  # the middle of a value that spans several lines
        if _has(tree, place):
            return begins
        begins = count + 1
    return None


def _has(tree: Any, place: Sequence[str | int]) -> bool:
    for step in place:
        if isinstance(step, int):
            if not isinstance(tree, list) or step >= len(tree):
                return False
        elif not isinstance(tree, dict) or step not in tree:
            return False
        tree = tree[step]
    return True
