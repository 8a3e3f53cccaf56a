"""Where sentences end, and which of them cannot be read without the one before."""

from __future__ import annotations

import re

Span = tuple[int, int]
"""Offsets in a text: from, to."""

_END = re.compile(r"[.!?…](?:[\"'”’)\]*_]|\\\))*\s+(?=[\"'“‘(*_`\[]*[A-Z0-9À-Þ])|[。！？]\s*")
_LINE_END = re.compile(r"\n(?=\s*\S)")
_ABBREVIATION = re.compile(r"(?:\b(?:e\.?g|i\.?e|etc|vs|cf|approx|incl|no|nos|dr|mr|mrs|ms|st|fig|inc|ltd|co|u\.s|p|pp)"
                           r"|\b[A-Z])\\?\.\s+$", re.IGNORECASE)
_WRAPPED = range(50, 111)  # lengths of lines that an editor may have wrapped
_LEANS_BACK = re.compile(
    r"[\s*_(]*(?:it|its|this|that|these|those|they|their|them|he|she|such|both|neither|either|each of (?:them|these)|"
    r"doing so|to do so|to do this|in (?:this|that|these|those|such|either|both)|for this|as such|then|therefore|"
    r"thus|hence|consequently|otherwise|instead|however|but|yet|also|in addition|additionally|moreover|furthermore|"
    r"similarly|likewise|for example|for instance|if so|if not|after that|afterwards|as a result|the (?:former|latter|"
    r"same|above|other))\b", re.IGNORECASE)
_QUALIFIES = re.compile(
    r"[\s*_(]*(?:however|but|yet|otherwise|unless|except|although|only|note that|be aware|important|"
    r"if you (?:don|do not)|this (?:does|is|means|requires|can)|these|in this case|for example|for instance)\b",
    re.IGNORECASE)


def sentences(text: str) -> list[Span]:
    """The sentences of a paragraph. None ends inside bold text, code, a link or brackets."""
    ends = sorted({match.end() for match in _END.finditer(text) if not _is_abbreviation(text, match)}
                  | {match.end() for match in _LINE_END.finditer(text) if _is_break(text, match.start())})
    spans: list[Span] = []
    start = 0
    for end in [*ends, len(text)]:
        if end == len(text) or _is_closed(text[start:end]):
            spans.append((start, start + len(text[start:end].rstrip())))
            start = end
    return [span for span in spans if span[0] < span[1]]


def leans_back(sentence: str) -> bool:
    """Whether it starts with a word that means something said before."""
    return _LEANS_BACK.match(sentence) is not None


def qualifies(sentence: str) -> bool:
    """Whether it takes back, narrows or explains what was said before it."""
    return _QUALIFIES.match(sentence) is not None


def _is_abbreviation(text: str, end: re.Match[str]) -> bool:
    return _ABBREVIATION.search(text, max(0, end.start() - 12), end.end()) is not None


def _is_break(text: str, at: int) -> bool:
    """Whether a line's end was meant: no editor wraps lines that short or lets them grow that long."""
    line = text[text.rfind("\n", 0, at) + 1 : at]
    hard = line.endswith(("  ", "\\"))
    following = text[at:].lstrip()
    return hard or (len(line) not in _WRAPPED and not following[:1].islower())


def _is_closed(text: str) -> bool:
    bare = re.sub(r"\\.", "", text)
    marks = bare.count("`"), bare.count("**"), bare.count("__"), bare.replace("**", "").count("*")
    return not any(count % 2 for count in marks) and all(
        bare.count(left) <= bare.count(right) for left, right in ("[]", "()"))
