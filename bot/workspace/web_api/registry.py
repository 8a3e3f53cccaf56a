"""The table of methods. Each family adds its own with `@method`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from bot.workspace.core import Workspace
from bot.workspace.records import Json
from bot.workspace.web_api.arguments import Arguments

TokenKind = Literal["bot", "app", "none"]
Tier = Literal["1", "2", "3", "4", "special"]
Function = Callable[[Workspace, Arguments], Json]


@dataclass(frozen=True, slots=True)
class Method:
    """What is known about a method before it is called."""

    name: str
    run: Function
    required: frozenset[str]
    optional: frozenset[str]
    scopes: tuple[str, ...]
    """Any one of these is enough; empty: none is needed."""
    tier: Tier
    token: TokenKind


METHODS: dict[str, Method] = {}


def method(
    name: str, *, required: str = "", optional: str = "", scopes: str = "", tier: Tier, token: TokenKind = "bot"
) -> Callable[[Function], Function]:
    """Register a function as a method; arguments and scopes are named in one string, separated by blanks."""

    def register(function: Function) -> Function:
        METHODS[name] = Method(
            name, function, frozenset(required.split()), frozenset(optional.split()), tuple(scopes.split()), tier, token
        )
        return function

    return register
