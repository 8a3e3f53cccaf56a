"""Telling a thank-you from a message that wants something."""

from __future__ import annotations

import re

_LONGEST = 12


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_THANKS = _words(
    "thanks thank thx ty tysm tnx ta cheers merci danke dank gracias grazie obrigado obrigada bedankt dankjewel tack "
    "perfect great brilliant awesome excellent wonderful fantastic lovely super amazing cool nice legend solved fixed "
    "works worked sorted appreciated ok okay good understood noted"
)
_COURTESY = _words(
    "you u so very much a lot lots many million bunch again all everyone both team folks guys yes yep yeah "
    "it its it's that that's this now is was all's well done job help helped helpful for your the "
    "quick fast answer reply response i really appreciate oh ah wow got have having had nice one day weekend evening "
    "and kind regards best vielen sehr beaucoup mille mucho muchas muito perfectly fine"
)
# “Thanks a lot, Ana”: a name is no wish.
_NAMED = re.compile(r"\b((?i:thanks|thank you|thx|ty|cheers|merci|danke)(?: so| very| much| a lot| again)*)"
                    r",? @?[A-Z][\w'-]+")
_EMOJI_CODE = re.compile(r":[a-z0-9_+'-]+:")
_THUMBS = re.compile(r":(\+1|thumbsup|pray|heart|tada|raised_hands|clap|ok_hand|white_check_mark)[^:]*:"
                     r"|[\U0001F44D\U0001F64F\U0001F389\U0001F64C\U0001F44F\U0001F44C\u2764\u2705]")


def is_thanks(text: str) -> bool:
    """Whether a message only says thank you. In doubt it does not: a reply that wants something must be seen."""
    lowered = _NAMED.sub(r"\1", text).lower().replace("’", "'")
    if "?" in lowered:
        return False
    words = re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+", _EMOJI_CODE.sub(" ", lowered))
    if len(words) > _LONGEST or not all(word in _THANKS or word in _COURTESY for word in words):
        return False
    return any(word in _THANKS for word in words) or bool(not words and _THUMBS.search(lowered))
