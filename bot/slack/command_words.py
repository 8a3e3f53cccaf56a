"""What somebody means by the words behind `/floorwalker`: a ticket's number, a subcommand with a typing error."""

from __future__ import annotations

import re
from difflib import get_close_matches

SUBCOMMANDS = ("help", "status", "report", "ticket", "ask", "duty", "health", "reindex")
_ALONE = frozenset({"help", "status", "health", "reindex", "duty"})
"""Behind these nothing else can stand but what `commands` knows."""
_DUTY = ("duty on", "duty off")
_NUMBER = re.compile(r"(?:(?:status|ticket)\s+(?:of\s+)?(?:fw[-\s]?|#)?|fw[-\s]?)(\d{1,9})", re.IGNORECASE)
_LIKE_ONE, _LIKE_TWO = 0.75, 0.82
"""How like a subcommand a word must be, alone and with another one behind it."""
_CLOSING = " \t\n.!?"


def bare(text: str) -> str:
    """In small letters, on one line, without what closes a sentence."""
    return " ".join(text.lower().strip(_CLOSING).split())


def number_meant(text: str) -> int | None:
    """The number of the ticket that somebody wants to see: `status FW-1`, `ticket FW-1`, or just `FW-1`."""
    found = _NUMBER.fullmatch(text.strip(_CLOSING))
    return int(found[1]) if found else None


def subcommand_meant(text: str) -> str:
    """The subcommand of which one or two words are a near miss; empty where they may well be a question."""
    words = bare(text).split()
    if not 1 <= len(words) <= 2:
        return ""
    duty = get_close_matches(" ".join(words), _DUTY, n=1, cutoff=_LIKE_TWO)
    if len(words) == 2 and (duty or words[0] in _ALONE):
        return duty[0] if duty else words[0]
    if words[0] in SUBCOMMANDS:
        return ""
    like = get_close_matches(words[0], SUBCOMMANDS, n=1, cutoff=_LIKE_ONE if len(words) == 1 else _LIKE_TWO)
    return like[0] if like else ""


def says_nothing(text: str) -> bool:
    """One token without a word in it, such as a letter, a number or somebody's name."""
    tokens = text.split()
    return len(tokens) == 1 and (tokens[0][0] in "@#<" or sum(letter.isalpha() for letter in tokens[0]) < 2)
