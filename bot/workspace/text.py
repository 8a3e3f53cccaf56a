"""What a person types, as Slack stores it: escaped, with mentions and links in angle brackets. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.workspace.state import State

_MENTION = r"@[UW][A-Z0-9]+|#C[A-Z0-9]+|!subteam\^S[A-Z0-9]+|!here|!channel|!everyone"
_MARKUP = rf"<(?:{_MENTION}|(?:https?|mailto):[^<>|\s]+)(?:\|[^<>]*)?>"
_ADDRESS = r"https?://[^\s<>|]+[^\s<>|.,;:!?)\]'\"]"
_HANDLE = r"(?<![\w@.])@[\w.-]*\w"
_CODE = r"```[\s\S]*?```|`[^`\n]+`"
_PARTS = re.compile(f"(?P<code>{_CODE})|(?P<markup>{_MARKUP})|(?P<address>{_ADDRESS})|(?P<handle>{_HANDLE})")


def escape(text: str) -> str:
    """`& < >` as entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def stored(typed: str, mentions: Mapping[str, str]) -> str:
    """The message text for what was typed. `mentions` maps lower-case handles to markup (`mia` to `<@U0MIA>`).

    Markup for mentions and links may also be written out; any other `<` is just a character, and code stays code.
    """
    pieces: list[str] = []
    position = 0
    for match in _PARTS.finditer(typed):
        pieces.append(escape(typed[position : match.start()]))
        pieces.append(_piece(match, mentions))
        position = match.end()
    return "".join(pieces) + escape(typed[position:])


def with_names(text: str, state: State) -> str:
    """Mentions as a command with `should_escape` gets them: `<@U0MIA|mia>`, `<#C0GENERAL|general>`."""

    def named(match: re.Match[str]) -> str:
        known = state.users.get(match[2]) if match[1] == "@" else state.channels.get(match[2])
        return f"<{match[1]}{match[2]}|{known.name}>" if known else match[0]

    return re.sub(r"<([@#])([A-Z0-9]+)>", named, text)


def _piece(match: re.Match[str], mentions: Mapping[str, str]) -> str:
    found = match.group()
    if match.lastgroup == "code":
        return escape(found)
    if match.lastgroup == "markup":
        return found
    if match.lastgroup == "address":
        return f"<{escape(found)}>"
    return mentions.get(found[1:].casefold(), escape(found))
