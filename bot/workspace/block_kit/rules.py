"""The vocabulary in which the limits are written. A rule looks at a value and notes what is wrong where."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that Slack would refuse."""

    message: str
    pointer: str
    """A JSON pointer: `/blocks/0/text/text`."""

    def __str__(self) -> str:
        return f"{self.message} [json-pointer:{self.pointer}]"


Problems = list[Problem]
Rule = Callable[[Any, str, Problems], None]
Extra = Callable[[Mapping[str, Any], str, Problems], None]
"""A check that needs several fields of an object at once."""


def string(maximum: int, minimum: int = 1) -> Rule:
    """A string of so many code points."""

    def check(value: Any, pointer: str, problems: Problems) -> None:
        if not isinstance(value, str):
            problems.append(Problem("must be a string", pointer))
        elif len(value) > maximum:
            problems.append(Problem(f"must be less than {maximum + 1} characters", pointer))
        elif len(value) < minimum:
            problems.append(Problem(f"must be more than {minimum - 1} characters", pointer))

    return check


def url(maximum: int = 3000) -> Rule:
    """An absolute address."""
    length = string(maximum)

    def check(value: Any, pointer: str, problems: Problems) -> None:
        length(value, pointer, problems)
        if isinstance(value, str) and not re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", value):
            problems.append(Problem("must be a valid URL", pointer))

    return check


def pattern(expression: str) -> Rule:
    """A string of this form."""

    def check(value: Any, pointer: str, problems: Problems) -> None:
        if not isinstance(value, str) or not re.fullmatch(expression, value):
            problems.append(Problem("must match the required format", pointer))

    return check


def choice(*values: str) -> Rule:
    """One of these strings."""

    def check(value: Any, pointer: str, problems: Problems) -> None:
        if value not in values:
            problems.append(Problem(f"must be one of: {', '.join(values)}", pointer))

    return check


def boolean(value: Any, pointer: str, problems: Problems) -> None:
    """`true` or `false`."""
    if not isinstance(value, bool):
        problems.append(Problem("must be a boolean", pointer))


def anything(value: Any, pointer: str, problems: Problems) -> None:
    """Whatever it is."""


def number(value: Any, pointer: str, problems: Problems) -> None:
    """Any number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        problems.append(Problem("must be a number", pointer))


def integer(minimum: int, maximum: int) -> Rule:
    """A whole number between both, inclusive."""

    def check(value: Any, pointer: str, problems: Problems) -> None:
        if isinstance(value, bool) or not isinstance(value, int):
            problems.append(Problem("must be an integer", pointer))
        elif not minimum <= value <= maximum:
            problems.append(Problem(f"must be between {minimum} and {maximum}", pointer))

    return check


def items(rule: Rule, minimum: int, maximum: int) -> Rule:
    """A list of so many items."""

    def check(value: Any, pointer: str, problems: Problems) -> None:
        if not isinstance(value, list):
            problems.append(Problem("must be an array", pointer))
            return
        if len(value) > maximum:
            problems.append(Problem(f"no more than {maximum} items allowed", pointer))
        if len(value) < minimum:
            problems.append(Problem(f"no less than {minimum} items allowed", pointer))
        for position, item in enumerate(value[:maximum]):
            rule(item, f"{pointer}/{position}", problems)

    return check


def shape(required: Mapping[str, Rule], optional: Mapping[str, Rule] | None = None, *extras: Extra) -> Rule:
    """An object with these keys and no others."""
    known = {**required, **(optional or {})}

    def check(value: Any, pointer: str, problems: Problems) -> None:
        if not isinstance(value, dict):
            problems.append(Problem("must provide an object", pointer))
            return
        problems.extend(
            Problem(f"missing required field: {name}", pointer) for name in required if value.get(name) is None
        )
        for name, part in value.items():
            if name not in known:
                problems.append(Problem(f"invalid additional property: {name}", pointer))
            elif part is not None:
                known[name](part, f"{pointer}/{name}", problems)
        for extra in extras:
            extra(value, pointer, problems)

    return check


def by_type(rules: Mapping[str, Rule], allowed: Iterable[str] | None = None) -> Rule:
    """An object whose `type` decides which rule holds."""
    usable = frozenset(rules if allowed is None else allowed)

    def check(value: Any, pointer: str, problems: Problems) -> None:
        if not isinstance(value, dict):
            problems.append(Problem("must provide an object", pointer))
            return
        kind = value.get("type")
        if not isinstance(kind, str) or kind not in usable:
            problems.append(Problem(f"unsupported type: {kind}", f"{pointer}/type"))
            return
        rules[kind](value, pointer, problems)

    return check


def exactly_one(*names: str) -> Extra:
    """One of these keys and not another of them."""

    def check(value: Mapping[str, Any], pointer: str, problems: Problems) -> None:
        if sum(value.get(name) is not None for name in names) != 1:
            problems.append(
                Problem(f"must define exactly one of {' or '.join(f'`{name}`' for name in names)}", pointer)
            )

    return check


def at_least_one(*names: str) -> Extra:
    """One or more of these keys."""

    def check(value: Mapping[str, Any], pointer: str, problems: Problems) -> None:
        if all(value.get(name) is None for name in names):
            problems.append(Problem(f"must define either {' or '.join(f'`{name}`' for name in names)}", pointer))

    return check
